"""Which reader a file needs, judged by its first bytes before its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from archive.cite.extract import Extracted, PlacedReport
from archive.errors import ReportUnreadable

Reader = Callable[[BinaryIO, str], Extracted | PlacedReport]
"""Takes the open file and its suffix. Raises `ReportUnreadable` without naming the file."""


def _pdf() -> Reader:
    from archive.cite.pdf import read_pdf

    return read_pdf


def _zipped() -> Reader:
    from archive.cite.office import read_zipped

    return read_zipped


def _html() -> Reader:
    from archive.cite.html import read_html

    return read_html


def _markdown() -> Reader:
    from archive.cite.html import read_markdown

    return read_markdown


def _flat_odt() -> Reader:
    from archive.cite.odt import read_flat_odt

    return read_flat_odt


def _pdf_second() -> Reader:
    from archive.cite.pdf.fallback import read_after_fault

    return read_after_fault


def _pdf_places() -> Reader:
    from archive.cite.pdf.places import read_places

    return read_places


READERS: dict[str, Callable[[], Reader]] = {
    "pdf": _pdf,
    "pdf-second": _pdf_second,
    "pdf-places": _pdf_places,
    "zipped": _zipped,
    "flat-odt": _flat_odt,
    "html": _html,
    "markdown": _markdown,
}
"""Kind -> what imports its reader. They all run in a process of their own."""

LARGEST = {
    "pdf": 1 << 30,
    "zipped": 256 << 20,
    "flat-odt": 64 << 20,
    "html": 32 << 20,
    "markdown": 8 << 20,
    "table": 16 << 20,
    "plain": 16 << 20,
}
"""Bytes of a file of each kind."""

_BY_SUFFIX = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".csv": "table",
    ".tsv": "table",
    ".tab": "table",
}


def kind_of(head: bytes, suffix: str) -> str:
    """The kind of a file that starts with `head` (a kilobyte). Raises `ReportUnreadable`."""
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "zipped"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise ReportUnreadable("is an old or protected Office file; save it as DOCX or PDF without a password")
    if suffix == ".toml":
        raise ReportUnreadable("is a source manifest already; `archive fetch` takes it as it is")
    if head.startswith(b"{\\rtf"):
        raise ReportUnreadable("is RTF; save it as DOCX, ODT or PDF")
    if b"<office:document" in head:
        return "flat-odt"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    return _BY_SUFFIX.get(suffix, "plain")
