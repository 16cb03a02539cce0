"""Reads one message: 1xx heads before it, its head, its body. (RFC 9112)

Fed piece by piece; it holds no more than a head. Everything takes time linear in the bytes, and the limits here are the
only ones: what the network client accepts as a response, a reader of the stored record accepts too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from archive.http.chunked import ChunkedDecoder, Piece, Sink
from archive.http.framing import Chunked, Framing, framing_of
from archive.http.head import Head, parse_head
from archive_manifests.notes import Note

MAX_HEAD = 1 << 20
"""Bytes of one head, line ends before it included."""
MAX_INTERIM = 32
"""1xx responses before the final one."""

_HEAD_END = re.compile(rb"\n\r?\n")
_LINE_ENDS = re.compile(rb"[\r\n]*+")


class MessageReader:
    """Reads one response, 1xx responses before it included, or one request; passes on its payload."""

    __slots__ = (
        *("body_size", "head", "head_size", "interim", "is_unread", "problem", "raw_head"),
        *("_buffer", "_framing", "_is_request", "_leading", "_method", "_raw", "_searched", "_sink", "_spend"),
    )

    def __init__(
        self,
        sink: Sink,
        *,
        method: str = "GET",
        is_request: bool = False,
        raw: Sink | None = None,
        spend: Callable[[int], bool] | None = None,
    ) -> None:
        """`sink` gets the payload; `raw` the body as sent, where transfer coding makes that another thing.

        `method` is that of the request. `spend` is called with the number of small chunks that a piece had: a hostile
        body has millions of them in a few stored bytes. Where it returns False the payload is given up.
        """
        self.head: Head | None = None
        """The final head."""
        self.raw_head = b""
        """Its bytes, line ends before it and the empty line behind it included."""
        self.interim = 0
        """1xx heads before the final one."""
        self.head_size = 0
        """Bytes of all heads so far."""
        self.body_size = 0
        """Bytes of the body so far, as sent."""
        self.problem: str | None = None
        """Why no head can be found: `not-http`, `head-too-long` or `too-many-interim`."""
        self.is_unread = False
        """True where the transfer coding was given up."""
        self._sink, self._raw, self._spend = sink, raw, spend
        self._method, self._is_request = method, is_request
        self._buffer = bytearray()
        self._leading = 0
        self._searched = 0
        self._framing: Framing | None = None

    @property
    def status(self) -> int | None:
        return self.head.status or None if self.head else None

    @property
    def framing(self) -> str:
        """How the body ends: `none`, `length`, `chunked` or `close`."""
        return self._framing.name if self._framing else "none"

    @property
    def fault(self) -> Note | None:
        """What was wrong with the framing of the body."""
        return self._framing.fault if self._framing else None

    @property
    def is_complete(self) -> bool:
        """True where the message has ended by its own statement."""
        return self._framing is not None and self._framing.is_complete

    @property
    def may_end_here(self) -> bool:
        """True where the end of the connection is a sound end of the message."""
        return self._framing is not None and self._framing.may_end_here

    @property
    def is_whole(self) -> bool | None:
        """Whether as much came as the message states; None where it states nothing, or was not read."""
        return None if self._framing is None or self.is_unread else self._framing.is_whole

    @property
    def has_payload(self) -> bool:
        """True where the payload was found: there is a head, and its transfer coding could be undone."""
        return self.head is not None and not self.is_unread

    @property
    def small_chunks(self) -> int:
        """Chunks so short that reading them costs more than their bytes do."""
        return self._framing.decoder.small_chunks if isinstance(self._framing, Chunked) else 0

    def feed(self, data: Piece) -> int:
        """Take the next bytes; how many of them belong to the message. Those of a message without a head all do."""
        if self._framing is None:
            rest = self._feed_head(data) if self.problem is None else None
            if rest is None:
                return len(data)
            return len(data) - len(rest) + self._feed_body(rest)
        return self._feed_body(data)

    def _feed_body(self, data: Piece) -> int:
        framing = self._framing
        assert framing is not None
        if isinstance(framing, Chunked):
            return self._feed_chunks(framing, data)
        taken = framing.feed(data, self._sink)
        self.body_size += taken
        return taken

    def _feed_chunks(self, framing: Chunked, data: Piece) -> int:
        if self._raw is not None:
            self._raw(data)
        if self.is_unread:
            self.body_size += len(data)
            return len(data)
        before = framing.decoder.small_chunks
        taken = framing.feed(data, self._sink)
        spent = framing.decoder.small_chunks - before
        self.is_unread = bool(spent) and self._spend is not None and not self._spend(spent)
        self.body_size += taken
        return taken

    def _feed_head(self, data: Piece) -> Piece | None:
        """The first bytes of the body, once the head of the final response has been read."""
        if not self._buffer and isinstance(data, bytes) and (rest := self._feed_whole_head(data)) is not None:
            return rest
        buffer = self._buffer
        buffer += data
        while True:
            end = self._head_end(buffer)
            if end is None and not self._could_be_http(buffer):
                self._give_up("not-http")
                return None
            if (end or len(buffer)) > MAX_HEAD:
                self._give_up("head-too-long")
                return None
            if end is None:
                return None
            raw = bytes(buffer[:end])
            head = parse_head(raw, is_request=self._is_request)
            if head is None:
                self._give_up("not-http")
                return None
            del buffer[:end]
            self.head_size += end
            self._leading = self._searched = 0
            if not head.is_interim:
                self._end_head(head, raw)
                return memoryview(data)[len(data) - len(buffer) :]
            self.interim += 1
            if self.interim > MAX_INTERIM:
                self._give_up("too-many-interim")
                return None

    def _feed_whole_head(self, data: bytes) -> Piece | None:
        """The first bytes of the body, where one piece begins with the whole final head, as nearly every one does."""
        found = _HEAD_END.search(data) if data.startswith(b"HTTP/") and not self._is_request else None
        if found is None or found.end() > MAX_HEAD:
            return None
        raw = data[: found.end()]
        head = parse_head(raw)
        if head is None or head.is_interim:
            return None
        self.head_size += len(raw)
        self._end_head(head, raw)
        return memoryview(data)[len(raw) :]

    def _head_end(self, buffer: bytearray) -> int | None:
        """Bytes up to the end of the next head. A bare LF counts as a line end. (RFC 9112, section 2.2)"""
        if self._leading == self._searched:
            self._leading = self._searched = _LINE_ENDS.match(buffer, self._leading).end()  # type: ignore[union-attr]
        found = _HEAD_END.search(buffer, max(self._leading, self._searched - 2))
        self._searched = len(buffer)
        return found.end() if found else None

    def _could_be_http(self, buffer: bytearray) -> bool:
        return self._is_request or b"HTTP/".startswith(buffer[self._leading : self._leading + 5].upper())

    def _end_head(self, head: Head, raw: bytes) -> None:
        self.head, self.raw_head = head, raw
        self._framing = framing_of(head, self._method)

    def _give_up(self, problem: str) -> None:
        self.problem, self._buffer = problem, bytearray()


def payload_of(framing: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Undo the transfer coding of a stored body: `framing` is its name. A body that was cut yields what it has."""
    if framing != "chunked":
        yield from pieces
        return
    decoder, found = ChunkedDecoder(), list[bytes]()
    for piece in pieces:
        decoder.feed(piece, lambda part: found.append(bytes(part)))
        yield from found
        found.clear()
