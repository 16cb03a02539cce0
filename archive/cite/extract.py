"""What a format's reader finds in a report: its text, its links, and what the file says of itself."""

from __future__ import annotations

from msgspec import Struct

from archive_manifests.sources import PassedOver

__all__ = [
    "MAX_LINKS",
    "MAX_TEXT",
    "Extracted",
    "Link",
    "PassedOver",
    "PlacedLink",
    "PlacedPage",
    "PlacedReport",
    "Rect",
]

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top, in points of the page's own space."""

MAX_LINKS = 20_000
"""More links than any report cites; a file with more is an attack or no report."""
MAX_TEXT = 16 * 1024 * 1024
"""Characters of text: some eight thousand pages."""


class Link(Struct, frozen=True):
    """One link at one place of the text."""

    target: str
    """The exact string in the report."""
    offset: int | None
    """Code points from the start of the text; None where the link shows nowhere in it."""
    length: int | None
    found_by: str
    """As in `Citation.found_by`."""
    page: int | None = None
    anchor: str | None = None
    context: str | None = None
    """Set where the text around the offset does not show it."""
    candidates: tuple[str, ...] = ()
    """Other readings, likelier ones first."""
    doubts: tuple[str, ...] = ()
    """Codes of what makes the first reading uncertain."""
    is_defanged: bool = False
    """Spelled so that nobody follows it by accident."""


class Extracted(Struct, frozen=True):
    """One report's file, read."""

    text: str
    """Lines end in LF. What `text.txt` holds."""
    extractor: str
    """What made the text of the file, with its version."""
    links: tuple[Link, ...] = ()
    """Links that the format marks up. Those that stand in the text as URLs are found later."""
    page_starts: tuple[int, ...] | None = None
    """Offset of each page's first character; None where the format, or the layout, shows no pages."""
    title: str | None = None
    date: str | None = None
    language: str | None = None
    passed_over: tuple[PassedOver, ...] = ()
    """Link-like things that are no sources, and what could not be read."""
    marks: tuple[tuple[int, int], ...] = ()
    """Start and end of each note mark in the text: it stands behind words, and is none of their letters."""
    breaks: tuple[int, ...] = ()
    """Offsets of the line ends that stand within a paragraph, in a text whose lines are paragraphs."""
    pictures: int = 0
    """How many pictures the file shows; what stands in them is not read."""
    has_text_urls: bool = True
    """URLs that stand in the text are still to be found; False where `links` holds them all."""
    wraps: bool = True
    """Lines end where the page was full, so that a URL may go on in the next; False where a line is a paragraph."""


class PlacedLink(Struct, frozen=True):
    """One link of a PDF, with its boxes on the page."""

    target: str
    offset: int | None
    length: int | None
    page: int
    rects: tuple[Rect, ...]
    """One for each line that it covers; none where its place is not known."""
    turn: int | None = None
    """Degrees, counter-clockwise, between the page's own axes and the line."""


class PlacedPage(Struct, frozen=True):
    """What a page with links shows."""

    number: int
    occupied: tuple[Rect, ...]
    """Lines of text, pictures and what is drawn."""


class PlacedReport(Struct, frozen=True):
    """A PDF read for its places."""

    text: str
    """As in `Extracted`."""
    links: tuple[PlacedLink, ...]
    pages: tuple[PlacedPage, ...]
    """Those that have links."""
