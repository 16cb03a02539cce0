"""The record of each thing that a page needs: the one that its address leads to, and the last response that it had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from archive.capture.politeness import ROBOTS_TXT
from archive.capture.requisites.fetch import outcome_of
from archive.verify.sources.copy_records import reached
from archive.verify.sources.exchanges import address_of
from archive.verify.sources.scripts import had_browser
from archive.verify.visits.replayed_visit import Derived, StoredExchanges, purpose_of
from archive_manifests import layout
from archive_manifests.exchanges import Purpose
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Requisite, SourceEntry, Status
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair

LEDGER = BagPath(layout.LEDGER)


def check_requisite_records(
    entry: SourceEntry, exchanges: StoredExchanges, derived: Derived | None, *, lacks_parts: bool
) -> Iterator[Finding]:
    """Compare the record and the hops of each requisite with its address and with the visit made again.

    Those of a memento are in an archive, whose redirects are compared elsewhere. Raises `Broken`.
    """
    if entry.status is Status.MEMENTO or lacks_parts:
        return
    if derived is not None and had_browser(entry):
        yield from _check_script_outcomes(entry, exchanges, derived)
    by_visit = {} if derived is None or had_browser(entry) else _records_by_visit(derived)
    for requisite in entry.requisites:
        if requisite.record is None:
            continue
        expected = by_visit.get(requisite.url)
        if expected is not None and requisite.record != expected:
            yield _differs(entry, requisite, expected, requisite.record)
        elif requisite.hops:
            yield from _check_hops(entry, requisite, exchanges)


def _records_by_visit(derived: Derived) -> Mapping[str, str]:
    return {
        each.url: each.record
        for each in derived.outcome.requisites
        if each.record and each.url not in derived.missing
    }


def _check_script_outcomes(entry: SourceEntry, exchanges: StoredExchanges, derived: Derived) -> Iterator[Finding]:
    """What only the scripts of the page requested has the outcome that its record gives."""
    page, named = derived.outcome.trail.final.url.href, {each.url for each in derived.outcome.requisites}
    for requisite in entry.requisites:
        if requisite.url in named or requisite.found_in != page or requisite.record is None:
            continue
        recorded = exchanges.get(requisite.record)
        if recorded is None or (recorded.head is None and recorded.failure is None):
            continue
        outcome, reason = outcome_of(recorded)
        expected = outcome, reason, recorded.status if reason == "http" else None
        found = requisite.outcome, requisite.reason, requisite.status
        if expected != found:
            yield _differs(entry, requisite, _worded(expected), _worded(found))


def _worded(facts: Iterable[object]) -> str:
    return " ".join(str(fact) for fact in facts if fact is not None)


def _check_hops(entry: SourceEntry, requisite: Requisite, exchanges: StoredExchanges) -> Iterator[Finding]:
    """Each hop is an earlier try, or a redirect on the way to the record. (RFC 9110, 15.4)"""
    names = [*requisite.hops, *([requisite.record] if requisite.record is not None else [])]
    robots = {address for name in names if (address := address_of(exchanges, name)).endswith(ROBOTS_TXT)}
    led_to = reached({requisite.url}, names, exchanges)
    beside = reached(robots, names, exchanges)  # was requested before the first try
    for name in names:
        address = address_of(exchanges, name)
        is_beside = address in beside or purpose_of(exchanges.about(name)) == Purpose.MISSING_ISSUER
        if address not in led_to and not (is_beside and name != requisite.record):
            yield _differs(entry, requisite, "what its address leads to", address)
            return


def _differs(entry: SourceEntry, requisite: Requisite, expected: str, found: str) -> Finding:
    note = f"the record of {requisite.kind} {requisite.url}"[:300]
    return make_finding("verdict-contradicted", LEDGER, **shown_pair(expected, found), source=entry.id, note=note)
