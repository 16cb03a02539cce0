"""The frame of a page: its base address, its sections, what an archive added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from archive.corroborate.pages.attributes import joined
from archive.corroborate.pages.selectors import as_named, named_attribute

_SECTIONS = frozenset(("main", "article", "nav", "aside", "header", "footer"))
FRAMED = frozenset(
    (
        "menu", "nav", "navbar", "navigation", "sidebar", "topbar", "bar", "header", "masthead", "footer",
        "recentcomments",
        "widget",
    )
)  # fmt: skip
ARCHIVE = re.compile(r"https?://web\.archive\.org/web/\d")
_OF_ARCHIVE = re.compile(
    r"__wm\.(?:init|wombat|rw|bt)\(|archive_analytics\.(?:values|service)|window\.RufflePlayer\s*=|_WBWombat"
)
_LONGEST_OF_ARCHIVE = 600


def is_of_archive(script: str) -> bool:
    """True for a short script that an archive puts into its copies."""
    return len(script) < _LONGEST_OF_ARCHIVE and _OF_ARCHIVE.search(script[:_LONGEST_OF_ARCHIVE]) is not None


_SHARES = re.compile(
    r"(?:https?:)?//(?:www\.|m\.|api\.)?(?:facebook\.com/(?:sharer|share\.php|dialog/share)|(?:twitter|x)\.com/(?:intent|share)"
    r"|t\.me/share|telegram\.me/share|wa\.me/\?|whatsapp\.com/send|linkedin\.com/(?:shareArticle|sharing)|pinterest\.com/pin/create"
    r"|reddit\.com/submit|vk\.com/share|tumblr\.com/(?:share|widgets/share))|whatsapp://send",
    re.IGNORECASE,
)
"""Where a network's readers are led to share a page."""


def sharing_in(element: Element) -> frozenset[str]:
    """What says that readers share the page right in this element: a link by which they do."""
    links = (child.get("href", "") for child in element if child.tag == "a")
    return _OF_SHARING if any(_SHARES.match(link.strip()) for link in links) else frozenset()


_OF_SHARING = frozenset(("share",))


_INERT = frozenset(("template", "noscript", "svg", "math", "noframes", "noembed", "iframe"))
"""What lies in these has no effect on the page around it."""


def active_elements(root: Element) -> Iterator[Element]:
    """The elements of a page in their order, without those that a browser with scripts leaves aside."""
    stack = [root]
    while stack:
        each = stack.pop()
        yield each
        if each.tag not in _INERT:
            stack += reversed(each)


def base_of(root: Element, url: str) -> str:
    """The address that those of a page's links start from: the first that it states."""
    base = next((each.get("href") for each in active_elements(root) if each.tag == "base" and each.get("href")), None)
    return joined(url, base) if base else url


def parts_of(
    texts: Iterator[tuple[str, frozenset[str]]], text: str, names: frozenset[str]
) -> tuple[tuple[str, frozenset[str]], ...]:
    """The elements that a text runs through; none where it stands in one, as most do."""
    found = tuple((part, labels) for part, labels in texts if part)
    return () if found == ((text, names),) else found


def names_of(attributes: Mapping[str, str]) -> set[str]:
    """The classes, the id and the `data-` attributes of an element, as selectors write them."""
    found = {named_attribute(name) for name in attributes if name.startswith("data-")}
    found |= {as_named(".", name) for name in attributes.get("class", "").split()}
    return found | {as_named("#", attributes["id"])} if attributes.get("id") else found


def section_of(tag: str, before: str) -> str:
    """The section of an element; the head of an article is part of the article."""
    if tag not in _SECTIONS or (tag in ("header", "footer") and before in ("article", "main")):
        return before
    return tag
