"""What is said to have been requested by the scripts of a page, compared with the records that a browser leaves.

Which addresses scripts request cannot be known without them. That each such request has a record, which no request of
the visit itself left, and how many there were, is decided by the records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from archive.capture.visit import VisitOutcome
from archive.warc.report import ScannedRecord
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Requisite, SourceEntry
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair

LEDGER = BagPath(layout.LEDGER)
REQUESTED, BROKE = "scripts-requested", "browser-broke-because"


def had_browser(entry: SourceEntry) -> bool:
    """True where a browser rendered the page, or broke after it requested what the page's scripts name."""
    return entry.rendering is not None or {REQUESTED, BROKE} <= {note.code for note in entry.notes}


def check_script_requests(
    entry: SourceEntry,
    outcome: VisitOutcome,
    named: Mapping[str, ScannedRecord],
    elsewhere: Mapping[str, Requisite],
) -> Iterator[Finding]:
    """Compare what scripts requested with the records; `named` are those that the entry names, by id.

    `elsewhere` is what pages at new addresses of the source need.
    """
    notes = [note for note in entry.notes if note.code == REQUESTED]
    if not had_browser(entry):
        if notes:
            yield _differs(entry, "note-contradicted", "a record of a browser", REQUESTED, REQUESTED)
        return
    derived = {requisite.url: requisite for requisite in outcome.requisites}
    page = outcome.trail.final.url.href
    added = [each for each in entry.requisites if _is_added(each, derived.get(each.url), page)]
    known = _known(outcome, named)
    for each in added:
        if each.record is None:
            yield _differs(entry, "requisite-invented", "a record of the request", "none", each.url)
        elif known.issuperset((*each.hops, each.record)):
            yield _differs(entry, "requisite-invented", "what a script requested", "what the visit requested", each.url)
    yield from _check_number(entry, sum(each.kind != "icon" for each in added))
    for each in entry.requisites:
        visited = derived.get(each.url) or elsewhere.get(each.url)
        expected = visited.found_in if visited is not None else page
        # A browser notes the page alone: also of what a style sheet names that only it got.
        if each.found_in != expected and (each.found_in != page or each.url not in derived):
            yield _differs(entry, "requisite-invented", expected, each.found_in, each.url)


def _differs(entry: SourceEntry, code: str, expected: object, found: object, note: str) -> Finding:
    return make_finding(code, LEDGER, **shown_pair(expected, found), source=entry.id, note=note)


def _is_added(stated: Requisite, derived: Requisite | None, page: str) -> bool:
    """True where only a browser can have found it in the page: a style sheet may name it, too."""
    return stated.found_in == page and (derived is None or derived.found_in != page)


def _known(outcome: VisitOutcome, named: Mapping[str, ScannedRecord]) -> set[str]:
    """Records that were there before the browser: the only ones of addresses that the visit itself requests."""
    times = Counter(record.uri for record in named.values())
    own = {*outcome.trail.records, *outcome.extra_records}
    for each in outcome.requisites:
        own |= {*each.hops, *([each.record] if each.record is not None else [])}
    return {name for name in own if name in named and named[name].uri is not None and times[named[name].uri] == 1}


def _check_number(entry: SourceEntry, added: int) -> Iterator[Finding]:
    """As many requests are noted as were added; each pass over a page notes its own, and equal notes are one."""
    numbers = [n if isinstance(n := note.facts.get("n"), int) else 0 for note in entry.notes if note.code == REQUESTED]
    was_repeated = any(note.code == BROKE for note in entry.notes)
    is_right = bool(numbers) == bool(added) and (sum(numbers) == added or (was_repeated and sum(numbers) <= added))
    if not is_right:
        yield _differs(entry, "note-contradicted", f"{added:,} requests of scripts", f"{sum(numbers):,}", REQUESTED)
