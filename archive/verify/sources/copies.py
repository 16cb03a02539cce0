"""Copies of a source beside the page itself, compared with the visits that gave them and with the source manifest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.systems.successors import Asserted, named_by_person, successor_of
from archive.urls import Url, UrlError, parse
from archive.verify.sources.copy_records import hops_of, other_record
from archive.verify.visits.replayed_visit import Derived, StoredExchanges
from archive.words.notes import describe_stated
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Copy, SourceEntry
from archive_manifests.notes import Note, note
from archive_manifests.paths import BagPath
from archive_manifests.sources import Source

LEDGER = BagPath(layout.LEDGER)
_SHOWN = 200
_FROM_THE_WEB = ("live", "successor")


def check_other_copies(
    entry: SourceEntry,
    source: Source,
    derived: Derived,
    successors: Sequence[tuple[Url, Derived]],
    exchanges: StoredExchanges,
    *,
    has_videos: bool,
) -> Iterator[Finding]:
    """Each embed and each successor is stated as its own visit gives it, and no other one is.

    With `has_videos`, what an extractor got is listed as a copy too; its files prove it.
    """
    if derived.missing or any(visit.missing for _, visit in successors):
        return
    expected = [*derived.outcome.copies, *(copy for _, visit in successors for copy in visit.outcome.copies)]
    stated = _beside_the_page(entry, derived)
    for copy in expected:
        if not any(_is_same(copy, other, exchanges) for other in stated):
            yield _differs(entry, _named(copy), next((_named(o) for o in stated if o.url == copy.url), "no such copy"))
    addresses = {url.href: visit for url, visit in successors}
    for copy in stated:
        if any(_is_same(known, copy, exchanges) for known in expected):
            continue
        if copy.kind == "successor" and copy.url in addresses:
            yield from _check_successor(entry, source, copy, addresses[copy.url], exchanges)
        elif not has_videos:
            yield _differs(entry, "no such copy", _named(copy))


def _beside_the_page(entry: SourceEntry, derived: Derived) -> list[Copy]:
    """The stated copies of the live web, without the page's own, which comes first where the page responded."""
    copies = [copy for copy in entry.copies if copy.kind in _FROM_THE_WEB]
    final = derived.outcome.trail.final
    own = next((copy for copy in copies if copy.kind == "live" and final.head is not None), None)
    return [copy for copy in copies if copy is not own]


def _is_same(made: Copy, stated: Copy, exchanges: StoredExchanges) -> bool:
    """True for copies of one kind, address, status and notes, and of one record; their files are compared elsewhere.

    A visit that is made again requests nothing twice, and no robots.txt: what was stated of that leads to the record.
    """
    compared = [(each.kind, each.url, each.status, each.notes) for each in (made, stated)]
    return compared[0] == compared[1] and other_record(stated.records, made.records, exchanges) is None


def _check_successor(
    entry: SourceEntry, source: Source, copy: Copy, visit: Derived, exchanges: StoredExchanges
) -> Iterator[Finding]:
    """A new address is one that a person or our table names, and its copy what its visit comes to."""
    claim = _claim(entry, source, copy)
    if claim is None:
        yield _differs(entry, "a new address that the source manifest or our table names", str(copy.url))
        return
    verdict = visit.outcome.verdict
    ended = note("successor-ended", verdict=str(verdict.status))
    if verdict.reason is not None:
        ended = note("successor-ended-because", verdict=str(verdict.status), reason=verdict.reason)
    notes = (claim, ended, *((verdict.detail,) if verdict.detail is not None else ()))
    if (copy.status, copy.notes) != (verdict.status, notes):
        yield _differs(entry, _words(verdict.status, notes), _words(copy.status, copy.notes), "the successor's copy")
    other = other_record(copy.records, hops_of(visit.outcome.trail), exchanges)
    if other is not None:
        yield _differs(entry, f"records of what led to {copy.url}", f"others, such as {other}", "the successor's copy")


def _claim(entry: SourceEntry, source: Source, copy: Copy) -> Note | None:
    asserted: list[Asserted | None] = []
    try:
        asserted += [named_by_person(source.successor)] if source.successor is not None else []
        asserted += [successor_of(parse(entry.request_url))] if entry.request_url is not None else []
    except UrlError:
        pass
    return next((each.claim for each in asserted if each is not None and each.url.href == copy.url), None)


def check_supplied_by_manifest(entry: SourceEntry, source: Source) -> Iterator[Finding]:
    """What the source manifest says of a file that a person supplied, the ledger says too."""
    stated = [
        (copy.notes[0].facts.get("detail"), copy.holder, copy.taken)
        for copy in entry.copies
        if copy.kind == "supplied" and copy.notes and copy.notes[0].code == "supplied"
    ]
    for each in source.supplied:
        said = [("how", each.how.strip()), ("by", each.by), ("when", each.when)]
        if not any(
            all(value is None or value == there for (_, value), there in zip(said, copy, strict=True))
            for copy in stated
        ):
            expected = ", ".join(f"{name} {value}" for name, value in said if value is not None)
            yield _differs(entry, expected, "no copy of which that is said", "supplied by the source manifest")


def _named(copy: Copy) -> str:
    return f"{copy.kind} {copy.url} {_words(copy.status, copy.notes)}"


def _words(status: object, notes: Sequence[Note]) -> str:
    return "; ".join([str(status), *(describe_stated(each) for each in notes)])


def _differs(entry: SourceEntry, expected: str, found: str, about: str = "a copy") -> Finding:
    facts = {"expected": expected[:_SHOWN], "found": found[:_SHOWN]}
    return make_finding("verdict-contradicted", LEDGER, **facts, source=entry.id, note=about)
