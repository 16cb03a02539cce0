"""The header of a WARC record, read strictly: all that is wrong with it is said. (WARC 1.1, section 4)"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct, field

LONGEST = 1 << 20
"""Bytes of a header; a longer one is the fault `warc-limit`."""

MOST_FIELDS = 1000

VERSIONS = ("WARC/1.0", "WARC/1.1")

_STANDARD = (
    *("WARC-Record-ID", "Content-Length", "WARC-Date", "WARC-Type", "Content-Type", "WARC-Concurrent-To"),
    *("WARC-Block-Digest", "WARC-Payload-Digest", "WARC-IP-Address", "WARC-Refers-To", "WARC-Refers-To-Target-URI"),
    *("WARC-Refers-To-Date", "WARC-Target-URI", "WARC-Truncated", "WARC-Warcinfo-ID", "WARC-Filename", "WARC-Profile"),
    *("WARC-Identified-Payload-Type", "WARC-Segment-Number", "WARC-Segment-Origin-ID", "WARC-Segment-Total-Length"),
)
_LOWER = {name: name.lower() for name in _STANDARD}
_IS_STANDARD = frozenset(_LOWER.values())

_MAY_REPEAT = frozenset({"warc-concurrent-to", "warc-protocol", "warc-cipher-suite"})
"""The first by the standard; the others are proposals in use, for a stack of protocols."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_LINE_END = re.compile(r"\r\n|\r|\n")

_DATE = re.compile(
    r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])"
    r"(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?P<fraction>\.\d{1,9})?)?Z)?)?)?\Z",
    re.ASCII,
)
_WHOLE_SECONDS = len("2026-11-22T10:00:00Z")
_LONG_MONTHS = frozenset({"01", "03", "05", "07", "08", "10", "12"})


class Header(Struct):
    """The fields of one header, and what is wrong with it."""

    version: str
    fields: dict[str, str]
    """Lower-case name -> value, the first where it is repeated."""
    concurrent: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Code and what was found, in a few words."""

    def get(self, name: str) -> str | None:
        return self.fields.get(name)


def parse_header(head: bytes) -> Header:
    """Read a header without its empty line. What follows from a field's value is for `fields.py` to say."""
    problems: list[tuple[str, str]] = []
    try:
        text = head.decode()
    except UnicodeDecodeError:
        text = head.decode(errors="replace")
        problems.append(("warc-header", "not UTF-8"))
    if len(head.translate(None, _CONTROLS)) != len(head):
        problems.append(("warc-header", "control characters"))
    ends = head.count(b"\r\n")
    if head.count(b"\n") == ends and head.count(b"\r") == ends:
        lines = text.split("\r\n")
    else:
        problems.append(("warc-header", "a line that ends in CR or LF alone"))
        lines = _LINE_END.split(text)
    header = Header(lines[0], {}, problems=problems)
    if len(lines) > MOST_FIELDS + 1:
        problems.append(("warc-limit", f"{len(lines) - 1:,} lines"))
        del lines[MOST_FIELDS + 1 :]  # reading on would let a few stored bytes cost seconds
    _read_fields(header, lines)
    return header


def _read_fields(header: Header, lines: list[str]) -> None:
    fields = header.fields
    concurrent: list[str] = []
    protocols: list[str] = []
    last = ""
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        key = _LOWER.get(name)
        if key is None:
            if line[:1] in (" ", "\t") and last:
                fields[last] = f"{fields[last]} {line.strip()}".strip()  # folding; deprecated in HTTP, allowed here
                if last == "warc-concurrent-to":
                    concurrent[-1] = f"{concurrent[-1]} {line.strip()}".strip()
                continue
            if not colon or not _TOKEN.match(name):
                header.problems.append(("warc-header", f"not a field: {line[:80]!r}"))
                continue
            key = name.lower()
        elif not colon:
            header.problems.append(("warc-header", f"not a field: {line[:80]!r}"))
            continue
        value = value.strip(" \t")
        if key == "warc-concurrent-to":
            concurrent.append(value)
        elif key == "warc-protocol":
            protocols.append(value)
        if key not in fields:
            fields[key] = value
        elif key not in _MAY_REPEAT:
            code = "warc-field-repeated" if key in _IS_STANDARD else "warc-extension-repeated"
            header.problems.append((code, name))
        last = key
    header.concurrent, header.protocols = tuple(concurrent), tuple(protocols)


@lru_cache(maxsize=4096)
def date_problem(date: str, version: str) -> tuple[str, str] | None:
    """What is wrong with a WARC-Date. (WARC 1.0, section 5.4: whole seconds; WARC 1.1, section 5.4: W3C-DTF)"""
    form = _DATE.match(date)
    if form is None or date[5:10] in ("02-30", "02-31") or (date[8:10] == "31" and date[5:7] not in _LONG_MONTHS):
        return "warc-date", date[:80]
    if date[5:10] == "02-29" and not _is_leap(int(date[:4])):
        return "warc-date", date
    if version == "WARC/1.0" and len(date) != _WHOLE_SECONDS:
        return "warc-date-form", date
    return None


def is_sound_date(date: str) -> bool:
    """True for a WARC-Date of the form that the standard prescribes. (WARC 1.1, section 5.4)"""
    return date_problem(date, "WARC/1.1") is None


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


_MANDATORY = ("warc-record-id", "content-length", "warc-date", "warc-type")

_WITH_URI = frozenset({"response", "resource", "request", "revisit", "conversion", "continuation"})
TYPES = _WITH_URI | {"warcinfo", "metadata"}

_ALLOWED_ONLY: dict[str, frozenset[str]] = {
    "warc-filename": frozenset({"warcinfo"}),
    "warc-profile": frozenset({"revisit"}),
    "warc-segment-origin-id": frozenset({"continuation"}),
    "warc-segment-total-length": frozenset({"continuation"}),
    "warc-concurrent-to": TYPES - {"warcinfo", "conversion", "continuation"},
    "warc-target-uri": TYPES - {"warcinfo"},
    "warc-warcinfo-id": TYPES - {"warcinfo"},
    "warc-ip-address": frozenset({"response", "resource", "request", "metadata", "revisit"}),
}
"""Fields that only some types may carry."""

_ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+>\Z", re.ASCII)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*\Z")
LENGTH = re.compile(r"[0-9]{1,18}\Z", re.ASCII)

_IDS = ("warc-record-id", "warc-warcinfo-id", "warc-refers-to", "warc-segment-origin-id")
_TRUNCATED = frozenset({"length", "time", "disconnect", "unspecified"})


def field_problems(header: Header) -> Iterator[tuple[str, str]]:
    """Yield a code and what was found for each thing that is wrong with a header's fields."""
    fields = header.fields
    if header.version.upper() not in VERSIONS:
        yield "warc-version", header.version[:80]
    for name in _MANDATORY:
        if name not in fields:
            yield "warc-field-missing", name
    date = fields.get("warc-date")
    if date is not None and (problem := date_problem(date, header.version)) is not None:
        yield problem
    yield from _problems_of_type(fields)
    for name in _IDS:
        if name in fields and not _ID.match(fields[name]):
            yield "warc-field-form", f"{name}: {fields[name][:80]}"
    for value in header.concurrent:
        if not _ID.match(value):
            yield "warc-field-form", f"warc-concurrent-to: {value[:80]}"
    if fields.get("warc-truncated", "length").lower() not in _TRUNCATED:
        yield "warc-field-form", f"warc-truncated: {fields['warc-truncated'][:80]}"


def _problems_of_type(fields: dict[str, str]) -> Iterator[tuple[str, str]]:
    if "warc-type" not in fields:
        return
    kind = type_of(fields)
    if kind not in TYPES:
        # A reader is to pass over types that it does not know. (WARC 1.1, section 5.5)
        yield "warc-type-unknown", kind[:80]
        return
    uri = fields.get("warc-target-uri")
    if uri is None:
        if kind in _WITH_URI:
            yield "warc-field-missing", "warc-target-uri"
    elif not _URI.match(bare(uri)):
        yield "warc-field-form", f"warc-target-uri: {uri[:80]}"
    if kind == "revisit" and "warc-profile" not in fields:
        yield "warc-field-missing", "warc-profile"
    if kind == "continuation" and not {"warc-segment-number", "warc-segment-origin-id"} <= fields.keys():
        yield "warc-field-missing", "warc-segment-number and warc-segment-origin-id"
    for name in _ALLOWED_ONLY.keys() & fields.keys():
        if kind not in _ALLOWED_ONLY[name]:
            yield "warc-field-misplaced", f"{name} in a {kind} record"


def type_of(fields: dict[str, str]) -> str:
    """A record's type; one that the standard names in lower case: its quoted text is of either. (RFC 2616, 2.1)"""
    stated = fields.get("warc-type", "")
    return lower if (lower := stated.lower()) in TYPES else stated


def bare(uri: str) -> str:
    """A URI without the angle brackets that WARC 1.0's grammar, and wget, put round it."""
    return uri[1:-1] if uri.startswith("<") and uri.endswith(">") else uri
