"""A page's rows -> lines in reading order, and where each line continues."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import cast

from msgspec import Struct, field

from archive.cite.bidi import direction_by_stops, direction_of, has_moved_stop, reads_backwards
from archive.cite.pdf.drawn import Cut, Rule
from archive.cite.pdf.glyphs import GlyphPage
from archive.cite.pdf.paragraph_lines import tie
from archive.cite.pdf.pieces import Piece
from archive.cite.pdf.rows import Row, cut_rows, rows_of, with_underscores
from archive.cite.pdf.visual import STRONG_RIGHT, Visual, places_of, read, visual_of
from archive.cite.shown_orders import orders

SAME_SIZE = 0.15
_GAP_IN_ROW = 2.0
"""Em between two words of a justified line, at most."""
_NEXT_PARAGRAPH = 5.0
"""Em from the last baseline of a paragraph to the first of the next, at most."""
_NEAR = 5
"""Lines above and below a short paragraph."""
_NEAR_DIRECTION = 12
"""Lines above and below one whose direction they may show."""
_PARAGRAPH = 1.4
"""Times the usual distance of lines: more parts paragraphs."""
_SPECIAL = re.compile("[\u0590-\u08ff\ufb00-\ufdff\ufe70-\ufefc\ud800-\udfff]")
"""What is not read as it stands."""
_STRAIGHT = (0, 90, 180, 270)


Height = tuple[int, int]
"""Baseline and size of a line, in whole points."""


@dataclass(slots=True, eq=False)
class Line:
    """One line of one column or table cell. No struct, of which none can be pickled that names one that names it."""

    page: int
    text: str
    """In reading order."""
    stretch: Row
    """The pieces of which it is made, from left to right."""
    marks: frozenset[int]
    """Indices of characters that are note marks."""
    left: float
    right: float
    base: float
    size: float
    turn: int
    index: int
    is_right_to_left: bool = False
    offset: int = 0
    """Of its first character, in the text of the report."""
    above: Line | None = None
    below: Line | None = None
    is_running: bool = False
    """A running header or footer, a page number, a number in the margin."""
    paragraph_ends: bool = False
    """An empty line follows in the text."""
    is_taken: bool = False
    """An address of the page before goes on in it."""
    column: tuple[float, float] = (0.0, 0.0)
    """Left and right of the column, as the lines of the block show it."""
    block_lines: int = 1
    """How many lines show that."""
    ordered: list[float] | None = None
    """The places of its characters, where their order is not that of the page."""
    is_direction_sure: bool = False
    """Its own stops show its direction."""
    otherwise: tuple[str, ...] = ()
    """The line in other orders, likelier ones first, where an address in it touches letters of the other direction."""

    @property
    def places(self) -> list[float]:
        """The left edge of each character along the line."""
        if self.ordered is None:
            self.ordered = places_of(self.text, self.stretch)
        return self.ordered

    @property
    def scanned(self) -> str:
        """The text without its note marks, blanks in their place."""
        return _scanned(self.text, self.marks)

    @property
    def height(self) -> Height:
        return round(self.base), round(self.size)

    def overlaps(self, other: Line) -> bool:
        return min(self.right, other.right) - max(self.left, other.left) > 0.5

    def has_size_of(self, other: Line) -> bool:
        return abs(self.size - other.size) <= SAME_SIZE * max(self.size, other.size)


def _scanned(text: str, marks: frozenset[int]) -> str:
    if not marks:
        return text
    return "".join(" " if index in marks else letter for index, letter in enumerate(text))


class Layout(Struct):
    """The lines of a page, in reading order."""

    number: int
    lines: list[Line] = field(default_factory=list)
    is_cut: bool = False
    stream: str = ""
    """The page's characters in the order of the file."""
    cuts: tuple[Cut, ...] = ()
    _by_height: dict[Height, list[Line]] | None = None

    def at_height(self, height: Height) -> list[Line]:
        """The lines that the page's text has at that height."""
        if self._by_height is None:
            self._by_height = {}
            for line in self.lines:
                self._by_height.setdefault(line.height, []).append(line)
        return self._by_height.get(height, [])


def lay_out(page: GlyphPage, number: int) -> Layout:
    """The page's lines; those of each direction of writing on their own."""
    by_turn: dict[int, list[Piece]] = {}
    for piece in page.pieces:
        by_turn.setdefault(piece.turn, []).append(piece)
    lines: list[Line] = []
    undecided: list[_Undecided] = []
    for turn, pieces in by_turn.items():
        if turn in _STRAIGHT:
            stretches = _stretches(pieces, [_turned(rule, turn) for rule in page.rules])
        else:  # a watermark: its order is the file's own
            stretches = [sorted(pieces, key=lambda piece: piece.index)]
        lines += _lines(stretches, number, turn, undecided)
    tie(lines)
    if undecided:
        _decide(undecided, lines)
        tie(lines)
    ordered = _in_reading_order(lines)
    return Layout(number, ordered, page.is_cut, page.stream, page.cuts)


def _stretches(pieces: list[Piece], rules: list[Rule]) -> list[Row]:
    low = [rule for rule in rules if rule.top - rule.bottom < 1.2 and 1 < rule.right - rule.left < 9]
    rows = rows_of(pieces)
    if low:
        rows = [with_underscores(row, _near(low, row)) for row in rows]
    return [stretch for row in cut_rows(rows, rules) for stretch in row if stretch]


def _near(rules: list[Rule], row: Row) -> list[Rule]:
    base, size = row[0].base, row[0].size
    return [rule for rule in rules if abs(rule.top - base) < 0.4 * size]


def _turned(rule: Rule, turn: int) -> Rule:
    """The rule in the frame of lines of that direction."""
    left, bottom, right, top = turned_box((rule.left, rule.bottom, rule.right, rule.top), turn)
    return Rule(left, bottom, right, top)


def turned_box(box: tuple[float, float, float, float], turn: int) -> tuple[float, float, float, float]:
    """A rectangle of the page (left, bottom, right, top) in the frame of lines of that direction."""
    left, bottom, right, top = box
    if turn == 90:
        return bottom, -right, top, -left
    if turn == 180:
        return -right, -top, -left, -bottom
    if turn == 270:
        return -top, left, -bottom, right
    return box


class _Undecided(Struct, frozen=True):
    """A line whose direction is its neighbours': it holds nothing but part of an address, say."""

    line: Line
    visual: Visual
    is_rtl: bool | None = None
    """What its letters say, where stops of other lines on the page may show that it is not so."""


def _lines(stretches: list[Row], number: int, turn: int, undecided: list[_Undecided]) -> list[Line]:
    seen = [visual_of(stretch) for stretch in stretches]
    rtl = [text for text, _ in seen if not text.isascii() and STRONG_RIGHT.search(text)]
    has_rtl = bool(rtl) or any(text[0] in "/.,:;" and direction_of(text) for text, _ in seen if text)
    # A producer that knows no Arabic paints it from left to right, unshaped: then it is in order already.
    is_in_order = turn not in _STRAIGHT or (bool(rtl) and reads_backwards("\n".join(rtl)) is False)
    if not has_rtl or is_in_order:
        known = zip(stretches, seen, strict=True)
        return [_line(stretch, *visual, number) for stretch, visual in known if visual[0].strip()]
    by_stops = [direction_by_stops(text) for text, _ in seen]
    lines: list[Line] = []
    for stretch, visual, stop in zip(stretches, seen, by_stops, strict=True):
        if not visual[0].strip():
            continue
        line = _line(stretch, *visual, number)
        lines.append(line)
        direction = direction_of(visual[0]) if stop is None else stop
        line.is_direction_sure = stop is not None
        _turn(line, visual, is_rtl=direction is True, is_sure=stop is not None or direction is False)
        if direction is None or (direction and stop is None and False in by_stops):
            undecided.append(_Undecided(line, visual, direction))
    return lines


def _decide(undecided: list[_Undecided], lines: list[Line]) -> None:
    """Read lines from right to left that hold nothing of a direction of their own, where their neighbours are so."""
    waiting = {id(one.line) for one in undecided}
    for one in undecided:
        near = [other for step in ("above", "below") if (other := _near_line(one.line, step, waiting))]
        if one.is_rtl:
            sure = [other.is_right_to_left for other in near if other.is_direction_sure]
            is_rtl = not sure or any(sure)
        else:
            rtl = [other.is_right_to_left for other in near or lines if id(other) not in waiting]
            least = 1 if near and has_moved_stop(one.visual[0]) else len(rtl) // 2 + 1
            is_rtl = bool(rtl) and sum(rtl) >= least
        if is_rtl is not one.line.is_right_to_left:
            _turn(one.line, one.visual, is_rtl=is_rtl, is_sure=False)


def _near_line(line: Line, step: str, waiting: set[int]) -> Line | None:
    """The nearest line above or below whose direction is known."""
    one, count = getattr(line, step), 0
    while one is not None and count < _NEAR_DIRECTION:
        if id(one) not in waiting:
            return cast("Line", one)
        one, count = getattr(one, step), count + 1
    return None


def _turn(line: Line, visual: Visual, *, is_rtl: bool, is_sure: bool) -> None:
    """Read a line in that direction, and note how else the addresses in it may be read."""
    text, marks = visual
    if not is_rtl and (text.isascii() or not _SPECIAL.search(text)):
        return
    places = places_of(text, line.stretch)
    first, *others = (read(order, places, marks) for order in orders(text, is_rtl=is_rtl, is_sure=is_sure))
    line.text, line.ordered, marked = first
    line.marks, line.is_right_to_left = frozenset(marked), is_rtl
    line.otherwise = tuple(_scanned(words, frozenset(marked)) for words, _, marked in others)


def _line(stretch: Row, visual: str, marks: set[int], number: int) -> Line:
    """A line whose characters are in order from left to right."""
    places: list[float] | None = None
    if not visual.isascii() and _SPECIAL.search(visual):
        visual, places, marks = read(list(enumerate(visual)), places_of(visual, stretch), marks)
    words = ([piece for piece in stretch if not piece.is_mark] or stretch) if marks else stretch
    largest = max(words, key=lambda piece: len(piece.text)) if len(words) > 1 else words[0]
    return Line(
        number,
        visual,
        stretch,
        frozenset(marks),
        stretch[0].left,
        max(p.right for p in stretch),
        largest.base,
        largest.size,
        largest.turn,
        min(piece.index for piece in stretch),
        ordered=places,
    )


def _in_reading_order(lines: list[Line]) -> list[Line]:
    """Blocks in the order of the page's content, each from top to bottom."""
    blocks: list[list[Line]] = []
    taken: set[int] = set()
    for line in sorted(lines, key=lambda line: (line.turn, -line.base, line.left)):
        if id(line) in taken:
            continue
        block = [line]
        taken.add(id(line))
        while (following := block[-1].below) and following.above is block[-1] and id(following) not in taken:
            block.append(following)
            taken.add(id(following))
        _mark_paragraphs(block)
        blocks.append(block)
    blocks.sort(key=lambda block: min(line.index for line in block))
    return [line for block in blocks for line in block]


def _mark_paragraphs(block: list[Line]) -> None:
    """Note where paragraphs end, and the edges of the column as each paragraph shows them."""
    distances = [one.base - other.base for one, other in itertools.pairwise(block)]
    usual = median(distances) if distances else 0.0
    start = 0
    for number, line in enumerate(block):
        line.paragraph_ends = number == len(block) - 1 or distances[number] > _PARAGRAPH * usual
        if line.paragraph_ends:
            _mark_column(block, start, number + 1)
            start = number + 1


def _mark_column(block: list[Line], start: int, end: int) -> None:
    """Note the edges of the column for the lines of one paragraph; a short one is seen with those near it."""
    near = block[start:end] if end - start > 2 else block[max(0, start - _NEAR) : end + _NEAR]
    filled = [line for line in near if " " in line.text.strip()]
    if len(filled) < 2:  # an address may stick out of its column
        filled = near
    column = min(one.left for one in filled), max(one.right for one in filled)
    for line in block[start:end]:
        line.column, line.block_lines = column, len(near)


def continuations(line: Line, layout: Layout, after: Layout | None) -> Iterator[tuple[str, Line]]:
    """Yield where the line may go on, likeliest first: kind (`line`, `column`, `page`) and the line."""
    if line.size == 0.0:
        return
    if line.below is not None and not line.below.is_running:
        yield "line", line.below
        return
    beside = [
        other
        for other in layout.lines
        if other.turn == line.turn
        and not other.is_running
        and other.has_size_of(line)
        and other.base > line.base + line.size
        and (other.right < line.left if line.is_right_to_left else other.left > line.right)
    ]
    if (start := _start_of_row(line, layout)) is not line and start.below is not None and not start.below.is_running:
        yield "column", start.below
    if any(
        0 < line.base - other.base < _NEXT_PARAGRAPH * line.size
        and other.turn == line.turn
        and not other.is_running
        and other.has_size_of(line)
        and other.overlaps(line)
        for other in layout.lines
    ):
        return  # the next paragraph of the same column
    if beside:
        nearest = min(beside, key=lambda other: abs(other.left - line.left))
        yield "column", max((other for other in beside if other.overlaps(nearest)), key=lambda other: other.base)
    if after is not None:
        fitting = (o for o in after.lines if not o.is_running and o.has_size_of(line) and o.turn == line.turn)
        yield from (("page", first) for first in itertools.islice(fitting, 1))


def _start_of_row(line: Line, layout: Layout) -> Line:
    """The first of the lines on the same baseline, in the same column: a justified line may be cut at its gaps."""
    first = line
    left, right = line.above.column if line.above is not None else (line.right, line.left)
    row = [one for one in layout.lines if one.turn == line.turn and abs(one.base - line.base) < 0.1 * line.size]
    for one in sorted(row, key=lambda one: one.left, reverse=not line.is_right_to_left):
        gap = one.left - first.right if line.is_right_to_left else first.left - one.right
        is_inside = left - 2 < one.left and one.right < right + 2
        if gap > 0 and (is_inside or gap < _GAP_IN_ROW * line.size) and one.has_size_of(line):
            first = one
    return first
