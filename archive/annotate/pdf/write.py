"""Writes an annotated PDF: the report, then marks, annex pages and what leads between them."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, BinaryIO

from msgspec import Struct
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
)

from archive.annotate.entries import AnnexEntry, AnnexFacts
from archive.annotate.pdf.annex import AnnexPages, AnnexPlace, annex_pages, annex_size
from archive.annotate.pdf.catalog import Structure, add_outline, add_page_labels, add_pages
from archive.annotate.pdf.frame import Frame
from archive.annotate.pdf.making import comment_of
from archive.annotate.pdf.marks import PREFIX, MarkLink, appearance, mark_width
from archive.annotate.pdf.objects import Increment, import_pages
from archive.annotate.pdf.placement import PageSpace, scale_of, scaled
from archive.annotate.pdf.source import PdfPage, ReportPdf
from archive.cite.extract import PlacedLink, PlacedReport, Rect
from archive_manifests.sources import Citation

_SAME_LINE = 3.0
"""Points within which two citations count as standing at one height."""
BACK = "archive-back-"
"""Before the number, in the name of a link from the annex to a citation."""


class PlacedMark(Struct, frozen=True):
    """One citation, and where its mark stands."""

    source: str
    citation: int
    """From 0, among the source's."""
    page: int | None
    """From 1; None where it is not known."""
    rect: Rect | None
    """In the page's own space; None where there is no mark, and the annex alone names the place."""
    citation_rect: Rect | None = None
    turn: int = 0
    """Degrees, counter-clockwise, in which the citation and its mark are read."""


class AnnotatedPdf(Struct, frozen=True):
    """What was added."""

    tail: bytes
    """Behind the report's own bytes."""
    marks: tuple[PlacedMark, ...]
    annex_pages: int
    first_annex_page: int
    """From 1."""


def annotate_pdf(stream: BinaryIO, facts: AnnexFacts, places: PlacedReport) -> AnnotatedPdf:
    """Make the tail for the PDF in `stream`. The same input gives the same bytes. Raises `NotExtendable`."""
    pdf = ReportPdf(stream)
    marks = tuple(_placed(pdf, facts, places))
    heading = [
        facts.words.sentence("annex.added", octets=facts.report_size, digest=facts.report_sha256),
        *facts.about_bag(),
    ]
    frames = (Frame(page.crop, page.rotate) for page in pdf.pages)
    size = annex_size((frame.width, frame.height) for frame in frames)
    annex = annex_pages(facts, heading, sum(mark.rect is None for mark in marks), size)
    stream.seek(-1, 2)
    writer = _Writer(Increment(pdf), facts, marks, annex)
    return AnnotatedPdf(writer.write(stream.read(1) in b"\r\n"), marks, annex.pages, len(pdf.pages) + 1)


def annex_pdf(facts: AnnexFacts, why: str) -> bytes:
    """The annex as a file of its own, for a report that is not changed; `why` is a key below `annex_apart`."""
    heading = [
        facts.words.sentence(
            "annex.apart",
            name=facts.report_name,
            digest=facts.report_sha256,
            why=facts.words.sentence(f"annex_apart.{why}"),
        ),
        *facts.about_bag(),
    ]
    return annex_pages(facts, heading, 0, comment=comment_of(facts)).content


def _placed(pdf: ReportPdf, facts: AnnexFacts, places: PlacedReport) -> Iterator[PlacedMark]:
    """Yield the mark of every citation, in the order of the ledger, placed in the order of the page."""
    boxes = _Boxes(places)
    wanted = [
        _Wanted(entry, number, citation.page, *boxes.of(entry, citation), citation.offset or 0)
        for entry in facts.entries
        for number, citation in enumerate(entry.citations)
    ]
    shown = {page.number: page.occupied for page in places.pages}
    by_page: dict[int, list[_Wanted]] = defaultdict(list)
    for one in wanted:
        if one.rects and one.page is not None and one.page <= len(pdf.pages):
            by_page[one.page].append(one)
    found: dict[tuple[str, int], tuple[Rect, int]] = {}
    for number, listed in by_page.items():
        occupied = [*shown.get(number, ()), *_annotations(pdf, number)]
        found |= _on_page(pdf.pages[number - 1], listed, occupied, facts.words.direction == "rtl")
    for one in wanted:
        rect, turn = found.get((one.entry.id, one.number), (None, 0))
        yield PlacedMark(one.entry.id, one.number, one.page, rect, one.rects[0] if one.rects else None, turn)


class _Wanted(Struct, frozen=True):
    """A citation that wants a mark."""

    entry: AnnexEntry
    number: int
    page: int | None
    rects: tuple[Rect, ...]
    turn: int | None
    offset: int
    """In the text: on one line, marks stand in the order of reading."""


def _on_page(
    page: PdfPage, wanted: list[_Wanted], occupied: list[Rect], is_rtl: bool
) -> dict[tuple[str, int], tuple[Rect, int]]:
    """The places of the marks of one page, in its own space, each with the direction in which it is read.

    A mark is upright beside the line that cites; a page may have lines of several directions.
    """
    found: dict[tuple[str, int], tuple[Rect, int]] = {}
    by_turn: dict[int, list[_Wanted]] = defaultdict(list)
    for one in wanted:
        by_turn[page.rotate if one.turn is None else one.turn].append(one)
    for turn, listed in by_turn.items():
        frame = Frame(page.crop, turn)
        taken = (rect for rect, _ in found.values())
        scale = scale_of(frame.width, frame.height)
        there = [scaled(frame.displayed(rect), 1 / scale) for rect in (*occupied, *taken)]
        space = PageSpace(frame.width / scale, frame.height / scale, there, is_rtl)
        ordered = [(tuple(scaled(frame.displayed(rect), 1 / scale) for rect in one.rects), one) for one in listed]
        for rects, one in sorted(ordered, key=lambda each: (-round(each[0][0][3] / _SAME_LINE), each[1].offset)):
            place = space.place(rects, mark_width(one.entry.label))
            if place is not None:
                found[one.entry.id, one.number] = frame.own(scaled(place, scale)), turn
    return found


def _annotations(pdf: ReportPdf, page: int) -> Iterator[Rect]:
    """Yield the boxes of the report's own annotations, which no mark covers."""
    listed = pdf.get(pdf.get(pdf.pages[page - 1].ref).get("/Annots"))
    for reference in listed if isinstance(listed, ArrayObject) else ():
        annotation = pdf.get(reference)
        rect = pdf.get(annotation.get("/Rect")) if isinstance(annotation, DictionaryObject) else None
        if isinstance(rect, ArrayObject) and len(rect) == 4:
            x0, y0, x1, y1 = (float(each.get_object()) for each in rect)
            yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


class _Boxes:
    """The boxes of citations: by their place in the text, or by page and address where another version read it."""

    def __init__(self, places: PlacedReport) -> None:
        self._by_place = {(link.page, link.offset, link.length, link.target): link for link in places.links}
        self._by_target: dict[tuple[int, str], list[PlacedLink]] = defaultdict(list)
        for link in places.links:
            self._by_target[link.page, link.target].append(link)

    def of(self, entry: AnnexEntry, citation: Citation) -> tuple[tuple[Rect, ...], int | None]:
        page = citation.page or 0
        link = self._by_place.get((page, citation.offset, citation.length, entry.cited))
        if citation.offset is None or link is None:
            there = self._by_target.get((page, entry.cited), [])
            link = there.pop(0) if there else None
        return (link.rects, link.turn) if link is not None else ((), None)


class _Writer:
    """Puts the parts of the increment together."""

    def __init__(
        self, increment: Increment, facts: AnnexFacts, marks: tuple[PlacedMark, ...], annex: AnnexPages
    ) -> None:
        self._increment, self._facts, self._marks, self._annex = increment, facts, marks, annex
        self._entries = {entry.id: entry for entry in facts.entries}
        self._structure = Structure(increment)
        self._forms: dict[tuple[str, int], IndirectObject] = {}
        self._height = annex.size[1]

    def write(self, ends_with_newline: bool) -> bytes:
        pages = import_pages(self._increment, self._annex.content, self._increment.pdf.pages_ref)
        self._tag_pages(pages)
        self._add_marks(pages)
        self._add_back_links(pages)
        add_pages(self._increment, pages)
        add_page_labels(self._increment)
        add_outline(self._increment, self._facts.words.sentence("annex.short"), pages[0], self._height)
        self._structure.finish()
        return self._increment.tail(ends_with_newline, comment_of(self._facts))

    def _page(self, ref: IndirectObject) -> DictionaryObject:
        page = self._increment.objects[ref.idnum, ref.generation]
        assert isinstance(page, DictionaryObject)
        return page

    def _tag_pages(self, pages: list[IndirectObject]) -> None:
        """Make the content of each annex page one paragraph of the structure, where the report is tagged."""
        for ref in pages:
            key = self._structure.key()
            if key is None:
                return
            page = self._page(ref)
            page[NameObject("/StructParents")] = NumberObject(key)
            contents = page.raw_get("/Contents")
            old = self._increment.objects[contents.idnum, contents.generation]
            assert isinstance(old, StreamObject)
            data = b"/P <</MCID 0>> BDC\n" + zlib.decompress(old._data) + b"\nEMC"
            self._increment.put(contents, _compressed(data))
            self._structure.add_page(key, ref)

    def _add_marks(self, pages: list[IndirectObject]) -> None:
        by_page: dict[int, list[MarkLink]] = defaultdict(list)
        for number, mark in enumerate(self._marks, start=1):
            if mark.rect is not None and mark.page is not None:
                by_page[mark.page].append(self._mark(number, mark, pages))
        for number, links in sorted(by_page.items()):
            self._add_annotations(self._increment.pdf.pages[number - 1].ref, links)

    def _mark(self, number: int, mark: PlacedMark, pages: list[IndirectObject]) -> MarkLink:
        entry, place = self._entries[mark.source], self._annex.entries[mark.source]
        assert mark.rect is not None and mark.page is not None
        page = self._increment.pdf.pages[mark.page - 1]
        return MarkLink(
            name=f"{PREFIX}{number}",
            page=page.ref,
            rect=mark.rect,
            to_page=pages[place.page],
            to_top=round(self._height - place.top, 2),
            to_left=0,
            contents=self._facts.words.sentence("annex.mark", id=entry.id, verdict=entry.verdict),
            form=self._form(entry, mark.turn),
        )

    def _form(self, entry: AnnexEntry, turn: int) -> IndirectObject:
        """The appearance of a source's marks, which all lines of one direction share."""
        if (entry.id, turn) not in self._forms:
            self._forms[entry.id, turn] = self._increment.add(appearance(entry, turn))
        return self._forms[entry.id, turn]

    def _add_back_links(self, pages: list[IndirectObject]) -> None:
        marks = {(mark.source, mark.citation): mark for mark in self._marks}
        by_page: dict[int, list[MarkLink]] = defaultdict(list)
        for number, back in enumerate(self._annex.back_links, start=1):
            mark = marks[back.source, back.citation]
            if mark.page is None or mark.page > len(self._increment.pdf.pages):
                continue
            target = self._increment.pdf.pages[mark.page - 1]
            left, top = _upper_left(target.rotate, mark.citation_rect or target.crop)
            link = MarkLink(
                f"{BACK}{number}",
                pages[back.place.page],
                self._annex_rect(back.place),
                target.ref,
                top,
                left,
                back.contents,
            )
            by_page[back.place.page].append(link)
        for index, links in sorted(by_page.items()):
            self._add_annotations(pages[index], links)

    def _annex_rect(self, place: AnnexPlace) -> Rect:
        return place.left, self._height - place.bottom, place.right, self._height - place.top

    def _add_annotations(self, ref: IndirectObject, links: list[MarkLink]) -> None:
        """Add links to a page; the list of its annotations becomes its own, since two pages may share one."""
        page = self._increment.changed(ref)
        listed: Any = self._increment.pdf.get(page.get("/Annots"))
        annotations = ArrayObject(listed if isinstance(listed, ArrayObject) else ())
        for link in links:
            key = self._structure.key()
            annotation = self._increment.add(link.annotation(key))
            self._structure.add_link(key, annotation, ref, link.contents)
            annotations.append(annotation)
        page[NameObject("/Annots")] = annotations


def _upper_left(rotate: int, rect: Rect) -> tuple[float, float]:
    """The corner of a box that is displayed at its upper left, in the page's own space: x, y."""
    left, bottom, right, top = rect
    x, y = {0: (left, top), 90: (left, bottom), 180: (right, bottom), 270: (right, top)}[rotate]
    return round(x, 2), round(y, 2)


def _compressed(data: bytes) -> StreamObject:
    stream = DecodedStreamObject()
    stream.set_data(data)
    return stream.flate_encode()
