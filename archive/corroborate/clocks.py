"""Lines that state a time of the visit: around the time stands nothing but what clocks are labelled with."""

from __future__ import annotations

import re

from archive.corroborate.changing_words import changing_words
from archive.corroborate.dates import TimeExpression, Visits, explained, time_expressions
from archive.corroborate.folding import composed, fold

LONGEST = 2000
"""Characters of a text in which times are looked for."""
_SAYS_NOW = re.compile(
    r"\b(?:now|today|current|currently|updated?|generated|rendered|cached|retrieved|accessed|server time|local time|"
    r"maintenant|aujourd'hui|mis à jour|généré|hoy|ahora|actualizado|generado)\b|الآن|اليوم|تحديث|الساعة|توقيت",
    re.IGNORECASE,
)
_AROUND = changing_words("clock") | changing_words("days")
_LETTERS = re.compile(r"[^\W\d_]+")
_GREETING = re.compile(
    r"(?:good (?:morning|afternoon|evening|day|night)|bonjour|bonsoir|buen(?:os|as) (?:días|tardes|noches)"
    r"|صباح الخير|مساء الخير)[.!,]?\Z",
    re.IGNORECASE,
)


def says_now(text: str) -> bool:
    return _SAYS_NOW.search(text) is not None


def is_greeting(text: str) -> bool:
    """True for `Good morning`."""
    return _GREETING.match(composed(text)) is not None


def is_explained(
    texts: tuple[str, str],
    spans: tuple[tuple[int, int], tuple[int, int]],
    times: tuple[list[TimeExpression], list[TimeExpression]],
    visits: Visits,
    clauses: tuple[str, str],
    *,
    is_short: bool,
) -> bool:
    """True where what differs are times alone, and each line states that of its own visit."""
    within = [
        [time for time in found if time.start < end and start < time.end and time.kind]
        for found, (start, end) in zip(times, spans, strict=True)
    ]
    if not within[0] or len(within[0]) != len(within[1]):
        return False
    for text, (start, end), found in zip(texts, spans, within, strict=True):
        rest = "".join(text[at] for at in range(start, end) if not any(one.start <= at < one.end for one in found))
        if any(character.isalnum() for character in rest):
            return False
    is_age = any(one.kind == "age" for found in within for one in found)
    if not (is_short if is_age else all(map(_is_clock, clauses))):
        return False  # a day in a sentence is what the page reports, not a clock
    is_cached = all(map(says_now, texts))
    return all(explained(a, b, visits, is_cached=is_cached) for a, b in zip(*within, strict=True))


def _is_clock(clause: str) -> bool:
    """True where the words around the times are those of a clock."""
    times, at, rest = time_expressions(clause), 0, ""
    for one in times:
        rest += f"{clause[at : one.start]} "
        at = one.end
    said = {word.casefold() for word in _LETTERS.findall(fold(rest + clause[at:]))}
    return said <= _AROUND
