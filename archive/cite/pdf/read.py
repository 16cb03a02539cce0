"""Reads a PDF with what can: PDFium, in one process or in two, else pypdf."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from archive.cite.extract import Extracted
from archive.cite.pdf.catalog import Catalog
from archive.cite.pdf.glyphs import Document, PasswordNeeded
from archive.cite.pdf.layout_process import LayoutProcess, LayoutSource, OwnPosition, start_layout_process
from archive.cite.pdf.reader import PdfReading
from archive.errors import ReportUnreadable

MOST_PAGES = 5_000


class SharedFile(io.BufferedReader):
    """A PDF that a second process reads as well, where one is of use."""

    def __init__(self, descriptor: int, confine: Callable[[], None]) -> None:
        """Made before this process is confined, as the second one is by `confine`."""
        super().__init__(OwnPosition(descriptor))
        self.second = start_layout_process(partial(_layouts_of, self), confine)


def read_pdf(stream: BinaryIO, suffix: str) -> Extracted:
    """Read a PDF; where PDFium refuses it, as far as pypdf can. Raises `ReportUnreadable`."""
    second = stream.second if isinstance(stream, SharedFile) else None
    try:
        return _read(stream, second)
    finally:
        if second is not None:
            second.close()


def _read(stream: BinaryIO, second: LayoutProcess | None) -> Extracted:
    from archive.cite.pdf.fallback import read_with_pypdf

    try:
        document = Document(stream)
    except PasswordNeeded:
        return read_with_pypdf(stream, "PDFium does not open its encryption")
    except ReportUnreadable as refused:
        return read_with_pypdf(stream, str(refused))
    if document.pages > MOST_PAGES:
        raise ReportUnreadable(f"has more than {MOST_PAGES:,} pages")
    if document.pages == 0:
        return read_with_pypdf(stream, "PDFium finds no page in it")
    if second is not None:
        second.begin(document.pages)
    return PdfReading(document, Catalog.of(stream), second).read()


def _layouts_of(stream: BinaryIO) -> LayoutSource:
    """The pages of a PDF, for a second process to lay out."""
    document = Document(stream)
    return document.pages, PdfReading(document, Catalog.of(stream)).lay_out
