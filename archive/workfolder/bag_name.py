"""The name of a folder that becomes a bag: it stands in texts of the bag, so it has to be text."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from archive.errors import UsageProblem


def require_name(bag: Path) -> Path:
    """The path itself. Raises `UsageProblem` for a name that is not UTF-8, or that has a line end or another control.

    RFC 8493 leaves names of bags to their makers; `README-VERIFY.txt` and the page print this one.
    """
    name = bag.name
    why = _why_unfit(name)
    if why is not None:
        raise UsageProblem(f"{name!a}: a bag cannot have this name, with {why}; rename it, or choose one with -o")
    return bag


def _why_unfit(name: str) -> str | None:
    """The first thing in a name that no text of a bag can print, and why; None for a name that is fit."""
    if readable(name) != name:
        return "bytes that are not UTF-8"
    character = next((one for one in name if not one.isprintable()), None)
    if character is None:
        return None
    called = unicodedata.name(character, "")
    shown = f"U+{ord(character):04X}" + (f" ({called})" if called else "")
    kind = unicodedata.category(character)
    if character in "\n\r\v\f\x85\u2028\u2029":
        return f"the line end {shown}, which would break the lines that print it"
    if kind == "Cc":
        return f"the control character {shown}, which a terminal obeys and does not show"
    if unicodedata.bidirectional(character) in _DIRECTIONS:
        return f"the character {shown}, which is not shown and can show what follows in another order"
    return f"the character {shown}, which is not shown or looks like another"


_DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "L", "R", "AL"})


def readable(name: str) -> str:
    """A name of a file as text: bytes that are not UTF-8 become U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace") if os.name == "posix" else name
