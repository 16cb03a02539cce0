"""Derives again what the ledger says of one source: its visits are made again from the records, and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from archive.capture.visit import verdict_of_policy, web_readings
from archive.systems.video.source_videos import shows_videos
from archive.urls import Url, parse
from archive.verify.records.by_version import by_version
from archive.verify.records.generated import is_earlier, made_by_another, made_by_later
from archive.verify.sources.case import SourceCase
from archive.verify.sources.copies import check_other_copies, check_supplied_by_manifest
from archive.verify.sources.copy_records import live_record_of_another, other_readings
from archive.verify.sources.entry import check_address, check_statements
from archive.verify.sources.exchange_records import check_descriptions
from archive.verify.sources.exchanges import check_own_records, check_stray_responses
from archive.verify.sources.facets import check_appearance
from archive.verify.sources.files import FilesOfSource, check_files
from archive.verify.sources.lookups import answers_to, check_lookups
from archive.verify.sources.made_records import MEDIA, MadeRecords
from archive.verify.sources.memento_requisites import check_memento_requisites
from archive.verify.sources.mementos import check_lookup_was_made, check_memento, lookups
from archive.verify.sources.notes import check_note_codes, check_note_texts
from archive.verify.sources.proven_notes import NotedSource, check_noted, check_places
from archive.verify.sources.readings import check_readings, reading_at
from archive.verify.sources.recorded import check_recorded
from archive.verify.sources.rendering import RenderedEntry, check_rendering, erased_renderings, judged_by_rendering
from archive.verify.sources.requisite_records import check_requisite_records
from archive.verify.sources.said import check_nothing_seen, check_said, times_requested
from archive.verify.sources.status import check_status
from archive.verify.sources.supplied_copies import check_supplied_copies
from archive.verify.sources.video_records import (
    check_extracted,
    check_stated,
    check_stated_files,
    is_made_for_video,
    is_missing_stated,
    was_tried_again,
)
from archive.verify.sources.video_verdicts import videos_here
from archive.verify.statements.bag_of_sources import BagOfSources
from archive.verify.statements.coverage_records import series_of
from archive.verify.statements.seen_conditions import SeenConditions
from archive.verify.visits.replayed_visit import Derived, StoredSource, probes_of, replay_visit, requested_reading
from archive.verify.visits.stated_videos import broken_browsers, stated_videos, unwritten_media
from archive.words.notes import describe_stated
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Requisite, SourceEntry, Status, Verdict, records_of
from archive_manifests.notes import note
from archive_manifests.paths import BagPath
from archive_manifests.sources import Source

LEDGER = BagPath("data/sources.json")
_NOT_SENT = frozenset({"skipped", "scheme", "invalid-address"})
"""Reasons of our own policy for which no request is made, so that no record stands behind them."""
_OTHER_VISIT = frozenset({"address-contradicted", "requisite-unlisted"})
"""Findings of a visit that is not the recorded one, or of which a part is not named: others follow from them."""
_BREAKS_SINCE = (0, 7)
"""The version since which a browser that breaks leaves a record, and media of which no file was written."""
_STATED_SINCE = (0, 6)
"""The version since which the extractor states what came of the videos."""
_SHOWN = 160


class SourceCheck(Struct):
    """The check of what the ledger says of one source."""

    bag: BagOfSources
    entry: SourceEntry
    source: Source
    """The source as the source manifest states it."""
    seen: SeenConditions
    """Gets what the exchanges state of their connections."""
    visits: list[Derived] = field(default_factory=list)
    """The visits made again: of the address that was requested, then of the other readings."""
    successors: list[tuple[Url, Derived]] = field(default_factory=list)
    """The new addresses, with the visits of them made again."""
    made_by: str | None = None
    """The other version of this program that captured the source; None where it is this one."""
    is_other_visit: bool = False
    """True where the visit is not the recorded one, so that its addresses say nothing of the records."""
    _writers: list[str] | None = None
    """What `_other_writers` found, once it has."""

    def check(self) -> Iterator[Finding]:
        """Everything that is wrong with the entry. Raises `Broken`."""
        # First, so that a note without its facts is an error whatever it does to the checks that read them.
        yield from check_note_codes(self.entry, made_by_later(self.bag.control))
        yield from by_version(check_note_texts(self.entry), self._otherwise)
        self._see_conditions()
        if self.entry.id in self.bag.evidence.lost.whole:
            yield from self._check_without_records()
            return
        yield from self._check_visits()
        yield from self._check_renderings()
        yield from self._check_copies()
        yield from self._check_records()
        yield from self._check_said()
        yield from self._check_mementos()
        yield from self._check_files()

    def _see_conditions(self) -> None:
        for name in dict.fromkeys(records_of(self.entry)):
            self.seen.add(name, self.bag.exchanges.records.path_of(name), self.bag.exchanges.about(name))

    def _check_visits(self) -> Iterator[Finding]:
        """Make the visits again, and compare the entry with that of the address that was requested."""
        url = requested_reading(self.entry, self.source)
        self.successors = list(self._visits_of_successors())
        if url is None:
            yield from self._check_unrequested()
            return
        derived = self._visit(url, self.bag.evidence.lost.stand_ins(self.entry))
        self.visits = [derived]
        case = self._case(derived)
        self.made_by = case.made_by
        stated = list(check_statements(case))
        self.is_other_visit = any(each.code in _OTHER_VISIT for each in stated)
        yield from stated
        if case.made_by is not None:
            yield from check_recorded(case, self.bag.named())
        self.visits += self._other_visits()
        addresses = {address for name in self.entry.exchanges if (address := self.bag.requested(name)) is not None}
        yield from check_readings(self.entry, self.source, self.visits[1:], addresses)

    def _check_renderings(self) -> Iterator[Finding]:
        outcome = self.derived.outcome if self.derived else None
        rendered = RenderedEntry(self.bag.control, self.bag.exchanges, self.entry, self.source, outcome)
        yield from by_version(check_rendering(rendered), self.made_by)
        yield from erased_renderings(rendered, was_resumed=bool(self.bag.stopped.resumed))

    def _check_copies(self) -> Iterator[Finding]:
        if self.derived is not None:
            has_videos = self._has_open_videos()
            copies = check_other_copies(
                *(self.entry, self.source, self.derived, self.successors, self.bag.exchanges), has_videos=has_videos
            )
            yield from by_version(copies, self.made_by)
        for copy, other in other_readings(self.entry, self.visits, self.bag.exchanges):
            facts = {"expected": f"what led to {copy.url}"[:_SHOWN], "found": other, "source": self.entry.id}
            yield make_finding("address-contradicted", LEDGER, **facts, note=f"records of the {copy.kind} copy")
        yield from check_supplied_by_manifest(self.entry, self.source)

    def _check_records(self) -> Iterator[Finding]:
        """Every record of the source is one that a visit requests, and says what belongs to it."""
        entry, exchanges = self.entry, self.bag.exchanges
        of_all = [*self.visits, *(visit for _, visit in self.successors)]
        requested = {address for visit in of_all for address in visit.requested}
        shows_any = any(shows_videos(visit.outcome, self.source) for visit in self._shown())
        yield from check_own_records(entry, exchanges, requested, self._parts_beside() if shows_any else None)
        if self.made_by is None and self.derived is not None and not self.is_other_visit:
            yield from check_stray_responses(entry, exchanges, requested)
        yield from check_descriptions(entry, exchanges, self._is_own)
        lacks_parts = bool(self.bag.evidence.lost.stand_ins(entry))
        needed = check_requisite_records(entry, exchanges, self.derived, lacks_parts=lacks_parts)
        yield from by_version(needed, self.made_by)

    def _check_said(self) -> Iterator[Finding]:
        """The appearance, the notes, and what persons supplied."""
        entry, may_be_earlier = self.entry, self.bag.may_be_of_earlier(self.entry)
        yield from check_appearance(entry)
        yield from by_version(check_said(entry, self.bag.exchanges), self.made_by)
        yield from by_version(check_places(entry), self._otherwise)
        supplied = check_supplied_copies(entry, self.source, may_be_of_earlier=may_be_earlier)
        yield from by_version(supplied, self._otherwise)
        yield from by_version(check_noted(self._noted()), next(iter(self._other_writers()), None))

    def _check_mementos(self) -> Iterator[Finding]:
        exchanges, entry, source, ledger = self.bag.exchanges, self.entry, self.source, self.bag.ledger
        yield from check_memento(exchanges, entry, source, ledger)
        if self.derived is not None and self.bag.is_of_run(self.derived.outcome.trail.final.answer):
            yield from check_lookup_was_made(entry, source, ledger)
        beside = {each.url for visit in self._shown() for each in visit.outcome.requisites}
        named = check_memento_requisites(exchanges, entry, source, ledger, beside)
        yield from by_version(named, self._looked_up_by())
        has_videos = self._has_open_videos()
        media = self.derived.outcome.media if self.derived is not None and not has_videos else entry.facets.media
        looked_up = check_lookups(exchanges, entry, source, ledger, media)
        yield from by_version(looked_up, self._looked_up_by())

    def _check_files(self) -> Iterator[Finding]:
        """The files of the source, and the records that were made for them."""
        entry, exchanges, stopped = self.entry, self.bag.exchanges, self.bag.stopped
        times = times_requested(entry, exchanges)
        was_repeated = bool(stopped.resumed) or self.made_by is not None or times > 1
        laid_down = {path: file for visit in reversed(self._shown()) for path, file in visit.files.items()}
        ties, unread = self._media(), self.bag.evidence.lost.lines
        files = FilesOfSource(self.bag.control, exchanges, entry, laid_down, ties, was_repeated, unread)
        yield from check_files(files)
        yield from check_stated_files(entry, self._shown(), ties, self._unwritten(), was_repeated=was_repeated)
        # Of an earlier attempt, parts of a video may be left of which no file was made.
        is_once = times < 2 and not was_tried_again(entry, exchanges)
        is_left_behind = partial(stopped.explain, source=entry.id) if is_once else is_made_for_video
        videos, made_by = self._stated_videos(), self.bag.made_by
        is_missing = is_missing_stated(entry, videos)
        yield from MadeRecords(entry, exchanges, ties, self._is_own, made_by, is_missing, is_left_behind).check()
        if self.made_by is None and not unread and is_once:
            yield from check_extracted(entry, exchanges, ties, videos, is_left_behind)
        if not unread and not stopped.resumed:
            yield from check_stated(entry, exchanges, videos)

    @property
    def derived(self) -> Derived | None:
        """The visit of the address that was requested; None where none was."""
        return self.visits[0] if self.visits else None

    @property
    def _otherwise(self) -> str | None:
        return made_by_another(self.bag.control)

    def _shown(self) -> list[Derived]:
        """The visits of what a reader is shown: of the address that was requested, and of the new addresses."""
        return [*self.visits[:1], *(visit for _, visit in self.successors)]

    def _has_open_videos(self) -> bool:
        return any(visit.shows_open_videos(self.source) for visit in self._shown())

    def _is_own(self, name: str) -> bool:
        """True of a record of the source's own WARCs that this version wrote."""
        path = self.bag.exchanges.records.path_of(name)
        return path is not None and series_of(path) == self.entry.id and self.bag.made_by(name) is None

    def _visit(self, url: Url, lost: Mapping[str, Requisite] | None = None, *, earliest: bool = False) -> Derived:
        """The visit of one address of a source, made again. Raises `Broken`."""
        report, conditions = self.bag.ledger.report.stated, self.bag.ledger.conditions
        probes, videos = tuple(probes_of(self.bag.exchanges, self.entry)), self._stated_videos()
        stored = StoredSource(self.bag.exchanges, self.entry, self.source, report, conditions, probes, videos)
        early = self.bag.control.early
        made: Derived | None = early.find(stored, url) if early is not None and not lost and not earliest else None
        return made if made is not None else replay_visit(stored, url, lost, earliest=earliest)

    def _noted(self) -> NotedSource:
        entry, exchanges = self.entry, self.bag.exchanges
        times = times_requested(entry, exchanges)
        return NotedSource(
            entry=entry,
            source=self.source,
            exchanges=exchanges,
            visits=tuple(self.visits),
            successors=self.successors,
            videos=[*stated_videos(exchanges, entry)],
            broken=self._broken(),
            unwritten=None if self._is_by_earlier(_BREAKS_SINCE) else self._unwritten(),
            tied=frozenset(str(tie.get("record")) for tie in self._media()),
            is_repeated=times > 1,
            was_stopped=bool(self.bag.stopped.resumed),
            is_open=times > 2 or bool(self.bag.evidence.lost.stand_ins(entry)),
        )

    def _other_writers(self) -> list[str]:
        """The other versions that wrote one of the source's records; empty where this one wrote all of them."""
        if self._writers is None:
            # One record of each file: a page may need thousands.
            of_file = {self.bag.exchanges.records.path_of(name): name for name in records_of(self.entry)}
            self._writers = [by for name in of_file.values() if (by := self.bag.made_by(name)) is not None]
        return self._writers

    def _is_by_earlier(self, version: tuple[int, ...]) -> bool:
        """True where a version before that one wrote one of the source's records."""
        return any(is_earlier(by, version) for by in self._other_writers())

    def _broken(self) -> frozenset[str] | None:
        """Why browsers broke; None where an earlier version captured, which recorded nothing of that."""
        stated = frozenset(broken_browsers(self.bag.exchanges, self.entry))
        return None if not stated and self._is_by_earlier(_BREAKS_SINCE) else stated

    def _unwritten(self) -> frozenset[str]:
        """Media of the source's page of which no file was written, as recorded, or as earlier versions noted it."""
        stated = frozenset(unwritten_media(self.bag.exchanges, self.entry))
        noted = (note.facts.get("url") for note in self.entry.notes if note.code == "url-only-in-records")
        return stated | frozenset(map(str, noted)) if self._is_by_earlier(_BREAKS_SINCE) else stated

    def _stated_videos(self) -> list[Mapping[str, Any]] | None:
        """What the extractor stated of the source's videos; None where it may have fetched some and stated nothing."""
        stated = [*stated_videos(self.bag.exchanges, self.entry)]
        may_be_silent = self._is_by_earlier(_STATED_SINCE)
        return None if may_be_silent and not stated else stated

    def _check_without_records(self) -> Iterator[Finding]:
        """What is stated of a source whose records are lost, as far as it follows from other statements.

        A file that a record ties to another digest is not the one that was received, whatever else is lost.
        """
        entry, control = self.entry, self.bag.control
        yield from check_address(entry, self.source)
        yield from check_status(entry, may_be_of_earlier=self.bag.may_be_of_earlier(self.entry))
        yield from check_supplied_by_manifest(entry, self.source)
        seen = replace(entry, rendering=None)
        files = FilesOfSource(control, self.bag.exchanges, seen, {}, self._media(), was_repeated=True)
        yield from (found for found in check_files(files) if found.code == "file-contradicted")

    def _case(self, derived: Derived) -> SourceCase:
        bag, entry, records = self.bag, self.entry, self.bag.evidence.records
        return SourceCase(
            entry=entry,
            source=self.source,
            derived=derived,
            ended=bag.ledger.ended,
            named={name: records[name] for name in records_of(entry) if name in records},
            requested={name: bag.requested(name) for name in entry.exchanges},
            ends_elsewhere=frozenset(visit.outcome.trail.ended for _, visit in self.successors),
            ends=dict(self._ends()),
            made_by=bag.made_by(derived.outcome.trail.final.answer),
            may_be_of_earlier=bag.may_be_of_earlier(entry),
            lacks_parts=bool(bag.evidence.lost.stand_ins(entry)),
            videos=videos_here(entry, self._media()),
            elsewhere={each.url: each for _, visit in self.successors for each in visit.outcome.requisites},
            other_record=live_record_of_another(entry, derived.outcome.trail, bag.exchanges),
            judged=judged_by_rendering(bag.exchanges, entry),
        )

    def _ends(self) -> Iterator[tuple[str, str]]:
        for name in {copy.records[-1] for copy in self.entry.copies if copy.records}:
            exchange = self.bag.exchanges.get(name)
            if exchange is not None and exchange.ended != exchange.started:
                yield name, exchange.ended

    def _other_visits(self) -> Iterator[Derived]:
        """The visits of the other readings made again, and of the requested one where it was visited before."""
        entry = self.entry
        for url in web_readings(self.source):
            reading = reading_at(entry, url)
            if reading is not None and reading.requested and url.href != entry.request_url:
                yield self._visit(url)
        if entry.request_url is not None and times_requested(entry, self.bag.exchanges) > 1:
            yield self._visit(parse(entry.request_url), earliest=True)

    def _visits_of_successors(self) -> Iterator[tuple[Url, Derived]]:
        """The source's new addresses, and the visits of them made again."""
        for url in dict.fromkeys(copy.url for copy in self.entry.copies if copy.kind == "successor"):
            if url is not None:
                address = parse(url)
                yield address, self._visit(address)

    def _parts_beside(self) -> Callable[[str], bool]:
        """Whether a record is one that a file of the source was made of, or a part of another source's page."""
        made_of = {tie.get("record") for tie in self._media()}
        own, parts = self.entry.id, self.bag.parts()
        return lambda name: name in made_of or not parts.get(name, {own}) <= {own}

    def _check_unrequested(self) -> Iterator[Finding]:
        """A source that our own policy left alone has no record, and no time."""
        entry = self.entry
        yield from check_address(entry, self.source)
        yield from check_status(entry, may_be_of_earlier=self.bag.may_be_of_earlier(self.entry))
        yield from by_version(_check_policy(entry, self.source), self._otherwise)
        if entry.live.status is Status.NOT_ATTEMPTED and entry.live.reason in _NOT_SENT and entry.exchanges:
            facts = {"expected": "no exchange", "found": f"{len(entry.exchanges):,} exchanges", "source": entry.id}
            yield make_finding("verdict-contradicted", LEDGER, **facts)
        if all(copy.kind == "supplied" for copy in entry.copies):
            yield from check_nothing_seen(entry)

    def _looked_up_by(self) -> str | None:
        """The other version of this program that looked the source up in an archive; None where it is this one."""
        answers = [name for about in lookups(self.bag.exchanges, self.entry) for name in answers_to(about)]
        return next((by for name in answers if (by := self.bag.made_by(name)) is not None), None)

    def _media(self) -> list[dict[str, Any]]:
        """The ties of media files to their records, for one source."""
        ties = []
        exchanges = self.bag.exchanges
        waiting = list(dict.fromkeys(records_of(self.entry)))
        for name in waiting:
            for metadata in exchanges.metadata_of.get(name, ()):
                if metadata not in waiting:
                    waiting.append(metadata)  # a video's description is metadata, and has a tie of its own
                about = exchanges.records.metadata(metadata)
                if about.get("schema") == MEDIA and about.get("record") == name:
                    ties.append(about)
        return ties


def _check_policy(entry: SourceEntry, source: Source) -> Iterator[Finding]:
    """Why a source was not requested follows from what is cited, and from the source manifest."""
    expected = verdict_of_policy(source)
    made_of_recordings = replace(expected, detail=note("from-recordings")) if expected and source.skip else None
    if expected is not None and entry.live not in (expected, made_of_recordings):
        texts = {"expected": _worded(expected), "found": _worded(entry.live)}
        yield make_finding("verdict-contradicted", LEDGER, **texts, source=entry.id)


def _worded(verdict: Verdict) -> str:
    said = "" if verdict.detail is None else describe_stated(verdict.detail)
    return f"{verdict.status} ({verdict.reason}): {said}"[:_SHOWN]
