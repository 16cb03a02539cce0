"""What is known of an element while a page is read: what it inherits, and the text that gathers in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from archive.corroborate.pages.ad_texts import is_labelled
from archive.corroborate.pages.covers import cover_of
from archive.corroborate.pages.elements import (
    CHOICES,
    FLOWS,
    FRAMES,
    HEADINGS,
    MARKS,
    NEVER_SHOWN,
    NOT_DRAWN,
    NOT_SHOWN,
    TOOLBARS,
)
from archive.corroborate.pages.frame import FRAMED, section_of, sharing_in
from archive.corroborate.pages.hiding import (
    INHERITED,
    background_of,
    has_no_size,
    has_size,
    hides,
    is_unseen,
    is_unseen_color,
)
from archive.corroborate.pages.looks import looks_of
from archive.corroborate.pages.pictures import picture_in
from archive.corroborate.pages.prompts import is_control
from archive.corroborate.pages.replies import ReaderReply
from archive.corroborate.pages.slots import LAYOUT, NAMED, TOOLBAR, labels_of, slot_of
from archive.corroborate.pages.structure import PageStructure
from archive.corroborate.texts.changing_words import CHANGING, SHARING


@dataclass(frozen=True, slots=True)
class InheritedState:
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
    names: frozenset[str] = frozenset()
    """Both of these together."""
    looks: frozenset[str] = frozenset()
    is_closed_details: bool = False
    is_in_drawing: bool = False
    picture: str = ""
    around: frozenset[str] = frozenset()
    is_cell: bool = False
    is_heading: bool = False
    is_tabular: bool = False
    is_ranked: bool = False
    tag: str = ""
    entry: str = ""
    offer: str = ""
    reply: ReaderReply | None = None
    is_main: bool = False
    is_beside_replies: bool = False
    is_framed: bool = False
    is_prompt: bool = False
    banner: int = 0
    is_boxed: bool = False
    is_control: bool = False
    is_sized: bool = False
    """Whether its styles give it another size than its attributes."""
    is_unseen_frame: bool = False
    """A page in the page that its own styles and attributes hide."""
    cover: str = ""
    """How it lies over other elements, if it may cover them."""

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
class TextRun:
    """Text that gathers until the block ends."""

    parts: list[str] = field(default_factory=list)
    elements: list[tuple[list[str], frozenset[str]]] = field(default_factory=list)
    """Texts by the element that they are in."""
    within: object = None
    state: InheritedState | None = None
    links: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    has_plain: bool = False


def state_within(
    element: Element, styles: Mapping[str, str], before: InheritedState, structure: PageStructure, *, is_archive: bool
) -> InheritedState:
    """What an element of these styles inherits and states; `before` is the state of the element that it is in."""
    tag, attributes = element.tag, element.attrib
    labels = _labels_within(element)
    slot, slot_name = _slot_within(element, labels, before, structure, is_archive=is_archive)
    size = has_no_size(styles)
    paper = background_of(styles)
    visibility = styles.get("visibility")
    ink = styles.get("-webkit-text-fill-color") or styles.get("color") or before.ink
    is_main = (before.is_main or element is structure.main) and slot is None and element not in structure.readers
    return InheritedState(
        how=before.how
        or ("details" if before.is_closed_details and tag != "summary" else "")
        or _hidden_how(element, styles, before),
        is_invisible=before.is_invisible if visibility in (None, *INHERITED) else visibility in ("hidden", "collapse"),
        ink=before.ink if ink in ("currentcolor", *INHERITED) else ink,
        paper=paper or before.paper,
        has_no_size=before.has_no_size if size is None else size,
        is_colored=before.is_colored
        or "color" in styles
        or "-webkit-text-fill-color" in styles
        or paper is not None,
        slot=slot,
        slot_name=slot_name,
        section=section_of(tag, before.section),
        link=attributes.get("href", "") if tag == "a" and "href" in attributes else before.link,
        mark=tag if tag in MARKS else before.mark,
        labels=(labels, before.labels[0]),
        names=labels | before.labels[0],
        looks=before.looks | looks_of(styles, is_main=is_main),
        is_closed_details=tag == "details" and "open" not in attributes,
        is_in_drawing=before.is_in_drawing or before.tag == "svg",
        around=before.around | (labels & (CHANGING | SHARING)) | sharing_in(element),
        is_cell=tag in ("td", "th", "dd") or (before.is_cell and _stays_within(element)),
        is_heading=tag in HEADINGS or (before.is_heading and tag in FLOWS),
        is_tabular=tag in ("td", "th") or (before.is_tabular and _stays_within(element)),
        is_ranked=before.is_ranked or tag == "ol",
        picture=picture_in(element) if tag == "picture" else before.picture,
        tag=tag,
        entry=structure.entries.get(element, before.entry),
        offer=structure.offers.get(element, before.offer),
        reply=structure.replies.get(element, before.reply),
        is_main=is_main,
        is_beside_replies=before.is_beside_replies or element in structure.readers,
        is_framed=before.is_framed
        or (bool(labels & FRAMED) and element not in structure.around_main)
        or element in structure.frames,
        is_prompt=before.is_prompt or element in structure.prompts,
        banner=structure.banners.get(element, before.banner),
        is_boxed=before.is_boxed or element in structure.boxes,
        is_control=before.is_control or is_control(element),
        is_sized=has_size(styles),
        is_unseen_frame=tag in FRAMES and is_unseen(styles, attributes),
        cover=cover_of(styles, is_main=is_main or element in structure.around_main),
    )


def _labels_within(element: Element) -> frozenset[str]:
    """Words of the class and id of an element, and of the name of one of the site's own."""
    labels = labels_of(element.attrib) if element.tag not in ("html", "body") else frozenset[str]()
    if element.tag == "dialog" or "aria-modal" in element.attrib:
        labels |= {"dialog"}
    return labels | frozenset(element.tag.split("-")) if "-" in element.tag else labels


def _slot_within(
    element: Element, labels: frozenset[str], before: InheritedState, structure: PageStructure, *, is_archive: bool
) -> tuple[str | None, str]:
    """The kind and the name of the changing place that an element is, or lies in."""
    slot, slot_name = before.slot, before.slot_name
    if element.attrib.get("id") in TOOLBARS and is_archive:
        slot, slot_name = LAYOUT, TOOLBAR
    if slot is not None:
        return slot, slot_name
    named = slot_of(element.tag, element.attrib, labels) or (NAMED if is_labelled(element) else None)
    if named is None or structure.holds_main(element, named):
        return slot, slot_name
    return named, f"{element.tag}.{' '.join(sorted(labels))}"


def _stays_within(element: Element) -> bool:
    """True for what belongs to the cell around it: words in a line, and what a reader presses there."""
    return element.tag in FLOWS or is_control(element)


def _hidden_how(element: Element, styles: Mapping[str, str], before: InheritedState) -> str:
    tag, attributes = element.tag, element.attrib
    is_displayed = styles.get("display", "none") != "none"
    if tag in NEVER_SHOWN or (tag in NOT_SHOWN and not is_displayed):
        return tag
    if before.tag == "select" and tag not in CHOICES:
        return before.tag
    if tag in NOT_DRAWN and (before.is_in_drawing or before.tag == "svg"):
        return tag
    by_style = hides(styles)
    if by_style is not None:
        return by_style
    if "hidden" in attributes and not is_displayed:
        return "hidden"
    if tag == "dialog" and "open" not in attributes and not is_displayed:
        return tag
    return "popover" if "popover" in attributes and not is_displayed else ""
