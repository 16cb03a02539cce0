"""The style sheets of a page: those in it, those it links, and those that they import."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes
from xml.etree.ElementTree import Element

import tinycss2

from archive.corroborate.pages.attributes import joined
from archive.corroborate.pages.frame import active_elements
from archive.corroborate.pages.styles import PageStyles
from archive.corroborate.texts.places import is_of_build, place_of_program, site_of_address

_MOST_IMPORTS = 32
_DATA = re.compile(r"data:text/css(?:;[^,]*)?,(?P<text>.*)", re.IGNORECASE | re.DOTALL)
_STATED = ("title", "integrity", "disabled", "type", "crossorigin")
"""Attributes by which a browser may leave a style sheet aside."""


@dataclass(frozen=True, slots=True)
class SheetsOfPage:
    """What is known of a page's style sheets."""

    styles: PageStyles
    linked: list[str]
    """Their addresses."""
    missing: list[str]
    """Those of them that are not there to be read."""


def read_styles(root: Element, base: str, sheet: Callable[[str], str | None], *, is_quirky: bool) -> SheetsOfPage:
    """The rules of a page; `sheet` gives the text of a style sheet, `is_quirky`: it is of before the standards."""
    found = SheetsOfPage(PageStyles(_names(root) if is_quirky else {}), [], [])
    reader = _SheetReader(found, sheet)
    for element in active_elements(root):
        if element.tag == "style":
            reader.read(element.text or "", base, element.get("media", ""))
            _note_stated(element, found.styles, "style")
        elif element.tag == "link" and _is_sheet(element):
            url = joined(base, element.get("href", ""))
            reader.read_at(url, element.get("media", ""))
            _note_stated(element, found.styles, url)
    return found


def _names(root: Element) -> dict[str, frozenset[str]]:
    """Classes and ids of a page, by their small letters."""
    found: dict[str, set[str]] = {}
    for element in root.iter():
        for name in (*element.get("class", "").split(), element.get("id", "")):
            if name:
                found.setdefault(name.lower(), set()).add(name)
    return {name: frozenset(written) for name, written in found.items()}


def _note_stated(element: Element, styles: PageStyles, of: str) -> None:
    for name in _STATED:
        value = element.get(name)
        if value is None or (name == "type" and value.strip().lower() in ("", "text/css")):
            continue
        is_built = name == "integrity" and is_of_build(of)
        place = site_of_address(of) if name == "crossorigin" else place_of_program(of) if of != "style" else of
        styles.note(f"style sheet {place} {name}={'' if is_built else value}")


def _is_sheet(element: Element) -> bool:
    rel = element.get("rel", "").lower().split()
    return "stylesheet" in rel and "alternate" not in rel and bool(element.get("href"))


@dataclass(slots=True)
class _SheetReader:
    found: SheetsOfPage
    sheet: Callable[[str], str | None]
    _imports: int = 0

    def read_at(self, url: str, media: str) -> None:
        """Read the style sheet at an address, and those that it imports, which come before it."""
        text = self._text(url)
        if not url.startswith("data:"):
            self.found.linked.append(url)
            if text is None:
                self.found.missing.append(url)
        if text is not None:
            self.read(text, url, media)

    def read(self, text: str, base: str, media: str) -> None:
        """Read the text of one. (CSS Cascade 5, section 2)"""
        for target, condition in _imported(text):
            self._imports += 1
            if self._imports > _MOST_IMPORTS:
                self.found.styles.note(f"@import {target}")
                continue
            both = " and ".join(part for part in (media, condition) if part)
            self.read_at(joined(base, target), both)
        self.found.styles.add_sheet(text, media)

    def _text(self, url: str) -> str | None:
        data = _DATA.match(url)
        return unquote_to_bytes(data["text"]).decode("utf-8", "replace") if data is not None else self.sheet(url)


def _imported(text: str) -> Iterator[tuple[str, str]]:
    """Addresses of the style sheets that one imports, and for which media."""
    if "@" not in text or not re.search(r"@(?:import|\\)", text, re.IGNORECASE):
        return
    for node in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if node.type == "at-rule" and node.lower_at_keyword == "import":
            parts = [part for part in node.prelude if part.type not in ("whitespace", "comment")]
            target = _target(parts[0]) if parts else ""
            if target:
                yield target, tinycss2.serialize(parts[1:]).strip()


def _target(token: object) -> str:
    """What a text or an address names."""
    kind = getattr(token, "type", "")
    if kind in ("string", "url"):
        return str(getattr(token, "value", ""))
    if kind == "function" and getattr(token, "lower_name", "") in ("url", "src"):
        return next((str(each.value) for each in getattr(token, "arguments", ()) if each.type == "string"), "")
    return ""
