"""A line of a page with the times in it, and what stands around these."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.corroborate.pages.content import TextBlock
from archive.corroborate.texts.clocks import words_of_clocks
from archive.corroborate.texts.dates import TimeExpression, time_expressions
from archive.corroborate.texts.folding import composed, fold

Part = tuple[str, frozenset[str]]
_BESIDE = frozenset(("header", "footer", "nav", "aside"))
_NUMBER = re.compile(r"[0-9٠-٩۰-۹]+(?:[.,٫٬][0-9٠-٩۰-۹]+)*(?:[KMkm]\b)?")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class TimedLine:
    """A line with its times taken out."""

    text: str
    labels: frozenset[str]
    block: TextBlock
    times: tuple[TimeExpression, ...]

    @classmethod
    def of(cls, parts: list[Part], block: TextBlock) -> TimedLine:
        text = composed(" ".join(part for part, _ in parts))
        labels = frozenset(label for _, found in parts for label in found)
        return cls(text, labels, block, tuple(time_expressions(text)))

    @property
    def rest(self) -> str:
        """What stands around the times."""
        rest, at = "", 0
        for one in self.times:
            rest, at = f"{rest}{self.text[at : one.start]} ", one.end
        return " ".join((rest + self.text[at:]).split())

    @property
    def around(self) -> str:
        """What stands around the times, sign by sign, with a mark in the place of each."""
        around, at = "", 0
        for one in self.times:
            around, at = f"{around}{self.text[at : one.start]}\0", one.end
        return fold(around + self.text[at:])


def are_punctuated_otherwise(one: TimedLine, other: TimedLine) -> bool:
    """True for lines of the main content that have other signs around their times: `No, survivors`, `No survivors`.

    A line of nothing but times and the words of clocks may be written in another way.
    """
    if all(_is_beside_text(line.block) for line in (one, other)) or are_clocks(one, other):
        return False
    whole = [_NUMBER.sub("0", line.around) for line in (one, other)]
    parts = [[TimedLine.of([part], line.block) for part in parts_of(line.block)] for line in (one, other)]
    apart = [[_NUMBER.sub("0", part.around) for part in found] for found in parts]
    return whole[0] != whole[1] and apart[0] != apart[1]


def _is_beside_text(block: TextBlock) -> bool:
    """True for what stands in the frame of a page, in a changing place or in a list of other pages."""
    is_there = block.section in _BESIDE or block.is_framed or block.slot is not None or bool(block.entry)
    return is_there and not block.is_main


def parts_of(block: TextBlock) -> list[Part]:
    return list(block.parts) or [(block.text, block.labels)]


def are_clocks(one: TimedLine, other: TimedLine) -> bool:
    """True where nothing stands around the times but the words of clocks; numbers are none."""
    return all(lower_words(line.rest) <= words_of_clocks() and not has_number(line.rest) for line in (one, other))


def lower_words(text: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(fold(text))}


def has_number(text: str) -> bool:
    return any(map(str.isdigit, text))
