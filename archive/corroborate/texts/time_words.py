"""Words by which pages state times, from the data file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

from archive.corroborate.texts.folding import composed


def numbers_of(name: str) -> dict[str, int]:
    """Each name of a table of the file, by `key_of` -> its number: of a month, of a day, the seconds of a unit."""
    return {key_of(word): int(number) for number, words in _file()[name].items() for word in _split(words)}


def time_words(name: str) -> frozenset[str]:
    """A list of the file, as it is written there."""
    return frozenset(_split(_file()["words"][name]))


def key_of(name: str) -> str:
    """A name in lower case; a Turkish dotless i is an i, as a search without regard to case takes it."""
    return name.lower().replace("i̇", "i").replace("ı", "i")


def pattern_of(names: Iterable[str]) -> str:
    """A pattern for any of these names, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def _split(words: str) -> list[str]:
    return [composed(word).replace("_", " ") for word in words.split()]


@cache
def _file() -> dict[str, dict[str, str]]:
    text = (resources.files("archive.corroborate.texts") / "time_words.toml").read_text(encoding="utf-8")
    return {name: dict(table) for name, table in tomllib.loads(text).items()}
