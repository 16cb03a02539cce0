"""Lines that count a page's readers: every word of theirs is known, so that no sentence about people is one."""

from __future__ import annotations

import re

from archive.corroborate.changing_words import changing_words
from archive.corroborate.folding import fold

NUMBER = re.compile(
    r"[+-]?[0-9٠-٩۰-۹][0-9٠-٩۰-۹.,'٬٫\u00a0]*(?:/[0-9]{1,3})?\s?(?:k|m|bn|tsd|mil|ألف|مليون)?\.?[)\]:;،,]?\Z",
    re.IGNORECASE,
)
_STRONG = changing_words("readers_do")
_WEAK = changing_words("readers_are")
_FILLING = changing_words("between")
_MEASURED = changing_words("measures")
_OF_MEASURED = changing_words("of_measures")
_SOCIAL = changing_words("counting_classes")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_END = re.compile(r"[.!?؟](?=\s|\Z)|[·|•—–؛;\n]")
_UNIT = frozenset(("k", "m", "bn", "tsd", "mil", "ألف", "مليون"))


def clause_at(text: str, start: int, end: int) -> str:
    """The part of a line, between stops and dots, in which a change lies."""
    begin, stop = 0, len(text)
    for match in _END.finditer(text):
        if match.end() <= start:
            begin = match.end()
        elif match.start() >= end:
            stop = match.start()
            break
    return text[begin:stop]


def counts_readers(clause: str, labels: frozenset[str]) -> bool:
    """True for `1,204 views`, `43 people are reading this now`, or a number alone that its class calls likes."""
    said = {_bare(word) for word in _LETTERS.findall(fold(clause).casefold())} - _UNIT
    if not said:
        return bool(labels & _SOCIAL)
    is_known = said <= _STRONG | _WEAK | _FILLING
    return is_known and bool(said & _STRONG or (said & _WEAK and labels & _SOCIAL))


def measures_server(clause: str) -> bool:
    """True for `Page generated in 0.12 seconds`."""
    said = {_bare(word) for word in _LETTERS.findall(fold(clause).casefold())}
    return bool(said & _MEASURED) and said <= _MEASURED | _OF_MEASURED


def _bare(word: str) -> str:
    """The word without the Arabic article."""
    return word[2:] if word.startswith("ال") and word[2:] in _STRONG | _WEAK else word
