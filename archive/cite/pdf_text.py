"""Words by their place on a PDF page: those that carry a link, and lines of Arabic."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from archive.cite.bidi import is_right_to_left, logical, reads_backwards, unshaped
from archive.cite.flow import clean
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


SECONDS = 90
"""Of computing for all anchors of a report, some 2,000 pages; those after it are left out."""

_SPACE = 0.2
"""Of a glyph's size: a wider gap is a space."""
_COLUMN = 4.0
"""Of a glyph's size: a wider gap parts columns."""


class AnchorWords:
    """Looks up words by their place on the page."""

    def __init__(self, glyphs: GlyphReader) -> None:
        self._glyphs = glyphs
        self._until = time.process_time() + SECONDS

    @property
    def reader(self) -> str:
        """What reads the glyphs, with its version."""
        return self._glyphs.name

    def words(self, number: int, rects: tuple[Rect, ...]) -> tuple[str, ...]:
        """The words in the stretches, likeliest reading first: Arabic may be painted in either direction."""
        if not rects or time.process_time() > self._until:
            return ()
        page = self._glyphs.page(number)
        lines = [line for rect in rects for line in _lines(page.glyphs, page.turned(rect))]
        seen = " ".join(" ".join(lines).split())
        if not is_right_to_left(seen):
            return (unshaped(seen),) if seen else ()
        read = " ".join(" ".join(map(logical, lines)).split())
        return (unshaped(seen), read) if reads_backwards(seen) is False else (read, unshaped(seen))

    def right_to_left_text(self, number: int) -> str | None:
        """The page's text in reading order, for a page of Arabic; None where it cannot be told.

        pypdf keeps the order in which a producer painted the stretches of a line, which is any order.
        """
        if time.process_time() > self._until:
            return None
        lines = [piece for row in _rows(self._glyphs.page(number).glyphs) for piece in reversed(_columns(row))]
        if not lines:
            return None
        # A producer that knows no Arabic paints it from left to right, unshaped: then it is in order already.
        in_order = reads_backwards("\n".join(lines)) is False
        return "\n".join(unshaped(line) if in_order or not is_right_to_left(line) else logical(line) for line in lines)


def _lines(glyphs: list[Glyph], rect: Rect) -> list[str]:
    """The lines of glyphs whose centres lie in the rectangle, top first.

    A rectangle of one line's height overlaps its neighbours: of it, only the fullest line is taken.
    """
    left, bottom, right, top = rect
    inside = [
        one
        for one in glyphs
        if left <= (one.x0 + one.x1) / 2 <= right and bottom <= (one.y0 + one.y1) / 2 <= top
    ]
    rows = _rows(inside)
    if not rows:
        return []
    if top - bottom < 1.9 * max(one.size for one in inside):
        return [_words(max(rows, key=len))]
    return [_words(row) for row in rows]


def _rows(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """The glyphs of each line, top line first, from left to right."""
    rows: list[list[Glyph]] = []
    for one in sorted(glyphs, key=lambda one: -one.y0):
        if rows and rows[-1][0].y0 - one.y0 < 0.4 * one.size:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda one: one.x0) for row in rows]


def _columns(row: list[Glyph]) -> list[str]:
    """The words of a line, parted where the gap is a column's."""
    parts: list[list[Glyph]] = []
    for one in row:
        if parts and one.x0 - parts[-1][-1].x1 < _COLUMN * one.size:
            parts[-1].append(one)
        else:
            parts.append([one])
    return [words for part in parts if (words := _words(part).strip())]


def _words(row: list[Glyph]) -> str:
    """The glyphs as they stand, a space where there is a gap."""
    words = ""
    last: Glyph | None = None
    for one in row:
        if last is not None and one.x0 - last.x1 > _SPACE * one.size:
            words += " "
        words += one.text
        last = one
    return clean(words)
