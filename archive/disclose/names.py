"""Names of what is withheld: everything by which a reader of the copy could recognise it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, unquote, urlsplit

from archive.capture.tracking import clean
from archive.urls import UrlError, parse
from archive_manifests.ledger import SourceEntry

SHORTEST = 6
"""Characters of the shortest name that is searched for: shorter ones occur everywhere by chance."""
WINDOW = 1 << 20
"""Bytes that are searched at once."""
MOST = 200
"""Hits that are listed for one place."""

LONG = 10
"""Characters from which on the value of a parameter identifies something; shorter ones are words such as `en`."""

_PLAIN_PATH = re.compile(r"(?:/[A-Za-z_.]{1,16}){1,3}/?")
"""A path of words such as `/watch` and `/forum/viewtopic.php`: without a number, and too short for a title."""
_VIDEO = re.compile(r"(?:[?&]v=|youtu\.be/|/embed/|/shorts/|/asset/)([A-Za-z0-9_/-]{6,40})")


@dataclass(frozen=True, slots=True)
class Hit:
    """A name of a withheld source, found in the copy."""

    source: str
    """Id of the withheld source."""
    name: str
    place: str
    """Path in the copy, for a record with its address."""


class NameSearch:
    """Searches bytes for the names of withheld sources, in the spellings that pages and headers use."""

    def __init__(self, withheld: Iterable[SourceEntry], disclosed: Iterable[SourceEntry]) -> None:
        open_names = {name for entry in disclosed for name in names_of(entry)}
        self._of: dict[bytes, tuple[str, str]] = {}
        for entry in withheld:
            for name in names_of(entry):
                if name not in open_names:
                    for spelling in _spellings(name):
                        self._of.setdefault(spelling.lower(), (entry.id, name))
        ordered = sorted(self._of, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, ordered)), re.IGNORECASE) if ordered else None
        self._overlap = max(map(len, ordered), default=0)

    def search(self, place: str, pieces: Iterable[bytes]) -> Iterator[Hit]:
        """Yield each name that occurs in a stream, once."""
        if self._pattern is None:
            return
        seen: set[tuple[str, str]] = set()
        window = b""
        for piece in pieces:
            window += piece
            if len(window) >= WINDOW:
                yield from self._hits(place, window, seen)
                window = window[-self._overlap :]
        yield from self._hits(place, window, seen)

    def _hits(self, place: str, window: bytes, seen: set[tuple[str, str]]) -> Iterator[Hit]:
        assert self._pattern is not None
        for found in self._pattern.finditer(window):
            named = self._of.get(found[0].lower())
            if named is not None and named not in seen and len(seen) < MOST:
                seen.add(named)
                yield Hit(named[0], named[1], place)


def names_of(entry: SourceEntry) -> Iterator[str]:
    """Addresses, paths, video ids, the title and the file names of a source."""
    addresses = [entry.cited, entry.request_url, entry.final_url, *(copy.url for copy in entry.copies)]
    found: list[str] = []
    for address in filter(None, addresses):
        parts = urlsplit(address.strip()) if "[" not in address else None
        found += [address, re.sub(r"^[a-z]+://(?:www\.)?", "", address.strip(), flags=re.IGNORECASE)]
        found += _VIDEO.findall(address)
        if parts is not None and parts.path.strip("/"):
            found += _paths(address.strip(), parts.path, parts.query)
    found.append(entry.title or "")
    found += [path.rpartition("/")[2] for copy in entry.copies if copy.kind == "supplied" for path in copy.files]
    yield from dict.fromkeys(name for name in map(str.strip, found) if len(name) >= SHORTEST)


def _paths(address: str, path: str, query: str) -> Iterator[str]:
    """The path with its query, and alone unless it is the same for all of a site, as `/watch` in `/watch?v=…` is."""
    if query:
        yield f"{path}?{query}"
    if _PLAIN_PATH.fullmatch(path) is None or not _is_identifying(address):
        yield path.rstrip("/")


def _is_identifying(address: str) -> bool:
    """True where the query names the thing: a number or a long value in what does not only follow a reader."""
    try:
        query = clean(parse(address)).target.partition("?")[2]
    except UrlError:
        return False
    values = [part.partition("=")[2] for part in query.split("&")]
    return any(len(value) >= LONG or re.search("[0-9]", value) for value in values)


def _spellings(name: str) -> Iterator[bytes]:
    """The forms in which a name stands in HTML, JSON, JavaScript and headers."""
    bare = unquote(name)
    plain = dict.fromkeys((name, bare, quote(bare, safe="/:?=&%#"), quote(bare, safe=""), quote(name, safe="")))
    for form in plain:
        for spelled in (form, escape(form), form.replace("/", "\\/"), form.replace("&", "\\u0026")):
            yield spelled.encode("utf-8", "surrogatepass")
