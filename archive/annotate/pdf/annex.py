"""The pages of the annex: for each source its address, verdict, time, leaf, a code, and the way back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from msgspec import Struct, field

from archive.annotate.entries import AnnexEntry, AnnexFacts
from archive.annotate.pdf.sheets import A4, Sheets
from archive.annotate.plain import rows_of
from archive_manifests.sources import Citation

_SMALL = 8.0
_LABEL = 92.0
"""Points for the name of a row."""
_CODE = 64.0
"""Side of the QR code."""


class AnnexPlace(Struct, frozen=True):
    """A place in the annex, in points from the top left corner of its page."""

    page: int
    """From 0."""
    left: float
    top: float
    right: float
    bottom: float


_NARROWEST, _WIDEST, _LOWEST, _HIGHEST = 480.0, 680.0, 660.0, 1020.0
"""Points of pages such as A4, Letter (612 x 792), Legal and B5."""


class BackLink(Struct, frozen=True):
    """Words that lead back to a citation."""

    source: str
    citation: int
    """From 0, among the source's."""
    place: AnnexPlace
    contents: str


class AnnexPages(Struct):
    """The finished annex, as a PDF of its own, and where everything stands in it."""

    content: bytes = b""
    pages: int = 0
    size: tuple[float, float] = A4
    entries: dict[str, AnnexPlace] = field(default_factory=dict)
    """Source id -> where its entry begins."""
    back_links: list[BackLink] = field(default_factory=list)


def annex_size(report: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """The size that most pages of the report have, upright, where an annex fits on it as on A4; else A4."""
    upright = Counter((round(min(size), 2), round(max(size), 2)) for size in report)
    width, height = max(upright, key=lambda size: (upright[size], size), default=A4)
    fits = _NARROWEST <= width <= _WIDEST and _LOWEST <= height <= _HIGHEST
    return (width, height) if fits else A4


def annex_pages(
    facts: AnnexFacts, heading: list[str], unmarked: int, size: tuple[float, float] = A4, comment: str = ""
) -> AnnexPages:
    """Write the annex; `heading` are the paragraphs below its title, `comment` how the file was made."""
    words = facts.words
    short = facts.fingerprint.removeprefix("sha256:")[:16]
    sheets = Sheets(words, size, footer=words.sentence("annex.footer", fingerprint=f"{short}…"))
    if comment:
        sheets.state_making(comment)
    made = AnnexPages(size=sheets.size)
    sheets.start_page()
    sheets.paragraph(words.sentence("annex.heading"), 15)
    sheets.y += 6
    for paragraph in heading:
        sheets.paragraph(paragraph, 8.5)
        sheets.y += 4
    _legend(sheets, facts)
    if unmarked:
        sheets.paragraph(words.sentence("annex.no_mark", n=unmarked), 8.5)
        sheets.y += 4
    for entry in facts.entries:
        _entry(sheets, facts, entry, made)
    made.content, made.pages = sheets.content(), sheets.pages
    return made


def _legend(sheets: Sheets, facts: AnnexFacts) -> None:
    for example, meaning in facts.legend:
        _row(sheets, example, meaning)
    sheets.y += 6


def _entry(sheets: Sheets, facts: AnnexFacts, entry: AnnexEntry, made: AnnexPages) -> None:
    words = facts.words
    sheets.require(_CODE + 50)
    top, page = sheets.y, sheets.pages
    made.entries[entry.id] = AnnexPlace(page - 1, sheets.margin, top, sheets.right, top + _CODE)
    sheets.rule(top)
    sheets.y += 6
    code_left = sheets.margin if sheets.is_right_to_left else sheets.right - _CODE
    sheets.code(code_content(facts, entry), code_left, top + 8, _CODE)
    name = words.sentence("annex.entry", id=entry.id)
    _headed(sheets, entry.label, f"{name}: {entry.verdict}", page)
    sheets.y += 2
    for label, value, is_address in rows_of(facts, entry):
        _row(sheets, label, value, is_address, page)
    _cited_on(sheets, facts, entry, made)
    sheets.y = max(sheets.y, top + _CODE + 14 if sheets.pages == page else 0) + 6


def _headed(sheets: Sheets, label: str, text: str, page: int) -> None:
    """The label as the mark shows it, whatever the direction of the words beside it."""
    left, right = _beside(sheets, page)
    width = max(sheets.width_of(label, 11), 18) + 8
    if sheets.is_right_to_left:
        sheets.cell(label, 11, right - sheets.width_of(label, 11), sheets.y, width, ltr=True)
        right -= width
    else:
        sheets.cell(label, 11, left, sheets.y, width)
        left += width
    sheets.paragraph(text, 11, left=left, right=right)


def code_content(facts: AnnexFacts, entry: AnnexEntry) -> str:
    """What the code says, in the characters that take the least space. (ISO/IEC 18004, 7.3.4)"""
    leaf = entry.evidence.leaf or "NONE"
    return f"BAG:{facts.fingerprint}:SOURCE:{entry.id}:LEAF:{leaf}".upper()


def _beside(sheets: Sheets, page: int) -> tuple[float, float]:
    """Left and right of the space beside the code, on the page that has it."""
    if sheets.pages != page:
        return sheets.margin, sheets.right
    if sheets.is_right_to_left:
        return sheets.margin + _CODE + 12, sheets.right
    return sheets.margin, sheets.right - _CODE - 12


def _row(sheets: Sheets, label: str, value: str, is_address: bool = False, page: int | None = None) -> None:
    sheets.require(_SMALL * 1.45)
    left, right = _beside(sheets, sheets.pages if page is None else page)
    if sheets.is_right_to_left:
        is_mark = label[:1].isdecimal()
        from_right = sheets.width_of(label, _SMALL) if is_mark else _LABEL
        sheets.cell(label, _SMALL, right - from_right, sheets.y, _LABEL, is_grey=True, ltr=is_mark)
        right -= _LABEL + 4
    else:
        sheets.cell(label, _SMALL, left, sheets.y, _LABEL, is_grey=True)
        left += _LABEL + 4
    size = min(_SMALL, 0.99 * _SMALL * (right - left) / sheets.width_of(value, _SMALL)) if _is_hash(value) else _SMALL
    sheets.paragraph(value, size, left=left, right=right, ltr=is_address)


def _is_hash(value: str) -> bool:
    """True for hex digits, which nobody copies right from two lines."""
    return re.fullmatch("[0-9a-f]{64}", value) is not None


def _cited_on(sheets: Sheets, facts: AnnexFacts, entry: AnnexEntry, made: AnnexPages) -> None:
    """The places that cite the source, each a link of its own."""
    words = facts.words
    sheets.require(_SMALL * 1.45)
    start, end = sheets.margin + _LABEL + 4, sheets.right - _CODE - 12
    label_left = sheets.margin
    if sheets.is_right_to_left:
        start, end = sheets.margin + _CODE + 12, sheets.right - _LABEL - 4
        label_left = sheets.right - _LABEL
    sheets.cell(words.sentence("annex.cited_on"), _SMALL, label_left, sheets.y, _LABEL, is_grey=True)
    at = 0.0
    for number, citation in enumerate(entry.citations):
        text = place_in_words(citation, facts)
        width = sheets.width_of(text, _SMALL) + 1
        if at and at + width > end - start:
            sheets.y += _SMALL * 1.45
            sheets.require(_SMALL * 1.45)
            at = 0.0
        left = end - at - width if sheets.is_right_to_left else start + at
        sheets.cell(text, _SMALL, left, sheets.y, width)
        if citation.page is not None:
            place = AnnexPlace(sheets.pages - 1, left, sheets.y, left + width, sheets.y + _SMALL * 1.45)
            contents = words.sentence("annex.back", n=citation.page)
            made.back_links.append(BackLink(entry.id, number, place, contents))
        at += width + 8
    sheets.y += _SMALL * 1.45


def place_in_words(citation: Citation, facts: AnnexFacts) -> str:
    """Where a citation stands, for people."""
    if citation.page is not None:
        return facts.words.sentence("annex.page", n=citation.page)
    if citation.line is not None:
        return facts.words.sentence("annex.cited_line", n=citation.line)
    return facts.words.sentence("card.no_place")
