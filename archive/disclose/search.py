"""Searches a copy for names of what is withheld: in the bytes as they are, and in the words that a reader sees."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any
from urllib.parse import quote, unquote

from msgspec import Struct

from archive.capture.classify.quotes import fold
from archive.disclose.escapes import spoken, undone
from archive.disclose.names import names_of
from archive_manifests.ledger import SourceEntry

WINDOW = 1 << 20
"""Bytes, or characters, that are searched at once."""
MOST = 200
"""Hits that are listed for one place."""
SHORTEST_SOLID = 10
"""Letters and digits of the shortest name that is searched for in words whose spaces and marks are taken away."""
_LONGEST_HOST = 300
_LONGEST_SOLID = 4096
"""Characters of a window that are searched again with the next."""
_HOST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
"""What is searched for as it is alone: without its dots it stands in other words."""
_WITHIN = re.compile(rb"[0-9A-Za-z]\Z")
_ESCAPE_BEFORE = re.compile(rb"(?:%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[nrt]|&#?\w{1,8};)\Z")


class Hit(Struct, frozen=True):
    """A name of a withheld source, found in the copy."""

    source: str
    """Id of the withheld source."""
    name: str
    place: str
    """Path in the copy, for a record with its address."""
    is_in_sentence: bool = False
    """In what the report says where it cites a disclosed source: whoever has the report reads it there."""


class NameSearch:
    """Searches for the names of withheld sources, in the spellings that pages, scripts and headers use."""

    def __init__(self, withheld: Iterable[SourceEntry], disclosed: Iterable[SourceEntry]) -> None:
        open_names = {name for entry in disclosed for name in names_of(entry)}
        self._of: dict[bytes, tuple[str, str]] = {}
        self._solid: dict[str, tuple[str, str]] = {}
        for entry in withheld:
            for name in names_of(entry):
                if name not in open_names:
                    self._add((entry.id, name))
        spelled = {key.decode("latin-1"): named for key, named in self._of.items()}
        self._hosts = {key: named for key, named in spelled.items() if _HOST.fullmatch(key)}
        self._host_pattern = re.compile(_trie(self._hosts)) if self._hosts else None
        open_solid = {solid(name) for name in open_names}
        self._solid = {key: named for key, named in self._solid.items() if key not in open_solid}
        self._pattern = re.compile(_trie(self._of)) if self._of else None
        self._solid_pattern = re.compile(_trie(self._solid)) if self._solid else None
        self._overlap = max(map(len, self._of), default=0) + 16

    def _add(self, named: tuple[str, str]) -> None:
        for spelling in _spellings(named[1]):
            self._of.setdefault(spelling.lower(), named)
        bare = solid(named[1])
        if len(bare) >= SHORTEST_SOLID and _HOST.fullmatch(named[1]) is None:
            self._solid.setdefault(bare, named)

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

    def search_words(self, place: str, texts: Iterable[str]) -> Iterator[Hit]:
        """Yield each name that occurs in the words of a text, whatever marks, spaces and line ends part them."""
        seen: set[tuple[str, str]] = set()
        end = host_end = ""
        for text in texts:
            window, host_window = end + solid(text), host_end + spoken(undone(text))
            for named in (*self._solid_names(window), *self._host_names(host_window)):
                if named not in seen and len(seen) < MOST:
                    seen.add(named)
                    yield Hit(*named, place)
            end, host_end = window[-_LONGEST_SOLID:], host_window[-_LONGEST_HOST:]

    def _solid_names(self, window: str) -> Iterator[tuple[str, str]]:
        if self._solid_pattern is not None:
            yield from (self._solid[found[0]] for found in self._solid_pattern.finditer(window))

    def _host_names(self, window: str) -> Iterator[tuple[str, str]]:
        """Hosts, with their dots: without them they stand in other words."""
        if self._host_pattern is not None:
            for found in self._host_pattern.finditer(window):
                if not window[max(found.start() - 1, 0) : found.start()].isalnum():
                    yield self._hosts[found[0]]

    def _hits(self, place: str, window: bytes, seen: set[tuple[str, str]]) -> Iterator[Hit]:
        assert self._pattern is not None
        for found in self._pattern.finditer(window.lower()):
            named = self._of[found[0]]
            if named in seen or len(seen) >= MOST:
                continue
            if "/" not in named[1] and _is_within(window[max(0, found.start() - 10) : found.start()], found[0]):
                continue
            seen.add(named)
            yield Hit(*named, place)


def solid(text: str) -> str:
    """Letters and digits alone, in one spelling, escapes of scripts and addresses undone."""
    return fold(undone(text)).replace(" ", "")


def _is_within(before: bytes, name: bytes) -> bool:
    """True where a host or a word is the end of a longer one, as `one.example` in `phone.example`."""
    if _WITHIN.match(name[:1]) is None or _WITHIN.search(before) is None:
        return False
    return _ESCAPE_BEFORE.search(before) is None


def _spellings(name: str) -> Iterator[bytes]:
    """The forms in which a name stands in HTML, JSON, JavaScript and headers."""
    bare = unquote(name)
    plain = dict.fromkeys((name, bare, quote(bare, safe="/:?=&%#"), quote(bare, safe=""), quote(name, safe="")))
    for form in plain:
        for spelled in (form, escape(form), form.replace("/", "\\/"), form.replace("&", "\\u0026")):
            yield spelled.encode("utf-8", "surrogatepass")
    yield bare.encode("utf-16-le", "surrogatepass")
    yield bare.encode("utf-16-be", "surrogatepass")
    if len(bare) >= SHORTEST_SOLID:
        data = bare.encode("utf-8", "surrogatepass")
        yield data.hex().encode()
        for coded in _in_base64(data):
            yield from dict.fromkeys((coded, coded.replace(b"+", b"-").replace(b"/", b"_")))


def _in_base64(data: bytes) -> Iterator[bytes]:
    """What stands in base64 wherever these bytes stand in what was encoded, for each of the three ways to begin."""
    for before, first in ((0, 0), (1, 2), (2, 3)):
        coded = base64.b64encode(bytes(before) + data)
        yield coded[first : (before + len(data)) * 8 // 6]


def _trie(words: Iterable[Any]) -> Any:
    """A pattern of many words that a search tries letter by letter instead of word by word; the longest wins."""
    root: dict[Any, Any] = {}
    empty: Any = ""
    for word in words:
        empty, node = word[:0], root
        for at in range(len(word)):
            node = node.setdefault(word[at : at + 1], {})
        node[None] = {}
    return _rendered(root, empty)


def _rendered(node: dict[Any, Any], empty: Any) -> Any:
    start = empty
    while len(node) == 1 and None not in node:
        ((letter, node),) = node.items()
        start += re.escape(letter)
    branches = [re.escape(letter) + _rendered(below, empty) for letter, below in node.items() if letter is not None]
    if not branches:
        return start
    is_bytes = isinstance(empty, bytes)
    opened, parting, closed = (b"(?:", b"|", b")") if is_bytes else ("(?:", "|", ")")
    optional = (b"?" if is_bytes else "?") if None in node else empty
    return start + opened + parting.join(branches) + closed + optional
