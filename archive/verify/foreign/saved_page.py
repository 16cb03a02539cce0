"""Which address a page that was saved as one file says it is of: SingleFile, browsers' "save as", MHTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from archive.verify.foreign.recordings import key_of_address
from archive_manifests.notes import Note, note

READ = 64 << 10
"""Bytes from the start of the file among which the mark is looked for."""
_SHOWN = 500
_HTML = (".html", ".htm", ".xhtml")
_MHTML = (".mhtml", ".mht")
SUFFIXES = (*_HTML, *_MHTML)
CODES = frozenset({"saved-from", "saved-from-on", "saved-from-other"})
"""Codes of the notes on what such a file says of itself."""

_SINGLE_FILE = re.compile(rb"Page saved with SingleFile\s*\n\s*url:\s*(\S+)\s*\n\s*saved date:\s*([^\n]{1,100})")
_SAVED_FROM = re.compile(rb"<!-- saved from url=\(\d{4,6}\)(\S+) -->")
"""The "mark of the web" that browsers write; the number is the length of the address."""
_LOCATION = re.compile(rb"^Snapshot-Content-Location:\s*(\S+)", re.MULTILINE | re.IGNORECASE)
_DATE = re.compile(rb"^Date:\s*([^\r\n]{1,100})", re.MULTILINE | re.IGNORECASE)


class SavedFrom(Struct, frozen=True):
    """What a file says of itself. Anybody can write it."""

    url: str
    date: str | None


def saved_from(path: Path) -> SavedFrom | None:
    """The address and date in a saved page; None where it names none. Raises `OSError`."""
    if path.suffix.lower() not in SUFFIXES:
        return None
    with path.open("rb") as file:
        return saved_as(file.read(READ), path.suffix.lower())


def saved_as(start: bytes, suffix: str) -> SavedFrom | None:
    """The address and date in a saved page that begins so; None where it names none."""
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


def is_address_of(saved: SavedFrom, urls: frozenset[str]) -> bool:
    """True where a saved page names one of these addresses, or one that differs in scheme, `www.` or tracking alone."""
    bare = {url.partition("#")[0] for url in urls}
    keys = set(map(key_of_address, urls)) - {None}
    return saved.url.partition("#")[0] in bare or key_of_address(saved.url) in keys


def page_notes(saved: SavedFrom | None, urls: frozenset[str]) -> Iterator[Note]:
    """What a page saved as one file says of itself, and that it is of another address than these."""
    if saved is None:
        return
    url = saved.url[:_SHOWN]
    yield note("saved-from", url=url) if saved.date is None else note("saved-from-on", url=url, detail=saved.date)
    if not is_address_of(saved, urls):
        yield note("saved-from-other", url=url)
