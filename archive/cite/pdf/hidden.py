"""Which part of a printed address the page hides: what is beyond its edge, or outside a cell that cuts it off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archive.cite.pdf.drawn import Cut
from archive.cite.pdf.lines import Line

_NEAR = 1.2
"""Of the font's size: a last glyph that begins so near to the edge is the one that it cuts."""
_BESIDE = 0.2
"""Of the font's size: a glyph that ends so near to the edge may have one behind it that is hidden whole."""
_WORD = re.compile(r"[!-~]+")
_PART = re.compile(r"\w[/=&?%_]\w*[0-9/=&?%_]|[=&?%]\w|\w\.\w+/")
"""Characters that no word of a sentence has."""


def cut_words(lines: list[Line], cuts: Iterable[Cut]) -> Iterator[tuple[Line, int, str]]:
    """Yield the words that a cell or the page's edge cuts off and that look like a part of an address."""
    cuts = list(cuts)
    for line in lines if cuts else ():
        for word in _WORD.finditer(line.text):
            if _PART.search(word[0]) and hidden_end(line, word.start(), word.end(), tuple(cuts)) is not None:
                yield line, word.start(), word[0]


def hidden_end(line: Line, start: int, end: int, cuts: tuple[Cut, ...]) -> int | None:
    """How many of the line's characters before `end` are hidden; None where nothing cuts the address off.

    `start` is its first character in the line. 0 where only a part of its first or last glyph is cut: then the file
    itself does not hold the rest.
    """
    if line.turn != 0 or end <= start:
        return None
    least: int | None = None
    for cut in cuts:
        if not cut.text.bottom - line.size <= line.base <= cut.text.top or not _covers(line, start, end, cut):
            continue
        hidden = sum(place > cut.seen.right - 0.1 * line.size for place in line.places[start:end])
        is_at_the_end = line.places[end - 1] > cut.seen.right - _NEAR * line.size
        is_at_the_start = line.places[start] < cut.seen.left + 0.1 * line.size
        if hidden or is_at_the_end or is_at_the_start:
            least = max(least or 0, hidden)
    if least is None and any(_ends_at(line, end, cut) for cut in cuts):
        return 0
    return least


def _ends_at(line: Line, end: int, cut: Cut) -> bool:
    """True where the last glyph ends right at an edge that cuts other text of the page.

    Chromium leaves out glyphs that are hidden whole, and states no edge for those that are shown whole.
    """
    right = line.places[end] if end < len(line.places) else line.right
    return abs(right - cut.seen.right) < _BESIDE * line.size


def _covers(line: Line, start: int, end: int, cut: Cut) -> bool:
    """True where the text that is cut holds characters of the address."""
    return line.places[start] <= cut.text.right and line.places[end - 1] >= cut.text.left - _NEAR * line.size
