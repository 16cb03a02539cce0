"""JSON that a script gives a name: data, and compared as data."""

from __future__ import annotations

import json
import re

_ASSIGNED = re.compile(r"(?:^|[;\n])\s*(?:var|let|const)?\s*(?P<name>[\w$.\[\]\"']{1,100})\s*=\s*(?=[{\[])")
_MOST = 50


def data_in_script(script: str) -> tuple[list[str], str]:
    """JSON that a script gives a name (`window.__STATE__ = {…}`): name and text, and the rest of the script."""
    found: list[str] = []
    rest, at = "", 0
    decoder = json.JSONDecoder()
    for match in _ASSIGNED.finditer(script):
        if match.start() < at or len(found) >= _MOST:
            continue
        try:
            _, end = decoder.raw_decode(script, match.end())
        except (ValueError, RecursionError):
            continue
        found.append(f"{match['name'].strip()[:150]}\0{script[match.end() : end]}")
        rest, at = f"{rest}{script[at : match.end()]} ", end
    return found, rest + script[at:]


def is_plain_json(text: bytes) -> bool:
    """True for JSON in which no object has a name twice: readers differ in which of the two they take."""
    try:
        json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return False
    return True


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
