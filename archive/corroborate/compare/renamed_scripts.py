"""Scripts of two pages that are one script but for the short names that a build gives its variables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.corroborate.texts.script_tokens import tokens

SHORT_NAME = re.compile(r"(?<![\w$.])(?!(?:if|do|in|of|as)\b)[A-Za-z_$][\w$]?(?![\w$])")
"""A variable, as a build names it."""


def without_renamed(one: Sequence[str], other: Sequence[str]) -> tuple[list[str], list[str]]:
    """The scripts of each side that are no other names of one of the other side, each such once."""
    waiting: dict[tuple[str, tuple[str, ...]], list[tuple[int, list[str]]]] = {}
    for at, script in enumerate(other):
        shape, names = _read(script)
        waiting.setdefault(shape, []).append((at, names))
    left, gone = [], set[int]()
    for script in one:
        shape, names = _read(script)
        same = (at for at, there in waiting.get(shape, ()) if at not in gone and _are_renamed(names, there))
        match = next(same, None)
        if match is None:
            left.append(script)
        else:
            gone.add(match)
    return left, [script for at, script in enumerate(other) if at not in gone]


def _read(script: str) -> tuple[tuple[str, tuple[str, ...]], list[str]]:
    """The code of a script without its short names, its texts; and these names in their order."""
    parts = list(tokens(script))
    code = "\0".join(text for kind, text in parts if kind == "code")
    texts = tuple(text for kind, text in parts if kind not in ("code", "comment"))
    return (SHORT_NAME.sub("_", code), texts), SHORT_NAME.findall(code)


def _are_renamed(one: Sequence[str], other: Sequence[str]) -> bool:
    """True where each name of the one script stands for one name of the other, wherever it stands."""
    pairs = set(zip(one, other, strict=True))
    return len(pairs) == len({first for first, _ in pairs}) == len({second for _, second in pairs})
