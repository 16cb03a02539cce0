"""Renders one page of a PDF as a picture, with the places of its lines of text on it."""

from __future__ import annotations

import ctypes
import struct
import zlib
from itertools import pairwise
from typing import Any, BinaryIO

import pypdfium2.raw as pdfium
from msgspec import Struct

from archive.cite.page_picture import PagePicture, PictureLine
from archive.cite.pdf.glyphs import Document
from archive.cite.pdf.lines import Line, lay_out
from archive.errors import ReportUnreadable

WIDTH = 1000
"""Pixels of a picture's width; a browser scales it."""
HIGHEST = 4000
"""Pixels of a picture's height at the most: a strip of a page is rendered smaller."""
_WHITE = 0xFFFFFFFF


class Pixels(Struct, frozen=True):
    """A rendered page: three bytes a pixel."""

    width: int
    height: int
    stride: int
    """Bytes of a row."""
    rows: bytes


def render_page(stream: BinaryIO, number: int) -> PagePicture:
    """Render page `number`, from 1. Raises `ReportUnreadable` where PDFium cannot open the file or the page."""
    document = Document(stream)
    pixels = page_pixels(document, number)
    png = encode_png(pixels.rows, pixels.width, pixels.height, pixels.stride)
    return PagePicture(png=png, width=pixels.width, height=pixels.height, lines=page_lines(document, number))


def page_lines(document: Document, number: int) -> tuple[PictureLine, ...]:
    """The lines of text of page `number`, from 1, with their places on its picture. Raises `ReportUnreadable`."""
    page = document.page(number) if 1 <= number <= document.pages else None
    if page is None:
        raise ReportUnreadable(f"has no page {number} that can be shown")
    # The frame of the glyphs is the page's own; a rotated or cropped page is shown turned and moved.
    transform = _Transform(document, number, *_size(page.width, page.height, number))
    return tuple(_placed(line, transform) for line in lay_out(page, number).lines if line.turn in (0, 90, 180, 270))


def _size(width: float, height: float, number: int) -> tuple[int, int]:
    """Width and height of the picture, in pixels, of a page of that size in points."""
    if width < 1 or height < 1:
        raise ReportUnreadable(f"has no page {number} that can be shown")
    scale = min(WIDTH / width, HIGHEST / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


class _Transform:
    """Turns a place on the page, in points, into a place on the picture, in pixels."""

    def __init__(self, document: Document, number: int, width: int, height: int) -> None:
        self._page = pdfium.FPDF_LoadPage(document.raw, number - 1)
        self._size = width, height

    def at(self, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        # In hundredths of a pixel: PDFium gives whole numbers.
        width, height = (100 * side for side in self._size)
        pdfium.FPDF_PageToDevice(self._page, 0, 0, width, height, 0, x, y, across, down)
        return across.value / 100, down.value / 100


def _placed(line: Line, transform: _Transform) -> PictureLine:
    """The line with the edges of each character, which rise or fall along the picture."""
    ends = _right_edges(line)
    boxes = [_box(line, left, right, transform) for left, right in zip(line.places, ends, strict=True)]
    return PictureLine(line.text, tuple(boxes))


def _right_edges(line: Line) -> list[float]:
    """The right edge of each character: where the next one to the right begins."""
    places = sorted({*line.places, line.right})
    following = dict(pairwise(places))
    return [following.get(place, line.right) for place in line.places]


def _box(line: Line, left: float, right: float, transform: _Transform) -> tuple[float, float, float, float]:
    """A character's box on the picture: left, top, width, height, in pixels."""
    low, high = line.base - 0.25 * line.size, line.base + 0.85 * line.size
    corners = [transform.at(*_unturned(x, y, line.turn)) for x in (left, right) for y in (low, high)]
    across, down = [x for x, _ in corners], [y for _, y in corners]
    box = min(across), min(down), max(across) - min(across), max(down) - min(down)
    return round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)


def _unturned(x: float, y: float, turn: int) -> tuple[float, float]:
    """A place in the frame of a line, in the frame of the page: the reverse of `lines.turned_box`."""
    return {90: (-y, x), 180: (-x, -y), 270: (y, -x)}.get(turn, (x, y))


def page_pixels(document: Document, number: int) -> Pixels:
    """Page `number`, from 1, as it is shown, with its annotations. Raises `ReportUnreadable`."""
    page = pdfium.FPDF_LoadPage(document.raw, number - 1) if 1 <= number <= document.pages else None
    if not page:
        raise ReportUnreadable(f"has no page {number} that can be shown")
    try:
        width, height = _size(pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page), number)
        return _rendered(page, width, height, number)
    finally:
        pdfium.FPDF_ClosePage(page)


def _rendered(page: Any, width: int, height: int, number: int) -> Pixels:
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGR, None, 0)
    if not bitmap:
        raise ReportUnreadable(f"has no page {number} that can be shown")
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, _WHITE)
        pdfium.FPDF_RenderPageBitmap(
            bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
        )
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        rows = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return Pixels(width, height, stride, rows)


def encode_png(pixels: bytes, width: int, height: int, stride: int) -> bytes:
    """Pixels of three bytes, in rows of `stride` bytes, as a PNG. (PNG, third edition, section 5)"""
    rows = b"".join(b"\0" + pixels[row * stride : row * stride + 3 * width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR" + header, b"IDAT" + zlib.compress(rows, 1), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )
