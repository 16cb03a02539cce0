"""Actions and link annotations of a PDF page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top, in points of the page's own space."""

_INTERNAL = frozenset({"/GoTo", "/Named", "/GoToDp", "/Hide", "/SetOCGState", "/Trans", "/GoTo3DView", "/Thread"})
_MOST_ACTIONS = 20
_LINE_GAP = 1.6
"""Line heights between two stretches of one anchor, at most."""


class PdfAnnotation(Struct, frozen=True):
    """One URI action and the stretches of the page that carry it, in reading order."""

    target: str
    rects: tuple[Rect, ...]

    @classmethod
    def of(cls, target: str, annotation: dict[str, Any]) -> PdfAnnotation:
        """The stretches are its QuadPoints, one for each line, where it has them. (ISO 32000-2, table 176)"""
        numbers = _numbers(annotation.get("/QuadPoints"))
        if numbers and len(numbers) % 8 == 0:
            quads = [numbers[at : at + 8] for at in range(0, min(len(numbers), 800), 8)]
            rects = tuple((min(q[0::2]), min(q[1::2]), max(q[0::2]), max(q[1::2])) for q in quads)
            return cls(target, rects)
        rect = _numbers(annotation.get("/Rect"))
        if len(rect) != 4:
            return cls(target, ())
        left, bottom, right, top = rect
        return cls(target, ((min(left, right), min(bottom, top), max(left, right), max(bottom, top)),))


def plain(value: Any) -> Any:
    """The object itself where `value` refers to one."""
    return value.get_object() if hasattr(value, "get_object") else value


def _numbers(values: Any) -> list[float]:
    try:
        return [float(value) for value in plain(values) or ()]
    except (TypeError, ValueError, OverflowError):
        return []


def merged(annotations: Iterable[PdfAnnotation]) -> Iterator[PdfAnnotation]:
    """Make one of neighbours with the same target: an anchor that wraps is one annotation for each line."""
    last: PdfAnnotation | None = None
    for annotation in annotations:
        if last is not None and last.target == annotation.target and _goes_on(last.rects, annotation.rects):
            last = PdfAnnotation(last.target, last.rects + annotation.rects)
            continue
        if last is not None:
            yield last
        last = annotation
    if last is not None:
        yield last


def _goes_on(before: tuple[Rect, ...], after: tuple[Rect, ...]) -> bool:
    """True where the second is the next line of the first, or is beside its end."""
    if not before or not after:
        return False
    one, two = before[-1], after[0]
    height = max(one[3] - one[1], two[3] - two[1], 1.0)
    if abs(one[1] - two[1]) < 0.5 * height:
        return min(abs(two[0] - one[2]), abs(one[0] - two[2])) < height
    return 0 < one[3] - two[3] < _LINE_GAP * height + height and one[1] - two[3] < 0.6 * height


def actions(stated: Any) -> Iterator[tuple[str, str]]:
    """Yield kind and target of an action and of those that follow it; jumps within the document are none."""
    waiting, seen = [stated], 0
    while waiting and seen < _MOST_ACTIONS:
        seen += 1
        action = plain(waiting.pop(0))
        if not isinstance(action, dict):
            continue
        after = plain(action.get("/Next"))
        waiting += after if isinstance(after, list) else [after]
        kind = str(action.get("/S", ""))
        if kind == "/URI":
            yield "uri", uri_text(action.get("/URI"))
        elif kind and kind not in _INTERNAL:
            yield kind.lstrip("/").lower(), _file_of(action)


def _file_of(action: dict[str, Any]) -> str:
    """The file that a GoToR, GoToE, Launch or SubmitForm action names."""
    stated = plain(action.get("/F"))
    if isinstance(stated, dict):
        stated = stated.get("/UF") or stated.get("/F")
    return uri_text(stated)


def uri_text(value: Any) -> str:
    """The characters of a URI: the standard says ASCII, producers write UTF-8, UTF-16 and Latin-1 too."""
    value = plain(value)
    data = value if isinstance(value, bytes) else getattr(value, "original_bytes", None)
    if not isinstance(data, bytes):
        return str(value or "")
    if data[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
