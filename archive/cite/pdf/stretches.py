"""The words that are under the rectangles of a link annotation."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from archive.cite.pdf.lines import Line, turned_box

_INSIDE = 0.1
"""Of the font's size: where a character counts as lying, behind its left edge."""


class Stretch(Struct, frozen=True):
    """Characters of one line that are in a rectangle."""

    order: int
    """Of the line, among those of the page."""
    text: str
    start: int
    """In the text of the report."""
    end: int


def stretches_under(lines: list[Line], rects: Iterable[tuple[float, float, float, float]]) -> list[Stretch]:
    """The words that are in the rectangles, one stretch a line."""
    inside: dict[int, list[int]] = {}
    for rect in rects:
        for order, line in enumerate(lines):
            left, bottom, right, top = turned_box(rect, line.turn)
            if not bottom <= line.base + 0.3 * line.size <= top or line.right < left or line.left > right:
                continue
            inside.setdefault(order, []).extend(
                index for index, place in enumerate(line.places) if left <= place + _INSIDE * line.size <= right
            )
    stretches: list[Stretch] = []
    for order in sorted(inside):
        line, indices = lines[order], inside[order]
        if not indices:
            continue
        start, end = min(indices), max(indices) + 1
        text = line.text[start:end]
        start += len(text) - len(text.lstrip())
        text = text.strip()
        if text:
            stretches.append(Stretch(order, text, line.offset + start, line.offset + start + len(text)))
    return stretches
