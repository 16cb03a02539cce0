"""What a PDF page draws beside its text: rules, pictures, and edges that hide a part of the text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

MOST_OBJECTS = 20_000
"""Drawn objects of one page that are looked at for rules."""
_OUTSIDE = 0.1
"""Points by which text passes the edge where it is cut, at least."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, or the edge of a filled box, in points of the page."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Cut:
    """Where text is hidden: what lies outside `seen` is painted and not shown."""

    seen: Rule
    text: Rule
    """The extent of the text that is cut."""


def drawn(page: Any) -> tuple[list[Rule], int]:
    """The thin lines and boxes that the page draws, and how many pictures it shows."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    rules: list[Rule] = []
    pictures = 0
    for index in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page, index)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        pictures += kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM)
        is_path = kind == pdfium.FPDF_PAGEOBJ_PATH
        if is_path and pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            rules.append(Rule(left.value, bottom.value, right.value, top.value))
    return rules, pictures


def cuts_of(page: Any) -> Iterator[Cut]:
    """Yield the texts of which a part is hidden: beyond the page's edge, or outside their clipping path."""
    if pdfium.FPDFPage_GetRotation(page):
        return
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    whole = Rule(box.left, box.bottom, box.right, box.top)
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for index in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        drawn = pdfium.FPDFPage_GetObject(page, index)
        is_text = pdfium.FPDFPageObj_GetType(drawn) == pdfium.FPDF_PAGEOBJ_TEXT
        if not is_text or not pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            continue
        text = Rule(left.value, bottom.value, right.value, top.value)
        for seen in (whole, *_clips(drawn)):
            if text.right > seen.right + _OUTSIDE or text.left < seen.left - _OUTSIDE:
                yield Cut(seen, text)


def _clips(drawn: Any) -> Iterator[Rule]:
    """Yield the extent of each clipping path of an object."""
    clip = pdfium.FPDFPageObj_GetClipPath(drawn)
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(min(pdfium.FPDFClipPath_CountPaths(clip), 8) if clip else 0):
        points: list[tuple[float, float]] = []
        for number in range(min(pdfium.FPDFClipPath_CountPathSegments(clip, path), 16)):
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, path, number), x, y)
            points.append((x.value, y.value))
        if points:
            lefts, bottoms = [x for x, _ in points], [y for _, y in points]
            yield Rule(min(lefts), min(bottoms), max(lefts), max(bottoms))
