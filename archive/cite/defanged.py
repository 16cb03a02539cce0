"""Addresses that a report spells so that nobody follows them by accident: `hxxps://x[.]org`."""

from __future__ import annotations

import re

DISARMED_DOT = re.compile(r"[\[({](?:[.]|dot)[\])}]", re.IGNORECASE)


def is_defanged(url: str) -> bool:
    """True for the spelling of an address that disarms it."""
    return refanged(url) != url


def refanged(url: str) -> str:
    """The address behind a spelling that disarms it."""
    host, slash, rest = re.sub(r"\Ah(?:xx|\*\*)p", "http", url, flags=re.IGNORECASE).replace("[:]", ":").partition("/")
    if slash and rest.startswith("/"):
        name, slash_too, path = rest[1:].partition("/")
        return f"{host}//{DISARMED_DOT.sub('.', name)}{slash_too}{path}"
    return f"{host}{slash}{rest}"
