"""Where the body of a message ends. (RFC 9112, section 6.3)

A framing is fed the bytes after the head and counts how many of them belong to the body; it never changes them.
"""

from __future__ import annotations

from typing import Protocol

from archive.http.chunked import ChunkedDecoder, Piece, Sink
from archive.http.head import Head
from archive_manifests.notes import Note, note

_MAX_DIGITS = 18


class Framing(Protocol):
    """One way to tell the end of a body."""

    name: str
    """`none`, `length`, `chunked` or `close`."""

    @property
    def fault(self) -> Note | None:
        """What was wrong with the framing."""

    def feed(self, data: Piece, sink: Sink) -> int:
        """Hand the payload among the next bytes to `sink`; how many of them belong to the body."""

    @property
    def is_complete(self) -> bool:
        """True where the body has ended by its own statement."""

    @property
    def may_end_here(self) -> bool:
        """True where the end of the connection is a sound end of the body."""

    @property
    def is_whole(self) -> bool | None:
        """Whether as much came as the message states; None where it states nothing."""


class NoBody:
    """HEAD, 1xx, 204 and 304 have none."""

    name = "none"
    fault: Note | None = None
    is_complete = True
    may_end_here = True
    is_whole: bool | None = None

    def feed(self, data: Piece, sink: Sink) -> int:
        return 0


class ByLength:
    """`Content-Length` octets."""

    name = "length"
    fault: Note | None = None

    def __init__(self, length: int) -> None:
        self._left = length

    def feed(self, data: Piece, sink: Sink) -> int:
        taken = min(self._left, len(data))
        self._left -= taken
        if taken:
            sink(data if taken == len(data) else data[:taken])
        return taken

    @property
    def is_complete(self) -> bool:
        return self._left == 0

    @property
    def may_end_here(self) -> bool:
        return self._left == 0

    @property
    def is_whole(self) -> bool | None:
        return self._left == 0


class ToClose:
    """Everything up to the end of the connection."""

    name = "close"
    is_complete = False
    is_whole: bool | None = None

    def __init__(self, fault: Note | None = None, least: int = 0) -> None:
        self.fault = fault
        self._missing = least

    def feed(self, data: Piece, sink: Sink) -> int:
        self._missing -= len(data)
        if len(data):
            sink(data)
        return len(data)

    @property
    def may_end_here(self) -> bool:
        return self._missing <= 0


class Chunked:
    """The chunked transfer coding."""

    name = "chunked"

    def __init__(self) -> None:
        self.decoder = ChunkedDecoder()
        self.feed = self.decoder.feed

    @property
    def fault(self) -> Note | None:
        return self.decoder.fault

    @property
    def is_complete(self) -> bool:
        return self.decoder.is_complete

    @property
    def may_end_here(self) -> bool:
        return self.decoder.is_complete

    @property
    def is_whole(self) -> bool | None:
        return None if self.decoder.fault is not None else self.decoder.is_complete


def framing_of(head: Head, method: str = "GET") -> Framing:
    """Choose how the body of this message ends; `method` is the request's. (RFC 9112, section 6.3)"""
    if method == "HEAD" or head.status in (204, 304) or 100 <= head.status < 200:
        return NoBody()
    encodings = head.all("Transfer-Encoding")
    codings = [coding.strip().lower() for value in encodings for coding in value.split(",")] if encodings else ()
    if codings and head.version not in ("1.0", "0.9"):
        return Chunked() if codings[-1] == "chunked" else ToClose()
    values = head.all("Content-Length")
    if len(values) == 1 and values[0].isdecimal() and values[0].isascii() and len(values[0]) <= _MAX_DIGITS:
        return ByLength(int(values[0]))  # as nearly every server states it
    stated = {length.strip() for value in values for length in value.split(",")}
    if not stated:
        return ToClose()
    if any(not (length.isascii() and length.isdigit()) for length in stated):
        return ToClose(note("length-not-a-number"))
    if any(len(length.lstrip("0")) > _MAX_DIGITS for length in stated):
        return ToClose(note("length-too-large"), least=10**_MAX_DIGITS)
    lengths = {int(length) for length in stated}
    if len(lengths) > 1:
        return ToClose(note("lengths-differ"), least=max(lengths))
    return ByLength(lengths.pop())
