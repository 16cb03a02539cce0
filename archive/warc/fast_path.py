"""Sound records at a third of the cost: one that is whole in memory, and of a shape seen before.

A crawl's records come in a few shapes: the same fields in the same order. Each shape that the full reader found nothing
wrong with becomes one regular expression that accepts no header the full reader would object to. Whatever does not fit
to the last byte (another shape, a digest that differs, an unusual HTTP head) is left to the full reader, so this one
never says that anything is wrong. A test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from archive.http.plain import plain_request, plain_response
from archive.warc.digest import sha256_hex
from archive.warc.header import LONGEST, date_problem
from archive.warc.report import PAYLOAD_IS_BLOCK, ScannedRecord
from archive.warc.sent_fields import LONGEST_HEAD, Sent, security_of, sent_fields
from archive.warc.shape import KEY, Shape, Shapes

_ENDS = b"\r\n\r\n"
_METHOD = 16
_GET = b"GET "
_COPIED = 4096
"""Bytes of a block up to which it is copied out of its record."""

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

    @property
    def is_full(self) -> bool:
        """True once no further shape is learnt."""
        return self._shapes.is_full

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


_latest = WholeReader()


def whole_reader() -> WholeReader:
    """The reader for one more file. What it learnt from others holds for this one, because a shape accepts no header
    that the full reader would object to; one that other files have filled is replaced.
    """
    global _latest
    if _latest.is_full:
        _latest = WholeReader()
    return _latest


def _reader(shape: Shape) -> Read:
    """What reads the records of one shape; all that the shape decides is decided here, once."""
    block_agrees, payload_agrees, groups = shape.block_agrees, shape.payload_agrees, shape.groups
    has_uri, has_type = shape.has_uri, shape.content_type is None and shape.has_content_type
    kind, fixed_type, truncated = shape.type, shape.content_type, shape.truncated
    concurrent, refers_to, warcinfo = shape.concurrent, shape.refers_to, shape.warcinfo
    ended, address, protocols, cipher = shape.ended, shape.address, shape.protocols, shape.cipher
    has_security = bool(protocols or cipher)
    block_verdict, payload_verdict = shape.block_verdict, shape.payload_verdict
    is_ours, is_1_0, is_request = shape.is_sha256, shape.is_1_0, shape.type == "request"
    message_of = None
    if shape.is_http and (kind == "response" or (is_request and payload_agrees is not None)):
        message_of = plain_response if kind == "response" else plain_request
    wants_sha256 = is_ours and message_of is plain_response
    is_block = is_ours and kind in PAYLOAD_IS_BLOCK
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
        # Slices of bytes are made and hashed quicker, unless it is much that they copy.
        payload = block = data[start:end] if end - start < _COPIED else memoryview(data)[start:end]
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
        method = None
        if is_request:
            is_get = data.startswith(_GET, start)
            method = "GET" if is_get else data[start : min(start + _METHOD, end)].partition(b" ")[0].decode("latin-1")
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
            sha256_hex(payload) if wants_sha256 else block_stated.decode() if is_block else None,
            status,
            mime,
            method,
            truncated,
            is_whole,
            _decoded(matched, concurrent) if concurrent else (),
            matched[refers_to].decode() if refers_to else None,
            matched[warcinfo].decode() if warcinfo else None,
            matched[ended].decode() if ended else None,
            matched[address].decode() if is_ours and address else None,
            _security(matched, protocols, cipher) if is_ours and has_security else None,
            _sent(data, start, end, uri.decode()) if is_ours and is_request else None,
        )

    return read


def _decoded(matched: re.Match[bytes], places: tuple[int, ...]) -> tuple[str, ...]:
    if len(places) == 1:
        return (matched[places[0]].decode(),)
    return tuple([matched[place].decode() for place in places])


def _security(matched: re.Match[bytes], protocols: tuple[int, ...], cipher: int) -> str | None:
    spoken = _decoded(matched, protocols)
    return security_of(spoken, matched[cipher].decode() if cipher else None)


def _sent(data: bytes, start: int, end: int, uri: str) -> Sent | None:
    head_end = data.find(_ENDS, start, min(end, start + LONGEST_HEAD))
    if head_end < 0:
        return None
    return sent_fields(data[start : head_end + 2], uri, has_body=head_end + len(_ENDS) < end)


def _is_no_day(day: bytes) -> bool:
    return date_problem(f"{day.decode()}T00:00:00Z", "WARC/1.1") is not None
