"""Bars of a page in which several things stand that change: a clock, the weather, prices, the last headline.

Each element of such a line is judged by itself; what stands beside it must not go on with a sentence. Nothing of the
main text is such a bar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from archive.corroborate.explain.phrases import COUNTER, DATE, is_spoken, said_beside_counts
from archive.corroborate.explain.replaced_entries import names_another
from archive.corroborate.pages.content import TextBlock
from archive.corroborate.texts.changing_words import CHANGING, SHARING, phrases_of
from archive.corroborate.texts.dates import time_expressions
from archive.corroborate.texts.folding import caseless, composed, fold

_FRAME = frozenset(("header", "footer", "nav"))
_LONGEST = 160
_LONGEST_LABEL = 40
_MOST = 24
"""Elements of a bar."""
_BREAKING = phrases_of("breaking")
Judge = Callable[[TextBlock, TextBlock], frozenset[str]]


def explain_bar(one: TextBlock, other: TextBlock, judge: Judge, unexplained: str) -> frozenset[str] | None:
    """What explains each element that differs; None where one is not explained, or these are no two bars."""
    if any(block.is_main or block.section in ("article", "main") or block.kind != "visible" for block in (one, other)):
        return None
    sides = list(one.parts), list(other.parts)
    if len(sides[0]) != len(sides[1]) or not 2 <= len(sides[0]) <= _MOST:
        return None
    said = [said_beside_counts(" ".join(text for text, _ in side)) for side in sides]
    if one.links and other.links and names_another(said[0], said[1]):
        return None
    kinds: set[str] = set()
    for at, ((first, _), (second, _)) in enumerate(zip(*sides, strict=True)):
        if fold(first) == fold(second):
            continue
        if max(len(first), len(second)) > _LONGEST:
            return None
        found = judge(_element(one, at), _element(other, at))
        if unexplained in found or not _may_stand_alone(found, (one, other), at):
            return None
        kinds |= found
    return frozenset(kinds) or None


def _may_stand_alone(kinds: frozenset[str], blocks: tuple[TextBlock, TextBlock], at: int) -> bool:
    """False for a number or a clock that what stands beside it gives a meaning, and for a part of a sentence."""
    texts = [block.parts[at][0] for block in blocks]
    if COUNTER in kinds and not all(any(map(str.isalpha, text)) for text in texts):
        return False
    if DATE in kinds and all(any(time.moments for time in time_expressions(composed(text))) for text in texts):
        return True
    if DATE in kinds and not all(block.section in _FRAME or block.is_framed for block in blocks):
        return False
    return not any(is_spoken(list(block.parts), at, at + 1) for block in blocks)


def _element(block: TextBlock, at: int) -> TextBlock:
    """One element of a line, as a text of its own."""
    text, labels = block.parts[at]
    around = [part for part, _ in block.parts[max(at - 1, 0) : at]], [part for part, _ in block.parts[at + 1 : at + 2]]
    before, after = (next((part for part in found if len(part) <= _LONGEST_LABEL), "") for found in around)
    return replace(
        block, text=text, parts=(), labels=labels, around=block.around | (labels & (CHANGING | SHARING)), links=(),
        before=before or (block.before if at == 0 else ""), after=after, is_link=False,
    )  # fmt: skip


def is_breaking(block: TextBlock) -> bool:
    """True for a headline behind a label that says that it is the last one: `Breaking`, `عاجل`."""
    label = block.parts[0][0] if block.parts else block.text.partition(":")[0]
    labels = [caseless(text).strip(" :|-–—!") for text in (block.before, label)]
    return not block.is_main and any(text in _BREAKING for text in labels)
