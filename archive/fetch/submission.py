"""Save Page Now: sources submitted to the Wayback Machine, where the user wants it and nowhere else.

A third party learns what is being documented, and publishes it. No account is used: nothing that names the documenter
goes along. (Save Page Now 2 Public API, Internet Archive; "submitted is not archived")
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from archive.capture.memento.cdx import HOLDER, parse_timestamp
from archive.capture.memento.fallback import is_public
from archive.capture.politeness import SAVE, WAYBACK
from archive.capture.visit import Visit
from archive.net import Request
from archive.urls import parse
from archive.workfolder.recorded import Recorded
from archive_manifests.exchanges import Purpose
from archive_manifests.ledger import SourceEntry, Status, Submission
from archive_manifests.notes import Note, note

NOTE: dict[str, str] = {"purpose": Purpose.WAYBACK_SUBMISSION}
ROUNDS = 10
"""How often the state of a submission is requested, before it stays pending."""
_WORTH_IT = (Status.CAPTURED, Status.PARTIAL, Status.BLOCKED)
"""Live verdicts after which the archive may see something."""
_JOB = re.compile(r"[\w.-]{1,120}\Z")
_JOB_IN_PAGE = re.compile(r"watchJob\(\s*[\"'](spn2-[\w.-]{1,120})[\"']")
_READ_AT_MOST = 1 << 20


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
    return _with(entry, _with_response(submission, recorded), recorded)


def check_pending(visit: Visit, entry: SourceEntry) -> SourceEntry:
    """Request the status of a pending submission."""
    pending = next((each for each in entry.submissions if each.outcome == "pending"), None)
    if pending is None or pending.job is None:
        return entry
    recorded = visit.send(Request(parse(f"https://{WAYBACK}{SAVE}/status/{pending.job}")), NOTE)
    return _with(entry, _with_response(pending, recorded), recorded)


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
        notes=(*notes, _note_on(submission)),
    )


def _note_on(submission: Submission) -> Note:
    if submission.outcome == "saved" and submission.memento is not None:
        return note("submission-saved", when=submission.time, url=submission.memento)
    if submission.outcome == "pending":
        return note("submission-pending", when=submission.time)
    why = submission.note or (
        note("submission-words", detail=submission.message) if submission.message else note("submission-no-reason")
    )
    return note(
        "submission-refused" if submission.outcome == "refused" else "submission-error", when=submission.time, why=why
    )


def _with_response(before: Submission, recorded: Recorded) -> Submission:
    """The submission after a response to it or to a request for its status."""
    if recorded.failure is not None:
        return replace(before, note=note("submission-unreached", detail=recorded.failure.message))
    if recorded.status == 429:
        return replace(before, note=note("submission-rate", status=429))
    if recorded.status in (401, 403):
        return replace(before, outcome="refused", note=note("submission-account", status=recorded.status))
    content = recorded.content(_READ_AT_MOST)
    said = _object(content)
    if said is None:
        job = _JOB_IN_PAGE.search(content.decode("utf-8", "replace")) if recorded.status == 200 else None
        if job is not None:
            return replace(before, outcome="pending", job=job[1], note=None)
        return replace(before, note=note("submission-unexpected", status=recorded.status or 0))
    return _with_status(before, said)


def _with_status(before: Submission, said: dict[str, Any]) -> Submission:
    message = _text(said.get("message")) or _text(said.get("exception"))
    job, status = _text(said.get("job_id")), _text(said.get("status"))
    if status == "success":
        stamp, original = _text(said.get("timestamp")) or "", _text(said.get("original_url")) or before.url
        if parse_timestamp(stamp) is None:
            return replace(before, outcome="error", message=message, note=note("submission-no-place"))
        memento = f"https://{WAYBACK}/web/{stamp}/{original}"
        return replace(before, outcome="saved", memento=memento, message=message, note=None)
    if status == "error":
        why = ": ".join(part for part in (_text(said.get("status_ext")), message) if part)
        return replace(
            before, outcome="refused", message=why or None, note=None if why else note("submission-no-reason")
        )
    if job is not None and _JOB.match(job):
        return replace(before, outcome="pending", job=job, message=message, note=None)
    return replace(before, outcome="refused", message=message, note=None if message else note("submission-no-job"))


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _text(value: object) -> str | None:
    return " ".join(value.split())[:500] or None if isinstance(value, str) else None
