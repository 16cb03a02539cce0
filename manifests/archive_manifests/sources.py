"""The report, its citations and its sources: the values behind a source manifest."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace


class Report(Struct, frozen=True):
    """What is known of the report itself."""

    id: str
    """Made of ASCII letters, digits, '.', '_' and '-': it names the bag."""
    title: str | None = None
    date: str | None = None
    """The day it was published, `2021-05-21`."""
    language: str | None = None
    publisher: str | None = None
    sha256: str | None = None
    """Hex digest of the report's file, so that a source manifest can travel without the report."""
    access: str = "restricted"
    published: bool | None = None
    """False: third parties such as the Wayback Machine get no request about its sources."""
    round: str | None = None
    """What the observers of this report agree on before they begin; each bag's records log begins with its digest."""


LONGEST_ROUND = 1000
"""Characters of a round."""


def round_problem(text: str) -> str | None:
    """What is expected of a round and what is found; None for a text that can be one."""
    odd = next((sign for sign in text if not sign.isprintable()), None)
    if odd is not None:
        found = f"U+{ord(odd):04X} at character {text.index(odd) + 1}"
    elif len(text) > LONGEST_ROUND:
        found = f"{len(text):,} characters"
    elif not text or text != text.strip():
        found = "white space at an end" if text.strip() else "nothing"
    else:
        return None
    expected = f"expected one line of 1 to {LONGEST_ROUND} printable characters, without white space at its ends"
    return f"{expected}; found {found}"


class Citation(Struct, frozen=True):
    """One place in a report where a source is cited."""

    page: int | None = None
    """From 1; None where the format has no pages."""
    line: int | None = None
    """From 1, in `text.txt`."""
    offset: int | None = None
    """Code points from the start of `text.txt` to the cited string or its anchor."""
    length: int | None = None
    """Code points; the text there, white space aside, is `anchor`, or else the cited string."""
    anchor: str | None = None
    """The words that carry the link, where the report shows words and not the URL."""
    context: str | None = None
    """The sentence round it."""
    found_by: str = "text"
    """`text`, `annotation`, `both`, `markup` or `person`."""

    def without_offset(self) -> Citation:
        """The citation as a source manifest states it: nobody can check an offset by eye."""
        return replace(self, offset=None, length=None)


class Supplied(Struct, frozen=True):
    """A file that a person adds as a copy of a source."""

    path: str
    """Relative to the source manifest's folder."""
    how: str
    by: str | None = None
    when: str | None = None
    other_address: bool | None = None
    """True to add a recording or saved page although it is of another address than the source's."""


class PassedOver(Struct, frozen=True):
    """Something in a report that looks like an address, or may hide one, and is no source."""

    kind: str
    """Why it is none: a code of `readings.PASSED_OVER`, a scheme, or an action."""
    target: str
    """What stands there, cut to a line's length."""
    page: int | None = None
    line: int | None = None
    """From 1, in `text.txt`."""


class Source(Struct, frozen=True):
    """What one or more citations point at, and what is to be done about it."""

    cited: str
    """What the report prints, read in the likeliest way."""
    citations: tuple[Citation, ...] = ()
    candidates: tuple[str, ...] = ()
    """Other readings of it, likelier ones first, such as the unjoined half of a URL broken over two lines."""
    doubts: tuple[str, ...] = ()
    """Why the reading is uncertain: codes of `readings.DOUBTS`; none where it is certain."""
    reading: str | None = None
    """The address that a person read: it settles the doubt, and it alone is requested."""
    skip: bool = False
    successor: str | None = None
    """A new address of the same thing, as the editor of this manifest asserts."""
    quote: str | None = None
    """What the report says that the source says; looked for in what was captured."""
    media: bool | None = None
    graphic: bool | None = None
    sensitivity: str | None = None
    personal_data: str | None = None
    consent: str | None = None
    note: str | None = None
    supplied: tuple[Supplied, ...] = ()

    @property
    def readings(self) -> tuple[str, ...]:
        """What may be requested, likeliest first."""
        return (self.reading,) if self.reading is not None else (self.cited, *self.candidates)

    def without_offsets(self) -> Source:
        """The source as a source manifest states it."""
        return replace(self, citations=tuple(citation.without_offset() for citation in self.citations))

    @property
    def is_uncertain(self) -> bool:
        """True where a person should look."""
        return bool(self.doubts) and self.reading is None


class SourceManifest(Struct, frozen=True):
    """What is to be captured: a report and its sources, in the order of first citation."""

    report: Report
    sources: tuple[Source, ...]
    passed_over: tuple[PassedOver, ...] = ()


def source_id(index: int) -> str:
    """The id of the source at `index`, counted from 0: `s01`, `s02`, … `s100`."""
    return f"s{index + 1:02d}"
