"""The readable form of a percent-encoded address, for people; the encoded one stays the evidence."""

from __future__ import annotations

import re
import unicodedata

from archive.urls import UrlError, parse
from archive_manifests.ledger import SourceEntry, Status

_ENCODED = re.compile("(?:%[89A-Fa-f][0-9A-Fa-f])+")
_SHOWN = ("L", "M", "N")
"""Unicode categories of letters, marks and digits. Signs, spaces and what hides or reorders text stay encoded."""


def readable(url: str) -> str | None:
    """The URL with encoded letters decoded, as a browser shows it; None where that changes nothing. (RFC 3987, 3.2)"""
    decoded = _ENCODED.sub(lambda found: _decoded(found[0]), url)
    return decoded if decoded != url else None


def _decoded(encoded: str) -> str:
    try:
        text = bytes.fromhex(encoded.replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return encoded
    return "".join(c if unicodedata.category(c)[0] in _SHOWN else _encoded(c) for c in text)


def _encoded(character: str) -> str:
    return "".join(f"%{octet:02X}" for octet in character.encode())


def other_reading(entry: SourceEntry) -> str | None:
    """The address that was captured, where the printed one gave nothing or less: another reading of it; else None."""
    if entry.status not in (Status.CAPTURED, Status.PARTIAL) or entry.request_url is None:
        return None
    first = next((reading.url for reading in entry.readings if reading.requested), None)
    if first is None:
        return None
    try:
        is_first = parse(first.strip()).without_credentials().href == entry.request_url
    except UrlError:
        return None
    return None if is_first else entry.request_url
