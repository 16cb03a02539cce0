"""Whether a page could run a program or load something: pages of this program, of any version, do neither."""

from __future__ import annotations

import re

from lxml import etree, html

_ELEMENTS = frozenset({"script", "iframe", "frame", "object", "embed", "applet", "base", "form", "portal"})
_ADDRESSES = ("href", "src", "srcset", "action", "formaction", "background", "poster", "data", "xlink:href")
_RUNS = re.compile(r"[\x00-\x20]*(?:javascript|vbscript|data\s*:\s*text)[\x00-\x20]*", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[\x00-\x20]*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_STYLE = re.compile(r"@import|url\(\s*[\"']?(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)


def runs_or_loads(page: bytes) -> bool:
    """True of markup with a script, a handler of events, a frame, a form, or a picture from elsewhere."""
    try:
        root = html.document_fromstring(page)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return bool(page.strip())
    return any(_does(element) for element in root.iter() if isinstance(element.tag, str))


def _does(element: etree._Element) -> bool:
    name = str(element.tag).lower()
    if name in _ELEMENTS or (name == "meta" and (element.get("http-equiv") or "").strip().lower() == "refresh"):
        return True
    if name == "style" and _STYLE.search(element.text or ""):
        return True
    for key, value in element.attrib.items():
        attribute, text = str(key).lower(), str(value)
        if attribute == "style" and _STYLE.search(text):
            return True
        if attribute.startswith("on") or (attribute in _ADDRESSES and _RUNS.match(text)):
            return True
        if attribute in _ADDRESSES and name != "a" and _ELSEWHERE.match(text):
            return True
    return False
