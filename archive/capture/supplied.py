"""Lays a person's own file down beside a source: marked as theirs, never passed off as what was fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive.bag.work import WorkFolder
from archive.capture.webarchive import WEB_ARCHIVES, told_of_web_archive
from archive.errors import UsageProblem
from archive.urls import UrlError, parse
from archive_manifests.ledger import Copy, Facet, Facets, SourceEntry, Status
from archive_manifests.sources import SourceManifest, source_id

_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".pdf", ".tif", ".tiff"})
_MEDIA = frozenset({".mp4", ".webm", ".mkv", ".mov", ".m4a", ".mp3", ".ogg", ".wav", ".srt", ".vtt"})
_TEXTS = frozenset({".html", ".htm", ".mhtml", ".txt", ".json", ".csv", ".eml"})
_OFFICE = frozenset({".docx", ".xlsx", ".odt", ".ods", ".zip"})
_SUFFIXES = _PICTURES | _MEDIA | _TEXTS | _OFFICE | WEB_ARCHIVES


@dataclass(frozen=True, slots=True)
class Supply:
    """A file and what its supplier says of it."""

    file: Path
    how: str
    """How it was got, in the supplier's words."""
    by: str | None = None
    """A name or a pseudonym."""
    when: str | None = None

    @property
    def told(self) -> str:
        """How a copy's note begins."""
        return f"supplied: {self.how.strip()}; its name was {self.file.name}"


Supplies = Mapping[str, Sequence[Supply]]
"""Source -> the files that are supplied for it."""


def stated_supplies(manifest: SourceManifest, folder: Path) -> Supplies:
    """The files that a source manifest supplies, found below `folder`. Raises `UsageProblem`, before anything is asked.

    A manifest may come from elsewhere: a link in its folder must not bring another file of this machine into a bag.
    """
    found: dict[str, list[Supply]] = {}
    home = folder.resolve()
    for index, source in enumerate(manifest.sources):
        for number, stated in enumerate(source.supplied, 1):
            place = folder.joinpath(*re.split(r"[/\\]", stated.path))
            where = f"source manifest, source {index + 1}, supplied {number}: {stated.path}"
            if not place.is_file():
                raise UsageProblem(f"{where}: no such file beside the source manifest, in {folder}; put it there")
            if not place.resolve().is_relative_to(home):
                raise UsageProblem(f"{where}: a link that leads out of the source manifest's folder; copy the file in")
            found.setdefault(source_id(index), []).append(Supply(place, stated.how, stated.by, stated.when))
    return found


def is_supplied(entry: SourceEntry, given: Supply) -> bool:
    """True where the entry has this file already: the same command was run again."""
    return any(
        copy.kind == "supplied" and copy.holder == given.by and (copy.note or "").startswith(given.told)
        for copy in entry.copies
    )


def with_supplied(work: WorkFolder, entry: SourceEntry, given: Supply, now: str) -> SourceEntry:
    """The entry with a copy that a person supplies; a gap becomes `supplied`, any other verdict stays."""
    suffix = given.file.suffix.lower()
    number = 1 + sum(copy.kind == "supplied" for copy in entry.copies)
    kept = ".warc.gz" if suffix == ".gz" else suffix if suffix in _SUFFIXES else ".bin"
    path = f"data/media/{entry.id}/supplied-{number:02d}{kept}"
    work.require_space(given.file.stat().st_size)
    work.add_file(path, given.file)
    told = [given.told]
    if suffix in WEB_ARCHIVES:
        told.append(told_of_web_archive(work.base / path, _urls_of(entry)))
    copy = Copy(
        kind="supplied",
        url=entry.cited,
        taken=given.when or now,
        holder=given.by,
        files=(path,),
        note="; ".join(told),
    )
    facets = entry.facets
    if suffix in _PICTURES and not facets.appearance.present:
        facets = Facets(facets.source_code, Facet(True, "a person supplied a picture of it"), facets.media)
    status = Status.SUPPLIED if entry.status.is_gap else entry.status
    reason = None if status is Status.SUPPLIED else entry.reason
    return replace(entry, status=status, reason=reason, copies=(*entry.copies, copy), facets=facets)


def _urls_of(entry: SourceEntry) -> frozenset[str]:
    """The URLs under which a recording may hold the source."""
    found = {entry.cited.strip(), *([entry.final_url] if entry.final_url else [])}
    for text in tuple(found):
        try:
            found.add(parse(text).href)
        except UrlError:
            continue
    return frozenset(found)
