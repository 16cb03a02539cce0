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

from archive.warc.digest import Verdict, algorithm_of, constructor, from_base_32, hasher, sha256_hex
from archive.warc.fields import LENGTH, field_problems
from archive.warc.header import LONGEST, MOST_FIELDS, Header, date_problem, parse_header
from archive.warc.http import media_type, stated_length, values_of
from archive.warc.report import ScannedRecord

_ENDS = b"\r\n\r\n"
_ID = r"<([A-Za-z][A-Za-z0-9+.-]*:[^\s<>\x00-\x1f\x7f]+)>"
_OTHER = r"((?:[^\x00-\x20\x7f](?:[^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?)?)"
_VALUES = {
    "content-length": r"([0-9]{1,18})",
    "warc-date": r"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?Z)",
    "warc-record-id": _ID,
    "warc-concurrent-to": _ID,
    "warc-refers-to": _ID,
    "warc-warcinfo-id": _ID,
    "warc-target-uri": r"([A-Za-z][A-Za-z0-9+.-]*:[^\s<>\x00-\x1f\x7f]*)",
}
_TYPES = frozenset({"response", "request", "metadata", "resource", "warcinfo"})
_SHAPES = 24
_KINDS = 4096
_SHA1_BASE_32 = 32
_FOLD = re.compile(rb"\n[ \t]")
_TAKEN = (
    *("warc-record-id", "warc-date", "warc-target-uri", "content-length", "content-type"),
    *("warc-block-digest", "warc-payload-digest"),
)

_ANSWER = re.compile(rb"http/1\.[01] ([2-5][0-9]{2})[ \r]")
_QUESTION = re.compile(rb"[!-~]+ [!-~]+ http/1\.[01]()\r")


Check = Callable[[memoryview, str], bool]


class Shape:
    """The headers that have the same fields in the same order."""

    __slots__ = (
        *("block", "block_verdict", "concurrent", "content_type", "is_1_0", "is_answer", "is_http"),
        *("is_request", "match"),
        *("payload", "payload_verdict", "pick", "refers_to", "truncated", "type", "wants_sha256", "warcinfo"),
    )

    def __init__(self, head: bytes, fields: dict[str, str]) -> None:
        """`head` is a header that nothing is wrong with."""
        self.type = fields["warc-type"]
        self.is_1_0 = head.startswith(b"WARC/1.0")
        self.is_http = _is_http(fields)
        self.is_request = self.type == "request"
        self.is_answer = self.type == "response" and self.is_http
        self.content_type = fields.get("content-type")
        self.truncated = fields.get("warc-truncated")
        self.block = _check(fields.get("warc-block-digest"))
        self.payload = _check(fields.get("warc-payload-digest"))
        self.block_verdict = Verdict.GOOD if self.block else Verdict.ABSENT
        self.payload_verdict = Verdict.GOOD if self.payload else Verdict.ABSENT
        self.wants_sha256 = self.is_answer and algorithm_of(fields.get("warc-block-digest", "")) == "sha256"
        self._match_like(head, fields)

    def _match_like(self, head: bytes, fields: dict[str, str]) -> None:
        fixed = {"warc-type", "warc-truncated"} | ({"content-type"} if _is_http(fields) else set())
        patterns, groups = [re.escape(head[:8].decode())], []
        for line in head.split(b"\r\n")[1:]:
            name = line.partition(b":")[0].decode()
            key = name.lower()
            if key in fixed:
                value = re.escape(fields[key])
            else:
                value = _digest_like(fields[key]) if key.endswith("-digest") else _VALUES.get(key, _OTHER)
                groups.append(key)
            patterns.append(f"{re.escape(name)}: {value}")
        self.match = re.compile(r"\r\n".join(patterns)).fullmatch
        place = {key: at for at, key in reversed(list(enumerate(groups)))}
        absent = len(groups)
        self.pick = itemgetter(*(place.get(key, absent) for key in _TAKEN))
        self.concurrent = tuple(at for at, key in enumerate(groups) if key == "warc-concurrent-to")
        self.refers_to = place.get("warc-refers-to", absent)
        self.warcinfo = place.get("warc-warcinfo-id", absent)


def _is_http(fields: dict[str, str]) -> bool:
    return fields.get("content-type", "").lower().startswith("application/http")


def _digest_like(stated: str) -> str:
    label, _, value = stated.partition(":")
    digits = "A-Z2-7" if len(value) == _SHA1_BASE_32 else "0-9a-f"
    return f"{re.escape(label)}:([{digits}]{{{len(value)}}})"


def _check(stated: str | None) -> Check | None:
    """What tells whether bytes have a digest that is stated in the algorithm and spelling of this one."""
    if stated is None:
        return None
    algorithm = algorithm_of(stated)
    assert algorithm is not None
    new = constructor(algorithm)
    if len(stated.partition(":")[2]) == _SHA1_BASE_32:
        return lambda data, value: from_base_32(value) == int.from_bytes(new(data).digest(), "big")
    return lambda data, value: bool(new(data).hexdigest() == value)


class WholeReader:
    """Reads records that are whole in memory, as far as they fit a shape."""

    def __init__(self) -> None:
        self._shapes: list[Shape] = []
        self._seen: set[int] = set()

    def read(self, data: bytes, offset: int, length: int, sha256: str) -> ScannedRecord | None:
        """The record that `data` is from its first byte to its last; None where the full reader must look."""
        end = data.find(_ENDS, 0, LONGEST)
        if end < 0:
            return None
        try:
            head = data[:end].decode()
        except UnicodeDecodeError:
            return None
        for place, shape in enumerate(self._shapes):
            matched = shape.match(head)
            if matched is not None:
                if place:
                    self._shapes.insert(0, self._shapes.pop(place))
                return _read(shape, (*matched.groups(), None), data, end + 4, offset, length, sha256)
        self._learn(data[:end])
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
    shape: Shape, groups: tuple[Any, ...], data: bytes, start: int, offset: int, length: int, sha256: str
) -> ScannedRecord | None:
    name, date, uri, size, content_type, block_stated, payload_stated = shape.pick(groups)
    end = start + int(size)
    if len(data) != end + 4 or not data.endswith(_ENDS) or _day_problem(date[:10], shape.is_1_0 and len(date)):
        return None
    block = memoryview(data)[start:end]
    if shape.block is not None and not shape.block(block, block_stated):
        return None
    payload, sha256_of_payload = block, None
    status = mime = method = None
    is_whole = None
    if shape.is_answer:
        head_end = data.find(_ENDS, start, end)
        answer = _message(_ANSWER, data[start : head_end + 2].lower()) if head_end > 0 else None
        if answer is None:
            return None
        status, mime, stated = answer
        payload = block[head_end + 4 - start :]
        if status in (204, 304):
            payload = payload[:0]
        elif stated is not None:
            is_whole = stated <= len(payload)
            payload = payload[:stated]
        if shape.wants_sha256:
            sha256_of_payload = sha256_hex(payload)
    elif shape.is_request:
        method = data[start : min(start + 16, end)].partition(b" ")[0].decode("latin-1")
        if shape.payload is not None and shape.is_http:
            head_end = data.find(_ENDS, start, end)
            question = _message(_QUESTION, data[start : head_end + 2].lower()) if head_end > 0 else None
            if question is None:
                return None
            payload = block[head_end + 4 - start :][: question[2]]
    if shape.payload is not None and not shape.payload(payload, payload_stated):
        return None
    return ScannedRecord(
        offset,
        length,
        sha256,
        name,
        shape.type,
        date,
        uri,
        content_type or shape.content_type,
        end - start,
        shape.block_verdict,
        shape.payload_verdict,
        sha256_of_payload,
        status,
        mime,
        method,
        shape.truncated,
        is_whole,
        tuple([groups[place] for place in shape.concurrent]),
        groups[shape.refers_to],
        groups[shape.warcinfo],
    )


def _message(line: re.Pattern[bytes], folded: bytes) -> tuple[int, str | None, int | None] | None:
    """Status, media type and stated length of a plain head in lower case; None where it is any but plain."""
    start = line.match(folded)
    ends = folded.count(b"\r\n")
    if (
        start is None
        or folded.count(b"\n") != ends
        or folded.count(b"\r") != ends
        or b"\ntransfer-encoding" in folded
        or b"\n " in folded
        or b"\n\t" in folded
    ):
        return None
    status = int(start[1] or 0)
    types = values_of(folded, b"content-type")
    mime = media_type(types[0]) if types else None
    return status, mime, stated_length(values_of(folded, b"content-length"))


@lru_cache(maxsize=4096)
def _day_problem(day: str, length_in_1_0: int) -> bool:
    """True where a day is none, or where a date of WARC 1.0 is not of whole seconds."""
    return date_problem(f"{day}T00:00:00Z", "WARC/1.1") is not None or length_in_1_0 not in (0, 20)
