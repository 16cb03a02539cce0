"""A person's own file, or a person's word, as part of a package: kept apart from what was fetched, and marked so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from archive.bag import work as works
from archive.bag.finish import build_ledger, finish
from archive.bag.journal import Begun, Ended, Judged
from archive.bag.work import WorkFolder
from archive.capture.again import carry_over, open_predecessor, successor_path
from archive.capture.fetch import FetchResult, work_path
from archive.capture.run import Clockwork
from archive.capture.webarchive import WEB_ARCHIVES, told_of_web_archive
from archive.errors import BagUnreadable, UsageProblem
from archive.urls import UrlError, parse
from archive_manifests.ledger import Copy, Facet, Facets, SourceEntry, Status

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


def supply(bag: Path, source: str, given: Supply, *, clockwork: Clockwork | None = None) -> FetchResult:
    """Add a person's file to a source of a held work folder; on a finished bag, make version 2.

    Raises `UsageProblem` for an unknown source or an empty `how`, `BagUnreadable`, `OSError`.
    """
    if not given.how.strip():
        raise UsageProblem("--how: say how the file was got; without that nobody can weigh it")
    if not given.file.is_file():
        raise UsageProblem(f"{given.file}: no such file")

    def change(work: WorkFolder, entry: SourceEntry, now: str) -> SourceEntry:
        return _supplied(work, entry, given, now)

    return _changed(bag, source, change, clockwork or Clockwork())


def attest(
    bag: Path, source: str, note: str, *, by: str | None = None, clockwork: Clockwork | None = None
) -> FetchResult:
    """Note that a person looked at a source, and what they say; it never changes a byte or a verdict."""
    if not note.strip():
        raise UsageProblem("--note: say what was seen")

    def change(_: WorkFolder, entry: SourceEntry, now: str) -> SourceEntry:
        told = f"attested by {by or 'an unnamed person'} on {now}: {' '.join(note.split())}"
        return replace(entry, notes=(*entry.notes, told))

    return _changed(bag, source, change, clockwork or Clockwork())


Change = Callable[[WorkFolder, SourceEntry, str], SourceEntry]


def _changed(bag: Path, source: str, change: Change, clockwork: Clockwork) -> FetchResult:
    bag = bag.absolute()
    part = bag if bag.name.endswith(".part") else work_path(bag)
    if part.is_dir():
        work = works.reopen(part, now=None)
        try:
            _apply(work, source, change, clockwork)
            return FetchResult(work.path, build_ledger(work), None)
        finally:
            work.close()
    if not bag.is_dir():
        raise BagUnreadable(f"{bag}: neither a bag nor a held work folder ({part.name}) is there")
    return _second_version(bag, source, change, clockwork)


def _second_version(bag: Path, source: str, change: Change, clockwork: Clockwork) -> FetchResult:
    """A finished bag never changes: what is added makes the next one, which names it."""
    before, target = open_predecessor(bag), successor_path(bag)
    _require_source(source, {entry.id for entry in before.ledger.sources})
    stated = before.ledger.report.stated
    begun = Begun(
        format=1,
        input_sha256=stated.sha256 or "",
        options={},
        started=before.ledger.started,
        report=before.ledger.report,
        conditions=before.ledger.conditions,
        predecessor=str(before.tagmanifest),
    )
    part = work_path(target)
    work = works.create(part, begun) if works.peek(part) is None else works.reopen(part, now=None)
    try:
        for place in sorted((bag / "data/report").iterdir()):
            work.add_file(f"data/report/{place.name}", place)
        carry_over(work, before, everything=True)
        work.done.ended, work.done.clock = before.ledger.ended, before.ledger.conditions.clock
        work.journal.append(Ended(work.done.ended, work.done.clock))
        _apply(work, source, change, clockwork)
        finished = finish(work, target, clockwork.bagged())
    finally:
        work.close()
    return FetchResult(finished.path, finished.ledger, finished.tagmanifest)


def _apply(work: WorkFolder, source: str, change: Change, clockwork: Clockwork) -> None:
    _require_source(source, set(work.done.entries))
    changed = change(work, work.done.entries[source], clockwork.instant())
    work.journal.append(Judged(changed))
    work.done.entries[source] = changed
    work.journal.sync()


def _require_source(source: str, known: set[str]) -> None:
    if source not in known:
        raise UsageProblem(f"no source {source!r} here; there are {', '.join(sorted(known)) or 'none'}")


def _supplied(work: WorkFolder, entry: SourceEntry, given: Supply, now: str) -> SourceEntry:
    suffix = given.file.suffix.lower()
    number = 1 + sum(copy.kind == "supplied" for copy in entry.copies)
    kept = ".warc.gz" if suffix == ".gz" else suffix if suffix in _SUFFIXES else ".bin"
    path = f"data/media/{entry.id}/supplied-{number:02d}{kept}"
    work.require_space(given.file.stat().st_size)
    work.add_file(path, given.file)
    told = [f"supplied: {given.how.strip()}", f"its name was {given.file.name}"]
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


