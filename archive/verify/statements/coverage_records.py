"""The records behind the verdicts: those that the ledger names are here and say what it says; no others are."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct, field

from archive.verify.files.control_files import ControlFiles
from archive.verify.records.stated_moments import moment_of
from archive.verify.statements.events import read_events
from archive.verify.visits.evidence import Evidence
from archive.warc.report import ScannedRecord
from archive_manifests import custody, layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.ledger import Copy, Ledger, Rendering, Requisite, SourceEntry, Status, records_of
from archive_manifests.paths import BagPath

LEDGER = BagPath(layout.LEDGER)

_ANSWERED = frozenset({Status.CAPTURED, Status.PARTIAL, Status.BLOCKED, Status.GONE})
"""Verdicts that say that the place answered."""
_SHOWN = 5
_SECOND = timedelta(seconds=1)
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


class StoppedRuns(Struct, frozen=True):
    """The runs that left records behind because they were stopped: their sources were begun again."""

    started: datetime | None = None
    """When the bag's own run began; what is older was taken over."""
    resumed: tuple[datetime, ...] = ()
    last: Mapping[str, datetime] = field(default_factory=dict)
    """When something that its entry names was last recorded of each source."""

    def explain(self, record: ScannedRecord, source: str | None = None) -> bool:
        """True for what was recorded before its run was last resumed, and of a source that was visited after that.

        A source that had its verdict when the run was stopped is not begun again: its entry names all that it has.
        """
        moment, last = moment_of(record.date), self.last.get(source or "")
        if moment is None:
            return False
        until = self.started if self.started is not None and moment < self.started else None
        return any(
            _is_before(moment, each) and (until is None or each < until) and (last is None or each < last + _SECOND)
            for each in self.resumed
        )

    def is_after(self, record: ScannedRecord) -> bool:
        """True for what was recorded after the last of the resumptions, where there was one."""
        moment = moment_of(record.date)
        return bool(self.resumed) and moment is not None and not any(_is_before(moment, each) for each in self.resumed)


NOTHING_STOPPED = StoppedRuns()


def stopped_runs(control: ControlFiles, ledger: Ledger) -> StoppedRuns:
    """When the run of a bag of ours, and those that it took captures over from, were stopped and resumed.

    Once the captures have ended, a run is resumed to be finished alone.
    """
    events, ended = read_events(control) if control.is_ours else [], moment_of(ledger.ended)
    resumed = filter(None, (moment_of(when) for when, _ in custody.resumed_of(events)))
    return StoppedRuns(moment_of(ledger.started), tuple(each for each in resumed if ended is None or each <= ended))


def _is_before(moment: datetime, resumed: datetime) -> bool:
    """True of what was recorded before: resumptions are dated in whole seconds, records more finely."""
    return moment < resumed + _SECOND


def last_recorded(ledger: Ledger, evidence: Evidence) -> dict[str, datetime]:
    """When something that its entry names, or metadata about it, was last recorded of each source."""
    found = {}
    for entry in ledger.sources:
        names = dict.fromkeys(records_of(entry))
        metadata = (each for name in names for each in evidence.metadata_of.get(name, ()))
        places = (evidence.places.get(name) for name in (*names, *metadata))
        moments = (moment_of(place.record.date) for place in places if place is not None)
        found[entry.id] = max((moment for moment in moments if moment is not None), default=_NEVER)
    return found


def captured_again(ledger: Ledger, evidence: Evidence) -> frozenset[str]:
    """The sources of a bag that follows another which were captured once more: what they need may be something else.

    A run that takes a WARC over leaves it as it is, so that their exchanges are in several files.
    """
    files: dict[str, set[BagPath]] = {}
    for entry in ledger.sources if ledger.predecessor is not None else ():
        places = (evidence.places.get(name) for name in entry.exchanges)
        files[entry.id] = {place.path for place in places if place is not None}
    return frozenset(source for source, paths in files.items() if sum(series_of(path) == source for path in paths) > 1)


def series_of(path: BagPath) -> str:
    """The source whose WARC a file is: `data/archive/s01-002.warc.gz` is of s01."""
    return path.text.rpartition("/")[2].partition(".")[0].partition("-")[0]


def check_unexplained(
    evidence: Evidence,
    *,
    is_strict: bool = False,
    stopped: StoppedRuns = NOTHING_STOPPED,
    again: Container[str] = frozenset(),
) -> Iterator[Finding]:
    """Captures that no source names: an error where nothing interrupted the run, for then each has its source.

    Of a source that was captured `again`, what the page needed before may have no place in its entry. Where a run was
    resumed, each of them is a warning that is younger, or a robots.txt: what it was requested for may be stored.
    """
    for path, every in evidence.unexplained.items():
        source, left_behind, wrong, other = series_of(path), 0, _Unexplained(), _Unexplained()
        # What a lost record explains, no other does.
        is_error = is_strict and path.text not in evidence.lost.files and source not in again
        beside = {record.id for record in every if is_of_robots(record)} if stopped.resumed else set()
        for record in every:
            is_beside = not beside.isdisjoint((record.id, *record.concurrent, record.refers_to))
            if stopped.explain(record, None if is_beside else source):
                left_behind += 1
            elif is_error and not is_beside and not stopped.is_after(record):
                wrong.add(record)
            else:
                other.add(record)
        if left_behind:
            yield make_finding("records-of-stopped-run", path, found=f"{left_behind:,} records")
        for each, severity in ((wrong, Severity.ERROR), (other, Severity.WARNING)):
            if each.number:
                yield make_finding("record-unexplained", path, found=each.worded, severity=severity)


def is_of_robots(record: ScannedRecord) -> bool:
    """True of what was requested of, or answered for, a robots.txt. (RFC 9309, 2.3)"""
    return (record.uri or "").partition("?")[0].endswith("/robots.txt")


class _Unexplained(Struct):
    """Records of one file, counted; the first of them are named."""

    number: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, record: ScannedRecord) -> None:
        self.number += 1
        if self.number <= _SHOWN:
            self.first.append(record.uri or record.id)

    @property
    def worded(self) -> str:
        more = f" and {self.number - _SHOWN:,} more" if self.number > _SHOWN else ""
        return f"{self.number:,} records: {', '.join(self.first)}{more}"


def check_entry(control: ControlFiles, entry: SourceEntry, evidence: Evidence) -> Iterator[Finding]:
    """Hold one source's entry against the records."""
    yield from evidence.lost.check(entry)
    yield from _check_named(entry, entry.exchanges, evidence, "exchange-missing")
    for copy in entry.copies:
        yield from _check_copy(control, entry, copy, evidence)
    for requisite in entry.requisites:
        yield from _check_requisite(entry, requisite, evidence)
    if entry.rendering is not None:
        yield from _check_rendering(control, entry, entry.rendering, evidence)
    submitted = [name for each in entry.submissions for name in each.records if name not in entry.exchanges]
    yield from _check_named(entry, submitted, evidence, "exchange-missing")
    yield from _check_verdict(entry, evidence)


def _check_named(entry: SourceEntry, names: Iterable[str], evidence: Evidence, code: str) -> Iterator[Finding]:
    for name in names:
        if name not in evidence.records and name not in evidence.lost.lines:
            yield make_finding(code, LEDGER, expected=f"a record {name}", source=entry.id, record=name)


def _check_copy(control: ControlFiles, entry: SourceEntry, copy: Copy, evidence: Evidence) -> Iterator[Finding]:
    others = [name for name in copy.records if name not in entry.exchanges]
    yield from _check_named(entry, others, evidence, "exchange-missing")
    for file in copy.files:
        if not control.holds(file):
            yield make_finding(
                "copy-missing", BagPath(file), source=entry.id, note=f"a {copy.kind} copy of {entry.cited}"
            )


def _check_rendering(
    control: ControlFiles, entry: SourceEntry, rendering: Rendering, evidence: Evidence
) -> Iterator[Finding]:
    yield from _check_named(entry, rendering.records, evidence, "exchange-missing")
    for file in rendering.files:
        if not control.holds(file):
            yield make_finding("copy-missing", BagPath(file), source=entry.id, note=f"a rendering of {entry.cited}")


def _check_requisite(entry: SourceEntry, requisite: Requisite, evidence: Evidence) -> Iterator[Finding]:
    """What is said to have come is here, and is what it is said to be."""
    is_here = requisite.outcome in ("captured", "error")
    facts = {"source": entry.id, "record": requisite.record, "note": f"{requisite.kind} {requisite.url}"}
    if is_here and requisite.record is None:
        yield make_finding("requisite-missing", LEDGER, expected="the record that holds it", **facts)
    record = evidence.records.get(requisite.record) if requisite.record is not None else None
    if requisite.record is not None and record is None and requisite.record not in evidence.lost.lines:
        yield make_finding("requisite-missing", LEDGER, expected=f"a record {requisite.record}", **facts)
    if record is not None and is_here and not requisite.hops and record.uri != requisite.url:
        yield make_finding("verdict-contradicted", LEDGER, expected=requisite.url, found=str(record.uri), **facts)
    if record is not None and is_here and _is_good(record, requisite, evidence) != (requisite.outcome == "captured"):
        said = f"{requisite.outcome}, but its record has status {record.http_status}"
        yield make_finding("verdict-contradicted", LEDGER, found=said, **facts)
    yield from _check_named(entry, requisite.hops, evidence, "exchange-missing")


def _is_good(record: ScannedRecord, requisite: Requisite, evidence: Evidence) -> bool:
    """True for an answer of success, and for a body put together from such answers, which are the hops to it."""
    if record.type != "resource":
        return record.http_status is not None and 200 <= record.http_status < 300
    parts = (evidence.records.get(name) for name in requisite.hops)
    return any(part is not None and part.uri == record.uri and part.http_status in (200, 206) for part in parts)


def _check_verdict(entry: SourceEntry, evidence: Evidence) -> Iterator[Finding]:
    """A verdict that says that something came rests on a record that holds it."""
    if entry.id in evidence.lost.whole:
        return
    needs = {copy.kind: copy for copy in reversed(entry.copies)}
    if entry.status is Status.MEMENTO:
        copy = needs.get("memento")
        answers = _answers(copy.records if copy else (), evidence)
    elif entry.status is Status.SUPPLIED:
        supplied = needs.get("supplied")
        if supplied is None or not (supplied.files or supplied.records):
            yield make_finding("verdict-unfounded", LEDGER, expected="a supplied file", source=entry.id)
        return
    elif entry.status in _ANSWERED:
        answers = _answers(records_of(entry), evidence)
    else:
        return
    if not answers:
        yield make_finding("verdict-unfounded", LEDGER, expected=f"an answer behind {entry.status}", source=entry.id)
    elif entry.http_status is not None and entry.status is not Status.MEMENTO:
        at_url = [answer for answer in answers if answer.uri == entry.final_url]
        if not any(answer.http_status == entry.http_status for answer in at_url):
            expected = f"status {entry.http_status} from {entry.final_url}"
            found = ", ".join(f"{answer.http_status}" for answer in at_url[:_SHOWN]) or "no answer from there"
            yield make_finding("verdict-contradicted", LEDGER, expected=expected, found=found, source=entry.id)
    if entry.status is Status.CAPTURED:
        yield from _check_whole(entry)


def _answers(names: Iterable[str], evidence: Evidence) -> list[ScannedRecord]:
    found = (evidence.records.get(name) for name in names)
    return [record for record in found if record is not None and record.type in ("response", "resource")]


def _check_whole(entry: SourceEntry) -> Iterator[Finding]:
    """A page of which a part did not come is partial, and no captured one."""
    failed = [each for each in entry.requisites if each.outcome == "failed" and not each.decorative]
    if failed:
        found = f"{len(failed)} of {len(entry.requisites)} things that the page needs did not come: {failed[0].url}"
        yield make_finding("verdict-contradicted", LEDGER, expected="captured", found=found, source=entry.id)
