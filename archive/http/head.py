"""The head of a message, read leniently: the bytes are the evidence, this is only how we understand them."""

from __future__ import annotations

import re
from functools import lru_cache
from sys import intern

from msgspec import Struct

# The first digit is the class of a response, and 0 is none; servers do send 6xx to 9xx. (RFC 9110, section 15)
_STATUS_LINE = re.compile(rb"HTTP/(\d{1,9}(?:\.\d{1,9})?)[ \t]+([1-9]\d{2})(?![^ \t\r\n])", re.IGNORECASE)
_REQUEST_LINE = re.compile(rb"[!-~]+ [^\r\n]*+(?<= http/(?P<version>\d\.\d))", re.IGNORECASE)
_PLAIN_FIELDS = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]++:[^\r\n]*+\r\n)*+\r\n")
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_FOLD = re.compile(rb"\n[ \t]")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_NOT_IN_TYPE = re.compile(r"[^!-~]")
_TYPE_LENGTH = 100
_OFTEN_SAID = 200
"""Characters of a line up to which it may be one that many responses have."""


class Head(Struct, frozen=True):
    """One parsed head: start line and fields."""

    version: str
    status: int
    """0 for a request."""
    reason: str
    """Latin-1, as HTTP heads are."""
    fields: tuple[tuple[str, str], ...]
    """Name and value in order; folded lines joined, lines without a colon left out."""
    is_plain: bool
    """CRLF line ends and one `name: value` a line: what every WARC reader parses alike. (RFC 9112, section 2.2)"""
    has_plain_lines: bool = True
    """CRLF line ends throughout and no folded line, whatever the lines say."""

    def all(self, name: str) -> list[str]:
        """Every value of a field, in order. Names are compared without case. (RFC 9110, section 5.1)"""
        folded, size = name.lower(), len(name)
        return [value for field, value in self.fields if len(field) == size and field.lower() == folded]

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of a field."""
        folded, size = None, len(name)
        for field, value in self.fields:
            if len(field) != size:
                continue
            if field == name:  # as nearly every server spells it
                return value
            if folded is None:
                folded = name.lower()
            if field.lower() == folded:
                return value
        return default

    @property
    def is_interim(self) -> bool:
        """True for a 1xx head after which another head follows; 101 ends HTTP. (RFC 9110, section 15.2)"""
        return 100 <= self.status < 200 and self.status != 101

    @property
    def media_type(self) -> str | None:
        """Content-Type without its parameters, lower case; None where it is none."""
        stated = self.get("Content-Type")
        return None if stated is None else media_type(stated)


def utf8_text(value: str) -> str:
    """The text of a field: heads are read as Latin-1, and what servers mean by bytes above 127 is UTF-8."""
    return value.encode("latin-1", "replace").decode("utf-8", "replace")


def media_type(stated: str) -> str | None:
    """A Content-Type without its parameters, lower case; None where it is none. (RFC 9110, section 8.3.1)"""
    name = stated.partition(";")[0].strip(" \t").lower()[:_TYPE_LENGTH]
    return None if not name or _NOT_IN_TYPE.search(name) else name


def parse_head(data: bytes, *, is_request: bool = False) -> Head | None:
    """Read a head, its empty line included; None where its first line is no start line. Linear in its length."""
    lines_at = len(data) - len(data.lstrip(b"\r\n"))
    start = (_REQUEST_LINE if is_request else _STATUS_LINE).match(data, lines_at)
    if start is None:
        return None
    end = data.find(b"\n", start.end()) + 1 or len(data)
    version, status, reason = start["version"] if is_request else start[1], 0, b""
    if not is_request:
        status, reason = int(start[2]), data[start.end() : end].strip(b" \t\r\n")
    is_plain = lines_at == 0 and data[end - 2 : end - 1] == b"\r" and b"\r" not in data[start.end() : end - 2]
    is_plain = is_plain and _PLAIN_FIELDS.fullmatch(data, end) is not None
    fields = _plain_fields(data[end:]) if is_plain else _lenient_fields(data[end:])
    has_plain_lines = is_plain or (_BARE.search(data) is None and _FOLD.search(data, lines_at) is None)
    words = intern(version.decode()), status, intern(reason.decode("latin-1"))
    return Head(*words, fields, is_plain, has_plain_lines)


def _plain_fields(data: bytes) -> tuple[tuple[str, str], ...]:
    lines = data.decode("latin-1").split("\r\n")[:-2]
    return tuple([_known_field(line) if len(line) < _OFTEN_SAID else _field(line) for line in lines])


def _field(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return intern(name), value.strip(" \t")


# Thousands of heads are in memory at once, and most of what they say is the same.
_known_field = lru_cache(maxsize=4096)(_field)


def _lenient_fields(data: bytes) -> tuple[tuple[str, str], ...]:
    """The fields of a head that is not plain: bare line feeds, folded lines, spaces before a colon."""
    fields: list[tuple[str, list[str]]] = []
    for line in data.decode("latin-1").replace("\r\n", "\n").split("\n"):
        text = line.rstrip("\r")
        if text[:1] in (" ", "\t"):
            if fields:
                fields[-1][1].append(text.strip())
            continue
        name, colon, value = text.partition(":")
        if colon and _TOKEN.match(name.strip()):
            fields.append((name.strip(), [value.strip(" \t")]))
    return tuple((name, " ".join(values)) for name, values in fields)


_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/(?:([0-9]{1,18})|\*)\Z")


def content_range(stated: str | None) -> tuple[int, int, int | None] | None:
    """First and last byte of the range that a response states, and the size of the whole, where it does.

    (RFC 9110, section 14.4)
    """
    found = _CONTENT_RANGE.match((stated or "").strip())
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]) if found[3] else None)


ERROR_STATUS = 400
"""The least status by which a server says that it does not give what was requested. (RFC 9110, 15)"""


def is_error(status: int | None) -> bool:
    return status is not None and status >= ERROR_STATUS
