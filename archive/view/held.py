"""What the bag holds of each source: its files, and how a page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.view import plain
from archive.view.voice import Voice
from archive_manifests.ledger import SourceEntry
from archive_manifests.records import RecordLine

_PICTURES = frozenset({"gif", "jpg", "jpeg", "png", "webp"})
_FILMS = frozenset({"mp4", "webm", "ogv"})
_SOUNDS = frozenset({"m4a", "mp3", "ogg", "opus", "wav"})


@dataclass(frozen=True, slots=True)
class Held:
    """What the bag holds, by which a card finds its files."""

    files: Mapping[str, int]
    """Paths in the bag -> octets."""
    records: Mapping[str, RecordLine]
    """Record id -> its line in the records log."""
    placed: frozenset[tuple[str, int]]
    """Source id and number of each citation that has a place in the text."""
    by_source: Mapping[str, tuple[str, ...]]
    """Source id -> paths under `data/views/` and `data/media/`, sorted."""

    @classmethod
    def of(
        cls, files: Mapping[str, int], records: Sequence[RecordLine], placed: Iterable[tuple[str, int]]
    ) -> Held:
        found: dict[str, list[str]] = {}
        for path in sorted(files):
            parts = path.split("/")
            if len(parts) > 3 and parts[:2] in (["data", "views"], ["data", "media"]):
                found.setdefault(parts[2], []).append(path)
        by_source = {source: tuple(paths) for source, paths in found.items()}
        return cls(files, {record.id: record for record in records}, frozenset(placed), by_source)


@dataclass(frozen=True, slots=True)
class File:
    """One file of the bag, as a card names it."""

    path: Markup
    size: Markup
    link: str | None
    """Relative to the page; None where a browser should not open it."""
    kind: str
    """`picture`, `film`, `sound` or `other`: how the page shows it."""


def files_of(entry: SourceEntry, held: Held, voice: Voice) -> tuple[File, ...]:
    """The files of a source: its WARCs first, then what was drawn, extracted or supplied."""
    return tuple(_file(path, held.files[path], voice) for path in _paths(entry, held))


def picture_of(entry: SourceEntry, files: Sequence[File]) -> File | None:
    """What shows a source at a glance: the thumbnail, the screenshot, or the picture that a person supplied."""
    pictures = {file.link: file for file in files if file.kind == "picture" and file.link}
    supplied = [path for copy in entry.copies for path in copy.files]
    drawn = [f"data/views/{entry.id}/{stem}.{e}" for stem in ("thumbnail", "screenshot") for e in sorted(_PICTURES)]
    return next((pictures[link] for link in map(plain.link, [*drawn, *supplied]) if link in pictures), None)


def _paths(entry: SourceEntry, held: Held) -> list[str]:
    records = [*entry.exchanges, *(record for copy in entry.copies for record in copy.records)]
    warcs = sorted({held.records[record].file for record in records if record in held.records})
    supplied = [path for copy in entry.copies for path in copy.files]
    named = [*warcs, *held.by_source.get(entry.id, ()), *supplied]
    return [path for path in dict.fromkeys(named) if path in held.files]


def _file(path: str, size: int, voice: Voice) -> File:
    ending = path.rpartition(".")[2].lower()
    kinds = (("picture", _PICTURES), ("film", _FILMS), ("sound", _SOUNDS))
    kind = next((kind for kind, endings in kinds if ending in endings), "other")
    return File(voice.address(path), voice.size(size), plain.link(path), kind)
