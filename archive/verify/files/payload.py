"""The one pass over a bag's payload: every listed file is read and compared; absent and extra files are reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct, field

from archive.bag.interface import Bag, Broken, Entry, Reader
from archive.bag.manifest_table import StatedDigests
from archive.bag.system_files import advice_on, unlisted_payload
from archive.bag.tagfiles import TagFiles
from archive.digests import hashers
from archive.progress import Progress
from archive.verify.files.control_files import (
    CONTROL_FILES_LIMIT,
    STATED_TWICE,
    ControlFiles,
    files_read_again,
    is_warc,
)
from archive.verify.files.fixity import compare
from archive.verify.files.inventory import Found
from archive.verify.files.names import looked_at, name_findings, tolerate_spellings
from archive.verify.files.read_ahead import ReadAhead
from archive.verify.files.reading import WIDE, Batch, BatchRead, read_stream
from archive.verify.files.warc_parts import WarcParts, cuts_of
from archive.verify.files.workers import FEW, FEW_A_BATCH, WorkerPool, by_number, by_size, number_for
from archive_manifests import layout
from archive_manifests.bounded_findings import BoundedFindings
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.paths import BagPath
from archive_manifests.payload import manifest_name

if TYPE_CHECKING:
    from archive.verify.files.early_reading import EarlyReading
    from archive.verify.files.growing_warcs import GrowingWarcs
    from archive.warc.report import WarcReport

SHARES = 16
"""Parts for each process that the payload is cut into, where it can be: so many that all end together."""


class PayloadRead(Struct):
    """What reading the payload gave."""

    files: int = 0
    octets: int = 0
    findings: BoundedFindings = field(default_factory=BoundedFindings)
    contents: dict[BagPath, bytes] = field(default_factory=dict)
    too_large: set[BagPath] = field(default_factory=set)
    reports: dict[BagPath, WarcReport] = field(default_factory=dict)
    system_files: dict[str, int] = field(default_factory=dict)
    """What an operating system put there and no manifest lists, counted in `files` and `octets` too: path -> octets."""


class PayloadCheck:
    """One pass over the payload of a bag."""

    def __init__(
        self,
        bag: Bag,
        tags: TagFiles,
        progress: Progress,
        ahead: ReadAhead | None = None,
        growing: GrowingWarcs | None = None,
    ) -> None:
        """`ahead` has read files of a package while it was listed, `growing` files of a folder while it was made."""
        self.read = PayloadRead()
        self._bag = bag
        self._tags = tags
        self._stated = tags.table
        self._found = Found(bag, tags.table)
        self._progress = progress
        self._ahead = ahead
        self._growing = growing
        self._columns = list(enumerate(tags.table.algorithms))
        self._lists_all = all(tags.table.lists_all(column) for column, _ in self._columns)
        self._linked: list[str] = []
        self._parts = WarcParts()
        self._places: dict[str, int] = {}
        self._large: dict[str, Entry] = {}
        """Control files that were not stored in memory."""
        self._entries: dict[str, Entry] = {}
        """Files that are read again in part: WARCs, and the report."""
        self._reader: Reader | None = None
        self._unread: set[str] = set()
        """Large WARCs of which a part could not be read."""
        self._again: list[str] = []
        """Listed files that were not read when it was early, or only beside others that no manifest lists."""
        self._are_plain = False
        """True once it is known that nothing is odd about any name that is listed."""

    def run(
        self,
        pool: WorkerPool,
        jobs: int,
        early: EarlyReading | None = None,
        meanwhile: Iterable[object] = (),
    ) -> None:
        """Read all of it, then say what is missing and what nobody listed.

        `early` has begun to read it; `meanwhile` is done step by step while other processes read.
        """
        if self._bag.reads_in_order:
            self._read_in_order()
        else:
            if len(self._stated) <= FEW and any(map(is_warc, self._stated.row_of)):
                import archive.warc.scan  # noqa: F401 -- once, and not in each process that is forked now
            steps = chain(meanwhile, self._look_at_names())
            left = early.end() if early else None
            batches = self._batches(jobs) if left is None else self._early_batches(left)
            for batch, read in chain(early.read if early else (), pool.read(batches, steps)):
                self._take(batch, read)
            for batch, read in pool.read(by_number([self._again], FEW_A_BATCH)):
                self._take(batch, read)
            self._join_parts(pool)
        is_old = self._tags.is_old
        self._add(tolerate_spellings(self._found, lambda *named: self._read_as(pool, *named), is_old=is_old))
        self._add(map(unlisted_payload, filter(self._tags.is_readable, self._found.unlisted)))
        of_system = (each for each in self._found.unlisted.values() if advice_on(each.path))
        self.read.system_files = {each.path: each.size for each in of_system}
        self._add(self._missing())
        self._add(self._hard_links())
        if not self._are_plain or self._found.unlisted or self._found.otherwise_named:
            self._add(name_findings(self._found, self._tags.entries))
        sizes = self._found.sizes()
        self.read.files, self.read.octets = len(sizes), sizes.octets
        self._add(self._lengths_that_differ(sizes))

    def control(self, jobs: int = 1) -> ControlFiles:
        """What the cross checks work on; `jobs` processes may."""
        self._tags.has_ledger = b'"archive.ledger/' in self.read.contents.get(BagPath(layout.LEDGER), b"")[:1000]
        return ControlFiles(
            contents=self.read.contents,
            sizes=self._found.sizes_of_bag(),
            is_ours=self._tags.is_ours or self._tags.holds_evidence,
            too_large=frozenset(self.read.too_large),
            sha256=StatedDigests(self._stated, "sha256", STATED_TWICE),
            again=self._read_again,
            read_at=self._reading_at,
            entries=self._entries,
            jobs=jobs,
            reopen=self.close,
            early=self._growing.visits if self._growing is not None else None,
        )

    def close(self) -> None:
        """Close what was opened to read files again."""
        if self._reader is not None:
            self._reader.close()

    def _reading_at(self, wanted: Mapping[str, list[tuple[int, int]]]) -> Callable[[str, int], Iterator[bytes]]:
        """What reads files again from a byte on: directly, or out of a cache where a package cannot seek."""
        from archive.verify.files.read_again import ReadWindow, cache_members

        reader = self._reader = self._bag.reader()
        if not self._bag.reads_in_order and type(reader).chunks_from is not Reader.chunks_from:
            return ReadWindow(lambda path, start: reader.chunks_from(self._entries[path], start)).read_at
        is_far = not all(self._bag.is_at_hand(self._entries[path]) for path in wanted if path in self._entries)
        if self._bag.reads_in_order and is_far:
            return cache_members(((entry.path, chunks) for entry, chunks in self._bag.stream()), wanted).read_at
        files = ((path, reader.chunks(self._entries[path])) for path in sorted(wanted) if path in self._entries)
        return cache_members(files, wanted).read_at

    def _read_again(self, path: str) -> Iterator[bytes]:
        """Read a large control file a second time; it has to be what it was. Raises `Broken`."""
        column, algorithm = self._columns[-1]
        (hasher,) = (make() for make in hashers([algorithm]))
        for chunk in self._bag.reader().chunks(self._large[path]):
            hasher.update(chunk)
            yield chunk
        if hasher.digest() != self._stated.digest(column, self._stated.row_of[path]):
            raise Broken("file-changed", "not the same when it was read a second time, or not what its manifest states")

    def _add(self, findings: Iterable[Finding]) -> None:
        self.read.findings.add(findings)

    def _batches(self, jobs: int) -> Iterator[Batch]:
        """A bag of few files is read the largest first; one of many as its folders are listed."""
        names = self._bag.payload_names() if len(self._stated) > FEW else None
        if names is not None:
            octets = self._tags.oxum.octets if self._tags.oxum else 0
            mean = octets // len(self._stated)
            yield from by_number(map(self._found.listed_names, names), number_for(mean))
            return
        # Of many files only the large ones are held and sorted: a list of all takes as much as their manifests.
        least = WIDE if len(self._stated) > FEW else 0
        large = (entry for entry in self._bag.payload_entries() if entry.size >= least)
        ordered = self._take_grown(sorted(self._found.listed(large), key=lambda entry: entry.size, reverse=True))
        octets = sum(entry.size for entry in ordered)
        parts = [part for entry in ordered if jobs > 1 for part in self._in_parts(entry, octets / (SHARES * jobs))]
        # The first part of each is hashed as a whole: it takes longest.
        yield from sorted(parts, key=lambda part: part.start > 0)
        small = (entry for entry in self._bag.payload_entries() if entry.size < least) if least else ()
        every = chain(ordered, self._found.listed(small))
        yield from by_size(every, max(WIDE, octets / (2 * jobs)), leave_out=self._parts)

    def _early_batches(self, left: Iterator[Batch]) -> Iterator[Batch]:
        """What early reading did not hand out, without what no manifest lists."""
        for batch in left:
            names = self._found.listed_names(batch.paths)
            yield from [batch] if len(names) == len(batch.paths) else by_number([names], len(batch.paths))

    def _look_at_names(self) -> Iterator[None]:
        self._are_plain = yield from looked_at([*self._stated.row_of, *self._tags.entries])

    def _take_grown(self, entries: list[Entry]) -> list[Entry]:
        """Take what was read while the files were written, and return the others: those to be read now."""
        if self._growing is None:
            return entries
        left = []
        for entry in entries:
            read = self._growing.take(entry, self._stated.algorithms)
            row = self._stated.row_of[entry.path]
            # Bytes that were written, and taken back, are no fault: such a file is read as any other.
            if read is not None and self._agrees([row], read):
                self._take(_alone(entry), read)
            else:
                left.append(entry)
        return left

    def _read_in_order(self) -> None:
        entries = sorted(self._bag.payload_entries(), key=lambda entry: entry.at)
        if self._ahead is not None and self._ahead.has_all(entries, self._stated.algorithms):
            for entry in entries:
                for listed in self._found.listed([entry]):
                    self._take(_alone(listed), self._ahead.take(entry))
            return
        try:
            for entry, chunks in self._bag.stream():
                for listed in self._found.listed([entry]):
                    self._take(_alone(listed), read_stream(listed, chunks, self._stated.algorithms))
        except Broken as broken:
            self._add([make_finding(broken.code, note=broken.note)])

    def _take(self, batch: Batch, read: BatchRead) -> None:
        """Compare what a batch gave, all at once where all is well."""
        if batch.paths[0] in self._parts:
            self._take_part(batch.paths[0], batch, read)
            if batch.start:
                return
        try:
            rows = [self._stated.row_of[path] for path in batch.paths]
        except KeyError:  # it was read early
            self._again += self._found.listed_names(batch.paths)
            return
        self._keep(batch, read)
        if read.problems or not self._agrees(rows, read):
            for index, path in enumerate(batch.paths):
                if index in read.left:
                    self._again.append(path)
                else:
                    self._add(self._compared(path, path, read, index))
        sizes = self._stated.sizes
        for row, size in zip(rows, read.sizes, strict=True):
            if size > sizes[row]:
                sizes[row] = size
        self._progress.files_checked(len(read.sizes) - len(read.left), sum(read.sizes))

    def _agrees(self, rows: list[int], read: BatchRead) -> bool:
        if not self._lists_all:
            return False
        if len(self._columns) == 1:
            return b"".join(read.digests) == self._stated.digests(0, rows)
        start = 0
        for column, _ in self._columns:
            end = start + self._stated.width(column)
            if b"".join([digests[start:end] for digests in read.digests]) != self._stated.digests(column, rows):
                return False
            start = end
        return True

    def _compared(self, path: str, stated_as: str, read: BatchRead, index: int) -> list[Finding]:
        if index in read.problems:
            code, note = read.problems[index]
            return [make_finding(code, BagPath(path), note=note)]
        found, start = {}, 0
        for column, algorithm in self._columns:
            end = start + self._stated.width(column)
            found[algorithm] = read.digests[index][start:end].hex()
            start = end
        return compare(path, self._found.digests(stated_as), found, is_tag=False)

    def _keep(self, batch: Batch, read: BatchRead) -> None:
        for index in files_read_again(batch.paths):
            name = batch.paths[index]
            self._entries[name] = Entry(name, read.sizes[index], batch.at[index])
        self._linked += read.linked
        for index, report in read.reports.items():
            self.read.reports[BagPath(batch.paths[index])] = report
        for index in read.too_large:
            self._leave_out(batch, read, index)
        for index, data in read.control.items():
            path = BagPath(batch.paths[index])
            if sum(map(len, self.read.contents.values())) + len(data) > CONTROL_FILES_LIMIT:
                self._leave_out(batch, read, index)
            else:
                self.read.contents[path] = data

    def _leave_out(self, batch: Batch, read: BatchRead, index: int) -> None:
        path = batch.paths[index]
        self._large[path] = Entry(path, read.sizes[index], batch.at[index])
        self.read.too_large.add(BagPath(path))

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

    def _take_part(self, path: str, batch: Batch, read: BatchRead) -> None:
        self._places[path] = batch.at[0]
        if 0 in read.problems:
            if batch.start and path not in self._unread:
                code, note = read.problems[0]
                self._add([make_finding(code, BagPath(path), note=note)])
            self._unread.add(path)
        else:
            self._parts.take(path, batch.start, read.reports.pop(0))

    def _join_parts(self, pool: WorkerPool) -> None:
        """Make one report of the parts of each file; one whose parts do not fit is read again, in one walk."""
        for path in self._parts.paths():
            size = self._stated.sizes[self._stated.row_of[path]]
            report = self._parts.whole(path, size)
            if report is not None:
                self.read.reports[BagPath(path)] = report
            elif path not in self._unread:
                for batch, read in pool.read([_alone(Entry(path, size, self._places[path]))]):
                    self._keep(batch, read)

    def _read_as(self, pool: WorkerPool, stated_as: str, entry: Entry) -> Iterator[Finding]:
        """Read the file that is there, and hold it against what is stated for another spelling of its name."""
        for batch, read in pool.read([_alone(entry)]):
            self._keep(batch, read)
            yield from self._compared(entry.path, stated_as, read, 0)

    def _missing(self) -> Iterator[Finding]:
        """What is listed and not there; holes, where `fetch.txt` says so."""
        fetch = self._tags.fetch.paths if self._tags.fetch else {}
        for path in filter(self._tags.is_readable, self._found.missing()):
            names = ", ".join(map(manifest_name, self._found.digests(path)))
            yield make_finding(
                "fetch-hole" if path in fetch else "payload-missing", BagPath(path), note=f"listed in {names}"
            )

    def _lengths_that_differ(self, sizes: Mapping[str, int]) -> Iterator[Finding]:
        """Files that are here, and not of the length that `fetch.txt` states. (RFC 8493, 2.2.3)"""
        fetch = self._tags.fetch
        if fetch is None:
            return
        for path, length in fetch.lengths.items():
            size = sizes.get(path)
            if size is not None and size != length:
                facts = {"expected": f"{length:,} octets", "found": f"{size:,} octets", "note": path[:200]}
                yield make_finding("fetch-length-differs", BagPath("fetch.txt"), line=fetch.paths[path], **facts)

    def _hard_links(self) -> Iterator[Finding]:
        """One finding for all: a bag that was copied with hard links has them on every file."""
        if self._linked:
            note = f"and {len(self._linked) - 1:,} more" if len(self._linked) > 1 else None
            yield make_finding("hard-link", BagPath(min(self._linked)), note=note)


def _alone(entry: Entry) -> Batch:
    batch = Batch()
    batch.add(entry)
    return batch
