"""What the copy in another archive needs to be seen, gathered again from the records as it was gathered there."""

from __future__ import annotations

from collections.abc import Container, Iterator

from msgspec.structs import replace

from archive.capture.media_policy import wants_media
from archive.capture.memento.cdx import CapturedMemento, parse_memento_url
from archive.capture.memento.open_capture import as_captured, moment_shown
from archive.capture.memento.requisites import gather_at
from archive.capture.page import read
from archive.urls import UrlError, parse
from archive.verify.visits.replayed_visit import StoredExchanges, StoredFetcher, stored_visit
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Copy, Ledger, Requisite, SourceEntry, Status
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair
from archive_manifests.sources import Source

LEDGER = BagPath(layout.LEDGER)
_GATHERED = (Status.CAPTURED, Status.PARTIAL)
"""Live verdicts on a page whose own requisites are listed too."""


def check_memento_requisites(
    exchanges: StoredExchanges, entry: SourceEntry, source: Source, ledger: Ledger, beside: Container[str]
) -> Iterator[Finding]:
    """Compare the requisites of a source that is here as another archive's copy with what that copy names.

    `beside` are the addresses of what the pages of its visits need, such as of its new address. Of a copy whose address
    has no form that this program knows, nothing is gathered. Raises `Broken`.
    """
    if entry.status is not Status.MEMENTO or entry.live.status in _GATHERED or _lacks_records(exchanges, entry):
        return
    copies = [copy for copy in entry.copies if copy.kind == "memento" and copy.records]
    gathered = [_gathered(exchanges, entry, source, ledger, copy) for copy in copies]
    # Those of a copy that showed an error, in an archive that was queried before, are listed too.
    known = {each.url for found in gathered for each in found or ()}
    stated = {each.url: replace(each, hops=()) for each in entry.requisites}
    for each in (gathered[0] or ()) if gathered else ():
        if replace(each, hops=()) != stated.get(each.url):
            there = stated.get(each.url)
            yield _differs(entry, _worded(each), _worded(there) if there is not None else "not listed", each.url)
    for each in stated.values():
        if each.url not in known and each.url not in beside and (None not in gathered or _is_captured(each.url)):
            yield _differs(entry, "not named by the copy", _worded(each), each.url)
    captured = [each.url for each in entry.requisites if _is_captured(each.url)]
    if len(set(captured)) != len(captured):
        yield _differs(entry, "each requisite once", "one of them twice", "requisites")


def _is_captured(address: str) -> bool:
    try:
        return parse_memento_url(parse(address)) is not None
    except UrlError:
        return False


def _lacks_records(exchanges: StoredExchanges, entry: SourceEntry) -> bool:
    return any(
        exchanges.records.get(name) is None
        for each in entry.requisites
        for name in (*each.hops, *([each.record] if each.record is not None else []))
    )


def _gathered(
    exchanges: StoredExchanges, entry: SourceEntry, source: Source, ledger: Ledger, copy: Copy
) -> list[Requisite] | None:
    """The requisites of a copy; None where it cannot be read again."""
    final = exchanges.get(copy.records[-1])
    moment = moment_shown(final) if final is not None and final.head is not None else None
    shown = parse_memento_url(final.url) if final is not None else None
    if final is None or moment is None or shown is None:
        return None
    reading = read(as_captured(final, shown.original))
    if reading is None:
        return []
    try:
        url = parse(entry.request_url or source.cited)
    except UrlError:
        return None
    fetcher = StoredFetcher(exchanges, entry)
    visit = stored_visit(fetcher, url, source, ledger.report.stated, ledger.conditions)
    memento = CapturedMemento(shown.original, moment, shown.base)
    media = wants_media(visit, shown.original)
    found, _ = gather_at(memento, reading, visit.fetcher, visit.settings, series=entry.id, media=media)
    return found


def _worded(requisite: Requisite) -> str:
    outcome = requisite.kind, requisite.outcome, requisite.reason, requisite.status
    parts = (*outcome, requisite.found_in, requisite.record)
    return " ".join(str(part) for part in parts if part is not None)


def _differs(entry: SourceEntry, expected: str, found: str, about: str) -> Finding:
    facts = shown_pair(expected, found, 300)
    return make_finding("memento-contradicted", LEDGER, **facts, source=entry.id, note=about[:300])
