"""A page as somebody reads it: cropped, turned so that its lines are upright, its origin at the lower left corner."""

from __future__ import annotations

from msgspec import Struct

from archive.cite.extract import Rect

MATRICES = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
"""What turns an appearance so that it is upright for whoever reads lines of that direction."""


class Frame(Struct, frozen=True):
    """Between a page's own space and the page as read."""

    crop: Rect
    rotate: int
    """Degrees, counter-clockwise, of the lines; clockwise, by which the page is turned to read them."""

    @property
    def width(self) -> float:
        return self.crop[3] - self.crop[1] if self.rotate in (90, 270) else self.crop[2] - self.crop[0]

    @property
    def height(self) -> float:
        return self.crop[2] - self.crop[0] if self.rotate in (90, 270) else self.crop[3] - self.crop[1]

    def displayed(self, rect: Rect) -> Rect:
        """A rectangle of the page's own space, as displayed."""
        return _ordered(self._shown(rect[0], rect[1]), self._shown(rect[2], rect[3]))

    def own(self, rect: Rect) -> Rect:
        """A rectangle of the displayed page, in the page's own space."""
        return _ordered(self._back(rect[0], rect[1]), self._back(rect[2], rect[3]))

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.crop[0], y - self.crop[1]
        across, up = self.crop[2] - self.crop[0], self.crop[3] - self.crop[1]
        return {0: (x, y), 90: (y, across - x), 180: (across - x, up - y), 270: (up - y, x)}[self.rotate]

    def _back(self, x: float, y: float) -> tuple[float, float]:
        across, up = self.crop[2] - self.crop[0], self.crop[3] - self.crop[1]
        own = {0: (x, y), 90: (across - y, x), 180: (across - x, up - y), 270: (y, up - x)}[self.rotate]
        return own[0] + self.crop[0], own[1] + self.crop[1]


def _ordered(one: tuple[float, float], other: tuple[float, float]) -> Rect:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])
