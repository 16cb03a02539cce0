"""Where on its pages a PDF cites: the boxes of every link and address, and what else the page shows there."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import pypdfium2.raw as pdfium

from archive.cite.extract import Link, PlacedLink, PlacedPage, PlacedReport, Rect
from archive.cite.pdf.catalog import Catalog
from archive.cite.pdf.drawn import MOST_OBJECTS
from archive.cite.pdf.glyphs import Document, GlyphPage
from archive.cite.pdf.lines import Layout, Line, turned_box
from archive.cite.pdf.read import MOST_PAGES
from archive.cite.pdf.reader import PdfReading
from archive.errors import ReportUnreadable

_STRAIGHT = (0, 90, 180, 270)
_ASCENT, _DESCENT = 0.8, 0.25
"""Of the font's size: what a line takes above and below its baseline."""
_BACKGROUND = 0.6
"""Of the page: a larger box is its background, not something that a mark would cover."""


def read_places(stream: BinaryIO, suffix: str) -> PlacedReport:
    """Read where a PDF cites. Raises `ReportUnreadable`, also where PDFium refuses the file."""
    document = Document(stream)
    if not 0 < document.pages <= MOST_PAGES:
        raise ReportUnreadable(f"has {document.pages:,} pages; 1 to {MOST_PAGES:,} can be annotated")
    return _PlaceReading(document, Catalog.of(stream)).placed()


class _PlaceReading(PdfReading):
    """The reading of a report that also notes where everything stands."""

    def __init__(self, document: Document, catalog: Catalog) -> None:
        super().__init__(document, catalog)
        self._drawn: dict[int, list[Rect]] = {}
        self._placed: list[PlacedLink] = []
        self._pages: list[PlacedPage] = []

    def placed(self) -> PlacedReport:
        text = self.read().text
        return PlacedReport(text, tuple(self._placed), tuple(self._pages))

    def _glyphs(self, number: int) -> GlyphPage | None:
        page = self._document.page(number)
        if page is not None:
            rules = [(rule.left, rule.bottom, rule.right, rule.top) for rule in page.rules]
            most = _BACKGROUND * page.width * page.height
            boxes = [*rules, *_pictures(self._document.raw, number)]
            self._drawn[number] = [box for box in boxes if (box[2] - box[0]) * (box[3] - box[1]) < most]
        return page

    def _read_page(self, number: int, window: list[Layout]) -> None:
        before = len(self._links)
        super()._read_page(number, window)
        layout = next(one for one in window if one.number == number)
        found = self._links[before:]
        self._placed += [self._place(link, layout) for link in found]
        if found:
            lines = [_box(line, line.left, line.right) for line in layout.lines if line.turn in _STRAIGHT]
            self._pages.append(PlacedPage(number, tuple(lines + self._drawn.get(number, []))))
        self._drawn.pop(number, None)

    def _place(self, link: Link, layout: Layout) -> PlacedLink:
        under = list(_under(link, layout)) if link.offset is not None else []
        rects = [rect for rect, _ in under]
        if not rects and link.found_by == "annotation":
            stated = self._catalog.annotations(layout.number, [])
            rects = [rect for each in stated if each.target.strip() == link.target for rect in each.rects]
        turn = under[0][1] if under else None
        return PlacedLink(link.target, link.offset, link.length, layout.number, tuple(rects), turn)


def _under(link: Link, layout: Layout) -> Iterator[tuple[Rect, int]]:
    """Yield the box of each stretch of a line that a link covers, and the line's direction."""
    assert link.offset is not None
    end = link.offset + (link.length or 0)
    for line in layout.lines:
        first, last = max(link.offset - line.offset, 0), min(end - line.offset, len(line.text))
        if first < last and len(line.places) >= last and line.turn in _STRAIGHT:
            places = line.places[first:last]
            right = line.right if last == len(line.text) and not line.is_right_to_left else max(places) + line.size / 2
            yield _box(line, min(places), min(right, line.right)), line.turn


def _box(line: Line, left: float, right: float) -> Rect:
    """A stretch of a line in points of the page."""
    stretch = (left, line.base - _DESCENT * line.size, right, line.base + _ASCENT * line.size)
    return turned_box(stretch, (360 - line.turn) % 360)


def _pictures(document: Any, number: int) -> Iterable[Rect]:
    """The boxes of the pictures of a page."""
    page = pdfium.FPDF_LoadPage(document, number - 1)
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    boxes: list[Rect] = []
    try:
        for index in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)):
            drawn = pdfium.FPDFPage_GetObject(page, index)
            is_picture = pdfium.FPDFPageObj_GetType(drawn) in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)
            if is_picture and pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
                boxes.append((left.value, bottom.value, right.value, top.value))
    finally:
        pdfium.FPDF_ClosePage(page)
    return boxes
