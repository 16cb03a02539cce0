"""What a PDF page draws beside its text: rules, pictures, and edges that hide a part of the text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium
from msgspec import Struct

MOST_OBJECTS = 20_000
"""Drawn objects of one page that are looked at for rules."""
_OUTSIDE = 0.1
"""Points by which text passes the edge where it is cut, at least."""


class Rule(Struct, frozen=True):
    """A straight line, or the edge of a filled box, in points of the page."""

    left: float
    bottom: float
    right: float
    top: float


class Cut(Struct, frozen=True):
    """Where text is hidden: what lies outside `seen` is painted and not shown."""

    seen: Rule
    text: Rule
    """The extent of the text that is cut."""


def bare(function: Any, result: Any, *arguments: Any) -> Any:
    """The same C function without checks of its arguments: they would cost more than the call."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.CFUNCTYPE(result, *arguments)(address or 0)


_HANDLE = ctypes.c_void_p
_object = bare(pdfium.FPDFPage_GetObject, _HANDLE, _HANDLE, ctypes.c_int)
_type = bare(pdfium.FPDFPageObj_GetType, ctypes.c_int, _HANDLE)
_bounds = bare(pdfium.FPDFPageObj_GetBounds, ctypes.c_int, *[_HANDLE] * 5)
_clip_path = bare(pdfium.FPDFPageObj_GetClipPath, _HANDLE, _HANDLE)
_count_paths = bare(pdfium.FPDFClipPath_CountPaths, ctypes.c_int, _HANDLE)


class DrawnPage:
    """What the page draws: the thin lines and boxes, how many pictures it shows, its texts."""

    def __init__(self, page: Any) -> None:
        self.rules: list[Rule] = []
        self.pictures = 0
        self._page = page
        self._texts: list[int] = []
        self._sides = (ctypes.c_float * 4)()
        first = ctypes.addressof(self._sides)
        self._places = range(first, first + 16, 4)
        handle = ctypes.cast(page, _HANDLE).value
        for index in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)):
            drawn = _object(handle, index)
            kind = _type(drawn)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self._texts.append(drawn)
            elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                self.rules += self._extent(drawn)
            else:
                self.pictures += kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM)

    def _extent(self, drawn: int) -> list[Rule]:
        """The extent of one object, if it has any."""
        return [Rule(*self._sides)] if _bounds(drawn, *self._places) else []

    def cuts(self) -> Iterator[Cut]:
        """Yield the texts of which a part is hidden: beyond the page's edge, or outside their clipping path."""
        if pdfium.FPDFPage_GetRotation(self._page):
            return
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(self._page, box)
        whole = Rule(box.left, box.bottom, box.right, box.top)
        for drawn in self._texts:
            for text in self._extent(drawn):
                for seen in (whole, *_clips(drawn)):
                    if text.right > seen.right + _OUTSIDE or text.left < seen.left - _OUTSIDE:
                        yield Cut(seen, text)


def _clips(drawn: int) -> Iterator[Rule]:
    """Yield the extent of each clipping path of an object."""
    clip = _clip_path(drawn)
    paths = _count_paths(clip) if clip else 0
    if paths <= 0:
        return
    clip = ctypes.cast(clip, pdfium.FPDF_CLIPPATH)
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(min(paths, 8)):
        points: list[tuple[float, float]] = []
        for number in range(min(pdfium.FPDFClipPath_CountPathSegments(clip, path), 16)):
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, path, number), x, y)
            points.append((x.value, y.value))
        if points:
            lefts, bottoms = [x for x, _ in points], [y for _, y in points]
            yield Rule(min(lefts), min(bottoms), max(lefts), max(bottoms))
