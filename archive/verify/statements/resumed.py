"""That a run was stopped and resumed, compared with what its WARCs state: it excuses what nothing else explains.

A resumed run states each time in its records: in the warcinfo of the files that it begins, and where there were files
before, in a metadata record about the warcinfo of one of them (`archive.resumed/1`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from archive.capture.warcinfo import RESUMED, RESUMED_SCHEMA, object_in
from archive.verify.files.control_files import ControlFiles
from archive.verify.records.generated import is_earlier, made_by_another
from archive.verify.records.stated_moments import moment_of
from archive.verify.records.stored_records import StoredRecords
from archive.verify.statements.coverage_records import (
    StoppedRuns,
    captured_again,
    check_unexplained,
    last_recorded,
    stopped_runs,
)
from archive.verify.statements.events import read_events
from archive.verify.visits.evidence import Evidence
from archive_manifests import custody, layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Ledger
from archive_manifests.paths import BagPath

EVENTS = BagPath(layout.EVENTS)
_RECORDED_SINCE = (0, 6)
"""The version all of whose resumed runs say so in their records."""

Resumption = tuple[str, int]
"""When a run was resumed, and how many records were there."""


def recorded_resumptions(evidence: Evidence, records: StoredRecords) -> frozenset[Resumption]:
    """Each resumption that the WARCs state. Raises `Broken`."""
    found: set[Resumption] = set()
    for name in evidence.warcinfo_of.values():
        found.update(_resumptions_in(object_in(records.warcinfo(name), RESUMED) or {}))
        for metadata in evidence.metadata_of.get(name, ()):
            found.update(_resumptions_in(records.metadata(metadata)))
    return frozenset(found)


def _resumptions_in(stated: Mapping[str, object]) -> Iterator[Resumption]:
    listed = stated.get("resumed") if stated.get("schema") == RESUMED_SCHEMA else None
    for each in listed if isinstance(listed, list) else ():
        time, count = (each.get("time"), each.get("records")) if isinstance(each, dict) else (None, None)
        if isinstance(time, str) and isinstance(count, int):
            yield time, count


def borne_out(control: ControlFiles, evidence: Evidence, records: StoredRecords) -> list[Resumption]:
    """The resumptions that the events state and the records too; where an earlier version captured, all of them."""
    stated = list(custody.resumed_of(read_events(control)))
    captured_by = {fields.get("software", "") for fields in records.distinct_warcinfos(evidence.warcinfo_of.values())}
    if any(is_earlier(each, _RECORDED_SINCE) for each in (made_by_another(control) or "", *captured_by)):
        return stated
    recorded = recorded_resumptions(evidence, records)
    return [each for each in stated if each in recorded]


def as_stopped_runs(ledger: Ledger, true: Sequence[Resumption], evidence: Evidence) -> StoppedRuns:
    """The stopped runs that these resumptions followed."""
    resumed = tuple(filter(None, (moment_of(time) for time, _ in true)))
    return StoppedRuns(moment_of(ledger.started), resumed, last_recorded(ledger, evidence) if resumed else {})


def check_left_behind(
    control: ControlFiles, ledger: Ledger, evidence: Evidence, records: StoredRecords
) -> Iterator[Finding]:
    """Captures that no source names: an error but for what a stopped run of this bag can have left behind.

    Of a stopped run of an early version, all that is older than its resumption, and what is not is a warning; so is all
    of a bag that follows another, where an early version captured.
    """
    stopped = stopped_runs(control, ledger)
    captured_by = {fields.get("software", "") for fields in records.distinct_warcinfos(evidence.warcinfo_of.values())}
    is_early = any(is_earlier(each, _RECORDED_SINCE) for each in captured_by)
    if stopped.resumed and not is_early:
        stopped = replace(stopped, last=last_recorded(ledger, evidence))
    may_be_left = is_early and (bool(stopped.resumed) or ledger.predecessor is not None)
    is_strict = bool(read_events(control)) and not may_be_left
    yield from check_unexplained(
        evidence, is_strict=is_strict, stopped=stopped, again=captured_again(ledger, evidence)
    )


def check_resumed(
    control: ControlFiles, ledger: Ledger, evidence: Evidence, records: StoredRecords, true: Sequence[Resumption]
) -> Iterator[Finding]:
    """Each resumption that an event states is recorded, and the other way round; `true` are those that are.

    A run that is resumed once its captures have ended writes no record, and excuses nothing.
    """
    stated = list(custody.resumed_of(read_events(control)))
    for each in stated:
        if each not in true and evidence.warcinfo_of and _needs_record(ledger, evidence, each, true):
            yield _differs("a record of it in a WARC", f"{each[0]}: resumed with {each[1]} records")
            return
    # The resumptions of an older bag whose events were altered, and which was accepted, are not taken over.
    if not ledger.conditions.accepted_bags and (left := sorted(recorded_resumptions(evidence, records) - set(stated))):
        yield _differs(f"{left[0][0]}: resumed with {left[0][1]} records", "no such event")


def _needs_record(ledger: Ledger, evidence: Evidence, resumption: Resumption, true: Sequence[Resumption]) -> bool:
    """True where the run captured on, and where records are left that no other resumption explains.

    When the run of an older bag ended is not known here. And times are whole seconds: a run may be resumed, to be
    finished alone, in the second in which it ended.
    """
    moment, started, ended = map(moment_of, (resumption[0], ledger.started, ledger.ended))
    if moment is None or started is None or ended is None:
        return True
    if started <= moment < ended:
        return True
    stopped = as_stopped_runs(ledger, true, evidence)
    is_excuse = moment <= ended
    return is_excuse and any(not stopped.explain(each) for every in evidence.unexplained.values() for each in every)


def _differs(expected: str, found: str) -> Finding:
    return make_finding("event-contradicted", EVENTS, expected=expected, found=found)
