"""The readable form of a percent-encoded address, for people; the encoded one stays the evidence."""

from __future__ import annotations

import re
import unicodedata

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
