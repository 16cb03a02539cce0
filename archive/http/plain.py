"""The heads that nearly every message has, at a fifth of the cost: what is unusual is left to `MessageReader`.

A test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from archive.http.head import media_type

_STATUS_LINE = re.compile(rb"http/1\.[01] ([2-5][0-9]{2})(?=[ \r])")
_REQUEST_LINE = re.compile(rb"[!-~]+ [!-~]+ http/1\.[01](?=\r)")
_LONGEST_KNOWN = 4096

Plain = tuple[int | None, str | None, int | None]
"""Status, media type and stated length."""


class _ResponseShapes:
    """The shapes that response heads come in: the same fields in the same order, as one server sends them.

    A shape is made of the second head of its kind that was found plain, and accepts no head that is not.
    """

    _MOST, _MOST_OF_A_LENGTH, _MOST_LINES, _MOST_KINDS = 24, 3, 60, 4096

    def __init__(self) -> None:
        self._by_lines: dict[int, list[_Shape]] = {}
        self._seen: set[int] = set()
        self._count = 0

    def read(self, folded: bytes) -> Plain | None:
        """Read a head of a known shape; None for any other."""
        for match, length_at, type_at in self._by_lines.get(folded.count(b"\n"), ()):
            found = match(folded)
            if found is not None:
                mime = _media_type(found[type_at]) if type_at else None
                return int(found[1]), mime, int(found[length_at]) if length_at else None
        return None

    def learn(self, folded: bytes) -> None:
        """Note a plain head that `read` did not know."""
        if self._count >= self._MOST or folded.count(b"\n") > self._MOST_LINES:
            return
        names = tuple(line.partition(b":")[0] for line in folded.split(b"\r\n")[1:-1])
        alike = self._by_lines.setdefault(len(names) + 1, [])
        if hash(names) in self._seen and len(alike) < self._MOST_OF_A_LENGTH:
            self._count += 1
            alike.append(_shape_of(names))
        elif len(self._seen) < self._MOST_KINDS:
            self._seen.add(hash(names))


_Shape = tuple[Callable[[bytes], re.Match[bytes] | None], int, int]
"""What matches a head, and its groups for the stated length and the media type; 0 for one that is not there."""


def _shape_of(names: tuple[bytes, ...]) -> _Shape:
    lines, places, groups = list[bytes](), dict[bytes, int](), 1
    for name in names:
        value = _VALUES.get(name) if name not in places else None
        if value is not None:
            groups += 1
            places[name] = groups
        lines.append(re.escape(name) + b":" + (value or rb"[^\r\n]*") + rb"\r\n")
    match = re.compile(_SHAPE_START + b"".join(lines) + rb"\Z").match
    return match, places.get(b"content-length", 0), places.get(b"content-type", 0)


_SHAPE_START = rb"http/1\.[01] (?!204|304)([2-5][0-9]{2})(?: [^\r\n]*)?\r\n"
_VALUES = {b"content-length": rb"[ \t]*([0-9]{1,18})[ \t]*", b"content-type": rb"([^\r\n]*)"}

_shapes = _ResponseShapes()


def plain_response(folded: bytes) -> Plain | None:
    """Read a plain response head in lower case, from its first byte to its last line end; None for any other."""
    known = _shapes.read(folded)
    if known is not None:
        return known
    start = _STATUS_LINE.match(folded)
    fields = _fields(folded[start.end() :]) if start is not None else None
    if start is None or fields is None or start[1] in (b"204", b"304"):
        return None
    _shapes.learn(folded)
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
        mime = _media_type(stated[1:])
    return mime, length


_known_fields = lru_cache(maxsize=256)(_fields)


@lru_cache(maxsize=1024)
def _media_type(stated: bytes) -> str | None:
    return media_type(stated.decode("latin-1"))
