"""What of a report may stand on a web server: nothing in it runs, and an HTML page loads nothing."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress

from archive.cite.html import decoded_page
from archive.errors import ReportUnreadable

_MARKUP = (".html", ".htm", ".md")
_XML = (".xhtml", ".svg", ".xml")
_PDF_ACTIVE = re.compile(rb"/JavaScript\b|/Launch\b|/URI\s*\(\s*javascript\s*:", re.IGNORECASE)
_MARKUP_ACTIVE = re.compile(
    rb"<script|[\s\"'/]on[a-z]+\s*=|javascript\s*:|<i?frame|<object|<embed|<base\b|http-equiv\s*=\s*.?refresh|preconnect",
    re.IGNORECASE,
)
_LARGEST = 64 << 20
"""Bytes of one stream of a PDF that are looked through."""
_SAFE_HEAD = (
    b'<meta charset="%s"><meta name="robots" content="noindex, nofollow, noarchive">'
    b'<meta name="referrer" content="no-referrer"><meta http-equiv="Content-Security-Policy" content="'
    b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
)
_HEAD = re.compile(re.escape(_SAFE_HEAD).replace(b"%s", b"[a-z0-9_:.-]{1,40}"))
_START = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<!doctype[^>]*>\s*)?", re.IGNORECASE)


def could_run(name: str, content: bytes) -> bool:
    """True of a file that could run a program, or load something, in the browser or viewer of who opens it."""
    suffix = name[name.rfind(".") :].lower()
    if suffix in _XML:
        return True
    if suffix in _MARKUP:
        # With such bytes a browser may see other letters than these. (Encoding Standard, 12.2 and 14.2)
        is_plain = b"\0" not in content and b"\x1b" not in content and _encoding(content) is not None
        return not is_plain or _MARKUP_ACTIVE.search(content) is not None
    return suffix == ".pdf" and any(_PDF_ACTIVE.search(part) for part in _parts(content))


def _parts(content: bytes) -> Iterator[bytes]:
    """Yield a PDF and its compressed streams, since names may be written with codes and stand in object streams."""
    yield _plain_names(content)
    for start in re.finditer(rb"stream\r?\n", content):
        with suppress(zlib.error):
            yield _plain_names(zlib.decompressobj().decompress(content[start.end() :], _LARGEST))


def _plain_names(content: bytes) -> bytes:
    """The bytes with `#4a` in names as the letter that it stands for. (ISO 32000-2, 7.3.5)"""
    return re.sub(rb"#([0-9a-fA-F]{2})", lambda code: bytes([int(code[1], 16)]), content)


def _encoding(page: bytes) -> str | None:
    try:
        return decoded_page(page)[1]
    except ReportUnreadable:
        return None


def quiet_page(content: bytes) -> bytes:
    """An HTML page that loads nothing from elsewhere and that search engines leave out; all else is as it was."""
    start = _START.match(content)
    at = start.end() if start else 0
    return content[:at] + _SAFE_HEAD % (_encoding(content) or "utf-8").encode("ascii", "replace") + content[at:]


def without_quiet_head(content: bytes) -> bytes:
    """The page as it was before `quiet_page`."""
    return _HEAD.sub(b"", content, count=1)
