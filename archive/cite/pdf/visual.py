"""The characters of a stretch as the page shows them, from left to right, and in the order in which they are read."""

from __future__ import annotations

import itertools
import re
from statistics import median

from archive.cite.bidi import Order, unshaped
from archive.cite.pdf.pieces import Piece
from archive.cite.pdf.rows import Row, blank_between

STRONG_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SIGNS = re.compile("[\u064b-\u065f\u0670]+")
Visual = tuple[str, set[int]]
"""The characters of a line from left to right, and which of them are note marks."""


def visual_of(stretch: Row) -> Visual:
    """The characters from left to right, and which of them are note marks."""
    if len(stretch) == 1 and not stretch[0].is_mark:
        return stretch[0].text, set()
    letters: list[str] = []
    marks: set[int] = set()
    is_spaced = _is_letterspaced(stretch)
    before: Piece | None = None
    length = 0
    for number, piece in enumerate(stretch):
        if before is not None and (is_spaced(before, piece) if is_spaced else _is_blank(stretch, number)):
            letters.append(" ")
            length += 1
        if piece.is_mark:
            marks.update(range(length, length + len(piece.text)))
        letters.append(piece.text)
        length += len(piece.text)
        before = piece
    return "".join(letters), marks


def _is_blank(stretch: Row, number: int) -> bool:
    """True where a blank stands before that piece. A vowel sign is as wide as the letter that it stands over."""
    one, other = stretch[number - 1], stretch[number]
    if number + 1 < len(stretch) and _SIGNS.fullmatch(other.text) and stretch[number + 1].left < other.right:
        other = stretch[number + 1]
    return blank_between(one, other)


def places_of(visual: str, stretch: Row) -> list[float]:
    """The left edge of each character of a stretch, as `visual_of` gives them."""
    places: list[float] = []
    right = stretch[0].left if stretch else 0.0
    for piece in stretch:
        if visual[len(places)] == " ":
            places.append(right)
        places += piece.places()
        right = piece.right
    return places


class _Letterspaced:
    """Judges blanks where every letter stands alone."""

    def __init__(self, usual: float) -> None:
        self._usual = usual

    def __call__(self, one: Piece, other: Piece) -> bool:
        return (other.left - one.right) / one.size > 1.8 * self._usual


def _is_letterspaced(stretch: Row) -> _Letterspaced | None:
    single = sum(len(piece.text) == 1 for piece in stretch)
    if len(stretch) < 8 or single < 0.7 * len(stretch) or STRONG_RIGHT.search("".join(p.text for p in stretch)):
        return None
    gaps = [(b.left - a.right) / a.size for a, b in itertools.pairwise(stretch)]
    usual = median(gaps)
    return _Letterspaced(usual) if 0.1 < usual < 0.9 else None


def read(order: Order, places: list[float], marks: set[int]) -> tuple[str, list[float], set[int]]:
    """A line with Arabic, Hebrew or ligatures in reading order, as plain letters, with their places and marks."""
    letters: list[str] = []
    ordered: list[float] = []
    marked: set[int] = set()
    length = 0
    for index, letter in order:
        plain = unshaped(letter) or letter
        letters.append(plain)
        ordered += [places[index]] * len(plain)
        if index in marks:
            marked.update(range(length, length + len(plain)))
        length += len(plain)
    if any("\ud800" <= letter <= "\udfff" for letter in letters):
        letters, ordered = _paired(letters, ordered)
    return "".join(letters), ordered, marked


def _paired(letters: list[str], middles: list[float]) -> tuple[list[str], list[float]]:
    """Halves of characters beyond the first plane, made one."""
    text = "".join(letters).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    places = iter(middles)
    joined: list[float] = []
    for letter in text:
        joined.append(next(places))
        if ord(letter) > 0xFFFF:
            next(places)
    return list(text), joined
