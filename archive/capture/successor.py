"""A new address of a cited thing, captured beside the cited one: another copy, which never changes the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archive.capture.memento.fallback import FAILED
from archive.systems import capture as capture_by_system
from archive.systems.interface import Outcome, Visit
from archive.systems.successors import Asserted, named_by_person, successor_of
from archive.urls import UrlError
from archive_manifests.ledger import Copy, SourceEntry


def due_successors(visit: Visit, entry: SourceEntry) -> list[Asserted]:
    """The new addresses that are still to be captured.

    What a person names is captured always; what our own table says only where the cited address failed, and where
    others may learn what the report cites.
    """
    taken = {copy.url for copy in entry.copies if copy.kind == "successor"}
    return [each for each in _asserted(visit, entry) if each.url.href not in taken and each.url.href != visit.url.href]


def _asserted(visit: Visit, entry: SourceEntry) -> Iterator[Asserted]:
    if visit.source.successor is not None:
        try:
            yield named_by_person(visit.source.successor)
        except UrlError:
            return
    known = successor_of(visit.url) if entry.live.status in FAILED and visit.may_tell_others else None
    if known is not None and known.url.href != entry.final_url:
        yield known


def with_successor(visit: Visit, entry: SourceEntry, asserted: Asserted) -> SourceEntry:
    """The entry with a copy from the new address, or with the word that it gave none. Status and `live` stay."""
    outcome = capture_by_system(replace(visit, url=asserted.url))
    trail, verdict = outcome.trail, outcome.verdict
    told = f"{asserted.claim}; the new address: {verdict.status}" + (f" ({verdict.reason})" if verdict.reason else "")
    copy = Copy(
        kind="successor",
        url=asserted.url.href,
        taken=trail.final.ended,
        records=trail.records,
        files=tuple(outcome.files),
        status=verdict.status,
        note=f"{told}: {verdict.detail}" if verdict.detail else told,
    )
    known = {requisite.url for requisite in entry.requisites}
    return replace(
        entry,
        copies=(*entry.copies, copy, *outcome.copies),
        exchanges=tuple(dict.fromkeys([*entry.exchanges, *trail.records, *outcome.extra_records])),
        requisites=(*entry.requisites, *(each for each in outcome.requisites if each.url not in known)),
        notes=tuple(dict.fromkeys([*entry.notes, *_notes(outcome, asserted)])),
        started=entry.started or trail.hops[0].started,
        ended=trail.final.ended,
    )


def _notes(outcome: Outcome, asserted: Asserted) -> list[str]:
    return [f"of the new address {asserted.url}: {note}" for note in outcome.notes]
