"""Who vouches for a bag and since when: the seal beside it, and what of the bag that seal covers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from archive.bag.bagging_date import bagging_dates
from archive.bag.derived import original_info
from archive.bag.identity import facts_of
from archive.bag.interface import Bag
from archive.bag.sealed_part import NotSealed, added_to_copy, covers_payload, not_sealed
from archive.bag.tagfiles import TagFiles
from archive.trust import custody_log
from archive.trust.anchors import Anchors
from archive.trust.custody_signatures import check_custody
from archive.verify.files.control_files import ControlFiles
from archive.verify.records.run_timestamps import RunTimestamps, read_run_timestamps
from archive.verify.records.stated_times import (
    TOLERANCE,
    Proven,
    StatedTimes,
    bagged_after,
    check_stated_times,
    in_future,
    latest_record,
    read_stated_times,
    recorded_after,
)
from archive.verify.seal.origin import Origin
from archive.verify.seal.when import answer_when
from archive.verify.seal.who import answer_who
from archive.words.reasons import answer, few, reason, reasons_of, text, with_reason
from archive_manifests import layout
from archive_manifests.bounded_findings import MOST
from archive_manifests.custody import Event
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, Finding, Severity, State
from archive_manifests.moments import iso
from archive_manifests.paths import BagPath
from archive_manifests.seal import EVENTS, SealedFacts
from archive_manifests.tags import OLDER_DECLARATION

if TYPE_CHECKING:
    from archive.warc.report import WarcReport

FIXED = (layout.README,)
"""Tag files that no version of a bag has a reason to change."""


class SealCheck(Struct):
    """The answers about authenticity and time, and the findings that go with them."""

    who: Answer = field(default_factory=lambda: answer(State.ABSENT, reason("no-seal")))
    when: Answer = field(default_factory=lambda: answer(State.ABSENT, reason("no-seal")))
    custody: tuple[Event, ...] = ()
    """The events beside the bag, of a log that hangs together."""
    findings: list[Finding] = field(default_factory=list)


class ReadBag(Struct, frozen=True):
    """A bag after its one read."""

    bag: Bag
    tags: TagFiles
    control: ControlFiles
    reports: Mapping[BagPath, WarcReport] = field(default_factory=dict)
    """What reading the WARCs found."""
    recorded: Mapping[BagPath, Mapping[BagPath, WarcReport]] = field(default_factory=dict)
    """What reading the WARCs of each WACZ found, by the WACZ's path."""
    origin: Origin | None = None
    """Of a disclosure copy, which the original's seal is beside."""

    def facts_beside(self, folder: Path) -> SealedFacts:
        """What a seal in `folder` has to state."""
        if self.origin is not None:
            return self.origin.facts(folder)
        return self.own_facts()

    def own_facts(self) -> SealedFacts:
        """What this very bag states: the custody log beside a disclosure copy follows it, and not the original."""
        return facts_of(self.bag, self.tags, self.control.read(EVENTS))


def check_seal(read: ReadBag, folder: Path, anchors: Anchors | None, now: datetime) -> SealCheck:
    """Judge the seal in `folder`, there or not, by the reader's own trust; None where the reader named none."""
    check = SealCheck()
    if os.path.lexists(folder):
        _judge(check, read, folder, anchors, now)
    run = read_run_timestamps(read.control, anchors, now)
    sealed = _proven(check.when)
    run.check_seal(sealed)
    check.findings += run.findings
    times = read_stated_times(read.control)
    if times is not None:
        is_stamped = bool(run.authorities) or check.when.state is not State.ABSENT
        bounds = Proven(run.not_earlier_than, run.not_later_than, sealed, is_stamped=is_stamped)
        check.findings += check_stated_times(times, bounds)
        check.findings += in_future(times, original_info(read.bag, read.tags), now)
    begun = _begun(read, run, times) if read.origin is None else None
    check.findings += _custody_too_early(check, folder, begun)
    if sealed is not None:
        check.findings += _made_later(read, sealed, (times and times.offset) or timedelta())
    check.when = _with_contradictions(run.added_to(check.when), check.findings)
    if times is not None and check.when.state in (State.PASSED, State.NOT_CHECKED):
        check.when = replace(check.when, facts=check.when.facts | {"stated": times.as_facts})
    check.findings += [make_finding("trust-file-unread", note=note) for note in (anchors.unread if anchors else ())]
    return check


def _begun(read: ReadBag, run: RunTimestamps, times: StatedTimes | None) -> datetime | None:
    """The time from which on there can be events beside a bag: its run and its making, as proven, or as stated."""
    info = original_info(read.bag, read.tags)
    bounds = [date.earliest for date in bagging_dates(info)] if info is not None else []
    proven = run.ended_at or run.not_earlier_than
    if proven is not None:
        bounds.append(proven)
    elif times is not None:
        bounds.append(times.shifted(times.ended))
    return max(bounds, default=None)


def _custody_too_early(check: SealCheck, folder: Path, begun: datetime | None) -> Iterator[Finding]:
    """Events beside the bag that state a time from before the bag, or from before the timestamps that they name."""
    place = BagPath(f"{folder.name}/{custody_log.NAME}")
    stamped = _stamped_at(check.when)
    for number, event in enumerate(check.custody, start=1):
        time = custody_log.moment_of(event)
        bounds = [stamped[name] for name in event.objects if name in stamped]
        bounds += [begun] if begun is not None else []
        if time is not None and bounds and time < max(bounds) - TOLERANCE:
            note = "earlier than the bag, or than the timestamp that it names"
            facts = {"expected": iso(max(bounds)), "found": event.time, "note": note}
            yield make_finding("custody-time", place, line=number, **facts)


def _stamped_at(when: Answer) -> dict[str, datetime]:
    """The times of the trusted timestamps, by their file names."""
    stamps = when.facts.get("stamps")
    trusted = [one for one in stamps if one.get("state") == "trusted"] if isinstance(stamps, list) else []
    return {str(one["file"]): datetime.fromisoformat(str(one["time"])) for one in trusted}


def _made_later(read: ReadBag, sealed: datetime, offset: timedelta) -> Iterator[Finding]:
    """What the bag and its recordings state of times from after its seal."""
    info = original_info(read.bag, read.tags)
    if read.origin is None and info is not None:  # the date of a disclosure copy is its own
        yield from bagged_after(info, sealed)
    yield from recorded_after(read.reports, sealed, offset)
    for place, reports in sorted(read.recorded.items()):
        for one in recorded_after(reports, sealed, timedelta()):
            yield replace(one, path=place, note=f"{one.path}; {one.note}")


def latest_stated(read: ReadBag) -> datetime | None:
    """The latest time of its making that a bag states, of itself or of its records; None where it states none.

    A time by the collector's clock is shifted to the servers', as far as the difference was measured.
    """
    info, stated = original_info(read.bag, read.tags), read_stated_times(read.control)
    times = [date.earliest for date in bagging_dates(info)] if info is not None else []
    offset = (stated and stated.offset) or timedelta()
    of_records = [latest_record(report, offset) for report in read.reports.values()]
    for reports in read.recorded.values():
        of_records += [latest_record(report, timedelta()) for report in reports.values()]
    return max((one for one in (*times, *of_records) if one is not None), default=None)


def _judge(check: SealCheck, read: ReadBag, folder: Path, anchors: Anchors | None, now: datetime) -> None:
    facts = read.facts_beside(folder)
    root = facts.log_root if read.origin is None else read.own_facts().log_root
    custody = check_custody(folder, root, anchors, now)
    check.findings += custody.findings
    check.custody = custody.log.events if custody.log is not None else ()
    check.who, about_who = answer_who(folder, facts, anchors, now)
    check.who = replace(check.who, facts=check.who.facts | {"custody": custody.as_facts})
    check.when, about_when = answer_when(folder, facts, anchors, now)
    check.findings += [*about_who, *about_when]
    if check.who.state is State.ABSENT and check.when.state is State.ABSENT:
        return
    if read.origin is not None:  # the tree covers what is proven, and nothing else of a copy is sealed
        added = added_to_copy(read.tags)
        check.findings += [make_finding("tag-file-not-sealed", BagPath(one.name), note=_note(one)) for one in added]
        _name_left_out(check, added)
        return
    if not covers_payload(read.bag, read.tags, facts):
        _fail_both(check, make_finding("seal-rests-on-weak", BagPath(folder.name)))
    left_out = not_sealed(read.bag, read.tags, facts)
    check.findings += [_left_out(one, read.tags) for one in left_out]
    _name_left_out(check, left_out)


def _name_left_out(check: SealCheck, left_out: list[NotSealed]) -> None:
    """Name the tag files that nobody signed in the answer itself."""
    if left_out:
        names = [one.name for one in left_out]
        check.who = with_reason(check.who, reason("not-sealed", names=few(names)), facts={"not_sealed": names[:MOST]})


def _note(one: NotSealed) -> str:
    return "replaced" if one.replaces else "added"


def _fail_both(check: SealCheck, finding: Finding) -> None:
    check.findings.append(finding)
    for name in ("who", "when"):
        given: Answer = getattr(check, name)
        if given.state in (State.PASSED, State.NOT_CHECKED):
            setattr(check, name, answer(State.FAILED, reason("seal-rests-on-weak"), facts=given.facts))


def _left_out(one: NotSealed, tags: TagFiles) -> Finding:
    found = make_finding("tag-file-not-sealed", BagPath(one.name), note=_note(one))
    # The same bag declared as BagIt 0.97, for a partner whose profile has no other version.
    is_older = one.name == layout.DECLARATION and tags.texts.get(one.name) == OLDER_DECLARATION.encode()
    return replace(found, severity=Severity.ERROR) if one.name in FIXED and not is_older else found


def _proven(when: Answer) -> datetime | None:
    """The time by which the seal existed, by an authority that the reader trusts."""
    proven = when.facts.get("not_later_than")
    return datetime.fromisoformat(proven) if isinstance(proven, str) else None


def _with_contradictions(when: Answer, findings: list[Finding]) -> Answer:
    """A proven time that the bag's own statements contradict is not passed on as an answer."""
    wrong = next((one for one in findings if one.code == "captured-after-stamp"), None)
    if wrong is None or wrong.severity is not Severity.ERROR or when.state is not State.PASSED:
        return when
    return answer(State.FAILED, text(wrong.note), *reasons_of(when), facts=when.facts)
