"""What an HTML page says and shows, as values: blocks of text, media, scripts, each with its place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from archive.corroborate.pages.replies import ReaderReply
from archive.corroborate.pages.slots import labels_of_slot
from archive.corroborate.texts.folding import fold
from archive.corroborate.texts.interface_words import is_label_of_offers

_LONGEST_LABEL = 40
SHOWN_BY_STYLE = "shown "
"""Begins the name of an attribute that a style sheet puts into the page."""
BACKGROUND = "background"
"""The name that a picture has which the style of a reply or entry names."""
TIME_SHOWN = "a time"
"""What an attribute is about: an element that shows a time and nothing else."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A run of text within one block of the page, or a text that the page hides or states beside it."""

    text: str
    kind: str = "visible"
    """`visible`, `hidden` (by `how`), `attribute`, `meta`, `title`, `frame`, `added` (by a style sheet)."""
    how: str = ""
    slot: str | None = None
    """The kind of changing place that it is in."""
    slot_name: str = ""
    section: str = "body"
    """The nearest of `main`, `article`, `nav`, `aside`, `header`, `footer`."""
    labels: frozenset[str] = frozenset()
    """Words of the class and id of the element that it is in, and of that one's parent."""
    links: tuple[str, ...] = ()
    is_link: bool = False
    marks: tuple[str, ...] = ()
    """Words in it that the markup strikes out, raises, lowers or turns: `del: 37`."""
    near_link: str = ""
    """Where the link leads that it is in or that stands before it in its changing place."""
    looks: frozenset[str] = frozenset()
    """What styles do to it that a reader sees: struck out, turned, blurred."""
    parts: tuple[tuple[str, frozenset[str]], ...] = ()
    """Texts of the elements that it runs through, with the words of their classes; empty where it runs through one."""
    owner: str = ""
    """Of an attribute: what it is about."""
    around: frozenset[str] = frozenset()
    """Words of the classes of all elements around it that say what changes there: weather, prices, a poll."""
    before: str = ""
    """A short text right before it: the label of a number."""
    after: str = ""
    """A short text right behind it."""
    is_cell: bool = False
    """In a table's cell, or the description of a term."""
    is_tabular: bool = False
    """In a table's cell."""
    is_headed: bool = False
    """What stands before it is a heading, or a label that ends with a colon."""
    is_ranked: bool = False
    """In an ordered list: its place says something."""
    entry: str = ""
    """Where the entry leads that it is in, of a list of other pages that the markup shows."""
    offer: str = ""
    """What stands before the links to other pages within the main text of which it is one, or in an entry of one."""
    reply: ReaderReply | None = None
    """The reply that it is in."""
    is_beside_replies: bool = False
    """In what holds a list of readers' replies, and nothing of the main text."""
    heading: str = ""
    """The heading that it stands below, where that is outside the main text."""
    is_framed: bool = False
    """In what is called a menu, a bar, a head or a foot."""
    is_headline: bool = False
    """A heading of the first rank."""
    is_main: bool = False
    """In the element that holds most of the page's sentences."""
    is_prompt: bool = False
    """In a box by which the page asks its reader for something."""
    is_boxed: bool = False
    """In a box of few words that all ask for something; it may stand between the paragraphs of the main text."""
    is_control: bool = False
    """What a reader presses."""
    banner: int = 0
    """The box of few words that it is in, beside the main text, by its number in the page; 0 for none."""

    @property
    def is_listed(self) -> bool:
        """True for a link, and for what stands with one in a list of other pages or in a changing place."""
        is_there = self.is_link or bool(self.entry or self.offer) or self.slot is not None or self.is_lone_link
        return bool(self.near_link) and is_there

    @property
    def is_lone_link(self) -> bool:
        """True for one link to another page in an element of its own, with a short label before it at most."""
        if len(self.links) != 1 or self.is_ranked:
            return False
        label = self.parts[0][0] if len(self.parts) == 2 else ""
        is_label_before = label.endswith((":", "：")) or is_label_of_offers(label)
        return self.is_link or (is_label_before and len(label) <= _LONGEST_LABEL)

    @property
    def key(self) -> str:
        """What is equal in two blocks that say the same."""
        text = fold(self.text)
        return text if self.kind in ("visible", "hidden", "title") else f"{self.how}\0{self.owner}\0{text}"

    @property
    def slot_labels(self) -> frozenset[str]:
        """Words of the class and id of the changing place that it is in."""
        return labels_of_slot(self.slot_name)


@dataclass(frozen=True, slots=True)
class MediaPlace:
    """A picture, film or sound where the page has it."""

    url: str
    """Absolute; a `data:` URL as it stands."""
    tag: str
    alt: str = ""
    slot: str | None = None
    section: str = "body"
    how: str = ""
    """What hides it."""
    looks: frozenset[str] = frozenset()
    is_tiny: bool = False
    """Its own attributes make it a dot that is fetched to be counted."""
    near_link: str = ""
    """Where the entry of a list leads that it is in."""
    labels: frozenset[str] = frozenset()
    """Words of the class and id of the changing place that it is in."""
    entry: str = ""
    """Where the entry leads that it is in, of a list of other pages that the markup shows."""
    reply: ReaderReply | None = None
    """The time of the reply that it is in."""
    link: str = ""
    """Where the link leads that it is in."""
    is_framed: bool = False
    """In the frame of the page: a menu, a bar, its head or foot."""
    is_placeholder: bool = False
    """Its name, or what its address holds, is that of what stands where a picture is loaded later."""


@dataclass(slots=True)
class ComparedPage:
    """All that a page says and shows."""

    url: str = ""
    agent: str = ""
    """What the observer called its browser."""
    blocks: list[TextBlock] = field(default_factory=list)
    media: list[MediaPlace] = field(default_factory=list)
    frames: list[MediaPlace] = field(default_factory=list)
    sizes: list[tuple[str, str]] = field(default_factory=list)
    """Pictures of the main text, each with an address that offers it in another size or format."""
    scripts: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    """JSON in the page: linked data, what scripts show."""
    is_whole: bool = True
    """False where it has more bytes, elements or scripts than are compared."""
    is_data: bool = False
    """All of it is JSON, of which each line is a block."""
    beside: list[str] = field(default_factory=list)
    """What frames of other sites in changing places say."""
    linked: list[str] = field(default_factory=list)
    """Addresses of scripts outside changing places."""
    linked_in: list[tuple[str, str]] = field(default_factory=list)
    """The same within them: name of the place, address."""
    all_sheets: list[str] = field(default_factory=list)
    """Addresses of the style sheets that it links."""
    sheets: list[str] = field(default_factory=list)
    """Those of them that are not there to be read."""
    risky: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """What could not be evaluated: rules of style sheets, the rest of a page without end."""
    apart: frozenset[str] = frozenset()
    """What of `risky` and `unread` is of no element of the main text."""
    slots: frozenset[str] = frozenset()
    names: set[str] = field(default_factory=set)
    """Classes and ids of the elements of the main text, and of those that it lies in."""
    boxes: Counter[frozenset[str]] = field(default_factory=Counter)
    """Words of the class and id of each element beside the main text -> how many such elements there are."""
    empty_boxes: Counter[frozenset[str]] = field(default_factory=Counter)
    """The same of those that hold nothing."""

    def add_box(self, labels: frozenset[str], *, is_empty: bool) -> None:
        """Count an element beside the main text; one without a class and an id is known by nothing."""
        if labels:
            self.boxes[labels] += 1
            self.empty_boxes[labels] += is_empty
