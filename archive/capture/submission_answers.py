"""What the answers of Save Page Now say of a submission. (Save Page Now 2 Public API, Internet Archive)"""

from __future__ import annotations

import json
import re
from typing import Any

from msgspec.structs import replace

from archive.capture.memento.cdx import parse_timestamp
from archive.capture.politeness import WAYBACK
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Submission
from archive_manifests.notes import note

_JOB = re.compile(r"[\w.-]{1,120}\Z")
_JOB_IN_PAGE = re.compile(r"watchJob\(\s*[\"'](spn2-[\w.-]{1,120})[\"']")
_READ_AT_MOST = 1 << 20


def answered(before: Submission, recorded: Recorded) -> Submission:
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
