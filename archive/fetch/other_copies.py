"""Adds copies from successors and other archives to a source, once the live web has finally responded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from datetime import datetime

from msgspec.structs import replace

from archive.capture.memento.fallback import FAILED, Archive, wants_memento, with_memento
from archive.capture.memento.timemap_archive import OtherArchive
from archive.capture.memento.wayback import Wayback
from archive.capture.visit import Visit, VisitOutcome
from archive.fetch.source import record_fault, records_since
from archive.systems import capture as capture_by_system
from archive.systems import system_for
from archive.systems.successors import Asserted, named_by_person, successor_of
from archive.urls import UrlError
from archive_manifests.ledger import Copy, SourceEntry, Verdict
from archive_manifests.notes import Note, note


def due_successors(visit: Visit, entry: SourceEntry) -> list[Asserted]:
    """The new addresses that are still to be captured.

    An address that a person names is always captured; one from our table only where the cited address failed, and
    where third parties may learn what the report cites.
    """
    taken = {copy.url for copy in entry.copies if copy.kind == "successor"}
    return [each for each in _asserted(visit, entry) if each.url.href not in taken and each.url.href != visit.url.href]


def _asserted(visit: Visit, entry: SourceEntry) -> Iterator[Asserted]:
    if visit.source.successor is not None:
        try:
            yield named_by_person(visit.source.successor)
        except UrlError:
            return
    known = successor_of(visit.url) if entry.live.status in FAILED and visit.may_inform_third_parties else None
    if known is not None and known.url.href != entry.final_url:
        yield known


def with_successor(visit: Visit, entry: SourceEntry, asserted: Asserted) -> SourceEntry:
    """The entry with a copy from the new address, or with a note that there is none. Status and `live` stay."""
    outcome = capture_by_system(replace(visit, url=asserted.url))
    trail, verdict = outcome.trail, outcome.verdict
    copy = Copy(
        kind="successor",
        url=asserted.url.href,
        taken=trail.final.ended,
        records=trail.records,
        files=tuple(outcome.files),
        status=verdict.status,
        notes=(asserted.claim, _ended(verdict), *((verdict.detail,) if verdict.detail is not None else ())),
    )
    known = {requisite.url for requisite in entry.requisites}
    return replace(
        entry,
        copies=(*entry.copies, copy, *(each for each in outcome.copies if each not in entry.copies)),
        exchanges=tuple(dict.fromkeys([*entry.exchanges, *trail.records, *outcome.extra_records])),
        requisites=(*entry.requisites, *(each for each in outcome.requisites if each.url not in known)),
        notes=tuple(dict.fromkeys([*entry.notes, *_notes(outcome, asserted)])),
        started=entry.started or trail.hops[0].started,
        ended=max(entry.ended or "", trail.final.ended),  # another source may have requested it before
    )


def _ended(verdict: Verdict) -> Note:
    if verdict.reason is None:
        return note("successor-ended", verdict=str(verdict.status))
    return note("successor-ended-because", verdict=str(verdict.status), reason=verdict.reason)


def _notes(outcome: VisitOutcome, asserted: Asserted) -> list[Note]:
    return [note("of-successor", url=asserted.url.href, why=each) for each in outcome.notes]


class OtherCopies:
    """Looks for copies elsewhere, for one source after the other. Safe to use from many threads."""

    def __init__(self, now: Callable[[], datetime], timemaps: Sequence[str] = ()) -> None:
        self._archives: tuple[Archive, ...] = (Wayback(), *map(OtherArchive, timemaps))
        self._now = now

    def is_due(self, visit: Visit, entry: SourceEntry) -> bool:
        """True where a copy is still to be looked up."""
        return bool(due_successors(visit, entry)) or _wants_memento(visit, entry)

    def complete(self, visit: Visit, entry: SourceEntry) -> SourceEntry:
        """The entry with the copies. After an internal error it has the copies so far, and a note."""
        before = len(visit.work.exchanges)
        try:
            for asserted in due_successors(visit, entry):
                entry = with_successor(visit, entry, asserted)
            if _wants_memento(visit, entry):
                others = system_for(visit.url).other_addresses(visit.url)
                entry = with_memento(visit, entry, self._archives, self._now(), others)
        except (OSError, CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 -- an error at one source must not lose the others
            fault = note("fault-elsewhere", detail=f"{type(error).__name__}: {error}")
            recorded = record_fault(visit, str(fault.facts["detail"]), is_elsewhere=True)
            exchanges = dict.fromkeys([*entry.exchanges, *records_since(visit, before), recorded])
            return replace(entry, notes=(*entry.notes, fault), exchanges=tuple(exchanges))
        return entry


def _wants_memento(visit: Visit, entry: SourceEntry) -> bool:
    return wants_memento(entry, visit.url, visit.settings, visit.report)
