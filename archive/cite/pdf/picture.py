"""Renders one page of a PDF as a picture, with the places of its lines of text on it."""

from __future__ import annotations

import ctypes
import struct
import zlib
from itertools import pairwise
from typing import BinaryIO

import pypdfium2.raw as pdfium

from archive.cite.page_picture import PagePicture, PictureLine
from archive.cite.pdf.glyphs import Document
from archive.cite.pdf.lines import Line, lay_out
from archive.errors import ReportUnreadable

WIDTH = 1000
"""Pixels of a picture's width; a browser scales it."""
HIGHEST = 4000
"""Pixels of a picture's height at the most: a strip of a page is rendered smaller."""
_WHITE = 0xFFFFFFFF


def render_page(stream: BinaryIO, number: int) -> PagePicture:
    """Render page `number`, from 1. Raises `ReportUnreadable` where PDFium cannot open the file or the page."""
    document = Document(stream)
    page = document.page(number) if 1 <= number <= document.pages else None
    if page is None or page.width < 1 or page.height < 1:
        raise ReportUnreadable(f"has no page {number} that can be shown")
    scale = min(WIDTH / page.width, HIGHEST / page.height)
    width, height = max(1, round(page.width * scale)), max(1, round(page.height * scale))
    png = _png(document, number, width, height)
    # The frame of the glyphs is the page's own; a rotated or cropped page is shown turned and moved.
    transform = _Transform(document, number, width, height)
    lines = tuple(_placed(line, transform) for line in lay_out(page, number).lines if line.turn in (0, 90, 180, 270))
    return PagePicture(png=png, width=width, height=height, lines=lines)


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


def _png(document: Document, number: int, width: int, height: int) -> bytes:
    page = pdfium.FPDF_LoadPage(document.raw, number - 1)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGR, None, 0)
    if not page or not bitmap:
        raise ReportUnreadable(f"has no page {number} that can be shown")
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, _WHITE)
        pdfium.FPDF_RenderPageBitmap(
            bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
        )
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        buffer = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
        pdfium.FPDF_ClosePage(page)
    return encode_png(buffer, width, height, stride)


def encode_png(pixels: bytes, width: int, height: int, stride: int) -> bytes:
    """Pixels of three bytes, in rows of `stride` bytes, as a PNG. (PNG, third edition, section 5)"""
    rows = b"".join(b"\0" + pixels[row * stride : row * stride + 3 * width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR" + header, b"IDAT" + zlib.compress(rows, 1), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )
