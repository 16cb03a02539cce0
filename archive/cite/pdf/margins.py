"""What stands round the text of a page: page numbers, running headers and footers, counts of lines, notes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from archive.cite.pdf.lines import Layout, Line
from archive.cite.pdf.paragraph_lines import BELOW

_LONE_NUMBER = re.compile(
    r"\W*(?:[Pp]age |[Pp]\. ?|ص ?)?(?:[0-9٠-٩]{1,4}|[ivxlc]{1,6})(?: ?(?:/|of|من) ?[0-9٠-٩]{1,4})?\W*"
)
_NUMBERS = re.compile("[0-9٠-٩ivxlc]+")


def mark_page_numbers(lines: list[Line]) -> None:
    """Mark lone numbers at the top or bottom of the page, and numbers that count lines in the margin."""
    straight = [line for line in lines if line.turn == 0]
    if not straight:
        return
    for edge in (max(line.base for line in straight), min(line.base for line in straight)):
        for line in straight:
            beside = [other for other in (line.above, line.below) if other is not None]
            is_apart = all(abs(other.base - line.base) >= 1.7 * line.size for other in beside)
            if abs(line.base - edge) < 1 and is_apart and _LONE_NUMBER.fullmatch(line.text):
                line.is_running = True
    by_place: dict[int, list[Line]] = {}
    for line in straight:
        if line.text.isdecimal() and len(line.text) < 5:
            by_place.setdefault(round(line.right), []).append(line)
    for numbers in by_place.values():
        values = [int(line.text) for line in sorted(numbers, key=lambda line: -line.base)]
        steps = {after - value for value, after in itertools.pairwise(values)}
        if len(values) > 3 and len(steps) == 1 and steps <= {1, 5}:
            for line in numbers:
                line.is_running = True


def mark_running_lines(layout: Layout, others: Iterable[Layout]) -> None:
    """Mark what stands on neighbouring pages at the same height: running headers and footers."""
    if not layout.lines:
        return
    at_an_edge = [line for line in layout.lines if line.turn == 0 and (line.above is None or line.below is None)]
    heights = {line.height for line in at_an_edge}
    elsewhere = {_spot(line) for other in others for height in heights for line in other.at_height(height)}
    for line in at_an_edge:
        if _spot(line) in elsewhere and not _ends_an_address(line):
            line.is_running = True


def _ends_an_address(line: Line) -> bool:
    """True for the last line of an address, which on two pages may stand at one height."""
    above = line.above
    return above is not None and above.base - line.base < BELOW * line.size and "//" in above.text.split(" ")[-1]


def _spot(line: Line) -> tuple[str, int, int]:
    return _NUMBERS.sub("#", line.text), *line.height


def note_line(page: int, text: str) -> Line:
    """A line of a note that is laid over the page: it has no place among the others, and continues in none."""
    line = Line(page, text, [], frozenset(), -1e9, -1e9, -1e9, 0.0, -1, 0, paragraph_ends=True)
    line.ordered = [-1e9] * len(text)
    return line
