"""Text from outside, made safe to print: the one place that decides which characters are spelled out."""

from __future__ import annotations

import unicodedata

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
