"""Stated values as a finding shows them: text as it is, all else as canonical JSON; never as Python writes them."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import fields

SHOWN = 160
"""How many characters of a value are shown at most."""


def shown(value: object, limit: int = SHOWN) -> str:
    """The value in `limit` characters at most; `none` for None. (RFC 8785 gives the form of the JSON)"""
    if value is None:
        return "none"
    text = str(value) if isinstance(value, str) else _json(value)
    return text[:limit]


def shown_pair(expected: object, found: object, limit: int = SHOWN) -> dict[str, Any]:
    """`expected` and `found` of a finding; of two statements of one type, only the parts that differ."""
    one, other = _differing(expected, found)
    return {"expected": shown(one, limit), "found": shown(other, limit)}


def _differing(one: object, other: object) -> tuple[object, object]:
    if not isinstance(one, Struct) or type(one) is not type(other) or one == other:
        return one, other
    pairs = {
        field.name: _differing(getattr(one, field.name), getattr(other, field.name))
        for field in fields(one)
        if getattr(one, field.name) != getattr(other, field.name)
    }
    return tuple({name: pair[index] for name, pair in pairs.items()} for index in (0, 1))  # type: ignore[return-value]


def _json(value: object) -> str:
    return msgspec.json.encode(value, enc_hook=str, order="deterministic").decode()
