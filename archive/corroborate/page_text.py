"""What an HTML page shows and what it hides: blocks of text, media and links, in order, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from cssselect2 import ElementWrapper

from archive.capture.requisites.srcset import candidates
from archive.corroborate.attributes import (
    LAZY,
    attribute_texts,
    drawing_digest,
    head_statements,
    is_placeholder,
    joined,
)
from archive.corroborate.looks import looks_of
from archive.corroborate.page_content import MediaPlace, PageContent, TextBlock
from archive.corroborate.slots import LAYOUT, is_advertising, is_teaser, labels_of, labels_of_slot, slot_of
from archive.corroborate.styles import PageStyles, background_of, has_no_size, hides, is_on_screen, is_unseen_color
from archive.corroborate.tree import PageTree, text_of

_FLOWS = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "svg", "path", "g", "use", "output",
))  # fmt: skip
"""Elements that do not break a line: a name may run through several of them."""
_NOT_SHOWN = frozenset(("script", "style", "template", "noscript", "noframes", "noembed", "head", "datalist", "object"))
_LISTS = frozenset(("nav", "aside", "header", "footer"))
_SECTIONS = frozenset(("main", "article", "nav", "aside", "header", "footer"))
_MEDIA = {
    "img": ("src",), "video": ("src", "poster"), "audio": ("src",), "source": ("src",), "embed": ("src",),
    "object": ("data",), "track": ("src",), "image": ("href", "xlink:href"), "input": ("src",),
}  # fmt: skip
_FRAMES = frozenset(("iframe", "frame"))
_MARKS = frozenset(("del", "s", "strike", "ins", "sup", "sub", "bdo", "rt"))


def read_page(tree: PageTree, url: str, sheet: Callable[[str], str | None]) -> PageContent:
    """Read a page; `sheet` gives the text of a style sheet at an absolute URL, None where it was not captured."""
    base = _base(tree.root, url)
    styles, linked, missing = _styles(tree.root, base, sheet)
    reader = _PageReader(styles, base)
    reader.read(tree.root)
    content = reader.content
    content.blocks += [TextBlock(text, "added", "content") for text in styles.added]
    content.risky, content.all_sheets, content.sheets = styles.risky, linked, missing
    if styles.is_exhausted:
        styles.unread.append("more rules and elements than are evaluated")
    content.unread = [*styles.unread, *([] if tree.is_whole else ["the page could not be read whole"])]
    return content


def _base(root: Element, url: str) -> str:
    base = next((each.get("href") for each in root.iter("base") if each.get("href")), None)
    return joined(url, base) if base else url


def _styles(root: Element, base: str, sheet: Callable[[str], str | None]) -> tuple[PageStyles, list[str], list[str]]:
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


@dataclass(frozen=True, slots=True)
class _State:
    """What an element inherits."""

    how: str = ""
    is_invisible: bool = False
    ink: str = "black"
    paper: str = "white"
    has_no_size: bool = False
    is_colored: bool = False
    slot: str | None = None
    slot_name: str = ""
    section: str = "body"
    link: str | None = None
    mark: str = ""
    labels: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    looks: frozenset[str] = frozenset()
    is_closed_details: bool = False
    is_in_drawing: bool = False
    tag: str = ""

    @property
    def hidden_by(self) -> str:
        if self.how:
            return self.how
        if self.is_closed_details:
            return "details"
        if self.is_invisible:
            return "visibility"
        if self.has_no_size:
            return "font-size"
        return "color" if self.is_colored and is_unseen_color(self.ink, self.paper) else ""


@dataclass(slots=True)
class _Run:
    """Text that gathers until the block ends."""

    parts: list[str] = field(default_factory=list)
    state: _State | None = None
    links: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    has_plain: bool = False


def _section(tag: str, before: str) -> str:
    """The section of an element; the head of an article is part of the article."""
    if tag not in _SECTIONS or (tag in ("header", "footer") and before in ("article", "main")):
        return before
    return tag


def _is_whole_page(element: Element, slot: str) -> bool:
    """True where what is called a list of others holds the page's own heading."""
    return slot == LAYOUT and any(each.tag in ("h1", "main") for each in element.iter())


class _PageReader:
    """Walks a tree in order, without recursion."""

    def __init__(self, styles: PageStyles, base: str) -> None:
        self.content = PageContent()
        self._styles = styles
        self._base = base
        self._runs: dict[str, _Run] = {}
        self._slots: set[str] = set()
        self._has_title = False
        self._near = ("", "")
        """A changing place, and where the last link in it leads."""

    def read(self, root: Element) -> None:
        stack: list[tuple[ElementWrapper, _State, Iterator[ElementWrapper]]] = []
        self._enter(ElementWrapper.from_html_root(root), _State(), stack)
        while stack:
            wrapped, state, children = stack[-1]
            child = next(children, None)
            if child is not None:
                self._enter(child, state, stack)
                continue
            stack.pop()
            self._leave(wrapped.etree_element, state, stack[-1][1] if stack else state)
        self._flush()
        self.content.slots = frozenset(self._slots)

    def _enter(
        self,
        wrapped: ElementWrapper,
        before: _State,
        stack: list[tuple[ElementWrapper, _State, Iterator[ElementWrapper]]],
    ) -> None:
        element = wrapped.etree_element
        tag = element.tag
        state = self._state(wrapped, before)
        if self._breaks(tag, state, before):
            self._flush()
        self._look_at(element, state)
        children: Iterator[ElementWrapper] = iter(())
        if tag not in ("script", "style", "title"):
            self._add(element.text, state)
            children = wrapped.iter_children()
        stack.append((wrapped, state, children))

    def _leave(self, element: Element, state: _State, outer: _State) -> None:
        if self._breaks(element.tag, state, outer):
            self._flush()
        self._add(element.tail, outer)

    def _breaks(self, tag: str, state: _State, outer: _State) -> bool:
        is_item = tag == "a" and (state.section in _LISTS or is_teaser(labels_of_slot(state.slot_name)))
        return tag not in _FLOWS or state.slot_name != outer.slot_name or is_item

    def _state(self, wrapped: ElementWrapper, before: _State) -> _State:
        element = wrapped.etree_element
        tag, attributes = element.tag, element.attrib
        styles = self._styles.of(wrapped, attributes.get("style"))
        labels = labels_of(attributes)
        slot, slot_name = before.slot, before.slot_name
        named = slot_of(tag, attributes, labels) if slot is None else None
        if named is not None and not _is_whole_page(element, named):
            slot = named
            slot_name = f"{tag}.{' '.join(sorted(labels))}"
            self._slots.add(slot_name)
        size = has_no_size(styles)
        paper = background_of(styles)
        visibility = styles.get("visibility")
        return _State(
            how=before.how
            or ("details" if before.is_closed_details and tag != "summary" else "")
            or self._hidden_how(tag, attributes, styles),
            is_invisible=before.is_invisible if visibility is None else visibility in ("hidden", "collapse"),
            ink=styles.get("-webkit-text-fill-color") or styles.get("color") or before.ink,
            paper=paper or before.paper,
            has_no_size=before.has_no_size if size is None else size,
            is_colored=before.is_colored
            or "color" in styles
            or "-webkit-text-fill-color" in styles
            or paper is not None,
            slot=slot,
            slot_name=slot_name,
            section=_section(tag, before.section),
            link=attributes.get("href", "") if tag == "a" and "href" in attributes else before.link,
            mark=tag if tag in _MARKS else before.mark,
            labels=(labels, before.labels[0]),
            looks=before.looks | looks_of(styles),
            is_closed_details=tag == "details" and "open" not in attributes,
            is_in_drawing=before.is_in_drawing or before.tag == "svg",
            tag=tag,
        )

    def _hidden_how(self, tag: str, attributes: Mapping[str, str], styles: Mapping[str, str]) -> str:
        if tag in _NOT_SHOWN:
            return tag
        by_style = hides(styles)
        if by_style is not None:
            return by_style
        if "hidden" in attributes and styles.get("display", "none") == "none":
            return "hidden"
        if tag == "dialog" and "open" not in attributes:
            return tag
        return "popover" if "popover" in attributes else ""

    def _add(self, text: str | None, state: _State) -> None:
        if not text or not text.strip():
            if text and self._runs:
                for run in self._runs.values():
                    run.parts.append(" ")
            return
        how = state.hidden_by
        run = self._runs.setdefault(how, _Run())
        run.state = run.state or state
        run.parts.append(text)
        if state.mark:
            run.marks.append(f"{state.mark}: {' '.join(text.split())}")
        if state.link is not None:
            run.links.append(state.link)
        else:
            run.has_plain = True

    def _flush(self) -> None:
        for how, run in self._runs.items():
            text = " ".join("".join(run.parts).split())
            state = run.state
            if not text or state is None or how == "head":
                continue
            self._put(text, "hidden" if how else "visible", how, state, run)
        self._runs.clear()

    def _put(self, text: str, kind: str, how: str, state: _State, run: _Run | None = None) -> None:
        links = tuple(joined(self._base, link) for link in dict.fromkeys(run.links)) if run is not None else ()
        if state.slot_name != self._near[0]:
            self._near = (state.slot_name, "")
        if links or state.link is not None:
            self._near = (state.slot_name, links[0] if links else joined(self._base, state.link or ""))
        block = TextBlock(
            text=text,
            kind=kind,
            how=how,
            slot=state.slot,
            slot_name=state.slot_name,
            section=state.section,
            labels=state.labels[0] | state.labels[1],
            links=links,
            is_link=(run is not None and bool(links) and not run.has_plain) or (run is None and state.link is not None),
            marks=tuple(run.marks) if run is not None else (),
            near_link=self._near[1],
            looks=state.looks,
        )
        self.content.blocks.append(block)

    def _look_at(self, element: Element, state: _State) -> None:
        tag, attributes = element.tag, element.attrib
        if tag == "title" and not self._has_title and state.how in ("", "head"):
            self._has_title = True
            self._put(" ".join(text_of(element).split()), "title", "", state)
        elif tag == "script":
            self._script(element, attributes, state)
        elif tag == "svg" and not state.is_in_drawing:
            self._drawing(element, state)
        for name, text in head_statements(tag, attributes, self._base):
            self._put(text, "meta", name, state)
        if attributes.get("style"):
            self._styles.add_inline(tag, attributes["style"], is_in_slot=state.slot is not None)
        for name in ("dir", "aria-hidden"):
            if attributes.get(name) and state.slot is None:
                self._styles.risky.append(f"{tag} {name}={attributes[name].lower()}"[:100])
        self.content.scripts += [value for name, value in attributes.items() if name.startswith("on") and value.strip()]
        for name, text in attribute_texts(tag, attributes, self._styles.shown_attributes, self._base):
            self._put(text, "attribute", name, state)
        self._media(tag, attributes, state)

    def _script(self, element: Element, attributes: Mapping[str, str], state: _State) -> None:
        if attributes.get("src"):
            url = joined(self._base, attributes["src"])
            if state.slot is None and not is_advertising(url):
                self.content.linked.append(url)
        elif text := (element.text or "").strip():
            is_data = "json" in attributes.get("type", "").lower()
            (self.content.data if is_data else self.content.scripts).append(text)

    def _drawing(self, element: Element, state: _State) -> None:
        place = MediaPlace(
            drawing_digest(element), "svg", "", state.slot, state.section, state.hidden_by, looks=state.looks
        )
        self.content.media.append(place)

    def _media(self, tag: str, attributes: Mapping[str, str], state: _State) -> None:
        names = _MEDIA.get(tag, ()) if tag != "input" or attributes.get("type", "").lower() == "image" else ()
        into = self.content.media
        if tag in _FRAMES:
            names, into = ("src",), self.content.frames
            if attributes.get("srcdoc"):
                self._put(attributes["srcdoc"], "frame", "srcdoc", state)
        for name in names:
            url = attributes.get(name, "").strip()
            if name == "src" and (not url or is_placeholder(url)):
                url = next((attributes[lazy] for lazy in LAZY if attributes.get(lazy)), url)
            self._place(url, tag, attributes, state, into)
        for candidate in candidates(attributes.get("srcset", "")) if tag in ("img", "source") else ():
            self._place(candidate, tag, attributes, state, into)

    def _place(self, url: str, tag: str, attributes: Mapping[str, str], state: _State, into: list[MediaPlace]) -> None:
        if url and not url.startswith(("about:", "javascript:", "#")):
            place = url if url.startswith("data:") else joined(self._base, url)
            tiny = all(attributes.get(size, "").strip() in ("0", "1", "2") for size in ("width", "height"))
            how = state.hidden_by
            alt = attributes.get("alt", "")
            into.append(MediaPlace(place, tag, alt, state.slot, state.section, how, state.looks, tiny))
