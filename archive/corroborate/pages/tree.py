"""An HTML page as the tree of elements that a browser builds of it, bounded in depth and size whatever it is made of.

Browsers agree on one tree for any bytes, also wrong ones (HTML Standard, 13.2). A reader that builds another one can be
shown a text where a person is shown none: a `<b hidden>` that is not closed hides all paragraphs behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from sys import intern
from xml.etree.ElementTree import Element  # only the class: nothing is parsed with this module

import turbohtml

from archive.capture.requisites import encoding
from archive.corroborate.pages.blind_links import name_blind_links
from archive.corroborate.pages.protected import show_addresses

MOST_BYTES = 16 << 20
MOST_ELEMENTS = 60_000
DEEPEST = 256
"""Elements below this depth become children of the one at it: a style sheet's selectors climb to the root."""
_MOST_TAGS = 4 * MOST_ELEMENTS
_TAG = re.compile(r"<(?=[A-Za-z/])")
_FORMATTING = re.compile(
    r"<(?:b|big|code|em|font|i|s|small|strike|strong|tt|u|nobr)(?=[\s/>])[^<>]{0,200}", re.IGNORECASE
)
"""What a browser opens anew in each paragraph until it is closed. (HTML Standard, 13.2.4.3)"""
_DEEPEST_FORMATTING, _TWINS = 512, 3
"""Of these as many at most are opened anew, and of those that are alike three."""
_MOST_NODES = 2_000_000
_STEP = 4_000
"""Tags that are read at once where each may become many nodes."""


class PageTree:
    """A page's elements, and whether all of it was read."""

    def __init__(self) -> None:
        self.root = Element("html")
        self.is_whole = True
        self.codec = "utf-8"
        self.is_quirky = False
        """Whether a browser reads it as pages of before the standards: there, the case of a class is no difference."""
        self.notes: list[str] = []
        """What may make a browser show another page than this tree: another observer's page has to have the same."""


def read_tree(body: bytes, charset: str | None, *, is_xml: bool = False) -> PageTree:
    """Read a page; `charset` is the one that its Content-Type states. Never raises for what the page holds.

    `is_xml`: it was sent as XHTML, which browsers read by the rules of XML.
    """
    tree = PageTree()
    tree.codec = encoding.of_html(body, charset)
    text = "".join(encoding.pieces(memoryview(body)[:MOST_BYTES], tree.codec))
    document, is_cut = _parsed(text) if not is_xml else _parsed_as_xml(text, tree.notes)
    tree.is_quirky = not is_xml and _is_quirky(document)
    tree.is_whole = _Builder(tree.root).build(document) and not is_cut and len(body) <= MOST_BYTES
    show_addresses(tree.root)
    name_blind_links(tree.root)
    return tree


def _parsed(text: str) -> tuple[turbohtml.Document, bool]:
    """The document that a browser with scripts builds; whether only the beginning of the text was read."""
    starts = [match.start() for match in islice(_TAG.finditer(text), _MOST_TAGS + 1)]
    is_cut = len(starts) > _MOST_TAGS
    kinds = len({match[0] for match in islice(_FORMATTING.finditer(text), _DEEPEST_FORMATTING * _TWINS)})
    if min(kinds * _TWINS, _DEEPEST_FORMATTING) * len(starts) <= _MOST_NODES:
        return _document(text[: starts[-1]] if is_cut else text), is_cut
    for end in starts[_STEP:_MOST_TAGS:_STEP]:
        document = _document(text[:end])
        if sum(1 for _ in islice(document.descendants, 2 * _MOST_TAGS)) == 2 * _MOST_TAGS:
            return document, True
    return _document(text[: starts[-1]] if is_cut else text), is_cut


def _parsed_as_xml(text: str, notes: list[str]) -> tuple[turbohtml.Document, bool]:
    """The document by the rules of XML; where they are broken, that of HTML, and a note that says so."""
    if (own := _OWN_NAMES.search(text[:_PROLOG])) is not None:
        notes.append(f"names that a document type gives: {own[1]}")
    starts = sum(1 for _ in islice(_TAG.finditer(text), _MOST_TAGS + 1))
    try:
        if starts <= _MOST_TAGS:
            return turbohtml.parse_xml(text.removeprefix("\ufeff")), False
    except turbohtml.HTMLParseError as error:
        notes.append(f"no XML: {error}")
    return _parsed(text)


_OWN_NAMES = re.compile(r"<!DOCTYPE[^>\[]{0,1000}\[(.{0,60000}?)\]\s*>", re.DOTALL)
"""What a document type states itself: a name there may stand for any text. (XML 1.0, 2.8)"""
_PROLOG = 1 << 16


def _document(text: str) -> turbohtml.Document:
    return turbohtml.parse(text, scripting=True, positions=False, allow_declarative_shadow_roots=False)


def _is_quirky(document: turbohtml.Document) -> bool:
    """True for a page without a document type, or with one of before the standards. (HTML Standard, 13.2.6.4.1)"""
    stated = next((each for each in document.children if isinstance(each, turbohtml.Doctype)), None)
    if stated is None or (stated.name or "").lower() != "html":
        return True
    public = stated.public_id or ""
    is_transitional = re.match(r"-//w3c//dtd html 4\.01 (?:transitional|frameset)//", public, re.IGNORECASE) is not None
    return (is_transitional and not stated.system_id) or _OLD_TYPES.match(public) is not None


_OLD_TYPES = re.compile(
    r"html\Z|-//(?:ietf|w3o|netscape comm|microsoft|sun microsystems|softquad|webtechs|spyglass|sq|o'reilly|metrius)\b"
    r"|-//w3c//dtd html (?:3|4\.0 |experimental)|-//w3c//dtd w3 html|-//w3c//dtd html 2",
    re.IGNORECASE,
)


class _Builder:
    """Copies a document into elements, without recursion."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._count = 0

    def build(self, document: turbohtml.Document) -> bool:
        """Copy it; False where there is more than is read."""
        top = next((each for each in document.children if isinstance(each, turbohtml.Element)), None)
        if top is None:
            return True
        _add_attributes(self._root, top)
        waiting: list[tuple[Iterator[turbohtml.Node], Element]] = [(iter(top.children), self._root)]
        while waiting:
            children, parent = waiting[-1]
            child = next(children, None)
            if child is None:
                waiting.pop()
            elif isinstance(child, turbohtml.Text | turbohtml.CData):
                _add_text(parent, child.data)
            elif isinstance(child, turbohtml.DocumentFragment):
                waiting.append((iter(child.children), parent))
            elif isinstance(child, turbohtml.Element):
                self._count += 1
                if self._count > MOST_ELEMENTS:
                    return False
                element = Element(intern(child.tag.lower()))
                _add_attributes(element, child)
                parent.append(element)
                waiting.append((iter(_children(child)), element if len(waiting) < DEEPEST else parent))
        return True


def _children(element: turbohtml.Element) -> Iterator[turbohtml.Node]:
    """The children of an element; of `noscript`, those that it has where no script runs."""
    if element.tag != "noscript":
        return iter(element.children)
    text = "".join(each.data for each in element.children if isinstance(each, turbohtml.Text))
    return iter(turbohtml.parse_fragment(text, "div").children)


def _add_attributes(element: Element, source: turbohtml.Element) -> None:
    for name, value in source.attrs.items():
        text = " ".join(value) if isinstance(value, list) else value or ""
        element.attrib.setdefault(intern(name.lower()), intern(text))


def _add_text(parent: Element, text: str) -> None:
    text = text if text.strip() else intern(text)
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


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
