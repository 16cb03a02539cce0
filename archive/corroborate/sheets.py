"""The style sheets of a page: those in it, those it links, and those that they import."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from archive.corroborate.attributes import joined
from archive.corroborate.styles import PageStyles, is_on_screen


def read_styles(
    root: Element, base: str, sheet: Callable[[str], str | None]
) -> tuple[PageStyles, list[str], list[str]]:
    """The rules of a page, the addresses of its style sheets, and of those that are not there."""
    styles, linked, missing = PageStyles(), list[str](), list[str]()
    for element in root.iter():
        if element.tag == "style" and is_on_screen(element.get("media", "")):
            for target in _IMPORT.findall((element.text or "")[:100_000])[:_MOST_IMPORTS]:
                _add_linked(styles, joined(base, target), sheet)
            styles.add_sheet(element.text or "")
        elif element.tag == "link" and _is_sheet(element) and is_on_screen(element.get("media", "")):
            url = joined(base, element.get("href", ""))
            linked.append(url)
            if sheet(url) is None:
                missing.append(url)
            _add_linked(styles, url, sheet)
    return styles, linked, missing


def _is_sheet(element: Element) -> bool:
    rel = element.get("rel", "").lower().split()
    return "stylesheet" in rel and "alternate" not in rel and bool(element.get("href"))


_IMPORT = re.compile(r"@import\s+(?:url\()?\s*[\"']?([^\"')\s;]{1,2000})", re.IGNORECASE)
_MOST_IMPORTS = 32


def _add_linked(styles: PageStyles, url: str, sheet: Callable[[str], str | None]) -> None:
    """Add a style sheet and those that it imports, which come before it. (CSS Cascade 5, section 2)"""
    waiting, seen, texts = [url], {url}, []
    while waiting and len(seen) <= _MOST_IMPORTS:
        place = waiting.pop()
        if (text := sheet(place)) is None:
            continue
        texts.append(text)
        for target in _IMPORT.findall(text[:100_000]):
            if (imported := joined(place, target)) not in seen:
                seen.add(imported)
                waiting.append(imported)
    for text in reversed(texts):
        styles.add_sheet(text)
