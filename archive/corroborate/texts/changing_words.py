"""Words of lines that change with every visit, from the data file."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from archive.corroborate.texts.folding import caseless, fold


@cache
def changing_words(name: str) -> frozenset[str]:
    """A list of the file, folded, in lower case."""
    return frozenset(_folded(_file()["words"][name]))


@cache
def phrases_of(name: str) -> frozenset[str]:
    """A list of phrases of the file, folded, in lower case."""
    return frozenset(caseless(phrase) for phrase in _file()["words"][name])


@cache
def beginnings(name: str) -> re.Pattern[str]:
    """A pattern for words that begin as those of a list of the file."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(changing_words(name))))})", re.IGNORECASE)


def measures_of(name: str) -> dict[str, str]:
    """Each word of a table of the file -> the measure that it names."""
    return {word: measure for measure, words in _file()[name].items() for word in _folded(words)}


def _folded(words: str) -> list[str]:
    """Each word, and as it reads in lower case if a page has it in Turkish capitals."""
    found = [fold(word).casefold() for word in words.split()]
    return found + [word.replace("ı", "i") for word in found if "ı" in word]


@cache
def _file() -> dict[str, dict[str, str]]:
    text = (resources.files("archive.corroborate.texts") / "changing_words.toml").read_text(encoding="utf-8")
    return {name: dict(table) for name, table in tomllib.loads(text).items()}


SHARING = changing_words("sharing")
"""Names of buttons by which a page is shared."""
CHANGING = frozenset[str]().union(
    *map(
        changing_words,
        ("weather", "of_weather", "markets", "of_market", "of_prices", "currency", "prayer", "offers", "polls"),
    )
)
"""Names of boxes that show each reader something else, or anew each minute."""
