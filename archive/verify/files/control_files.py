"""What the one read of a bag leaves behind for the cross checks: control files whole, and who is there."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field

from archive.bag.interface import Broken, Entry
from archive_manifests import layout
from archive_manifests.errors import StatementError
from archive_manifests.paths import BagPath

if TYPE_CHECKING:
    from archive.urls import Url
    from archive.warc.report import ScannedRecord
    from archive_manifests.custody import Event
    from archive_manifests.ledger import Ledger

CONTROL_FILE_LIMIT = 128 << 20
"""Bytes of one control file that are retained: a ledger of some 50,000 sources. A larger one is in `too_large`."""

STREAMED_LIMIT = 4 << 20
"""The same for those that are read again, line by line, where they are larger; the index has four times as much room:
the first difference can be shown only where all of it is in memory."""

LONGEST_LINE = 16 << 20
"""Bytes of a line of those, from which on the rest is taken for another."""

STREAMED = (layout.RECORDS, layout.INDEX, layout.PREMIS)

CONTROL_FILES_LIMIT = 192 << 20
"""Bytes of all of them together."""

VALUES_LIMIT = 4_000_000
"""Commas of one control file: in memory, a value takes 80 bytes however short it is. A ledger has one in 40 bytes."""

STATED_TWICE = (layout.ARCHIVE, "data/indexes/", "data/pages/", layout.REPORT, layout.MEDIA, layout.VIEWS)
"""Where the files are whose digests the data package and the ledger state beside the manifests."""

_CONTROL_FILE = re.compile(
    r"data/(?:sources\.json|datapackage\.json|index\.html"
    r"|provenance/(?:seed\.txt|[^/]+\.(?:jsonl|json|xml))"
    r"|provenance/time/[^/]+\.(?:json|tsr|tsq)"
    r"|indexes/[^/]+\.(?:cdx|cdxj)"
    r"|pages/[^/]+\.jsonl"
    r"|report/(?:text\.txt|sources\.toml)"
    r"|disclosure/[^/]+\.(?:txt|jsonl|json)|ledger/[^/]+\.json"
    r"|(?:views|media)/[^/]+/render\.json)\Z"
)
_WARC = re.compile(r"data/.*\.warc(?:\.gz)?\Z", re.IGNORECASE | re.DOTALL)


def is_control_file(path: str) -> bool:
    """True for the control files of our bags, and for those of a WACZ, whose bytes the cross checks need."""
    return _CONTROL_FILE.match(path) is not None


def is_warc(path: str) -> bool:
    """True for a payload file that is read as a WARC, plain or gzipped by member."""
    return _WARC.match(path) is not None


_END_OF_SPECIAL = re.compile(r"\.(?:jsonl?|xml|cdxj?|html|txt|toml|tsr|tsq|warc|gz)\0")
"""The end of a name, in lower case, that a closer look decides about."""


def special_files(paths: Sequence[str]) -> list[int]:
    """The numbers of the control files and the WARCs among many paths. Of others, at once, that there are none."""
    if _END_OF_SPECIAL.search("\0".join([*paths, ""]).lower()) is None:
        return []
    return [number for number, path in enumerate(paths) if is_control_file(path) or is_warc(path)]


def files_read_again(paths: Sequence[str]) -> list[int]:
    """The numbers of the files that are read again in part: WARCs, and the report."""
    names = "\0".join(["", *paths, ""]).lower()
    if f"\0{layout.REPORT}" not in names and ".warc\0" not in names and ".warc.gz\0" not in names:
        return []
    return [number for number, path in enumerate(paths) if path.startswith(layout.REPORT) or is_warc(path)]


def control_file_limit(path: str) -> int:
    """Bytes of a control file that stay in memory."""
    if path == layout.INDEX:
        return 4 * STREAMED_LIMIT
    return STREAMED_LIMIT if path in STREAMED else CONTROL_FILE_LIMIT


def is_too_dense(data: bytes) -> bool:
    """True for a control file whose values would fill the memory, though its bytes do not."""
    return len(data) > VALUES_LIMIT and data.count(b",") > VALUES_LIMIT


class MadeEarly(Protocol):
    """Visits of sources that were made again before this was a bag."""

    def add_record(self, path: BagPath, record: ScannedRecord) -> None:
        """Take note of a record of a WARC, in the order of the file."""

    def find(self, stored: Any, url: Url) -> Any:
        """The visit of `url`, where it was made of what is stored; else None."""


class ControlFiles(Struct, frozen=True):
    """The control files under `data/`, as the bytes that were hashed, and the size of every payload file.

    Nothing is opened again: what is not in `contents` was absent, too large (`too_large`) or unreadable, and has its
    finding already where that is wrong.
    """

    contents: Mapping[BagPath, bytes]
    """`data/sources.json`, `data/provenance/records.jsonl`, `data/indexes/index.cdx`… whole."""
    sizes: Mapping[str, int]
    """Octets of every payload file that is in the bag, by the text of its path, but for files that an operating system
    put there by itself and no manifest lists."""
    is_ours: bool = False
    """True where `bag-info.txt` names our profile: what we generate must then have its exact bytes."""
    sha256: Mapping[str, str] = field(default_factory=dict)
    """Hex digests, as the payload manifest states them, of files that a control file states them for too."""
    too_large: frozenset[BagPath] = field(default_factory=frozenset)
    """Control files that were hashed but not stored in memory."""
    again: Callable[[str], Iterator[bytes]] | None = None
    """Reads a file of the payload a second time, to the same digest. Raises `Broken`."""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    """WARCs and the report, as what reads the bag finds them."""
    jobs: int = 1
    """Processes that may work side by side."""
    reopen: Callable[[], None] = lambda: None
    """Has a forked process open the files that it reads again for itself."""
    read_at: Callable[[Mapping[str, list[tuple[int, int]]]], Callable[[str, int], Iterator[bytes]]] | None = None
    """Makes the reader of single records from their places: path -> offset and length, in order."""
    _parsed: list[Ledger | StatementError] = field(default_factory=list)
    """The ledger, or the error that parsing it raised, once it has been parsed."""
    _events: list[tuple[Event, ...] | StatementError] = field(default_factory=list)
    """The custody events, or the error that parsing them raised, once they have been parsed."""
    early: MadeEarly | None = None
    """Visits of sources that were made again before this was a bag."""
    log_read: list[Any] = field(default_factory=list)
    """What `warc_log.read_log` read, once it has."""
    software_read: list[dict[str, object]] = field(default_factory=list)
    """What `generated.software` read, once it has."""

    def parse_ledger(self) -> Ledger | None:
        """The ledger, parsed once; None where its bytes were not retained. Raises `StatementError`."""
        data = self.read(layout.LEDGER)
        if data is None:
            return None
        if not self._parsed:
            from archive_manifests import ledger as ledgers

            try:
                self._parsed.append(ledgers.from_json(data))
            except StatementError as error:
                self._parsed.append(error.with_traceback(None))
        parsed = self._parsed[0]
        if isinstance(parsed, StatementError):
            raise parsed
        return parsed

    def parse_events(self) -> tuple[Event, ...]:
        """The custody events of `data/provenance/events.jsonl`, parsed once. Raises `StatementError`."""
        if not self._events:
            from archive_manifests import custody

            lines = (self.read(layout.EVENTS) or b"").splitlines(keepends=True)
            try:
                events = tuple(custody.parse_line(line, number) for number, line in enumerate(lines, start=1))
                self._events.append(events)
            except StatementError as error:
                self._events.append(error.with_traceback(None))
        parsed = self._events[0]
        if isinstance(parsed, StatementError):
            raise parsed
        return parsed

    @property
    def ledger(self) -> Ledger | None:
        """The ledger; None where it cannot be read, which is reported where coverage is checked."""
        try:
            return self.parse_ledger()
        except StatementError:
            return None

    def lines(self, path: BagPath) -> Iterator[bytes] | None:
        """The lines of a control file that was too large for memory, each with its LF; None where that cannot be."""
        if path not in self.too_large or path.text not in STREAMED or self.again is None:
            return None
        return _lines(self.again(path.text))

    def whole(self, path: BagPath) -> bytes | None:
        """All of such a file where it may be in memory after all; None where it is larger. Raises `Broken`."""
        if self.again is None or (self.size(path) or 0) > CONTROL_FILE_LIMIT:
            return None
        return b"".join(self.again(path.text))

    def last_line(self, path: BagPath | str) -> bytes | None:
        """The last line of a control file with its LF, however large it is; None where it cannot be read."""
        data = self.read(path)
        if data is not None:
            return data[data.rfind(b"\n", 0, -1) + 1 :]
        again = self.lines(path if isinstance(path, BagPath) else BagPath(path))
        try:
            return next(iter(deque(again, maxlen=1)), None) if again is not None else None
        except Broken:
            return None

    def first_line(self, path: BagPath | str) -> bytes | None:
        """The first line of a control file with its LF, however large it is; None where it cannot be read."""
        data = self.read(path)
        if data is not None:
            return data[: data.find(b"\n") + 1] or None
        again = self.lines(path if isinstance(path, BagPath) else BagPath(path))
        try:
            return next(again, None) if again is not None else None
        except Broken:
            return None

    def read(self, path: BagPath | str) -> bytes | None:
        """The bytes of a control file, None where they did not stay in memory."""
        return self.contents.get(path if isinstance(path, BagPath) else BagPath(path))

    def holds(self, path: BagPath | str) -> bool:
        """True where the bag has that payload file."""
        return str(path) in self.sizes

    @property
    def is_copy(self) -> bool:
        """True for what calls itself a disclosure copy by any of its documents."""
        return any(map(self.holds, (layout.COPY_LEAVES, layout.COPY_PROOFS, layout.COPY_WITHHELD)))

    def size(self, path: BagPath | str) -> int | None:
        return self.sizes.get(str(path))

    def below(self, prefix: str) -> Iterator[BagPath]:
        """Every payload file under a folder such as `data/archive/`, in path order."""
        return (BagPath(text) for text in sorted(text for text in self.sizes if text.startswith(prefix)))


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Lines that end at LF; of one that is too long, the rest is another."""
    rest = b""
    for chunk in chunks:
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        yield from (line + b"\n" for line in lines)
        if len(rest) > LONGEST_LINE:
            yield rest
            rest = b""
    if rest:
        yield rest


DAMAGED = ".damaged"
"""Ends the name of a supplied recording that was damaged on arrival; nobody reads it as a recording."""


def is_supplied(path: BagPath) -> bool:
    """True for what a person supplied: stored as it was given, and not compared with how we write."""
    return path.text.startswith(layout.MEDIA)
