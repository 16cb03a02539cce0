"""Whether a page says what a report says that it says."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DROPPED = re.compile(
    "["
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # soft hyphen, zero-width, bidi controls
    "\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff"  # accents, Arabic signs, tatweel
    "'’‘ʼ`´"  # an apostrophe is written in too many ways to compare
    "]"
)
_ALIKE = str.maketrans("ٱىةکیے", "ايهكيي")
"""Letters that one and the same word is written with; NFKD has taken hamza and madda off their carriers."""
_OTHER = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"(?![0-9])\d")
_ELLIPSIS = re.compile(r"\s*(?:\[?\(?(?:…|\.{3,})\)?\]?)\s*")
_BLOCK = 65_536
_SHORTEST = 8
"""Letters below which a quote proves nothing: "here", "video", "a report"."""


def fold(text: str) -> str:
    """Text as it is compared: letters and digits in one spelling, single spaces between."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    folded = _DROPPED.sub("", folded).translate(_ALIKE)
    folded = _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), folded)
    return _OTHER.sub(" ", folded).strip()


def quote_found(text_of_page: str, quote: str) -> str:
    """`yes`, `no`, or `unknown` where there is no text or the quote is too short to mean anything.

    White space, case, quotation marks, diacritics and tatweel make no difference; an ellipsis stands for any words.
    """
    parts = [part for part in (_solid(part) for part in _ELLIPSIS.split(quote)) if part]
    page = _solid_page(text_of_page)
    if not page or sum(map(len, parts)) < _SHORTEST:
        return "unknown"
    at = 0
    for part in parts:
        at = page.find(part, at)
        if at < 0:
            return "no"
        at += len(part)
    return "yes"


@lru_cache(maxsize=1)
def _solid_page(text: str) -> str:
    """A report quotes one page in several places, so the last one is kept."""
    return "".join(_solid(text[at : at + _BLOCK]) for at in range(0, len(text), _BLOCK))


def _solid(text: str) -> str:
    """Folded, without spaces: a PDF's lines break where the page's do not, and Arabic ones inside words."""
    return fold(text).replace(" ", "")
