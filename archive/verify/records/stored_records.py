"""Reads single WARC records of a bag again, to derive what the ledger says of them.

Each stored member is compared with the digest that it had when the whole bag was read, so that nothing is derived from
other bytes than those that were verified.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from isal import isal_zlib
from msgspec import Struct, field
from msgspec.structs import replace

from archive.bag.interface import Broken
from archive.capture.warcinfo import fields_of, names_in
from archive.errors import WarcError
from archive.verify.files.read_again import ReadAt
from archive.warc.gzip_members import Damaged
from archive.warc.reader import Record, read_record_at
from archive.warc.report import ScannedRecord
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine

IN_MEMORY = 8 << 20
"""Bytes of a stored member that are read at once, and whose digest is compared before any of them is used."""
CACHED_BLOCK = 1 << 20
CACHED_BLOCKS = 4 << 20
"""Bytes of one block, and of all of them, that stay in memory."""
CACHED_METADATA = 2048
"""Metadata records that stay in memory as parsed: those of one source are looked at several times in a row."""
_LONGEST_HEAD = 64 << 10
_GZIP = b"\x1f\x8b"
_BLANK = b"\r\n\r\n"
METADATA_AT_MOST = 4 << 20
"""Bytes of the block of a metadata record that is read as JSON and stays in memory."""
_VALUES_AT_MOST = 500_000
"""Values of a longer one: each takes some eighty bytes, however short it is."""
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)


def scanned_of(line: RecordLine) -> ScannedRecord:
    """A line of the bag's log of records as the record that a scan of its file finds."""
    return ScannedRecord(
        *(line.offset, line.length, line.sha256, line.id, line.type, line.date, line.uri),
        block_size=CACHED_BLOCK + 1,  # never in memory as a whole: nobody knows how large it is
        payload_sha256=line.payload_sha256,
        http_status=line.http_status,
        mime=line.mime,
        truncated=line.truncated,
    )


class RecordPlace(Struct, frozen=True):
    """Where a record is."""

    path: BagPath
    record: ScannedRecord


class Warcinfo(Struct, frozen=True):
    """What a warcinfo record states. (WARC 1.1, section 6.2)"""

    filename: str | None
    fields: dict[str, str]
    names: tuple[str, ...] | None
    """Its fields in their order; None where it has other lines than `name: value`."""


class StoredRecords(Struct):
    """The records that the ledger names, and those tied to them, by id."""

    read_at: ReadAt
    places: Mapping[str, RecordPlace]
    _metadata: dict[str, dict[str, Any]] = field(default_factory=dict)
    _blocks: dict[str, bytes] = field(default_factory=dict)
    """Blocks that were read last, the oldest first: a response is looked at several times in a row."""
    _cached: int = 0
    _warcinfos: dict[str, Warcinfo] = field(default_factory=dict)
    _fields_of: dict[bytes, Warcinfo] = field(default_factory=dict)
    """Each warcinfo block that was read: the WARCs of a run have the same one."""

    def get(self, name: str) -> ScannedRecord | None:
        place = self.places.get(name)
        return place.record if place is not None else None

    def path_of(self, name: str) -> BagPath | None:
        place = self.places.get(name)
        return place.path if place is not None else None

    def block(self, name: str) -> Iterator[bytes]:
        """Yield the block of a record. Raises `Broken` where it is not what was verified, `WarcError` where damaged."""
        if name in self._blocks:
            yield self._blocks[name]
        elif self.places[name].record.block_size <= CACHED_BLOCK:
            yield self._cache(name, b"".join(self._read(name)))
        else:
            yield from self._read(name)

    def forget(self) -> None:
        """Free what was read: it is read again where it is needed again."""
        for cached in (self._metadata, self._blocks, self._warcinfos, self._fields_of):
            cached.clear()
        self._cached = 0

    def _cache(self, name: str, block: bytes) -> bytes:
        self._blocks[name] = block
        self._cached += len(block)
        while self._cached > CACHED_BLOCKS:
            self._cached -= len(self._blocks.pop(next(iter(self._blocks))))
        return block

    def _read(self, name: str) -> Iterator[bytes]:
        place = self.places[name]
        scanned = place.record
        pieces = _first(self.read_at(place.path.text, scanned.offset), scanned.length)
        if scanned.length <= IN_MEMORY:
            data = _unchanged(b"".join(pieces), scanned)
            if scanned.block_size <= CACHED_BLOCK and (found := _head_and_block(data, scanned)) is not None:
                yield found[1]
                return
            pieces = iter([data])
        record = _record(pieces, scanned.length, place.path.text)
        if record.id != scanned.id:
            raise _changed(scanned)
        yield from record.block()

    def metadata(self, name: str) -> dict[str, Any]:
        """Read a metadata record as a JSON object; empty where it is none. Raises `Broken`."""
        if name not in self._metadata:
            if len(self._metadata) >= CACHED_METADATA:
                self._metadata.clear()
            self._metadata[name] = self._read_metadata(name)
        return self._metadata[name]

    def warcinfo(self, name: str) -> dict[str, str]:
        """The fields of a warcinfo record; empty where it is damaged. Raises `Broken`. (WARC 1.1, section 6.2)"""
        return self.described(name).fields

    def described(self, name: str) -> Warcinfo:
        """A warcinfo record: its fields, and of which file it is. Raises `Broken`."""
        if name not in self._warcinfos:
            if len(self._fields_of) >= CACHED_METADATA:
                self._warcinfos.clear()
                self._fields_of.clear()
            head, block = self._read_warcinfo(name)
            if block not in self._fields_of:
                self._fields_of[block] = Warcinfo(None, fields_of(block), names_in(block))
            self._warcinfos[name] = replace(self._fields_of[block], filename=_filename_in(head))
        return self._warcinfos[name]

    def _read_warcinfo(self, name: str) -> tuple[bytes, bytes]:
        """The head of a record, empty where it is not as we write it, and its block, empty where it is damaged."""
        place = self.places[name]
        scanned = place.record
        if scanned.length <= IN_MEMORY and scanned.block_size <= CACHED_BLOCK:
            data = b"".join(_first(self.read_at(place.path.text, scanned.offset), scanned.length))
            found = _head_and_block(_unchanged(data, scanned), scanned)
            if found is not None:
                return found
        try:
            return b"", b"".join(self._read(name))
        except WarcError:
            return b"", b""

    def distinct_warcinfos(self, names: Iterable[str]) -> list[dict[str, str]]:
        """The fields of each of these records, without those that are the same as others'. Raises `Broken`."""
        distinct = {id(fields): fields for fields in map(self.warcinfo, names)}
        return list(distinct.values())

    def long_metadata(self, name: str, at_most: int) -> dict[str, Any] | None:
        """Read a metadata record of up to `at_most` bytes as `metadata` does; None where it is too large for that.

        Raises `Broken`.
        """
        size = self.places[name].record.block_size
        if size <= METADATA_AT_MOST:
            return self.metadata(name)
        if size > at_most:
            return None
        try:
            block = b"".join(self.block(name))
            return _object_in(block) if _STRING.sub(b"", block).count(b",") <= _VALUES_AT_MOST else None
        except WarcError:
            return {}

    def _read_metadata(self, name: str) -> dict[str, Any]:
        record = self.places[name].record
        if record.block_size > METADATA_AT_MOST or not (record.content_type or "").startswith("application/json"):
            return {}
        try:
            return _object_in(b"".join(self.block(name)))
        except WarcError:
            return {}


def _object_in(block: bytes) -> dict[str, Any]:
    """The JSON object of a block; empty where it holds none."""
    try:
        value = json.loads(block)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _unchanged(data: bytes, scanned: ScannedRecord) -> bytes:
    """A stored member, as it was when the whole bag was read. Raises `Broken`."""
    if scanned.sha256 and hashlib.sha256(data).hexdigest() != scanned.sha256:
        raise _changed(scanned)
    return data


def _changed(scanned: ScannedRecord) -> Broken:
    return Broken("file-changed", f"the record at byte {scanned.offset:,} changed while the bag was read")


def _filename_in(head: bytes) -> str | None:
    """The file that the head of a warcinfo record names. (WARC 1.1, section 5.15)"""
    _, _, rest = head.partition(b"\r\nWARC-Filename: ")
    return rest.partition(b"\r\n")[0].decode("utf-8", "replace") or None


def _head_and_block(member: bytes, scanned: ScannedRecord) -> tuple[bytes, bytes] | None:
    """Head and block of a stored member that was parsed before and has the same digest: its end is known. (WARC 1.1, 4)

    None where it is not laid out as expected, so that it is parsed again.
    """
    if member.startswith(_GZIP):
        unpacked = isal_zlib.decompressobj(wbits=31)
        try:
            record = unpacked.decompress(member, scanned.block_size + _LONGEST_HEAD)
        except Damaged:
            return None
        if not unpacked.eof:
            return None
    else:
        record = member
    end = len(record) - len(_BLANK)
    head, block = record[: max(end - scanned.block_size, 0)], record[max(end - scanned.block_size, 0) : max(end, 0)]
    is_as_scanned = record.endswith(_BLANK) and head.endswith(_BLANK) and f"<{scanned.id}>".encode() in head
    return (head, block) if is_as_scanned and len(block) == scanned.block_size else None


def _record(pieces: Iterator[bytes], length: int, name: str) -> Record:
    return read_record_at(_Stream(pieces), 0, length, name=name)  # type: ignore[arg-type]


def _first(pieces: Iterator[bytes], length: int) -> Iterator[bytes]:
    """Yield the first `length` bytes."""
    for piece in pieces:
        yield bytes(piece[:length])
        length -= len(piece)
        if length <= 0:
            return


class _Stream:
    """Pieces of bytes as the stream that the WARC reader takes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def seek(self, offset: int) -> None:
        assert offset == 0

    def read(self, size: int) -> bytes:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
