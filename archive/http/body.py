"""Where the body of an answer ends. (RFC 9112, section 6.3)

A framer is fed the bytes after the head and says how many of them belong to the body; it never changes them.
It also marks which of them are payload, so that transfer coding can be undone from the tape. (WARC 1.1, section 5.9)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from archive.http.head import Head

_LONGEST_LINE = 16 << 10
_LONGEST_TRAILERS = 64 << 10
_MOST_DIGITS = 18


class Framer(Protocol):
    """One way to tell the end of a body."""

    name: str
    """`none`, `length`, `chunked` or `close`."""
    fault: str | None
    """What was wrong with the framing, in a few words."""

    def feed(self, data: bytes) -> tuple[int, list[bytes]]:
        """Take the next bytes: how many of them are the body's, and the payload among them."""

    @property
    def is_complete(self) -> bool:
        """True where the body has ended by its own statement."""

    @property
    def may_end_here(self) -> bool:
        """True where the end of the connection is a sound end of the body."""


class NoBody:
    """HEAD, 1xx, 204 and 304 have none."""

    name = "none"
    fault: str | None = None
    is_complete = True
    may_end_here = True

    def feed(self, data: bytes) -> tuple[int, list[bytes]]:
        return 0, []


class ByLength:
    """`Content-Length` octets."""

    name = "length"
    fault: str | None = None

    def __init__(self, length: int) -> None:
        self._left = length

    def feed(self, data: bytes) -> tuple[int, list[bytes]]:
        taken = min(self._left, len(data))
        self._left -= taken
        return taken, [data[:taken]] if taken else []

    @property
    def is_complete(self) -> bool:
        return self._left == 0

    @property
    def may_end_here(self) -> bool:
        return self._left == 0


class ToClose:
    """Everything up to the end of the connection."""

    name = "close"
    is_complete = False

    def __init__(self, fault: str | None = None, least: int = 0) -> None:
        self.fault = fault
        self._missing = least

    def feed(self, data: bytes) -> tuple[int, list[bytes]]:
        self._missing -= len(data)
        return len(data), [data] if data else []

    @property
    def may_end_here(self) -> bool:
        return self._missing <= 0


class Chunked:
    """The chunked transfer coding, with extensions and trailers. (RFC 9112, section 7.1)"""

    name = "chunked"

    def __init__(self) -> None:
        self.fault: str | None = None
        self._state = "size"
        self._line = bytearray()
        self._left = 0
        self._trailers = 0

    @property
    def is_complete(self) -> bool:
        return self._state == "end"

    @property
    def may_end_here(self) -> bool:
        return self._state == "end"

    def feed(self, data: bytes) -> tuple[int, list[bytes]]:
        at = 0
        payload: list[bytes] = []
        while at < len(data) and self._state != "end":
            if self._state == "broken":
                return len(data), payload
            if self._state == "data":
                piece = data[at : at + self._left]
                payload.append(piece)
                at += len(piece)
                self._left -= len(piece)
                if not self._left:
                    self._state = "data-end"
            else:
                at = self._feed_line(data, at)
        return at, payload

    def _feed_line(self, data: bytes, at: int) -> int:
        end = data.find(b"\n", at)
        self._line += data[at : end + 1 if end >= 0 else len(data)]
        if end < 0:
            if len(self._line) > _LONGEST_LINE:
                self._break("a chunk's line is too long")
            return len(data)
        line, self._line = bytes(self._line), bytearray()
        if self._state == "size":
            self._begin_chunk(line)
        elif self._state == "data-end":
            if line.strip(b"\r\n"):
                self._break("a chunk is longer than it says")
            else:
                self._state = "size"
        else:
            self._end_trailers(line)
        return end + 1

    def _begin_chunk(self, line: bytes) -> None:
        digits = line.partition(b";")[0].strip()
        if not digits or len(digits) > 16 or digits.strip(b"0123456789abcdefABCDEF"):
            self._break("a chunk's size is not a hexadecimal number")
            return
        self._left = int(digits, 16)
        self._state = "data" if self._left else "trailers"

    def _end_trailers(self, line: bytes) -> None:
        self._trailers += len(line)
        if not line.strip(b"\r\n"):
            self._state = "end"
        elif self._trailers > _LONGEST_TRAILERS:
            self._break("trailers are too long")

    def _break(self, fault: str) -> None:
        self.fault, self._state = fault, "broken"


def framer_for(method: str, head: Head) -> Framer:
    """Choose how the body of this answer ends. (RFC 9112, section 6.3)"""
    if method == "HEAD" or head.status in (204, 304) or 100 <= head.status < 200:
        return NoBody()
    codings = [coding.strip().lower() for value in head.all("Transfer-Encoding") for coding in value.split(",")]
    if codings and head.version not in ("1.0", "0.9"):
        return Chunked() if codings[-1] == "chunked" else ToClose()
    stated = {length.strip() for value in head.all("Content-Length") for length in value.split(",")}
    if not stated:
        return ToClose()
    if any(not (length.isascii() and length.isdigit()) for length in stated):
        return ToClose("Content-Length is not a number")
    if any(len(length.lstrip("0")) > _MOST_DIGITS for length in stated):
        return ToClose("Content-Length is beyond all measure", least=10**_MOST_DIGITS)
    lengths = {int(length) for length in stated}
    if len(lengths) > 1:
        return ToClose("two different Content-Lengths", least=max(lengths))
    return ByLength(lengths.pop())


def payload_of(name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Undo the transfer coding of a stored body: `name` is the framer's. A body cut short yields what came."""
    if name != "chunked":
        yield from pieces
        return
    framer = Chunked()
    for piece in pieces:
        yield from framer.feed(piece)[1]
