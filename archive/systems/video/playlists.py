"""How many pieces a playlist names, before anybody lists them: a few lines of one can name more than a memory holds."""

from __future__ import annotations

import re
from itertools import accumulate

from lxml import etree

PIECES_AT_MOST = 200_000
"""Twenty hours in pieces of two seconds, in five forms."""
_TIME = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?\Z")
_DAY = 86_400
_UNITS = (_DAY, 3600, 60, 1)


def pieces_in(data: bytes | bytearray) -> int:
    """The most pieces that a playlist can stand for; 0 for what is none. (RFC 8216; ISO/IEC 23009-1)"""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"#EXTM3U"):
        return data.count(b"\n")
    return _pieces_of_dash(data) if b"<MPD" in start else 0


def _pieces_of_dash(data: bytes | bytearray) -> int:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(bytes(data), parser)
    if root is None:
        return 0
    whole, total = _seconds(root.get("mediaPresentationDuration")), 0
    for period in root.iter("{*}Period"):
        length = _seconds(period.get("duration")) if period.get("duration") else whole
        for form in period.iter("{*}Representation"):
            total += max((_pieces(each, length) for each in _segments(form)), default=0)
    return total


def _segments(form: etree._Element) -> list[etree._Element]:
    """What says how a form is cut: its own element, or that of what it stands in."""
    holders = [form, *form.iterancestors()]
    return [each for holder in holders for each in holder if etree.QName(each).localname.startswith("Segment")]


def _pieces(segments: etree._Element, length: float) -> int:
    turns = [1 + max(0, _number(each.get("r"))) for each in segments.iter("{*}S")]
    if turns:
        return next((count for count in accumulate(turns) if count > PIECES_AT_MOST), sum(turns))
    ticks, scale = _number(segments.get("duration")), max(1, _number(segments.get("timescale"), 1))
    return int(length * scale / ticks) + 1 if ticks > 0 else sum(1 for _ in segments)


def _number(text: str | None, otherwise: int = 0) -> int:
    return (
        int(text) if text is not None and text.isascii() and text.strip("-").isdigit() and len(text) < 18 else otherwise
    )


def _seconds(text: str | None) -> float:
    """A length of time. (ISO 8601, as XML Schema has it, without years and months)"""
    read = _TIME.match(text or "")
    if read is None:
        return float(_DAY)
    return sum(float(value or 0) * unit for value, unit in zip(read.groups(), _UNITS, strict=True))
