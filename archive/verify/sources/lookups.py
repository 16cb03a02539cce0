"""Look-ups in other archives, made again from the stored answers of their indexes: which copy counts, what it shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from msgspec.structs import replace

from archive.capture.memento.cdx import HOST
from archive.capture.memento.fallback import Archive, with_memento
from archive.capture.memento.timemap_archive import OtherArchive
from archive.capture.memento.wayback import Wayback
from archive.capture.visit import web_readings
from archive.systems import system_for
from archive.verify.sources.mementos import gave_up, lookups
from archive.verify.visits.replayed_visit import StoredExchanges, StoredFetcher, stored_visit
from archive.words.notes import describe_stated
from archive_manifests import canonical, layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Facet, Ledger, Requisite, SourceEntry, Status, records_of
from archive_manifests.notes import Note
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair
from archive_manifests.sources import Source

LEDGER = BagPath(layout.LEDGER)
_SHOWN = 300
_OF_LOOKUP = ("memento-", "archive-", "timemap-")


def answers_to(about: Mapping[str, Any]) -> list[str]:
    """The records of what an archive's index answered, as the record of a look-up names them."""
    named = about.get("index_answers")
    return [name for name in named if isinstance(name, str)] if isinstance(named, list) else []


def check_lookups(
    exchanges: StoredExchanges, entry: SourceEntry, source: Source, ledger: Ledger, media: Facet
) -> Iterator[Finding]:
    """Look the source up again in what its archives answered, and compare what comes of it.

    `media` is the facet as the visit of the live web left it.
    Not where a look-up was made twice, failed by a fault, or was given up because others of the run had failed.
    """
    made = list(lookups(exchanges, entry))
    yield from _check_hosts(exchanges, entry, made)
    hosts = [about.get("archive_host") for about in made]
    is_plain = len(set(hosts)) == len(hosts) and not gave_up(entry)
    if not made or not is_plain or any(note.code == "fault-elsewhere" for note in entry.notes):
        return
    before = replace(_before(entry), facets=replace(entry.facets, media=media))
    fetcher = StoredFetcher(exchanges, entry)
    again = _looked_up_again(exchanges, fetcher, before, source, ledger, made)
    if again is not None:
        yield from _compared(entry, again)
        yield from _check_records(entry, made, fetcher.derived.statements)


def _check_records(
    entry: SourceEntry, made: list[dict[str, Any]], again: Iterable[Mapping[str, Any]]
) -> Iterator[Finding]:
    """The record of each look-up states what the look-up, made again, would state.

    Which attempt to reach the source came last is not known again: later ones are listed with it.
    """
    for about, block in zip(made, again, strict=False):
        expected = json.loads(canonical.document(block))
        for one in (expected, about := {**about}):
            one["because"] = {**one.get("because", {}), "live_attempt": None}
        differing = [key for key in {**expected, **about} if expected.get(key) != about.get(key)]
        if differing:
            key = differing[0]
            yield _differs(entry, expected.get(key), about.get(key), f"the record of the look-up: {key}")


def _check_hosts(
    exchanges: StoredExchanges, entry: SourceEntry, made: list[dict[str, Any]]
) -> Iterator[Finding]:
    """The archive that is named sent what its index is said to have answered, and every answer is here.

    Not of a look-up that a stopped run left, and that was made again: the entry has the answers to the later one.
    """
    named = frozenset(records_of(entry))
    made_again = {about.get("archive_host") for about in made if not named.isdisjoint(answers_to(about))}
    for about in made:
        host = str(about.get("archive_host"))
        if host in made_again and named.isdisjoint(answers_to(about)):
            continue
        for name in answers_to(about):
            exchange = exchanges.get(name)
            found = exchange.url.host if exchange is not None else "no such record"
            if found != host and not found.endswith(f".{host}"):
                yield _differs(entry, host, found, "archive_host")


def _looked_up_again(
    exchanges: StoredExchanges,
    fetcher: StoredFetcher,
    before: SourceEntry,
    source: Source,
    ledger: Ledger,
    made: list[dict[str, Any]],
) -> SourceEntry | None:
    """The entry as the look-ups leave it; None where not all of them can be made again."""
    try:
        now = datetime.fromisoformat(str(made[0].get("looked_for")))
    except ValueError:
        return None
    url = next(iter(web_readings(source)), None)  # the likeliest: which of them was requested last is another matter
    if url is None:
        return None
    archives = [_archive(exchanges, about, url.href) for about in made]
    queried = [archive for archive in archives if archive is not None]
    if len(queried) != len(made):
        return None
    visit = stored_visit(fetcher, url, source, ledger.report.stated, ledger.conditions)
    others = system_for(url).other_addresses(url)
    again = with_memento(visit, before, queried, now, others)
    return again if not fetcher.missing else None


def _archive(exchanges: StoredExchanges, about: Mapping[str, Any], url: str) -> Archive | None:
    """The archive that was queried: the Wayback Machine, or one by the template that its first request shows."""
    if about.get("archive_host") == HOST:
        return Wayback()
    record = exchanges.get(next(iter(answers_to(about)), ""))
    for address, place in ((url, "{+url}"), (quote(url, safe=""), "{url}")):
        if record is not None and record.url.href.count(address) == 1:
            return OtherArchive(record.url.href.replace(address, place))
    return None


def _before(entry: SourceEntry) -> SourceEntry:
    """The entry before it was looked up anywhere."""
    return replace(
        entry,
        status=entry.live.status,
        reason=entry.live.reason,
        detail=entry.live.detail,
        copies=tuple(copy for copy in entry.copies if copy.kind in ("live", "successor")),
        memento=None,
        memento_lookup="not-requested",
        requisites=(),
        notes=(),
    )


def _compared(entry: SourceEntry, again: SourceEntry) -> Iterator[Finding]:
    if entry.memento_lookup != again.memento_lookup:
        yield _differs(entry, again.memento_lookup, entry.memento_lookup, "memento_lookup")
    if entry.memento != again.memento:
        yield _differs(entry, again.memento, entry.memento, "memento")
    if _mementos(entry) != _mementos(again):
        yield _differs(entry, _mementos(again), _mementos(entry), "copies")
    if entry.status is Status.MEMENTO and again.status is Status.MEMENTO:
        yield from _check_shown(entry, again)
    yield from _check_requisites(entry, again)
    said = {each for each in entry.notes if each.code.startswith(_OF_LOOKUP)}
    for note in again.notes:
        if note not in said:
            yield _differs(entry, _said(note), "no such note", "notes")
    for note in said.difference(again.notes):
        yield _differs(entry, "no such note", _said(note), "notes")


def _mementos(entry: SourceEntry) -> list[tuple[object, ...]]:
    mementos = (copy for copy in entry.copies if copy.kind == "memento")
    return [(copy.url, copy.holder, copy.records, copy.status, copy.notes) for copy in mementos]


def _check_shown(entry: SourceEntry, again: SourceEntry) -> Iterator[Finding]:
    """What the copy shows: the words of the verdict, the title, the quotation, the media."""
    for name, expected, found in (
        ("detail", again.detail, entry.detail),
        ("title", again.title, entry.title),
        ("quote_found", again.quote_found, entry.quote_found),
        ("media", again.facets.media, entry.facets.media),
    ):
        if expected != found:
            yield _differs(entry, expected, found, name)


def _check_requisites(entry: SourceEntry, again: SourceEntry) -> Iterator[Finding]:
    """What the copy needs to be shown, from the archive: each as its record says."""
    stated = {each.url: each for each in entry.requisites}
    for each in again.requisites:
        found = stated.get(each.url)
        if found is None or _facts(found) != _facts(each):
            yield _differs(entry, _facts(each), found and _facts(found), "requisites")
    documents, known = {each.found_in for each in again.requisites}, {each.url for each in again.requisites}
    for each in entry.requisites:
        if each.found_in in documents and each.url not in known:
            yield _differs(entry, "not named by the copy", each.url, "requisites")


def _facts(requisite: Requisite) -> tuple[object, ...]:
    return (
        *(requisite.url, requisite.kind, requisite.outcome, requisite.reason, requisite.status),
        *(requisite.found_in, requisite.decorative, requisite.record),
    )


def _said(note: Note) -> str:
    return describe_stated(note)


def _differs(entry: SourceEntry, expected: object, found: object, what: str) -> Finding:
    facts = shown_pair(expected, found, _SHOWN)
    return make_finding("memento-contradicted", LEDGER, **facts, source=entry.id, note=what)
