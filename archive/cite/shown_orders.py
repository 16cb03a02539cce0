"""The orders in which a line that holds an address and Arabic or Hebrew words may be read.

A page shows `/2021/slug` and `slug/2021` alike where the slug is Arabic, and an address whose end is Arabic otherwise
in a line from left to right than in one from right to left. The likeliest order comes first; the others are doubts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.cite.bidi import RIGHT_TO_LEFT_LETTER, Order, mixed_order, reading_order

_R = RIGHT_TO_LEFT_LETTER
_JOINT = "[/=&?#%_-]"
_TOUCHES = re.compile(rf"(?:://|www\.)\S{{0,2000}}{_JOINT}{_R}|{_R}\S{{0,2000}}(?:://|www\.)", re.IGNORECASE)
_SHOWN_LEFT_TO_RIGHT = re.compile(
    rf"(?<![^\s(\[<\"“«.,،:;])(?:https?://|www\.)(?:(?!{_R})\S){{1,2000}}?(?<={_JOINT}){_R}\S*", re.IGNORECASE
)
"""An address with Arabic letters at its right: it is shown from left to right itself, whatever its line is."""
_STOPS_BEHIND = ')]}>"”»،,.;:!?'
_WORD_BEHIND = re.compile(rf"(?<=[/=]){_R}+\Z")
_DATE = re.compile(r"/(?:19|20)[0-9]{2}/[0-9]{1,2}(?:/[0-9]{1,2})?/\Z")
"""A date before a title, as most sites write it: that needs no doubt."""
_NUMBER_BEFORE = re.compile(
    rf"(?<![A-Za-z0-9])(?P<more>(?:[0-9]+[./:-])*)(?P<last>[0-9]+)(?P<joint>{_JOINT})"
    rf"(?P<words>{_R}(?:[^\sA-Za-zÀ-ʯ]*{_R})?)"
)
"""A number between Latin and Arabic letters: it may be read before the Arabic ones, or after them."""
_NUMBER_BEHIND = re.compile(rf"(?<=[A-Za-z])(?P<joint>[/_-])[0-9]+(?={_JOINT}{_R})")


def orders(visual: str, *, is_rtl: bool, is_sure: bool) -> Iterator[Order]:
    """Yield each order in which a line may be read; `is_sure` where its direction is known and not guessed."""
    yield right_to_left(visual) if is_rtl else mixed_order(visual)
    if not _TOUCHES.search(visual):
        return
    shown = list(_shown_left_to_right(visual))
    if is_rtl:
        if shown and not is_sure:
            yield mixed_order(visual)
        if any(_WORD_BEHIND.search(visual, *span) for span in shown):
            yield reading_order(visual)
        if number := _NUMBER_BEHIND.search(visual):
            yield right_to_left(visual, apart=number.start("joint"))
    elif shown and not is_sure:
        yield right_to_left(visual)
    yield from _with_numbers_behind(visual) if shown else ()


def right_to_left(visual: str, *, apart: int = -1) -> Order:
    """A line from right to left, whose addresses with Arabic letters at their right are read from left to right."""
    ordered: list[Order] = []
    at = 0
    for start, end in _shown_left_to_right(visual):
        ordered += [reading_order(visual, at, start, apart=apart), _moved(mixed_order(visual[start:end]), start)]
        at = end
    ordered.append(reading_order(visual, at, len(visual), apart=apart))
    return [each for piece in reversed(ordered) for each in piece]


def _shown_left_to_right(visual: str) -> Iterator[tuple[int, int]]:
    if "://" not in visual and "www." not in visual:
        return
    for address in _SHOWN_LEFT_TO_RIGHT.finditer(visual):
        yield address.start(), address.start() + len(address[0].rstrip(_STOPS_BEHIND))


def _with_numbers_behind(visual: str) -> Iterator[Order]:
    """Yield the line with the numbers that touch Arabic letters of an address behind these: the last one, and all."""
    numbers = [one for one in _NUMBER_BEFORE.finditer(visual) if not _DATE.search(visual, 0, one.start("words"))]
    for group in ("last", "more") if numbers else ():
        ordered: Order = []
        at = 0
        for number in numbers:
            start, joint, words = number.start(group), number.start("joint"), number.start("words")
            ordered += _moved(mixed_order(visual[at:start]), at)
            ordered += _moved(mixed_order(visual[words : number.end()]), words)
            ordered += list(enumerate(visual[joint:words], joint)) + list(enumerate(visual[start:joint], start))
            at = number.end()
        yield ordered + _moved(mixed_order(visual[at:]), at)


def _moved(order: Order, by: int) -> Order:
    return [(index + by, letter) for index, letter in order]
