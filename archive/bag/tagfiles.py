"""Reads the tag files of a bag, each once: their digests, what they state, and what is wrong with their text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct, field

from archive.bag.fetch_file import FetchList, read_fetch_file
from archive.bag.interface import Bag, Broken, Entry, Reader
from archive.bag.manifest_table import ManifestTable
from archive.digests import Hasher, hashers
from archive_manifests import layout
from archive_manifests import tags as tag_files
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.fixity import BAG_ALGORITHMS
from archive_manifests.layout import DISCLOSURE
from archive_manifests.paths import BagPath
from archive_manifests.payload import ALGORITHMS, CURRENT, NAME, ManifestReading
from archive_manifests.tags import OUR_PROFILE, BagInfo, Declaration, Oxum
from archive_manifests.tagtext import MOST_PROBLEMS, Problem

README = layout.README
"""The one other tag file of our bags."""

TEXT_LIMIT = 16 << 20
"""Bytes of a tag file other than a payload manifest that are read as text. A megabyte is a large one."""

INFO_NAMES = (layout.BAG_INFO, "package-info.txt")
"""Where the fields are: up to 0.95 the file had another name."""


ORIGIN_LABEL = "Origin-Bag-Tagmanifest"
"""`tagmanifest-sha256.txt sha256:HEX` of the bag that a bag is a version of."""

_EVIDENCE = (layout.RECORDS, layout.EVENTS, layout.SOFTWARE)


class ManifestFile(Struct, frozen=True):
    """One manifest of either kind, in an algorithm that is known."""

    name: str
    algorithm: str


class TagFiles(Struct):
    """What the tag files are and state. Listed first, then read, not changed after but for `findings`."""

    entries: dict[str, Entry]
    payload_manifests: tuple[ManifestFile, ...]
    tag_manifests: tuple[ManifestFile, ...]
    table: ManifestTable
    digests: dict[str, dict[str, str]] = field(default_factory=dict)
    """Lower-case hex of every tag file, by path and algorithm."""
    tag_stated: dict[str, dict[str, str]] = field(default_factory=dict)
    """What each tag manifest states, by its name and the path."""
    texts: dict[str, bytes] = field(default_factory=dict)
    """`bagit.txt`, `bag-info.txt`, our readme and tag manifests, whole."""
    declaration: Declaration | None = None
    info: BagInfo | None = None
    info_name: str | None = None
    fetch: FetchList | None = None
    loose: set[str] = field(default_factory=set)
    """Names of manifests that are not in canonical form."""
    findings: list[Finding] = field(default_factory=list)
    counts: dict[tuple[str, str | None], int] = field(default_factory=dict)
    """Findings so far, by code and file."""
    octets: int = 0
    shared_paths: Callable[[Sequence[str]], Sequence[str]] = tuple
    """The bag's own: what it lists and what manifests list is then one text in memory."""
    has_ledger: bool = False
    """True where `data/sources.json` turned out to be a ledger of ours; known once the payload was read."""

    @property
    def manifest_octets(self) -> int:
        """Bytes of the payload manifests: how long they are says how many files there are."""
        return sum(self.entries[manifest.name].size for manifest in self.payload_manifests)

    @property
    def version(self) -> tuple[int, int]:
        return (self.declaration and self.declaration.version) or CURRENT

    @property
    def encoding(self) -> str:
        return (self.declaration and self.declaration.encoding) or "utf-8"

    def is_readable(self, path: str) -> bool:
        """True for a path that can be compared with what manifests list: beyond ASCII, in an encoding that is read."""
        return path.isascii() or not (self.declaration and self.declaration.has_unknown_encoding)

    @property
    def is_old(self) -> bool:
        return self.version < CURRENT

    @property
    def oxum(self) -> Oxum | None:
        """The first Payload-Oxum that can be read."""
        stated = map(tag_files.parse_oxum, self.info.values("Payload-Oxum") if self.info else ())
        return next((oxum for oxum in stated if oxum), None)

    @property
    def is_ours(self) -> bool:
        """True for a bag of ours: by its profile, or by files that only our bags have, also against its bag-info.

        A partner's version of a bag has the partner's tag files.
        """
        if self.info is not None and OUR_PROFILE in self.info.values("BagIt-Profile-Identifier"):
            return True
        return self.holds_evidence and not self.is_version

    @property
    def holds_evidence(self) -> bool:
        """True where the payload has a ledger, a records log, events or a list of software of ours."""
        return self.has_ledger or any(path in self.table.row_of for path in _EVIDENCE)

    @property
    def is_version(self) -> bool:
        """True where the bag says that it is a partner's version of another bag, or a part of one."""
        return self.info is not None and bool(self.info.values(ORIGIN_LABEL))

    def forget_manifests(self) -> None:
        """Let go of what the payload manifests state, which is most of what is in memory of a bag of many files."""
        self.table = ManifestTable(self.table.algorithms)

    def add_finding(self, code: str, path: str | None, **facts: object) -> None:
        """Add a finding; of more of one code about one tag file than anybody reads, only that there are more."""
        count = self.counts[code, path] = self.counts.get((code, path), 0) + 1
        if count > MOST_PROBLEMS + 1:
            return
        code = code if count <= MOST_PROBLEMS else "findings-limit"
        self.findings.append(make_finding(code, BagPath(path) if path is not None else None, **facts))

    def add_problems(self, name: str, problems: Iterable[Problem]) -> None:
        is_unknown = self.declaration is not None and self.declaration.has_unknown_encoding
        for problem in problems:
            if is_unknown and problem.code == "tag-file-encoding":
                continue  # it follows from the encoding, which is reported
            facts = {"line": problem.line, "found": problem.found, "note": problem.note}
            self.add_finding(problem.code, name, **{key: value for key, value in facts.items() if value is not None})


def list_tag_files(bag: Bag) -> TagFiles:
    """What tag files are there, before any is read."""
    entries = {entry.path: entry for entry in bag.tag_entries()}
    payload_manifests, tag_manifests = _manifests(entries, tag=False), _manifests(entries, tag=True)
    table = ManifestTable(tuple(manifest.algorithm for manifest in payload_manifests))
    return TagFiles(entries, payload_manifests, tag_manifests, table, shared_paths=bag.shared_paths)


def read_tag_files(tags: TagFiles, reader: Reader, after_each: Callable[[], object] = lambda: None) -> None:
    """Read every tag file once. What the payload manifests state is in `table` then.

    `after_each` is called after each tag file, and after each piece of a long manifest.
    """
    # Both always: by the digests of its tag manifests a bag is recognised, and sealed.
    manifests = (*tags.tag_manifests, *tags.payload_manifests)
    algorithms = tuple(dict.fromkeys([*BAG_ALGORITHMS, *(manifest.algorithm for manifest in manifests)]))
    _read_all(tags, reader, algorithms, after_each)
    tags.table.fill()


def _manifests(entries: dict[str, Entry], *, tag: bool) -> tuple[ManifestFile, ...]:
    """The manifests in known algorithms, the strongest last; one named in capitals where none is in small letters."""
    spelled = {}
    for name in sorted(entries):  # capitals come first
        match = NAME.match(name)
        if match and bool(match["tag"]) == tag:
            spelled[match["algorithm"].lower()] = name
    return tuple(ManifestFile(spelled[algorithm], algorithm) for algorithm in ALGORITHMS if algorithm in spelled)


def _read_all(tags: TagFiles, reader: Reader, algorithms: tuple[str, ...], after_each: Callable[[], object]) -> None:
    """The declaration first: it says how to read the rest. Manifests last: they need the names that are there."""
    payload = {manifest.name: manifest for manifest in tags.payload_manifests}
    tag = {manifest.name: manifest for manifest in tags.tag_manifests}
    first = [name for name in (layout.DECLARATION, *INFO_NAMES) if name in tags.entries]
    for name in (*first, *(name for name in tags.entries if name not in first)):
        hashing = _Hashing(algorithms)
        chunks = hashing.through(reader.chunks(tags.entries[name]))
        try:
            if name in payload:
                _read_payload_manifest(tags, payload[name], chunks, after_each)
            elif name in tag:
                _read_tag_manifest(tags, tag[name], chunks)
            elif name == "fetch.txt":
                tags.fetch = read_fetch_file(chunks, version=tags.version, encoding=tags.encoding)
            elif name in first:
                _read_text(tags, name, chunks)
            elif name in (README, DISCLOSURE):
                _whole(tags, name, chunks)
            for _ in chunks:  # to the end, for the digests
                pass
        except Broken as broken:
            tags.add_finding(broken.code, name, note=broken.note)
        else:
            tags.digests[name] = hashing.hex()
        tags.octets += hashing.size
        after_each()


def _read_text(tags: TagFiles, name: str, chunks: Iterator[bytes]) -> None:
    data = _whole(tags, name, chunks)
    if name == layout.DECLARATION:
        tags.declaration = tag_files.parse_declaration(data)
        tags.add_problems(name, tags.declaration.problems)
    elif tags.info is None:
        tags.info, tags.info_name = tag_files.parse_bag_info(data, version=tags.version, encoding=tags.encoding), name
        tags.add_problems(name, tags.info.problems)


def _whole(tags: TagFiles, name: str, chunks: Iterator[bytes]) -> bytes:
    """A tag file's bytes; of one that is too large, none."""
    parts, size = [], 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > TEXT_LIMIT:
            tags.add_finding("tag-file-limit", name, found=f"over {TEXT_LIMIT:,} bytes")
            return b""
    tags.texts[name] = b"".join(parts)
    return tags.texts[name]


def _read_tag_manifest(tags: TagFiles, manifest: ManifestFile, chunks: Iterator[bytes]) -> None:
    reading = ManifestReading(
        manifest.algorithm, tag=True, version=tags.version, encoding=tags.encoding, present=frozenset(tags.entries)
    )
    stated: dict[str, str] = {}
    for path, digest, line in reading.rows([_whole(tags, manifest.name, chunks)]):
        known = stated.setdefault(path, digest)
        if known is not digest:
            reading.report_duplicate(line, path, is_same=known == digest)
    tags.tag_stated[manifest.name] = stated
    _finish(tags, manifest, reading)


def _read_payload_manifest(
    tags: TagFiles, manifest: ManifestFile, chunks: Iterator[bytes], after_each: Callable[[], object]
) -> None:
    """Read a manifest into the table, line by line: it may be longer than memory is large."""
    reading = ManifestReading(manifest.algorithm, version=tags.version, encoding=tags.encoding)
    stated = tags.table
    column = stated.column(manifest.algorithm)
    line_ends = _LineEnds(chunks)
    last = ""
    for block in reading.blocks(line_ends):
        columns = reading.columns(block)
        paths = columns[0] if columns else [path for _, path, _ in reading.split(block)]
        if paths != sorted(paths) or paths[0] <= last:
            tags.loose.add(manifest.name)
        last = paths[-1]
        digests = bytes.fromhex(columns[1]) if columns and _are_plain(paths) else None
        if digests is not None and stated.add_many(column, tags.shared_paths(paths), digests):
            reading.passed(len(paths))
        else:
            _read_rows(tags, manifest, reading, block)
        after_each()
    if not line_ends.is_canonical:
        tags.loose.add(manifest.name)
    _finish(tags, manifest, reading)


def _read_rows(tags: TagFiles, manifest: ManifestFile, reading: ManifestReading, block: str) -> None:
    """Read a block line by line, since something in it needs a closer look."""
    column = tags.table.column(manifest.algorithm)
    for path, digest, line in reading.rows_of(reading.split(block)):
        if not path.startswith(layout.PAYLOAD):
            _take_outside(tags, manifest, path, digest, line)
        elif not BagPath(path).is_inside:
            tags.add_finding("path-unsafe", manifest.name, line=line, found=path[:200])
        elif not tags.table.add(column, path, bytes.fromhex(digest)):
            known = tags.table.digest(column, tags.table.row_of[path])
            reading.report_duplicate(line, path, is_same=known.hex() == digest)


def _are_plain(paths: list[str]) -> bool:
    """True where all are payload paths that need no closer look; a path with a part like `.x` may be one that does."""
    text = "\n".join(("", *paths, ""))
    return text.count("\ndata/") == len(paths) and not any(mark in text for mark in ("//", "/.", "/\n", "\0"))


def _take_outside(tags: TagFiles, manifest: ManifestFile, path: str, digest: str, line: int) -> None:
    """A path that is not payload: outside `data/`, or outside the bag altogether.

    Before 1.0 payload manifests of some writers list tag files too; what is stated of them is compared.
    """
    is_inside = BagPath(path).is_inside and not _has_drive(path)
    code = "manifest-outside" if is_inside else "path-unsafe"
    severity = {"severity": Severity.WARNING} if is_inside and tags.is_old else {}
    tags.add_finding(code, manifest.name, line=line, found=path[:200], **severity)
    if severity:
        tags.tag_stated.setdefault(manifest.name, {})[path] = digest
        if path not in tags.entries:
            tags.add_finding("tag-file-missing", path[:1000], note=f"listed in {manifest.name}")


def _has_drive(path: str) -> bool:
    r"""`C:` or `\\\\`: what leads out of the bag on Windows, and `~` where a shell reads it."""
    return path[1:2] == ":" or path.startswith(("\\", "~"))


def _finish(tags: TagFiles, manifest: ManifestFile, reading: ManifestReading) -> None:
    if not reading.is_canonical:
        tags.loose.add(manifest.name)
    tags.add_problems(manifest.name, reading.problems)


class _Hashing:
    """Feeds chunks that pass by to digests."""

    def __init__(self, algorithms: tuple[str, ...]) -> None:
        self._running: dict[str, Hasher] = {
            algorithm: make() for algorithm, make in zip(algorithms, hashers(algorithms), strict=True)
        }
        self.size = 0

    def through(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            for hasher in self._running.values():
                hasher.update(chunk)
            self.size += len(chunk)
            yield chunk

    def hex(self) -> dict[str, str]:
        return {algorithm: hasher.hexdigest() for algorithm, hasher in self._running.items()}


class _LineEnds:
    """Lets chunks pass, and notes whether lines end in LF alone, the last one too."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._has_cr = False
        self._last = b"\n"

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._has_cr = self._has_cr or b"\r" in chunk
            self._last = chunk[-1:]
            yield chunk

    @property
    def is_canonical(self) -> bool:
        return not self._has_cr and self._last == b"\n"
