"""Boxes by which a page asks its reader for something: consent, a subscription, a login. They are known by structure.

Such a box lies beside the main text, is short, and has what a reader presses: two controls, a field for an address, or
one control in what is a dialog or lies over the page. In which language it asks does not matter.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from archive.corroborate.pages.slots import CONSENT, PROMPTS, labels_of

_NEVER = frozenset(("html", "body", "header", "footer", "nav", "main", "article", "table", "tr", "ul", "ol", "dl"))
_HEAVY = frozenset(("main", "article", "h1", "table", "video", "audio", "iframe", "blockquote", "figure", "time", "dl"))
_CONTROLS = frozenset(("button", "select", "textarea"))
_FIELDS = frozenset(("email", "password", "tel"))
_OVER = re.compile(r"position\s*:\s*(?:fixed|sticky)", re.IGNORECASE)
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button)(?:$|[\s_-])", re.IGNORECASE)
_LONGEST = 1_200
_MOST_LINKS, _MOST_HEADINGS = 6, 1
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))


def is_control(element: Element) -> bool:
    """True for what a reader presses or fills in."""
    if element.tag == "input":
        return element.get("type", "text").lower() != "hidden"
    if element.tag in _CONTROLS or element.get("role") == "button":
        return True
    is_button = _BUTTON.search(element.get("class", "")) is not None
    return element.tag == "a" and (is_button or element.get("href", "").startswith(("#", "javascript:")))


def is_prompt(element: Element) -> bool:
    """True for a box that asks its reader for something, by what is in it."""
    if element.tag in _NEVER:
        return False
    controls = fields = links = headings = 0
    for each in element.iter():
        if each is not element and each.tag in _HEAVY:
            return False
        controls += is_control(each)
        fields += each.tag == "input" and each.get("type", "").lower() in _FIELDS
        links += each.tag == "a" and not is_control(each)
        headings += each.tag in _HEADINGS
    if not controls or links > _MOST_LINKS or headings > _MOST_HEADINGS:
        return False
    is_short = 0 < len("".join(element.itertext()).strip()) <= _LONGEST
    return is_short and (controls > 1 or fields > 0 or _is_dialog(element))


def _is_dialog(element: Element) -> bool:
    is_named = bool(labels_of(element.attrib) & (CONSENT | PROMPTS)) or element.tag == "dialog"
    is_over = _OVER.search(element.get("style", "")) is not None or "data-nosnippet" in element.attrib
    return is_named or is_over or "aria-modal" in element.attrib or element.get("role") in ("dialog", "alertdialog")
