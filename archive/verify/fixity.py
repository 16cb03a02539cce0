"""Is it unchanged: every file that is listed is read once and held against what the manifests state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from archive.bag.open import UNKNOWN, Bag, Broken, Entry
from archive.progress import Progress
from archive.verify.catalogue import tell
from archive.verify.crew import Crew
from archive.verify.findings import Finding
from archive.verify.kept import KEPT_TOTAL, STATED_TWICE, KeptFiles
from archive.verify.names import normalised, odd_names, twins
from archive.verify.reading import WIDE, Batch, BatchRead, read_stream
from archive.verify.stated import SeenSizes
from archive.verify.structure import strongest_first
from archive.verify.tagfiles import TagFiles
from archive.verify.warc_parts import Parts, cuts_of
from archive_manifests.fixity import Fixity
from archive_manifests.paths import BagPath
from archive_manifests.payload import WEAK, manifest_name

if TYPE_CHECKING:
    from archive.warc.report import WarcReport

BATCH_FILES = 256
BATCH_OCTETS = 8 << 20

FEW = 5_000
"""Files of a bag that are sorted before they are read, the largest first, so that no core waits at the end."""

BATCH_NAMES = 12 << 10
"""Characters of names: a batch must fit into a pipe (64 KiB), or both sides could wait for the other for ever."""

FEW_A_BATCH = 32
"""Files of such a bag that are read together."""

EARLY = 1 << 20
"""Bytes of manifests from which processes are started before the table is built, while this one is small."""


@dataclass(slots=True)
class PayloadRead:
    """What reading the payload gave."""

    files: int = 0
    octets: int = 0
    findings: list[Finding] = field(default_factory=list)
    contents: dict[BagPath, bytes] = field(default_factory=dict)
    too_large: set[BagPath] = field(default_factory=set)
    reports: dict[BagPath, WarcReport] = field(default_factory=dict)
    otherwise_named: dict[str, int] = field(default_factory=dict)
    """Octets of files that are listed under another spelling of their names."""


def check_tag_fixity(tags: TagFiles) -> list[Finding]:
    """Hold every tag file against every tag manifest that lists it."""
    findings = []
    for path, found in tags.digests.items():
        stated = {
            manifest.algorithm: tags.tag_stated[manifest.name][path]
            for manifest in tags.tag_manifests
            if path in tags.tag_stated.get(manifest.name, ())
        }
        findings += compare(path, stated, found, is_tag=True)
    return findings


def compare(path: str, stated: dict[str, str], found: dict[str, str], *, is_tag: bool) -> list[Finding]:
    """The findings on one file. Where a strong digest agrees, it is the manifest that was altered."""
    wrong = strongest_first(algorithm for algorithm in stated if stated[algorithm] != found[algorithm])
    right = strongest_first(stated.keys() - wrong)
    if not wrong:
        return []
    if any(algorithm not in WEAK for algorithm in right):
        return [_blamed(manifest_name(one, is_tag), path, Fixity(one, stated[one]), right[0]) for one in wrong]
    code = "tag-file-altered" if is_tag else "payload-altered"
    facts = {"expected": str(Fixity(wrong[0], stated[wrong[0]])), "found": str(Fixity(wrong[0], found[wrong[0]]))}
    return [tell(code, BagPath(path), **facts)]


def _blamed(manifest: str, path: str, stated: Fixity, agreeing: str) -> Finding:
    note = f"the {agreeing} stated for {path} is right: the manifest was altered, not the file"
    return tell("manifest-altered", BagPath(manifest), found=f"{stated} for {path}", note=note)


class PayloadCheck:
    """One pass over the payload of a bag."""

    def __init__(self, bag: Bag, tags: TagFiles, progress: Progress) -> None:
        self._bag = bag
        self._tags = tags
        self._stated = tags.stated
        self._progress = progress
        self._columns = list(enumerate(tags.stated.algorithms))
        self._whole = [column for column, _ in self._columns if tags.stated.lists_all(column)]
        self._unlisted: dict[str, Entry] = {}
        self._found_otherwise: set[str] = set()
        """Listed paths whose file was found under another spelling."""
        self._linked: list[str] = []
        self._parts = Parts()
        self._places: dict[str, int] = {}
        self._unread: set[str] = set()
        """Large WARCs of which a part could not be read."""
        self.read = PayloadRead()

    def run(self, crew: Crew, jobs: int) -> None:
        """Read all of it, then say what is missing and what nobody listed."""
        if self._bag.reads_in_order:
            self._read_in_order()
        else:
            for batch, read in crew.read(self._batches(jobs)):
                self._take(batch, read)
            self._join_parts(crew)
        self._tolerate_normalisation(crew)
        self._tell_unlisted()
        self._tell_missing()
        self._tell_linked()
        self._tell_names()
        sizes = self._sizes()
        self.read.files, self.read.octets = len(sizes), sizes.octets

    def kept(self) -> KeptFiles:
        """What the cross checks work on."""
        return KeptFiles(
            contents=self.read.contents,
            sizes=self._sizes(),
            is_ours=self._tags.is_ours,
            too_large=frozenset(self.read.too_large),
            sha256=self._sha256_of_parts(),
        )

    def _sha256_of_parts(self) -> dict[str, str]:
        """What the manifest states of the web archive part and of the report: other files state it of them too."""
        column = next((column for column, name in self._columns if name == "sha256"), None)
        if column is None:
            return {}
        return {
            path: self._stated.digest(column, row).hex()
            for path, row in self._stated.row_of.items()
            if path.startswith(STATED_TWICE) and self._stated.lists(column, row)
        }

    def _sizes(self) -> SeenSizes:
        others = {path: entry.size for path, entry in self._unlisted.items()} | self.read.otherwise_named
        return SeenSizes(self._stated, others)

    def _batches(self, jobs: int) -> Iterator[Batch]:
        """A bag of few files is read the largest first; one of many as its folders are listed."""
        if len(self._stated) <= FEW:
            ordered = sorted(self._listed(self._bag.payload_entries()), key=lambda entry: entry.size, reverse=True)
            total = sum(entry.size for entry in ordered)
            parts = chain.from_iterable(self._in_parts(entry, total / (2 * jobs)) for entry in ordered if jobs > 1)
            return chain(list(parts), self._by_size(ordered, max(WIDE, total / (2 * jobs))))
        return self._by_number(self._bag.payload_names())

    def _in_parts(self, entry: Entry, share: float) -> Iterator[Batch]:
        """A WARC that is too large for one process alone: all of it is hashed, and read in parts."""
        cuts = cuts_of(entry, share)
        if not cuts:
            return
        self._parts.expect(entry.path, cuts)
        for start, stop in zip([0, *cuts], [*cuts, None], strict=True):
            batch = Batch(start=start, stop=stop)
            batch.add(entry)
            batch.octets //= len(cuts) + 1
            yield batch

    def _join_parts(self, crew: Crew) -> None:
        """Make one report of the parts of each file; one whose parts do not fit is read again, in one walk."""
        for path in self._parts.paths():
            size = self._stated.sizes[self._stated.row_of[path]]
            report = self._parts.whole(path, size)
            if report is not None:
                self.read.reports[BagPath(path)] = report
            elif path not in self._unread:
                batch = Batch()
                batch.add(Entry(path, size, self._places[path]))
                for _, read in crew.read([batch]):
                    self._keep(batch, read)

    def _take_part(self, path: str, batch: Batch, read: BatchRead) -> None:
        if 0 in read.problems:
            if batch.start and path not in self._unread:
                code, note = read.problems[0]
                self.read.findings.append(tell(code, BagPath(path), note=note))
            self._unread.add(path)
        elif 0 in read.reports:
            self._parts.take(path, batch.start, read.reports.pop(0))

    def _by_size(self, entries: Iterable[Entry], large: float) -> Iterator[Batch]:
        batch, names = Batch(), 0
        for entry in entries:
            if entry.path in self._parts:
                continue
            names += len(entry.path)
            is_full = len(batch.paths) >= FEW_A_BATCH or batch.octets + entry.size > BATCH_OCTETS
            if batch.paths and (is_full or names > BATCH_NAMES):
                yield batch
                batch, names = Batch(), len(entry.path)
            batch.add(entry)
            batch.is_wide = entry.size >= large
        if batch.paths:
            yield batch

    def _by_number(self, blocks: Iterable[list[str]]) -> Iterator[Batch]:
        """Batches of names whose sizes nobody asked for, as many as their mean size lets seem right."""
        number = self._files_a_batch()
        waiting: list[str] = []
        for names in blocks:
            waiting += self._listed_names(names)
            whole = len(waiting) - len(waiting) % number
            for start in range(0, whole, number):
                yield from _named(waiting[start : start + number])
            del waiting[:whole]
        if waiting:
            yield from _named(waiting)

    def _files_a_batch(self) -> int:
        octets = self._tags.oxum.octets if self._tags.oxum else 0
        mean = min(octets // len(self._stated), BATCH_OCTETS)
        return max(1, min(BATCH_FILES, BATCH_OCTETS // max(mean, 1)))

    def _listed(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Let pass what a manifest lists; keep aside what none does."""
        for entry in entries:
            row = self._stated.row_of.get(entry.path)
            if row is None:
                self._unlisted[entry.path] = entry
            else:
                self._stated.sizes[row] = entry.size
                yield entry

    def _listed_names(self, names: list[str]) -> list[str]:
        """The same for many names at once."""
        sizes = self._stated.sizes
        rows = list(map(self._stated.row_of.get, names))
        if None in rows:
            unlisted = [name for name, row in zip(names, rows, strict=True) if row is None]
            self._unlisted.update((name, self._bag.measured(Entry(name, UNKNOWN, 0))) for name in unlisted)
            names = [name for name, row in zip(names, rows, strict=True) if row is not None]
        for row in rows:
            if row is not None:
                sizes[row] = 0
        return names

    def _read_in_order(self) -> None:
        try:
            for entry, chunks in self._bag.stream():
                for listed in self._listed([entry]):
                    batch = Batch()
                    batch.add(listed)
                    self._take(batch, read_stream(listed, chunks, self._stated.algorithms))
        except Broken as broken:
            self.read.findings.append(tell(broken.code, note=broken.note))

    def _take(self, batch: Batch, read: BatchRead) -> None:
        """Compare what a batch gave, all at once where all is well."""
        if batch.paths[0] in self._parts:
            self._places[batch.paths[0]] = batch.at[0]
            self._take_part(batch.paths[0], batch, read)
            if batch.start:
                return
        rows = [self._stated.row_of[path] for path in batch.paths]
        self._keep(batch, read)
        if read.problems or not self._agrees(rows, read):
            for index, path in enumerate(batch.paths):
                self._compare(path, rows[index], read, index)
        sizes = self._stated.sizes
        for row, path, size in zip(rows, batch.paths, read.sizes, strict=True):
            sizes[row] = max(sizes[row], size)
            self._progress.file_checked(path, size)

    def _agrees(self, rows: list[int], read: BatchRead) -> bool:
        if len(self._whole) < len(self._columns):
            return False
        start = 0
        for column, _ in self._columns:
            end = start + self._stated.width(column)
            if b"".join([digests[start:end] for digests in read.digests]) != self._stated.digests(column, rows):
                return False
            start = end
        return True

    def _compare(self, path: str, row: int, read: BatchRead, index: int) -> None:
        if index in read.problems:
            code, note = read.problems[index]
            self.read.findings.append(tell(code, BagPath(path), note=note))
        else:
            self.read.findings += compare(path, self._stated_of(row), self._found(read.digests[index]), is_tag=False)

    def _stated_of(self, row: int) -> dict[str, str]:
        stated = self._stated
        return {name: stated.digest(column, row).hex() for column, name in self._columns if stated.lists(column, row)}

    def _found(self, digests: bytes) -> dict[str, str]:
        found, start = {}, 0
        for column, algorithm in self._columns:
            end = start + self._stated.width(column)
            found[algorithm] = digests[start:end].hex()
            start = end
        return found

    def _keep(self, batch: Batch, read: BatchRead) -> None:
        self._linked += read.linked
        for index, report in read.reports.items():
            self.read.reports[BagPath(batch.paths[index])] = report
        for index in read.too_large:
            self.read.too_large.add(BagPath(batch.paths[index]))
        for index, data in read.kept.items():
            path = BagPath(batch.paths[index])
            if sum(map(len, self.read.contents.values())) + len(data) > KEPT_TOTAL:
                self.read.too_large.add(path)
            else:
                self.read.contents[path] = data

    def _tolerate_normalisation(self, crew: Crew) -> None:
        """A listed name that is missing may be there under another spelling of the same letters. (RFC 8493, 6.1.1.4)"""
        missing = [path for path in self._stated.missing() if not path.isascii() or self._was_encoded(path)]
        if not missing:
            return
        there = {normalised(path): path for path in self._unlisted}
        row_of, sizes = self._stated.row_of, self._stated.sizes
        twins = {normalised(path): path for path, row in row_of.items() if not path.isascii() and sizes[row] >= 0}
        for path in missing:
            other = self._decoded(path) if self._was_encoded(path) else there.get(normalised(path))
            if other in self._unlisted:
                self._read_as(path, self._unlisted.pop(other), crew)
            else:
                self._accept_twin(path, twins.get(normalised(path)))

    def _was_encoded(self, path: str) -> bool:
        # Bags before 1.0 were written both ways.
        return self._tags.is_old and self._decoded(path) in self._unlisted

    @staticmethod
    def _decoded(path: str) -> str:
        return BagPath.decoded(path).text

    def _read_as(self, path: str, entry: Entry, crew: Crew) -> None:
        """Read the file that is there, and hold it against what is stated for its other spelling."""
        batch = Batch()
        batch.add(entry)
        row = self._stated.row_of[path]
        self._found_otherwise.add(path)
        self.read.otherwise_named[entry.path] = entry.size
        for _, read in crew.read([batch]):
            self._keep(batch, read)
            self._compare(entry.path, row, read, 0)
        if normalised(path) == normalised(entry.path) and path != entry.path:
            self.read.findings.append(tell("name-normalised", BagPath(entry.path), expected=path))

    def _accept_twin(self, path: str, twin: str | None) -> None:
        """Listed in two spellings, there in one: right where both state the same."""
        row_of = self._stated.row_of
        if twin is not None and self._stated_of(row_of[path]) == self._stated_of(row_of[twin]):
            self._found_otherwise.add(path)
            self.read.findings.append(tell("name-normalised", BagPath(twin), expected=path))

    def _tell_unlisted(self) -> None:
        for path in self._unlisted:
            self.read.findings.append(tell("payload-unlisted", BagPath(path)))

    def _tell_linked(self) -> None:
        """One finding for all: a bag that was copied with hard links has them on every file."""
        if self._linked:
            note = f"and {len(self._linked) - 1:,} more" if len(self._linked) > 1 else None
            self.read.findings.append(tell("hard-link", BagPath(min(self._linked)), note=note))

    def _tell_missing(self) -> None:
        """What is listed and not there; holes, where `fetch.txt` says so."""
        fetch = self._tags.fetch.paths if self._tags.fetch else {}
        for path in self._stated.missing():
            if path in self._found_otherwise:
                continue
            row = self._stated.row_of[path]
            names = [manifest_name(name) for column, name in self._columns if self._stated.lists(column, row)]
            code = "fetch-hole" if path in fetch else "payload-missing"
            self.read.findings.append(tell(code, BagPath(path), note=f"listed in {', '.join(names)}"))

    def _tell_names(self) -> None:
        """Twins, and names that do not travel, among all files that are there."""
        names = [*self._sizes(), *self._tags.entries]
        for path, code, found in odd_names(names):
            self.read.findings.append(tell(code, BagPath(path), found=found))
        for group in twins(names):
            for path in group[1:]:
                self.read.findings.append(self._twin(group[0], path))

    def _twin(self, first: str, path: str) -> Finding:
        is_case = normalised(first) != normalised(path)
        if is_case:
            return tell("name-case-twins", BagPath(path), found=first)
        rows = self._stated.row_of.get(first), self._stated.row_of.get(path)
        is_same = None not in rows and self._stated_of(rows[0] or 0) == self._stated_of(rows[1] or 0)
        return tell("name-twins" if is_same else "name-twins-differ", BagPath(path), found=first)


def _named(names: list[str]) -> Iterator[Batch]:
    """A batch of names, or several where they are long."""
    if len(names) > 1 and sum(map(len, names)) > BATCH_NAMES:
        middle = len(names) // 2
        yield from _named(names[:middle])
        yield from _named(names[middle:])
    else:
        yield Batch(paths=names, sizes=[UNKNOWN] * len(names), at=[0] * len(names))
