"""Looks for a memento of a source that the live web finally failed to serve, and adds it to the entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from archive.capture.classify import any_quote_found, quotes_of
from archive.capture.media_policy import wants_media
from archive.capture.memento.cdx import HOST, CapturedMemento, end_of_day
from archive.capture.memento.forms import Form, forms_of
from archive.capture.memento.lookup_record import age, delta_days, is_after, notes_on, record_of
from archive.capture.memento.open_capture import OpenedMemento
from archive.capture.memento.requisites import gather_at, time_span
from archive.capture.memento.wayback import Lookup
from archive.capture.page import media_facet
from archive.capture.settings import FetchSettings
from archive.capture.visit import Visit, web_readings
from archive.urls import Url
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Copy, Facet, Facets, Memento, Requisite, SourceEntry, Status
from archive_manifests.moments import instant
from archive_manifests.notes import Note, note
from archive_manifests.sources import Report

FAILED = (Status.BLOCKED, Status.GONE, Status.UNREACHABLE)
_SERVED = (Status.CAPTURED, Status.PARTIAL)
_NOT_PUBLIC = re.compile(
    r"(?:.*\.)?(?:local|localhost|internal|intranet|lan|home|corp|test|invalid|onion|home\.arpa)\Z"
)


def may_look_up(settings: FetchSettings, report: Report) -> bool:
    """True where a third party may learn which sources the report cites."""
    return settings.memento and settings.third_parties and report.published is not False


def wants_memento(entry: SourceEntry, url: Url, settings: FetchSettings, report: Report) -> bool:
    """True where the live web served nothing, or every archive is to be queried, and none has responded yet."""
    return (
        (entry.status in FAILED or (settings.every_archive and entry.status in _SERVED))
        and entry.memento_lookup in ("not-requested", "error")
        and entry.memento is None
        and may_look_up(settings, report)
        and is_public(url)
    )


def is_public(url: Url) -> bool:
    """False for names that mean something in one network only: they must not leave it."""
    name = url.hostname
    return "." in name and not name.replace(".", "").isdigit() and not _NOT_PUBLIC.match(name)


class Archive(Protocol):
    """An archive in which copies can be looked up."""

    def look_up(self, forms: Sequence[Form], request: Callable[[Url], Recorded], target: datetime) -> Lookup: ...


def with_memento(
    visit: Visit,
    entry: SourceEntry,
    archives: Sequence[Archive],
    now: datetime,
    others: Iterable[tuple[Url, Note]] = (),
) -> SourceEntry:
    """The entry with the copy of the first archive that has one, or with the statement that none has.

    With `every_archive` it has the copies of all of them. The live verdict stays in `live`.
    """
    outcomes = []
    target = end_of_day(visit.report.date) or now
    forms = forms_of(visit.url, entry, others, web_readings(visit.source))
    for archive in archives:
        lookup = archive.look_up(forms, visit.fetch_page, target)
        entry = _with_lookup(visit, entry, lookup)
        outcomes.append(lookup.outcome)
        if lookup.best is not None and not visit.settings.every_archive:
            break
    outcome = next((outcome for outcome in ("found", "error") if outcome in outcomes), "none")
    return replace(entry, memento_lookup=outcome)


def _with_lookup(visit: Visit, entry: SourceEntry, lookup: Lookup) -> SourceEntry:
    """The entry with the look-up in one archive, and its copy where there is one."""
    report_date, best = visit.report.date, lookup.best
    _record_lookup(visit, entry, lookup)
    records = [record for each in lookup.requests for record in (*each.earlier, each.answer)]
    records += [record for opened in lookup.passed_over for record in opened.records]
    records += best.records if best is not None else ()
    entry = replace(
        entry,
        exchanges=tuple(dict.fromkeys([*entry.exchanges, *records])),
        notes=tuple(dict.fromkeys([*entry.notes, *notes_on(lookup, report_date)])),
    )
    return entry if best is None else _with_copy(visit, entry, lookup, best)


def _record_lookup(visit: Visit, entry: SourceEntry, lookup: Lookup) -> None:
    """Write the `metadata` record: what was looked up, why, by what rule, with what result."""
    best = lookup.best
    about = best.exchanges[-1] if best is not None else (lookup.requests[-1] if lookup.requests else None)
    if about is None:
        return
    block = record_of(lookup, visit.source.cited, entry, visit.report.date)
    visit.derived.write_statement(visit.id, about.answer, block)


class _Requisites(Struct, frozen=True):
    """The requisites of a copy, as fetched from the archive."""

    requisites: tuple[Requisite, ...] = ()
    media: Facet | None = None
    notes: tuple[Note, ...] = ()


def _with_copy(visit: Visit, entry: SourceEntry, lookup: Lookup, best: OpenedMemento) -> SourceEntry:
    assert best.memento is not None and best.trail is not None
    date, moment = visit.report.date, best.memento.moment
    is_needed = entry.status in FAILED
    gathered = _gather(visit, best, best.memento) if is_needed else _Requisites()
    final = best.exchanges[-1]
    captured = note("memento-captured", when=instant(moment), age=age(moment, date))
    is_good = best is lookup.found
    copy = Copy(
        kind="memento",
        url=best.memento.url.href,
        taken=final.ended,
        holder=lookup.archive,
        records=best.records,
        status=best.verdict.status,
        notes=(captured,) if is_good or best.verdict.detail is None else (captured, best.verdict.detail),
    )
    memento = Memento(best.memento.url.href, instant(moment), delta_days(moment, date), is_after(moment, date))
    reading = best.reading
    earlier = [each for each in entry.copies if each.kind == "memento" and each.holder != copy.holder]
    is_first = entry.memento is None or (is_needed and is_good)
    mementos = [copy, *earlier] if is_first else [*earlier, copy]
    entry = replace(
        entry,
        memento=memento if is_first else entry.memento,
        copies=(*(each for each in entry.copies if each.kind != "memento"), *mementos),
        requisites=(*entry.requisites, *gathered.requisites),
        notes=tuple(dict.fromkeys([*entry.notes, *gathered.notes])),
        ended=max(entry.ended or "", final.ended),  # another source may have requested it before
    )
    if not is_good or not is_needed:
        return entry
    return replace(
        entry,
        status=Status.MEMENTO,
        reason=None,
        detail=note(
            "memento-here",
            live=entry.live.detail or note("source-is", verdict=str(entry.live.status)),
            holder=_archive_name(lookup),
            **captured.facts,
        ),
        title=(reading.title or None) if reading is not None else entry.title,
        quote_found=any_quote_found(reading.text, quotes_of(visit.source)) if reading is not None else "unknown",
        facets=Facets(
            source_code=Facet(True),
            appearance=entry.facets.appearance
            if entry.facets.appearance.present
            else Facet(False, note("memento-not-rendered")),
            media=gathered.media or entry.facets.media,
        ),
    )


def _archive_name(lookup: Lookup) -> str:
    return "the Internet Archive" if lookup.host == HOST else lookup.host


def _gather(visit: Visit, best: OpenedMemento, memento: CapturedMemento) -> _Requisites:
    if memento.replay_url is not None:
        return _Requisites(notes=(note("memento-rewritten"),))
    if best.reading is None:
        return _Requisites()
    media = wants_media(visit, memento.original)
    found, moments = gather_at(memento, best.reading, visit.fetcher, visit.settings, series=visit.id, media=media)
    span = time_span(moments, memento)
    lost = [each for each in found if each.outcome != "captured"]
    notes = [span] if span else []
    if lost:
        notes.append(note("memento-missing", n=len(lost), all=len(found)))
    has_media = any(each.kind == "media" for each in found)
    return _Requisites(tuple(found), media_facet(found) if has_media else None, tuple(notes))
