"""A record that is to be written, and the bytes it becomes: one gzip member, its head first. (WARC 1.1, section 5)"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Protocol

from isal import isal_zlib
from msgspec import Struct

from archive.warc.budget import MAX_RATIO, is_affordable

ENDED = "WARC-Exchange-Ended"
_GZIP = 31  # window bits that make zlib write a gzip member (RFC 1952); its time stamp stays 0
_AT_ONCE = 1 << 18
_SMALL = 16 << 10
_SAMPLE = 2 << 10
_TINY = 512
_LOOKED_AT = 128
_DENSE = 80
"""Different bytes among `_LOOKED_AT`: random ones have 101 on the mean, base64 has at most 64."""
_EVERY_BYTE = bytes(range(256))
_HEAD_OF_STORED = b"\x1f\x8b\x08\0\0\0\0\0\x04\x03"
"""A gzip header without a time, of what was packed in no time, on Unix. (RFC 1952, section 2.3)"""
_MOST_OF_A_BLOCK = 0xFFFF
"""Bytes of a stored block. (RFC 1951, section 3.2.4)"""


_STORED_BLOCK = struct.Struct("<?HH").pack
_TRAILER = struct.Struct("<II").pack


class Block(Protocol):
    """The block of a record, wherever its bytes are stored."""

    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    def pieces(self) -> Iterator[bytes]: ...


class Text(Struct, frozen=True):
    """A block that is in memory."""

    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def pieces(self) -> Iterator[bytes]:
        yield self.data


class Draft(Struct, frozen=True):
    """A record that is to be written."""

    type: str
    id: str
    """`urn:uuid:…`, without angle brackets."""
    date: datetime
    uri: str | None
    content_type: str | None
    block: Block | Text
    fields: tuple[tuple[str, str], ...] = ()
    """Further WARC fields, in order."""
    http_status: int | None = None
    mime: str | None = None
    payload_sha256: str | None = None
    truncated: str | None = None
    method: str | None = None
    """The request's, where it is another than GET."""
    ended: datetime | None = None
    """When the exchange that gave the block had ended."""
    small_chunks: int = 0
    """Chunks in the block that cost a reader more than their bytes do."""


@lru_cache(maxsize=256)  # the records of an exchange and its journal entry state the same moments
def warc_date(moment: datetime) -> str:
    """A WARC-Date with microseconds. (WARC 1.1, section 5.4)"""
    utc = moment.astimezone(UTC)
    parts = utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, utc.microsecond
    return "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ" % parts  # noqa: UP031 -- isoformat and f-strings take twice as long


def is_small(draft: Draft) -> bool:
    """True for a record that is packed at once."""
    return draft.block.size <= _AT_ONCE


def small_member(draft: Draft, date: str, warcinfo: str | None) -> bytes:
    """The gzip member of a small record."""
    block = b"".join(draft.block.pieces())
    record = b"%b%b\r\n\r\n" % (_record_head(draft, date, warcinfo), block)
    if _is_packed(block):
        return _stored_member(record)
    packed: bytes = isal_zlib.compress(record, _level(block), _GZIP)
    is_readable = not draft.small_chunks or is_affordable(len(packed), draft.small_chunks)
    return packed if is_readable else _stored_member(record)


def _stored_member(record: bytes) -> bytes:
    """A gzip member that holds a record as it is. Its checksum is what it costs: zlib's takes three times as long."""
    parts, size = [_HEAD_OF_STORED], len(record)
    for start in range(0, size, _MOST_OF_A_BLOCK):
        block = record[start : start + _MOST_OF_A_BLOCK]
        is_last = start + len(block) == size
        parts += _STORED_BLOCK(is_last, len(block), len(block) ^ 0xFFFF), block
    parts.append(_TRAILER(isal_zlib.crc32(record), size))
    return b"".join(parts)


def large_member(draft: Draft, date: str, warcinfo: str | None) -> Iterator[bytes]:
    """Yield the gzip member of a large record, compressed as the block streams by."""
    head, pieces = _record_head(draft, date, warcinfo), draft.block.pieces()
    first = next(pieces, b"")
    packer = _packer(draft, first)
    yield packer.compress(head + first)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.compress(b"\r\n\r\n") + packer.flush()


def _packer(draft: Draft, first: bytes) -> Any:
    """What packs a large block: not at all, where it may shrink to less than reading its chunks costs."""
    if is_affordable(draft.block.size // MAX_RATIO, draft.small_chunks) or not draft.small_chunks:
        return isal_zlib.compressobj(_level(first), isal_zlib.DEFLATED, _GZIP)
    return zlib.compressobj(0, zlib.DEFLATED, _GZIP)


def _is_packed(block: bytes) -> bool:
    """True where packing gains nothing: most of what servers send is compressed. Judged by the middle of the block.

    Level 0 has fixed codes, for which base64 looks dense too: that has few different bytes.
    """
    middle = len(block) // 2
    first = block[middle : middle + _LOOKED_AT]
    if middle < _TINY or first.isascii() or _different(first) < _DENSE:
        return False
    sample = block[middle : middle + _TINY]
    return len(isal_zlib.compress(sample, 0)) > 0.97 * len(sample)


def _different(data: bytes) -> int:
    """How many different bytes there are, at a fifth of the cost of a set."""
    return len(_EVERY_BYTE) - len(_EVERY_BYTE.translate(None, data))


def _level(start: bytes) -> int:
    """How hard to pack: no harder than the bytes at the start of a block are worth.

    igzip's level 3 saves 3% of text for twice the time of 2; the levels above 0 cost as much as 10 kB for the smallest.
    """
    if len(start) < _SMALL:
        return 2 if len(start) > _TINY else 0
    sample = start[len(start) // 2 :][:_SAMPLE]  # behind the head
    return 1 if len(isal_zlib.compress(sample, 1)) > 0.95 * len(sample) else 3


def _record_head(draft: Draft, date: str, warcinfo: str | None) -> bytes:
    """The WARC header of a record. (WARC 1.1, section 5)"""
    block = draft.block
    target = "" if draft.uri is None else f"WARC-Target-URI: {draft.uri}\r\n"
    info = "" if warcinfo is None else f"WARC-Warcinfo-ID: <{warcinfo}>\r\n"
    fields = "".join([f"{name}: {value}\r\n" for name, value in draft.fields])
    # An extension field, which readers pass over: WARC-Date is when the exchange began. (WARC 1.1, 5.1 and 5.4)
    ended = "" if draft.ended is None else f"{ENDED}: {warc_date(draft.ended)}\r\n"
    truncated = "" if draft.truncated is None else f"WARC-Truncated: {draft.truncated}\r\n"
    content_type = "" if draft.content_type is None else f"Content-Type: {draft.content_type}\r\n"
    return (
        f"WARC/1.1\r\nWARC-Type: {draft.type}\r\nWARC-Record-ID: <{draft.id}>\r\nWARC-Date: {date}\r\n"
        f"{target}{info}{fields}{ended}WARC-Block-Digest: sha256:{block.sha256}\r\n{truncated}{content_type}"
        f"Content-Length: {block.size}\r\n\r\n"
    ).encode()
