"""Save Page Now: sources submitted to the Wayback Machine, where the user wants it and nowhere else.

A third party learns what is being documented, and publishes it. No account is used: nothing that names the documenter
goes along. (Save Page Now 2 Public API, Internet Archive; "submitted is not archived")
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from msgspec.structs import replace

from archive.capture.memento.cdx import HOLDER
from archive.capture.memento.fallback import is_public
from archive.capture.politeness import SAVE, WAYBACK
from archive.capture.submission_answers import answered
from archive.capture.submission_note import note_on
from archive.capture.visit import Visit
from archive.net import Request
from archive.urls import parse
from archive.workfolder.recorded import Recorded
from archive_manifests.exchanges import Purpose
from archive_manifests.ledger import SourceEntry, Status, Submission

NOTE: dict[str, str] = {"purpose": Purpose.WAYBACK_SUBMISSION}
ROUNDS = 10
"""How often the state of a submission is requested, before it stays pending."""
_WORTH_IT = (Status.CAPTURED, Status.PARTIAL, Status.BLOCKED)
"""Live verdicts after which the archive may see something."""


def is_due(visit: Visit, entry: SourceEntry) -> bool:
    """True where the source is to be submitted, or is under way. Never where others may not learn what is cited."""
    if not visit.settings.submit or not visit.may_inform_third_parties or visit.source.skip:
        return False
    is_settled = any(each.outcome in ("saved", "refused") for each in entry.submissions)
    return not is_settled and entry.live.status in _WORTH_IT and is_public(visit.url)


def submit(visit: Visit, entry: SourceEntry) -> SourceEntry:
    """Submit the source to the archive; a pending submission is not sent twice."""
    if any(each.outcome == "pending" for each in entry.submissions):
        return entry
    form = urlencode({"url": visit.url.href, "skip_first_archive": "1"}).encode()
    headers = (("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded"))
    recorded = visit.send(Request(parse(f"https://{WAYBACK}{SAVE}"), "POST", headers, form), NOTE)
    submission = Submission(HOLDER, visit.url.href, recorded.started, "error")
    return _with(entry, answered(submission, recorded), recorded)


def check_pending(visit: Visit, entry: SourceEntry) -> SourceEntry:
    """Request the status of a pending submission."""
    pending = next((each for each in entry.submissions if each.outcome == "pending"), None)
    if pending is None or pending.job is None:
        return entry
    recorded = visit.send(Request(parse(f"https://{WAYBACK}{SAVE}/status/{pending.job}")), NOTE)
    return _with(entry, answered(pending, recorded), recorded)


def count_saved(entries: Iterable[SourceEntry]) -> tuple[int, int]:
    """How many of the submissions the archive has saved, and how many there are."""
    outcomes = [each.outcome for entry in entries for each in entry.submissions]
    return outcomes.count("saved"), len(outcomes)


def _with(entry: SourceEntry, submission: Submission, recorded: Recorded) -> SourceEntry:
    records = (*submission.records, *recorded.earlier, recorded.answer)
    submission = replace(submission, records=tuple(dict.fromkeys(records)))
    others = tuple(each for each in entry.submissions if each.url != submission.url)
    notes = [each for each in entry.notes if not each.code.startswith("submission-")]
    return replace(
        entry,
        submissions=(*others, submission),
        exchanges=tuple(dict.fromkeys([*entry.exchanges, *submission.records])),
        notes=(*notes, note_on(submission)),
    )
