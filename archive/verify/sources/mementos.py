"""Copies that another archive holds: address, moment, distance from the report, and what they show. (RFC 7089)"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.capture.classify import any_quote_found, judge, quotes_of
from archive.capture.memento.cdx import HOLDER, HOST, parse_memento_url
from archive.capture.memento.fallback import FAILED, is_public
from archive.capture.memento.forms import forms_of
from archive.capture.memento.lookup_record import age, delta_days, is_after
from archive.capture.memento.open_capture import EXACT, as_captured, is_to_come, moment_shown
from archive.capture.memento.wayback import FAILURES_AT_MOST
from archive.capture.page import answer_of, read
from archive.capture.redirects import Trail
from archive.capture.visit import web_readings
from archive.systems import system_for
from archive.urls import Url, UrlError, parse
from archive.verify.visits.replayed_visit import StoredExchanges
from archive.words.notes import describe
from archive.workfolder.recorded import Recorded
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Copy, Ledger, Memento, SourceEntry, Status
from archive_manifests.moments import instant
from archive_manifests.note_facts import REQUESTING_POLICIES
from archive_manifests.notes import Note, note
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair
from archive_manifests.sources import Source

LEDGER = BagPath("data/sources.json")
SCHEMA = "archive.memento/1"
_OUTCOMES = ("found", "error", "none")
"""Of several look-ups, the first of these that any of them had counts."""


def check_memento(exchanges: StoredExchanges, entry: SourceEntry, source: Source, ledger: Ledger) -> Iterator[Finding]:
    """Compare what the ledger says of a memento with its record and with the record of the look-up. Raises `Broken`."""
    copies = [copy for copy in entry.copies if copy.kind == "memento"]
    yield from _check_lookup(exchanges, entry, ledger)
    if entry.memento is None:
        if copies:
            yield _differs(entry, "a memento for the copy", "none")
        return
    holders = [copy.holder for copy in copies]
    if not copies or len(set(holders)) != len(holders) or not all(copy.records for copy in copies):
        yield _differs(entry, "one copy of each archive", f"{len(copies)} copies")
        return
    for number, copy in enumerate(copies):
        final = exchanges.get(copy.records[-1])
        if final is None or final.head is None:
            yield _differs(entry, "a response that holds the memento", "no such record")
            continue
        stated = entry.memento if number == 0 else None
        yield from _check_moment(entry, stated, copy, final, ledger.report.stated.date)
        yield from _check_original(exchanges, entry, copy, source, final)
        yield from _check_content(entry, copy, source, final, is_chosen=number == 0)


def _differs(entry: SourceEntry, expected: object, found: object, **more: Any) -> Finding:
    return make_finding("memento-contradicted", LEDGER, **shown_pair(expected, found, 300), source=entry.id, **more)


def gave_up(entry: SourceEntry) -> bool:
    """True where the entry notes that the archive was not queried, because earlier look-ups of the run had failed."""
    troubles = (note.facts["why"] for note in entry.notes if note.code == "memento-problem" and "why" in note.facts)
    return any(isinstance(why, Note) and why.code == "archive-gave-up" for why in troubles)


def _is_without_record(entry: SourceEntry, ledger: Ledger) -> bool:
    """True where a look-up failed before it sent a request: by a fault, or after others of the run had failed."""
    if any(note.code == "fault-elsewhere" for note in entry.notes):
        return True
    return gave_up(entry) and sum(map(_had_trouble, ledger.sources)) >= FAILURES_AT_MOST


def _had_trouble(entry: SourceEntry) -> bool:
    """True where a look-up in one of the archives failed, whatever others had."""
    return not gave_up(entry) and any(note.code == "memento-problem" for note in entry.notes)


def _check_lookup(exchanges: StoredExchanges, entry: SourceEntry, ledger: Ledger) -> Iterator[Finding]:
    """Whether a copy was looked for, and whether one was found, stands in the records of the look-ups."""
    outcomes = {str(about.get("outcome")) for about in lookups(exchanges, entry)}
    expected = next((outcome for outcome in _OUTCOMES if outcome in outcomes), "not-requested")
    if expected in ("not-requested", "none") and entry.memento_lookup == "error" and _is_without_record(entry, ledger):
        return
    if entry.memento_lookup != expected:
        yield _differs(entry, expected, entry.memento_lookup, note="memento_lookup")


def check_lookup_was_made(entry: SourceEntry, source: Source, ledger: Ledger) -> Iterator[Finding]:
    """A source that its run was to look up in other archives was looked up. For one that a finished run requested."""
    policy, url = ledger.conditions.memento_policy.code, next(iter(web_readings(source)), None)
    is_failed = entry.live.status in FAILED and entry.status in (*FAILED, Status.SUPPLIED)
    is_every = policy == "memento-policy-every" and entry.status in (Status.CAPTURED, Status.PARTIAL)
    is_allowed = policy in REQUESTING_POLICIES and ledger.conditions.third_parties
    if entry.memento_lookup != "not-requested" or not is_allowed or ledger.report.stated.published is False:
        return
    had_fault = any(note.code == "fault-elsewhere" for note in entry.notes)
    if (is_failed or is_every) and url is not None and is_public(url) and not had_fault:
        yield _differs(entry, f"a look-up, as {policy} says", entry.memento_lookup, note="memento_lookup")


def lookups(exchanges: StoredExchanges, entry: SourceEntry) -> Iterator[dict[str, Any]]:
    """The records of the look-ups of a source in other archives, in the order in which they were made."""
    names = dict.fromkeys((*entry.exchanges, *(name for copy in entry.copies for name in copy.records)))
    for name in names:
        for metadata in exchanges.metadata_of.get(name, ()):
            about = exchanges.records.metadata(metadata)
            if about.get("schema") == SCHEMA and about.get("original") == entry.cited:
                yield about


def _check_moment(
    entry: SourceEntry, memento: Memento | None, copy: Copy, final: Recorded, report_date: str | None
) -> Iterator[Finding]:
    """Memento-Datetime says when, and the report's date how far from it. (RFC 7089, 2.1.1)

    `memento` is what the entry states of the first copy; of the others their note states the time.
    """
    if copy.url != final.url.href or (memento is not None and memento.url != copy.url):
        stated = f"{memento.url} and {copy.url}" if memento is not None else copy.url
        yield _differs(entry, final.url.href, stated, note="the memento's address")
    moment = moment_shown(final)
    if moment is None:
        yield _differs(entry, "a response with Memento-Datetime", "none")
        return
    addressed = parse_memento_url(final.url)
    if addressed is not None and abs(moment - addressed.moment) > EXACT:
        yield _differs(entry, instant(addressed.moment), instant(moment), note="the moment in the memento's address")
    if is_to_come(moment, final):
        yield _differs(entry, f"at or before {final.started}", instant(moment), note="captured after it was requested")
    said = next((note.facts.get("when") for note in copy.notes if note.code == "memento-captured"), None)
    if said != instant(moment):
        yield _differs(entry, instant(moment), said, note="when the copy was captured")
    if memento is None:
        return
    facts = (
        ("datetime", instant(moment), memento.datetime),
        ("delta_days", delta_days(moment, report_date), memento.delta_days),
        ("after_report", is_after(moment, report_date), memento.after_report),
    )
    for name, expected, found in facts:
        if expected != found:
            yield _differs(entry, expected, found, note=name)
    captured = note("memento-captured", when=instant(moment), age=age(moment, report_date))
    if captured not in copy.notes:
        found = "; ".join(map(describe, copy.notes)) or "none"
        yield _differs(entry, describe(captured), found, note="the copy's notes")


def _check_original(
    exchanges: StoredExchanges, entry: SourceEntry, copy: Copy, source: Source, final: Recorded
) -> Iterator[Finding]:
    """The archive is the one that is named, and its copy is one of the source's addresses."""
    found = [about for about in lookups(exchanges, entry) if about.get("outcome") == "found"]
    holders = {str(about.get("archive")) for about in found if about.get("memento") == copy.url}
    expected = HOLDER if final.url.host == HOST else next(iter(sorted(holders)), "an archive that was requested")
    if copy.holder != expected:
        yield _differs(entry, expected, copy.holder, note="the holder")
    shown_capture = parse_memento_url(final.url)
    if shown_capture is None:
        return  # another archive's address, whose form this program does not know
    forms = _forms(entry, source)
    exchange = exchanges.get(copy.records[0])
    first = parse_memento_url(exchange.url) if exchange is not None else None
    named = {str(about.get("index_row", {}).get("original")) for about in found if about.get("index_row")}
    if first is not None and first.original.href not in forms and first.original.href not in named:
        yield _differs(entry, " or ".join(sorted(forms)), first.original.href, note="the address that was captured")


def _forms(entry: SourceEntry, source: Source) -> set[str]:
    """The addresses under which the archive may hold the source."""
    try:
        url: Url = parse(entry.request_url or source.cited)
    except UrlError:
        return set()
    others = system_for(url).other_addresses(url) if url.is_web else []
    return {form.url.href for form in forms_of(url, entry, others, web_readings(source))}


def _check_content(
    entry: SourceEntry, copy: Copy, source: Source, final: Recorded, *, is_chosen: bool
) -> Iterator[Finding]:
    """What the copy shows is judged again, and its title and quotation are read again."""
    shown_capture = parse_memento_url(final.url)
    if shown_capture is None:
        return
    shown = as_captured(final, shown_capture.original)
    reading = read(shown)
    verdict = judge(answer_of(Trail((shown,)), reading), cited=shown_capture.original)
    if copy.status is not verdict.status:
        yield _differs(entry, verdict.status, copy.status, note="what the copy shows")
    if entry.status is not Status.MEMENTO or not is_chosen or reading is None:
        return
    if entry.title != (reading.title or None):
        facts = shown_pair(reading.title, entry.title) | {"source": entry.id}
        yield make_finding("title-contradicted", LEDGER, **facts)
    quoted = any_quote_found(reading.text, quotes_of(source))
    if entry.quote_found != quoted:
        facts = {"expected": quoted, "found": entry.quote_found, "source": entry.id}
        yield make_finding("quote-contradicted", LEDGER, **facts)
