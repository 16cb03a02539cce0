"""The times that a bag states, by the collector's clock, compared with those that timestamps prove."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from archive.bag.bagging_date import bagging_dates
from archive.verify.files.control_files import ControlFiles
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Ledger, SourceEntry
from archive_manifests.moments import iso
from archive_manifests.notes import Note
from archive_manifests.paths import BagPath
from archive_manifests.tags import BagInfo

if TYPE_CHECKING:
    from archive.warc.report import WarcReport

LEDGER = BagPath("data/sources.json")
TOLERANCE = timedelta(minutes=10)
"""How far a collector's clock may be off without a word: machines are set by hand, by a phone, by nobody."""

AHEAD = timedelta(days=1)
"""How far a stated time may be ahead of the reader's clock without a word."""
_FIRST, _LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)
_SHORT = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_SIGNS = {"clock-behind": 1, "clock-ahead": -1}
_LARGEST_OFFSET = 10**12
"""Seconds: more than any calendar has, and still within `timedelta`."""


class StatedTimes(Struct, frozen=True):
    """What a bag says of its own times."""

    started: datetime
    ended: datetime
    sources: tuple[tuple[str, datetime, datetime], ...]
    """Id, start and end of each source that was captured in this run."""
    offset: timedelta | None
    """How far the servers' clocks were ahead of the collector's, as measured; None where that is not known."""

    @property
    def first(self) -> datetime:
        return min(self.started, *(start for _, start, _ in self.sources), self.started)

    @property
    def last(self) -> datetime:
        return max(self.ended, *(end for _, _, end in self.sources), self.ended)

    def shifted(self, time: datetime) -> datetime:
        """A stated time by the servers' clocks, as far as the difference was measured."""
        return _shifted(time, self.offset or timedelta())

    @property
    def as_facts(self) -> dict[str, object]:
        seconds = None if self.offset is None else int(self.offset.total_seconds())
        return {"started": iso(self.started), "ended": iso(self.ended), "clock_offset_seconds": seconds}


def read_stated_times(control: ControlFiles) -> StatedTimes | None:
    """The times of a bag's ledger; None where it has none that can be read."""
    return times_of(control.ledger) if control.ledger is not None else None


def times_of(ledger: Ledger) -> StatedTimes | None:
    """The times that a ledger states; None where one of them is no time."""
    try:
        started, ended = _read(ledger.started), _read(ledger.ended)
        sources = tuple(_of_this_run(ledger, started))
    except ValueError:
        return None
    return StatedTimes(started, ended, sources, _offset(ledger.conditions.clock))


def _of_this_run(ledger: Ledger, started: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    """Sources that a later bag took over from its predecessor keep the times of that one."""
    for entry in ledger.sources:
        if entry.started is None or entry.ended is None:
            continue
        begin, end = _read(entry.started), _read(entry.ended)
        if ledger.predecessor is None or begin >= started:
            # A redirect may lead to a page that was requested before: earlier versions stated when that ended.
            yield entry.id, begin, max(begin, end) if _is_redirected(entry) else end


def _is_redirected(entry: SourceEntry) -> bool:
    return any(copy.kind == "live" and len(copy.records) > 1 for copy in entry.copies)


def _read(text: str) -> datetime:
    """A moment of the ledger, within bounds that a tolerance and an offset can be added to."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(text)
    return min(max(read, _FIRST), _LAST).astimezone(UTC)


def _span(offset: timedelta) -> str:
    """A signed span as people read it, in its two largest units: `-7 d 16 h`, `+6 min 3 s`."""
    left = abs(round(offset.total_seconds()))
    parts: list[str] = []
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, left = divmod(left, length)
        if count or (parts and len(parts) < 2):
            parts.append(f"{count} {unit}")
    return ("-" if offset < timedelta() else "+") + " ".join(parts[:2] or ["0 s"])


def _offset(clock: Note) -> timedelta | None:
    """How far the servers' clocks are ahead of the collector's; None where it is not known or no number."""
    seconds = clock.facts.get("seconds")
    if clock.code not in _SIGNS or not isinstance(seconds, int) or not 0 <= seconds <= _LARGEST_OFFSET:
        return None
    return timedelta(seconds=_SIGNS[clock.code] * seconds)


class Proven(Struct, frozen=True):
    """What trusted timestamps prove about a bag; None for what none proves."""

    run_begun: datetime | None
    """The records log began after this."""
    run_ended: datetime | None
    """The records log existed by this."""
    sealed: datetime | None
    """The seal existed by this."""
    is_stamped: bool
    """The bag has timestamps, trusted here or not."""


def check_stated_times(times: StatedTimes, proven: Proven) -> Iterator[Finding]:
    """Hold stated times against each other and against proven ones, the clock's measured offset taken into account."""
    yield from _backwards(times)
    offset = times.offset or timedelta()
    if abs(offset) > TOLERANCE and proven.is_stamped:
        found = _span(offset)
        yield make_finding("clock-offset", LEDGER, found=found, note="stated times are by the collector's clock")
    if proven.run_begun is not None and times.shifted(times.first) < proven.run_begun - TOLERANCE:
        note = "made before the run's first timestamp"
        yield _contradiction("captured-before-bracket", times.first, proven.run_begun, note)
    bounds = [end for end in (proven.run_ended, proven.sealed) if end is not None]
    if bounds and times.shifted(times.last) > min(bounds) + TOLERANCE:
        note = "made later than a timestamp proves that they existed"
        yield _contradiction("captured-after-stamp", times.last, min(bounds), note)


def _shifted(time: datetime, offset: timedelta) -> datetime:
    try:
        return time + offset
    except OverflowError:
        return time


def bagged_after(info: BagInfo, sealed: datetime) -> Iterator[Finding]:
    """A bag that says it was made later than the time by which its seal is proven to have existed."""
    for date in bagging_dates(info):
        if date.earliest > sealed + TOLERANCE:
            note = f"the bag states that it was made on {date.text} ({date.label[:40]}), and its seal existed by"
            facts = {"found": date.text, "note": f"{note} {iso(sealed)}"}
            yield make_finding("captured-after-stamp", BagPath(layout.BAG_INFO), **facts)


def in_future(times: StatedTimes, info: BagInfo | None, now: datetime) -> Iterator[Finding]:
    """A bag that states captures, or its own making, at a time that is still to come: one of the clocks is wrong."""
    dates = bagging_dates(info) if info is not None else ()
    stated = [(LEDGER, times.shifted(times.last), iso(times.last))]
    stated += [(BagPath(layout.BAG_INFO), date.earliest, date.text) for date in dates]
    for path, time, text in stated:
        if time > now + AHEAD:
            yield make_finding("time-in-future", path, expected=f"before {iso(now)}", found=text)


def recorded_after(reports: Mapping[BagPath, WarcReport], sealed: datetime, offset: timedelta) -> Iterator[Finding]:
    """Yield one finding for each WARC with a record from after the time by which the seal is proven to have existed.

    `offset` is how far the servers' clocks were ahead of the collector's, of a recording of ours.
    """
    for path, report in sorted(reports.items()):
        latest = _latest(report)
        if latest is not None and _shifted(latest[0], offset) > sealed + TOLERANCE:
            note = f"it states records up to {latest[1]}, and the bag's seal existed by {iso(sealed)}"
            facts = {"expected": iso(sealed), "found": latest[1], "record": latest[2] or None, "note": note}
            yield make_finding("captured-after-stamp", path, **facts)


def latest_record(report: WarcReport, offset: timedelta) -> datetime | None:
    """The latest WARC-Date of a WARC, shifted by `offset`; None where it has none."""
    latest = _latest(report)
    return _shifted(latest[0], offset) if latest is not None else None


def _latest(report: WarcReport) -> tuple[datetime, str, str] | None:
    """The time of a WARC's latest record, as it is stated, and the record's id."""
    latest: tuple[datetime, str, str] | None = None
    for record in report.records():
        time = _record_time(record.date)
        if time is not None and (latest is None or time > latest[0]):
            latest = time, record.date, record.id
    return latest


def _record_time(text: str) -> datetime | None:
    """A WARC-Date, which may be as short as a year. (WARC 1.1, 5.4; W3C-DTF)"""
    if _SHORT.fullmatch(text):
        text = f"{text}{'-01-01'[len(text) - 10 :] if len(text) < 10 else ''}T00:00:00Z"
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _contradiction(code: str, stated: datetime, proven: datetime, what: str) -> Finding:
    note = f"the bag states captures at {iso(stated)}, {what} ({iso(proven)})"
    return make_finding(code, LEDGER, expected=iso(proven), found=iso(stated), note=note)


def _backwards(times: StatedTimes) -> Iterator[Finding]:
    """A run that ends before it starts, or a source that was captured outside its run."""
    wrong = [("the run", times.started, times.ended)] if times.ended < times.started else []
    wrong += [(name, begin, end) for name, begin, end in times.sources if end < begin]
    outside = [
        (name, begin, end)
        for name, begin, end in times.sources
        if begin < times.started - TOLERANCE or end > times.ended + TOLERANCE
    ]
    for name, begin, end in dict.fromkeys([*wrong, *outside]):
        source = None if name == "the run" else name
        note = f"{name}: from {iso(begin)} to {iso(end)}, in a run from {iso(times.started)} to {iso(times.ended)}"
        yield make_finding("time-runs-backwards", LEDGER, source=source, note=note)
