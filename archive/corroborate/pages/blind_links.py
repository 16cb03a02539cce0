"""Links that lead nowhere by themselves: a script leads their reader on, and only their text says where.

A site lists its other pages with them too. Two with one text are one link, two with other texts are two.
"""

from __future__ import annotations

from urllib.parse import quote
from xml.etree.ElementTree import Element

from archive.corroborate.texts.folding import count_words, fold

BLIND = "#:~:text="
"""Begins the address that is put in the place of theirs: that of a text in the page. (Text Fragments, WICG)"""
_NOWHERE = frozenset(("#", "#!", "#0", "javascript:", "javascript:;", "javascript:void(0)", "javascript:void(0);"))
_HEADLINE = 3
"""Words of a headline; fewer are those of a button."""
_LONGEST = 300


def name_blind_links(root: Element) -> None:
    """Give each such link with a headline an address of its own."""
    for element in root.iter("a"):
        if element.get("href", "").strip() in _NOWHERE:
            text = fold(" ".join("".join(element.itertext()).split()))
            if count_words(text) >= _HEADLINE and len(text) <= _LONGEST:
                element.set("href", BLIND + quote(text))
