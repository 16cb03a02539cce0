"""The heads that nearly every message has, at a fifth of the cost: what is unusual is left to `MessageReader`.

A test holds the two against each other.
"""

from __future__ import annotations

import re
from functools import lru_cache

from archive.http.head import media_type

_STATUS_LINE = re.compile(rb"http/1\.[01] ([2-5][0-9]{2})(?=[ \r])")
_REQUEST_LINE = re.compile(rb"[!-~]+ [!-~]+ http/1\.[01](?=\r)")
_LONGEST_KNOWN = 4096

Plain = tuple[int | None, str | None, int | None]
"""Status, media type and stated length."""


def plain_response(folded: bytes) -> Plain | None:
    """Read a plain response head in lower case; None where it is any but plain."""
    start = _STATUS_LINE.match(folded)
    fields = _fields(folded[start.end() :]) if start is not None else None
    if start is None or fields is None or start[1] in (b"204", b"304"):
        return None
    return int(start[1]), *fields


def plain_request(folded: bytes) -> Plain | None:
    """The same for a request, which has no status. A crawler sends the same fields over and over."""
    start = _REQUEST_LINE.match(folded)
    if start is None:
        return None
    rest = folded[start.end() :]
    fields = _known_fields(rest) if len(rest) <= _LONGEST_KNOWN else _fields(rest)
    return None if fields is None else (None, *fields)


def _fields(rest: bytes) -> tuple[str | None, int | None] | None:
    """Media type and stated length, from the rest of a head's first line on; None where any line is unusual."""
    lines = rest.count(b"\r\n")
    if rest.count(b"\n") != lines or rest.count(b"\r") != lines:
        return None
    if b"\n " in rest or b"\n\t" in rest or b"\ntransfer-encoding" in rest:
        return None
    mime = length = None
    at = rest.find(b"\ncontent-length")
    if at >= 0:
        stated = rest[at + 15 : rest.find(b"\r", at)]
        number = stated[1:].strip()
        is_once = rest.find(b"\ncontent-length", at + 15) < 0
        if stated[:1] != b":" or not number.isdigit() or len(number) > 18 or not is_once:
            return None
        length = int(number)
    at = rest.find(b"\ncontent-type")
    if at >= 0:
        stated = rest[at + 13 : rest.find(b"\r", at)]
        if stated[:1] != b":":
            return None
        mime = _known_type(stated[1:].decode("latin-1"))
    return mime, length


_known_fields = lru_cache(maxsize=256)(_fields)
_known_type = lru_cache(maxsize=1024)(media_type)
