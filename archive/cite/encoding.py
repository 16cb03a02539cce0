"""Bytes of a text file -> characters."""

from __future__ import annotations

import codecs
import re

from archive.errors import ReportUnreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark starts with that one's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
"""How pictures begin, also such as are cut off before their first zero byte."""
_SECRET = re.compile(rb"\A\s*(?:-----BEGIN [A-Z ]*PRIVATE KEY|PuTTY-User-Key-File-|(?:#[^\n]*\n\s*)*AGE-SECRET-KEY-)")
"""A file that is a key; a report may quote how one begins."""
_HEAD = 2000


def decode(data: bytes, *, what: str) -> tuple[str, str]:
    """The text, its byte order mark dropped and CRLF and CR turned into LF, and the name of the encoding.

    A mark decides; then UTF-8 if the bytes are that; then UTF-16 by its zero bytes; then windows-1256
    or windows-1252, whichever makes words. Raises `ReportUnreadable`.
    """
    if data.startswith(_PICTURES):
        raise ReportUnreadable(f"{what}: a picture, so it is no text; give PDF, DOCX, ODT, HTML or text")
    if _SECRET.search(data[:_HEAD]):
        raise ReportUnreadable(f"{what}: a secret key, and no report; give the report")
    encoding, mark = _encoding(data)
    try:
        text = data[mark:].decode(encoding)
    except UnicodeDecodeError as error:
        raise ReportUnreadable(
            f"{what}: not {encoding} from byte {error.start + mark:,} on; save it as UTF-8 and try again"
        ) from error
    if "\0" in text:
        raise ReportUnreadable(f"{what}: holds binary data, so it is no text; give PDF, DOCX, ODT, HTML or text")
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _encoding(data: bytes) -> tuple[str, int]:
    """The encoding, and the length of the byte order mark."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name, len(mark)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data), 0
    return _utf16_without_mark(data) or "utf-8", 0


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 of mostly Latin text has a zero in nearly every other byte, and is valid UTF-8 by accident."""
    sample = data[:4000]
    if b"\0" not in sample or len(data) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.3 * half and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 * half and odd == 0 else None


def _legacy(data: bytes) -> str:
    """One of the two code pages of Syrian and of Western European typists, or UTF-16 without a mark."""
    if wide := _utf16_without_mark(data):
        return wide
    sample = data[:1_000_000]
    arabic = sample.decode("cp1256", "replace")
    western = sample.decode("cp1252", "replace")
    # Arabic text under 1252 is a run of accented letters without a vowel between: ÇáÓæÑíÉ.
    runs_arabic = sum(map(len, re.findall("[\u0620-\u064a]{3,}", arabic)))
    runs_western = sum(map(len, re.findall("[A-Za-z][À-ÿ]|[À-ÿ][A-Za-z]|(?<![À-ÿ])[À-ÿ](?![À-ÿ])", western)))
    if runs_arabic > runs_western:
        return "cp1256"
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "cp1256"  # assigns every byte
    return "cp1252"
