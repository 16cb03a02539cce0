"""Sound records at a third of the cost: one that is whole in memory, and of a shape seen before.

A crawl's records come in a few shapes: the same fields in the same order. Each shape that the full reader found nothing
wrong with becomes one regular expression that accepts no header the full reader would object to. Whatever does not fit
to the last byte (another shape, a digest that differs, an unusual HTTP head) is left to the full reader, so this one
never says that anything is wrong. A test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any

from archive.warc.digest import TO_BASE_32_BYTES, Verdict, algorithm_of, constructor, hasher, sha256_hex
from archive.warc.fields import LENGTH, field_problems
from archive.warc.header import LONGEST, MOST_FIELDS, Header, date_problem, parse_header
from archive.warc.http import media_type
from archive.warc.report import ScannedRecord

_ENDS = b"\r\n\r\n"
_ID = rb"<([A-Za-z][A-Za-z0-9+.-]*:[!-;=?-~]+)>"
_OTHER = rb"((?:[!-~](?:[ -~]*[!-~])?)?)"
_VALUES = {
    "content-length": rb"([0-9]{1,18})",
    "warc-date": rb"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?Z)",
    "warc-record-id": _ID,
    "warc-concurrent-to": _ID,
    "warc-refers-to": _ID,
    "warc-warcinfo-id": _ID,
    "warc-target-uri": rb"([A-Za-z][A-Za-z0-9+.-]*:[!-;=?-~]*)",
}
"""What the values of a sound header look like, in ASCII; any other is for the full reader."""

_TYPES = frozenset({"response", "request", "metadata", "resource", "warcinfo"})
_SHAPES = 24
_KINDS = 4096
_SHA1_BASE_32 = 32
_KEY = 30
"""First bytes of a header by which the likeliest shape is found: most writers name the type first."""
_TAKEN = (
    *("warc-record-id", "warc-date", "warc-target-uri", "content-length", "content-type"),
    *("warc-block-digest", "warc-payload-digest"),
)

_FOLD = re.compile(rb"\n[ \t]")
_ANSWER = re.compile(rb"http/1\.[01] ([2-5][0-9]{2})[ \r]")
_QUESTION = re.compile(rb"[!-~]+ [!-~]+ http/1\.[01]()\r")

Check = Callable[[memoryview, bytes], bool]
Message = tuple[int, str | None, int | None]


class Shape:
    """The headers that have the same fields in the same order, and the same values where those decide what is done."""

    __slots__ = (
        *("block", "block_verdict", "concurrent", "content_type", "first_line", "is_1_0", "is_stored_hashed", "match"),
        *("payload", "payload_verdict", "pick", "refers_to", "truncated", "type", "wants_sha256", "warcinfo"),
    )

    def __init__(self, head: bytes, fields: dict[str, str]) -> None:
        """`head` is a header that nothing is wrong with."""
        is_http = _is_http(fields)
        self.type = fields["warc-type"]
        self.is_1_0 = head.startswith(b"WARC/1.0")
        self.content_type = fields.get("content-type")
        self.truncated = fields.get("warc-truncated")
        self.block = _check(fields.get("warc-block-digest"))
        self.payload = _check(fields.get("warc-payload-digest"))
        self.block_verdict = Verdict.GOOD if self.block else Verdict.ABSENT
        self.payload_verdict = Verdict.GOOD if self.payload else Verdict.ABSENT
        self.first_line = None
        if is_http and (self.type == "response" or (self.type == "request" and self.payload is not None)):
            self.first_line = _ANSWER if self.type == "response" else _QUESTION
        self.is_stored_hashed = algorithm_of(fields.get("warc-block-digest", "")) == "sha256"
        self.wants_sha256 = self.first_line is _ANSWER and self.is_stored_hashed
        self._match_like(head, fields, {"warc-type", "warc-truncated"} | ({"content-type"} if is_http else set()))

    def _match_like(self, head: bytes, fields: dict[str, str], fixed: set[str]) -> None:
        patterns, groups = [re.escape(head[:8])], []
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b": ")
            key = name.decode().lower()
            if key in fixed:
                pattern = re.escape(value)
            else:
                pattern = _digest_like(value) if key.endswith("-digest") else _VALUES.get(key, _OTHER)
                groups.append(key)
            patterns.append(re.escape(name) + b": " + pattern)
        self.match = re.compile(rb"\r\n".join(patterns)).fullmatch
        place = {key: at for at, key in reversed(list(enumerate(groups)))}
        absent = len(groups)
        self.pick = itemgetter(*(place.get(key, absent) for key in _TAKEN))
        self.concurrent = tuple(at for at, key in enumerate(groups) if key == "warc-concurrent-to")
        self.refers_to = place.get("warc-refers-to", absent)
        self.warcinfo = place.get("warc-warcinfo-id", absent)


def _is_http(fields: dict[str, str]) -> bool:
    return fields.get("content-type", "").lower().startswith("application/http")


def _digest_like(stated: bytes) -> bytes:
    label, _, value = stated.partition(b":")
    digits = b"A-Z2-7" if len(value) == _SHA1_BASE_32 else b"0-9a-f"
    return re.escape(label) + b":([" + digits + b"]{%d})" % len(value)


def _check(stated: str | None) -> Check | None:
    """What tells whether bytes have a digest that is stated in the algorithm and spelling of this one."""
    if stated is None:
        return None
    algorithm = algorithm_of(stated)
    assert algorithm is not None
    new, number, to_int = constructor(algorithm), int.from_bytes, TO_BASE_32_BYTES
    if len(stated.partition(":")[2]) == _SHA1_BASE_32:
        return lambda data, value: int(value.translate(to_int), 32) == number(new(data).digest(), "big")
    return lambda data, value: bool(new(data).hexdigest().encode() == value)


class WholeReader:
    """Reads records that are whole in memory, as far as they fit a shape."""

    def __init__(self) -> None:
        self._shapes: list[Shape] = []
        self._likely: dict[bytes, Shape] = {}
        self._seen: set[int] = set()

    def read(self, data: bytes, offset: int, stored: memoryview) -> ScannedRecord | None:
        """The record that `data` is from its first byte to its last; None where the full reader must look."""
        end = data.find(_ENDS, 0, LONGEST)
        if end < 0:
            return None
        head = data[:end]
        shape = self._likely.get(head[:_KEY])
        matched = shape.match(head) if shape is not None else None
        if matched is None:
            shape = self._find(head)
            if shape is None:
                return None
            matched = shape.match(head)
        assert shape is not None and matched is not None
        return _read(shape, (*matched.groups(), None), data, end + 4, offset, stored)

    def _find(self, head: bytes) -> Shape | None:
        for shape in self._shapes:
            if shape.match(head) is not None:
                if len(self._likely) > _SHAPES:
                    self._likely.clear()
                self._likely[head[:_KEY]] = shape
                return shape
        self._learn(head)
        return None

    def _learn(self, head: bytes) -> None:
        """Make a shape of a header that is the second of its kind and sound."""
        kind = hash(tuple(line.partition(b":")[0] for line in head.split(b"\r\n", MOST_FIELDS)))
        if kind not in self._seen:
            if len(self._seen) < _KINDS:
                self._seen.add(kind)
        elif len(self._shapes) < _SHAPES:
            header = parse_header(head)
            if _is_sound(header, head):
                self._shapes.append(Shape(head, header.fields))


def _is_sound(header: Header, head: bytes) -> bool:
    """True for a header that a shape can be made of."""
    fields = header.fields
    return (
        not header.problems
        and not any(field_problems(header))
        and fields["warc-type"] in _TYPES
        and LENGTH.match(fields["content-length"]) is not None
        and "warc-segment-number" not in fields
        and all(line.partition(b":")[2].startswith(b" ") for line in head.split(b"\r\n")[1:])
        and _FOLD.search(head) is None
        and all(_is_usual(fields[name]) for name in ("warc-block-digest", "warc-payload-digest") if name in fields)
    )


def _is_usual(digest: str) -> bool:
    algorithm = algorithm_of(digest)
    value = digest.partition(":")[2]
    if algorithm == "sha1" and len(value) == _SHA1_BASE_32:
        return value.isalnum() and value.isascii()
    return algorithm is not None and len(value) == 2 * hasher(algorithm).digest_size and value == value.lower()


def _read(
    shape: Shape, groups: tuple[Any, ...], data: bytes, start: int, offset: int, stored: memoryview
) -> ScannedRecord | None:
    """The record, where every digest agrees; what is said of it is what the full reader would say."""
    name, date, uri, size, content_type, block_stated, payload_stated = shape.pick(groups)
    end = start + int(size)
    if len(data) != end + 4 or not data.endswith(_ENDS) or _is_no_day(date[:10], shape.is_1_0 and len(date)):
        return None
    payload = block = memoryview(data)[start:end]
    if shape.block is not None and not shape.block(block, block_stated):
        return None
    status = mime = is_whole = None
    if shape.first_line is not None:
        head_end = data.find(_ENDS, start, end)
        message = _message(shape.first_line, data[start : head_end + 2].lower()) if head_end > 0 else None
        if message is None:
            return None
        status, mime, stated = message
        payload = block[head_end + 4 - start :]
        if stated is not None:
            is_whole = stated <= len(payload)
            payload = payload[:stated]
    if shape.payload is not None and not shape.payload(payload, payload_stated):
        return None
    return ScannedRecord(
        offset,
        len(stored),
        sha256_hex(stored) if shape.is_stored_hashed else "",
        name.decode(),
        shape.type,
        date.decode(),
        uri and uri.decode(),
        shape.content_type if content_type is None else content_type.decode(),
        end - start,
        shape.block_verdict,
        shape.payload_verdict,
        sha256_hex(payload) if shape.wants_sha256 else None,
        status or None,
        mime,
        data[start : min(start + 16, end)].partition(b" ")[0].decode("latin-1") if shape.type == "request" else None,
        shape.truncated,
        is_whole,
        tuple([groups[place].decode() for place in shape.concurrent]),
        _text(groups[shape.refers_to]),
        _text(groups[shape.warcinfo]),
    )


def _text(value: bytes | None) -> str | None:
    return value and value.decode()  # type: ignore[return-value]


def _message(first_line: re.Pattern[bytes], folded: bytes) -> Message | None:
    """Status, media type and stated length of a plain head in lower case; None where it is any but plain."""
    start = first_line.match(folded)
    if (
        start is None
        or len(folded) - len(folded.translate(None, b"\r\n")) != 2 * folded.count(b"\r\n")
        or b"\ntransfer-encoding" in folded
        or b"\n " in folded
        or b"\n\t" in folded
    ):
        return None
    status = int(start[1] or 0)
    at = folded.find(b"\ncontent-length")
    length = None
    if at >= 0:
        stated = folded[at + 15 : folded.find(b"\r", at)]
        number = stated[1:].strip()
        is_once = folded.find(b"\ncontent-length", at + 1) < 0
        if stated[:1] != b":" or not number.isdigit() or len(number) > 18 or not is_once:
            return None
        length = int(number)
    at = folded.find(b"\ncontent-type")
    mime = None
    if at >= 0:
        stated = folded[at + 13 : folded.find(b"\r", at)]
        if stated[:1] != b":":
            return None
        mime = _known_type(stated[1:])
    return None if status in (204, 304) else (status, mime, length)


_known_type = lru_cache(maxsize=1024)(media_type)


@lru_cache(maxsize=4096)
def _is_no_day(day: bytes, length_in_1_0: int) -> bool:
    """True where a day is none, or where a date of WARC 1.0 is not of whole seconds."""
    return date_problem(f"{day.decode()}T00:00:00Z", "WARC/1.1") is not None or length_in_1_0 not in (0, 20)
