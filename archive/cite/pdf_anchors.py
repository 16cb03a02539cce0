"""The words that carry a PDF link, read off the page where pdfplumber is installed."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from typing import Any, BinaryIO

from archive.cite.flow import clean
from archive.cite.pdf_links import Rect

SECONDS = 60
"""Of computing for all anchors of a report; those after it are left out."""

_ARABIC = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_SPACE = 0.2
"""Of a character's size: a wider gap is a space."""


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
        self._characters: list[dict[str, Any]] = []
        self._box: Rect = (0.0, 0.0, 0.0, 0.0)
        self._rotation = 0

    def words(self, number: int, rects: tuple[Rect, ...]) -> tuple[str, ...]:
        """The words in the stretches, likeliest reading first; Arabic may stand in visual order, so both are given."""
        if not rects or time.process_time() > self._until:
            return ()
        characters = self._on_page(number)
        lines = [line for rect in rects for line in _lines(characters, _turned(rect, self._box, self._rotation))]
        visual = " ".join(" ".join(lines).split())
        if not visual:
            return ()
        if len(_ARABIC.findall(visual)) * 2 < len(visual.replace(" ", "")):
            return (visual,)
        return (" ".join(" ".join(line[::-1] for line in lines).split()), visual)

    def _on_page(self, number: int) -> list[dict[str, Any]]:
        if number != self._number:
            self._number, self._characters = number, []
            try:
                page = self._document.pages[number - 1]
                left, bottom, right, top = map(float, page.page_obj.mediabox)
                self._box, self._rotation = (left, bottom, right, top), int(page.page_obj.rotate) % 360
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


def _lines(characters: list[dict[str, Any]], rect: Rect) -> list[str]:
    """The lines of characters whose centres lie in the rectangle, top first.

    A rectangle of one line's height overlaps its neighbours: of it, only the fullest line is taken.
    """
    left, bottom, right, top = rect
    rows: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in characters:
        if left <= (one["x0"] + one["x1"]) / 2 <= right and bottom <= (one["y0"] + one["y1"]) / 2 <= top:
            rows[round(one["y0"] / 3)].append(one)
    if not rows:
        return []
    size = max(float(one["size"]) for row in rows.values() for one in row)
    if top - bottom < 1.9 * size:
        return [_words(max(rows.values(), key=len))]
    return [_words(rows[height]) for height in sorted(rows, reverse=True)]


def _words(row: list[dict[str, Any]]) -> str:
    """The characters from left to right, a space where there is a gap."""
    row = sorted(row, key=lambda one: float(one["x0"]))
    words, last = "", None
    for one in row:
        if last is not None and one["x0"] - last["x1"] > _SPACE * float(one["size"]):
            words += " "
        words += str(one["text"])
        last = one
    return clean(words)
