"""The name of a folder that becomes a bag: it stands in texts of the bag, so it has to be text."""

from __future__ import annotations

import os
from pathlib import Path

from archive.errors import UsageProblem


def require_name(bag: Path) -> Path:
    """The path itself. Raises `UsageProblem` for a name that is not UTF-8, or that has a line end or another control.

    RFC 8493 leaves names of bags to their makers; `README-VERIFY.txt` and the page print this one.
    """
    name = bag.name
    if readable(name) != name or not name.isprintable():
        raise UsageProblem(f"{name!r}: a bag's name must be UTF-8 without line ends; rename it, or choose one with -o")
    return bag


def readable(name: str) -> str:
    """A name of a file as text: bytes that are not UTF-8 become U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace") if os.name == "posix" else name
