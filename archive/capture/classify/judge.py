"""The classifier: checks for every known failure in turn; a response without one is captured."""

from __future__ import annotations

import re

from archive.capture.classify.login_consent import captcha, closed, gated, paywalled, withheld
from archive.capture.classify.member_sites import members_only
from archive.capture.classify.parked import hints_parking, parked
from archive.capture.classify.phrases import SHORT
from archive.capture.classify.probe import alike
from archive.capture.classify.refusals import refused, refused_everywhere
from archive.capture.classify.response import Case, FinalResponse, read_as_page
from archive.capture.classify.soft_404 import has_mostly_error_text, sent_home, sent_to_another_post, signs
from archive.capture.classify.statuses import by_status, due_of, is_wrong_kind, names_the_file, wrong_bytes
from archive.capture.classify.walls import walled
from archive.http.coding import CodingFault
from archive.urls import Url
from archive_manifests.ledger import Status, Verdict
from archive_manifests.notes import Note, note

_MAX_SCRIPT_NOTICE = 200
"""Characters of text up to which a page that requires JavaScript has no content of its own."""
_MAX_SHELL_TEXT = 500
"""Characters of text up to which an empty application root means that the page has no content."""
_MAX_CODING = 80
"""Characters of a stated content coding that are shown."""
_NEEDS_SCRIPTS = re.compile(r"javascript|java script|جافا ?سكر[يى]بت|الجافا|\bjs\b", re.IGNORECASE)
_APPLICATION = re.compile(
    r"<script[^>]{1,200}\btype=[\"']?module\b|<div[^>]{0,200}\bid=[\"']?(?:root|app|__next|__nuxt|___gatsby|svelte|main-app)\b"
    r"|<app-root\b|\bng-version=|\bdata-reactroot\b|/(?:main|app|bundle|chunk|runtime|polyfills|vendors?)[.~-][0-9a-z]{6,40}\.(?:bundle\.)?js\b"
    r"|/_next/static/|/_nuxt/|/static/js/(?:main|bundle)\b|webpackjsonp|webpackchunk"
)
"""Marks of frameworks that render a page in the browser."""
_CHARACTER = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\ufffd\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""What a reader sees: no blank, no control character, nothing that stands for bytes that are no text."""
_COMMENTS_ONLY = re.compile(r"comment|disqus|تعليق", re.IGNORECASE)


def judge(
    response: FinalResponse, *, cited: Url, probe: FinalResponse | None = None, expected: str | None = None
) -> Verdict:
    """Judge the final response for a source; its `detail` is the note of what was seen.

    `probe` is the response for `probe_url`, where `wants_probe` asked for it. `expected` is the suffix of the file that
    is due, such as `pdf`, where the cited URL does not show it.
    """
    case = Case(read_as_page(response), cited, probe, expected)
    checks = (
        walled,
        refused,
        gated,
        members_only,
        _unreadable,
        _empty,
        by_status,
        captcha,
        closed,
        withheld,
        parked,
        sent_home,
        sent_to_another_post,
        _wrong_kind,
        _missing,
        _cut,
        wrong_bytes,
        _hollow,
        paywalled,
    )
    for check in checks:
        verdict = check(case)
        if verdict:
            return verdict
    return Verdict(Status.CAPTURED, None, _redirect_note(case))


_CODING = {
    CodingFault.FALSE: (Status.UNREACHABLE, "coding-false"),
    CodingFault.BROKEN: (Status.PARTIAL, "coding-broken"),
    CodingFault.UNREAD: (Status.PARTIAL, "coding-unread"),
}


def _unreadable(case: Case) -> Verdict | None:
    """The verdict on a body that is not in the content coding that its head states, or in one that is not undone."""
    found = _CODING.get(case.response.coding_fault) if case.response.coding_fault else None
    if found is None or not case.response.is_success:
        return None
    status, code = found
    stated = (case.response.header("Content-Encoding") or "")[:_MAX_CODING]
    return Verdict(status, "coding", note(code, coding=stated))


def _empty(case: Case) -> Verdict | None:
    if case.response.coding_fault is CodingFault.CUT:
        return None
    if case.response.is_success and not case.response.body.strip():
        return Verdict(Status.UNREACHABLE, "empty", note("no-content", status=case.response.status))
    return None


def _wrong_kind(case: Case) -> Verdict | None:
    if not is_wrong_kind(case):
        return None
    due = (due_of(case) or "file").upper()
    if names_the_file(case):
        return Verdict(Status.PARTIAL, "media", note("page-about-file", due=due))
    page_signs = signs(case)
    seen = note("page-for-file-sign", due=due, sign=page_signs[0]) if page_signs else note("page-for-file", due=due)
    return Verdict(Status.GONE, "soft-404", seen)


def _missing(case: Case) -> Verdict | None:
    """Two signs are required: one in the page and one by the probe, or two in the page if the probe agrees."""
    reading = case.response.reading
    if reading is None or not reading.text or _is_shell(case):
        return None
    page_signs = signs(case)
    if case.probe is not None and alike(case.response, case.probe, titles=not page_signs):
        seen = page_signs[0] if page_signs else note("page-names-nothing")
        if hints_parking(case):
            return Verdict(Status.GONE, "parked", note("parked-everywhere"))
        if not page_signs and (verdict := refused_everywhere(case) or _same_shell(case)):
            return verdict
        return Verdict(Status.GONE, "soft-404", note("soft-404", status=case.response.status, sign=seen))
    knows_how = case.probe is not None and case.probe.status in (404, 410)
    if len(page_signs) >= 2 and (not knows_how or has_mostly_error_text(case)):
        seen = note("soft-404-signs", status=case.response.status, first=page_signs[0], second=page_signs[1])
        return Verdict(Status.GONE, "soft-404", seen)
    return None


def _same_shell(case: Case) -> Verdict | None:
    """The verdict on an application that serves one page at every address and fills it by script."""
    reading = case.response.reading
    if reading is None or not reading.scripts or len(reading.text) >= SHORT or not _APPLICATION.search(case.markup):
        return None
    return Verdict(Status.PARTIAL, "hollow", note("same-shell"))


def _cut(case: Case) -> Verdict | None:
    if case.response.complete:
        return None
    return Verdict(Status.PARTIAL, "truncated", note("broke-off"))


def _hollow(case: Case) -> Verdict | None:
    reading = case.response.reading
    if reading is None:
        return None
    if _is_shell(case):
        length = len(reading.text)
        shell = note("needs-scripts", n=length)
        if reading.shell:
            shell = note("empty-shell", detail=reading.shell, n=length)
        return Verdict(Status.PARTIAL, "hollow", shell)
    if not _CHARACTER.search(reading.text) and not reading.images and not reading.documents:
        return Verdict(Status.PARTIAL, "hollow", note("without-text", n=reading.scripts))
    return None


def _is_shell(case: Case) -> bool:
    """True for an empty page that scripts fill; all addresses of such a site return the same page."""
    reading = case.response.reading
    if reading is None or not reading.scripts:
        return False
    if reading.shell and len(reading.text) < _MAX_SHELL_TEXT:
        return not signs(case)
    if len(reading.text) >= _MAX_SCRIPT_NOTICE or _COMMENTS_ONLY.search(reading.noscript):
        return not reading.text and not reading.images
    return _NEEDS_SCRIPTS.search(reading.noscript) is not None or (not reading.text and not reading.images)


def _redirect_note(case: Case) -> Note | None:
    """The note on a good capture that was redirected."""
    return note("redirected", url=case.response.url.href) if case.was_redirected else None
