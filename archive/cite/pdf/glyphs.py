"""The glyphs of a PDF page with their places, read by PDFium, and the rules that are drawn between them."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from operator import sub
from typing import Any, BinaryIO, NamedTuple

import pypdfium2.raw as pdfium

from archive.cite.links import may_hold_address
from archive.errors import ReportUnreadable

MOST_GLYPHS = 400_000
"""On one page; a page that holds more is read as far as that."""
MOST_OBJECTS = 20_000
"""Drawn objects of one page that are looked at for rules."""
BLANK = 0.17
"""Of the font's size: a wider gap between two glyphs is a blank. (Measured on Word, LibreOffice, TeX and Chromium)"""
NARROW_BLANK = 0.1
"""The same where the file itself has a blank there."""

_OUTSIDE = 0.1
"""Points by which text passes the edge where it is cut, at least."""

_WORD = re.compile("[^ ]+")
_BLANKS = dict.fromkeys((9, 10, 11, 12, 13, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x3000), " ")
_LINE_HYPHENS = "\x02\ufffe"
"""What PDFium gives in place of a hyphen at the end of a line."""


@dataclass(slots=True)
class Piece:
    """Glyphs that stand beside each other without a blank, in points along and across their line."""

    text: str
    lefts: list[float]
    """The left edge of each glyph."""
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

    @property
    def left(self) -> float:
        return self.lefts[0]


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, or the edge of a filled box, in points of the page."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Cut:
    """Where text is hidden: what lies outside `seen` is painted and not shown."""

    seen: Rule
    text: Rule
    """The extent of the text that is cut."""


@dataclass(frozen=True, slots=True)
class GlyphPage:
    """One page."""

    pieces: list[Piece]
    rules: list[Rule]
    width: float
    height: float
    is_cut: bool = False
    """True where the page holds more glyphs than are read."""
    pictures: int = 0
    stream: str = ""
    """The page's characters in the order of its content, its lines as PDFium parts them."""
    cuts: tuple[Cut, ...] = ()


class Document:
    """An open PDF."""

    def __init__(self, stream: BinaryIO) -> None:
        """Raises `ReportUnreadable` where PDFium refuses the file."""
        pdfium.FPDF_InitLibrary()
        self._stream = stream
        self._size = stream.seek(0, 2)
        self._access = _file_access(stream, self._size)
        self.raw = pdfium.FPDF_LoadCustomDocument(ctypes.byref(self._access), None)
        if not self.raw:
            code = pdfium.FPDF_GetLastError()
            if code == pdfium.FPDF_ERR_PASSWORD:
                raise PasswordNeeded("is protected by a password; save it without one")
            raise ReportUnreadable(f"is a damaged PDF (PDFium error {code}); print it to a new one")
        self.pages = int(pdfium.FPDF_GetPageCount(self.raw))

    @property
    def reader(self) -> str:
        """Name and version of what reads the glyphs."""
        from pypdfium2.version import PDFIUM_INFO, PYPDFIUM_INFO

        return f"PDFium {PDFIUM_INFO.build} by pypdfium2 {PYPDFIUM_INFO.tag or PYPDFIUM_INFO.version}"

    def page(self, number: int) -> GlyphPage | None:
        """The page of that number, from 1; None where PDFium cannot load it."""
        page = pdfium.FPDF_LoadPage(self.raw, number - 1)
        if not page:
            return None
        try:
            return _read_page(page)
        finally:
            pdfium.FPDF_ClosePage(page)


class PasswordNeeded(ReportUnreadable):
    """The file asks for a password, or PDFium does not know its encryption."""


def _file_access(stream: BinaryIO, size: int) -> Any:
    def read(_: Any, position: int, buffer: Any, length: int) -> int:
        stream.seek(position)
        data = stream.read(length)
        ctypes.memmove(buffer, data, len(data))
        return int(len(data) == length)

    access = pdfium.FPDF_FILEACCESS()
    access.m_FileLen = size
    access.m_GetBlock = type(access.m_GetBlock)(read)
    return access


def _bare(function: Any, result: Any, *arguments: Any) -> Any:
    """The same C function without checks of its arguments: they would cost more than the call."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(result, *arguments)(address or 0)


_loose_box = _bare(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_unicode = _bare(pdfium.FPDFText_GetUnicode, ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)


def _read_page(page: Any) -> GlyphPage:
    width, height = float(pdfium.FPDF_GetPageWidthF(page)), float(pdfium.FPDF_GetPageHeightF(page))
    textpage = pdfium.FPDFText_LoadPage(page)
    if not textpage:
        return GlyphPage([], [], width, height, pictures=_drawn(page)[1])
    try:
        stream = page_characters(textpage)
        text = stream.translate(_BLANKS)
        pieces = list(_pieces(textpage, text))
        is_cut = pdfium.FPDFText_CountChars(textpage) > len(text)
    finally:
        pdfium.FPDFText_ClosePage(textpage)
    rules, pictures = _drawn(page)
    cuts = tuple(_cuts(page)) if may_hold_address(stream) else ()
    return GlyphPage(pieces, rules, width, height, is_cut, pictures, stream, cuts)


class _Style(NamedTuple):
    """How the glyphs of one stretch stand."""

    size: float
    turn: int
    base: float


def _pieces(textpage: Any, text: str) -> Iterator[Piece]:
    """Yield the pieces in the order of the page's content."""
    words = [match.span() for match in _WORD.finditer(text)]
    boxes = _Boxes(textpage, len(text))
    boxes.read(_needed(text, words))
    styles = _Styles(textpage)
    style, height = _Style(1.0, 0, 0.0), (math.nan, math.nan)
    for start, end in words:
        if boxes.heights(start) != height or style.turn:
            style, height = styles.at(start), boxes.heights(start)
        word = text[start:end]
        if not word.isprintable():
            word = _with_hyphens(textpage, word, start)
        last = end - 1
        if style.turn or boxes.heights(last) != height or not boxes.is_one_piece(start, end, style.size):
            boxes.read(range(start, end))
            yield from _cut_word(word, start, boxes, styles)
        else:
            yield Piece(word, boxes.lefts(start, end), boxes.right(last), style.base, style.size, 0, start)


def _needed(text: str, words: list[tuple[int, int]]) -> Iterator[int]:
    """The glyphs whose places count: the ends of words, and every one of what may be an address or hold a mark."""
    for start, end in words:
        if text[start:end].isalpha():
            yield start
            yield end - 1
        else:
            yield from range(start, end)


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


def page_characters(textpage: Any) -> str:
    """One character for each glyph of the page."""
    count = min(max(pdfium.FPDFText_CountChars(textpage), 0), MOST_GLYPHS)
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(textpage, 0, count, buffer)
    text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
    if written != count + 1 or len(text) != count or "\0" in text:
        # Glyphs beyond the first plane take two units, and such without a character none: then one by one.
        handle = ctypes.cast(textpage, ctypes.c_void_p).value
        text = "".join(map(_character, map(_unicode, repeat(handle), range(count))))
    return text


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 else "\ufffd"


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


def _drawn(page: Any) -> tuple[list[Rule], int]:
    """The thin lines and boxes that the page draws, and how many pictures it shows."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    rules: list[Rule] = []
    pictures = 0
    for index in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page, index)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        pictures += kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM)
        is_path = kind == pdfium.FPDF_PAGEOBJ_PATH
        if is_path and pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            rules.append(Rule(left.value, bottom.value, right.value, top.value))
    return rules, pictures


def _cuts(page: Any) -> Iterator[Cut]:
    """Yield the texts of which a part is hidden: beyond the page's edge, or outside their clipping path."""
    if pdfium.FPDFPage_GetRotation(page):
        return
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    whole = Rule(box.left, box.bottom, box.right, box.top)
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for index in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page, index)
        is_text = pdfium.FPDFPageObj_GetType(drawn) == pdfium.FPDF_PAGEOBJ_TEXT
        if not is_text or not pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            continue
        text = Rule(left.value, bottom.value, right.value, top.value)
        for seen in (whole, *_clips(drawn)):
            if text.right > seen.right + _OUTSIDE or text.left < seen.left - _OUTSIDE:
                yield Cut(seen, text)


def _clips(drawn: Any) -> Iterator[Rule]:
    """Yield the extent of each clipping path of an object."""
    clip = pdfium.FPDFPageObj_GetClipPath(drawn)
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(min(pdfium.FPDFClipPath_CountPaths(clip), 8) if clip else 0):
        points: list[tuple[float, float]] = []
        for number in range(min(pdfium.FPDFClipPath_CountPathSegments(clip, path), 16)):
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, path, number), x, y)
            points.append((x.value, y.value))
        if points:
            lefts, bottoms = [x for x, _ in points], [y for _, y in points]
            yield Rule(min(lefts), min(bottoms), max(lefts), max(bottoms))
