"""Where and how the glyphs of a PDF page stand, as PDFium gives it."""

from __future__ import annotations

import ctypes
import math
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import sub
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from archive.cite.pdf.drawn import bare

BLANK = 0.17
"""Of the font's size: a wider gap between two glyphs is a blank. (Measured on Word, LibreOffice, TeX and Chromium)"""

_PLACE = (ctypes.c_void_p, ctypes.c_int)
_loose_box = bare(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, *_PLACE, ctypes.c_void_p)
_matrix = bare(pdfium.FPDFText_GetMatrix, ctypes.c_int, *_PLACE, ctypes.c_void_p)
_font_size = bare(pdfium.FPDFText_GetFontSize, ctypes.c_double, *_PLACE)
_origin = bare(pdfium.FPDFText_GetCharOrigin, ctypes.c_int, *_PLACE, ctypes.c_void_p, ctypes.c_void_p)


class Style(NamedTuple):
    """How the glyphs of one stretch stand."""

    size: float
    turn: int
    base: float


class Boxes:
    """Where the glyphs of a page stand: each one's place on its line, and the height of its font there."""

    def __init__(self, textpage: Any, count: int) -> None:
        self._handle = ctypes.cast(textpage, ctypes.c_void_p).value
        self._boxes = (ctypes.c_float * (4 * count))()
        self._flat = memoryview(self._boxes).cast("B").cast("f")
        edges = (ctypes.c_float * (4 * count + 8))()
        self._edges, self._first_edge = memoryview(edges).cast("B").cast("f"), ctypes.addressof(edges)

    def read(self, indices: Iterable[int]) -> None:
        """Have PDFium fill in the boxes of these glyphs: left, top, right, bottom."""
        start, numbers = ctypes.addressof(self._boxes), list(indices)
        self._fill(numbers, [start + 16 * number for number in numbers])

    def _fill(self, numbers: Sequence[int], places: Sequence[int]) -> None:
        deque(map(_loose_box, repeat(self._handle), numbers, places), maxlen=0)

    def box(self, index: int) -> tuple[float, ...]:
        return tuple(self._flat[4 * index : 4 * index + 4])

    def heights(self, index: int) -> tuple[float, float]:
        return self._flat[4 * index + 1], self._flat[4 * index + 3]

    def edges(self, starts: list[int]) -> tuple[list[float], list[float], list[float], tuple[float, float]] | None:
        """Of words with a blank behind each: left edges of the first and the last glyph, right edges, the height.

        The last of `starts` is where a next word would start. None where the glyphs differ in height.
        """
        count = len(starts) - 1
        numbers = [0] * (2 * count)
        numbers[::2] = starts[:-1]
        numbers[1::2] = [after - 2 for after in starts[1:]]
        self._fill(numbers, range(self._first_edge, self._first_edge + 32 * count, 16))
        flat: Any = self._edges[: 8 * count]
        tops, bottoms = flat[1::4].tolist(), flat[3::4].tolist()
        if tops.count(tops[0]) < 2 * count or bottoms.count(bottoms[0]) < 2 * count:
            return None
        return flat[::8].tolist(), flat[4::8].tolist(), flat[6::8].tolist(), (tops[0], bottoms[0])

    def right(self, index: int) -> float:
        return self._flat[4 * index + 2]

    def lefts(self, start: int, end: int) -> list[float]:
        """The left edge of each; spread evenly where only the ends of a word are read."""
        lefts: list[float] = list(self._flat[4 * start : 4 * end : 4])
        if end - start > 2 and lefts[1] == 0.0 == self._flat[4 * start + 6]:
            step = (self.right(end - 1) - lefts[0]) / (end - start)
            lefts[1:-1] = [lefts[0] + step * number for number in range(1, end - start - 1)]
        return lefts

    def is_one_piece(self, start: int, end: int, size: float) -> bool:
        """True where these glyphs stand side by side on one line, from left to right."""
        flat: Any = self._flat
        if end - start == 1:
            return True
        if end - start > 2 and flat[4 * start + 4] == 0.0 == flat[4 * start + 6]:  # the ends of a word
            return bool(0.0 < flat[4 * end - 4] - flat[4 * start] < 2.0 * size * (end - start))
        tops, bottoms = flat[4 * start + 1 : 4 * end : 4].tolist(), flat[4 * start + 3 : 4 * end : 4].tolist()
        if tops.count(tops[0]) < end - start or bottoms.count(bottoms[0]) < end - start:
            return False
        lefts, rights = flat[4 * start : 4 * end : 4].tolist(), flat[4 * start + 2 : 4 * end : 4].tolist()
        return bool(
            max(map(sub, lefts[1:], rights)) <= BLANK * size and min(map(sub, lefts[1:], lefts)) >= -0.05 * size
        )

    def along(self, index: int, turn: int) -> tuple[float, float]:
        """The glyph's extent along its line."""
        left, top, right, bottom = self._flat[4 * index : 4 * index + 4]
        if turn == 90:
            return bottom, top
        if turn == 180:
            return -right, -left
        if turn == 270:
            return -top, -bottom
        return left, right


class Styles:
    """Asks PDFium how a glyph stands; once for each stretch of glyphs of one height."""

    def __init__(self, textpage: Any) -> None:
        self._handle = ctypes.cast(textpage, ctypes.c_void_p).value
        self._matrix = (ctypes.c_float * 6)()
        self._origin = (ctypes.c_double * 2)()
        first = ctypes.addressof(self._origin)
        self._places = ctypes.addressof(self._matrix), first, first + 8

    def at(self, index: int) -> Style:
        matrix, *place = self._places
        scale, turn = 1.0, 0
        if _matrix(self._handle, index, matrix):
            scale, turn = self._scale_and_turn()
        size = _font_size(self._handle, index) * scale
        _origin(self._handle, index, *place)
        x, y = self._origin
        base = y if turn == 0 else {90: -x, 180: -y, 270: x}.get(turn, y)
        return Style(size if math.isfinite(size) and size > 0 else 1.0, turn, base)

    def _scale_and_turn(self) -> tuple[float, int]:
        a, b, c, d, _, _ = self._matrix
        scale = math.hypot(c, d) or 1.0
        if b == 0.0 < a:
            return scale, 0
        turn = round(math.degrees(math.atan2(b, a))) % 360
        turn = next((straight for straight in (0, 90, 180, 270) if abs(turn - straight) <= 1), turn)
        return scale, 0 if turn == 359 else turn
