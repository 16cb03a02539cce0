"""Derives again what the ledger says of each source: its visit is made again from the records, and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import itemgetter
from typing import Any

from archive.bag.interface import Broken
from archive.capture.visit import verdict_of_policy, web_readings
from archive.systems.video.source_videos import shows_videos
from archive.urls import Url, parse
from archive.verify.by_version import by_version
from archive.verify.control_files import ControlFiles
from archive.verify.copy_statements import check_other_copies, check_supplied_by_manifest
from archive.verify.coverage_records import NOTHING_STOPPED, StoppedRuns
from archive.verify.evidence import Evidence
from archive.verify.exchange_records import check_descriptions
from archive.verify.exchange_statements import check_own_records, check_stray_responses, series_of
from archive.verify.facet_statements import check_appearance
from archive.verify.file_statements import FilesOfSource, check_files
from archive.verify.forked import DIED, can_fork, in_forks, is_worth_processes
from archive.verify.generated import made_by_another, made_by_later, may_be_of_earlier
from archive.verify.lookup_statements import answers_to, check_lookups
from archive.verify.made_records import MEDIA, MadeRecords
from archive.verify.memento_requisites import check_memento_requisites
from archive.verify.memento_statements import check_memento, lookups
from archive.verify.note_statements import check_note_codes, check_note_texts
from archive.verify.noted_statements import NotedSource, check_noted, check_places
from archive.verify.reading_statements import check_readings, reading_at
from archive.verify.recorded_statements import check_recorded
from archive.verify.rendering_statements import RenderedEntry, check_rendering, erased_renderings, judged_by_rendering
from archive.verify.replayed_visit import Derived, StoredExchanges, StoredSource, purpose_of, replay_visit
from archive.verify.requisite_records import check_requisite_records
from archive.verify.said_statements import check_nothing_seen, check_said, times_requested
from archive.verify.seen_conditions import SeenConditions
from archive.verify.source_case import SourceCase
from archive.verify.source_statements import check_address, check_statements
from archive.verify.stated_videos import stated_videos
from archive.verify.status_statements import check_status
from archive.verify.supplied_copies import check_supplied_copies
from archive.verify.verification import CHECK_FAILED
from archive.verify.video_records import check_extracted, is_made_for_video, was_tried_again
from archive.verify.video_verdicts import videos_here
from archive.version import AGENT
from archive.words.notes import describe_stated
from archive_manifests.exchanges import Purpose
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Ledger, Requisite, SourceEntry, Status, Verdict, records_of
from archive_manifests.notes import note
from archive_manifests.paths import BagPath
from archive_manifests.sources import Source

LEDGER = BagPath("data/sources.json")
_NOT_SENT = frozenset({"skipped", "scheme", "invalid-address"})
"""Reasons of our own policy for which no request is made, so that no record stands behind them."""
_OTHER_VISIT = frozenset({"address-contradicted", "requisite-unlisted"})
"""Findings of a visit that is not the recorded one, or of which a part is not named: others follow from them."""
_SHOWN = 160


@dataclass(slots=True)
class SourceDeriver:
    """Derives the statements on all sources of one bag."""

    control: ControlFiles
    ledger: Ledger
    evidence: Evidence
    sources: dict[str, Source]
    """Each source as the source manifest states it, by id."""
    exchanges: StoredExchanges
    stopped: StoppedRuns = NOTHING_STOPPED
    """The runs that were stopped, so that records of work that was made again may be there."""
    seen: SeenConditions = field(default_factory=SeenConditions)
    """What the exchanges state of their connections; known once all sources were checked."""

    parts: dict[str, set[str]] = field(default_factory=dict)
    """The records of what pages need, and the sources of each, once they were gathered."""
    named_parts: set[tuple[str, str | None]] = field(default_factory=set)
    """What pages need, each with the document that names it, once they were gathered."""

    is_whole: bool = True
    """False once a source could not be checked to its end, so that `seen` lacks what its exchanges state."""

    def check_all(self) -> Iterator[Finding]:
        """Check every source; many of them, or large ones, in processes side by side."""
        for finding in self._checks():
            self.is_whole = self.is_whole and finding.code not in (CHECK_FAILED, "coverage-unchecked")
            yield finding

    def _checks(self) -> Iterator[Finding]:
        sources = self.ledger.sources
        if self.control.jobs < 2 or not is_worth_processes(self.ledger) or not can_fork():
            for entry in sources:
                yield from self._checked(entry)
            return
        results = in_forks(self.control.jobs, len(sources), self._check_apart, self.control.reopen)
        for number, result in sorted(results, key=itemgetter(0)):  # whichever process was first: the same answer
            if result is DIED:
                note = "the process that derived it died"
                yield make_finding(CHECK_FAILED, LEDGER, source=sources[number].id, note=note)
                continue
            findings, seen = result
            self.seen.merge(seen)
            yield from findings

    def _check_apart(self, number: int) -> tuple[list[Finding], SeenConditions]:
        self.seen = SeenConditions()
        return list(self._checked(self.ledger.sources[number])), self.seen

    def _checked(self, entry: SourceEntry) -> Iterator[Finding]:
        try:
            yield from self.check(entry)
        except Broken as error:
            yield make_finding("coverage-unchecked", LEDGER, source=entry.id, note=error.note)
        except Exception as error:  # noqa: BLE001 -- what one page does to the program must not hide the other sources
            note = f"{type(error).__name__}: {error}"[:300]
            yield make_finding(CHECK_FAILED, LEDGER, source=entry.id, note=note)

    def check(self, entry: SourceEntry) -> Iterator[Finding]:
        """Everything that is wrong with the entry of one source. Raises `Broken`."""
        # First, so that a note without its facts is an error whatever it does to the checks that read them.
        yield from check_note_codes(entry, made_by_later(self.control))
        yield from by_version(check_note_texts(entry), made_by_another(self.control))
        source = self.sources.get(entry.id) or Source(entry.cited, entry.citations)
        if entry.id in self.evidence.lost.whole:
            yield from self._check_without_records(entry, source)
            return
        lost = self.evidence.lost.stand_ins(entry)
        probes = tuple(self._probes(entry))
        for name in dict.fromkeys(records_of(entry)):
            self.seen.add(name, self.exchanges.records.path_of(name), self.exchanges.about(name))
        url = _requested(entry, source)
        successors = list(self._visits_of_successors(entry, source, probes))
        derived, visits, requested, stated = None, list[Derived](), set[str](), list[Finding]()
        if url is not None:
            derived = self._visit(entry, url, source, probes, lost)
            case = self._case(entry, source, derived, successors)
            stated = list(check_statements(case))
            yield from stated
            if case.made_by is not None:
                yield from check_recorded(case, self._named_parts())
            visits = [derived, *self._other_visits(entry, source, probes)]
            addresses = {address for name in entry.exchanges if (address := self._requested(name)) is not None}
            yield from check_readings(entry, source, visits[1:], addresses)
        else:
            yield from self._check_unrequested(entry, source)
        rendered = RenderedEntry(self.control, self.exchanges, entry, source, derived.outcome if derived else None)
        made_by = self._made_by(derived.outcome.trail.final.answer) if derived else None
        yield from by_version(check_rendering(rendered), made_by)
        yield from erased_renderings(rendered, was_resumed=bool(self.stopped.resumed))
        noted = self._noted(entry, source, visits, successors)
        requested |= {address for visit in visits for address in visit.requested}
        visits = [*visits[:1], *(visit for _, visit in successors)]
        requested |= {address for visit in visits for address in visit.requested}
        has_videos = any(visit.shows_open_videos(source) for visit in visits)
        videos = any(shows_videos(visit.outcome, source) for visit in visits)
        if derived is not None:
            copies = check_other_copies(entry, source, derived, successors, has_videos=has_videos)
            yield from by_version(copies, made_by)
        yield from check_supplied_by_manifest(entry, source)
        parts = self._parts_beside(entry) if videos else None
        yield from check_own_records(entry, self.exchanges, requested, parts)
        if made_by is None and derived is not None and not any(each.code in _OTHER_VISIT for each in stated):
            yield from check_stray_responses(entry, self.exchanges, requested)
        yield from check_descriptions(entry, self.exchanges, partial(self._is_own, entry))
        needed = check_requisite_records(entry, self.exchanges, derived, lacks_parts=bool(lost))
        yield from by_version(needed, made_by)
        yield from check_appearance(entry)
        yield from by_version(check_said(entry, self.exchanges), made_by)
        made_otherwise, may_be_earlier = made_by_another(self.control), may_be_of_earlier(self.control)
        yield from by_version(check_places(entry), made_otherwise)
        yield from by_version(check_supplied_copies(entry, source, may_be_of_earlier=may_be_earlier), made_otherwise)
        yield from by_version(check_noted(noted), self._made_by_any(entry))
        yield from check_memento(self.exchanges, entry, source, self.ledger)
        beside = {each.url for visit in visits for each in visit.outcome.requisites}
        named = check_memento_requisites(self.exchanges, entry, source, self.ledger, beside)
        yield from by_version(named, self._looked_up_by(entry))
        media = derived.outcome.media if derived is not None and not has_videos else entry.facets.media
        looked_up = check_lookups(self.exchanges, entry, source, self.ledger, media)
        yield from by_version(looked_up, self._looked_up_by(entry))
        was_resumed = bool(self.stopped.resumed)
        was_repeated = was_resumed or made_by is not None or times_requested(entry, self.exchanges) > 1
        laid_down = {path: file for visit in reversed(visits) for path, file in visit.files.items()}
        ties, unread = self._media(entry), self.evidence.lost.lines
        files = FilesOfSource(self.control, self.exchanges, entry, laid_down, ties, was_repeated, unread)
        yield from check_files(files)
        # Of an earlier attempt, parts of a video may be left of which no file was made.
        is_once = times_requested(entry, self.exchanges) < 2 and not was_tried_again(entry, self.exchanges)
        is_left_behind = self.stopped.explain if is_once else is_made_for_video
        yield from MadeRecords(entry, self.exchanges, ties, partial(self._is_own, entry), is_left_behind).check()
        if made_by is None and not unread and is_once:
            yield from check_extracted(entry, self.exchanges, ties, is_left_behind)

    def _is_own(self, entry: SourceEntry, name: str) -> bool:
        """True of a record of the source's own WARCs that this version wrote."""
        path = self.exchanges.records.path_of(name)
        return path is not None and series_of(path) == entry.id and self._made_by(name) is None

    def _visit(
        self,
        entry: SourceEntry,
        url: Url,
        source: Source,
        probes: tuple[str, ...],
        lost: Mapping[str, Requisite] | None = None,
        *,
        earliest: bool = False,
    ) -> Derived:
        """The visit of one address of a source, made again. Raises `Broken`."""
        report, conditions = self.ledger.report.stated, self.ledger.conditions
        stored = StoredSource(self.exchanges, entry, source, report, conditions, probes, self._stated_videos(entry))
        return replay_visit(stored, url, lost, earliest=earliest)

    def _noted(
        self, entry: SourceEntry, source: Source, visits: Sequence[Derived], successors: Sequence[tuple[Url, Derived]]
    ) -> NotedSource:
        times = times_requested(entry, self.exchanges)
        return NotedSource(
            entry=entry,
            source=source,
            exchanges=self.exchanges,
            visits=tuple(visits),
            successors=successors,
            videos=[*stated_videos(self.exchanges, entry)],
            tied=frozenset(str(tie.get("record")) for tie in self._media(entry)),
            is_repeated=times > 1,
            is_open=times > 2 or bool(self.evidence.lost.stand_ins(entry)),
        )

    def _made_by_any(self, entry: SourceEntry) -> str | None:
        """The other version that wrote one of the source's records; None where this one wrote all of them."""
        # One record of each file: a page may need thousands.
        of_file = {self.exchanges.records.path_of(name): name for name in records_of(entry)}
        return next((by for name in of_file.values() if (by := self._made_by(name)) is not None), None)

    def _stated_videos(self, entry: SourceEntry) -> list[Mapping[str, Any]] | None:
        """What the extractor stated of the source's videos; None where it may have fetched some and stated nothing."""
        stated = [*stated_videos(self.exchanges, entry)]
        is_by_other = self._made_by_any(entry) is not None
        may_be_silent = is_by_other or any(tie.get("player") for tie in self._media(entry))
        return None if may_be_silent and not stated else stated

    def _check_without_records(self, entry: SourceEntry, source: Source) -> Iterator[Finding]:
        """What is stated of a source whose records are lost, as far as it follows from other statements.

        A file that a record ties to another digest is not the one that was received, whatever else is lost.
        """
        for name in dict.fromkeys(records_of(entry)):
            self.seen.add(name, self.exchanges.records.path_of(name), self.exchanges.about(name))
        yield from check_address(entry, source)
        yield from check_status(entry, may_be_of_earlier=may_be_of_earlier(self.control))
        yield from check_supplied_by_manifest(entry, source)
        seen = replace(entry, rendering=None)
        files = FilesOfSource(self.control, self.exchanges, seen, {}, self._media(entry), was_repeated=True)
        yield from (found for found in check_files(files) if found.code == "file-contradicted")

    def _case(
        self, entry: SourceEntry, source: Source, derived: Derived, successors: Sequence[tuple[Url, Derived]]
    ) -> SourceCase:
        records = self.evidence.records
        return SourceCase(
            entry=entry,
            source=source,
            derived=derived,
            ended=self.ledger.ended,
            named={name: records[name] for name in records_of(entry) if name in records},
            requested={name: self._requested(name) for name in entry.exchanges},
            ends_elsewhere=frozenset(visit.outcome.trail.ended for _, visit in successors),
            ends=dict(self._ends(entry)),
            made_by=self._made_by(derived.outcome.trail.final.answer),
            may_be_of_earlier=may_be_of_earlier(self.control),
            lacks_parts=bool(self.evidence.lost.stand_ins(entry)),
            videos=videos_here(entry, self._media(entry)),
            elsewhere={each.url: each for _, visit in successors for each in visit.outcome.requisites},
            judged=judged_by_rendering(self.exchanges, entry),
        )

    def _ends(self, entry: SourceEntry) -> Iterator[tuple[str, str]]:
        for name in {copy.records[-1] for copy in entry.copies if copy.records}:
            exchange = self.exchanges.get(name)
            if exchange is not None and exchange.ended != exchange.started:
                yield name, exchange.ended

    def _requested(self, name: str) -> str | None:
        """The address that an exchange was of: a failure has it in its metadata."""
        record = self.evidence.records.get(name)
        if record is not None and record.uri is not None:
            return record.uri
        url = self.exchanges.about(name).get("url")
        return url if isinstance(url, str) else None

    def _other_visits(self, entry: SourceEntry, source: Source, probes: tuple[str, ...]) -> Iterator[Derived]:
        """The visits of the other readings made again, and of the requested one where it was visited before."""
        for url in web_readings(source):
            reading = reading_at(entry, url)
            if reading is not None and reading.requested and url.href != entry.request_url:
                yield self._visit(entry, url, source, probes)
        if entry.request_url is not None and times_requested(entry, self.exchanges) > 1:
            yield self._visit(entry, parse(entry.request_url), source, probes, earliest=True)

    def _visits_of_successors(
        self, entry: SourceEntry, source: Source, probes: tuple[str, ...]
    ) -> Iterator[tuple[Url, Derived]]:
        """The source's new addresses, and the visits of them made again."""
        for url in dict.fromkeys(copy.url for copy in entry.copies if copy.kind == "successor"):
            if url is not None:
                address = parse(url)
                yield address, self._visit(entry, address, source, probes)

    def _parts_beside(self, entry: SourceEntry) -> Callable[[str], bool]:
        """Whether a record is one that a file of the source was made of, or a part of another source's page."""
        if not self.parts:
            for each in self.ledger.sources:
                for name in _of_requisites(each):
                    self.parts.setdefault(name, set()).add(each.id)
        made_of = {tie.get("record") for tie in self._media(entry)}
        return lambda name: name in made_of or not self.parts.get(name, {entry.id}) <= {entry.id}

    def _named_parts(self) -> set[tuple[str, str | None]]:
        if not self.named_parts:
            self.named_parts = {
                (part.url, part.found_in) for entry in self.ledger.sources for part in entry.requisites
            }
        return self.named_parts

    def _check_unrequested(self, entry: SourceEntry, source: Source) -> Iterator[Finding]:
        """A source that our own policy left alone has no record, and no time."""
        yield from check_address(entry, source)
        yield from check_status(entry, may_be_of_earlier=may_be_of_earlier(self.control))
        yield from by_version(_check_policy(entry, source), made_by_another(self.control))
        if entry.live.status is Status.NOT_ATTEMPTED and entry.live.reason in _NOT_SENT and entry.exchanges:
            facts = {"expected": "no exchange", "found": f"{len(entry.exchanges):,} exchanges", "source": entry.id}
            yield make_finding("verdict-contradicted", LEDGER, **facts)
        if all(copy.kind == "supplied" for copy in entry.copies):
            yield from check_nothing_seen(entry)

    def _looked_up_by(self, entry: SourceEntry) -> str | None:
        """The other version of this program that looked the source up in an archive; None where it is this one."""
        answers = [name for about in lookups(self.exchanges, entry) for name in answers_to(about)]
        return next((by for name in answers if (by := self._made_by(name)) is not None), None)

    def _made_by(self, answer: str) -> str | None:
        """The version that wrote the WARC of a response, where it is another than this one."""
        path = self.exchanges.records.path_of(answer)
        name = self.evidence.warcinfo_of.get(path) if path is not None else None
        software = self.exchanges.records.warcinfo(name).get("software") if name is not None else None
        return software if software != AGENT else None

    def _probes(self, entry: SourceEntry) -> Iterator[str]:
        """The responses to probes: of the entry, and of its files where the ledger ties them to no source."""
        for name in entry.exchanges:
            if purpose_of(self.exchanges.about(name)) == Purpose.SOFT_404_PROBE:
                yield name

    def _media(self, entry: SourceEntry) -> list[dict[str, Any]]:
        """The ties of media files to their records, for one source."""
        ties = []
        waiting = list(dict.fromkeys(records_of(entry)))
        for name in waiting:
            for metadata in self.exchanges.metadata_of.get(name, ()):
                if metadata not in waiting:
                    waiting.append(metadata)  # a video's description is metadata, and has a tie of its own
                about = self.exchanges.records.metadata(metadata)
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
    detail = verdict.detail
    said = "" if detail is None else describe_stated(detail)
    return f"{verdict.status} ({verdict.reason}): {said}"[:_SHOWN]


def _of_requisites(entry: SourceEntry) -> Iterator[str]:
    for each in entry.requisites:
        yield from each.hops
        if each.record is not None:
            yield each.record


def _requested(entry: SourceEntry, source: Source) -> Url | None:
    """The reading that was requested last, where it is one; else the likeliest, so that the others are compared."""
    readings = web_readings(source)
    if entry.request_url is None or not readings:
        return None
    return next((url for url in readings if url.href == entry.request_url), readings[0])
