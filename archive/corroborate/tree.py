"""An HTML page as a tree of elements whose depth and size are bounded, whatever the page is made of."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from sys import intern
from typing import Any
from xml.etree.ElementTree import Element  # only the class: nothing is parsed with this module

from lxml import etree

from archive.capture.requisites import encoding

MOST_BYTES = 16 << 20
MOST_ELEMENTS = 60_000
DEEPEST = 256
"""Elements below this depth become children of the one at it: a style sheet's selectors climb to the root."""

_VOID = frozenset(
    (
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    )
)  # fmt: skip


_IN_HEAD = frozenset(("title", "meta", "link", "script", "style", "base", "noscript", "template", "object", "head"))


class PageTree:
    """A page's elements, and whether all of it was read."""

    def __init__(self) -> None:
        self.root = Element("html")
        self.is_whole = True
        self.codec = "utf-8"


def read_tree(body: bytes, charset: str | None) -> PageTree:
    """Read a page; `charset` is the one that its Content-Type states. Never raises for what the page holds."""
    codec = encoding.of_html(body, charset)
    events = _TreeEvents()
    events.tree.codec = codec
    parser = _parser(events)
    for piece in encoding.pieces(memoryview(body)[:MOST_BYTES], codec):
        data = piece.encode("utf-8", "replace")
        for at in range(0, len(data), 1 << 16):
            try:
                parser.feed(data[at : at + (1 << 16)])
            except etree.LxmlError:
                events.tree.is_whole = False
                parser = _parser(events)
    with contextlib.suppress(etree.LxmlError):  # "no element found": there was none
        parser.close()
    events.tree.is_whole = events.tree.is_whole and len(body) <= MOST_BYTES
    return events.tree


def _parser(target: Any) -> Any:
    return etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)


class _TreeEvents:
    """Receives the events of libxml2's tokenizer and builds the tree."""

    def __init__(self) -> None:
        self.tree = PageTree()
        self._open: list[Element] = [self.tree.root]
        self._below = 0
        """Elements that are open below the deepest one that has children of its own."""
        self._count = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "html" and self._count == 0:
            self._add_attributes(self.tree.root, attributes)
            return
        if tag in ("html", "body") and len(self._open) > 1 and tag == self._open[-1].tag:
            self._add_attributes(self._open[-1], attributes)
            return
        if self._open[-1].tag == "head" and tag not in _IN_HEAD:
            self._open.pop()  # its end tag may be left out, and libxml2 does not know all that ends it
        self._count += 1
        if self._count > MOST_ELEMENTS:
            self.tree.is_whole = False
            return
        element = Element(intern(tag))
        self._add_attributes(element, attributes)
        self._open[-1].append(element)
        if tag in _VOID:
            return
        if len(self._open) < DEEPEST:
            self._open.append(element)
        else:
            self._below += 1

    def end(self, tag: str) -> None:
        if tag in _VOID or tag == "html":
            return
        if self._below:
            self._below -= 1
            return
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return

    def data(self, text: str) -> None:
        if self._count > MOST_ELEMENTS:
            return
        text = text if text.strip() else intern(text)
        parent = self._open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text

    def comment(self, text: str) -> None:
        """A comment is no text of the page."""

    def close(self) -> None:
        """The page ended."""

    def _add_attributes(self, element: Element, attributes: Mapping[str, str]) -> None:
        for name, value in attributes.items():
            element.attrib.setdefault(intern(name.lower()), intern(value) if value else "")


def text_of(element: Element) -> str:
    """All text below an element, in order."""
    return "".join(_texts(element))


def _texts(element: Element) -> Iterator[str]:
    stack: list[Element | str] = [element]
    while stack:
        each = stack.pop()
        if isinstance(each, str):
            yield each
            continue
        if each.text:
            yield each.text
        for child in reversed(each):
            if child.tail:
                stack.append(child.tail)
            stack.append(child)
