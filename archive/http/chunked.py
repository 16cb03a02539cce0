"""The chunked transfer coding, with extensions and trailers. (RFC 9112, section 7.1)"""

from __future__ import annotations

import re
from collections.abc import Callable

from archive_manifests.notes import Note, note

MAX_LINE = 16 << 10
"""Bytes of one line between chunks, its extensions included."""
MAX_TRAILERS = 64 << 10
SMALL = 1024
"""Bytes below which a chunk costs its reader more than its bytes do."""

Piece = bytes | memoryview
Sink = Callable[[Piece], object]

_DIGITS = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t\r\n]*(?:;|\Z)")
_CHUNK_START = re.compile(rb"([0-9A-Fa-f]{1,16})\r\n")


class ChunkedDecoder:
    """Finds the payload and the end of a chunked body. What it reports never depends on how the bytes are split."""

    __slots__ = ("_left", "_line", "_state", "_trailers", "fault", "small_chunks")

    def __init__(self) -> None:
        self.fault: Note | None = None
        """What was wrong with the coding; from there on, no byte of the body is payload."""
        self.small_chunks = 0
        """Chunks of under `SMALL` bytes so far."""
        self._state = "size"
        self._line = bytearray()
        self._left = 0
        self._trailers = 0

    @property
    def is_complete(self) -> bool:
        return self._state == "end"

    def feed(self, data: Piece, sink: Sink) -> int:
        """Hand the payload among the next bytes to `sink`; how many of them belong to the body."""
        buffer = data if isinstance(data, bytes) else bytes(data)
        view = memoryview(buffer)
        at, size = 0, len(buffer)
        while at < size and self._state != "end":
            if self._state == "broken":
                return size
            if self._state == "data":
                piece = view[at : at + self._left]
                sink(piece)
                at += len(piece)
                self._left -= len(piece)
                if not self._left:
                    self._state = "data-end"
                continue
            if self._state == "size" and not self._line:
                at = self._whole_chunks(buffer, view, at, sink)
            at = self._feed_line(buffer, at)
        return at

    def _whole_chunks(self, buffer: bytes, view: memoryview, at: int, sink: Sink) -> int:
        """Take the chunks that lie whole in the buffer and are as plain as can be; the position behind them."""
        match = _CHUNK_START.match
        while (line := match(buffer, at)) is not None:
            start = line.end()
            length = int(line[1], 16)
            end = start + length
            if not length or buffer[end : end + 2] != b"\r\n":
                break
            sink(view[start:end])
            self.small_chunks += length < SMALL
            at = end + 2
        return at

    def _feed_line(self, buffer: bytes, at: int) -> int:
        end = buffer.find(b"\n", at, at + MAX_LINE + 1) + 1
        self._line += buffer[at : end or at + MAX_LINE + 1]
        if len(self._line) > MAX_LINE:
            self._break("chunk-line-too-long")
        elif end:
            line, self._line = bytes(self._line), bytearray()
            self._end_line(line)
        return end or len(buffer)

    def _end_line(self, line: bytes) -> None:
        if self._state == "size":
            self._begin_chunk(line)
        elif self._state == "data-end":
            if line.strip(b"\r\n"):
                self._break("chunk-too-long")
            else:
                self._state = "size"
        else:
            self._end_trailer(line)

    def _begin_chunk(self, line: bytes) -> None:
        digits = _DIGITS.match(line)
        if digits is None:
            self._break("chunk-size-unreadable")
            return
        self._left = int(digits[1], 16)
        self.small_chunks += self._left < SMALL
        self._state = "data" if self._left else "trailers"

    def _end_trailer(self, line: bytes) -> None:
        self._trailers += len(line)
        if not line.strip(b"\r\n"):
            self._state = "end"
        elif self._trailers > MAX_TRAILERS:
            self._break("trailers-too-long")

    def _break(self, fault: str) -> None:
        self.fault, self._state, self._line = note(fault), "broken", bytearray()
