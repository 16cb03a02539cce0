"""The run that made a bag, between two timestamps: its records log began after the first and existed by the second.

Claimed only where the log hangs together: its first line follows on the reply of the first timestamp, its last line is
what the second one is over, and the order of both, and of the seal, is the order of time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from archive.timestamp.chains import Authority, judge_authority
from archive.timestamp.cms import BrokenToken
from archive.timestamp.token import Stamp, check_answers, check_covers, read_query, read_reply
from archive.trust.anchors import Anchors
from archive.verify.files.control_files import ControlFiles
from archive.verify.records.warc_log import round_of
from archive.words.reasons import reason, with_reason
from archive_manifests.disclosure import Commitment
from archive_manifests.disclosure_copy import LEAVES, RECORD_LEAVES, parse_leaves
from archive_manifests.errors import StatementError
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, Finding, Reason, Severity
from archive_manifests.layout import BEGUN, ENDED, SOURCE_MANIFEST, stamp_path
from archive_manifests.moments import iso
from archive_manifests.paths import BagPath
from archive_manifests.records import first_prev, parse_line
from archive_manifests.shown import shown, shown_pair

LOG = "data/provenance/records.jsonl"
SCHEMA = "archive.run-stamp/1"
MOST = 9
"""Authorities that may stamp an end of a run."""

CLOCKS_APART = timedelta(minutes=1)
"""By how much the clocks of two authorities may differ before their order counts."""


class RunTimestamps(Struct):
    """What the two ends prove. Times are None where no trusted authority vouches for them."""

    not_earlier_than: datetime | None = None
    """The records log began after this."""
    not_later_than: datetime | None = None
    """The records log existed, whole, by this."""
    authorities: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    ended_at: datetime | None = None
    """The earliest time that a trusted stamp of the second end can mean."""

    def check_seal(self, sealed: datetime | None) -> None:
        """The seal covers the run's last timestamp: where it existed earlier, the run's timestamps are another's."""
        begun = self.ended_at or self.not_earlier_than
        if sealed is not None and begun is not None and sealed + CLOCKS_APART < begun:
            note = f"the seal existed by {iso(sealed)}, earlier than the run that it covers ({iso(begun)})"
            self.findings.append(make_finding("bracket-broken", BagPath(ENDED), note=note))
            self.not_earlier_than = self.not_later_than = None

    def added_to(self, answer: Answer) -> Answer:
        """The answer about time, with what the ends add to it. They change no state: a seal alone binds the bag."""
        if not self.authorities:
            return answer
        times = {"not_earlier_than": self.not_earlier_than, "log_not_later_than": self.not_later_than}
        proven: dict[str, object] = {name: iso(time) for name, time in times.items() if time is not None}
        return with_reason(answer, self._reason, facts=proven | {"bracket_by": self.authorities})

    @property
    def _reason(self) -> Reason:
        times = {"begun": self.not_earlier_than, "ended": self.not_later_than}
        known = {name: iso(time) for name, time in times.items() if time is not None}
        if not known:
            return reason("run-proves-nothing")
        return reason("run-between" if len(known) == 2 else f"run-{next(iter(known))}", **known)


def read_run_timestamps(control: ControlFiles, anchors: Anchors | None, now: datetime) -> RunTimestamps:
    """Read both ends, as far as they are there; `now` is what revocation lists and stamps are judged at."""
    run = RunTimestamps()
    if not (control.holds(BEGUN) or control.holds(ENDED)):
        return run
    for stamped in (BEGUN, ENDED):
        if control.holds(stamped) and not control.holds(stamp_path(stamped, 1, "tsr")):
            run.findings.append(make_finding("bracket-broken", BagPath(stamped), note="no authority has stamped it"))
        run.findings += _unanswered(control, stamped)
    begun = list(_stamps(control, BEGUN, anchors, run, now))
    ended = list(_stamps(control, ENDED, anchors, run, now))
    _report_overdue([*begun, *ended], run, now)
    _report_unusable([*begun, *ended], run)
    # Only the first reply is what the log begins with: where it does not hold, no other says when the log began.
    first = next((each.stamp for each in begun if each.number == 1 and each.is_trusted), None)
    if begun and _describes_a_run(control, run) and _begins_the_log(control, run):
        run.not_earlier_than = first.not_earlier_than if first is not None else None
    times = [each.stamp.not_later_than for each in ended if each.is_trusted]
    if ended and _ends_the_log(control, run):
        run.not_later_than = min(times) if times else None
        run.ended_at = min((each.stamp.not_earlier_than for each in ended if each.is_trusted), default=None)
    _check_order(run)
    return run


class _FoundStamp(Struct, frozen=True):
    path: str
    number: int
    stamp: Stamp
    authority: Authority

    @property
    def is_trusted(self) -> bool:
        return self.authority.is_trusted


def _stamps(
    control: ControlFiles, stamped: str, anchors: Anchors | None, run: RunTimestamps, now: datetime
) -> Iterator[_FoundStamp]:
    data = control.read(stamped)
    trust = anchors or Anchors()
    for number in range(1, MOST + 1):
        path = stamp_path(stamped, number, "tsr")
        reply = control.read(path)
        if reply is None or data is None:
            return
        try:
            stamp = read_reply(reply)
            check_covers(stamp, data)
            _check_query(control, stamp_path(stamped, number, "tsq"), stamp)
        except (BrokenToken, StatementError) as error:
            run.findings.append(make_finding("bracket-broken", BagPath(path), note=str(error)))
            continue
        authority = judge_authority(stamp, trust.roots, trust.crls, now)
        if authority.revoked is not None:
            note = f"{stamp.authority}: {authority.revoked}"
            finding = make_finding("stamp-authority-revoked", BagPath(path), note=note)
            run.findings.append(replace(finding, severity=Severity.WARNING))  # it is not what the bag stands on
        elif stamp.is_from_the_future(now):
            note = f"{stamp.authority} says {iso(stamp.time)}, and it is {iso(now)} by the clock here"
            run.findings.append(make_finding("stamp-in-future", BagPath(path), note=note))
        else:
            run.authorities.append(stamp.authority)
            yield _FoundStamp(path, number, stamp, authority)


def _check_query(control: ControlFiles, path: str, stamp: Stamp) -> None:
    """A reply beside its query answers it; without one it proves its time nevertheless.

    Raises `BrokenToken`, `StatementError`. (RFC 3161, 2.4.2)
    """
    query = control.read(path)
    if query is not None:
        check_answers(stamp, read_query(query))


def _unanswered(control: ControlFiles, stamped: str) -> Iterator[Finding]:
    """Queries without their replies: a run stores both or neither. The first reply is looked for by itself."""
    for number in range(2, MOST + 1):
        query = stamp_path(stamped, number, "tsq")
        if control.holds(query) and not control.holds(stamp_path(stamped, number, "tsr")):
            yield make_finding("bracket-broken", BagPath(query), note="its reply is not here")


def _report_overdue(found: list[_FoundStamp], run: RunTimestamps, now: datetime) -> None:
    """Report each revocation list that is an old one once, with the first stamp it concerns."""
    reported = set()
    for each in found:
        for newest in each.authority.lists:
            if each.is_trusted and newest.is_overdue(now) and newest not in reported:
                reported.add(newest)
                run.findings.append(make_finding("revocation-list-overdue", BagPath(each.path), note=newest.text))


def _report_unusable(found: list[_FoundStamp], run: RunTimestamps) -> None:
    """Report each revocation list that is about an issuer of these stamps and is not used, once."""
    notes = {f"{one.file}: {why}": each for each in reversed(found) for one, why in each.authority.unusable}
    for note, each in notes.items():
        run.findings.append(make_finding("revocation-list-unusable", BagPath(each.path), note=note))


def _describes_a_run(control: ControlFiles, run: RunTimestamps) -> bool:
    """True where what was stamped first is the beginning of the very run that the ledger describes."""
    try:
        stated = json.loads(control.read(BEGUN) or b"")
        found = {**stated}
    except (ValueError, TypeError, RecursionError):
        found = {}
    expected: dict[str, object] = {"schema": SCHEMA, "end": "begun"}
    ledger = control.ledger
    if ledger is not None:
        expected |= {"report": ledger.report.stated.id, "started": ledger.started, "round": ledger.conditions.round}
        inputs = {ledger.report.stated.sha256, control.sha256.get(SOURCE_MANIFEST)}
        stated_input = found.get("input_sha256")
        expected["input_sha256"] = stated_input if stated_input in inputs else next(filter(None, inputs), None)
    wrong = sorted(name for name, value in expected.items() if found.get(name) != value)
    wrong += sorted(found.keys() - {*expected, "input_sha256", "random"})
    if wrong:
        facts = shown_pair(expected.get(wrong[0]), found.get(wrong[0]))
        note = f"it is not what this run began with: {', '.join(wrong)}"
        run.findings.append(make_finding("bracket-broken", BagPath(BEGUN), note=note, **facts))
    return not wrong


def _begins_the_log(control: ControlFiles, run: RunTimestamps) -> bool:
    """True where the log's first line follows on the first reply: nobody could write it before that was given."""
    line, reply = control.first_line(LOG), control.read(stamp_path(BEGUN, 1, "tsr"))
    stamp = hashlib.sha256(reply).hexdigest() if reply is not None else None
    expected = first_prev(stamp, round_of(control)) if stamp is not None else None
    try:
        found = parse_line(line, 1).prev if line else None
    except StatementError:
        found = None
    if line is None or expected is None or found != expected:
        what = "no records log" if line is None else f"its first line follows on {found or 'nothing'}"
        run.findings.append(make_finding("bracket-broken", BagPath(BEGUN), expected=expected, found=what))
        return False
    return True


def _ends_the_log(control: ControlFiles, run: RunTimestamps) -> bool:
    """True where what was stamped at the end is the head of the records log that is here, or its records' tree."""
    if control.holds(RECORD_LEAVES) and control.holds(LEAVES) and not control.holds(LOG):
        return _ends_with_the_tree(control, run)
    last, data = control.last_line(LOG), control.read(ENDED)
    head = hashlib.sha256(last).hexdigest() if last else None
    try:
        stated = json.loads(data or b"").get("records_head")
    except (ValueError, AttributeError, RecursionError):
        stated = None
    if head is None or stated != head:
        expected = head or "a records log"
        run.findings.append(make_finding("bracket-broken", BagPath(ENDED), expected=expected, found=shown(stated)))
        return False
    return True


def stated_tree(control: ControlFiles) -> Commitment | None:
    """The tree over the records that the stamped end of the run states."""
    try:
        return msgspec.convert(json.loads(control.read(ENDED) or b"")["disclosure"], Commitment)
    except (ValueError, KeyError, TypeError, RecursionError, msgspec.ValidationError):
        return None


def _ends_with_the_tree(control: ControlFiles, run: RunTimestamps) -> bool:
    """The same of a disclosure copy, which has the leaves of all records instead of the log."""
    try:
        found = parse_leaves(control.read(RECORD_LEAVES) or b"").root.hex()
    except StatementError:
        found = None
    stated = stated_tree(control)
    if stated is None or stated.root != found:
        facts = {"expected": found or "leaves of the records", "found": stated.root if stated else "no tree"}
        run.findings.append(make_finding("bracket-broken", BagPath(ENDED), **facts))
        return False
    return True


def _check_order(run: RunTimestamps) -> None:
    """A log that existed before it began proves neither."""
    begun, ended = run.not_earlier_than, run.not_later_than
    if begun is not None and ended is not None and ended + CLOCKS_APART < begun:
        note = f"the log existed by {iso(ended)}, and began after {iso(begun)}"
        run.findings.append(make_finding("bracket-broken", BagPath(ENDED), note=note))
        run.not_earlier_than = run.not_later_than = None
