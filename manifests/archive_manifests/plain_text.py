"""Text from outside, made safe to print: the one place that decides which characters are spelled out."""

from __future__ import annotations

import binascii
import unicodedata
import zlib

_REORDERING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Controls, lone surrogates, line separators, paragraph separators."""


def one_line(text: str) -> str:
    """The text on one line: controls, line separators, reordering marks and lone surrogates are spelled out."""
    if text.isprintable() and not _REORDERING.intersection(text):
        return text
    return "".join(_spelled(character) if _is_dangerous(character) else character for character in text)


def excerpt(text: object, most: int = 300) -> str:
    """What a server says, on one line and not longer than `most`; empty for blanks, and for what is no text."""
    words = " ".join(text[: 50 * most].split()) if isinstance(text, str) else ""
    return words if len(words) <= most else f"{words[: most - 1]}…"


def lines(text: str) -> str:
    """Several lines of our own: each line is made safe, and what follows the first one is indented.

    A line that came in with a name from outside can then not pass for a line that this program prints.
    """
    first, *others = text.split("\n")
    return "\n".join([one_line(first), *(f"  {one_line(other.strip())}" for other in others)])


def _is_dangerous(character: str) -> bool:
    return unicodedata.category(character) in _CATEGORIES or character in _REORDERING


def _spelled(character: str) -> str:
    return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"


def plain_reason(error: Exception) -> str:
    """Why something could not be read, as people say it: without the words of Python for codecs and error numbers."""
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1:,} is no {_ENCODINGS.get(error.encoding, error.encoding)} text"
    if isinstance(error, UnicodeEncodeError):
        return f"character {error.start + 1:,} cannot be written as {_ENCODINGS.get(error.encoding, error.encoding)}"
    if isinstance(error, binascii.Error):
        return "it is not base64"
    if isinstance(error, zlib.error):
        return "its compressed data are damaged"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


_ENCODINGS = {"ascii": "ASCII", "utf-8": "UTF-8", "utf8": "UTF-8", "latin-1": "Latin-1", "utf-16": "UTF-16"}
