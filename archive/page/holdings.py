"""What is missing of a source, and why, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.page import markup
from archive.page.markup import Voice
from archive.page.noted import say_noted
from archive_manifests import layout
from archive_manifests.ledger import Facet, Facets, Requisite, SourceEntry, Status
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
    views = layout.views_of(entry.id)
    drawn = [f"{views}{stem}.{ending}" for stem in ("thumbnail", "screenshot") for ending in sorted(_PICTURES)]
    return next((pictures[link] for link in map(markup.link, [*drawn, *supplied]) if link in pictures), None)


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
    return File(voice.address(path), voice.size(size), markup.link(path), kind)


_STATUSES = frozenset(Status)


@dataclass(frozen=True, slots=True)
class Missing:
    """Parts of a page that are not there, for one cause."""

    sentence: Markup
    addresses: tuple[Markup, ...]


def missing(listed: Sequence[Requisite], absent: Sequence[Requisite], voice: Voice) -> Iterable[Missing]:
    """What is missing, by kind and cause in the order found; counts are of all, addresses of those listed."""
    groups: dict[tuple[str, str, str], list[Requisite]] = {}
    for part in absent:
        groups.setdefault((part.kind, part.outcome, part.reason or ""), []).append(part)
    named = {id(part) for part in listed}
    for (kind, outcome, _), parts in groups.items():
        cause = _cause(parts[0], voice)
        said = Markup("{} × {}: {}").format(
            voice.known(f"kind.{kind}", kind), voice.number(len(parts)), voice.known(f"outcome.{outcome}", outcome)
        )
        sentence = Markup("{} ({})").format(said, cause) if cause else said
        yield Missing(sentence, tuple(voice.address(part.url) for part in parts if id(part) in named))


def absence(facet: Facet, voice: Voice) -> Markup:
    """Why a facet is absent."""
    reason = facet.reason or ""
    status = reason.removeprefix("the source is ")
    if status in _STATUSES:
        return voice.say("absence.source_is", status=voice.say(f"status.{status}.label"))
    if not reason:
        return voice.say("facets.no_reason")
    key = f"absence.{reason}"
    return voice.say(key) if voice.words.has(key) else say_noted(reason, voice)


def facets_in_words(
    stated: Facets, voice: Voice, *, is_boxed: bool
) -> Iterable[tuple[Markup, bool, Markup | None]]:
    """Each facet of the Berkeley Protocol's minimum: its name, whether it is present, and else why not.

    `is_boxed` says that why there is no appearance stands in a box, where the picture would be.
    """
    for name in ("source_code", "appearance", "media"):
        facet: Facet = getattr(stated, name)
        is_told = not facet.present and not (name == "appearance" and is_boxed)
        yield voice.say(f"facets.{name}"), facet.present, absence(facet, voice) if is_told else None


def _cause(part: Requisite, voice: Voice) -> Markup:
    reason = part.reason or ""
    if reason.startswith("http "):
        return voice.say("cause.http", code=reason.removeprefix("http "))
    if voice.words.has(f"cause.{reason}"):
        return voice.say(f"cause.{reason}")
    return voice.say("cause.other", code=voice.code(reason)) if reason else Markup("")
