"""Finds free space for a mark beside each citation: in a margin, or behind the end of the line."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from archive.cite.extract import Rect

HEIGHT = 7.5
"""Of a mark, in points."""
_USUAL = 612.0
"""Points of the shorter side of office paper, the widest of which is Letter."""
_GAP = 3.0
"""Between a mark and what stands beside it."""
_EDGE = 8.0
"""What printers leave blank at the edge of a sheet."""
_STEPS = (0.0, -1.0, 1.0, -2.0, 2.0)
"""Mark heights by which a mark moves up or down where another one is in its place."""
_BESIDE = 4
"""Marks beside each other, at most, before one moves up or down."""


def scale_of(width: float, height: float) -> float:
    """How many times larger than on office paper a mark is drawn: on a poster it would be a dot."""
    return max(1.0, round(min(width, height) / _USUAL, 2))


def scaled(rect: Rect, scale: float) -> Rect:
    """The rectangle, that many times as large."""
    return rect[0] * scale, rect[1] * scale, rect[2] * scale, rect[3] * scale


class PageSpace(Struct):
    """The free space of one displayed page; what is placed takes its space."""

    width: float
    height: float
    occupied: list[Rect]
    is_right_to_left: bool = False
    _bands: dict[int, list[Rect]] = field(default_factory=dict)
    _marks: dict[int, list[Rect]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for rect in self.occupied:
            self._enter(rect, self._bands)

    def _enter(self, rect: Rect, into: dict[int, list[Rect]]) -> None:
        low, high = max(rect[1], 0.0), min(rect[3], self.height)
        for band in range(int(low // HEIGHT), int(high // HEIGHT) + 1):
            into.setdefault(band, []).append(rect)

    def place(self, citation: tuple[Rect, ...], width: float) -> Rect | None:
        """Take a free place for a mark of that width; None where there is none near the citation."""
        for step in _STEPS:
            for place in self._candidates(citation, width, step * (HEIGHT + 0.5)):
                if self._is_free(place):
                    self._enter(place, self._marks)
                    return place
        return None

    def _candidates(self, citation: tuple[Rect, ...], width: float, shift: float) -> Iterator[Rect]:
        first, last = citation[0], citation[-1]
        low = (first[1] + first[3] - HEIGHT) / 2 + shift
        if low < 0 or low + HEIGHT > self.height:
            return
        for is_right in self._sides(first):
            yield from self._in_margin(low, width, is_right)
        if not shift:
            for rect in (last, first):
                low = (rect[1] + rect[3] - HEIGHT) / 2
                for left in (rect[2] + _GAP, rect[0] - _GAP - width):
                    yield (left, low, left + width, low + HEIGHT)

    def _sides(self, rect: Rect) -> tuple[bool, bool]:
        """The margin nearer to the citation first; for one across the page, where its line ends."""
        middle = self.width / 2
        if rect[2] < middle:
            return (False, True)
        if rect[0] > middle:
            return (True, False)
        return (False, True) if self.is_right_to_left else (True, False)

    def _in_margin(self, low: float, width: float, is_right: bool) -> Iterator[Rect]:
        """Beside the text, with a little distance, and as near to the edge as it may stand."""
        near = self._beside(low)
        if is_right:
            edge = max((rect[2] for rect in near), default=self.width - _EDGE - width)
            lefts = [edge + 2 * _GAP + number * (width + 1) for number in range(_BESIDE)]
            lefts.append(self.width - _EDGE - width)
        else:
            edge = min((rect[0] for rect in near), default=_EDGE + width)
            lefts = [edge - 2 * _GAP - width - number * (width + 1) for number in range(_BESIDE)]
            lefts.append(_EDGE)
        for left in lefts:
            yield (left, low, left + width, low + HEIGHT)

    def _beside(self, low: float) -> list[Rect]:
        """What the page shows at the height of a mark and a few lines around it, so that marks are aligned."""
        bands = range(int((low - 40) // HEIGHT), int((low + HEIGHT + 40) // HEIGHT) + 1)
        inside = (rect for band in bands for rect in self._bands.get(band, ()))
        return [rect for rect in inside if rect[0] >= 0 and rect[2] <= self.width]

    def _is_free(self, place: Rect) -> bool:
        if place[0] < 2 or place[2] > self.width - 2 or place[1] < 0 or place[3] > self.height:
            return False
        bands = range(int(place[1] // HEIGHT), int(place[3] // HEIGHT) + 1)
        there = (rect for band in bands for boxes in (self._bands, self._marks) for rect in boxes.get(band, ()))
        return not any(_meet(place, rect) for rect in there)


def _meet(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] + 0.5 and other[0] < one[2] + 0.5 and one[1] + 0.6 < other[3] and other[1] + 0.6 < one[3]
