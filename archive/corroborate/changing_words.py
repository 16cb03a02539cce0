"""Words of lines that change with every visit, from the data file."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from archive.corroborate.folding import fold


def changing_words(name: str) -> frozenset[str]:
    """A list of the file, folded, in lower case."""
    return frozenset(_folded(_file()["words"][name]))


def measures_of(name: str) -> dict[str, str]:
    """Each word of a table of the file -> the measure that it names."""
    return {word: measure for measure, words in _file()[name].items() for word in _folded(words)}


def _folded(words: str) -> list[str]:
    return [fold(word).casefold() for word in words.split()]


@cache
def _file() -> dict[str, dict[str, str]]:
    text = (resources.files("archive.corroborate") / "changing_words.toml").read_text(encoding="utf-8")
    return {name: dict(table) for name, table in tomllib.loads(text).items()}
