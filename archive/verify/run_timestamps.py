"""The run that made a bag, bracketed in time: its log was made after one timestamp, and existed by another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.timestamp.cms import BrokenToken
from archive.timestamp.crl import newest_lists, why_revoked
from archive.timestamp.token import Stamp, chain_of, check_covers, is_vouched_for, read_reply
from archive.trust.anchors import Anchors
from archive.verify.control_files import KeptFiles
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, Finding, Severity
from archive_manifests.layout import BEGUN, ENDED, stamp_path
from archive_manifests.moments import iso
from archive_manifests.paths import BagPath

LOG = layout.RECORDS
MOST = 9
"""Authorities a bracket may have."""


@dataclass(slots=True)
class Bracket:
    """What the two ends say. Times are ISO, in UTC; None where no trusted authority vouches for them."""

    not_earlier_than: str | None = None
    log_not_later_than: str | None = None
    authorities: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def added_to(self, answer: Answer) -> Answer:
        """The answer about time, with what the bracket adds to it. It changes no state: a seal alone binds the bag."""
        if not self.authorities:
            return answer
        times = {"not_earlier_than": self.not_earlier_than, "log_not_later_than": self.log_not_later_than}
        told = [f"{name.replace('_', ' ')} {time}" for name, time in times.items() if time]
        why = "the run was bracketed: " + (", ".join(told) if told else "by authorities that are not known here")
        facts = {name: time for name, time in times.items() if time} | {"bracket_by": self.authorities}
        return Answer(answer.state, f"{answer.why}; {why}" if answer.why else why, answer.facts | facts)


def read_bracket(kept: KeptFiles, anchors: Anchors | None, now: datetime) -> Bracket:
    """Read both ends, as far as they are there; `now` is what revocation lists are judged at."""
    bracket = Bracket()
    begun = list(_stamps(kept, BEGUN, anchors, bracket))
    ended = list(_stamps(kept, ENDED, anchors, bracket))
    _tell_overdue([*begun, *ended], anchors, bracket, now)
    # Only the first reply is what the log begins with: where it does not hold, no other says when the log began.
    first = next((each.stamp for each in begun if each.number == 1 and each.is_trusted), None)
    if first is not None:
        bracket.not_earlier_than = iso(first.time - first.accuracy)
    if ended and _ends_the_log(kept, bracket):
        times: list[datetime] = [each.stamp.not_later_than for each in ended if each.is_trusted]
        bracket.log_not_later_than = iso(min(times)) if times else None
    return bracket


@dataclass(frozen=True, slots=True)
class _Found:
    path: str
    number: int
    stamp: Stamp
    is_trusted: bool


def _stamps(kept: KeptFiles, stamped: str, anchors: Anchors | None, bracket: Bracket) -> Iterator[_Found]:
    data = kept.read(stamped)
    if data is None:
        return
    for number in range(1, MOST + 1):
        path = stamp_path(stamped, number, "tsr")
        reply = kept.read(path)
        if reply is None:
            return
        try:
            stamp = read_reply(reply)
            check_covers(stamp, data)
        except BrokenToken as error:
            bracket.findings.append(make_finding("bracket-broken", BagPath(path), note=str(error)))
            continue
        revoked = _why_revoked(stamp, anchors)
        if revoked is not None:
            finding = make_finding("stamp-authority-revoked", BagPath(path), note=f"{stamp.authority}: {revoked}")
            bracket.findings.append(replace(finding, severity=Severity.WARNING))  # it is not what the bag stands on
            continue
        bracket.authorities.append(stamp.authority)
        yield _Found(path, number, stamp, anchors is not None and is_vouched_for(stamp, anchors.roots))


def _why_revoked(stamp: Stamp, anchors: Anchors | None) -> str | None:
    if anchors is None or not anchors.crls:
        return None
    return why_revoked(chain_of(stamp, anchors.roots), anchors.crls, stamp.not_later_than)


def _tell_overdue(found: list[_Found], anchors: Anchors | None, bracket: Bracket, now: datetime) -> None:
    """Tell each list that is an old one once, with the first stamp it concerns."""
    if anchors is None or not anchors.crls:
        return
    told = set()
    for each in found:
        for held in newest_lists(chain_of(each.stamp, anchors.roots), anchors.crls):
            if each.is_trusted and held.is_overdue(now) and held not in told:
                told.add(held)
                bracket.findings.append(make_finding("revocation-list-overdue", BagPath(each.path), note=held.told))


def _ends_the_log(kept: KeptFiles, bracket: Bracket) -> bool:
    """Hold what was stamped at the end against the records log that is here."""
    last, data = kept.last_line(LOG), kept.read(ENDED)
    if last is None or data is None:
        return False
    head = hashlib.sha256(last).hexdigest()
    try:
        stated = json.loads(data).get("records_head")
    except (ValueError, AttributeError):
        stated = None
    if stated != head:
        bracket.findings.append(make_finding("bracket-broken", BagPath(ENDED), expected=head, found=str(stated)))
    return bool(stated == head)
