"""What a status code says by itself. (RFC 9110, section 15; RFC 7725; notes of the outcome table)"""

from __future__ import annotations

from archive.capture.classify.answer import Case
from archive.capture.classify.phrases import GEO_TEXTS, SHORT, text_says
from archive_manifests.ledger import Status, Verdict

_PLAIN = {
    404: (Status.GONE, "not-found", "the server knows no such thing"),
    410: (Status.GONE, "not-found", "the server says that it is gone for good"),
    429: (Status.BLOCKED, "rate", "the server was asked too often"),
    451: (Status.BLOCKED, "legal", "the server may not show it, for legal reasons"),
    408: (Status.UNREACHABLE, "timeout", "the server gave up waiting"),
}


def by_status(case: Case) -> Verdict | None:
    """The verdict that a status code other than success carries."""
    answer = case.answer
    status = answer.status
    if answer.is_success:
        return None
    if status in _PLAIN:
        verdict, reason, what = _PLAIN[status]
        return Verdict(verdict, reason, f"{what} (status {status}{_wait(case)})")
    if status in (402, 403):
        return _forbidden(case)
    if status == 503 and answer.header("Retry-After"):
        return Verdict(Status.BLOCKED, "rate", f"the server takes nobody now (status 503{_wait(case)})")
    if status >= 500:
        return Verdict(Status.UNREACHABLE, "server-error", f"the server failed (status {status})")
    if status >= 400:
        return Verdict(Status.UNREACHABLE, "client-error", f"the server refused the request (status {status})")
    return Verdict(Status.UNREACHABLE, "redirect-loop", f"the server answered {status} and named no place to go")


def _forbidden(case: Case) -> Verdict:
    phrase = text_says(case.answer.text[: 2 * SHORT], GEO_TEXTS)
    if phrase:
        return Verdict(
            Status.BLOCKED, "geo", f"the server refuses this country (status {case.answer.status}, “{phrase}”)"
        )
    return Verdict(Status.BLOCKED, "forbidden", f"the server refuses to show it (status {case.answer.status})")


def _wait(case: Case) -> str:
    wait = case.answer.header("Retry-After")
    return f", Retry-After: {wait[:40]}" if wait else ""
