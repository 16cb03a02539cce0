"""The head of an answer, read leniently: the bytes are the evidence, this is only how we understand them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STATUS_LINE = re.compile(rb"HTTP/(\d+(?:\.\d+)?)[ \t]+(\d{3})(?:[ \t]+([^\r\n]*))?[ \t]*\Z", re.IGNORECASE)
_HEAD_END = re.compile(rb"\n\r?\n")
_CRLF_ONLY = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")

LONGEST_START = 16
"""Bytes after which it is plain whether an answer is HTTP: leading line ends and `HTTP/`."""


@dataclass(frozen=True, slots=True)
class Head:
    """One parsed head: status line and fields."""

    version: str
    status: int
    reason: str
    """Latin-1, as HTTP heads are."""
    fields: tuple[tuple[str, str], ...]
    """Name and value in order; folded lines joined, lines without a colon left out."""
    is_plain: bool
    """CRLF line ends and one `name: value` a line: what every WARC reader parses alike. (RFC 9112, section 2.2)"""

    def all(self, name: str) -> list[str]:
        """Every value of a field, in order. Names are compared without case. (RFC 9110, section 5.1)"""
        name = name.lower()
        return [value for field, value in self.fields if field.lower() == name]

    def get(self, name: str, default: str | None = None) -> str | None:
        return next(iter(self.all(name)), default)


def could_be_http(start: bytes) -> bool:
    """Say whether these first bytes may still turn out to be an HTTP answer."""
    start = start.lstrip(b"\r\n")[:5].upper()
    return b"HTTP/".startswith(start)


def head_length(data: bytes | bytearray, searched: int = 0) -> int | None:
    """Bytes of the head with its empty line, or None where it has not ended yet. Bare LF counts as a line end."""
    lead = len(data) - len(data.lstrip(b"\r\n"))
    found = _HEAD_END.search(data, max(lead, searched - 3))
    return found.end() if found else None


def parse_head(data: bytes) -> Head | None:
    """Read a head, empty line included; None where its first line is no HTTP status line."""
    lines = data.lstrip(b"\r\n").replace(b"\r\n", b"\n").split(b"\n")
    start = _STATUS_LINE.match(lines[0].rstrip(b"\r"))
    if start is None:
        return None
    is_plain = _CRLF_ONLY.search(data) is None and not data.startswith((b"\r", b"\n"))
    fields: list[tuple[str, str]] = []
    for raw in lines[1:]:
        line = raw.decode("latin-1").rstrip("\r")
        if not line:
            continue
        if line[0] in " \t":
            is_plain = False
            if fields:
                fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if not colon or not _TOKEN.match(name.strip()):
            is_plain = False
            continue
        is_plain = is_plain and name == name.strip()
        fields.append((name.strip(), value.strip(" \t")))
    return Head(start[1].decode(), int(start[2]), (start[3] or b"").decode("latin-1"), tuple(fields), is_plain)


_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")


def oddities_of(raw: bytes, head: Head) -> list[str]:
    """Say what is unusual about a final head; `raw` is its bytes, empty line included."""
    found = [] if head.is_plain else list(dict.fromkeys(_lines(raw)))
    if _CONTROL.search(raw) is not None:
        found.append("control characters in the head")
    return [*found, *_ambiguities(head)]


def _lines(raw: bytes) -> Iterator[str]:
    """Deviations that the standard lets a reader mend, each in its own way. (RFC 9112, sections 2.2, 5.1, 5.2)"""
    if raw[:1] in (b"\r", b"\n"):
        yield "empty lines before the status line"
    if _BARE.search(raw.lstrip(b"\r\n")) is not None:
        yield "line ends in the head that are not CRLF"
    for line in raw.lstrip(b"\r\n").replace(b"\r\n", b"\n").split(b"\n")[1:]:
        name, colon, _ = line.partition(b":")
        if line[:1] in (b" ", b"\t"):
            yield "a field folded over several lines"
        elif line and not colon:
            yield "a line without a colon in the head"
        elif line and _NAME.match(name) is None:
            is_spaced = _NAME.match(name.strip()) is not None
            yield f"a space before the colon of {name.strip().decode()[:60]}" if is_spaced else "a field without a name"


def _ambiguities(head: Head) -> Iterator[str]:
    """Fields that contradict one another: what the body is depends on who reads it. (RFC 9112, section 6)"""
    encodings = head.all("Transfer-Encoding")
    if encodings:
        if head.all("Content-Length"):
            yield "Content-Length beside Transfer-Encoding"
        if head.version in ("0.9", "1.0"):
            yield f"Transfer-Encoding in an answer of HTTP/{head.version}"
        if len(encodings) > 1:
            yield "Transfer-Encoding more than once"
        if [encoding.strip().lower() for encoding in encodings[-1].split(",")] != ["chunked"]:
            yield "a Transfer-Encoding other than chunked"
    if len(set(head.all("Location"))) > 1:
        yield "Location fields that differ"
    if head.status < 100:
        yield f"a status below 100: {head.status:03}"
