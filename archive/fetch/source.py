"""Captures one source to its entry in the ledger, whatever becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import CancelledError

from msgspec.structs import replace

from archive.capture import tracking
from archive.capture.redirects import Trail
from archive.capture.visit import CaptureContext, Visit, VisitOutcome, verdict_of_policy, web_readings
from archive.systems import capture as capture_by_system
from archive.urls import UrlError, parse
from archive_manifests.ledger import Copy, Facet, Facets, SourceEntry, Status, Verdict
from archive_manifests.notes import Note, note
from archive_manifests.sources import Source

NO_APPEARANCE = note("no-browser")


def visit_for(source_id: str, source: Source, context: CaptureContext) -> Visit | SourceEntry:
    """Get ready to visit a source; its entry at once where our own policy keeps us from it."""
    verdict = verdict_of_policy(source)
    if verdict is not None:
        return unvisited(source_id, source, verdict)
    return Visit(source_id, source, web_readings(source)[0], context)


def capture(visit: Visit) -> tuple[SourceEntry, VisitOutcome | None]:
    """Visit a source: its entry, and what its system made of it.

    A fault of the program becomes this source's verdict, so that the others are not lost by it.
    """
    before = len(visit.work.exchanges)
    try:
        outcome = capture_by_system(visit)
    except (OSError, CancelledError):  # our own machine's, or the run is being stopped
        raise
    except Exception as error:  # noqa: BLE001 -- see above
        detail = note("fault", detail=f"{type(error).__name__}: {error}")
        entry = unvisited(visit.id, visit.source, Verdict(Status.UNREACHABLE, "fault", detail))
        recorded = record_fault(visit, str(detail.facts["detail"]))
        return replace(entry, exchanges=(*records_since(visit, before), recorded)), None
    return entry_of(visit, outcome), outcome


def record_fault(visit: Visit, fault: str, *, is_elsewhere: bool = False) -> str:
    """Write the fault into the source's WARC, so that what is said of it has a record. Returns the record's id.

    `is_elsewhere` is true of one that was met as copies elsewhere were looked for, beside which the verdict stands.
    """
    stated = {"schema": "archive.fault/1", "source": visit.id, "url": visit.url.href, "detail": fault}
    stated |= {"during": "copies"} if is_elsewhere else {}
    return visit.derived.write_unbound(visit.id, stated).id


def records_since(visit: Visit, before: int) -> list[str]:
    """Ids of what was recorded for a source after the first `before` exchanges of the run: a fault leaves no orphan."""
    return visit.work.exchanges.answers_of(visit.id, since=before)


def entry_of(visit: Visit, outcome: VisitOutcome) -> SourceEntry:
    """The ledger's entry for what came of a visit."""
    trail, verdict = outcome.trail, outcome.verdict
    final = trail.final
    live = Copy(
        kind="live",
        url=final.url.href,
        taken=final.ended,
        records=trail.records,
        status=verdict.status,
        notes=(verdict.detail,) if verdict.detail is not None else (),
        files=tuple(outcome.files),
    )
    return SourceEntry(
        id=visit.id,
        cited=visit.source.cited,
        citations=visit.source.citations,
        status=verdict.status,
        reason=verdict.reason,
        detail=verdict.detail,
        live=verdict,
        copies=_copies(live, outcome.copies) if final.head is None else (live, *outcome.copies),
        final_url=final.url.href if final.head is not None else None,
        http_status=final.status,
        started=trail.hops[0].started,
        ended=trail.ended,
        exchanges=tuple(dict.fromkeys([*trail.records, *outcome.extra_records])),
        requisites=tuple(outcome.requisites),
        facets=_facets(trail, verdict, outcome.media),
        quote_found=outcome.quote_found,
        title=outcome.title,
        graphic=visit.source.graphic,
        notes=(*_notes(visit, trail), *outcome.notes),
        request_url=visit.url.href,
        dedup_key=tracking.dedup_key(visit.url),
    )


def _copies(lost: Copy, others: Sequence[Copy]) -> tuple[Copy, ...]:
    """The copies where the page itself did not respond: its files are of the first of the others, such as an embed."""
    if not others or not lost.files:
        return tuple(others)
    return (replace(others[0], files=(*others[0].files, *lost.files)), *others[1:])


def _facets(trail: Trail, verdict: Verdict, media: Facet) -> Facets:
    """What of the Berkeley Protocol's minimum is here. (Paragraph 155)"""
    has_source = trail.final.head is not None and verdict.status in (Status.CAPTURED, Status.PARTIAL)
    absent = note("source-is", verdict=str(verdict.status))
    return Facets(
        Facet(has_source, None if has_source else absent), Facet(False, NO_APPEARANCE if has_source else absent), media
    )


def _notes(visit: Visit, trail: Trail) -> list[Note]:
    notes = [oddity for hop in trail.hops for oddity in hop.oddities]
    if _has_credentials(visit.source.cited):
        notes.append(note("credentials"))
    return notes


def _has_credentials(cited: str) -> bool:
    try:
        return parse(cited.strip()).has_credentials
    except UrlError:
        return False


def unvisited(source_id: str, source: Source, verdict: Verdict) -> SourceEntry:
    """The entry of a source that no exchange stands behind."""
    absent = Facet(False, verdict.detail or note("source-is", verdict=str(verdict.status)))
    return SourceEntry(
        id=source_id,
        cited=source.cited,
        citations=source.citations,
        status=verdict.status,
        reason=verdict.reason,
        detail=verdict.detail,
        live=verdict,
        copies=(),
        final_url=None,
        http_status=None,
        started=None,
        ended=None,
        exchanges=(),
        requisites=(),
        facets=Facets(absent, absent, absent),
        graphic=source.graphic,
    )


def joined(first: SourceEntry, second: SourceEntry) -> SourceEntry:
    """The entry after a second pass: its verdict counts, and the first pass's exchanges stay listed."""
    earlier = {requisite.url: requisite for requisite in first.requisites}
    requisites = []
    for requisite in second.requisites:
        before = earlier.get(requisite.url)
        ids = [] if before is None else [*before.hops, *([before.record] if before.record else [])]
        hops = tuple(dict.fromkeys(record for record in (*ids, *requisite.hops) if record != requisite.record))
        requisites.append(replace(requisite, hops=hops))
    rendered = first.rendering.records if first.rendering is not None else ()
    return replace(
        second,
        started=first.started or second.started,
        exchanges=tuple(dict.fromkeys([*first.exchanges, *rendered, *second.exchanges])),
        requisites=tuple(requisites),
        notes=tuple(dict.fromkeys([*first.notes, *second.notes])),
    )
