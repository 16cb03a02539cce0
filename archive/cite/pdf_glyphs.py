"""The glyphs of a PDF's pages, each with its place, where pdfminer.six is installed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from archive.cite.pdf_links import Rect

_MOST_GLYPHS = 200_000
"""On one page."""


class Glyph(NamedTuple):
    """One glyph, in points from the page's lower left corner as the reader sees it."""

    text: str
    size: float
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class GlyphPage:
    """The glyphs of one page."""

    glyphs: list[Glyph]
    box: Rect = (0.0, 0.0, 0.0, 0.0)
    """Its MediaBox."""
    rotation: int = 0
    """Its /Rotate, 0 to 270."""

    def turned(self, rect: Rect) -> Rect:
        """A rectangle of the page's own space among the glyphs: the corner at 0, 0 and /Rotate applied."""
        left, bottom, right, top = rect
        box = self.box
        if self.rotation == 90:
            return (bottom - box[1], box[2] - right, top - box[1], box[2] - left)
        if self.rotation == 180:
            return (box[2] - right, box[3] - top, box[2] - left, box[3] - bottom)
        if self.rotation == 270:
            return (box[3] - top, left - box[0], box[3] - bottom, right - box[0])
        return (left - box[0], bottom - box[1], right - box[0], top - box[1])


class GlyphReader:
    """Reads pages as they are asked for, and keeps the last."""

    def __init__(self, stream: BinaryIO, most_pages: int) -> None:
        import pdfminer
        from pdfminer.converter import PDFPageAggregator
        from pdfminer.pdfdocument import PDFDocument
        from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
        from pdfminer.pdfpage import PDFPage
        from pdfminer.pdfparser import PDFParser

        document = PDFDocument(PDFParser(stream))
        self.name = f"pdfminer.six {pdfminer.__version__}"
        self._pages = list(islice(PDFPage.create_pages(document), most_pages))
        resources = PDFResourceManager()
        self._device = PDFPageAggregator(resources, laparams=None)
        self._interpreter = PDFPageInterpreter(resources, self._device)
        self._number, self._page = 0, GlyphPage([])

    def page(self, number: int) -> GlyphPage:
        """The page of that number, from 1; without glyphs where it cannot be read."""
        if number != self._number:
            try:
                self._number, self._page = number, self._read(number)
            except Exception:  # noqa: BLE001 -- an anchor is worth no report, and pdfminer raises whatever it likes
                self._page = GlyphPage([])
        return self._page

    def _read(self, number: int) -> GlyphPage:
        page = self._pages[number - 1]
        self._interpreter.process_page(page)
        left, bottom, right, top = map(float, page.mediabox)
        glyphs = list(islice(_glyphs(self._device.get_result()), _MOST_GLYPHS))
        return GlyphPage(glyphs, (left, bottom, right, top), int(page.rotate) % 360)


def _glyphs(layout: Any) -> Iterator[Glyph]:
    """Yield the glyphs of a layout and of the figures in it, which hold whole pages of some producers."""
    from pdfminer.layout import LTChar, LTContainer

    waiting = [iter(layout)]
    while waiting:
        for one in waiting[-1]:
            if isinstance(one, LTChar):
                yield Glyph(one.get_text(), float(one.size), one.x0, one.y0, one.x1, one.y1)
            elif isinstance(one, LTContainer):
                waiting.append(iter(one))
                break
        else:
            waiting.pop()


def glyph_reader(stream: BinaryIO, most_pages: int) -> GlyphReader | None:
    """A reader of glyphs, or None without the extra `[pdf]` or where it cannot open the file."""
    try:
        return GlyphReader(stream, most_pages)
    except Exception:  # noqa: BLE001 -- as above
        return None
