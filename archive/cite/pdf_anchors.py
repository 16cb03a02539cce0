"""Words by their place on a PDF page, where pdfplumber is installed: those that carry a link, and Arabic lines."""

from __future__ import annotations

import time
from typing import Any, BinaryIO

from archive.cite.bidi import is_right_to_left, logical, reads_backwards, unshaped
from archive.cite.flow import clean
from archive.cite.pdf_links import Rect

SECONDS = 60
"""Of computing for all anchors of a report; those after it are left out."""

_SPACE = 0.2
"""Of a character's size: a wider gap is a space."""
_COLUMN = 4.0
"""Of a character's size: a wider gap parts columns."""

Character = dict[str, Any]
"""As pdfplumber gives it: `text`, `size`, `x0`, `x1`, `y0`, `y1`."""


def anchor_reader(stream: BinaryIO) -> AnchorWords | None:
    """A reader of anchors, or None without the extra `[pdf]` or where it cannot read the file."""
    try:
        import pdfplumber

        return AnchorWords(pdfplumber.open(stream))  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001 -- an anchor is worth no report: pdfminer raises whatever it likes
        return None


class AnchorWords:
    """Looks up words by their place on the page."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._until = time.process_time() + SECONDS
        self._number = 0
        self._characters: list[Character] = []
        self._box: Rect = (0.0, 0.0, 0.0, 0.0)
        self._rotation = 0
        self._shift = 0.0

    def words(self, number: int, rects: tuple[Rect, ...]) -> tuple[str, ...]:
        """The words in the stretches, likeliest reading first; Arabic may stand in visual order, so both are given."""
        if not rects or time.process_time() > self._until:
            return ()
        characters = self._on_page(number)
        characters = self._on_page(number)
        lines = [line for rect in rects for line in _lines(characters, self._where(rect))]
        visual = " ".join(" ".join(lines).split())
        if not is_right_to_left(visual):
            return (unshaped(visual),) if visual else ()
        return (" ".join(" ".join(map(logical, lines)).split()), unshaped(visual))

    def right_to_left_text(self, number: int) -> str | None:
        """The page's text in reading order, for a page of Arabic; None where it cannot be told.

        pypdf keeps the order in which a producer painted the stretches of a line, which is any order.
        """
        if time.process_time() > self._until:
            return None
        lines = [piece for row in _rows(self._on_page(number)) for piece in reversed(_columns(row))]
        if not lines:
            return None
        # A producer that knows no Arabic paints it from left to right, unshaped: then it is in order already.
        in_order = reads_backwards("\n".join(lines)) is False
        return "\n".join(unshaped(line) if in_order or not is_right_to_left(line) else logical(line) for line in lines)

    def _where(self, rect: Rect) -> Rect:
        """The rectangle among the characters: pdfplumber counts x0 from its own turned media box, y0 from the edge."""
        left, bottom, right, top = _turned(rect, self._box, self._rotation)
        return (left + self._shift, bottom, right + self._shift, top)

    def _on_page(self, number: int) -> list[Character]:
        if number != self._number:
            self._number, self._characters = number, []
            try:
                page = self._document.pages[number - 1]
                left, bottom, right, top = map(float, page.page_obj.mediabox)
                self._box, self._rotation = (left, bottom, right, top), int(page.page_obj.rotate) % 360
                self._shift = float(page.mediabox[0])
                self._characters = page.chars
                page.close()
            except Exception:  # noqa: BLE001 -- as above
                self._characters = []
        return self._characters


def _turned(rect: Rect, box: Rect, rotation: int) -> Rect:
    """The rectangle where pdfminer puts characters: the page's corner at 0, 0 and its /Rotate applied."""
    left, bottom, right, top = rect
    if rotation == 90:
        return (bottom - box[1], box[2] - right, top - box[1], box[2] - left)
    if rotation == 180:
        return (box[2] - right, box[3] - top, box[2] - left, box[3] - bottom)
    if rotation == 270:
        return (box[3] - top, left - box[0], box[3] - bottom, right - box[0])
    return (left - box[0], bottom - box[1], right - box[0], top - box[1])


def _lines(characters: list[Character], rect: Rect) -> list[str]:
    """The lines of characters whose centres lie in the rectangle, top first.

    A rectangle of one line's height overlaps its neighbours: of it, only the fullest line is taken.
    """
    left, bottom, right, top = rect
    inside = [
        one
        for one in characters
        if left <= (one["x0"] + one["x1"]) / 2 <= right and bottom <= (one["y0"] + one["y1"]) / 2 <= top
    ]
    rows = _rows(inside)
    if not rows:
        return []
    if top - bottom < 1.9 * max(float(one["size"]) for one in inside):
        return [_words(max(rows, key=len))]
    return [_words(row) for row in rows]


def _rows(characters: list[Character]) -> list[list[Character]]:
    """The characters of each line, top line first, from left to right."""
    rows: list[list[Character]] = []
    for one in sorted(characters, key=lambda one: -float(one["y0"])):
        if rows and rows[-1][0]["y0"] - one["y0"] < 0.4 * float(one["size"]):
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda one: float(one["x0"])) for row in rows]


def _columns(row: list[Character]) -> list[str]:
    """The words of a line, parted where the gap is a column's."""
    parts: list[list[Character]] = []
    for one in row:
        if parts and one["x0"] - parts[-1][-1]["x1"] < _COLUMN * float(one["size"]):
            parts[-1].append(one)
        else:
            parts.append([one])
    return [words for part in parts if (words := _words(part).strip())]


def _words(row: list[Character]) -> str:
    """The characters as they stand, a space where there is a gap."""
    words = ""
    last: Character | None = None
    for one in row:
        if last is not None and one["x0"] - last["x1"] > _SPACE * float(one["size"]):
            words += " "
        words += str(one["text"])
        last = one
    return clean(words)
