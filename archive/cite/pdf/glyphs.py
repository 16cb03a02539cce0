"""The glyphs of a PDF page with their places, read by PDFium, and the rules that are drawn between them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from itertools import repeat
from typing import Any, BinaryIO

import pypdfium2.raw as pdfium
from msgspec import Struct

from archive.cite.links import may_hold_address
from archive.cite.pdf.drawn import Cut, DrawnPage, Rule, bare
from archive.cite.pdf.pieces import Piece, Rect, pieces_of
from archive.errors import ReportUnreadable

MOST_GLYPHS = 400_000
"""On one page; a page that holds more is read as far as that."""
_SIDE, _UNDERSCORE = 6, 9
"""Points: a rule as high as the first may be the side of a cell, one that is shorter than the other an underscore."""
_BLANKS = dict.fromkeys((9, 10, 11, 12, 13, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x3000), " ")


class GlyphPage(Struct, frozen=True):
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

    def page(self, number: int, links: Iterable[Rect] | None = None) -> GlyphPage | None:
        """The page of that number, from 1; None where PDFium cannot load it.

        `links` are the places of its links, under which the place of every glyph counts; None where it counts anywhere.
        """
        page = pdfium.FPDF_LoadPage(self.raw, number - 1)
        if not page:
            return None
        try:
            return _read_page(page, links)
        finally:
            pdfium.FPDF_ClosePage(page)


class PasswordNeeded(ReportUnreadable):
    """The file needs a password, or PDFium does not know its encryption."""


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


_unicode = bare(pdfium.FPDFText_GetUnicode, ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)


def _read_page(page: Any, links: Iterable[Rect] | None) -> GlyphPage:
    width, height = float(pdfium.FPDF_GetPageWidthF(page)), float(pdfium.FPDF_GetPageHeightF(page))
    textpage = pdfium.FPDFText_LoadPage(page)
    if not textpage:
        return GlyphPage([], [], width, height, pictures=DrawnPage(page).pictures)
    drawn = DrawnPage(page)
    try:
        stream = page_characters(textpage)
        text = stream.translate(_BLANKS)
        cuts = tuple(drawn.cuts()) if may_hold_address(stream) else ()
        with_runs = not cuts and not any(map(_parts_words, drawn.rules))
        pieces = list(pieces_of(textpage, text, stream, with_runs=with_runs, links=links))
        is_cut = pdfium.FPDFText_CountChars(textpage) > len(text)
    finally:
        pdfium.FPDFText_ClosePage(textpage)
    return GlyphPage(pieces, drawn.rules, width, height, is_cut, drawn.pictures, stream, cuts)


def _parts_words(rule: Rule) -> bool:
    """True for what may stand between two words: the side of a cell, an underscore that TeX draws."""
    return rule.top - rule.bottom >= _SIDE or rule.right - rule.left < _UNDERSCORE


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
