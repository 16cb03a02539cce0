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

from archive.http.message import media_type
from archive.warc.digest import sha256_hex
from archive.warc.header import LONGEST, date_problem
from archive.warc.report import ScannedRecord
from archive.warc.shape import KEY, Shape, Shapes

_ENDS = b"\r\n\r\n"
_STATUS_LINE = re.compile(rb"http/1\.[01] ([2-5][0-9]{2})(?=[ \r])")
_REQUEST_LINE = re.compile(rb"[!-~]+ [!-~]+ http/1\.[01](?=\r)")
_UNUSUAL = re.compile(rb"\n(?:[ \t]|transfer-encoding)")
_LONGEST_KNOWN = 4096
_METHOD = 16

Message = tuple[int | None, str | None, int | None]
Match = Callable[[bytes], re.Match[bytes] | None]
Read = Callable[[bytes, re.Match[bytes], int, memoryview], ScannedRecord | None]
"""From a member's bytes, its matched header, the member's place and its stored bytes."""


class WholeReader:
    """Reads records that are whole in memory, as far as they fit a shape."""

    def __init__(self) -> None:
        self._shapes = Shapes()
        self._likely: dict[bytes, list[tuple[Match, Read]]] = {}
        """What has read records that began alike."""
        self._readers: dict[int, Read] = {}

    def read(self, data: bytes, offset: int, stored: memoryview) -> ScannedRecord | None:
        """The record that `data` is from its first byte to its last; None where the full reader must look."""
        for match, read in self._likely.get(data[:KEY], ()):
            if (matched := match(data)) is not None:
                return read(data, matched, offset, stored)
        end = data.find(_ENDS, 0, LONGEST)
        shape = self._shapes.of(data[:end]) if end >= 0 else None
        if shape is None:
            return None
        known = self._readers.get(id(shape))
        if known is None:
            known = self._readers[id(shape)] = _reader(shape)
        if len(self._likely) > len(self._readers):
            self._likely.clear()
        self._likely.setdefault(data[:KEY], []).append((shape.match, known))
        matched = shape.match(data)
        return None if matched is None else known(data, matched, offset, stored)


def _reader(shape: Shape) -> Read:
    """What reads the records of one shape; all that the shape decides is decided here, once."""
    block_agrees, payload_agrees, groups = shape.block_agrees, shape.payload_agrees, shape.groups
    has_uri, has_type = shape.has_uri, shape.content_type is None and shape.has_content_type
    kind, fixed_type, truncated = shape.type, shape.content_type, shape.truncated
    concurrent, refers_to, warcinfo = shape.concurrent, shape.refers_to, shape.warcinfo
    block_verdict, payload_verdict = shape.block_verdict, shape.payload_verdict
    is_ours, is_1_0, is_request = shape.is_sha256, shape.is_1_0, shape.type == "request"
    message_of = None
    if shape.is_http and (kind == "response" or (is_request and payload_agrees is not None)):
        message_of = _answer if kind == "response" else _question
    wants_sha256 = is_ours and message_of is _answer
    days: set[bytes] = set()

    def read(data: bytes, matched: re.Match[bytes], offset: int, stored: memoryview) -> ScannedRecord | None:
        name, date, uri, size, stated_type, block_stated, payload_stated = matched.group(*groups)
        start = matched.end()
        end = start + int(size)
        if len(data) != end + 4 or not data.endswith(_ENDS) or start > LONGEST:
            return None
        if date[:10] not in days:
            if _is_no_day(date[:10]):
                return None
            days.add(date[:10])
        if is_1_0 and len(date) != 20:
            return None
        payload = block = memoryview(data)[start:end]
        if block_agrees is not None and not block_agrees(block, block_stated):
            return None
        status = mime = is_whole = None
        if message_of is not None:
            head_end = data.find(_ENDS, start, end)
            message = message_of(data[start : head_end + 2].lower()) if head_end > 0 else None
            if message is None:
                return None
            status, mime, stated = message
            payload = block[head_end + 4 - start :]
            if stated is not None:
                is_whole = stated <= len(payload)
                payload = payload[:stated]
        if payload_agrees is not None and not payload_agrees(payload, payload_stated):
            return None
        return ScannedRecord(
            offset,
            len(stored),
            sha256_hex(stored) if is_ours else "",
            name.decode(),
            kind,
            date.decode(),
            uri.decode() if has_uri else None,
            stated_type.decode() if has_type else fixed_type,
            end - start,
            block_verdict,
            payload_verdict,
            sha256_hex(payload) if wants_sha256 else None,
            status,
            mime,
            data[start : min(start + _METHOD, end)].partition(b" ")[0].decode("latin-1") if is_request else None,
            truncated,
            is_whole,
            tuple([matched[place].decode() for place in concurrent]) if concurrent else (),
            matched[refers_to].decode() if refers_to else None,
            matched[warcinfo].decode() if warcinfo else None,
        )

    return read


def _answer(folded: bytes) -> Message | None:
    """Status, media type and stated length of a plain head in lower case; None where it is any but plain."""
    start = _STATUS_LINE.match(folded)
    fields = _fields(folded[start.end() :]) if start is not None else None
    if start is None or fields is None or start[1] in (b"204", b"304"):
        return None
    return int(start[1]), *fields


def _question(folded: bytes) -> Message | None:
    """The same for a request, which has no status. A crawler asks with the same fields over and over."""
    start = _REQUEST_LINE.match(folded)
    if start is None:
        return None
    rest = folded[start.end() :]
    fields = _known_fields(rest) if len(rest) <= _LONGEST_KNOWN else _fields(rest)
    return None if fields is None else (None, *fields)


def _fields(rest: bytes) -> tuple[str | None, int | None] | None:
    """Media type and stated length, from the rest of a head's first line on; None where any line is unusual."""
    if len(rest) - len(rest.translate(None, b"\r\n")) != 2 * rest.count(b"\r\n") or _UNUSUAL.search(rest) is not None:
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
        mime = _known_type(stated[1:])
    return mime, length


_known_fields = lru_cache(maxsize=256)(_fields)
_known_type = lru_cache(maxsize=1024)(media_type)


def _is_no_day(day: bytes) -> bool:
    return date_problem(f"{day.decode()}T00:00:00Z", "WARC/1.1") is not None
