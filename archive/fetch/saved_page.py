"""Which address a page that was saved as one file says it is of: SingleFile, browsers' "save as", MHTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_READ = 64 << 10
"""Bytes from the start of the file among which the mark is looked for."""
_HTML = (".html", ".htm", ".xhtml")
_MHTML = (".mhtml", ".mht")

_SINGLE_FILE = re.compile(rb"Page saved with SingleFile\s*\n\s*url:\s*(\S+)\s*\n\s*saved date:\s*([^\n]{1,100})")
_SAVED_FROM = re.compile(rb"<!-- saved from url=\(\d{4,6}\)(\S+) -->")
"""The "mark of the web" that browsers write; the number is the length of the address."""
_LOCATION = re.compile(rb"^Snapshot-Content-Location:\s*(\S+)", re.MULTILINE | re.IGNORECASE)
_DATE = re.compile(rb"^Date:\s*([^\r\n]{1,100})", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SavedFrom:
    """What a file says of itself. Anybody can write it."""

    url: str
    date: str | None


def saved_from(path: Path) -> SavedFrom | None:
    """The address and date in a saved page; None where it names none. Raises `OSError`."""
    suffix = path.suffix.lower()
    if suffix not in (*_HTML, *_MHTML):
        return None
    with path.open("rb") as file:
        start = file.read(_READ)
    if suffix in _MHTML:
        found, date = _LOCATION.search(start), _DATE.search(start)
        return SavedFrom(_text(found[1]), _text(date[1]) if date else None) if found else None
    single = _SINGLE_FILE.search(start)
    if single:
        return SavedFrom(_text(single[1]), _text(single[2]))
    marked = _SAVED_FROM.search(start)
    return SavedFrom(_text(marked[1]), None) if marked else None


def _text(raw: bytes) -> str:
    return " ".join(raw.decode("utf-8", "replace").split())
