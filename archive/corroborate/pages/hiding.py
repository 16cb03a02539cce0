"""By which values of its styles an element is hidden, or too small, or of the colour of what is behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import tinycss2
import tinycss2.color4

INHERITED = frozenset(("inherit", "unset", "revert", "revert-layer"))
"""Values by which an element has what the one around it has, of a property that is inherited. (CSS Cascade 5, 7.3)"""
_COLUMNS = frozenset(("none", "table-column", "table-column-group"))
"""Kinds of boxes that show nothing of what is in them. (CSS 2, 17.2)"""
_SIZES = (
    "width", "min-width", "height", "min-height", "inline-size", "block-size", "min-inline-size", "min-block-size",
)  # fmt: skip
_DOT = 3.0
"""Pixels from which on something can be seen."""


_ZERO = re.compile(r"[+-]?0*(?:\.0+)?(?:px|em|rem|pt|%|ex|ch|vh|vw|cm|mm|in|pc)?\Z")
_LENGTH = re.compile(r"([+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}))(px|em|rem|pt|%|vw|vh|cm|mm|in)?\Z")
_FAR = -400.0
_TINY = 1.0
"""Pixels or points of type that nobody reads."""


def _pixels(value: str | None) -> float | None:
    found = _LENGTH.match((value or "").strip())
    if found is None:
        return None
    factor = {"em": 16, "rem": 16, "vw": 12.8, "vh": 8, "%": 10, "cm": 38, "mm": 3.8, "in": 96, "pt": 1.33}
    return float(found[1]) * factor.get(found[2] or "px", 1)


def hides(styles: Mapping[str, str]) -> str | None:
    """By which property an element of these styles is hidden, with all below it; None for one that is not."""
    if styles.get("display") in _COLUMNS:
        return "display"
    if styles.get("content-visibility") == "hidden":
        return "content-visibility"
    stated = styles.get("opacity", "")
    opacity = _number(stated.rstrip("%"))
    if opacity is not None and opacity <= (5 if stated.endswith("%") else 0.05):
        return "opacity"
    if _is_off_screen(styles):
        return "position"
    return "clip" if _is_clipped(styles) else None


def has_no_size(styles: Mapping[str, str]) -> bool | None:
    """True for type too small to be seen; None where the styles say nothing of it, or all that they say is relative."""
    size = styles.get("font-size") or _size_of_font(styles.get("font", ""))
    if not size or size in INHERITED:
        return None
    pixels = _pixels(size)
    if _ZERO.match(size) or (pixels is not None and size.endswith(("px", "pt")) and pixels <= _TINY):
        return True
    return None if size.endswith(("em", "%", "ex", "ch")) and not size.endswith("rem") else False


_FONT_SIZE = re.compile(r"(?:^|\s)([+-]?[\d.]{1,12}(?:[a-z]{1,4}|%)?)(?=\s*/|\s)")


def _size_of_font(font: str) -> str:
    """The size that a `font` states: what has a unit and stands before the family; a weight has none."""
    found = (match[1] for match in _FONT_SIZE.finditer(font))
    return next((size for size in found if not size.isdigit() or size.strip("0") == ""), "")


def has_size(styles: Mapping[str, str]) -> bool:
    """True where styles give an element another size than that of a dot."""
    stated = (styles.get(name, "auto") for name in _SIZES)
    is_large = any(size not in ("auto", "none", "0", *INHERITED) and not _is_dot(size) for size in stated)
    is_large = is_large or styles.get("width") == styles.get("height") == "auto"
    return is_large or any(styles.get(name, "none") not in ("none", "1", "normal") for name in ("zoom", "scale"))


def is_unseen(styles: Mapping[str, str], attributes: Mapping[str, str]) -> bool:
    """True for an element that its own styles and attributes hide, or leave without a size to be seen.

    An animation may show it; what is far away or a dot may be painted beyond that, or moved back.
    """
    if any(styles[name] not in ("none", "") for name in styles if name.startswith(_ANIMATES)):
        return False
    if hides(styles) in ("display", "opacity", "content-visibility") or styles.get("visibility") in _INVISIBLE:
        return True
    if "hidden" in attributes and styles.get("display", "none") == "none":
        return True
    if any(_ZERO_PAINT.fullmatch(styles[name]) is None for name in styles if name.startswith(_PAINTS)):
        return False
    if hides(styles) is not None:
        return True
    sizes = (styles.get(name) or attributes.get(name, "").strip() or "auto" for name in ("width", "height"))
    is_small = all(_is_dot(size) for size in sizes)
    return is_small and not any(has_size({name: value}) for name, value in styles.items())


_ANIMATES, _INVISIBLE = ("animation", "-webkit-animation"), ("hidden", "collapse")
_PAINTS = (
    "transform", "-webkit-transform", "translate", "scale", "zoom", "padding", "border", "outline", "box-shadow",
    "background", "filter", "-webkit-box-reflect",
)  # fmt: skip
"""Beginnings of the names of what paints beyond an element's own size, or moves it."""
_ZERO_PAINT = re.compile(r"(?:none|transparent|initial|unset|auto|normal|1|0(?:px)?|medium|solid|\s)+", re.IGNORECASE)


def _is_dot(size: str) -> bool:
    pixels = _pixels(size)
    return pixels is not None and pixels < _DOT and not size.endswith(("%", "vw", "vh"))


def is_unseen_color(ink: str, paper: str) -> bool:
    """True where text of one colour cannot be told from its background of another."""
    color, background = parsed_color(ink), parsed_color(paper) or (1.0, 1.0, 1.0, 1.0)
    if color is None:
        return False
    is_same = all(abs(one - other) <= 0.03 for one, other in zip(color[:3], background[:3], strict=True))
    return color[3] <= 0.05 or (background[3] > 0.5 and is_same)


def background_of(styles: Mapping[str, str]) -> str | None:
    """The colour of a background; None where none is stated, or a picture lies over it."""
    stated = styles.get("background-color") or styles.get("background")
    return stated if stated and "url(" not in stated and "gradient" not in stated else None


def parsed_color(text: str) -> tuple[float, float, float, float] | None:
    """Red, green, blue and alpha from 0 to 1; None for what is no colour in sRGB."""
    for word in (text, text.split(" ")[0] if text else ""):
        try:
            color = tinycss2.color4.parse_color(word) if word else None
        except (ValueError, TypeError, RecursionError):
            color = None
        if color is None or isinstance(color, str):
            continue
        try:
            srgb = color.to("srgb")
            red, green, blue = (float(part or 0) for part in srgb.coordinates)
            return red, green, blue, float(srgb.alpha if srgb.alpha is not None else 1)
        except (NotImplementedError, ValueError, TypeError, AttributeError):
            return None
    return None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_off_screen(styles: Mapping[str, str]) -> bool:
    indent = _pixels(styles.get("text-indent"))
    if indent is not None and indent < _FAR:
        return True
    if styles.get("position") in ("absolute", "fixed", "relative"):
        for name in ("left", "top", "right"):
            at = _pixels(styles.get(name))
            if at is not None and (at < _FAR or at > 10_000):
                return True
    transform = styles.get("transform", "")
    return bool(re.search(r"scale[xy]?\(\s*0(?:\.0*)?\s*[,)]|translate[xy]?\(\s*-\s*[0-9]{4,}", transform))


def _is_a_line_or_less(size: str) -> bool:
    pixels = _pixels(size)
    return pixels is not None and not size.endswith(("%", "vw", "vh")) and pixels <= 6


def _is_clipped(styles: Mapping[str, str]) -> bool:
    if re.search(r"rect\(\s*(?:0|1px)[^)]*\)", styles.get("clip", "")) and styles.get("position") in (
        "absolute",
        "fixed",
    ):
        return True
    if re.search(r"inset\(\s*(?:50|100)%|circle\(\s*0|polygon\(\s*0 0\s*\)", styles.get("clip-path", "")):
        return True
    overflow = styles.get("overflow") or styles.get("overflow-y") or ""
    if overflow.startswith(("hidden", "clip")):
        sizes = (styles.get(name, "") for name in ("height", "max-height", "width", "max-width"))
        return any(size and (_ZERO.match(size) or _is_a_line_or_less(size)) for size in sizes)
    return False
