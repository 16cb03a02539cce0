"""What the markup of a page shows of its parts: where its main text stands, lists of other pages, replies with a time.

Nothing here depends on what a class is called: a list of other pages is several brothers of one kind, each with a link
to another page of the site; the main text is the element that holds most of the page's sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree.ElementTree import Element

from archive.corroborate.pages.attributes import joined
from archive.corroborate.pages.blind_links import BLIND
from archive.corroborate.pages.main_text import (
    SENTENCE,
    around_of,
    find_main_text,
    flowing_text,
    frames_of,
    own_text,
)
from archive.corroborate.pages.prompts import has_control, is_appeal, is_banner, is_poll, is_prompt, is_request
from archive.corroborate.pages.reader_lists import ReaderList, reader_lists
from archive.corroborate.pages.replies import ReaderReply, in_place, is_named_reply, replies_below, reply_in_markup
from archive.corroborate.pages.slots import LAYOUT, is_teaser, labels_of
from archive.corroborate.texts.counters import measures_server, says_online
from archive.corroborate.texts.folding import count_words, fold
from archive.corroborate.texts.interface_words import is_label_of_offers, is_mostly_request
from archive.corroborate.texts.places import place_of_link, site_of_address

_ITEMS = frozenset(("li", "div", "p", "article", "section", "tr", "dd", "a", "figure", "span"))
_BETWEEN = frozenset(("dt", "h2", "h3", "h4", "h5", "h6", "hr", "br", "button"))
"""What may stand between the entries of a list."""
_OF_LISTS = frozenset(("li", "tr", "dd"))
_CONTENT_LISTS = frozenset(
    (
        "breadcrumb", "breadcrumbs", "crumbs", "tags", "topics", "byline", "author", "authors", "sources", "references",
        "footnotes", "documents", "attachments", "evidence", "exhibits", "downloads", "files", "victims", "witnesses",
        "timeline", "reflist", "citations", "credits",
    )
)  # fmt: skip
"""Names of lists that belong to the page's own text."""
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|gif|webp|mp4|webm|mov|mp3|csv|json|xml|txt)\Z", re.I)
_LONGEST_ENTRY = 600
_LONGEST_LINE = 160
_FEWEST = 2
_FEWEST_LINKS = 3
"""Links in one line; fewer are a path through the site."""
_MOST_LEAD = 0.75
_MOST_LINKS = 8
_HEADLINE = 3
"""Words of a link that is a headline."""
_FEW_WORDS = 4
"""Words beside a link of fewer words: a time, a section, a number of readers."""
_PROSE = frozenset(("p", "blockquote", "li", "td", "dd", "div", "section", "article", "pre", "figcaption"))
_MOST_SENTENCES = 4
"""Sentences of a box that asks its reader for something; more of them are a text with a box in it."""


@dataclass(slots=True)
class PageStructure:
    """Parts of a page, by their elements."""

    entries: dict[Element, str] = field(default_factory=dict)
    """Entry of a list of other pages -> where it leads."""
    offers: dict[Element, str] = field(default_factory=dict)
    """The same of a list within the main text, or what surrounds it."""
    replies: dict[Element, ReaderReply] = field(default_factory=dict)
    """Elements that each hold a reply or comment."""
    readers: frozenset[Element] = frozenset()
    """Elements that hold a list of what readers wrote below the main text, and nothing of that."""
    main: Element | None = None
    """The element that holds most of the page's sentences."""

    around_main: frozenset[Element] = frozenset()
    """The main text, and the elements that it lies in."""
    frames: frozenset[Element] = frozenset()
    """Elements that lie apart from the main text, its heading and what stands beside both."""
    prompts: frozenset[Element] = frozenset()
    """Boxes by which the page asks its reader for something, and that have what a reader presses."""
    banners: dict[Element, int] = field(default_factory=dict)
    """Boxes of few words beside the main text that lead elsewhere or ask for something, numbered."""
    boxes: frozenset[Element] = frozenset()
    """Boxes of few words that all ask for something, also between the paragraphs of the main text."""

    def holds_main(self, element: Element, slot: str) -> bool:
        """True for the page itself, or its main text, whatever it is called: that is no changing place."""
        return element in self.around_main or is_whole_page(element, slot)

    def is_part(self, element: Element) -> bool:
        """True for an element at which an entry, a reply or the main text begins."""
        is_begun = element in self.entries or element in self.replies or element in self.offers
        is_begun = is_begun or element in self.readers or element in self.boxes or element in self.banners
        return is_begun or element is self.main or element in self.frames or element in self.prompts


@dataclass(slots=True)
class _Summary:
    """What an element holds."""

    place: str = ""
    links: int = 0
    text: int = 0
    words: int = 0
    linked: int = 0
    """Words in links."""
    headline: int = 0
    """Words of the longest link."""
    prose: int = 0
    by_readers: int = 0
    """What of it is in lists of what readers write."""
    sentences: int = 0
    """Elements with one."""
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
        self._own: dict[Element, int] = {}
        """The same without what readers wrote."""
        self._replies: dict[Element, ReaderReply] = {}
        self._brief: set[Element] = set()
        """Entries with few words beside the link: no sentences of a text."""
        self._wordy: set[Element] = set()
        """Entries of which a menu may have the like: a link of few words with a sentence below it."""

    def read(self, root: Element) -> None:
        lists = reader_lists(root)
        self._replies = {each: reply for one in lists for each, reply in one.replies.items()}
        self._read_all(root)
        found = find_main_text(root, self._prose, self._own, lists)
        self.structure.main, self.structure.readers = found.element, found.readers
        if found.element is not None and not is_mostly_request(" ".join(found.element.itertext())):
            self._find_around(root, found.element, found.lists)
        self._leave_own_lists(root)
        self._find_boxes(root)

    def _find_boxes(self, root: Element) -> None:
        """The boxes that ask for something, beside the main text and between its paragraphs."""
        main, around = self.structure.main, self.structure.around_main
        found = list(_prompts(root, around))
        boxes = [each for each in found if not (is_prompt(each) or is_appeal(each))]
        boxes += _boxes(main) if main is not None and around else ()
        self.structure.boxes = frozenset(boxes)
        self.structure.prompts = frozenset(each for each in (*found, *boxes) if has_control(each))
        self.structure.banners = {each: number for number, each in enumerate(_banners(root, main, around), start=1)}

    def _find_around(self, root: Element, main: Element, below: tuple[ReaderList, ...]) -> None:
        """What lies around the main text, and the replies to it; `below` are lists of what readers wrote there."""
        around = around_of(root, main)
        self.structure.around_main, self.structure.frames = frozenset(around), frames_of(around)
        named = in_place(root, main, self.structure.replies)
        self.structure.replies = {each: reply for each, reply in self.structure.replies.items() if each in named}
        known = named | self.structure.entries.keys() | self._replies.keys()
        self.structure.replies.update(replies_below(root, main, known))
        for one in below:
            for each in {inner for reply in one.replies for inner in reply.iter()}:
                self.structure.replies.pop(each, None)
            self.structure.replies |= one.replies

    def _read_all(self, root: Element) -> None:
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

    def _close(self, opened: _Open) -> _Summary:
        element, summary = opened.element, opened.summary
        own = own_text(element)
        summary.words += _count_words(own)
        summary.text += len(own) + (len(element.get("alt", "")) if element.tag == "img" else 0)
        if element.tag == "a" and element.get("href"):
            summary.links += 1
            summary.place = self._place(element.get("href", "")) or summary.place
            summary.linked = summary.words
            if summary.place and {"prev", "next"}.intersection(element.get("rel", "").lower().split()):
                self.structure.entries[element] = summary.place
            summary.headline = max(summary.linked, count_words(element.get("aria-label", "")))
        elif element.tag in _PROSE and _is_sentence(said := flowing_text(element)):
            summary.prose += len(said)
            summary.sentences += 1
        is_box = 0 < summary.sentences <= _MOST_SENTENCES and is_prompt(element)
        if element.tag in ("footer", "nav") or is_box:
            summary.prose = summary.by_readers = 0
        if element in self._replies:
            summary.by_readers = summary.prose
        if summary.prose:
            self._prose[element], self._own[element] = summary.prose, summary.prose - summary.by_readers
        if (reply := reply_in_markup(element)) is not None:
            self.structure.replies[element] = reply
        if not labels_of(element.attrib) & _CONTENT_LISTS:
            for run in _runs(opened.parts) if len(opened.parts) >= _FEWEST else ():
                if self._is_list(run, element, own):
                    self.structure.entries.update((item, found.place) for item, found in run if found.place)
                    self._add_terms(opened.parts)
                    summary.has_list = True
        return summary

    def _add_terms(self, parts: list[tuple[Element, _Summary]]) -> None:
        """A term right before an entry is a part of it: its hour."""
        for (term, _), (entry, found) in pairwise(parts):
            if term.tag == "dt" and entry in self.structure.entries:
                self.structure.entries[term] = found.place

    def _place(self, href: str) -> str:
        """Where a link to another page of the site leads, or to a part of one; empty for all others."""
        if href.startswith(("#", "javascript:", "mailto:", "tel:")) and not href.startswith(BLIND):
            return ""
        url = joined(self._base, href)
        if site_of_address(url) != self._site or _FILE.search(url.partition("?")[0].partition("#")[0]):
            return ""
        return place_of_link(url)

    def _is_list(self, run: list[tuple[Element, _Summary]], holder: Element, own: str) -> bool:
        """True for several brothers of one kind that each lead to another page."""
        leading = [(item, found) for item, found in run if found.place]
        if len(leading) < _FEWEST or len(leading) < _MOST_LEAD * len(run):
            return False
        if len({found.place for _, found in leading}) < _FEWEST or not _are_enough(run, holder):
            return False
        if run[0][0].tag in ("a", "span") and (_has_signs(own) or _says_more(own)):
            return False
        if any(item in self._replies or found.has_list or not _may_be_entry(item, found) for item, found in leading):
            return False
        self._brief |= {item for item, found in leading if found.words - found.linked <= _FEW_WORDS}
        self._wordy |= {item for item, found in leading if not _is_entry(found)}
        return True

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
            place = self.structure.entries.pop(each, None)
            if place is not None and each in self._brief:
                self.structure.offers[each] = place
        for menu in root.iter():
            if menu.tag in ("nav", "header"):
                self._wordy.difference_update(menu.iter())
        for each in self._wordy:
            self.structure.entries.pop(each, None)


def _prompts(root: Element, around_main: frozenset[Element]) -> Iterator[Element]:
    """The outermost boxes that ask the reader for something, none of them within the main text."""
    waiting = [root]
    while waiting:
        each = waiting.pop()
        if each not in around_main and (is_prompt(each) or is_request(each) or is_appeal(each)):
            yield each
        elif each not in around_main or each.tag not in ("article", "main"):
            waiting += each


def _banners(root: Element, main: Element | None, around_main: frozenset[Element]) -> Iterator[Element]:
    """Boxes of few words beside the main text, also within each other."""
    waiting = [root]
    while waiting:
        each = waiting.pop()
        if each is main or (each in around_main and each.tag == "article"):
            continue
        if each not in around_main and is_banner(each):
            yield each
        waiting += each


def _boxes(main: Element) -> Iterator[Element]:
    """Elements between the paragraphs of the main text that ask the reader for something, or for an opinion."""
    for holder in main.iter():
        paragraphs = sum(child.tag == "p" and count_words(own_text(child)) >= SENTENCE for child in holder)
        yield from (child for child in holder if is_request(child) or is_poll(child)) if paragraphs >= _FEWEST else ()


def _add(whole: _Summary, part: _Summary) -> None:
    whole.place = whole.place or part.place
    whole.links += part.links
    whole.text += part.text
    whole.words += part.words
    whole.linked += part.linked
    whole.headline = max(whole.headline, part.headline)
    whole.prose += part.prose
    whole.by_readers += part.by_readers
    whole.sentences += part.sentences
    whole.has_list = whole.has_list or part.has_list


def _runs(parts: list[tuple[Element, _Summary]]) -> Iterator[list[tuple[Element, _Summary]]]:
    """Brothers that follow each other and are of one element and one class; what is empty may stand between them."""
    run: list[tuple[Element, _Summary]] = []
    for item, found in parts:
        if (not found.text and not found.links) or any(cell.tag == "th" for cell in item):
            continue
        if item.tag in _BETWEEN and not found.links:
            continue
        if run and (item.tag != run[0][0].tag or (item.tag not in _OF_LISTS and _class(item) != _class(run[0][0]))):
            yield run
            run = []
        if item.tag in _ITEMS:
            run.append((item, found))
    if run:
        yield run


def _may_be_entry(item: Element, found: _Summary) -> bool:
    return not is_named_reply(item) and found.text <= _LONGEST_ENTRY and found.links <= _MOST_LINKS


def _is_entry(found: _Summary) -> bool:
    """True for a headline with what stands below it, a link with a number or a time, or a comment's permanent link."""
    return found.headline >= _HEADLINE or found.words - found.linked <= _FEW_WORDS or "#" in found.place.rstrip("#")


def _count_words(text: str) -> int:
    """Words of letters."""
    return count_words(" ".join(word for word in text.split() if any(map(str.isalpha, word))))


def _class(item: Element) -> str:
    return (item.get("class") or "").partition(" ")[0]


def _are_enough(run: list[tuple[Element, _Summary]], holder: Element) -> bool:
    """Two items of a list, two rows, two brothers of one class or with a headline; of all others three."""
    if run[0][0].tag in _OF_LISTS:
        return True
    if holder.tag in ("html", "body"):
        return False
    are_headlines = all(found.headline >= _HEADLINE for _, found in run)
    are_marked = bool(_class(run[0][0])) and run[0][0].tag != "a"
    return len(run) >= (_FEWEST if are_marked or are_headlines else _FEWEST_LINKS)


def _says_more(own: str) -> bool:
    """True for what stands beside links in one line and is no label of them: `Popular:`."""
    return any(map(str.isalnum, own)) and not is_label_of_offers(own)


def _has_signs(own: str) -> bool:
    return any(sign in own for sign in "›>»/→\\")


def _is_sentence(text: str) -> bool:
    return count_words(text) >= SENTENCE and not _is_of_site(text)


def _is_of_site(own: str) -> bool:
    """True for a sentence of the site to its readers: a request, who is online, how long a server worked."""
    return is_mostly_request(own) or (len(own) <= _LONGEST_LINE and (says_online(fold(own)) or measures_server(own)))


def is_whole_page(element: Element, slot: str) -> bool:
    """True where what is called a list of others holds the page's own heading."""
    return slot == LAYOUT and any(
        each.tag == "main" or (each.tag == "h1" and is_teaser(labels_of(element.attrib))) for each in element.iter()
    )
