"""The HTTP message in a block: its head, and its payload with transfer coding undone. (WARC 1.1, 5.9 and 6.3.2)

Fed piece by piece; it holds no more than a head. The bytes are the evidence, this is only how they are understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable

LONGEST_HEAD = 1 << 20
_LONGEST_LINE = 16 << 10
_LONGEST_TRAILERS = 64 << 10
_MIME_LENGTH = 100

_HEAD_END = re.compile(rb"\n\r?\n")
_STATUS_LINE = re.compile(rb"http/(\d+(?:\.\d+)?)[ \t]+(\d{3})(?![^ \t\r\n])")
_REQUEST_LINE = re.compile(rb"[!-~]+ [^\r\n]* http/(\d\.\d)()")
_FOLD = re.compile(rb"\n[ \t]")
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9a-z-]+\Z")
_NOT_IN_TYPE = re.compile(rb"[^!-~]")

Piece = bytes | memoryview
Sink = Callable[[Piece], None]


class HttpReader:
    """Reads one HTTP answer, 1xx answers before it included, and hands on its payload."""

    __slots__ = (
        *("status", "mime", "is_chunked", "is_plain", "interim", "has_head", "is_lost", "body_size", "stated_length"),
        *("_payload", "_raw", "_pending", "_left", "_dechunker", "_spend", "_is_request"),
    )

    def __init__(self, payload: Sink, raw: Sink, spend: Callable[[int], bool], *, is_request: bool = False) -> None:
        """`payload` gets the payload; `raw` the body as stored, where transfer coding makes that another thing."""
        self.status: int | None = None
        self.mime: str | None = None
        self.is_chunked = False
        self.is_plain = True
        """CRLF line ends throughout, no folded lines: every reader parses it alike."""
        self.interim = 0
        self.has_head = False
        self.is_lost = False
        """No head of an HTTP answer was found where one must be."""
        self.body_size = 0
        """Bytes after the head, as stored."""
        self.stated_length: int | None = None
        self._payload, self._raw, self._spend, self._is_request = payload, raw, spend, is_request
        self._pending = b""
        self._left: int | None = None
        self._dechunker: Dechunker | None = None

    @property
    def is_whole(self) -> bool | None:
        """Whether as much came as the message says itself; None where it does not say, or must have no body."""
        if self._dechunker is not None:
            return None if self._dechunker.is_broken or self._dechunker.is_spent else self._dechunker.is_ended
        return None if self.stated_length is None else self._left == 0

    @property
    def is_undone(self) -> bool:
        """True where the payload was found: there is a head, and its transfer coding could be undone."""
        return self.has_head and not (self._dechunker is not None and self._dechunker.is_spent)

    def feed(self, data: Piece) -> None:
        if not self.has_head:
            found = None if self.is_lost else self._find_head(data)
            if found is None:
                return
            data = found
        self.body_size += len(data)
        if self._dechunker is not None:
            self._raw(data)
            self._dechunker.feed(data)
        elif self._left is None:
            self._payload(data)
        elif self._left:
            self._payload(data[: self._left])
            self._left -= min(self._left, len(data))

    def _find_head(self, data: Piece) -> memoryview | None:
        """The first bytes of the body, once the head of the final answer has been read."""
        searched = max(len(self._pending) - 3, 0)
        buffer = self._pending + data if self._pending else bytes(data)
        at = 0
        while (found := _HEAD_END.search(buffer, max(at + _line_ends(buffer, at), searched))) is not None:
            head, at, searched = buffer[at : found.end()], found.end(), 0
            if not self._read_head(head):
                self._pending, self.is_lost = b"", True
                return None
            if not 100 <= (self.status or 0) < 200 or self.status == 101:
                self.has_head, self._pending = True, b""
                return memoryview(buffer)[at:]
            self.interim += 1
        self._pending, self.is_lost = buffer[at:], len(buffer) - at > LONGEST_HEAD
        return None

    def _read_head(self, head: bytes) -> bool:
        folded = head.lower().lstrip(b"\r\n")
        line = (_REQUEST_LINE if self._is_request else _STATUS_LINE).match(folded)
        if line is None:
            return False
        self.status = None if self._is_request else int(line[2])
        ends = head.count(b"\r\n")
        self.is_plain = head.count(b"\n") == ends == head.count(b"\r") and _FOLD.search(head) is None
        folded = folded if self.is_plain else _unfolded(folded)
        types = values_of(folded, b"content-type")
        self.mime = media_type(types[0]) if types else None
        codings = [coding.strip() for value in values_of(folded, b"transfer-encoding") for coding in value.split(b",")]
        self.is_chunked = False
        self._left = self.stated_length = None
        if self.status in (204, 304, *range(100, 200)):
            self._left = 0
        elif codings and line[1] not in (b"1.0", b"0.9"):
            if codings[-1] == b"chunked":
                self.is_chunked = True
                self._dechunker = Dechunker(self._payload, self._spend)
        else:
            self._left = self.stated_length = stated_length(values_of(folded, b"content-length"))
        return True


def media_type(stated: bytes) -> str | None:
    """A Content-Type without its parameters, lower case; None where it is none."""
    name = stated.partition(b";")[0].strip().lower()[:_MIME_LENGTH]
    return None if not name or _NOT_IN_TYPE.search(name) else name.decode()


def _line_ends(buffer: bytes, at: int) -> int:
    """How many line ends lead a head: servers send them before the status line."""
    count = 0
    while buffer[at + count : at + count + 1] in (b"\r", b"\n"):
        count += 1
    return count


def _unfolded(folded: bytes) -> bytes:
    """The fields of a head with folded lines joined, as the recorder joins them: to the last line that is a field."""
    fields: list[bytes] = []
    for line in folded.split(b"\n")[1:]:
        if line[:1] not in (b" ", b"\t"):
            name, colon, _ = line.partition(b":")
            if colon and _TOKEN.match(name.strip()):
                fields.append(line.rstrip(b"\r"))
        elif fields:
            fields[-1] += b" " + line.strip()
    return b"\n" + b"\n".join(fields) + b"\n"


def values_of(folded: bytes, name: bytes) -> list[bytes]:
    """The values of a field in a lower-case head, in order."""
    values = []
    at = folded.find(b"\n" + name)
    while at >= 0:
        end = folded.find(b"\n", at + 1)
        between, colon, value = folded[at + 1 + len(name) : end].partition(b":")
        if colon and not between.strip():
            values.append(value.strip())
        at = folded.find(b"\n" + name, end)
    return values


def stated_length(values: list[bytes]) -> int | None:
    """The one length that is stated; None where there is none, or several that differ. (RFC 9112, section 6.3)"""
    stated = {length.strip() for value in values for length in value.split(b",")}
    if len(stated) != 1:
        return None
    (length,) = stated
    return int(length) if length.isdigit() and len(length) <= 18 else None


class Dechunker:
    """Undoes the chunked transfer coding. (RFC 9112, section 7.1)"""

    __slots__ = ("_left", "_line", "_sink", "_spend", "_state", "_trailers", "is_broken", "is_ended", "is_spent")

    def __init__(self, sink: Sink, spend: Callable[[int], bool]) -> None:
        """`spend` is asked before each chunk: a hostile body can have millions of them in a few stored bytes."""
        self._sink, self._spend = sink, spend
        self._state = "size"
        self._line = b""
        self._left = 0
        self._trailers = 0
        self.is_ended = False
        self.is_broken = False
        self.is_spent = False

    def feed(self, data: Piece) -> None:
        buffer = bytes(data)
        view = memoryview(buffer)
        at = 0
        while at < len(buffer) and not (self.is_ended or self.is_broken or self.is_spent):
            if self._state == "data":
                piece = view[at : at + self._left]
                self._sink(piece)
                at += len(piece)
                self._left -= len(piece)
                if not self._left:
                    self._state = "data-end"
            else:
                at = self._feed_line(buffer, at)

    def _feed_line(self, buffer: bytes, at: int) -> int:
        end = buffer.find(b"\n", at) + 1
        self._line += buffer[at:end] if end else buffer[at : at + _LONGEST_LINE + 1]
        if not end:
            self.is_broken = len(self._line) > _LONGEST_LINE
            return len(buffer)
        line, self._line = self._line, b""
        if self._state == "size":
            self._begin_chunk(line)
        elif self._state == "data-end":
            self._state = "size"
            self.is_broken = bool(line.strip(b"\r\n"))
        else:
            self._trailers += len(line)
            self.is_ended = not line.strip(b"\r\n")
            self.is_broken = not self.is_ended and self._trailers > _LONGEST_TRAILERS
        return end

    def _begin_chunk(self, line: bytes) -> None:
        digits = line.partition(b";")[0].strip()
        if not digits or len(digits) > 16 or digits.strip(b"0123456789abcdefABCDEF"):
            self.is_broken = True
        elif not self._spend(1):
            self.is_spent = True
        else:
            self._left = int(digits, 16)
            self._state = "data" if self._left else "trailers"
