"""Elements that lie over others and are painted: a box without a word in it can cover a paragraph or a number."""

from __future__ import annotations

import re
from collections.abc import Mapping

from archive.corroborate.pages.hiding import parsed_color
from archive.corroborate.pages.looks import is_striking

_LYING = frozenset(("absolute", "fixed", "sticky", "-webkit-sticky"))
_EDGES = re.compile(r"(?P<pixels>-?\d{1,6}(?:\.\d{1,6})?)px")
_WIDE, _HIGH = 300.0, 150.0
"""Pixels from which on a box may cover a text."""
_MOST_SHARE = 30.0
_OPAQUE = 0.5
_WIDTHS = ("width", "min-width", "inline-size")
_HEIGHTS = ("height", "min-height", "block-size")
_BEYOND = ("outline", "outline-width", "box-shadow")
"""What is painted beyond the edges of an element."""
_PAINTED = ("outline", "outline-width", "box-shadow", "border", "border-width")


def cover_of(styles: Mapping[str, str], *, is_main: bool) -> str:
    """How an element of these styles may cover another one, as a text; empty for one that cannot.

    In the main text that is any painted element which is moved there. Elsewhere it is a large one.
    """
    if not styles or not _lies_over(styles):
        return ""
    is_thick = any(is_striking(name, styles[name]) for name in _PAINTED if name in styles)
    if not (is_thick or _is_painted(styles)) or not (is_main or is_thick or _is_large(styles)):
        return ""
    stated = sorted(f"{name}: {value}" for name, value in styles.items() if name in _SAID or name.startswith("margin"))
    return f"cover {{ {'; '.join(stated)} }}"


_SAID = frozenset((
    "position", "left", "right", "top", "bottom", "inset", *_WIDTHS, *_HEIGHTS, "background", "background-color",
    *_PAINTED,
))  # fmt: skip


def _lies_over(styles: Mapping[str, str]) -> bool:
    """True for what is taken out of the order of the page, moved back in it, or paints beyond its edges."""
    if styles.get("position") in _LYING or "transform" in styles or "translate" in styles:
        return True
    is_back = any(name.startswith("margin") and is_striking(name, value) for name, value in styles.items())
    return is_back or any(is_striking(name, styles[name]) for name in _BEYOND if name in styles)


def _is_painted(styles: Mapping[str, str]) -> bool:
    stated = styles.get("background-color") or styles.get("background") or ""
    if "url(" in stated or "gradient" in stated or styles.get("backdrop-filter", "none") != "none":
        return True
    color = parsed_color(stated)
    return (color is not None and color[3] > _OPAQUE) or "var(" in stated


def _is_large(styles: Mapping[str, str]) -> bool:
    inset = styles.get("inset", "")
    is_free = styles.get("position") in ("absolute", "fixed")
    is_wide = not is_free and not any(name in styles for name in _WIDTHS)  # as wide as what it stands in
    is_wide = is_wide or any(_extends(styles.get(name, ""), _WIDE) for name in _WIDTHS)
    is_wide = is_wide or (is_free and _spans(styles, "left", "right"))
    is_high = any(_extends(styles.get(name, ""), _HIGH) for name in _HEIGHTS) or _spans(styles, "top", "bottom")
    return (is_wide and is_high) or (bool(inset) and "auto" not in inset)


def _spans(styles: Mapping[str, str], one: str, other: str) -> bool:
    return all(styles.get(name, "auto") not in ("auto", "") for name in (one, other))


def _extends(size: str, pixels: float) -> bool:
    if found := _EDGES.fullmatch(size):
        return float(found["pixels"]) >= pixels
    share = re.fullmatch(r"(\d{1,4}(?:\.\d{1,4})?)(?:%|vw|vh|dvh|svh|lvh|vmax|vmin)", size)
    if share is not None:
        return float(share[1]) >= _MOST_SHARE
    return re.fullmatch(r"\d{2,}(?:\.\d{1,4})?r?em", size) is not None or "calc(" in size
