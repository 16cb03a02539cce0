"""What the fields of a record must be: there, allowed for its type, of the right form. (WARC 1.1, sections 5 and 6)"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.warc.header import VERSIONS, Header, date_problem

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
    if header.version not in VERSIONS:
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
    kind = fields.get("warc-type")
    if kind is None:
        return
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


def bare(uri: str) -> str:
    """A URI without the angle brackets that WARC 1.0's grammar, and wget, put round it."""
    return uri[1:-1] if uri.startswith("<") and uri.endswith(">") else uri
