"""JSON that a server sent, read without trust."""

from __future__ import annotations

import json
import re
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_DEPTH = 200


def read_json(content: bytes) -> Any:
    """The value of a JSON text (RFC 8259), its strings well-formed Unicode. Raises `ValueError`.

    A string may hold half of a surrogate pair, escaped as `ud83d`, which no encoding can write. (RFC 8259, section 8.2)
    """
    try:
        return well_formed(json.loads(content))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def well_formed(value: Any, depth: int = 0) -> Any:
    """The value with each lone surrogate in its strings replaced by U+FFFD. Raises `ValueError` where too deep."""
    if isinstance(value, str):
        return well_formed_text(value)
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {well_formed(key, depth + 1): well_formed(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [well_formed(each, depth + 1) for each in value]
    return value


def well_formed_text(text: str) -> str:
    """The text with pairs of surrogates joined and lone ones replaced by U+FFFD."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
