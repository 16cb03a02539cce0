"""What an advertisement says: its label, and words rather than a number or a code."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from archive.corroborate.texts.folding import fold, words

_MOST_CHILDREN = 4
"""Elements of an advertisement with its label."""


def is_ad_label(text: str) -> bool:
    """True for the word above an advertisement."""
    return fold(text).casefold().strip(" .:") in (
        "advertisement", "ad", "ads", "sponsored", "publicité", "publicidad", "anuncio", "إعلان", "advertising",
        "anzeige", "werbung", "reklam", "реклама", "تبلیغات", "广告", "広告", "광고", "pubblicità", "publicidade",
    )  # fmt: skip


def is_labelled(element: Element) -> bool:
    """True for a small element that begins with the word above an advertisement."""
    if len(element) > _MOST_CHILDREN or (element.text or "").strip():
        return False
    first = next(iter(element), None)
    return first is not None and not len(first) and is_ad_label(first.text or "")


def says_words(text: str) -> bool:
    """True for a text with a long word or two short ones: anything else may be a number or a code."""
    lengths = [len(word) for word in words(text) if word.isalpha()]
    return any(length > 3 for length in lengths) or sum(length == 3 for length in lengths) > 1
