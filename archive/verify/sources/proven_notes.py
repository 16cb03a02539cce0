"""The notes of a source, held against what proves a note of their code: nothing is noted that no record bears out.

Where a code may stand, and what proves it there, is `archive_manifests.note_proofs`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from archive.capture.submission_note import note_on
from archive.urls import Url, UrlError, parse
from archive.verify.sources.decided_reading import href, is_ambiguous, verdict_of
from archive.verify.sources.mementos import gave_up, lookups
from archive.verify.sources.scripts import BROKE, had_browser
from archive.verify.visits.replayed_visit import Derived, StoredExchanges
from archive.words.notes import describe, describe_stated
from archive_manifests import layout
from archive_manifests.exchanges import Purpose
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import SourceEntry
from archive_manifests.note_proofs import NOTE_PROOFS, NoteProof, Place, ProvenBy
from archive_manifests.notes import Note, note, read_note
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair
from archive_manifests.sources import Source

LEDGER = BagPath(layout.LEDGER)
_NAMES = {
    Place.VERDICT: "the detail of a verdict",
    Place.FACET: "the reason of a facet",
    Place.COPY: "a note on a copy",
    Place.SUPPLIED: "a note on a supplied file",
    Place.SUBMISSION: "a note on a submission",
    Place.CONDITION: "a condition of the run",
    Place.WITHIN: "a fact of another note",
    Place.SOURCE: "a note of the source",
}
_UNKNOWN = NoteProof(ProvenBy.OTHER, frozenset())
_CLAIMS = frozenset({"successor-named", "successor-moved", "successor-listed"})
"""Codes of the notes on a copy that say who names its address; an address that a system guesses has none."""
_NOTHING = ("gone", "unreachable")
"""How the results of a reading begin that another reading is tried after."""


class NotedSource(Struct, frozen=True):
    """A source's entry, and what its notes are held against."""

    entry: SourceEntry
    source: Source
    exchanges: StoredExchanges
    visits: Sequence[Derived]
    """The visits of the source made again: that of the requested address first, then those before it."""
    successors: Sequence[tuple[Url, Derived]]
    """Its new addresses, and their visits made again."""
    videos: Sequence[Mapping[str, Any]]
    """What the extractor stated of its videos."""
    broken: frozenset[str] | None
    """Why browsers broke as they rendered its page, as it was recorded; None where an earlier version recorded none."""
    unwritten: frozenset[str] | None
    """Media of its page of which no file was written, as it was recorded; None where an earlier version captured."""
    tied: frozenset[str]
    """The records of which files of the source were made."""
    is_repeated: bool
    """Its address was requested more than once: of each visit, notes are left."""
    was_stopped: bool
    """A run was stopped, perhaps between a record and the note on it."""
    is_open: bool
    """Not all of its visits can be made again: there were more than two, or records of them are lost."""


def check_places(entry: SourceEntry) -> Iterator[Finding]:
    """Each note stands where notes of its code are written. Codes that are not in the catalogue are found elsewhere."""
    for stated, allowed in _placed(entry):
        known = NOTE_PROOFS.get(stated.code)
        if known is not None and not known.places & allowed:
            expected = ", ".join(_NAMES[place] for place in Place if place in known.places)
            yield _differs(entry, expected, describe_stated(stated), _NAMES[next(iter(allowed))])


def _placed(entry: SourceEntry) -> Iterator[tuple[Note, frozenset[Place]]]:
    verdict = frozenset({Place.VERDICT})
    for each in (entry.detail, entry.live.detail):
        yield from [(each, verdict)] if each is not None else []
    for facet in (entry.facets.source_code, entry.facets.appearance, entry.facets.media):
        yield from [(facet.reason, frozenset({Place.FACET}))] if facet.reason is not None else []
    for copy in entry.copies:
        places = frozenset({Place.SUPPLIED}) if copy.kind == "supplied" else frozenset({Place.COPY, Place.VERDICT})
        yield from ((each, places) for each in copy.notes)
    for submission in entry.submissions:
        yield from [(submission.note, frozenset({Place.SUBMISSION}))] if submission.note is not None else []
    yield from ((each, frozenset({Place.SOURCE})) for each in entry.notes)


def check_noted(case: NotedSource) -> Iterator[Finding]:
    """Compare the notes of a source with what proves them, in both directions where they follow from records alone."""
    stated = set(case.entry.notes)
    for each in case.entry.notes:
        known = NOTE_PROOFS.get(each.code)
        if known is None or Place.SOURCE not in known.places:
            continue  # found by its code, or by its place
        expected = _CHECKS[known.by](case, each)
        if expected is not None:
            yield _differs(case.entry, expected, describe_stated(each), "nothing recorded bears it out")
    for due in dict.fromkeys(_due(case)):
        if due not in stated:
            yield _differs(case.entry, describe(due), "no such note", "notes")


def _due(case: NotedSource) -> Iterator[Note]:
    """Notes that follow from records alone, beside those that the visit itself gives."""
    if not case.visits:
        return
    for hop in case.visits[0].outcome.trail.hops:
        yield from hop.oddities
    if case.entry.live.reason == "fault":
        return
    yield from (each for each in (_read_as(case.entry), _credentials(case.entry)) if each is not None)
    yield from map(note_on, case.entry.submissions[-1:])
    elsewhere = (about for about in _faults(case) if about.get("during") == "copies")
    yield from (note("fault-elsewhere", detail=str(about.get("detail"))) for about in elsewhere)
    yield from (note(BROKE, detail=why) for why in sorted(case.broken or ()) if not case.was_stopped)
    claimed = {copy.url for copy in case.entry.copies if any(each.code in _CLAIMS for each in copy.notes)}
    for url, visit in case.successors:
        if url.href in claimed and not visit.missing and not visit.shows_open_videos(case.source):
            yield from (note("of-successor", url=url.href, why=each) for each in visit.outcome.notes)


def _of_visit(case: NotedSource, stated: Note) -> str | None:
    if case.is_open or any(stated in visit.outcome.notes for visit in case.visits):
        return None
    return "what the recorded responses give"


def _of_exchange(case: NotedSource, stated: Note) -> str | None:
    entry = case.entry
    if stated.code == "consent-rejected":
        found = any(_purpose(case.exchanges, name) == Purpose.CONSENT_REJECTED for name in entry.exchanges)
        return None if found else "a request with consent rejected"
    if stated.code == "fault-elsewhere":
        return None if _has_fault(case, stated) else "a record of the fault"
    odd = {each for visit in case.visits for hop in visit.outcome.trail.hops for each in hop.oddities}
    if case.is_repeated or case.is_open:
        odd |= {each for name in entry.exchanges for each in _oddities(case.exchanges, name)}
    return None if stated in odd else "what was recorded of an exchange"


def _has_fault(case: NotedSource, stated: Note) -> bool:
    return any(about.get("detail") == stated.facts.get("detail") for about in _faults(case))


def _faults(case: NotedSource) -> Iterator[Mapping[str, Any]]:
    """The faults of the program at the source, as they were recorded."""
    for name in case.entry.exchanges:
        record = case.exchanges.records.get(name)
        about = case.exchanges.records.metadata(name) if record is not None and record.type == "metadata" else {}
        if (about.get("schema"), about.get("source")) == ("archive.fault/1", case.entry.id):
            yield about


def _oddities(exchanges: StoredExchanges, name: str) -> Iterator[Note]:
    stated = exchanges.about(name).get("oddities")
    for each in stated if isinstance(stated, list) else ():
        if (known := read_note(each)) is not None:
            yield known


def _of_extractor(case: NotedSource, stated: Note) -> str | None:
    if case.is_open or any(
        stated in visit.outcome.notes or visit.shows_open_videos(case.source) for visit in case.visits
    ):
        return None
    # Of several visits, the notes of each are left; the last one alone was made again with what it gave.
    if case.is_repeated and stated in {each for about in case.videos for each in _notes_in(about)}:
        return None
    return "what the extractor stated of a video"


def _notes_in(about: Mapping[str, Any]) -> Iterator[Note]:
    given = about.get("notes")
    lacking = about.get("missing")
    verdicts = [each.get("verdict") for each in lacking if isinstance(each, dict)] if isinstance(lacking, list) else []
    details = [each.get("detail") for each in verdicts if isinstance(each, dict)]
    for each in (*(given if isinstance(given, list) else ()), *details):
        if (known := read_note(each)) is not None:
            yield known


def _of_browser(case: NotedSource, stated: Note) -> str | None:
    if stated.code == BROKE and case.broken is not None:
        return None if stated.facts.get("detail") in case.broken else "a record that a browser broke"
    if stated.code == BROKE:
        reason = case.entry.facets.appearance.reason
        is_broken = reason is not None and reason.code == "browser-broke"
        is_possible = is_broken or case.is_repeated or case.entry.rendering is not None
        return None if is_possible else "a page of which the browser broke"
    if stated.code == "scripts-requested" and (had_browser(case.entry) or case.is_repeated):
        return None  # counted where the requests of scripts are compared
    if case.entry.rendering is None:
        return None if case.is_repeated else "a rendering"
    is_hollow = bool(case.visits) and case.visits[0].outcome.verdict.reason == "hollow"
    return "a page that lacks its content without scripts" if stated.code == "scripts-drew" and not is_hollow else None


def _of_lookup(case: NotedSource, stated: Note) -> str | None:
    made = [*lookups(case.exchanges, case.entry)]
    if not made and not gave_up(case.entry):
        return "a record of a look-up in another archive"
    why = stated.facts.get("why")
    if stated.code == "memento-problem" and isinstance(why, Note) and why.code != "archive-gave-up":
        problems = [each for about in made for each in about.get("problems") or ()]
        return None if why in map(read_note, problems) else "a problem that the record of the look-up names"
    return None


def _of_successor(case: NotedSource, stated: Note) -> str | None:
    of_url = [visit for url, visit in case.successors if url.href == stated.facts.get("url")]
    why = stated.facts.get("why")
    if any(why in visit.outcome.notes for visit in of_url):
        return None
    is_of_video = isinstance(why, Note) and NOTE_PROOFS.get(why.code, _UNKNOWN).by is ProvenBy.EXTRACTOR
    if is_of_video and any(visit.shows_open_videos(case.source) for visit in of_url):
        return None
    return "what the visit of the new address gives"


def _of_submission(case: NotedSource, stated: Note) -> str | None:
    if case.is_repeated or stated in map(note_on, case.entry.submissions[-1:]):
        return None
    return "what the last submission came to"


def _of_citation(case: NotedSource, stated: Note) -> str | None:
    expected = _credentials(case.entry) if stated.code == "credentials" else _read_as(case.entry)
    if stated == expected:
        return None
    return describe(expected) if expected is not None else "what follows from the cited address and its readings"


def _credentials(entry: SourceEntry) -> Note | None:
    try:
        has_credentials = parse(entry.cited.strip()).has_credentials
    except UrlError:
        has_credentials = False
    return note("credentials") if has_credentials else None


def _read_as(entry: SourceEntry) -> Note | None:
    """The note on a reading that was taken in the place of the first, which gave nothing."""
    requested = [(href(each.url), each.result or "") for each in entry.readings if each.requested]
    first = next(iter(requested), (None, ""))
    if entry.request_url in (None, first[0]) or first[0] is None or not first[1].startswith(_NOTHING):
        return None
    return note("read-as", url=entry.request_url or "", other=first[0])


def _of_person(case: NotedSource, stated: Note) -> str | None:
    if stated.code != "reading-decided":
        return None
    entry = case.entry
    chosen = next((each for each in entry.readings if each.url == stated.facts.get("url")), None)
    if is_ambiguous(entry) and chosen is not None and verdict_of(entry, chosen) is not None:
        return None
    return "one of several readings that respond"


def _of_run(case: NotedSource, stated: Note) -> str | None:
    """What the run alone could know stands where the rest of the entry leaves room for it."""
    url = stated.facts.get("url")
    if case.unwritten is not None and url not in case.unwritten:
        return "a record that no file of it was written"
    parts = {each.record for each in case.entry.requisites if each.url == url and each.kind == "media"}
    is_lacking = bool(parts - {None}) and not parts & case.tied
    return None if is_lacking else "a video of the page of which there is no file"


def _purpose(exchanges: StoredExchanges, name: str) -> object:
    about = exchanges.about(name).get("note")
    return about.get("purpose") if isinstance(about, dict) else None


_CHECKS: Mapping[ProvenBy, Callable[[NotedSource, Note], str | None]] = {
    ProvenBy.VISIT: _of_visit,
    ProvenBy.EXCHANGE: _of_exchange,
    ProvenBy.EXTRACTOR: _of_extractor,
    ProvenBy.BROWSER: _of_browser,
    ProvenBy.LOOKUP: _of_lookup,
    ProvenBy.SUCCESSOR: _of_successor,
    ProvenBy.SUBMISSION: _of_submission,
    ProvenBy.CITATION: _of_citation,
    ProvenBy.PERSON: _of_person,
    ProvenBy.RUN: _of_run,
}
"""Of what proves notes of a source: what was expected instead of a note; None where it is borne out."""


def _differs(entry: SourceEntry, expected: object, found: object, about: str) -> Finding:
    return make_finding("note-contradicted", LEDGER, **shown_pair(expected, found), source=entry.id, note=about)


