"""The glyphs of a PDF page with their places: stretches without a blank, and whole stretches of plain words."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise, repeat
from operator import itemgetter, sub
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

BLANK = 0.17
"""Of the font's size: a wider gap between two glyphs is a blank. (Measured on Word, LibreOffice, TeX and Chromium)"""
NARROW_BLANK = 0.1
"""The same where the file itself has a blank there."""

WIDEST_INSIDE = 0.4
"""Of the font's size: a wider blank between plain words may part columns, so that they are two pieces."""

_WORD = re.compile("[^ ]+")
_LETTERS = "[A-Za-zÀ-ɏͰ-ԯ]+"
_PLAIN_WORD = rf"(?:{_LETTERS}(?:['’-]{_LETTERS})*|[0-9]{{1,4}})[,;.:!?)\]”\"’]?"
_PLAIN_WORDS = re.compile(rf"(?<![^ ]){_PLAIN_WORD}(?: {_PLAIN_WORD}){{2,}}(?![^ ])")
"""Words that are no part of an address and hold no note mark: the first and last glyph of each show where it stands."""
_ARABIC = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
"""The two halves of a drawn lam-alef overlap: each is a piece, and their places order them."""
_LINE_HYPHENS = "\x02\ufffe"
"""What PDFium gives in place of a hyphen at the end of a line."""


@dataclass(slots=True)
class Piece:
    """Glyphs that stand beside each other without a blank, in points along and across their line."""

    text: str
    lefts: list[float]
    """The left edge of each glyph; of each word, where the piece is a run."""
    right: float
    base: float
    """Height of the baseline; upwards."""
    size: float
    """Of the font, in points on the page."""
    turn: int
    """Degrees, counter-clockwise, between the page's own axes and the line: 0, 90, 180, 270, or anything else."""
    index: int
    """Position of the first glyph in the page's content."""
    is_after_blank: bool = True
    """The file has a blank before it."""
    is_mark: bool = False
    """A raised note mark."""
    ends: tuple[float, ...] = ()
    """The right edge of each word of a run: plain words with ordinary blanks between them."""
    lasts: tuple[float, ...] = ()
    """The left edge of the last glyph of each, which may be a punctuation mark."""

    @property
    def left(self) -> float:
        return self.lefts[0]

    def blanks(self) -> Iterator[float]:
        """Yield the width of each blank inside the piece."""
        return map(sub, self.lefts[1:], self.ends)

    def places(self) -> list[float]:
        """The left edge of each character; within the words of a run spread evenly."""
        if not self.ends:
            return self.lefts if len(self.lefts) == len(self.text) else self.lefts[:1] * len(self.text)
        places: list[float] = []
        for word, left, last, right in zip(self.text.split(" "), self.lefts, self.lasts, self.ends, strict=True):
            step = (last - left) / max(len(word) - 1, 1)
            places += [left + step * number for number in range(len(word) - 1)]
            places += [last, right]
        places.pop()
        return places

    def words(self) -> Iterator[Piece]:
        """Yield each word of a run as a piece of its own."""
        if len(self.ends) < 2:
            yield self
            return
        at, places = 0, self.places()
        for word, end in zip(self.text.split(" "), self.ends, strict=True):
            after = at + len(word)
            yield Piece(word, places[at:after], end, self.base, self.size, self.turn, self.index + at)
            at = after + 1


def bare(function: Any, result: Any, *arguments: Any) -> Any:
    """The same C function without checks of its arguments: they would cost more than the call."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(result, *arguments)(address or 0)


_loose_box = bare(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class _Style(NamedTuple):
    """How the glyphs of one stretch stand."""

    size: float
    turn: int
    base: float


def pieces_of(textpage: Any, text: str, *, with_runs: bool) -> Iterator[Piece]:
    """Yield the pieces in the order of the page's content; with runs, plain words that stand in a row are one piece."""
    stretches = list(_stretches(text, with_runs=with_runs))
    boxes = _Boxes(textpage, len(text))
    boxes.read(_needed(text, stretches))
    words = _Words(textpage, text, boxes)
    for start, end, is_run in stretches:
        if not is_run:
            yield from words.read(start, end)
            continue
        run = words.read_run(start, end)
        if run is not None:
            yield from run
            continue
        boxes.read(range(start, end))
        for word in _WORD.finditer(text, start, end):
            yield from words.read(*word.span())


def _stretches(text: str, *, with_runs: bool) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of each word, and of each run of plain words, for which the last value is True."""
    at = 0
    for run in _PLAIN_WORDS.finditer(text) if with_runs else ():
        for word in _WORD.finditer(text, at, run.start()):
            yield *word.span(), False
        yield *run.span(), True
        at = run.end()
    for word in _WORD.finditer(text, at):
        yield *word.span(), False


def _needed(text: str, stretches: list[tuple[int, int, bool]]) -> Iterator[int]:
    """The glyphs whose places count: the ends of words, and every one of what may be an address or hold a mark."""
    for start, end, is_run in stretches:
        if is_run:
            yield start
            at = text.find(" ", start, end)
            while at > 0:
                yield at - 1
                yield at + 1
                at = text.find(" ", at + 1, end)
            yield end - 1
        elif text[start:end].isalpha():
            yield start
            yield end - 1
        else:
            yield from range(start, end)


class _Words:
    """Makes pieces of the words of a page, whose boxes are read."""

    def __init__(self, textpage: Any, text: str, boxes: _Boxes) -> None:
        self._textpage, self._text, self._boxes = textpage, text, boxes
        self._styles = _Styles(textpage)
        self._style, self._height = _Style(1.0, 0, 0.0), (math.nan, math.nan)

    def _style_at(self, index: int) -> _Style:
        height = self._boxes.heights(index)
        if height != self._height or self._style.turn:
            self._style, self._height = self._styles.at(index), height
        return self._style

    def read(self, start: int, end: int) -> Iterator[Piece]:
        """Yield the pieces of one word."""
        style, boxes, last = self._style_at(start), self._boxes, end - 1
        word = self._text[start:end]
        if not word.isprintable():
            word = _with_hyphens(self._textpage, word, start)
        if style.turn or boxes.heights(last) != self._height or not boxes.is_one_piece(start, end, style.size):
            boxes.read(range(start, end))
            yield from _cut_word(word, start, boxes, self._styles)
        else:
            yield Piece(word, boxes.lefts(start, end), boxes.right(last), style.base, style.size, 0, start)

    def read_run(self, start: int, end: int) -> list[Piece] | None:
        """The pieces of a run of plain words, cut at wide blanks; None where they do not stand on one line."""
        style = self._style_at(start)
        words = self._text[start:end].split(" ")
        starts = list(accumulate((len(word) + 1 for word in words), initial=start))
        ends = [after - 2 for after in starts[1:]]
        starts.pop()
        lefts, lasts, rights = self._boxes.edges(starts, ends)
        is_one_line = not style.turn and lefts and min(map(sub, rights, lefts)) > 0.0
        if not is_one_line or rights[-1] - lefts[0] > 2.0 * style.size * (end - start):
            return None
        blanks = list(map(sub, lefts[1:], rights))
        low, high = NARROW_BLANK * style.size, WIDEST_INSIDE * style.size
        cuts = [0, len(words)]
        if not low < min(blanks) <= max(blanks) <= high:
            cuts[1:1] = [index for index, blank in enumerate(blanks, 1) if not low < blank <= high]
        return [
            Piece(
                " ".join(words[one:other]),
                list(lefts[one:other]),
                rights[other - 1],
                *_placed(style),
                starts[one],
                ends=rights[one:other],
                lasts=lasts[one:other],
            )
            for one, other in pairwise(cuts)
        ]


def _cut_word(letters: str, start: int, boxes: _Boxes, styles: _Styles) -> Iterator[Piece]:
    """Yield the pieces of a word whose glyphs differ in height, or do not stand side by side."""
    piece: Piece | None = None
    height = (math.nan, math.nan)
    style = styles.at(start)
    for index, letter in enumerate(letters, start):
        if boxes.heights(index) != height:
            style, height = styles.at(index), boxes.heights(index)
        left, right = boxes.along(index, style.turn)
        is_next = (
            piece is not None
            and abs(piece.base - style.base) < 0.01 * style.size
            and (piece.size, piece.turn) == (style.size, style.turn)
            and piece.lefts[-1] - 0.05 * style.size <= left <= piece.right + BLANK * style.size
            and (left >= piece.lefts[-1] or not _ARABIC.match(letter))
        )
        if piece is not None and is_next:
            piece.text += letter
            piece.lefts.append(left)
            piece.right = max(right, piece.right)
            continue
        if piece is not None:
            yield piece
        piece = Piece(letter, [left], right, *_placed(style), index, is_after_blank=index == start)
    if piece is not None:
        yield piece


def _placed(style: _Style) -> tuple[float, float, int]:
    return style.base, style.size, style.turn


def _with_hyphens(textpage: Any, word: str, start: int) -> str:
    """The word with a hyphen where PDFium gives a code of its own for one at the end of a line."""
    return "".join(
        ("-" if pdfium.FPDFText_IsHyphen(textpage, index) == 1 else "\ufffd") if letter in _LINE_HYPHENS else letter
        for index, letter in enumerate(word, start)
    )


class _Boxes:
    """Where the glyphs of a page stand: each one's place on its line, and the height of its font there."""

    def __init__(self, textpage: Any, count: int) -> None:
        self._handle = ctypes.cast(textpage, ctypes.c_void_p).value
        self._boxes = (ctypes.c_float * (4 * count))()
        self._flat = memoryview(self._boxes).cast("B").cast("f")

    def read(self, indices: Iterable[int]) -> None:
        """Have PDFium fill in the boxes of these glyphs: left, top, right, bottom."""
        start, numbers = ctypes.addressof(self._boxes), list(indices)
        places = [start + 16 * number for number in numbers]
        for _ in map(_loose_box, repeat(self._handle), numbers, places):
            pass

    def heights(self, index: int) -> tuple[float, float]:
        return self._flat[4 * index + 1], self._flat[4 * index + 3]

    def edges(self, starts: list[int], ends: list[int]) -> tuple[tuple[float, ...], ...]:
        """The left edges of the glyphs `starts`, the left and the right ones of `ends`; none where heights differ."""
        first, last = itemgetter(*starts), itemgetter(*ends)
        flat: Any = self._flat
        for heights in (flat[1::4], flat[3::4]):
            if len({*first(heights), *last(heights)}) > 1:
                return (), (), ()
        return first(flat[::4]), last(flat[::4]), last(flat[2::4])

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


class _Styles:
    """Asks PDFium how a glyph stands; once for each stretch of glyphs of one height."""

    def __init__(self, textpage: Any) -> None:
        self._textpage = textpage
        self._matrix = pdfium.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def at(self, index: int) -> _Style:
        matrix = self._matrix
        scale, turn = 1.0, 0
        if pdfium.FPDFText_GetMatrix(self._textpage, index, matrix):
            scale = math.hypot(matrix.c, matrix.d) or 1.0
            turn = round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360
            turn = next((straight for straight in (0, 90, 180, 270) if abs(turn - straight) <= 1), turn)
            turn = 0 if turn == 359 else turn
        size = pdfium.FPDFText_GetFontSize(self._textpage, index) * scale
        pdfium.FPDFText_GetCharOrigin(self._textpage, index, self._x, self._y)
        x, y = self._x.value, self._y.value
        base = {0: y, 90: -x, 180: -y, 270: x}.get(turn, y)
        return _Style(size if math.isfinite(size) and size > 0 else 1.0, turn, base)
