"""Text from outside, made harmless for a terminal."""

from __future__ import annotations

import unicodedata

_KEPT = {"\n", "\t"}
_BIDI = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def harmless(text: str) -> str:
    """The text with control characters, terminal escapes, bidi overrides and lone surrogates spelled out."""
    return "".join(
        character if character in _KEPT or not _is_dangerous(character) else _spelled(character) for character in text
    )


def _is_dangerous(character: str) -> bool:
    return character in _BIDI or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def _spelled(character: str) -> str:
    return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"
