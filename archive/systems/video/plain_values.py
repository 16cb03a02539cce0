"""What an extractor describes, as values that any JSON reader reads."""

from __future__ import annotations

import math
from typing import Any

from archive.http.json_body import well_formed_text

_MAX_DEPTH = 200
_MACHINE_WORD = 1 << 63


def plain(value: Any, depth: int = 0) -> Any:
    """The value with text for keys, no lone surrogates, no numbers that JSON cannot hold. Raises `ValueError`."""
    if isinstance(value, str):
        return well_formed_text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -_MACHINE_WORD <= value < _MACHINE_WORD else _digits(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth > _MAX_DEPTH:
        raise ValueError("the description is nested too deeply")
    if isinstance(value, dict):
        return {well_formed_text(str(key)): plain(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each, depth + 1) for each in value]
    return well_formed_text(str(value))


def _digits(value: int) -> str:
    try:
        return str(value)
    except ValueError:  # over 4,300 digits (sys.set_int_max_str_digits)
        return hex(value)
