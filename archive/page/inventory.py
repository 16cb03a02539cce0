"""The files of each source in the bag, its facets, and what is missing of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup
from msgspec import Struct

from archive.page import markup
from archive.page.markup import Renderer
from archive.page.notes import render_note
from archive_manifests import layout
from archive_manifests.ledger import Facet, Facets, Requisite, SourceEntry
from archive_manifests.records import RecordLine

_PICTURES = frozenset({"gif", "jpg", "jpeg", "png", "webp"})
_VIDEOS = frozenset({"mp4", "webm", "ogv"})
_SOUNDS = frozenset({"m4a", "mp3", "ogg", "opus", "wav"})


class Inventory(Struct, frozen=True):
    """The files and records of the bag, in which a card finds those of its source."""

    files: Mapping[str, int]
    """Paths in the bag -> octets."""
    records: Mapping[str, RecordLine]
    """Record id -> its line in the records log."""
    placed: frozenset[tuple[str, int]]
    """Source id and number of each citation that has a place in the text."""
    by_source: Mapping[str, tuple[str, ...]]
    """Source id -> paths under `data/views/` and `data/media/`, sorted."""
    to_data: str = ""
    """What leads from the folder of the page to `data/`: empty, or `../`."""

    @classmethod
    def of(
        cls,
        files: Mapping[str, int],
        records: Sequence[RecordLine],
        placed: Iterable[tuple[str, int]],
    ) -> Inventory:
        found: dict[str, list[str]] = {}
        for path in sorted(files):
            parts = path.split("/")
            if len(parts) > 3 and parts[:2] in (["data", "views"], ["data", "media"]):
                found.setdefault(parts[2], []).append(path)
        by_source = {source: tuple(paths) for source, paths in found.items()}
        return cls(files, {record.id: record for record in records}, frozenset(placed), by_source)


class File(Struct, frozen=True):
    """One file of the bag, as a card names it."""

    place: str
    """Path in the bag."""
    path: Markup
    size: Markup
    link: str | None
    """Relative to the page; None where a browser should not open it."""
    kind: str
    """`picture`, `video`, `sound` or `other`: how the page shows it."""


def files_of(entry: SourceEntry, inventory: Inventory, html: Renderer) -> tuple[File, ...]:
    """The files of a source: its WARCs first, then what was rendered, extracted or supplied."""
    return tuple(_file(path, inventory, html) for path in _paths(entry, inventory))


def document_of(entry: SourceEntry, files: Sequence[File]) -> File | None:
    """The file that a source is, where it is a document and not a page: a browser can open it."""
    media = layout.media_of(entry.id)
    return next((file for file in files if file.link and file.kind == "other" and file.place.startswith(media)), None)


def picture_of(entry: SourceEntry, files: Sequence[File]) -> File | None:
    """The picture of a source: the thumbnail, the screenshot, or the picture that a person supplied."""
    pictures = {file.place: file for file in files if file.kind == "picture" and file.link}
    supplied = [path for copy in entry.copies for path in copy.files]
    views = layout.views_of(entry.id)
    rendered = [f"{views}{stem}.{ending}" for stem in ("thumbnail", "screenshot") for ending in sorted(_PICTURES)]
    return next((pictures[path] for path in [*rendered, *supplied] if path in pictures), None)


def _paths(entry: SourceEntry, inventory: Inventory) -> list[str]:
    records = [*entry.exchanges, *(record for copy in entry.copies for record in copy.records)]
    warcs = sorted({inventory.records[record].file for record in records if record in inventory.records})
    supplied = [path for copy in entry.copies for path in copy.files]
    named = [*warcs, *inventory.by_source.get(entry.id, ()), *supplied]
    return [path for path in dict.fromkeys(named) if path in inventory.files]


def _file(path: str, inventory: Inventory, html: Renderer) -> File:
    ending = path.rpartition(".")[2].lower()
    kinds = (("picture", _PICTURES), ("video", _VIDEOS), ("sound", _SOUNDS))
    kind = next((kind for kind, endings in kinds if ending in endings), "other")
    link = markup.relative_link(path)
    size = html.size(inventory.files[path])
    return File(path, html.address(path), size, None if link is None else inventory.to_data + link, kind)


class MissingParts(Struct, frozen=True):
    """Parts of a page that are missing for one cause."""

    sentence: Markup
    addresses: tuple[Markup, ...]


def missing(listed: Sequence[Requisite], absent: Sequence[Requisite], html: Renderer) -> Iterable[MissingParts]:
    """What is missing, by kind and cause, in the order of the ledger: counts of all, addresses of those listed."""
    groups: dict[tuple[str, str, str], list[Requisite]] = {}
    for part in absent:
        groups.setdefault((part.kind, part.outcome, f"{part.reason} {part.status}"), []).append(part)
    named = {id(part) for part in listed}
    for (kind, outcome, _), parts in groups.items():
        kind_in_words = html.sentence_or(f"kind.{kind}", kind)
        outcome_in_words = html.sentence_or(f"outcome.{outcome}", outcome)
        sentence = Markup("{} × {}: {}").format(kind_in_words, html.number(len(parts)), outcome_in_words)
        cause = _cause(parts[0], html)
        if cause:
            sentence = Markup("{} ({})").format(sentence, cause)
        yield MissingParts(sentence, tuple(html.address(part.url) for part in parts if id(part) in named))


def absence(facet: Facet, html: Renderer) -> Markup:
    """Why a facet is absent."""
    return render_note(facet.reason, html) if facet.reason is not None else html.sentence("facets.no_reason")


_NOT_APPLICABLE = frozenset({"no-media-named", "no-media-requested", "no-post-media", "not-a-page"})
"""Codes of the notes that say that the source has no such thing."""


class FacetRow(Struct, frozen=True):
    """One facet of the Berkeley Protocol's minimum, in one language."""

    name: Markup
    state: str
    """`present`, `claimed` by who supplied it, `absent`, or `none` where the page has no such thing."""
    reason: Markup | None


def facet_rows(stated: Facets, html: Renderer, *, is_boxed: bool, is_recorded: bool) -> Iterable[FacetRow]:
    """Each facet: present, absent and why, or not applicable.

    `is_boxed` says that the box in the place of the picture has the reason why there is none, `is_recorded` that a
    supplied recording has the page as it was sent: whether it has all media too is not judged.
    """
    for name in ("source_code", "appearance", "media"):
        facet: Facet = getattr(stated, name)
        if name == "source_code" and is_recorded and not facet.present:
            yield FacetRow(html.sentence(f"facets.{name}"), "supplied", None)
            continue
        if name == "media" and is_recorded and not facet.present:
            yield FacetRow(html.sentence(f"facets.{name}"), "unjudged", None)
            continue
        is_none = not facet.present and facet.reason is not None and facet.reason.code in _NOT_APPLICABLE
        is_claim = facet.present and facet.reason is not None
        state = "claimed" if is_claim else "present" if facet.present else "none" if is_none else "absent"
        has_reason = is_claim or (state == "absent" and not (name == "appearance" and is_boxed))
        yield FacetRow(html.sentence(f"facets.{name}"), state, absence(facet, html) if has_reason else None)


def _cause(part: Requisite, html: Renderer) -> Markup:
    reason = part.reason or ""
    if reason == "http" and part.status is not None:
        return html.sentence("cause.http", code=html.code(str(part.status)))
    if html.catalogue.has(f"cause.{reason}"):
        return html.sentence(f"cause.{reason}")
    return html.sentence("cause.other", code=html.code(reason)) if reason else Markup("")
