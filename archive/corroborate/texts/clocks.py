"""Lines that state a time of the visit: around the time stands nothing but what clocks are labelled with."""

from __future__ import annotations

import re

from archive.corroborate.texts.changing_words import changing_words
from archive.corroborate.texts.dates import time_expressions
from archive.corroborate.texts.folding import composed, fold

_SAYS_NOW = re.compile(
    r"\b(?:now|today|current|currently|updated?|generated|rendered|cached|retrieved|accessed|server time|local time|"
    r"maintenant|aujourd'hui|mis à jour|généré|hoy|ahora|actualizado|generado)\b|الآن|اليوم|تحديث|الساعة|توقيت",
    re.IGNORECASE,
)
_MADE, _PRESENT = changing_words("made"), changing_words("present")
_WORD = re.compile(r"[^\W\d_]+")
_AROUND = changing_words("clock") | changing_words("days")


def says_now(text: str) -> bool:
    return _SAYS_NOW.search(text) is not None or bool(_words(text) & (_MADE | _PRESENT))


def says_made(text: str) -> bool:
    """True for a text with a word for the making of a page."""
    return bool(_words(text) & _MADE)


def is_time_alone(text: str) -> bool:
    """True for an hour, a day or an age, and nothing else."""
    times = time_expressions(composed(text[:100]))
    return len(times) == 1 and times[0].end - times[0].start >= len(composed(text[:100])) - 1


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(fold(text))}


def words_of_clocks() -> frozenset[str]:
    """Words that stand around a clock."""
    return _AROUND
