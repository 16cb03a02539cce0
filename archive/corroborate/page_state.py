"""What is known of an element while a page is read: what it inherits, and the text that gathers in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.corroborate.styles import is_unseen_color


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
    posted: str = ""
    is_main: bool = False
    is_framed: bool = False

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
