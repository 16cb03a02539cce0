"""What the markup of a page shows of its parts: where its main text stands, lists of other pages, replies with a time.

Nothing here depends on what a class is called: a list of other pages is several brothers of one kind, each with a link
to another page of the site; the main text is the element that holds most of the page's sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from archive.corroborate.attributes import joined
from archive.corroborate.places import place_of_link, site_of_address
from archive.corroborate.slots import labels_of

_ITEMS = frozenset(("li", "div", "p", "article", "section", "tr", "dd", "a", "figure", "span"))
_BESIDE = frozenset(
    (
        "h1", "h2", "h3", "h4", "h5", "h6", "script", "style", "button", "svg", "img", "hr", "br", "input", "header",
        "thead", "caption", "template", "noscript", "link", "meta", "i",
    )
)  # fmt: skip
"""What may stand between the entries of a list."""
_CONTENT_LISTS = frozenset(
    (
        "breadcrumb", "breadcrumbs", "crumbs", "tags", "topics", "byline", "author", "authors", "sources", "references",
        "footnotes", "documents", "attachments", "evidence", "exhibits", "downloads", "files", "victims", "witnesses",
        "timeline", "reflist", "citations", "credits",
    )
)  # fmt: skip
"""Names of lists that belong to the page's own text."""
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|gif|webp|mp4|webm|mov|mp3|csv|json|xml|txt)\Z", re.I)
_SENTENCE = 8
_LONGEST_ENTRY = 600
_FEWEST = 2
_FEWEST_LINKS = 3
"""Links in one line; fewer are a path through the site."""
_MAIN = 0.6
"""Share of a page's sentences that its main text holds."""
_PROSE = frozenset(("p", "blockquote", "li", "td", "dd", "div", "section", "pre", "figcaption"))
_REPLY_ID = re.compile(
    r"(?:li-|div-|issue)?comment[-_]?\w{0,20}|p(?:ost)?[-_]?\d{1,15}|post_\d{1,9}|t1_\w{1,12}|(?:cmt|reply)[-_]?\d{1,15}",
    re.IGNORECASE,
)
"""Ids of one reply in a thread."""
_REPLY_CLASSES = frozenset(("comment", "reply", "thing"))


@dataclass(slots=True)
class PageStructure:
    """Parts of a page, by their elements."""

    entries: dict[Element, str] = field(default_factory=dict)
    """Entry of a list of other pages -> where it leads."""
    replies: dict[Element, str] = field(default_factory=dict)
    """Reply or comment -> the time that its markup states."""
    main: Element | None = None
    """The element that holds most of the page's sentences."""

    def is_part(self, element: Element) -> bool:
        """True for an element at which an entry, a reply or the main text begins."""
        return element in self.entries or element in self.replies or element is self.main


@dataclass(slots=True)
class _Summary:
    """What an element holds."""

    place: str = ""
    links: int = 0
    text: int = 0
    prose: int = 0
    has_list: bool = False


@dataclass(slots=True)
class _Open:
    element: Element
    children: Iterator[Element]
    summary: _Summary = field(default_factory=_Summary)
    parts: list[tuple[Element, _Summary]] = field(default_factory=list)


def read_structure(root: Element, base: str) -> PageStructure:
    """Find the lists, the replies and the main text of a page. Takes time and memory by the number of elements."""
    reader = _StructureReader(base)
    reader.read(root)
    return reader.structure


class _StructureReader:
    def __init__(self, base: str) -> None:
        self.structure = PageStructure()
        self._base = base
        self._here = place_of_link(base).partition("#")[0]
        self._site = site_of_address(base)
        self._prose: dict[Element, int] = {}

    def read(self, root: Element) -> None:
        stack = [_Open(root, iter(root))]
        while stack:
            top = stack[-1]
            child = next(top.children, None)
            if child is not None:
                if child.tag not in ("script", "style", "svg", "template"):
                    stack.append(_Open(child, iter(child)))
                continue
            stack.pop()
            summary = self._close(top)
            if stack:
                _add(stack[-1].summary, summary)
                stack[-1].parts.append((top.element, summary))
        self.structure.main = self._main(root)
        self._leave_own_lists(root)

    def _close(self, opened: _Open) -> _Summary:
        element, summary = opened.element, opened.summary
        own = _own_text(element)
        summary.text += len(own)
        if element.tag == "a" and element.get("href"):
            summary.links += 1
            summary.place = self._place(element.get("href", "")) or summary.place
        elif element.tag in _PROSE and len(own.split()) >= _SENTENCE:
            summary.prose += len(own)
        if summary.prose:
            self._prose[element] = summary.prose
        if _is_reply(element) and (stated := _time_in(element)):
            self.structure.replies[element] = stated
        if len(opened.parts) >= _FEWEST and self._is_list(opened, own):
            for item, found in opened.parts:
                if item.tag in _ITEMS and found.place:
                    self.structure.entries[item] = found.place
            summary.has_list = True
        return summary

    def _place(self, href: str) -> str:
        """Where a link to another page of the site leads, or to a part of one; empty for all others."""
        if href.startswith(("#", "javascript:", "mailto:", "tel:")):
            return ""
        url = joined(self._base, href)
        if site_of_address(url) != self._site or _FILE.search(url.partition("?")[0].partition("#")[0]):
            return ""
        return place_of_link(url)

    def _is_list(self, opened: _Open, own: str) -> bool:
        """True for several brothers of one kind that each lead to another page, and nothing else beside them."""
        if any(map(str.isalnum, own)) or labels_of(opened.element.attrib) & _CONTENT_LISTS:
            return False
        items = [(item, found) for item, found in opened.parts if item.tag not in _BESIDE and found.text]
        leading = [(item, found) for item, found in items if found.place and item.tag in _ITEMS]
        if len(leading) < _FEWEST or len(leading) < 0.75 * len(items):
            return False
        if len({item.tag for item, _ in leading}) > 1 or len({found.place for _, found in leading}) < _FEWEST:
            return False
        if leading[0][0].tag in ("a", "span") and (len(leading) < _FEWEST_LINKS or _has_signs(own)):
            return False
        return all(not found.has_list and found.text <= _LONGEST_ENTRY and found.links <= 8 for _, found in leading)

    def _main(self, root: Element) -> Element | None:
        total = self._prose.get(root, 0)
        if not total:
            return None
        found = root
        while True:
            best = max(found, key=lambda child: self._prose.get(child, 0), default=None)
            if best is None or self._prose.get(best, 0) < _MAIN * total:
                return found
            found = best

    def _leave_own_lists(self, root: Element) -> None:
        """Take away the lists within the main text, and all of a page that has none."""
        main = self.structure.main
        if main is None or main.tag in ("html", "body"):
            article = next((each for each in root.iter("article") if self._prose.get(each)), None)
            main = article if article is not None else next(root.iter("main"), None)
            if main is None:
                self.structure.entries.clear()
                return
        holder = next((each for each in root.iter("article") if main in each.iter()), main)
        for each in holder.iter():
            self.structure.entries.pop(each, None)


def _add(whole: _Summary, part: _Summary) -> None:
    whole.place = whole.place or part.place
    whole.links += part.links
    whole.text += part.text
    whole.prose += part.prose
    whole.has_list = whole.has_list or part.has_list


def _own_text(element: Element) -> str:
    """The text of an element that is in none of its children but such as mark words."""
    parts = [element.text or ""]
    parts += [child.tail or "" for child in element]
    return " ".join(" ".join(parts).split())


def _has_signs(own: str) -> bool:
    return any(sign in own for sign in "›>»/→\\")


def _is_reply(element: Element) -> bool:
    if _REPLY_ID.fullmatch(element.get("id", "")) or _REPLY_ID.fullmatch(element.get("thingid", "")):
        return True
    return bool(_REPLY_CLASSES.intersection(element.get("class", "").lower().split()))


def _time_in(element: Element) -> str:
    """The first time with a date that the markup below an element states; empty where there is none."""
    for name in ("created", "created-timestamp", "datetime"):
        if _INSTANT.match(element.get(name, "")):
            return element.get(name, "")
    for number, each in enumerate(element.iter()):
        if number > 60:
            break
        if _INSTANT.match(each.get("datetime", "")):
            return each.get("datetime", "")
    return ""


_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
