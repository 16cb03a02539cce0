"""What an advertisement says: its label, and words rather than a number or a code."""

from __future__ import annotations

from archive.corroborate.folding import fold, words


def is_ad_label(text: str) -> bool:
    """True for the word above an advertisement."""
    return fold(text).casefold().strip(" .:") in (
        "advertisement", "ad", "ads", "sponsored", "publicité", "publicidad", "anuncio", "إعلان", "advertising",
    )  # fmt: skip


def says_words(text: str) -> bool:
    """True for a text with a long word or two short ones: anything else may be a number or a code."""
    lengths = [len(word) for word in words(text) if word.isalpha()]
    return any(length > 3 for length in lengths) or sum(length == 3 for length in lengths) > 1
