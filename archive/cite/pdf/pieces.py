"""The glyphs of a PDF page with their places: stretches without a blank, and whole stretches of plain words."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from operator import sub
from typing import Any

import pypdfium2.raw as pdfium
from msgspec import Struct

from archive.cite.pdf.boxes import BLANK, Boxes, Style, Styles
from archive.cite.pdf.drawn import bare

__all__ = ["BLANK", "NARROW_BLANK", "Piece", "Rect", "pieces_of"]

NARROW_BLANK = 0.1
"""Of the font's size: a wider gap between two glyphs is a blank where the file itself has one there."""

WIDEST_INSIDE = 0.4
"""Of the font's size: a wider blank between plain words may part columns, so that they are two pieces."""

_WORD = re.compile("[^ ]+")
_LETTERS = "[A-Za-zÀ-ɏͰ-ԯ]+"
_PLAIN_WORD = rf"(?:{_LETTERS}(?:['’-]{_LETTERS})*|[0-9]{{1,4}})[,;.:!?)\]”\"’]?"
_PLAIN_WORDS = re.compile(rf"(?<![^ ]){_PLAIN_WORD}(?: {_PLAIN_WORD}){{2,}}(?![^ ])")
"""Words that are no part of an address and hold no note mark: the first and last glyph of each show where it stands."""
_ARABIC = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
"""The two halves of a drawn lam-alef overlap: each is a piece, and their places order them."""
_MIXED_WORD = rf"(?:{_LETTERS}(?:['’-]{_LETTERS})*|[A-Za-z0-9]+)[,;.:!?)\]”\"’]?"
_MIXED_WORDS = re.compile(rf"(?<![^ ]){_MIXED_WORD}(?: {_MIXED_WORD}){{2,}}(?![^ ])")
"""The same with letters and digits mixed, which hold no note mark where one operator of the page draws them all."""
_LINE_HYPHENS = "\x02\ufffe"
"""What PDFium gives in place of a hyphen at the end of a line."""


class Piece(Struct):
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


_text_object = bare(pdfium.FPDFText_GetTextObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
Rect = tuple[float, float, float, float]
"""Left, bottom, right, top, in points of the page."""


def pieces_of(
    textpage: Any, text: str, stream: str, *, with_runs: bool, links: Iterable[Rect] | None = None
) -> Iterator[Piece]:
    """Yield the pieces in the order of the page's content; with runs, plain words that stand in a row are one piece.

    `text` is the page's `stream` with every white space as a blank. `links` are the places of links: under them the
    place of every glyph counts. None where it counts anywhere.
    """
    boxes = Boxes(textpage, len(text))
    mixed = None if links is None else _MixedRuns(textpage, boxes, stream, tuple(links))
    stretches = list(_stretches(text, mixed)) if with_runs else [(*word.span(), False) for word in _WORD.finditer(text)]
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


def _stretches(text: str, mixed: _MixedRuns | None) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of each word, and of each run of plain words, for which the last value is True."""
    at = 0
    for run in _runs(text, mixed):
        for word in _WORD.finditer(text, at, run[0]):
            yield *word.span(), False
        yield *run, True
        at = run[1]
    for word in _WORD.finditer(text, at):
        yield *word.span(), False


def _runs(text: str, mixed: _MixedRuns | None) -> Iterator[tuple[int, int]]:
    """Yield start and end of each run."""
    if mixed is None:
        yield from (run.span() for run in _PLAIN_WORDS.finditer(text))
        return
    for run in _MIXED_WORDS.finditer(text):
        if mixed.is_one(*run.span()):
            yield run.span()
        else:
            yield from (plain.span() for plain in _PLAIN_WORDS.finditer(text, *run.span()))


def _needed(text: str, stretches: list[tuple[int, int, bool]]) -> Iterator[int]:
    """The glyphs of single words whose places count: ends of words, all of what may be an address or hold a mark."""
    for start, end, is_run in stretches:
        if is_run:
            continue
        if text[start:end].isalpha():
            yield start
            yield end - 1
        else:
            yield from range(start, end)


class _MixedRuns:
    """Judges runs of words that mix letters and digits."""

    def __init__(self, textpage: Any, boxes: Boxes, stream: str, links: tuple[Rect, ...]) -> None:
        self._handle = ctypes.cast(textpage, ctypes.c_void_p).value
        self._boxes, self._stream, self._links = boxes, stream, links

    def is_one(self, start: int, end: int) -> bool:
        """True for a whole line that one operator draws, so that all of it stands alike, and on which no link lies."""
        stream = self._stream
        if (start and stream[start - 1] != "\n") or (end < len(stream) and stream[end] != "\r"):
            return False
        if _text_object(self._handle, start) != _text_object(self._handle, end - 1):
            return False
        if not self._links:
            return True
        self._boxes.read((start, end - 1))
        (one, top, _, bottom), (_, other_top, other, other_bottom) = map(self._boxes.box, (start, end - 1))
        left, right = min(one, other), max(one, other)
        bottom, top = min(bottom, other_bottom), max(top, other_top)
        return all(rect[0] > right or rect[2] < left or rect[1] > top or rect[3] < bottom for rect in self._links)


class _Words:
    """Makes pieces of the words of a page, whose boxes are read."""

    def __init__(self, textpage: Any, text: str, boxes: Boxes) -> None:
        self._textpage, self._text, self._boxes = textpage, text, boxes
        self._styles = Styles(textpage)
        self._style, self._height = Style(1.0, 0, 0.0), (math.nan, math.nan)

    def _style_at(self, index: int, height: tuple[float, float]) -> Style:
        if height != self._height or self._style.turn:
            self._style, self._height = self._styles.at(index), height
        return self._style

    def read(self, start: int, end: int) -> Iterator[Piece]:
        """Yield the pieces of one word."""
        boxes, last = self._boxes, end - 1
        style = self._style_at(start, boxes.heights(start))
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
        words = self._text[start:end].split(" ")
        starts = list(accumulate([len(word) + 1 for word in words], initial=start))
        edges = self._boxes.edges(starts)
        if edges is None:
            return None
        lefts, lasts, rights, height = edges
        style = self._style_at(start, height)
        is_one_line = not style.turn and min(map(sub, rights, lefts)) > 0.0
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
                lefts[one:other],
                rights[other - 1],
                *_placed(style),
                starts[one],
                ends=tuple(rights[one:other]),
                lasts=tuple(lasts[one:other]),
            )
            for one, other in pairwise(cuts)
        ]


def _cut_word(letters: str, start: int, boxes: Boxes, styles: Styles) -> Iterator[Piece]:
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


def _placed(style: Style) -> tuple[float, float, int]:
    return style.base, style.size, style.turn


def _with_hyphens(textpage: Any, word: str, start: int) -> str:
    """The word with a hyphen where PDFium gives a code of its own for one at the end of a line."""
    return "".join(
        ("-" if pdfium.FPDFText_IsHyphen(textpage, index) == 1 else "\ufffd") if letter in _LINE_HYPHENS else letter
        for index, letter in enumerate(word, start)
    )
