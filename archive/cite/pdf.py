"""PDF: each page's text, and its link annotations. (ISO 32000-2, 12.5.6.5 and 12.6.4.8)"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import BinaryIO

import pypdf
from pypdf.errors import DependencyError, PyPdfError

from archive.cite.bidi import is_right_to_left, logical, reads_backwards, unshaped
from archive.cite.extract import MAX_LINKS, MAX_TEXT, Extracted, Link, PassedOver
from archive.cite.flow import clean
from archive.cite.pdf_links import Annotation, actions, merged, plain
from archive.cite.pdf_text import AnchorWords, glyph_reader
from archive.cite.targets import NoSource, source_target
from archive.errors import ReportUnreadable

MOST_PAGES = 5_000


@dataclass(slots=True)
class _Pages:
    """What the pages gave so far."""

    texts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    passed: list[PassedOver] = field(default_factory=list)
    length: int = 0

    def add_text(self, text: str) -> int:
        """Add a page; a form feed stands after each but the last. Gives the page's offset."""
        if self.starts:
            self.texts.append("\n\f")
            self.length += 2
        start = self.length
        self.starts.append(start)
        self.texts.append(text)
        self.length += len(text)
        if self.length > MAX_TEXT or len(self.links) > MAX_LINKS:
            raise ReportUnreadable("holds more text or more links than any report")
        return start


def read_pdf(stream: BinaryIO, suffix: str) -> Extracted:
    """Read a PDF. Raises `ReportUnreadable`."""
    reader = _opened(stream)
    base = _base(reader)
    glyphs = glyph_reader(stream, MOST_PAGES)
    words = AnchorWords(glyphs) if glyphs else None
    pages = _Pages()
    _note_scripts(reader, pages)
    for number, page in enumerate(reader.pages, start=1):
        if number > MOST_PAGES:
            raise ReportUnreadable(f"has more than {MOST_PAGES:,} pages")
        _read_page(page, number, base, words, pages)
    text = "".join(pages.texts)
    return Extracted(
        text=text,
        extractor=f"pypdf {pypdf.__version__}" + (f", {words.reader}" if words else ""),
        links=tuple(pages.links),
        page_starts=tuple(pages.starts),
        title=_title(reader, text[: pages.starts[1]] if len(pages.starts) > 1 else text),
        passed_over=tuple(pages.passed),
    )


def _opened(stream: BinaryIO) -> pypdf.PdfReader:
    try:
        reader = pypdf.PdfReader(stream)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReportUnreadable("is protected by a password; save it without one")
        len(reader.pages)
    except DependencyError as error:
        raise ReportUnreadable(f"is encrypted, and reading it takes a library that is missing: {error}") from error
    except PyPdfError as error:
        raise ReportUnreadable(f"is a damaged PDF: {str(error)[:200]}; print it to a new one") from error
    return reader


def _base(reader: pypdf.PdfReader) -> str | None:
    """What the document says its relative links are relative to. (ISO 32000-2, table 210)"""
    stated = plain(reader.root_object.get("/URI"))
    base = plain(stated.get("/Base")) if isinstance(stated, dict) else None
    return str(base) if base and re.match(r"https?://", str(base), re.IGNORECASE) else None


def _note_scripts(reader: pypdf.PdfReader, pages: _Pages) -> None:
    """What would run when somebody opens the file: listed, never followed."""
    for kind, target in actions(reader.root_object.get("/OpenAction")):
        pages.passed.append(PassedOver(kind, clean(target[:200])))
    names = plain(reader.root_object.get("/Names"))
    if isinstance(names, dict) and "/JavaScript" in names:
        pages.passed.append(PassedOver("javascript", "of the document"))


def _read_page(
    page: pypdf.PageObject, number: int, base: str | None, words: AnchorWords | None, pages: _Pages
) -> None:
    text = _page_text(page, number, words, pages)
    start = pages.add_text(text)
    taken: dict[str, int] = {}
    for annotation in merged(_annotations(page, number, pages)):
        try:
            target, candidates = source_target(annotation.target, base)
        except NoSource as none:
            if none.kind != "internal":
                pages.passed.append(PassedOver(none.kind, clean(annotation.target[:200]), number))
            continue
        readings = words.words(number, annotation.rects) if words else ()
        place, anchor = _place(text, readings, taken)
        pages.links.append(
            Link(
                target=target,
                offset=None if place is None else start + place[0],
                length=None if place is None else place[1] - place[0],
                found_by="annotation",
                page=number,
                anchor=anchor,
                candidates=candidates,
            )
        )


def _page_text(page: pypdf.PageObject, number: int, words: AnchorWords | None, pages: _Pages) -> str:
    """The page's text in reading order, ligatures and presentation forms as plain letters."""
    try:
        text = unshaped(clean(page.extract_text()).replace("\f", "\n").rstrip())
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError) as error:
        # One broken font or stream must not hide the other pages.
        pages.passed.append(PassedOver("unreadable-page", type(error).__name__, number))
        return ""
    if not is_right_to_left(text):
        return text
    by_place = words.right_to_left_text(number) if words else None
    return by_place or "\n".join(logical(line) if reads_backwards(line) else line for line in text.split("\n"))


def _annotations(page: pypdf.PageObject, number: int, pages: _Pages) -> list[Annotation]:
    """The page's URI actions in their order; other actions are noted as passed over."""
    listed = plain(page.get("/Annots"))
    found: list[Annotation] = []
    for reference in listed[:MAX_LINKS] if isinstance(listed, list) else ():
        annotation = plain(reference)
        if not isinstance(annotation, dict):
            continue
        for kind, target in actions(annotation.get("/A")):
            if kind == "uri":
                found.append(Annotation.of(target, annotation))
            elif len(pages.passed) < MAX_LINKS:
                pages.passed.append(PassedOver(kind, clean(target[:200]), number))
    return found


def _place(
    text: str, readings: tuple[str, ...], taken: dict[str, int]
) -> tuple[tuple[int, int] | None, str | None]:
    """Where the page's text holds an anchor's words, white space aside, and the words; equal ones in turn."""
    for words in readings:
        pattern = r"\s*".join(re.escape(character) for character in "".join(words.split())[:2000])
        match = pattern and re.compile(pattern).search(text, taken.get(words, 0))
        if match:
            taken[words] = match.end()
            return match.span(), match[0]
    return None, readings[0] if readings else None


def _title(reader: pypdf.PdfReader, first_page: str) -> str | None:
    """The title that the file states, if its first page says it too: templates leave another report's title behind."""
    try:
        stated = " ".join(str(reader.metadata.title or "").split()) if reader.metadata else ""
    except (PyPdfError, ValueError, TypeError, AttributeError):
        return None
    is_there = len(stated) > 3 and "".join(stated.split()).lower() in "".join(first_page.split()).lower()
    return clean(stated)[:500] if is_there else None
