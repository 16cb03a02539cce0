"""Boxes by which a page asks its reader for something: consent, a subscription, a login. They are known by structure.

Such a box lies beside the main text, is short, and has what a reader presses: two controls, a field for an address, or
one control in what is a dialog or lies over the page. In which language it asks does not matter.
"""

from __future__ import annotations

import re
from itertools import islice
from xml.etree.ElementTree import Element

from archive.corroborate.pages.slots import CONSENT, PROMPTS, labels_of
from archive.corroborate.texts.folding import count_words
from archive.corroborate.texts.interface_words import asks, is_label, offers, says_requests

_NEVER = frozenset(("html", "body", "header", "footer", "nav", "main", "article", "table", "tr", "ul", "ol", "dl"))
_HEAVY = frozenset(("main", "article", "h1", "table", "video", "audio", "iframe", "blockquote", "figure", "time", "dl"))
_CONTROLS = frozenset(("button", "select", "textarea"))
_FIELDS = frozenset(("email", "password", "tel"))
_OVER = re.compile(r"position\s*:\s*(?:fixed|sticky)", re.IGNORECASE)
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button)(?:$|[\s_-])", re.IGNORECASE)
_LONGEST, _LONGEST_BOX = 1_200, 300
_LONGEST_APPEAL = 500
_OF_BUTTON, _MOST_OF_BUTTON = 1, 3
"""Words of a button."""
_BOXES = frozenset(("div", "aside", "section", "form"))
_SHARE = re.compile(r"(?<![\d.,])(\d{1,3})\s?%\Z")
_MOST_LEADING = 2
"""Links and buttons of a banner that asks for nothing by its structure."""
_MOST_IN_BANNER = 24
"""Elements of a banner, itself among them."""
_MOST_LINKS, _MOST_HEADINGS, _MOST_PARAGRAPHS = 6, 1, 3
_SENTENCE = 8
"""Words of a paragraph; a short text with a box in it has several."""
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))


def is_control(element: Element) -> bool:
    """True for what a reader presses or fills in."""
    if element.tag == "input":
        return element.get("type", "text").lower() != "hidden"
    if element.tag in _CONTROLS or element.get("role") == "button":
        return True
    is_button = _BUTTON.search(element.get("class", "")) is not None
    return element.tag == "a" and (is_button or element.get("href", "").startswith(("#", "javascript:")))


def _is_heavy(element: Element) -> bool:
    """True for what no box has that asks for something: a main part of a page, by its tag or its role."""
    return element.tag in _HEAVY or element.get("role") in ("main", "article")


def is_prompt(element: Element) -> bool:
    """True for a box that asks its reader for something, by what is in it."""
    if element.tag in _NEVER:
        return False
    controls = fields = links = headings = paragraphs = 0
    for each in element.iter():
        if each is not element and _is_heavy(each):
            return False
        controls += is_control(each)
        fields += each.tag == "input" and each.get("type", "").lower() in _FIELDS
        links += each.tag == "a" and not is_control(each)
        headings += each.tag in _HEADINGS
        paragraphs += each.tag == "p" and count_words("".join(each.itertext())) >= _SENTENCE
    if not controls or links > _MOST_LINKS or headings > _MOST_HEADINGS or paragraphs > _MOST_PARAGRAPHS:
        return False
    is_short = 0 < len("".join(element.itertext()).strip()) <= _LONGEST
    return is_short and (controls > 1 or fields > 0 or _is_dialog(element))


def is_request(element: Element) -> bool:
    """True for a box of few words that all ask for a subscription, a gift, an installation, a login."""
    if element.tag not in _BOXES or any(each.tag in _NEVER or _is_heavy(each) for each in element.iter()):
        return False
    texts = [" ".join(text.split()) for text in element.itertext() if text.strip()]
    said = sum(map(len, texts))
    links = sum(each.tag == "a" for each in element.iter())
    is_short = 0 < said <= _LONGEST_BOX and links <= 1
    asking = [text for text in texts if count_words(text) > _OF_BUTTON]
    return is_short and any(map(offers, asking)) and all(says_requests(text) or is_label(text) for text in asking)


def is_appeal(element: Element) -> bool:
    """True for a box of few words that leads to one page, by a button whose label asks for that: `Donate`."""
    if element.tag not in _BOXES or any(each.tag in _NEVER or _is_heavy(each) for each in element.iter()):
        return False
    links = [each for each in element.iter("a") if each.get("href")]
    places = {each.get("href", "").partition("?")[0] for each in links}
    labels = (" ".join("".join(each.itertext()).split()) for each in links)
    is_asking = any(count_words(label) <= _MOST_OF_BUTTON and asks(label) for label in labels)
    return len(places) == 1 and is_asking and len("".join(element.itertext())) <= _LONGEST_APPEAL


def is_banner(element: Element) -> bool:
    """True for a box of few words that leads its reader to another page, or asks for something, in any language."""
    inner = [*islice(element.iter(), _MOST_IN_BANNER + 1)]
    if element.tag not in _BOXES or len(inner) > _MOST_IN_BANNER or any(each.tag in _NEVER | _HEAVY for each in inner):
        return False
    leading = sum(each.tag == "a" or is_control(each) for each in inner)
    is_short = 0 < len("".join(element.itertext()).strip()) <= _LONGEST_BOX
    return is_short and (0 < leading <= _MOST_LEADING or is_prompt(element))


def is_poll(element: Element) -> bool:
    """True for a box of answers with the share of each: together they are the whole."""
    if element.tag not in _BOXES:
        return False
    said = [" ".join("".join(each.itertext()).split()) for each in element.iter() if each.tag in ("li", "label")]
    shares = [int(found[1]) for text in said if (found := _SHARE.search(text)) is not None]
    return len(shares) > 1 and len(shares) == len(said) and abs(sum(shares) - 100) < len(shares)


def has_control(element: Element) -> bool:
    """True for what has something to press or to fill in, or leads somewhere."""
    return any(is_control(each) or each.tag == "a" for each in element.iter())


def _is_dialog(element: Element) -> bool:
    is_named = bool(labels_of(element.attrib) & (CONSENT | PROMPTS)) or element.tag == "dialog"
    is_over = _OVER.search(element.get("style", "")) is not None or "data-nosnippet" in element.attrib
    return is_named or is_over or "aria-modal" in element.attrib or element.get("role") in ("dialog", "alertdialog")
