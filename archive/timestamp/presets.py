"""Timestamp authorities by name: where they are, and the digests of their roots, as data."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources

from msgspec import Struct


class Preset(Struct, frozen=True):
    """One authority that anybody can ask."""

    name: str
    url: str
    operator: str
    country: str
    """ISO 3166: whose law it is under."""
    qualified: bool
    """What the operator states; whether it is so, only a trusted list says."""
    roots: tuple[str, ...]
    """Hex sha256 of the roots of its chains, DER."""
    checked: date


@cache
def presets() -> dict[str, Preset]:
    """Name -> authority, in the order of the file."""
    text = (resources.files("archive.timestamp") / "authorities.toml").read_text(encoding="utf-8")
    listed = tomllib.loads(text)
    return {name: Preset(name, **{**fields, "roots": tuple(fields["roots"])}) for name, fields in listed.items()}


def url_of(text: str) -> str:
    """The address of an authority that is named; any other text as it is."""
    preset = presets().get(text.lower())
    return preset.url if preset else text
