"""What the records alone decide of a source, whatever version of this program read and judged them.

Another version may rightly judge a page otherwise, or word what it saw otherwise: that is a warning. It cannot make a
response of a request that failed, a capture of an error, or no attempt of an exchange that is recorded.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from archive.verify.sources.case import SourceCase
from archive.verify.sources.entry import STANDING
from archive.verify.sources.status import named
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Status, Verdict
from archive_manifests.paths import BagPath

LEDGER = BagPath(layout.LEDGER)
_SHOWN = 160
_FIRST_ERROR = 400
_NO_RESPONSE = frozenset({"dns", "connect", "tls", "timeout", "reset"})
"""Reasons of a verdict that say that no response was received."""


def check_recorded(case: SourceCase, named_parts: Container[tuple[str, str | None]]) -> Iterator[Finding]:
    """Compare what another version states with what needs neither its judgement nor its words.

    `named_parts` are the requisites of all sources, each with the document in which it was found. Of a source that this
    version captured, everything is compared elsewhere.
    """
    expected, stated = case.derived.outcome.verdict, case.entry.live
    if _is_excluded(case, expected, stated) and not case.agrees(expected, stated):
        yield _differs(case, "verdict-contradicted", named(expected), named(stated))
    yield from _check_quote(case)
    yield from _check_requisites(case, named_parts)


def _differs(case: SourceCase, code: str, expected: str, found: str, note: str | None = None) -> Finding:
    texts = {"expected": expected[:_SHOWN], "found": found[:_SHOWN]}
    return make_finding(code, LEDGER, **texts, source=case.entry.id, note=note)


def _is_excluded(case: SourceCase, expected: Verdict, stated: Verdict) -> bool:
    """True where the recorded exchange leaves no room for the stated verdict, however its content is judged."""
    final = case.derived.outcome.trail.final
    if Status.NOT_ATTEMPTED in (expected.status, stated.status) or final.head is None:
        return expected.status is not stated.status
    is_error = final.status is not None and final.status >= _FIRST_ERROR
    is_no_response = stated.status is Status.UNREACHABLE and (stated.reason or "").partition("-")[0] in _NO_RESPONSE
    return (is_error and stated.status in STANDING) or (is_no_response and final.failure is None)


def _check_quote(case: SourceCase) -> Iterator[Finding]:
    """Where nothing is quoted, no quotation was found, and none was missed."""
    is_quoted = case.source.quote is not None or any(citation.anchor for citation in case.source.citations)
    if not is_quoted and case.entry.quote_found != "unknown":
        yield _differs(case, "quote-contradicted", "unknown: nothing is quoted", case.entry.quote_found)


def _check_requisites(case: SourceCase, named_parts: Container[tuple[str, str | None]]) -> Iterator[Finding]:
    """What was found for one page in a style sheet is listed for each page of that sheet."""
    if case.entry.status is Status.MEMENTO:
        return
    stated = {requisite.url for requisite in case.entry.requisites}
    for each in case.derived.outcome.requisites:
        if each.url not in stated and (each.url, each.found_in) in named_parts:
            yield _differs(case, "requisite-unlisted", f"{each.kind} {each.url}", "not listed", note=each.found_in)
