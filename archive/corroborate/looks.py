"""Declarations of a style that change what a reader sees without hiding it: struck out, turned, pushed away."""

from __future__ import annotations

import re
from collections.abc import Mapping

EVALUATED = frozenset(
    (
        "text-decoration", "text-decoration-line", "filter", "scale", "translate", "rotate", "zoom", "transform",
        "letter-spacing", "-webkit-line-clamp", "line-clamp", "mask", "mask-image", "-webkit-mask",
        "-webkit-mask-image", "-webkit-text-security", "unicode-bidi",
    )
)  # fmt: skip
"""Properties of which each element's value is known: a class that the style sheet has already can bring them."""
COMPARED = EVALUATED | frozenset(
    (
        "backdrop-filter", "mix-blend-mode", "direction", "writing-mode", "flex-direction", "order", "z-index",
        "font-family", "src", "content", "animation", "animation-name", "text-transform", "font-variant",
        "font-variant-caps", "text-shadow", "object-fit", "object-position", "opacity", "inset", "clip",
        "clip-path", "background-image", "border-image", "list-style", "list-style-type", "list-style-image",
        "grid-row", "grid-column", "grid-area", "flex-flow", "float", "counter-reset", "counter-set",
        "counter-increment", "quotes",
    )
)  # fmt: skip
"""Properties whose declarations have to be the same in both pages: their effect is not evaluated."""
_SIZES = frozenset(
    (
        "margin", "margin-left", "margin-right", "margin-top", "margin-bottom", "left", "right", "top", "bottom",
        "text-indent", "height", "width", "max-height", "max-width", "line-height", "font-size", "translate",
    )
)  # fmt: skip
_COLORS = frozenset(("color", "background", "background-color", "-webkit-text-fill-color"))
_NOTHING = frozenset(("none", "normal", "0", "1", "100%", "initial", "inherit", "unset", "auto", "0px", "0deg"))
_NUMBER = re.compile(r"(-?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))(px|em|rem|%|vw|vh|pt)?")


def is_compared(name: str, value: str) -> bool:
    """True for a declaration that both pages need to have alike."""
    if name in COMPARED or name.startswith("--"):
        return True
    if "var(" in value and (name in _SIZES or name in _COLORS or name in ("display", "visibility")):
        return True
    if name in _SIZES:
        return is_striking(name, value)
    if name in _COLORS:
        return "url(" in value or "gradient" in value or name in ("color", "-webkit-text-fill-color")
    return False


def is_striking(name: str, value: str) -> bool:
    """True for a value that alters what is seen: no size, far away, turned, struck out."""
    if value in _NOTHING and name not in _SIZES:
        return False
    if name in ("text-decoration", "text-decoration-line"):
        return "line-through" in value
    if name == "letter-spacing":
        return value.startswith("-")
    if name == "unicode-bidi":
        return "override" in value
    if name == "transform":
        return re.search(r"rotate|scale|matrix|skew|perspective|-?\d{3,}", value) is not None
    if name in _SIZES:
        is_extent = name in ("height", "width", "max-height", "max-width", "line-height", "font-size")
        return any(_is_far(match, is_extent=is_extent) for match in _NUMBER.finditer(value))
    return True


def _is_far(match: re.Match[str], *, is_extent: bool) -> bool:
    number, unit = float(match[1]), match[2] or "px"
    in_pixels = number * {"em": 16, "rem": 16, "vw": 12.8, "vh": 8, "%": 10, "pt": 1.33}.get(unit, 1)
    if is_extent:
        return number == 0 or (unit in ("px", "em", "rem", "pt") and match[2] is not None and in_pixels <= 6)
    return in_pixels <= -400 or in_pixels >= 4000 or (unit == "%" and abs(number) >= 100)


def covers_page(styles: Mapping[str, str]) -> bool:
    """True for an element that lies over all of what the window shows."""
    if styles.get("position") not in ("fixed", "absolute", "sticky"):
        return False
    is_wide = styles.get("width", "") in ("100%", "100vw") or {"left", "right"} <= styles.keys()
    is_high = styles.get("height", "") in ("100%", "100vh") or {"top", "bottom"} <= styles.keys()
    return (is_wide and is_high) or styles.get("inset") == "0"


def looks_of(styles: Mapping[str, str]) -> frozenset[str]:
    """What the evaluated styles of an element do to what is in it."""
    return frozenset(
        f"{name}: {value}" for name, value in styles.items() if name in EVALUATED and is_striking(name, value)
    )
