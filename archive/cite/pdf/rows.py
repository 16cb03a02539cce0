"""Pieces of a page -> rows, each cut where a column or a table cell ends. Knows geometry, and nothing of PDF."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from statistics import median

from msgspec import Struct

from archive.cite.pdf.drawn import Rule
from archive.cite.pdf.pieces import BLANK, NARROW_BLANK, Piece

SAME_ROW = 0.2
"""Of the smaller font: baselines closer than that are one row."""
SMALL = 0.86
"""Of its neighbour's size: a raised piece below that is a note mark."""
_SURE_GUTTER = 2.2
_GUTTER_BESIDE_ONE = 1.0
_GUTTER_BETWEEN_TWO = 0.45
_BESIDE_CORRIDOR = 0.5
"""In em: a gap of that width parts columns, alone, beside one row that has it too, between two, in a free strip."""
_CORRIDOR = 12
"""Times the font's size: how far above and below rows show a free strip."""
_UNLIKE_OTHERS = 1.5
"""Times the usual blank of the row: justified lines have wide blanks, all of one width."""
_LONGEST_MARK = 12
"""Characters."""
MOST_SHIFTED = 3
SHIFTED = 0.5
"""In em: how far above their row a vowel sign and its letter may be, and how many characters they are."""
MOST_PIECES = 4_000
"""In one row; more are cut into rows of that length, so that no row is quadratic."""

_ARABIC = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_MARK = re.compile(r"[(\[]?(?:[0-9]{1,4}|[ivxlc]{1,5}|[A-Za-z]{1,2}|[*†‡§¶#]{1,3})[)\]]?(?:[,;–-][0-9]{1,4})*[.,]?")


class ColumnGap(Struct, frozen=True):
    """A blank within a row."""

    left: float
    right: float
    em: float


Row = list[Piece]
"""Pieces on one baseline, from left to right."""


def rows_of(pieces: Iterable[Piece]) -> list[Row]:
    """The rows of one direction, top first, with note marks set into the row that they belong to."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda piece: -piece.base):
        row = rows[-1] if rows else None
        if row and row[0].base - piece.base <= SAME_ROW * min(row[0].size, piece.size) and len(row) < MOST_PIECES:
            row.append(piece)
        else:
            rows.append([piece])
    return [_without_doubles(row) for row in _with_marks(rows) if row]


def _with_marks(rows: list[Row]) -> list[Row]:
    """Move raised marks from rows of their own to the row just below whose words they touch."""
    for number, row in enumerate(rows):
        below = _rows_below(rows, number)
        if not below:
            continue
        if any(len(piece.text) <= _LONGEST_MARK for piece in row):
            for one in (row, *below):
                one[:] = _words(one)
        left: Row = []
        for piece in row:
            home = next((other for other in below if _is_mark_in(piece, other)), None)
            over = next((other for other in below if _is_shifted_from(piece, other)), None)
            if home is not None:
                piece.is_mark = True
                home.append(piece)
            elif over is not None:
                piece.base = over[0].base
                over.append(piece)
            else:
                left.append(piece)
        row[:] = left
    return rows


def _rows_below(rows: list[Row], number: int) -> list[Row]:
    """Rows that start lower, by less than a line."""
    below: list[Row] = []
    top = rows[number][0]
    for other in rows[number + 1 : number + 6]:
        if other and top.base - other[0].base > 0.9 * max(piece.size for piece in other[:50]):
            break
        if other:
            below.append(other)
    return below


def _is_mark_in(piece: Piece, row: Row) -> bool:
    """True for a small raised piece that touches a word of the row."""
    if len(piece.text) > _LONGEST_MARK or not _MARK.fullmatch(piece.text):
        return False
    for word in row:
        is_raised = SMALL * word.size > piece.size and 0.1 < (piece.base - word.base) / word.size < 0.75
        if (
            is_raised
            and not word.is_mark
            and (
                -0.4 < (piece.left - word.right) / word.size < 0.35
                or -0.4 < (word.left - piece.right) / word.size < 0.35
            )
        ):
            return True
    return False


def _is_shifted_from(piece: Piece, row: Row) -> bool:
    """True for a few Arabic letters or vowel signs a little above the row they belong to.

    Producers place the signs of Arabic one by one, and sometimes the letter that carries one with it.
    """
    if len(piece.text) > MOST_SHIFTED or not _ARABIC.search(piece.text):
        return False
    size = max(piece.size, row[0].size)
    left, right = min(word.left for word in row), max(word.right for word in row)
    return left - size < piece.left < right + size and 0 < piece.base - row[0].base < SHIFTED * size


def _without_doubles(row: Row) -> Row:
    """The row from left to right; what is painted twice, to look bold, is taken once."""
    if len(row) == 1:
        return row
    ordered = sorted(row, key=_from_left)
    if any(other.left < one.right for one, other in itertools.pairwise(ordered)):
        ordered = sorted(_words(row), key=_from_left)
    pieces: Row = []
    for piece in ordered:
        is_double = any(
            other.text == piece.text and abs(other.left - piece.left) < 0.15 * piece.size for other in pieces[-3:]
        )
        if not is_double:
            pieces.append(piece)
    return pieces


def _words(row: Row) -> Row:
    """The row with each word of its runs as a piece of its own."""
    return [word for piece in row for word in piece.words()]


def _from_left(piece: Piece) -> tuple[float, int]:
    """By place; the two letters of an Arabic ligature, which share one, in the order that is turned round later."""
    return piece.left, -piece.index if _ARABIC.match(piece.text) else piece.index


def blank_between(one: Piece, other: Piece) -> bool:
    """True where a reader sees a blank between two neighbours."""
    limit = NARROW_BLANK if other.is_after_blank and other.index > one.index else BLANK
    return other.left - one.right > limit * min(one.size, other.size)


def gaps_of(row: Row) -> list[ColumnGap]:
    """The blanks of a row that are wide enough to part columns."""
    gaps: list[ColumnGap] = []
    right = row[0].right
    for one, other in itertools.pairwise(row):
        right = max(right, one.right)
        em = (other.left - right) / max(one.size, other.size)
        if em > _GUTTER_BETWEEN_TWO:
            gaps.append(ColumnGap(right, other.left, em))
    return gaps


def usual_blank(row: Row) -> float:
    """The blank between words of the row, in em; 0 where it has too few to say."""
    blanks = [
        (other.left - one.right) / one.size
        for one, other in itertools.pairwise(row)
        if other.left - one.right > BLANK * one.size
    ]
    blanks += [blank / piece.size for piece in row for blank in piece.blanks() if blank > BLANK * piece.size]
    return median(blanks) if len(blanks) > 2 else 0.0


def cut_rows(rows: list[Row], rules: Iterable[Rule]) -> list[list[Row]]:
    """Each row as the stretches that belong to one column or cell."""
    gaps = [gaps_of(row) if len(row) > 1 else [] for row in rows]
    usual = [usual_blank(row) if found else 0.0 for row, found in zip(rows, gaps, strict=True)]
    edges = _Edges(rules)
    cut: list[list[Row]] = []
    for number, row in enumerate(rows):
        if len(row) == 1:
            cut.append([row])
            continue
        cuts = _gutters(rows, gaps, number, usual[number]) if gaps[number] else []
        cuts += edges.between(row)
        cut.append(_split(row, sorted(cuts)))
    return cut


def _gutters(rows: list[Row], gaps: list[list[ColumnGap]], number: int, usual: float) -> list[float]:
    """Where the row is cut because the space before a piece parts columns: the left edges of these pieces."""
    above, below = _neighbours(rows, gaps, number)
    cuts = [gap.right for gap in gaps[number] if _is_gutter(gap, usual, above, below)]
    return cuts + [gap.right for gap in gaps[number] if gap.em > _BESIDE_CORRIDOR and _is_corridor(rows, number, gap)]


def _is_corridor(rows: list[Row], number: int, gap: ColumnGap) -> bool:
    """True where a strip of the gap stays free over several rows above and below that have words on both its sides."""
    base, size = rows[number][0].base, rows[number][0].size
    left, right = gap.left, gap.right
    before = after = 0
    for step in (-1, 1):
        at = number + step
        while 0 <= at < len(rows) and abs(rows[at][0].base - base) < _CORRIDOR * size:
            free = _free_strip(rows[at], left, right)
            if free[1] - free[0] < 0.5 * size:
                break
            left, right = free
            before += rows[at][0].left < left
            after += rows[at][-1].right > right
            at += step
    return before >= 2 and after >= 2


def _free_strip(row: Row, left: float, right: float) -> tuple[float, float]:
    """The widest part between `left` and `right` that no piece of the row covers."""
    widest, start = (left, left), left
    for piece in row:
        if piece.right <= start or piece.left >= right:
            continue
        if piece.left - start > widest[1] - widest[0]:
            widest = (start, piece.left)
        start = max(start, piece.right)
    return (start, right) if right - start > widest[1] - widest[0] else widest


def _neighbours(
    rows: list[Row], gaps: list[list[ColumnGap]], number: int
) -> tuple[list[list[ColumnGap]], list[list[ColumnGap]]]:
    """The gaps of the two rows above and the two below, nearest first, where they are near."""
    base, reach = rows[number][0].base, 3.5 * max(piece.size for piece in rows[number][:50])
    above = [gaps[other] for other in range(number - 1, max(number - 3, -1), -1) if rows[other][0].base - base < reach]
    below = [gaps[o] for o in range(number + 1, min(number + 3, len(rows))) if base - rows[o][0].base < reach]
    return above, below


def _is_gutter(gap: ColumnGap, usual: float, above: list[list[ColumnGap]], below: list[list[ColumnGap]]) -> bool:
    is_unlike_others = gap.em > _UNLIKE_OTHERS * usual
    beside = [[other for other in gaps if _overlap(gap, other)] for gaps in (*above, *below)]
    if gap.em > _SURE_GUTTER:
        return is_unlike_others or any(beside)
    if not is_unlike_others:
        return False
    if gap.em > _GUTTER_BESIDE_ONE:
        return any(beside)
    return sum(map(bool, beside)) >= 2 and bool(above[:1] and below[:1] and any(map(bool, beside[:1])))


def _overlap(one: ColumnGap, other: ColumnGap) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared > 0.6 * min(one.right - one.left, other.right - other.left)


class _Edges:
    """Vertical lines of a page: table rules, and the sides of boxes."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        sides: list[tuple[float, float, float]] = []
        for rule in rules:
            if rule.top - rule.bottom < 6:
                continue
            if rule.right - rule.left < 2:
                sides.append(((rule.left + rule.right) / 2, rule.bottom, rule.top))
            elif rule.top - rule.bottom > 14 and rule.right - rule.left > 14:
                sides += [(rule.left, rule.bottom, rule.top), (rule.right, rule.bottom, rule.top)]
        self._sides = sorted(sides)
        self._places = [side[0] for side in self._sides]

    def between(self, row: Row) -> list[float]:
        """Where the row is cut: the left edges of pieces that stand right of a line."""
        if not self._sides:
            return []
        cuts: list[float] = []
        middle = row[0].base + 0.3 * row[0].size
        for one, other in itertools.pairwise(row):
            if other.left - one.right <= 0.05 * one.size:
                continue
            low = bisect_left(self._places, one.right - 0.5)
            high = bisect_right(self._places, other.left + 0.5)
            if any(bottom <= middle <= top for _, bottom, top in self._sides[low:high]):
                cuts.append(other.left)
        return cuts


def _split(row: Row, cuts: list[float]) -> list[Row]:
    stretches: list[Row] = [[]]
    for piece in row:
        while cuts and piece.left >= cuts[0] - 0.01:
            cuts.pop(0)
            if stretches[-1]:
                stretches.append([])
        stretches[-1].append(piece)
    return stretches


def with_underscores(row: Row, rules: Iterable[Rule]) -> Row:
    """The row with `_` where a short rule under the baseline fills a gap: TeX draws underscores so."""
    drawn = [
        Piece("_", [rule.left], rule.right, row[0].base, row[0].size, 0, row[0].index, is_after_blank=False)
        for rule in rules
        if rule.top - rule.bottom < 1.2
        and 1 < rule.right - rule.left < 9
        and -0.3 * row[0].size < rule.top - row[0].base < 0.1 * row[0].size
        and row[0].left < rule.left < row[-1].right
    ]
    free = [one for one in drawn if not any(piece.left < (one.left + one.right) / 2 < piece.right for piece in row)]
    return sorted([*row, *free], key=lambda piece: (piece.left, piece.index)) if free else row
