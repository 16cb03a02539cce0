"""What attributes of before style sheets say of how an element looks. (HTML Standard, 15.3, presentational hints)"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

import tinycss2.color4

_INKS = {"font": "color", "body": "text"}
"""Which attribute gives the colour of the text, by element."""
_PAPERS = frozenset(("body", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "marquee"))
"""Elements to which `bgcolor` gives a background."""
_LONGEST = 128
_NONE: Mapping[str, str] = {}


def hints_of(element: Element) -> Mapping[str, str]:
    """The values of style properties that attributes of an element state."""
    if not element.attrib:
        return _NONE
    found = {}
    ink = element.get(_INKS[element.tag]) if element.tag in _INKS else None
    paper = element.get("bgcolor") if element.tag in _PAPERS else None
    if ink and (color := _color(ink)):
        found["color"] = color
    if paper and (color := _color(paper)):
        found["background-color"] = color
    return found


def _color(stated: str) -> str:
    """A colour as such an attribute names it, in the notation of styles. (HTML Standard, 2.3.6, legacy colours)"""
    text = stated.strip(" \t\n\f\r").lower()
    if text in ("", "transparent"):
        return ""
    if re.fullmatch(r"#[0-9a-f]{3}", text) or (text.isalpha() and _is_named(text)):
        return text
    text = re.sub(r"[^0-9a-f]", "0", text.removeprefix("#")[:_LONGEST])
    text += "0" * (-len(text) % 3) if text else "000"
    size = len(text) // 3
    parts = [text[at * size : (at + 1) * size][-8:] for at in range(3)]
    while len(parts[0]) > 2 and all(part[0] == "0" for part in parts):
        parts = [part[1:] for part in parts]
    return f"#{''.join(part[:2].rjust(2, '0') for part in parts)}"


def _is_named(text: str) -> bool:
    return tinycss2.color4.parse_color(text) is not None
