"""Which line of a page is below which: the next line of its paragraph."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.cite.pdf.lines import Line

BELOW = 2.1
"""Em from a baseline to the next, at most, where one line continues in the other."""
_MOST_BELOW = 3.2
"""The same on pages that are set with wide line spacing."""
_WIDER_THAN_USUAL = 1.2
"""Times the page's usual distance of lines: how far apart two lines of one paragraph may be."""
_REGULAR = 0.03
"""Em by which the distances of the lines of one paragraph differ, at most."""
_TOUCHING = 0.7
"""Em between baselines, at most, of lines that are printed over each other."""


def tie(lines: list[Line]) -> None:
    """Find the line below each, and the columns."""
    ordered = sorted(lines, key=lambda line: (line.turn, -line.base))
    below: dict[int, Line] = {}
    above: dict[int, Line] = {}
    most, regular = _most_below(ordered)
    for number, line in enumerate(ordered):
        for place, other in enumerate(ordered[number + 1 : number + 200], number + 1):
            distance = line.base - other.base
            limit = _MOST_BELOW if id(line) in regular and id(line) not in below else most
            if other.turn != line.turn or distance > limit * max(line.size, other.size):
                break
            if distance > _TOUCHING * line.size and line.overlaps(other):
                if line.has_size_of(other):
                    below.setdefault(id(line), _nearer_start(line, ordered[place : place + 8]))
                above.setdefault(id(other), line)
                if id(line) in below:
                    break
    for line in lines:
        line.above = above.get(id(line))
        line.below = below.get(id(line))


def _nearer_start(line: Line, others: list[Line]) -> Line:
    """Of the lines on the baseline of the first, the one that a reader of `line` goes to: that at its own start."""
    below = others[0]
    if not line.is_right_to_left:
        return below
    beside = [one for one in others if abs(one.base - below.base) < 0.1 * below.size and one.turn == line.turn]
    return max((one for one in beside if line.overlaps(one) and line.has_size_of(one)), key=lambda one: one.right)


def _most_below(ordered: list[Line]) -> tuple[float, set[int]]:
    """Em from a baseline to the next of its paragraph, at most, by the page's usual distance of lines.

    Gives also the lines, by `id`, whose distance to the next is that of the next to the one after it: a paragraph with
    wider line spacing than the page has elsewhere.
    """
    nearest: dict[int, tuple[Line, float]] = {}
    for number, line in enumerate(ordered):
        for other in ordered[number + 1 : number + 20]:
            em = (line.base - other.base) / max(line.size, other.size)
            if other.turn != line.turn or em > _MOST_BELOW:
                break
            if em > _TOUCHING and line.overlaps(other):
                nearest[id(line)] = other, em
                break
    distances = [em for _, em in nearest.values()]
    usual = median(distances) if len(distances) > 2 else 0.0
    regular: set[int] = set()
    for one, (other, em) in nearest.items():
        after = nearest.get(id(other))
        if after is not None and abs(after[1] - em) < _REGULAR:
            regular |= {one, id(other)}
    return min(max(BELOW, _WIDER_THAN_USUAL * usual), _MOST_BELOW), regular
