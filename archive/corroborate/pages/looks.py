"""Declarations of a style by what a reader sees of them: whether they can alter what is read, or only how it looks.

What is not known to be harmless is compared. A list of what is dangerous would lack the next property that a browser
learns; a list of what is harmless lacks at worst some that do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from archive.corroborate.pages.hiding import INHERITED
from archive.corroborate.texts.places import is_of_build, place_of_file, place_of_program

_URL = re.compile(r"url\(\s*[\"']?([^\"')\s]*)[\"']?\s*\)")
EVALUATED = frozenset(
    (
        "text-decoration", "text-decoration-line", "filter", "scale", "translate", "rotate", "zoom", "transform",
        "letter-spacing", "-webkit-line-clamp", "line-clamp", "mask", "mask-image", "-webkit-mask",
        "-webkit-mask-image", "-webkit-text-security", "unicode-bidi",
    )
)  # fmt: skip
"""Properties of which the value of each element of a page is compared, in its frame too."""
_HARMLESS = re.compile(
    r"(?:background-(?:attachment|origin|position(?:-[xy])?|repeat|size)|border(?:-[a-z-]+)?-(?:color|style|radius)|border-(?:radius|collapse"
    r"|spacing|color|style)|box-(?:sizing|decoration-break)|break-(?:after|before|inside)|page-break-\w+|caret-color|accent-color|color-scheme"
    r"|color-adjust|print-color-adjust|cursor|pointer-events|user-select|touch-action|resize|appearance|will-change|isolation"
    r"|backface-visibility|image-rendering|font-(?:weight|style|stretch|display|optical-sizing|smoothing|kerning|synthesis(?:-\w+)?)"
    r"|font-smooth|osx-font-smoothing|font-smoothing|text-rendering|text-align(?:-last)?|text-justify|text-indent-mode"
    r"|text-(?:decoration-(?:color|style|skip|skip-ink)|underline-position|wrap|wrap-style|wrap-mode|spacing-trim|autospace)|tab-size"
    r"|word-break|word-wrap|overflow-wrap|overflow-anchor|line-break|hyphens|orphans|widows|(?:row-|column-|grid-|grid-row-|grid-column-)?gap"
    r"|justify-(?:content|items|self)|align-(?:content|items|self)|place-\w+|flex-(?:grow|shrink|wrap)|flex|flex-basis|box-(?:flex|align|pack|orient)"
    r"|grid-(?:template-(?:columns|rows)|auto-(?:columns|rows))|table-layout|column-(?:count|width|rule(?:-\w+)?|fill|span)|columns"
    r"|scroll(?:bar)?-[a-z-]+|overscroll-[a-z-]+|overflow-scrolling|tap-highlight-color|touch-callout|transition(?:-[a-z-]+)?"
    r"|fill(?:-[a-z]+)?|stroke(?:-[a-z]+)?|list-style-position|empty-cells|speak(?:-[a-z]+)?|container(?:-[a-z]+)?|contain-intrinsic-[a-z-]+"
    r"|object-fit-none|hanging-punctuation|caption-side|src-none|view-transition-[a-z]+|interpolate-size|forced-color-adjust"
    r"|text-combine-none|high-contrast-adjust|overflow-style|interpolation-mode|behavior|padding|border-image-[a-z]+|visibility|position)"
)
"""Properties that alter no text, hide none and move none away; and two that are evaluated for each element."""
_PREFIX = re.compile(r"-(?:webkit|moz|ms|o|khtml|apple)-")
_SIZES = re.compile(
    r"(?:margin|padding|inset|border)"
    r"(?:-(?:left|right|top|bottom|inline|block|inline-start|inline-end|block-start|block-end))?(?:-width)?|border-width|left|right|top|bottom|text-indent|text-underline-offset|text-decoration-thickness|translate|word-spacing"
    r"|outline(?:-(?:width|offset|color|style))?|box-shadow|perspective(?:-origin)?|transform-origin"
)
_EXTENTS = re.compile(
    r"(?:min-|max-)?(?:height|width|inline-size|block-size)|line-height|font-size|aspect-ratio", re.IGNORECASE
)
_COLORS = frozenset(("color", "background", "background-color", "text-fill-color"))
_NOTHING = frozenset(
    ("none", "normal", "initial", "auto", "0px", "0deg", "visible", "baseline", "start", "stretch", *INHERITED)
)
_WHOLE = frozenset(("opacity", "zoom", "scale", "initial-letter"))
"""Properties of which one is all, or once."""
_FROM_ZERO = frozenset(("z-index", "order", "rotate", "translate", "letter-spacing", "word-spacing", "text-shadow"))
"""Those of which zero changes nothing."""
_ORDINARY = {
    "display": frozenset((
        "none", "contents", "block", "inline", "inline-block", "flow-root", "list-item", "flex", "inline-flex", "grid",
        "inline-grid", "table", "inline-table", "table-cell", "table-row", "table-row-group", "table-header-group",
        "table-footer-group", "table-caption", "-webkit-box", "-webkit-inline-box", "-webkit-flex",
        "-webkit-inline-flex", "-ms-flexbox", "-ms-inline-flexbox", "-moz-box",
    )),
    "text-size-adjust": frozenset(("none", "auto", "100%")),
    "vertical-align": frozenset(("baseline", "top", "middle", "bottom", "text-top", "text-bottom", "0")),
    "white-space": frozenset(("normal", "pre", "pre-wrap", "pre-line", "nowrap", "break-spaces")),
    "overflow": frozenset(("visible", "hidden", "auto", "scroll", "clip")),
    "clear": frozenset(("none", "left", "right", "both", "inline-start", "inline-end")),
    "contain": frozenset(("none", "layout", "paint", "style", "content")),
    "text-overflow": frozenset(("clip", "ellipsis")),
    "grid-auto-flow": frozenset(("row", "column")),
}  # fmt: skip
"""Values of properties that alter nothing by themselves: white space and overflow do together with a size."""
_NUMBER = re.compile(r"(-?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))(px|em|rem|%|vw|vh|pt|ch|ex|cm|mm|in)?")
_FACTORS = {
    "em": 16, "rem": 16, "vw": 12.8, "vh": 8, "%": 10, "pt": 1.33, "ch": 8, "ex": 8, "cm": 38, "mm": 3.8, "in": 96,
}  # fmt: skip
_FAR, _THICK = 1_000, 40
_SIGN = 8
"""Pixels of a sign of the smallest type."""
_BACK = -40
"""Pixels by which something is moved back over what stands before it."""


def is_compared(name: str, value: str) -> bool:
    """True for a declaration that both pages need to have alike, if it is of something that can be the main text."""
    if name.startswith("--"):
        return True
    name = _PREFIX.sub("", name, count=1)
    if "var(" in value:
        return not _HARMLESS.fullmatch(name) or name in ("display", "visibility", "position")
    if _HARMLESS.fullmatch(name) and name != "padding":
        return False
    if name in _ORDINARY or name.removesuffix("-x").removesuffix("-y") in _ORDINARY:
        return value not in _ORDINARY.get(name.removesuffix("-x").removesuffix("-y"), ()) and value not in _NOTHING
    if name in _COLORS:
        return "url(" in value or "gradient" in value or name in ("color", "text-fill-color")
    return is_striking(name, value)


def is_striking(name: str, value: str) -> bool:
    """True for a value that alters what is seen: no size, far away, turned, struck out."""
    name = _PREFIX.sub("", name, count=1)
    if _EXTENTS.fullmatch(name):
        return any(_is_small(match) for match in _NUMBER.finditer(value))
    if _SIZES.fullmatch(name):
        return any(_is_far(match, name) for match in _NUMBER.finditer(value))
    if name != "all" and value in _NOTHING:
        return False
    if (name in _WHOLE and value in ("1", "100%")) or (name in _FROM_ZERO and value == "0"):
        return False
    if name in ("text-decoration", "text-decoration-line"):
        return "line-through" in value or any(_is_far(match, name) for match in _NUMBER.finditer(value))
    if name == "letter-spacing":
        return value.startswith("-")
    if name == "unicode-bidi":
        return "override" in value
    if name == "transform":
        parts = list(_TRANSFORMS.finditer(value))
        return len(parts) > _MOST_PARTS or not all(map(_hardly_moves, parts))
    return True


_TRANSFORMS = re.compile(r"(?P<name>[a-z0-9]+)\((?P<values>[^()]*)\)")
_MOST_PARTS = 3
"""Parts of a transform; many small moves are a large one."""
_SHIFTED = {"px": 100, "": 100, "%": 51, "em": 6, "rem": 6}
"""From which length on an element is moved elsewhere; of units of the window any is as large as that."""


def _hardly_moves(match: re.Match[str]) -> bool:
    """True for a part of a transform that turns nothing, sizes nothing anew and moves it by less than its own size."""
    values = [_MOVED.fullmatch(value.strip()) for value in match["values"].split(",")]
    lengths = [(float(found[1]), found[2]) for found in values if found is not None]
    if len(lengths) < len(values):
        return False
    if match["name"].startswith("translate"):
        return all(map(_is_near, lengths))
    numbers = [number for number, _ in lengths]
    if match["name"] == "matrix":
        return numbers[:4] == [1, 0, 0, 1] and all(map(_is_near, lengths[4:]))
    if match["name"].startswith("scale"):
        return all(number == 1 for number in numbers)
    return match["name"].startswith(("rotate", "skew")) and not any(numbers)


def _is_near(length: tuple[float, str]) -> bool:
    number, unit = length
    return number == 0 or abs(number) < _SHIFTED.get(unit, 0)


_MOVED = re.compile(r"([+-]?\d{0,9}\.?\d{1,9})([a-z]{1,4}|%|)")


def _pixels(match: re.Match[str]) -> float:
    return float(match[1]) * _FACTORS.get(match[2] or "px", 1)


def _is_small(match: re.Match[str]) -> bool:
    """True for a size of nothing, or of less than a sign."""
    is_length = match[2] not in (None, "%", "vw", "vh")
    return float(match[1]) == 0 or (is_length and _pixels(match) <= _SIGN)


def _is_far(match: re.Match[str], name: str) -> bool:
    """True for what lies far away, is moved back over what stands before it, or is as thick as a line of text."""
    pixels, number, unit = _pixels(match), float(match[1]), match[2]
    if name in ("text-underline-offset", "text-decoration-thickness", "text-decoration"):
        return number < 0 or pixels >= 5
    if name.startswith(("outline", "box-shadow", "border")):
        return pixels >= _THICK or (name == "outline-offset" and number < -4)
    if name == "word-spacing":
        return pixels < -8
    return pixels <= _BACK or pixels >= _FAR or (unit == "%" and abs(number) > 100) or (unit == "%" and number <= -50)


def settled(value: str) -> str:
    """A value whose addresses are places: without shards, sizes and sessions."""
    return _URL.sub(lambda match: f"url({_place(match[1])})", value)


def places_in(style: str) -> Iterator[str]:
    """The places of the pictures that a style names."""
    return (_place(match[1]) for match in _URL.finditer(style))


def _place(url: str) -> str:
    url = f"https:{url}" if url.startswith("//") else url
    is_built_font = _FONT.search(url) is not None and is_of_build(url)
    return place_of_program(url) if is_built_font else place_of_file(url)


_FONT = re.compile(r"\.(?:woff2?|ttf|otf|eot)(?:[?#]|\Z)", re.IGNORECASE)


def looks_of(styles: Mapping[str, str], *, is_main: bool) -> frozenset[str]:
    """What the styles of an element do to what is in it; in the main text, all that is not harmless."""
    if not styles:
        return frozenset()
    if not is_main:
        return frozenset(
            f"{name}: {value}" for name, value in styles.items() if name in EVALUATED and is_striking(name, value)
        )
    found = {f"{name}: {settled(value)}" for name, value in styles.items() if is_compared(name, value)}
    return frozenset(found | _cut_off(styles) | _moved(styles))


def _cut_off(styles: Mapping[str, str]) -> set[str]:
    """A size beyond which an element shows nothing of its text."""
    overflow = " ".join(sorted({value for name, value in styles.items() if name.startswith("overflow")}))
    if not overflow or overflow == "visible":
        return set()
    sizes = {f"{name}: {value}" for name, value in styles.items() if name in _LIMITS and value not in _NOTHING}
    is_one_line = "nowrap" in styles.get("white-space", "") or "nowrap" in styles.get("text-wrap", "")
    return {f"overflow: {overflow}", *sizes} if sizes or is_one_line or "contain" in styles else set()


_LIMITS = frozenset(
    ("height", "max-height", "block-size", "max-block-size", "aspect-ratio", "contain", "flex", "flex-basis")
)


def _moved(styles: Mapping[str, str]) -> set[str]:
    """What takes an element out of the order of the text."""
    position = styles.get("position", "static")
    if position in ("static", *INHERITED):
        return set()
    places = {f"{name}: {value}" for name, value in styles.items() if name in _PLACES and value not in _NOTHING}
    return {f"position: {position}", *places} if places or position in ("absolute", "fixed") else set()


_PLACES = frozenset(
    (
        "left", "right", "top", "bottom", "inset", "inset-inline", "inset-inline-start", "inset-inline-end",
        "inset-block", "inset-block-start", "inset-block-end",
    )
)  # fmt: skip
READ = _LIMITS | _PLACES | {"overflow", "overflow-x", "overflow-y", "position", "white-space", "text-wrap"}
"""Properties that alter something only together."""
