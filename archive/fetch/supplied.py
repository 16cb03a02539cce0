"""Lays a person's own file down beside a source: marked as theirs, never passed off as what was fetched."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, BinaryIO, cast

from archive.errors import UsageProblem, WarcError
from archive.urls import UrlError, parse
from archive.warc.reader import read_records
from archive.workfolder.folder import WorkFolder
from archive_manifests import layout
from archive_manifests.ledger import Copy, Facet, Facets, SourceEntry, Status
from archive_manifests.sources import SourceManifest, source_id

WEB_ARCHIVES = frozenset({".warc", ".gz", ".wacz"})
_MOST_SIGNATURE = 1 << 20


def told_of_web_archive(path: Path, urls: Set[str]) -> str:
    """Say in plain words what a recording holds of `urls`; it is read strictly, and never run."""
    try:
        found, signer = _wacz(path, urls) if path.suffix == ".wacz" else (_dates(path.open("rb"), urls), None)
    except (WarcError, OSError, zipfile.BadZipFile, ValueError) as error:
        return f"the recording could not be read to its end ({error})"
    told = (
        f"the recording holds {len(found)} answers for the cited URL, the first of {min(found)}"
        if found
        else "the recording holds no answer for the cited URL"
    )
    return f"{told}; signed by {signer}, not checked here" if signer else told


def _wacz(path: Path, urls: Set[str]) -> tuple[list[str], str | None]:
    found: list[str] = []
    with zipfile.ZipFile(path) as wacz:
        for member in wacz.infolist():
            if member.filename.startswith("archive/") and member.filename.endswith((".warc", ".warc.gz")):
                with wacz.open(member) as stream:
                    found += _dates(stream, urls)
        return found, _signer(wacz)


def _dates(stream: IO[bytes], urls: Set[str]) -> list[str]:
    """WARC-Date of each response for one of `urls`."""
    with stream:
        return list(_matching(stream, urls))


def _matching(stream: IO[bytes], urls: Set[str]) -> Iterator[str]:
    for record in read_records(cast(BinaryIO, stream)):
        if record.type == "response" and record.uri in urls:
            yield record.header.fields.get("warc-date", "an unknown date")


def _signer(wacz: zipfile.ZipFile) -> str | None:
    """Who a WACZ says has signed it. (WACZ signing and verification 0.1.0)"""
    try:
        with wacz.open("datapackage-digest.json") as file:
            signed = json.loads(file.read(_MOST_SIGNATURE)).get("signedData") or {}
    except (KeyError, ValueError, AttributeError):
        return None
    named = signed.get("domain") or signed.get("publicKey") or signed.get("software")
    return str(named)[:80] if named else None


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
    path = f"{layout.media_of(entry.id)}supplied-{number:02d}{kept}"
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
