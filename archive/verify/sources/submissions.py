"""What is said to have been submitted to an archive, compared with the records of its answers, in both directions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from archive.capture.memento.cdx import HOLDER
from archive.capture.politeness import SAVE, WAYBACK
from archive.capture.retry import may_pass
from archive.capture.submission_answers import answered
from archive.verify.visits.replayed_visit import StoredExchanges, purpose_of
from archive.workfolder.recorded import Recorded
from archive_manifests import layout
from archive_manifests.exchanges import Purpose
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import SourceEntry, Submission
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair

LEDGER = BagPath(layout.LEDGER)


def check_submissions(entry: SourceEntry, exchanges: StoredExchanges) -> Iterator[Finding]:
    """Each answer of the archive belongs to a submission, and each submission says what was answered."""
    sent = [name for name in entry.exchanges if purpose_of(exchanges.about(name)) == Purpose.WAYBACK_SUBMISSION]
    if sent and not entry.submissions:
        yield _differs(entry, "verdict-contradicted", "a submission", f"none, and {len(sent)} records of one")
    places = [(submission.to, submission.url) for submission in entry.submissions]
    if len(set(places)) != len(places):
        yield _differs(entry, "verdict-contradicted", "one submission of each address", f"{len(places)} submissions")
    for submission in entry.submissions:
        found = [each for name in submission.records if (each := exchanges.get(name)) is not None]
        answers = [each for each in found if each.url.href.startswith(f"https://{WAYBACK}{SAVE}")]
        if not answers:
            found_said = f"{submission.outcome} by {submission.to}, of no such record"
            yield _differs(entry, "exchange-missing", "a record of the archive's answer", found_said)
        elif len(found) == len(submission.records):
            yield from _compared(entry, submission, answers)
            yield from _check_begun(entry, answers, sent, exchanges)


def _compared(entry: SourceEntry, submission: Submission, answers: Sequence[Recorded]) -> Iterator[Finding]:
    """The archive's answers, read again in their order. An attempt after which another followed says nothing."""
    begun = [each for each in answers if each.method == "POST"]
    if not begun:
        return  # of an earlier version, or of a bag that took over the rest
    expected = Submission(HOLDER, entry.request_url or submission.url, begun[-1].started, "error")
    for number, answer in enumerate(answers, start=1):
        if not may_pass(answer) or number == len(answers):
            expected = answered(expected, answer)
    expected = replace(expected, records=submission.records)
    if expected != submission:
        yield _differs(entry, "verdict-contradicted", expected, submission)


def _check_begun(
    entry: SourceEntry, answers: Sequence[Recorded], sent: Sequence[str], exchanges: StoredExchanges
) -> Iterator[Finding]:
    """A submission lists the request that it began with: one that is sent again has a request of its own."""
    if any(each.method == "POST" for each in answers):
        return
    begun = [name for name in sent if (each := exchanges.get(name)) is not None and each.method == "POST"]
    if begun:
        yield _differs(entry, "verdict-contradicted", f"the record of its request, {begun[0]}", "not listed")


def _differs(entry: SourceEntry, code: str, expected: object, found: object) -> Finding:
    return make_finding(code, LEDGER, **shown_pair(expected, found), source=entry.id, note="submissions")
