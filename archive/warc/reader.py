"""Reads the records of a WARC back, one after the other or one at a known place, the block streamed.

For those who need what is in a WARC. Whether the WARC is sound is for `scan` to say: this raises at the first fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

from archive.errors import WarcError
from archive.http import MessageReader
from archive.warc.gzip_members import MAGIC, Damaged, inflater
from archive.warc.header import LENGTH, LONGEST, Header, bare, parse_header

_PIECE = 1 << 16
_ENDS = b"\r\n\r\n"


class Record:
    """One record. Its block can be read once, and only before the next record is requested."""

    def __init__(self, header: Header, offset: int, content: _Content) -> None:
        self._content = content
        self.header = header
        self.offset = offset
        """Bytes from the start of the stream to the stored record."""
        self.size = int(header.fields["content-length"])
        """Bytes of the block, as stated."""
        self.truncated = False
        """True where the file ended within the block; known once that has been read."""
        self._left = self.size

    @property
    def id(self) -> str:
        return bare(self.header.fields.get("warc-record-id", ""))

    @property
    def type(self) -> str:
        return self.header.fields.get("warc-type", "")

    @property
    def uri(self) -> str | None:
        uri = self.header.fields.get("warc-target-uri")
        return None if uri is None else bare(uri)

    @property
    def date(self) -> str:
        return self.header.fields.get("warc-date", "")

    @property
    def content_type(self) -> str | None:
        return self.header.fields.get("content-type")

    def block(self) -> Iterator[bytes]:
        """Yield the block, piece by piece. Raises `WarcError` where the stored bytes are damaged."""
        while self._left and not self.truncated:
            piece = self._content.take(min(self._left, _PIECE))
            self._left -= len(piece)
            self.truncated = not piece
            if piece:
                yield piece

    def payload(self) -> Iterator[bytes]:
        """Yield the payload: of an HTTP answer, what comes after its head, transfer coding undone. (WARC 1.1, 5.9)"""
        if self.type != "response" or not (self.content_type or "").lower().startswith("application/http"):
            yield from self.block()
            return
        found: list[bytes] = []
        reader = MessageReader(lambda piece: found.append(bytes(piece)))
        for piece in self.block():
            reader.feed(piece)
            yield from found
            found.clear()

    def finish(self) -> None:
        """Read over what is left of the block, and the line ends behind it. Raises `WarcError`."""
        for _ in self.block():
            pass
        if self.truncated:
            return
        ends = self._content.take_all(len(_ENDS))
        if not _ENDS.startswith(ends):
            raise WarcError(f"{self._content.name}: record at {self.offset:,} does not end with two CRLF")
        self._content.look_ahead()  # a gzip member's CRC comes after its last byte
        is_cut = self._content.is_cut and self._content.member == self.offset
        self.truncated = len(ends) < len(_ENDS) or is_cut


def read_records(stream: BinaryIO, *, name: str = "WARC") -> Iterator[Record]:
    """Yield the records of a WARC in file order.

    A cut-off last record is yielded and then `truncated`, since crawlers die. Raises `WarcError` where a record's
    start cannot be found, or its bytes are damaged.
    """
    content = _Content(stream, name)
    while True:
        offset = content.start_record()
        record = _next(content, offset)
        if record is None:
            return
        yield record
        record.finish()
        if record.truncated:
            return


def read_record_at(stream: BinaryIO, offset: int, length: int, *, name: str = "WARC") -> Record:
    """The record that is stored in these bytes of a seekable stream. Raises `WarcError`."""
    stream.seek(offset)
    record = _next(_Content(stream, name, limit=length), offset)
    if record is None:
        raise WarcError(f"{name}: no record at {offset:,}, the file is shorter")
    return record


def block_of(path: Path, offset: int, length: int) -> Iterator[bytes]:
    """Yield the block of the record that is stored in these bytes of a file, all of it. Raises `WarcError`."""
    with path.open("rb") as stream:
        record = read_record_at(stream, offset, length, name=str(path.name))
        yield from record.block()
        record.finish()
        if record.truncated:
            raise WarcError(f"{path.name}: record at {offset:,} is cut off within {length:,} stored bytes")


class HttpMessage(Struct, frozen=True):
    """A block of a few MB at most, split into the HTTP message's head and body as stored."""

    head: bytes
    body: bytes
    status: int | None
    mime: str | None


def http_message(record: Record, limit: int = 64 << 20) -> HttpMessage:
    """Split a record's block. Raises `WarcError` where it is no HTTP answer, or larger than `limit`."""
    if record.size > limit:
        raise WarcError(f"record {record.id}: a block of {record.size:,} bytes; stream it instead")
    block = b"".join(record.block())
    reader = MessageReader(_nowhere)
    reader.feed(block)
    if reader.head is None:
        raise WarcError(f"record {record.id}: no HTTP head in its block")
    end = reader.head_size
    return HttpMessage(block[:end], block[end:], reader.status, reader.head.media_type)


def _nowhere(_: object) -> None:
    pass


def _next(content: _Content, offset: int) -> Record | None:
    head = bytearray()
    end = -1
    while end < 0:
        piece = content.take(_PIECE)
        if not piece and not head:
            if content.is_cut:
                raise WarcError(f"{content.name}: the file ends within the gzip member at {content.member:,}")
            return None
        head += piece
        if not (head.startswith(b"WARC/") or b"WARC/".startswith(head)):
            raise WarcError(f"{content.name}: no record starts at {offset:,}, but {bytes(head[:16])!r}")
        end = head.find(_ENDS, max(0, len(head) - len(piece) - 3))
        if end < 0 and (not piece or len(head) > LONGEST):
            raise WarcError(f"{content.name}: the header of the record at {offset:,} does not end")
    content.put_back(bytes(head[end + len(_ENDS) :]))
    header = parse_header(bytes(head[:end]))
    length = header.fields.get("content-length", "")
    if LENGTH.match(length) is None:
        raise WarcError(f"{content.name}: Content-Length of the record at {offset:,} is {length[:40]!r}, not a number")
    return Record(header, offset, content)


class _Content:
    """The bytes of the records, compression undone."""

    def __init__(self, stream: BinaryIO, name: str, limit: int | None = None) -> None:
        self.name = name
        self._stream, self._limit = stream, limit
        self._stored = b""
        self._at = 0
        """Stored bytes that were taken from the stream."""
        self._ready = b""
        self._inflater: Any = None
        self.is_cut = False
        """True where the file ends within a gzip member."""
        self.member = 0
        """Where the member starts that the bytes in hand are from."""
        self._is_gzip: bool | None = None

    def start_record(self) -> int:
        """Where the next record starts: behind the bytes that are ready, or with the next member."""
        self.look_ahead()
        return self.member if self._is_gzip else self._at - len(self._ready)

    def look_ahead(self) -> None:
        """Have the next bytes ready, if there are any."""
        if not self._ready:
            self._ready = self._more()

    def put_back(self, data: bytes) -> None:
        self._ready = data + self._ready

    def take(self, most: int) -> bytes:
        """Up to so many bytes; none at the end."""
        self.look_ahead()
        taken, self._ready = self._ready[:most], self._ready[most:]
        return taken

    def take_all(self, size: int) -> bytes:
        taken = b""
        while len(taken) < size and (piece := self.take(size - len(taken))):
            taken += piece
        return taken

    def _more(self) -> bytes:
        if self._is_gzip is None:
            self._stored = self._read() + self._read()
            self._is_gzip = self._stored.startswith(MAGIC)
            if not self._is_gzip:
                stored, self._stored = self._stored, b""
                return stored
        return self._inflate() if self._is_gzip else self._read()

    def _read(self) -> bytes:
        most = _PIECE if self._limit is None else min(_PIECE, self._limit - self._at)
        data = self._stream.read(most) if most else b""
        self._at += len(data)
        return data

    def _inflate(self) -> bytes:
        """The next bytes of this member, or of the next one; none at the end of the file."""
        while True:
            if not self._stored:
                self._stored = self._read()
                if not self._stored:
                    self.is_cut = self._inflater is not None
                    return b""
            if self._inflater is None:
                self.member = self._at - len(self._stored)
                self._inflater = inflater()
            out = self._step()
            if out:
                return out

    def _step(self) -> bytes:
        member = self._inflater
        try:
            out: bytes = member.decompress(self._stored, _PIECE)
        except Damaged as error:
            raise WarcError(f"{self.name}: the gzip member at {self.member:,} is damaged: {error}") from error
        self._stored = member.unused_data if member.eof else member.unconsumed_tail
        if member.eof:
            self._inflater = None
        return out
