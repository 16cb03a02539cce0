"""The words that the catalogues use for one thing each, in every language: what translators look at first."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from msgspec import Struct

from archive.words import CATALOGUES, languages

FILE = CATALOGUES / "term_words" / "terms.toml"


class TermWord(Struct, frozen=True):
    """The word for a thing in one language."""

    word: str
    refused: str | None
    """Pattern of other words for it, which no sentence may have."""


class Term(Struct, frozen=True):
    """One thing and its words."""

    name: str
    """English."""
    means: str
    words: dict[str, TermWord]


@cache
def terms() -> tuple[Term, ...]:
    """All terms, in the order of the file. Raises `KeyError` where a language has no word for one."""
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(_term(name, row) for name, row in document.items())


def _term(name: str, row: dict[str, Any]) -> Term:
    return Term(name, row["means"], {code: _word(row[code]) for code in languages()})


def _word(row: dict[str, str]) -> TermWord:
    return TermWord(row["word"], row.get("not"))
