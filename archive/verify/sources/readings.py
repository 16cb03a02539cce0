"""What the ledger says of the ways to read what the report prints: each, its doubts, and what came of it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from archive.capture.visit import web_readings
from archive.urls import Url, UrlError, parse
from archive.verify.visits.replayed_visit import Derived
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Reading, SourceEntry
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown, shown_pair
from archive_manifests.sources import Source

LEDGER = BagPath(layout.LEDGER)


def check_readings(
    entry: SourceEntry, source: Source, visits: Sequence[Derived], addresses: Container[str]
) -> Iterator[Finding]:
    """What is stated of each reading is what the source manifest has, and what its own exchanges come to.

    `visits` are those of the other readings made again, `addresses` those of which the source has exchanges.
    """
    stated = [(each.url, each.why) for each in entry.readings]
    if stated != readings_of(source):
        facts = shown_pair(readings_of(source), stated) | {"source": entry.id}
        yield make_finding("citation-contradicted", LEDGER, **facts, note="readings")
        return
    for url in web_readings(source):
        reading = reading_at(entry, url)
        if reading is not None and not reading.requested and url.href in addresses:
            facts = {"expected": "requested", "found": "not requested", "source": entry.id}
            yield make_finding("verdict-contradicted", LEDGER, **facts, note=f"the reading {url.href}"[:300])
        derived = next((each for each in visits if each.url == url), None)
        if reading is None or not reading.requested or url.href == entry.request_url or derived is None:
            continue
        verdict = derived.outcome.verdict
        expected = str(verdict.status) + (f" ({verdict.reason})" if verdict.reason else "")
        if reading.result != expected and not derived.shows_open_videos(source):
            facts = {"expected": expected, "found": shown(reading.result), "source": entry.id}
            yield make_finding("verdict-contradicted", LEDGER, **facts, note=f"the reading {url.href}"[:300])


def readings_of(source: Source) -> list[tuple[str, tuple[str, ...]]]:
    """The ways to read what the report prints, with the doubts about each; none where there is one and no doubt."""
    if len(source.readings) < 2 and not source.doubts:
        return []
    return [(text, source.doubts if index == 0 else ()) for index, text in enumerate(source.readings)]


def reading_at(entry: SourceEntry, url: Url) -> Reading | None:
    """What is stated of the reading that is this address."""
    return next((each for each in entry.readings if _href(each.url) == url.href), None)


def _href(text: str) -> str | None:
    try:
        return parse(text.strip()).without_credentials().href
    except UrlError:
        return None
