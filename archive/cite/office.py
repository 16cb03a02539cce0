"""DOCX or ODT: the parts of the ZIP file decide which."""

from __future__ import annotations

from typing import BinaryIO

from archive.cite.docx import read_docx
from archive.cite.extract import Extracted
from archive.cite.odt import read_odt
from archive.cite.office_zip import OfficeParts
from archive.errors import ReportUnreadable


def read_zipped(stream: BinaryIO, suffix: str) -> Extracted:
    """Read a DOCX or an ODT."""
    parts = OfficeParts(stream)
    names = set(parts.names())
    if "word/document.xml" in names or any(name.startswith("word/") for name in names):
        return read_docx(parts)
    if "content.xml" in names:
        return read_odt(parts)
    raise ReportUnreadable("is a ZIP file, but neither DOCX nor ODT; save the report as one of these, or as PDF")
