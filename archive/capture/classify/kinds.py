"""The wrong kind of answer: a page where a file was due."""

from __future__ import annotations

import re
from urllib.parse import unquote

from archive.capture.classify.answer import Case
from archive.capture.requisites.places import DOCUMENT_SUFFIXES, IMAGE_SUFFIXES, MEDIA_SUFFIXES, suffix_of
from archive.urls import Url

_MAGIC = {
    "pdf": (b"%PDF-",),
    "zip": (b"PK",), "docx": (b"PK",), "xlsx": (b"PK",), "pptx": (b"PK",), "odt": (b"PK",), "ods": (b"PK",),
    "epub": (b"PK",), "doc": (b"\xd0\xcf\x11\xe0", b"{\\rtf", b"PK"), "xls": (b"\xd0\xcf\x11\xe0", b"PK"),
    "jpg": (b"\xff\xd8",), "jpeg": (b"\xff\xd8",), "png": (b"\x89PNG",), "gif": (b"GIF8",),
}  # fmt: skip
_FILES = DOCUMENT_SUFFIXES | IMAGE_SUFFIXES | MEDIA_SUFFIXES
_PAGE_ABOUT_FILE = re.compile(r"/[^/]{1,40}:[^/]*\Z|/(?:blob|tree|src|wiki|view|preview)/", re.IGNORECASE)
"""Wikis' `File:Photo.jpg` and code hosts' `/blob/main/report.pdf` are pages by right."""


def file_due(cited: Url) -> str | None:
    """The suffix of the file that a cited URL promises, or None where it promises a page."""
    suffix = suffix_of(cited.path)
    return suffix if suffix in _FILES and not _PAGE_ABOUT_FILE.search(cited.path) else None


def is_wrong_kind(case: Case) -> bool:
    """True where a file was due and a page, or words, came."""
    due = case.expected or file_due(case.cited)
    if due not in _FILES or not case.answer.is_success or _is_file(case.answer.body, due):
        return False
    if case.answer.reading is not None:
        return True
    media_type = (case.answer.header("Content-Type") or "").partition(";")[0].strip().lower()
    return due in _MAGIC and media_type in ("text/html", "application/xhtml+xml", "text/plain", "application/json")


def names_the_file(case: Case) -> bool:
    """True where the page that came shows or links a file of the name that was due: a viewer."""
    reading = case.answer.reading
    if reading is None:
        return False
    name = unquote(case.cited.path.rpartition("/")[2]).casefold()
    listed = (*reading.requisites, *reading.documents)
    return any(unquote(one.url.path.rpartition("/")[2]).casefold() == name for one in listed)


def _is_file(body: bytes, due: str | None) -> bool:
    """True where the body begins as such files do; readers of PDF forgive up to 1,024 bytes before its mark."""
    if due == "pdf":
        return b"%PDF-" in body[:1024]
    return body.startswith(_MAGIC.get(due or "", ()))
