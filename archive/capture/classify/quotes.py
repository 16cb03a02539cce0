"""Whether a page contains what a report quotes from it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from archive_manifests.sources import Citation, Source

_DROPPED = re.compile(
    "["
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # soft hyphen, zero-width, bidi controls
    "\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff"  # accents, Arabic signs, tatweel
    "'’‘ʼ`´"  # an apostrophe is written in too many ways to compare
    "]"
)
_ALIKE = str.maketrans("ٱىةکیے", "ايهكيي")
"""Variant letters of the same word; NFKD has already separated hamza and madda."""
_NO_APOSTROPHES = str.maketrans("", "", "'`")
"""What `_DROPPED` has of ASCII."""
_OTHER = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"(?![0-9])\d")
_ELLIPSIS = re.compile(r"\s*(?:\[?\(?(?:…|\.{3,})\)?\]?)\s*")
_SHORT = 1024
_LONG = 1 << 18
"""Characters of a text of which hundreds are remembered, and two."""
_BLOCK = 65_536
_QUOTATION = re.compile('“([^”“]+)”|„([^“”„]+)[“”]|«([^»«]+)»|‹([^›‹]+)›|"([^"]+)"|「([^」]+)」')
"""A pair of quotation marks and the text between; single ones are apostrophes too often."""
_LONGEST_CONTEXT = 4000
_SHORTEST = 8
"""Letters below which a quote proves nothing: "here", "video", "a report"."""


def fold(text: str) -> str:
    """Text as it is compared: letters and digits in one spelling, single spaces between."""
    if len(text) < _SHORT:
        return _fold_short(text)
    return _fold_long(text) if len(text) < _LONG else _folded(text)


def _folded(text: str) -> str:
    if text.isascii():
        return _OTHER.sub(" ", text.lower().translate(_NO_APOSTROPHES)).strip()
    folded = unicodedata.normalize("NFKD", text).casefold()
    folded = _DROPPED.sub("", folded).translate(_ALIKE)
    folded = _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), folded)
    return _OTHER.sub(" ", folded).strip()


# A dozen checks look at one page, its title and its path.
_fold_short = lru_cache(maxsize=256)(_folded)
_fold_long = lru_cache(maxsize=2)(_folded)


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


def quotes_of(source: Source) -> tuple[str, ...]:
    """The quotations of a source: the manifest's `quote`, else link words inside quotation marks.

    A link's own words are no quotation: nobody is to be accused of misquoting what nobody quoted.
    """
    if source.quote is not None:
        return (source.quote,)
    return tuple(dict.fromkeys(quote for citation in source.citations for quote in _marked(citation)))


def any_quote_found(text_of_page: str, quotes: Iterable[str]) -> str:
    """`yes` where one of the quotations occurs, `no` where none does, `unknown` where none can be compared."""
    answers = {quote_found(text_of_page, quote) for quote in quotes}
    return next((answer for answer in ("yes", "no") if answer in answers), "unknown")


def _marked(citation: Citation) -> Iterator[str]:
    """The quotations that contain a citation's link words, or that the link words contain."""
    anchor, context = citation.anchor or "", citation.context or ""
    if not anchor:
        return
    yield from (quote for quote in _in_marks(anchor) if quote)
    start = context.find(anchor)
    for quote in _in_marks(context) if start >= 0 else ():
        if anchor in quote:
            yield quote


def _in_marks(text: str) -> Iterator[str]:
    """The text inside a pair of quotation marks, without the marks."""
    for found in _QUOTATION.finditer(text[:_LONGEST_CONTEXT]):
        yield next(group for group in found.groups() if group is not None).strip()


@lru_cache(maxsize=1)
def _solid_page(text: str) -> str:
    """Cached: a report quotes one page in several places."""
    return "".join(_solid(text[at : at + _BLOCK]) for at in range(0, len(text), _BLOCK))


def _solid(text: str) -> str:
    """Folded, without spaces: a PDF's lines break where the page's do not, and Arabic ones inside words."""
    return fold(text).replace(" ", "")
