"""Looks through everything that a copy would disclose for what it withholds: names, record ids, digests, paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from archive.disclose.original import Original
from archive.disclose.search import Hit, NameSearch
from archive.disclose.selection import Selection
from archive.disclose.words import Pieces, words_of
from archive_manifests import disclosure, layout
from archive_manifests.ledger import records_of
from archive_manifests.records import RecordLine

_TOKEN = re.compile(rb"urn:uuid:[0-9a-f-]{36}|[0-9a-f]{64}|data/(?:media|views)/[A-Za-z0-9]+/")
"""What a record or an entry of ours uses to refer to another part of the bag."""
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_:-]{2,30})""", re.IGNORECASE)
_OF_OURS = frozenset({"metadata", "warcinfo", "conversion"})
"""Types of records that this program writes, and no site."""


class Examined(Struct, frozen=True):
    """What a search of the whole copy found."""

    selection: Selection
    """Without the records that nothing needs and that name what is withheld."""
    hits: tuple[Hit, ...]
    unread: tuple[tuple[str, str], ...]
    """Kind and place of what no search can read: `picture` (film and sound too), `document`."""


class Examiner:
    """Searches each part once; equal contents are read once."""

    def __init__(self, original: Original, chosen: Selection) -> None:
        self._original, self._chosen = original, chosen
        self._search = NameSearch(chosen.withheld, chosen.entries)
        self._hidden = _hidden_references(original, chosen)
        self._known: dict[tuple[str, str | None], tuple[list[Hit], str | None]] = {}

    def run(self) -> Examined:
        """Search all of it. Raises `NotDisclosable`, `WarcError`."""
        hits: list[Hit] = []
        unread: list[tuple[str, str]] = []
        dropped: set[str] = set()
        for line in self._chosen.records:
            found, kind = self._record(line)
            if found and line.id in self._chosen.companions:
                dropped.add(line.id)
                continue
            hits += found
            unread += [(kind, f"{line.file} ({line.uri})")] if kind else []
        for path in self._chosen.files:
            found, kind = self._file(path)
            hits += found
            unread += [(kind, path)] if kind else []
        hits += self._ledger()
        lines = tuple(line for line in self._chosen.records if line.id not in dropped)
        return Examined(replace(self._chosen, records=lines), tuple(dict.fromkeys(hits)), tuple(dict.fromkeys(unread)))

    def text(self, place: str, text: str) -> tuple[Hit, ...]:
        """Search a text that is made for the copy."""
        return tuple(self._part(place, lambda: iter([text.encode("utf-8", "surrogatepass")]), None)[0])

    def _record(self, line: RecordLine) -> tuple[list[Hit], str | None]:
        place = f"{line.file} ({line.type} of {line.uri or 'the file'})"
        hits = [hit for text in self._original.texts(line) for hit in self._search.search(place, text)]
        if line.type in _OF_OURS:
            hits += self._references(place, self._original.record(line).block())
        if line.type == "request":
            return hits, None
        stated = _CHARSET.search(self._original.content_type(line) or "")
        charset = stated[1] if stated else None
        key = (line.payload_sha256 or line.sha256, charset)
        found, kind = self._words(key, place, lambda: self._original.body(line), charset)
        return hits + found, kind

    def _file(self, path: str) -> tuple[list[Hit], str | None]:
        hits = list(self._search.search(path, self._original.file(path)))
        key = (self._original.stated[path], None)
        found, kind = self._words(key, path, lambda: self._original.file(path), None)
        return hits + found, kind

    def _words(
        self, key: tuple[str, str | None], place: str, pieces: Pieces, charset: str | None
    ) -> tuple[list[Hit], str | None]:
        if key not in self._known:
            self._known[key] = self._part(place, pieces, charset)
        hits, kind = self._known[key]
        return [replace(hit, place=place) for hit in hits], kind

    def _part(self, place: str, pieces: Pieces, charset: str | None) -> tuple[list[Hit], str | None]:
        words = words_of(pieces, charset)
        hits = [hit for stream in words.streams for hit in self._search.search_words(place, stream)]
        hits += [hit for stream in words.hidden for hit in self._search.search(place, stream)]
        return hits, words.unread

    def _ledger(self) -> Iterator[Hit]:
        head = self._chosen.head_parts(self._original.ledger)
        parts = [(f"{layout.LEDGER} ({kind})", part) for kind, part in head]
        for entry in self._chosen.entries:
            cited = self._in_ledger(f"{layout.LEDGER} (citations of {entry.id})", disclosure.citations_half(entry))
            yield from (replace(hit, is_in_sentence=True) for hit in cited)
            parts.append((f"{layout.LEDGER} ({entry.id})", disclosure.capture_half(entry)))
        for place, part in parts:
            yield from self._in_ledger(place, part)

    def _in_ledger(self, place: str, part: bytes) -> Iterator[Hit]:
        yield from self._search.search(place, [part])
        yield from self._part(place, lambda: iter([part]), None)[0]
        yield from self._references(place, [part])

    def _references(self, place: str, pieces: Iterable[bytes]) -> Iterator[Hit]:
        """Ids, digests and paths of withheld parts."""
        end = b""
        for piece in pieces:
            window = end + piece
            for token in _TOKEN.findall(window):
                if token in self._hidden:
                    yield Hit(self._hidden[token], token.decode(), place)
            end = window[-100:]


def _hidden_references(original: Original, chosen: Selection) -> dict[bytes, str]:
    """What refers to a withheld part -> the id of a withheld source it belongs to."""
    owner = {part: entry.id for entry in chosen.withheld for part in records_of(entry)}
    first = chosen.withheld[0].id
    shown = {line.id for line in chosen.records}
    found: dict[bytes, str] = {}
    for line in original.log:
        if line.id not in shown:
            whose = owner.get(line.id, first)
            found |= {token.encode(): whose for token in (line.id, line.sha256, line.payload_sha256) if token}
    for entry in chosen.withheld:
        folders = (layout.media_of(entry.id), layout.views_of(entry.id))
        found |= {folder.encode(): entry.id for folder in folders}
        found |= {digest.encode(): entry.id for path, digest in original.stated.items() if path.startswith(folders)}
    for token in [*(line.payload_sha256 for line in chosen.records), *(original.stated[path] for path in chosen.files)]:
        found.pop((token or "").encode(), None)
    return found
