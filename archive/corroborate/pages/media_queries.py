"""Whether what a style sheet says for some media applies on a usual screen, and whether it does so on every one."""

from __future__ import annotations

import re

WIDTH, HEIGHT = 1280, 720
"""Pixels of the window that media queries are judged by."""
_EVERYWHERE = re.compile(r"(?:only\s+)?(?:all|screen)?\s*", re.IGNORECASE)
_OF_OTHER_MEDIA = re.compile(r"(?:only\s+)?(?:print|speech|aural|tty|tv|projection|handheld|braille|embossed)\b")
_UNITS = {"px": 1.0, "em": 16.0, "rem": 16.0, "pt": 4 / 3, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
_BOUND = re.compile(r"\((min|max)-(?:device-)?(width|height)\s*:\s*([0-9.]{1,9})(px|em|rem|pt|in|cm|mm)?\s*\)")
_LESS = re.compile(r"\((width|height)\s*(<=?|>=?)\s*([0-9.]{1,9})(px|em|rem|pt|in|cm|mm)?\s*\)")
_FEATURE = re.compile(r"\(\s*([\w-]+)\s*(?::\s*([\w/.-]+)\s*)?\)")
_USUAL = {
    "hover": ("", "hover"), "any-hover": ("", "hover"), "pointer": ("", "fine"), "any-pointer": ("", "fine"),
    "orientation": ("landscape",), "prefers-color-scheme": ("light",), "prefers-reduced-motion": ("no-preference",),
    "prefers-contrast": ("no-preference",), "prefers-reduced-transparency": ("no-preference",), "color": ("",),
    "scripting": ("enabled",), "update": ("fast",), "overflow-block": ("scroll",), "forced-colors": ("none",),
    "inverted-colors": ("none",), "display-mode": ("browser",), "dynamic-range": ("standard",), "grid": ("0",),
    "monochrome": ("0",), "width": ("",), "height": ("",),
}  # fmt: skip
"""What a screen with a mouse says of itself."""


def is_everywhere(query: str) -> bool:
    """True for a list of media queries that applies on every screen."""
    return not query.strip() or any(_EVERYWHERE.fullmatch(one.strip()) for one in query.split(","))


def is_on_screen(query: str) -> bool:
    """True where a list of media queries applies to a usual screen of `WIDTH` pixels. (Media Queries 4)"""
    return any(_applies(one.strip()) for one in query.lower().split(",")) if query.strip() else True


def _applies(query: str) -> bool:
    if query.startswith("not "):
        return not _applies(query[4:].strip())
    if _OF_OTHER_MEDIA.match(query):
        return False
    if " or " in query:
        return any(map(_applies, query.split(" or ")))
    rest = _LESS.sub("", _BOUND.sub("", query))
    bounds = [
        *((f"{bound}", of, number, unit) for bound, of, number, unit in _BOUND.findall(query)),
        *(("max" if sign[0] == "<" else "min", of, number, unit) for of, sign, number, unit in _LESS.findall(query)),
    ]
    return all(_is_within(*bound) for bound in bounds) and all(_is_usual(*stated) for stated in _FEATURE.findall(rest))


def _is_within(bound: str, of: str, number: str, unit: str) -> bool:
    if number.count(".") > 1 or number == ".":
        return False
    pixels, size = float(number) * _UNITS.get(unit or "px", 1.0), WIDTH if of == "width" else HEIGHT
    return size >= pixels if bound == "min" else size <= pixels


def _is_usual(name: str, value: str) -> bool:
    return value in _USUAL[name] if name in _USUAL else True
