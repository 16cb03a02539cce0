"""What two responses state in their heads of the thing that they carry: its type, its name, its age, where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

from archive.corroborate.pages.attributes import joined
from archive.corroborate.pages.evidence import STATED
from archive.corroborate.texts.folding import composed
from archive.corroborate.texts.places import place_of_link, place_of_program
from archive.corroborate.texts.tokens import masked
from archive.corroborate.texts.visit_times import Visits
from archive_manifests.corroboration import Difference

_KINDS = (
    frozenset(("text/html", "application/xhtml+xml")),
    frozenset(("application/rss+xml", "application/atom+xml", "application/xml", "text/xml")),
    frozenset(("application/javascript", "text/javascript")),
)
_READ = _KINDS[0] | _KINDS[1] | {"application/json", "application/feed+json"}
"""Types of what is compared by its text and values."""
_SHOWN = 300
_NAME = re.compile(r"filename(?P<coded>\*)?\s*=\s*(?P<text>\"(?:[^\"\\]|\\.)*\"|[^;]*)", re.IGNORECASE)
_REFRESH = re.compile(r"\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?[\"']?(?P<url>[^\"']*)", re.IGNORECASE)
_CANONICAL = re.compile(r"<(?P<url>[^<>]*)>(?:\s*;\s*[\w*]+=[^;,]*)*?\s*;\s*rel=\"?canonical\b", re.IGNORECASE)
"""The address that a page states as its own. (RFC 6596; RFC 8288)"""
_SHEET = re.compile(r"<(?P<url>[^<>]*)>(?:\s*;\s*[\w*]+=[^;,]*)*?\s*;\s*rel=\"?[^\";,]*\bstylesheet\b", re.IGNORECASE)
"""A style sheet that a browser applies though no element names it. (HTML, 4.2.4.2; RFC 8288)"""
_NONCE = re.compile(r"'nonce-[\w+/=-]+'")
"""What a policy allows one response alone. (CSP 3, section 2.3.1)"""
_CLOCKS = timedelta(minutes=-5)
"""By how much a server's clock may be ahead."""
_PREPARED = timedelta(days=2)
"""How long before a visit a server, or a cache, may have written the page anew."""


def compare_headers(
    one: Mapping[str, str], other: Mapping[str, str], addresses: tuple[str, str], visits: Visits
) -> Iterator[Difference]:
    """Every header of `STATED` that differs; what one of the two lacks is missing, unless it leads elsewhere."""
    is_read = all(_said("content-type", each.get("content-type", ""), "") in _READ for each in (one, other))
    for name in STATED:
        first, second = one.get(name, ""), other.get(name, "")
        stated = [_said(name, text, address) for text, address in zip((first, second), addresses, strict=True)]
        if stated[0] == stated[1]:
            continue
        shown = tuple(masked(f"{name}: {text}")[:_SHOWN] if text else "" for text in (first, second))
        kind = _explained(name, stated, (first, second), visits, is_read=is_read)
        if name == "link" and kind == "missing" and max(stated) not in map(place_of_link, addresses):
            kind = None  # whose page it is, and not its own address
        yield Difference(kind or "header", kind is None, shown[0], shown[1])

    sheets = [_sheets(each.get("link", ""), address) for each, address in zip((one, other), addresses, strict=True)]
    for place in sorted(sheets[0] ^ sheets[1]):
        yield Difference("style", True, place if place in sheets[0] else "", place if place in sheets[1] else "")


def _sheets(text: str, address: str) -> frozenset[str]:
    """The style sheets that a response states in its head."""
    return frozenset(place_of_program(joined(address, match["url"])) for match in _SHEET.finditer(text))


def _said(name: str, text: str, address: str) -> str:
    """What a header says, in one form."""
    if name == "content-type":
        return text.partition(";")[0].strip().lower()
    if name == "content-disposition":
        kind, file = text.partition(";")[0].strip().lower(), _file_name(text)
        return "" if kind in ("", "inline") and not file else f"{kind or 'inline'} {file}"
    if name == "location":
        return place_of_link(joined(address, text)) if text else ""
    if name == "link":
        found = _CANONICAL.search(text)
        return place_of_link(joined(address, found["url"])) if found is not None else ""
    if name == "content-language":
        return ", ".join(sorted({part.strip().partition("-")[0] for part in text.lower().split(",")}))
    if name == "content-security-policy":
        return " ".join(_NONCE.sub("'nonce'", text).split())
    if name == "refresh":
        found = _REFRESH.match(text)
        return place_of_link(joined(address, found["url"])) if found is not None else ""
    return " ".join(text.lower().split())


def _file_name(text: str) -> str:
    """The name of the file that a header states; the coded one before the other. (RFC 6266, section 4.3)"""
    found = {match["coded"] or "": match["text"].strip().strip('"') for match in _NAME.finditer(text)}
    coded = found.get("*")
    return composed(unquote(coded.rpartition("'")[2]) if coded is not None else found.get("", ""))


def _explained(name: str, stated: list[str], texts: tuple[str, str], visits: Visits, *, is_read: bool) -> str | None:
    if name == "content-security-policy":
        return "layout"  # what its scripts may do is compared by what they do
    if name in ("location", "refresh", "memento-datetime"):
        return None
    if not all(stated):
        return "missing"
    if name == "content-type" and _are_alike(stated):
        return "layout"
    if name != "last-modified":
        return None
    moments = [_moment(text) for text in texts]
    if moments[0] is None or moments[1] is None:
        return None
    offsets = [visit - moment for visit, moment in zip(visits, moments, strict=True) if moment is not None]
    if min(offsets) < _CLOCKS:
        return None
    is_made = all(offset <= _PREPARED for offset in offsets)
    return "date" if is_made or (is_read and _is_written_between((moments[0], moments[1]), visits)) else None


def _is_written_between(moments: tuple[datetime, datetime], visits: Visits) -> bool:
    """True where a page or feed was written anew after the earlier visit: its text says whether it has changed."""
    later = int(visits[0] <= visits[1])
    return moments[later] >= visits[1 - later]


def _are_alike(types: list[str]) -> bool:
    """True for two types in which a server hands out one page, one picture, one feed."""
    return all(text.startswith("image/") for text in types) or any(kinds.issuperset(types) for kinds in _KINDS)


def _moment(text: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(text)
    except ValueError:
        return None
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)
