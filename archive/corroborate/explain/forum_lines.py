"""Lines below the headings of a forum's own numbers: which members are online, how many topics and members it has.

The heading says it, the lines stand outside the main text, and all of their words but the names of members are known.
"""

from __future__ import annotations

import re

from archive.corroborate.pages.content import TextBlock
from archive.corroborate.texts.changing_words import changing_words
from archive.corroborate.texts.counters import is_plausible, numbers_in
from archive.corroborate.texts.folding import fold

_ONLINE, _STATISTICS = changing_words("online"), changing_words("statistics")
_SAYS_ONLINE = changing_words("says_online")
_SAYS_STATISTICS = frozenset(("statistics", "stats", "statistiques", "estadísticas", "إحصائيات", "احصائيات", "إحصاءات"))
_COUNTERS, _COUNTED = changing_words("visit_counters"), changing_words("visits_counted")
_NEWEST = re.compile(
    r"(?P<label>(?:our )?(?:newest|latest) (?:registered )?member:?"
    r"|dernier membre:?|último miembro:?|أحدث عضو:?|آخر عضو:?)"
    r"\s*(?P<name>[\w. -]{0,40})\Z",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_NAME = 3
"""Words of a member's name."""


def is_of_online_list(block: TextBlock) -> bool:
    """True for names of members below a heading that says who is online, or behind words that say so."""
    if block.is_main or block.kind != "visible" or not _says(block.heading, _ONLINE, _SAYS_ONLINE):
        return False
    text = fold(block.text)
    label, _, names = text.rpartition(":")
    if _known(text, _ONLINE):
        return True
    listed = [name for name in re.split(r", | and | et | y | و(?=\S)", names.strip()) if name]
    is_short = all(len(name.split()) <= _NAME for name in listed)
    named = [name for name in listed if not _known(name, _ONLINE) and not name.endswith("[Bot]")]
    named = [name for name in named if not _known(name.rpartition("[Bot] and ")[2], _ONLINE)]
    are_linked = block.is_link or len(block.links) >= len(named)
    return _known(label, _ONLINE) and is_short and are_linked


def are_statistics(one: TextBlock, other: TextBlock) -> bool:
    """True for two lines of one forum's numbers: the same words, and numbers that moved a little."""
    blocks = one, other
    if any(block.is_main or not _is_of_statistics(block.heading) for block in blocks):
        return False
    if all(_NEWEST.fullmatch(fold(block.before)) and len(block.text.split()) <= _NAME for block in blocks):
        return True
    texts = [_NEWEST.sub(lambda match: match["label"], fold(block.text)) for block in blocks]
    said = [_WORD.findall(text.casefold()) for text in texts]
    before = [_WORD.findall(fold(block.before).casefold()) for block in blocks]
    labels = [set(words or label) for words, label in zip(said, before, strict=True)]
    if said[0] != said[1] or not all(label and label <= _STATISTICS for label in labels):
        return False
    numbers = [[value for *_, value in numbers_in(text)] for text in texts]
    is_same_number = len(numbers[0]) == len(numbers[1])
    return is_same_number and all(is_plausible(*pair) for pair in zip(*numbers, strict=True))


def _says(heading: str, known: frozenset[str], sure: frozenset[str]) -> bool:
    said = set(_WORD.findall(fold(heading).casefold()))
    return bool(said & sure) and said <= known | sure


def _is_of_statistics(heading: str) -> bool:
    """True for `Statistics`, and for a counter of visitors."""
    said = set(_WORD.findall(fold(heading).casefold()))
    is_counter = bool(said & _COUNTERS) and bool(said & _COUNTED)
    return (is_counter and said <= _STATISTICS | _COUNTERS) or _says(heading, _STATISTICS, _SAYS_STATISTICS)


def _known(text: str, words: frozenset[str]) -> bool:
    return {word.casefold() for word in _WORD.findall(text)} <= words
