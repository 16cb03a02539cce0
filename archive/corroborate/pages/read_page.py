"""What an HTML page shows and what it hides: blocks of text, media and links, in order, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element

from cssselect2 import ElementWrapper

from archive.corroborate.pages.attributes import (
    attribute_texts,
    head_statements,
    is_dot,
    is_field,
    joined,
    owner_of,
)
from archive.corroborate.pages.content import BACKGROUND, SHOWN_BY_STYLE, TIME_SHOWN, ComparedPage, TextBlock
from archive.corroborate.pages.elements import FLOWS, FRAMES, HEADINGS, ICONS, LISTS
from archive.corroborate.pages.frame import ARCHIVE, base_of, is_of_archive, names_of, parts_of, sharing_in
from archive.corroborate.pages.hints import hints_of
from archive.corroborate.pages.looks import places_in
from archive.corroborate.pages.media import add_drawing, add_media, is_silent_frame, shown_script
from archive.corroborate.pages.script_data import (
    LONGEST_SCRIPT,
    NOT_RUN,
    addresses_in,
    data_in_script,
    is_run,
    texts_of_template,
    without_made_names,
)
from archive.corroborate.pages.sheets import read_styles
from archive.corroborate.pages.slots import TOOLBAR, is_advertising, is_teaser, labels_of_slot
from archive.corroborate.pages.state import InheritedState, TextRun, state_within
from archive.corroborate.pages.streamed_rows import streamed_data, without_streamed
from archive.corroborate.pages.structure import PageStructure, read_structure
from archive.corroborate.pages.styles import PageStyles
from archive.corroborate.pages.tree import PageTree, text_of
from archive.corroborate.texts.clocks import is_time_alone
from archive.corroborate.texts.places import place_of_link, site_of_address
from archive.corroborate.texts.visit_times import may_be_age

_LONGEST_LABEL = 40
_LONGEST_NUMBER = 12
_MOST_ATTRIBUTES = 100_000
"""Texts in attributes that are compared of one page."""
_Stack = list[tuple[ElementWrapper, InheritedState, Iterator[ElementWrapper]]]
"""Elements that were entered, what holds within each, and its children that were not."""


def read_page(tree: PageTree, url: str, sheet: Callable[[str], str | None]) -> ComparedPage:
    """Read a page; `sheet` gives the text of a style sheet at an absolute URL, None where it was not captured."""
    base = base_of(tree.root, url)
    sheets = read_styles(tree.root, base, sheet, is_quirky=tree.is_quirky)
    styles = sheets.styles
    for note in tree.notes:
        styles.note(note)
    reader = _PageReader(styles, base, read_structure(tree.root, base))
    reader.read(tree.root)
    content = reader.content
    content.url = url
    content.blocks += [TextBlock(text, "added", "content") for text in styles.added]
    styles.finish()
    content.risky, content.all_sheets, content.sheets = styles.risky, sheets.linked, sheets.missing
    content.unread = styles.unread
    content.apart = styles.apart_from(frozenset(content.names), is_whole=not content.sheets)
    content.is_whole = tree.is_whole and reader.is_whole and max(map(len, content.scripts), default=0) <= LONGEST_SCRIPT
    return content


class _PageReader:
    """Walks a tree in order, without recursion."""

    def __init__(self, styles: PageStyles, base: str, structure: PageStructure) -> None:
        self.content = ComparedPage()
        self._styles = styles
        self._structure = structure
        self._heading = ""
        self.base_of = base
        self._site = site_of_address(base)
        self._is_archive = ARCHIVE.match(base) is not None
        self._runs: dict[str, TextRun] = {}
        self._slots: set[str] = set()
        self._covers: set[str] = set()
        self._states: dict[tuple[int, str, str], tuple[InheritedState, InheritedState]] = {}
        self._has_title = False
        self._fields = 0
        self._stated = 0
        self._streamed: list[tuple[str, str]] = []
        """Parts of rows that a server sends to the components of the page."""
        self._icon: frozenset[str] = frozenset()
        """What the sign before the next text stands for."""
        self._before = ""
        self._is_heading = False
        self._row = ""
        """What stands before the links to other pages that were read last; empty behind anything else."""
        self._last = ""
        self._number: int | None = None
        """Where the number stands that was read last."""
        self._near = ("", "")
        """A changing place, and where the last link in it leads."""

    def read(self, root: Element) -> None:
        stack: _Stack = []
        self._enter(ElementWrapper.from_html_root(root), InheritedState(), stack)
        while stack:
            wrapped, state, children = stack[-1]
            child = next(children, None)
            if child is not None:
                self._enter(child, state, stack)
                continue
            stack.pop()
            self._leave(wrapped.etree_element, state, *(stack[-1][1::-1] if stack else (state, wrapped)))
        self._flush()
        data, scripts = streamed_data(self._streamed)
        self.content.data += data
        self.content.scripts += scripts
        self.content.slots = frozenset(self._slots)

    def _enter(self, wrapped: ElementWrapper, before: InheritedState, stack: _Stack) -> None:
        element = wrapped.etree_element
        tag = element.tag
        state = self._state(wrapped, before)
        if state.is_main or element in self._structure.around_main:
            self.content.names |= names_of(element.attrib)
        is_empty = not len(element) and not (element.text or "").strip()
        if not state.is_main:
            self.content.add_box(state.labels[0], is_empty=is_empty)
        if tag in FLOWS and is_empty and not element.text:
            self._icon = frozenset(ICONS[label] for label in state.labels[0] if label in ICONS)
        if self._breaks(tag, state, before):
            self._flush()
        if tag == "tr":
            self._before = ""  # what ends one row is no label of the next
        self._look_at(element, state)
        children: Iterator[ElementWrapper] = iter(())
        if tag not in ("script", "style", "title"):
            self._add(element.text, state, element)
            children = wrapped.iter_children()
        elif not state.hidden_by:  # a style sheet displays it
            self._add(text_of(element), state, element)
        stack.append((wrapped, state, children))

    def _leave(self, element: Element, state: InheritedState, outer: InheritedState, parent: ElementWrapper) -> None:
        if self._breaks(element.tag, state, outer):
            self._flush()
        self._add(element.tail, outer, parent.etree_element)

    def _breaks(self, tag: str, state: InheritedState, outer: InheritedState) -> bool:
        is_item = tag == "a" and (state.section in LISTS or is_teaser(labels_of_slot(state.slot_name)))
        is_part = (state.entry, state.offer, state.reply) != (outer.entry, outer.offer, outer.reply)
        return tag not in FLOWS or state.slot_name != outer.slot_name or is_item or is_part

    def _state(self, wrapped: ElementWrapper, before: InheritedState) -> InheritedState:
        """What an element inherits and states; one object for all brothers that differ in nothing."""
        element = wrapped.etree_element
        styles = {**hints_of(element), **self._styles.of(wrapped, element.attrib.get("style"))}
        key = (id(before), element.tag, element.attrib.get("class", ""))
        is_plain = not styles and element.attrib.keys() <= {"class"} and element.tag != "picture"
        is_plain = is_plain and not self._structure.is_part(element) and not sharing_in(element)
        known = self._states.get(key) if is_plain else None
        if known is not None and known[0] is before:
            return known[1]
        state = state_within(element, styles, before, self._structure, is_archive=self._is_archive)
        if state.slot is not None and state.slot_name != TOOLBAR:
            self._slots.add(state.slot_name)
        if is_plain and state.slot_name == before.slot_name:
            self._states[key] = before, state
        return state

    def _add(self, text: str | None, state: InheritedState, element: Element) -> None:
        if not text or not text.strip():
            if text and self._runs:
                for run in self._runs.values():
                    run.parts.append(" ")
            return
        how = state.hidden_by or ("select" if element.tag in ("select", "optgroup") else "")
        run = self._runs.setdefault(how, TextRun())
        run.state = run.state or state
        run.parts.append(text)
        if run.within is not element:
            run.within = element
            run.elements.append(([], state.names | self._icon if self._icon else state.names))
            self._icon = frozenset()
        run.elements[-1][0].append(text)
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
        self._icon = frozenset()

    def _put(
        self, text: str, kind: str, how: str, state: InheritedState, run: TextRun | None = None, owner: str = ""
    ) -> None:
        links = tuple(joined(self.base_of, link) for link in dict.fromkeys(run.links)) if run is not None else ()
        elements = run.elements if run is not None else []
        texts = ((" ".join("".join(parts).split()), labels) for parts, labels in elements)
        if state.slot_name != self._near[0]:
            self._near = (state.slot_name, "")
        if links or state.link is not None:
            self._near = (state.slot_name, links[0] if links else joined(self.base_of, state.link or ""))
        block = TextBlock(
            text=text,
            kind=kind,
            how=how,
            slot=state.slot,
            slot_name=state.slot_name,
            section=state.section,
            labels=state.names,
            links=links,
            is_link=(run is not None and bool(links) and not run.has_plain) or (run is None and state.link is not None),
            marks=tuple(run.marks) if run is not None else (),
            near_link=self._near[1],
            looks=state.looks,
            parts=parts_of(texts, text, state.names),
            owner=owner,
            around=state.around,
            before=self._before if kind == "visible" else "",
            is_cell=state.is_cell,
            is_tabular=state.is_tabular,
            is_headed=kind == "visible" and self._is_heading,
            is_ranked=state.is_ranked,
            entry=state.entry,
            reply=state.reply,
            is_beside_replies=state.is_beside_replies,
            heading="" if state.is_main else self._heading,
            is_main=state.is_main,
            is_headline=state.tag == "h1",
            is_framed=state.is_framed,
            is_prompt=state.is_prompt and (state.is_boxed or not state.is_main),
            is_boxed=state.is_boxed,
            banner=state.banner,
            is_control=state.is_control,
        )
        if kind == "visible":
            block = self._offered(block, state)
            self._note_label(text, may_follow=state.tag not in HEADINGS)
            self._is_heading = state.tag in HEADINGS or text.endswith((":", "："))
            if (state.is_heading and state.tag != "dt") or state.tag in ("b", "strong"):
                self._heading = text if len(text) <= _LONGEST_LABEL and not state.is_main else ""
        self.content.blocks.append(block)

    def _offered(self, block: TextBlock, state: InheritedState) -> TextBlock:
        """A text with what stands before the offer of other pages that it is in."""
        is_own = all(site_of_address(link) == self._site for link in block.links)
        is_offer = bool(state.offer) or (block.is_lone_link and block.slot is None)
        is_offer = is_offer and is_own and block.is_main and not (block.is_ranked or block.is_cell)
        self._row = (self._row or self._last or "-") if is_offer else ""
        self._last = block.text[-_LONGEST_LABEL:]
        return replace(block, offer=self._row)

    def _note_label(self, text: str, *, may_follow: bool) -> None:
        """What a number stands behind, and what stands behind a number."""
        self._before = text if len(text) <= _LONGEST_LABEL else ""
        at, self._number = self._number if may_follow else None, None
        if at is not None and self._before:
            self.content.blocks[at] = replace(self.content.blocks[at], after=text)
        if self._before and text[0].isdigit() and len(text) <= _LONGEST_NUMBER:
            self._number = len(self.content.blocks)

    def _look_at(self, element: Element, state: InheritedState) -> None:
        tag, attributes = element.tag, element.attrib
        if tag == "a" and state.slot is not None and attributes.get("href"):
            self._near = state.slot_name, joined(self.base_of, attributes["href"])  # a picture alone may lead there
        if tag == "title" and not (self._has_title or state.is_in_drawing) and state.how in ("", "head", "title"):
            self._has_title = True
            self._put(" ".join(text_of(element).split()), "title", "", state)
        elif tag == "script":
            self._script(element, attributes, state)
        elif tag == "svg" and not state.is_in_drawing:
            add_drawing(element, state, self.content)
        if tag in ("meta", "link"):
            for name, text in head_statements(tag, attributes, self.base_of):
                self._put(text, "meta", name, state)
        if state.is_in_drawing or tag == "svg":
            return
        if tag in ("col", "colgroup") and (state.is_invisible or state.how == "display"):
            self._styles.note("col { visibility: collapse }")
        if tag == "table" and (order := _order_of_rows(element)):
            self._styles.note(order)
        if state.cover and state.cover not in self._covers and _may_cover(state):
            self._covers.add(state.cover)
            self._styles.note(state.cover)
        is_silent = is_silent_frame(tag, attributes, state, self.base_of)
        if attributes.get("style") and not is_silent:
            is_of_entry = state.reply is not None or bool(state.entry)
            self._styles.add_inline(tag, attributes["style"], is_in_slot=state.slot is not None or is_of_entry)
            for place in places_in(attributes["style"]) if is_of_entry else ():
                self._put(place, "attribute", BACKGROUND, state)  # a picture of this entry, and of no other
        if not attributes:
            return
        if tag == "template" and "shadowrootmode" in attributes:
            self._styles.note("template shadowrootmode")  # it hides its brothers
        for name in ("dir", "aria-hidden"):
            if attributes.get(name, "auto") in ("", "auto") or state.slot is not None or is_silent:
                continue
            if state.reply is not None and state.reply.kind:
                self._put(f"{tag} {attributes[name].lower()}"[:100], "attribute", name, state)  # of this reply alone
            else:
                self._styles.note(f"{tag} {name}={attributes[name].lower()}"[:100])
        self.content.scripts += [value for name, value in attributes.items() if name.startswith("on") and value.strip()]
        if not is_silent:
            self._attributes(element, tag, attributes, state)
        if tag in FRAMES and attributes.get("srcdoc"):
            self._put(attributes["srcdoc"], "frame", "srcdoc", state)
        if script := shown_script(tag, attributes):
            self._put(script, "frame", "javascript", state)
        add_media(tag, attributes, state, self.content, self.base_of, self._near_of(state))
        if tag == "a":
            self._link_without_text(element, attributes, state)

    def _attributes(self, element: Element, tag: str, attributes: Mapping[str, str], state: InheritedState) -> None:
        self._fields += tag == "input"
        text = " ".join(text_of(element).split()) if tag == "option" else ""
        owner = owner_of(tag, attributes, self.base_of, text, self._fields) if not is_dot(attributes) else ""
        name_of_field = attributes.get("name", "") if tag == "input" and attributes.get("type") == "hidden" else ""
        if attributes.get("value") == "1" and re.fullmatch(r"[0-9a-f]{32}", name_of_field):
            name_of_field, owner = "token", ""
        if tag == "time":
            shown = " ".join(text_of(element).split()) or "now"
            owner = TIME_SHOWN if is_time_alone(shown) or may_be_age(shown) else ""
        for name, text in attribute_texts(tag, attributes, self._styles.shown_attributes, self.base_of):
            self._stated += 1
            if not self.is_whole:
                break
            if text[:1] in "{[" and text[-1:] in "}]":
                self.content.data.append(f"{name}\0{text}")
            elif name != "value" or is_field(tag, attributes):
                how = f"value {name_of_field}" if name_of_field else name
                how = f"{SHOWN_BY_STYLE}{name}" if name in self._styles.shown_attributes else how
                self._put(text, "attribute", how, state, owner=owner)

    @property
    def is_whole(self) -> bool:
        """False where the page states more in attributes than is compared."""
        return self._stated <= _MOST_ATTRIBUTES

    def _script(self, element: Element, attributes: Mapping[str, str], state: InheritedState) -> None:
        if attributes.get("src"):
            url = joined(self.base_of, attributes["src"])
            if state.slot is not None:
                self.content.linked_in.append((state.slot_name, url))
            elif not is_advertising(url):
                self.content.linked.append(url)
        elif (text := (element.text or "").strip()) and not (self._is_archive and is_of_archive(text)):
            kind = attributes.get("type", "").lower()
            if kind == "importmap":
                self.content.linked += (joined(self.base_of, address) for address in addresses_in(text))
                return
            if "json" in kind:
                self.content.data.append(text)
            if "json" in kind or kind == "speculationrules":  # what a browser may load before it is asked to
                return
            for part in texts_of_template(kind, text):
                self._put(part, "hidden", "template", state)
            data, rest = data_in_script(without_made_names(without_streamed(text, self._streamed)))
            self.content.data += data
            self.content.scripts.append(rest if is_run(kind, attributes) else f"{NOT_RUN}{rest}")

    def _link_without_text(self, element: Element, attributes: Mapping[str, str], state: InheritedState) -> None:
        """Where a link leads that is a sign, or lies over others: no text of it is compared with its address."""
        is_apart = state.slot is not None or bool(state.entry) or state.is_framed
        if is_apart or not attributes.get("href") or next(element.iter("img"), None) is not None:
            return
        if not text_of(element).strip() or next(element.iter("svg"), None) is not None:
            self._put(place_of_link(joined(self.base_of, attributes["href"])), "attribute", "href", state)

    def _near_of(self, state: InheritedState) -> str:
        return self._near[1] if self._near[0] == state.slot_name else ""


def _may_cover(state: InheritedState) -> bool:
    """False for what is hidden, for boxes that ask something, and for entries: their labels lie over their pictures."""
    is_prompt = state.is_prompt and not state.is_boxed
    return not (state.hidden_by or is_prompt or state.entry)


def _order_of_rows(table: Element) -> str:
    """The groups of a table's rows where these are shown in another order than they stand; else nothing."""
    groups = [each.tag for each in table if each.tag in _ROWS]
    shown = sorted(groups, key=_ROWS.index)
    return "" if groups == shown else f"table of {' '.join(groups)}"


_ROWS = ("thead", "tbody", "tfoot")
"""Groups of rows in the order in which a table shows them. (CSS 2, 17.2)"""
