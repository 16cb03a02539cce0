"""Lays text out on pages of its own, for annex, slip sheets and stamps, shaped by HarfBuzz."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from msgspec import Struct

from archive.annotate.font import FONT, printable, require_extra
from archive.words import Catalogue

A4 = (595.28, 841.89)
_LEADING = 1.45
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
"""For a library that always writes one."""
_DATE = re.compile(rb"/CreationDate \(D:2000[^()]{1,40}\)")


class Sheets(Struct):
    """Pages under construction, in points, measured from the top of the page."""

    words: Catalogue
    size: tuple[float, float] = A4
    margin: float = 54.0
    footer: str = ""
    y: float = 0.0
    pages: int = 0
    _pdf: Any = None

    def __post_init__(self) -> None:
        require_extra()
        from fpdf import FPDF

        self._pdf = FPDF(unit="pt", format=self.size)
        self._pdf.set_creation_date(_NO_DATE)
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        self._pdf.add_font("sheet", "", FONT)
        self._pdf.set_font("sheet", size=10)

    @property
    def is_right_to_left(self) -> bool:
        return self.words.direction == "rtl"

    @property
    def right(self) -> float:
        return self.size[0] - self.margin

    @property
    def bottom(self) -> float:
        return self.size[1] - self.margin

    def start_page(self) -> None:
        self._pdf.add_page()
        self.pages += 1
        self.y = self.margin
        if self.footer:
            self.cell(self.footer, 7, self.margin, self.size[1] - 36, self.right - self.margin, is_grey=True)

    def start_sized(self, width: float, height: float) -> None:
        """Start a page of another size, without a footer."""
        self._pdf.add_page(format=(width, height))
        self.pages += 1
        self.size = (width, height)
        self.y = self.margin

    def picture(self, picture: object, left: float, top: float, width: float, height: float) -> None:
        """Show a picture (of Pillow) in a box."""
        self._pdf.image(picture, x=left, y=top, w=width, h=height)

    def require(self, height: float) -> None:
        """Start a page where less than `height` is left."""
        if not self.pages or self.y + height > self.bottom:
            self.start_page()

    def width_of(self, text: str, size: float) -> float:
        self._pdf.set_font_size(size)
        self._pdf.set_text_shaping(_is_shaped(text))
        return float(self._pdf.get_string_width(text))

    def cell(
        self, text: str, size: float, left: float, top: float, width: float, *, ltr: bool = False, is_grey: bool = False
    ) -> None:
        """One line within a box, at the side where the language begins, or at the left for an address."""
        self._pdf.set_font_size(size)
        self._pdf.set_text_color(90 if is_grey else 0)
        align = "R" if self.is_right_to_left and not ltr else "L"
        direction = "rtl" if align == "R" else "ltr"
        if _is_shaped(text) or direction == "rtl":
            self._pdf.set_text_shaping(True, direction=direction)
        else:
            self._pdf.set_text_shaping(False)
        self._pdf.set_xy(left, top)
        self._pdf.cell(width, size * _LEADING, text, align=align)

    def paragraph(
        self,
        text: str,
        size: float,
        *,
        left: float | None = None,
        right: float | None = None,
        ltr: bool = False,
        is_grey: bool = False,
    ) -> None:
        """Lines of text below each other; a page ends where no line fits any more."""
        start, end = left or self.margin, right or self.right
        for line in self.lines(printable(text), size, end - start):
            self.require(size * _LEADING)
            self.cell(line, size, start, self.y, end - start, ltr=ltr, is_grey=is_grey)
            self.y += size * _LEADING

    def lines(self, text: str, size: float, width: float) -> Iterator[str]:
        """Yield the lines of a text; a word that is too long, such as an address, is cut where it has to be."""
        line = ""
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if self.width_of(longer, size) <= width:
                line = longer
                continue
            if line:
                yield line
            line = word
            while self.width_of(line, size) > width:
                fits = self._fitting(line, size, width)
                yield line[:fits]
                line = line[fits:]
        yield line

    def _fitting(self, word: str, size: float, width: float) -> int:
        low, high = 1, len(word)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width_of(word[:middle], size) <= width:
                low = middle
            else:
                high = middle - 1
        return low

    def rule(self, top: float) -> None:
        self._pdf.set_draw_color(150)
        self._pdf.set_line_width(0.4)
        self._pdf.line(self.margin, top, self.right, top)

    def box(self, left: float, top: float, width: float, height: float) -> None:
        self._pdf.set_draw_color(60)
        self._pdf.set_line_width(0.6)
        self._pdf.rect(left, top, width, height)

    def code(self, content: str, left: float, top: float, side: float) -> None:
        """A QR code as filled squares. (ISO/IEC 18004)"""
        import segno

        # Any of the eight masks is right (7.8); trying all of them took most of the time.
        rows = segno.make(content, error="m", micro=False, boost_error=False, mask=4).matrix
        module = side / len(rows)
        operators = [f"q 0 g {module:.4f} 0 0 {-module:.4f} {left:.2f} {self.size[1] - top:.2f} cm"]
        for down, row in enumerate(rows):
            at = 0
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    operators.append(f"{at} {down} {length} 1 re")
                at += length
        self._pdf._out(" ".join([*operators, "f Q"]))

    def state_making(self, comment: str) -> None:
        """Say how the file was made, so that it can be made again and compared."""
        self._pdf.set_producer(comment)

    def content(self) -> bytes:
        """The finished PDF, without a date: the same text gives the same bytes."""
        content = bytes(self._pdf.output())
        return _DATE.sub(lambda date: b" " * len(date[0]), content, 1)

    def stream(self) -> io.BytesIO:
        return io.BytesIO(self.content())


def _is_shaped(text: str) -> bool:
    """True for letters that change their form or place beside others; Latin, Greek and Cyrillic ones do not."""
    return any(character > "\u052f" for character in text)
