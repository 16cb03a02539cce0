"""A record that is to be written, and the bytes it becomes: one gzip member, its head first. (WARC 1.1, section 5)"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from isal import isal_zlib

from archive.warc.budget import MAX_RATIO, is_affordable

ENDED = "WARC-Exchange-Ended"
_GZIP = 31  # window bits that make zlib write a gzip member (RFC 1952); its time stamp stays 0
_SMALL = 16 << 10
_SAMPLE = 2 << 10


class Block(Protocol):
    """The block of a record, wherever its bytes are stored."""

    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    def pieces(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Text:
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


@dataclass(frozen=True, slots=True)
class Draft:
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


def warc_date(moment: datetime) -> str:
    """A WARC-Date with microseconds. (WARC 1.1, section 5.4)"""
    return f"{moment.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"  # strftime takes ten times as long


def member(draft: Draft, date: str, warcinfo: str | None) -> Iterator[bytes]:
    """Yield the gzip member of a record, compressed as the block streams by."""
    head, pieces = _record_head(draft, date, warcinfo), draft.block.pieces()
    if draft.block.size <= 1 << 18:
        block = b"".join(pieces)
        packed = isal_zlib.compress(head + block + b"\r\n\r\n", _level(block), _GZIP)
        is_readable = not draft.small_chunks or is_affordable(len(packed), draft.small_chunks)
        yield packed if is_readable else zlib.compress(head + block + b"\r\n\r\n", 0, _GZIP)
        return
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


def _level(start: bytes) -> int:
    """How hard to pack: no harder than the bytes at the start of a block are worth.

    igzip's level 3 saves 3% of text for twice the time of 2; of what is packed already, as most answers are, nothing.
    """
    if len(start) < _SMALL:
        return 2
    sample = start[len(start) // 2 :][:_SAMPLE]  # behind the head
    return 1 if len(isal_zlib.compress(sample, 1)) > 0.95 * len(sample) else 3


def _record_head(draft: Draft, date: str, warcinfo: str | None) -> bytes:
    """The WARC header of a record. (WARC 1.1, section 5)"""
    lines = [
        "WARC/1.1",
        f"WARC-Type: {draft.type}",
        f"WARC-Record-ID: <{draft.id}>",
        f"WARC-Date: {date}",
    ]
    if draft.uri is not None:
        lines.append(f"WARC-Target-URI: {draft.uri}")
    if warcinfo is not None:
        lines.append(f"WARC-Warcinfo-ID: <{warcinfo}>")
    lines += [f"{name}: {value}" for name, value in draft.fields]
    if draft.ended is not None:
        # An extension field, which readers pass over: WARC-Date is when the exchange began. (WARC 1.1, 5.1 and 5.4)
        lines.append(f"{ENDED}: {warc_date(draft.ended)}")
    lines.append(f"WARC-Block-Digest: sha256:{draft.block.sha256}")
    if draft.truncated is not None:
        lines.append(f"WARC-Truncated: {draft.truncated}")
    if draft.content_type is not None:
        lines.append(f"Content-Type: {draft.content_type}")
    lines.append(f"Content-Length: {draft.block.size}")
    return "\r\n".join([*lines, "", ""]).encode()
