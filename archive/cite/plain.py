"""Plain text, and the tables that people export as text."""

from __future__ import annotations

from archive.cite.encoding import decode
from archive.cite.extract import Extracted
from archive.cite.pages import page_starts


def read_plain(data: bytes, *, what: str) -> Extracted:
    """The file's own text, changed in its byte order mark and line ends alone."""
    text, encoding = decode(data, what=what)
    return Extracted(text, f"plain text, {encoding}", page_starts=page_starts(text))
