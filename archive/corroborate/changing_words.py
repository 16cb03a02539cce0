"""Words of lines that change with every visit, from the data file."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from archive.corroborate.folding import fold


def changing_words(name: str) -> frozenset[str]:
    """A list of the file, folded, in lower case."""
    return frozenset(fold(word).casefold() for word in _lists()[name].split())


@cache
def _lists() -> dict[str, str]:
    text = (resources.files("archive.corroborate") / "changing_words.toml").read_text(encoding="utf-8")
    return {name: str(words) for name, words in tomllib.loads(text).items()}
