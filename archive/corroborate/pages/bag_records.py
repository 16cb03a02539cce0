"""The records of one bag, read one by one wherever the bag lies, each compared with the digest that the log states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from archive.bag.interface import Bag, Broken, Entry
from archive.errors import BagUnreadable, StatementError, WarcError
from archive.verify.files.read_again import cache_members
from archive.verify.records.stored_exchange import stored_exchange
from archive.verify.records.stored_records import RecordPlace, StoredRecords, scanned_of
from archive.workfolder.recorded import Recorded
from archive_manifests import layout, records
from archive_manifests.ledger import Ledger, SourceEntry, records_of
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine

LONGEST_LINE = 1 << 20
READ_KINDS = frozenset(("style", "frame", "script"))
"""Requisites whose content decides what a page says and shows; of all others the digest does."""
COMPARED_AT_MOST = 16 << 20
"""Decoded bytes of one response that are compared."""
READ_AT_MOST = COMPARED_AT_MOST + 1
"""Those that are read: one more shows that there are more."""


@dataclass(slots=True)
class BagRecords:
    """The lines of a records log that sources name, and the exchanges behind them."""

    lines: dict[str, RecordLine]
    head: str | None
    """Hex sha256 of the log's last line."""
    bag: Bag
    _stored: StoredRecords
    close: Callable[[], None]
    """Closes what is open; it is opened again where more is read."""

    def exchange(self, name: str) -> Recorded | None:
        """The exchange behind a record; None where it holds none. Raises `BagUnreadable` where the bag changed."""
        line = self.lines.get(name)
        if line is None:
            return None
        try:
            return stored_exchange(self._stored, name, {}, line.method or "GET")
        except WarcError:
            return None
        except Broken as error:
            if error.code in _NOT_STORED:
                return None
            raise changed(self.bag, error) from error

    def content(self, name: str) -> bytes | None:
        """The decoded body of a response, as far as it is read. Raises `BagUnreadable` where the bag changed."""
        recorded = self.exchange(name)
        try:
            return recorded.content(READ_AT_MOST) if recorded is not None else None
        except WarcError:
            return None
        except Broken as error:
            raise changed(self.bag, error) from error


_NOT_STORED = frozenset(("coverage-unchecked", "file-vanished"))
"""What a package of a kind that is read in one pass did not keep, and what no manifest names."""


def changed(bag: Bag, error: Broken) -> BagUnreadable:
    """What to say of a bag that was whole when it was verified, and of which a file cannot be read."""
    return BagUnreadable(f"{bag.location}: changed while it was read ({error.note}); run the command again")


def open_records(bag: Bag, ledger: Ledger) -> BagRecords:
    """Read the records log of a bag. Raises `BagUnreadable`."""
    wanted = {name for entry in ledger.sources for name in records_of(entry)}
    lines, head = _read_log(bag, wanted)
    places = {name: RecordPlace(BagPath(line.file), scanned_of(line)) for name, line in lines.items()}
    read = _Cached(bag, lines, ledger) if bag.reads_in_order else _Direct(bag)
    return BagRecords(lines, head, bag, StoredRecords(read.read_at, places), read.close)


def _read_log(bag: Bag, wanted: set[str]) -> tuple[dict[str, RecordLine], str | None]:
    import hashlib

    found, head = {}, None
    try:
        with bag.open(BagPath(layout.RECORDS)) as stream:
            for number, line in enumerate(iter(lambda: stream.readline(LONGEST_LINE), b""), start=1):
                record = records.parse_line(line, number)
                head = line
                if record.id in wanted:
                    found[record.id] = record
    except StatementError as error:
        raise BagUnreadable(f"{bag.location}: {error}") from error
    return found, hashlib.sha256(head).hexdigest() if head is not None else None


class _Direct:
    """Reads members of a folder, a tar or a zip where they lie."""

    def __init__(self, bag: Bag) -> None:
        self._reader = bag.reader()
        self._entries: dict[str, Entry] = {
            entry.path: entry for entry in bag.payload_entries() if entry.path.startswith(layout.ARCHIVE)
        }

    def read_at(self, path: str, start: int) -> Iterator[bytes]:
        entry = self._entries.get(path)
        if entry is None:
            raise Broken("file-vanished", f"{path} is not there")
        return self._reader.chunks_from(entry, start)

    def close(self) -> None:
        self._reader.close()


class _Cached:
    """Takes the members of a package that can only be read from front to back in one pass."""

    def __init__(self, bag: Bag, lines: dict[str, RecordLine], ledger: Ledger) -> None:
        wanted: dict[str, list[tuple[int, int]]] = {}
        for name in {name for entry in ledger.sources for name in read_records(entry)} & lines.keys():
            wanted.setdefault(lines[name].file, []).append((lines[name].offset, lines[name].length))
        for places in wanted.values():
            places.sort()
        self._cache = cache_members(((entry.path, chunks) for entry, chunks in bag.stream()), wanted)

    def read_at(self, path: str, start: int) -> Iterator[bytes]:
        return self._cache.read_at(path, start)

    def close(self) -> None:
        """Nothing is open: all was taken out."""


def read_records(entry: SourceEntry) -> Iterable[str]:
    """The records of a source whose content is read."""
    for copy in entry.copies:
        yield from copy.records
    for requisite in entry.requisites:
        if requisite.record is not None and requisite.kind in READ_KINDS:
            yield requisite.record
