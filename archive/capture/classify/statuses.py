"""Verdicts by status code, and pages served instead of files. (RFC 9110, section 15; RFC 7725)"""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import unquote

from archive.capture.classify.beginnings import fits, has_mark, kind_of, starts_as_page, suffix_of_type
from archive.capture.classify.phrases import GEO_TEXTS, SHORT, phrase_in_text
from archive.capture.classify.response import REDIRECTS, Case, FinalResponse
from archive.capture.requisites.places import DOCUMENT_SUFFIXES, IMAGE_SUFFIXES, MEDIA_SUFFIXES, suffix_of
from archive.http.coding import is_binary
from archive.http.head import utf8_text
from archive.urls import Url
from archive_manifests.ledger import Status, Verdict
from archive_manifests.notes import Note, note

_MAX_LOCATION = 300
"""Characters of an invalid Location that are shown."""
_TEXT_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/json")
_PAGES = frozenset(("html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml", "php", "txt", "md", "xml", "svg", "eml"))
"""Suffixes of files that may rightly begin as a page does."""
_FILES = DOCUMENT_SUFFIXES | IMAGE_SUFFIXES | MEDIA_SUFFIXES
_PAGE_ABOUT_FILE = re.compile(r"/[^/]{1,40}:[^/]*\Z|/(?:blob|tree|src|wiki|view|preview)/", re.IGNORECASE)
"""Wikis' `File:Photo.jpg` and code hosts' `/blob/main/report.pdf` are rightly pages."""


_FILE_NAME = re.compile(
    r"filename\*?\s*=\s*(?:[\w-]*'[\w-]*')?\"?[^\";]{0,250}\.(\w{2,5})\"?\s*(?:;|\Z)", re.IGNORECASE
)


def file_named(response: FinalResponse) -> str | None:
    """The suffix of the file name under which the server sent the response. (RFC 6266, section 4.3)"""
    named = _FILE_NAME.search((response.header("Content-Disposition") or "")[:2000])
    suffix = named[1].lower() if named else None
    return suffix if suffix in _FILES else None


def file_due(cited: Url) -> str | None:
    """The suffix of the file that a cited URL promises, or None where it promises a page."""
    suffix = suffix_of(cited.path)
    return suffix if suffix in _FILES and not _PAGE_ABOUT_FILE.search(cited.path) else None


def due_of(case: Case) -> str | None:
    """The suffix of the file that is due: by what was cited, by its name, by the type that the server states."""
    due = case.expected or file_due(case.cited) or file_named(case.response)
    return due or suffix_of_type(case.response.media_type)


def is_wrong_kind(case: Case) -> bool:
    """True where a file was expected and a page or text arrived."""
    due = due_of(case)
    if due not in _FILES or not case.response.is_success or fits(case.response.body, due):
        return False
    if case.response.reading is not None:
        return True
    is_text = case.response.media_type in _TEXT_TYPES and not is_binary(case.response.body)
    return has_mark(due) and is_text


def wrong_bytes(case: Case) -> Verdict | None:
    """The verdict on bytes that begin as no file does of the kind that is due: nobody can say what arrived."""
    due = due_of(case)
    if due is None or case.response.reading is not None or fits(case.response.body, due) is not False:
        return None
    kind = kind_of(case.response.body)
    if kind is None:
        return Verdict(Status.PARTIAL, "media", note("kind-unknown", due=due.upper()))
    return Verdict(Status.PARTIAL, "media", note("kind-differs", due=due.upper(), found=kind.upper()))


def is_page_named_as_file(body: bytes, suffix: str) -> bool:
    """True where the bytes begin as a page, and the name is not that of a page or text."""
    return suffix not in _PAGES and not fits(body, suffix) and starts_as_page(body)


def names_the_file(case: Case) -> bool:
    """True for a viewer: the page shows or links a file of the expected name."""
    reading = case.response.reading
    if reading is None:
        return False
    name = unquote(case.cited.path.rpartition("/")[2]).casefold()
    listed = (*reading.requisites, *reading.documents)
    return any(unquote(one.url.path.rpartition("/")[2]).casefold() == name for one in listed)


Again = Literal["never", "soon", "later"]

_SOON = frozenset((408, 425, 500, 502, 504, 520, 521, 522, 523, 524, 525, 527))
_LATER = frozenset((403, 429, 503, 529, 530))
_FAILURES: dict[str, Again] = {
    "timeout": "soon", "reset": "soon", "connect": "soon", "empty": "soon", "server-error": "soon", "truncated": "soon",
    "dns": "later", "rate": "later", "challenge": "later", "forbidden": "later",
}  # fmt: skip


def retry_class(what: int | str) -> Again:
    """When to retry after a status code, or after a failure or verdict by its reason in the ledger.

    `soon`: some more times in this run, with growing pauses. `later`: once, after what Retry-After says or a long
    pause, so rather when the run is taken up again. `never`: the response is a response.
    """
    if isinstance(what, str):
        return _FAILURES.get(what, "never")
    if what in _SOON:
        return "soon"
    return "later" if what in _LATER else "never"


_PLAIN = {
    404: (Status.GONE, "not-found", "not-found"),
    410: (Status.GONE, "not-found", "gone-for-good"),
    429: (Status.BLOCKED, "rate", "rate-limited"),
    451: (Status.BLOCKED, "legal", "legal"),
    511: (Status.BLOCKED, "captive", "network-login"),
    408: (Status.UNREACHABLE, "timeout", "server-timeout"),
}


def by_status(case: Case) -> Verdict | None:
    """The verdict by a status code other than success."""
    response = case.response
    status = response.status
    if response.is_success:
        return None
    wait = (response.header("Retry-After") or "")[:40]
    if status in _PLAIN:
        verdict, reason, code = _PLAIN[status]
        if wait and code == "rate-limited":
            return Verdict(verdict, reason, note("rate-limited-until", status=status, wait=wait))
        return Verdict(verdict, reason, note(code, status=status))
    if status == 304 or status < 200:  # no redirect, and nothing to show: no request here named what it has already
        return Verdict(Status.UNREACHABLE, "empty", note("no-content", status=status))
    if status == 999:  # what LinkedIn gives to visitors it takes for programs
        return Verdict(Status.BLOCKED, "challenge", note("taken-for-program", status=status))
    if status in (402, 403):
        return _forbidden(case)
    if status == 503 and wait:
        return Verdict(Status.BLOCKED, "rate", note("nobody-now", wait=wait))
    if status >= 500:
        return Verdict(Status.UNREACHABLE, "server-error", note("server-failed", status=status))
    if status >= 400:
        return Verdict(Status.UNREACHABLE, "client-error", note("server-refused", status=status))
    return Verdict(Status.UNREACHABLE, "redirect-invalid", _why_not_followed(response))


def _why_not_followed(response: FinalResponse) -> Note:
    """What is wrong with a redirect that leads nowhere. (RFC 9110, section 15.4)"""
    if response.status not in REDIRECTS:
        return note("status-unfollowed", status=response.status)
    stated = response.header("Location")
    if not stated:
        return note("no-location", status=response.status)
    return note("location-invalid", status=response.status, detail=utf8_text(stated)[:_MAX_LOCATION])


def _forbidden(case: Case) -> Verdict:
    phrase = phrase_in_text(case.response.text[: 2 * SHORT], GEO_TEXTS)
    if phrase:
        return Verdict(Status.BLOCKED, "geo", note("server-geo", status=case.response.status, detail=phrase))
    return Verdict(Status.BLOCKED, "forbidden", note("server-forbids", status=case.response.status))
