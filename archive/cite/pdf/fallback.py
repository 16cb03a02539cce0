"""A PDF that PDFium refuses, read by pypdf: its text in the file's own order, its links without their words."""

from __future__ import annotations

from typing import BinaryIO

import pypdf
from pypdf.errors import DependencyError, PyPdfError

from archive.cite.bidi import is_right_to_left, logical, reads_backwards, unshaped
from archive.cite.extract import MAX_LINKS, MAX_TEXT, Extracted, Link, PassedOver
from archive.cite.flow import clean
from archive.cite.pdf.catalog import DAMAGE, Catalog, scripts
from archive.cite.targets import NoSource, source_target
from archive.errors import ReportUnreadable

MOST_PAGES = 5_000


def read_with_pypdf(stream: BinaryIO, why: str) -> Extracted:
    """Read what pypdf can; `why` says what is wrong with the first reader. Raises `ReportUnreadable`."""
    reader = _opened(stream)
    catalog = Catalog(reader, (PassedOver("second-reader", why), *scripts(reader)))
    passed = list(catalog.passed_over)
    texts: list[str] = []
    starts: list[int] = []
    links: list[Link] = []
    length = 0
    for number, page in enumerate(reader.pages, start=1):
        if number > MOST_PAGES:
            raise ReportUnreadable(f"has more than {MOST_PAGES:,} pages")
        text = ("\n\f" if starts else "") + _page_text(page, number, passed)
        starts.append(length + (2 if starts else 0))
        length += len(text)
        texts.append(text)
        links += _links(catalog, number, passed)
        if length > MAX_TEXT or len(links) > MAX_LINKS:
            raise ReportUnreadable("holds more text or more links than any report")
    text = "".join(texts)
    return Extracted(
        text=text,
        extractor=f"pypdf {pypdf.__version__}",
        links=tuple(links),
        page_starts=tuple(starts),
        title=catalog.title_if_in(text[: starts[1]] if len(starts) > 1 else text),
        passed_over=tuple(passed),
    )


def read_after_fault(stream: BinaryIO, suffix: str) -> Extracted:
    """Read a PDF at which the process of the first reader ended. Raises `ReportUnreadable`."""
    return read_with_pypdf(stream, "the first reader ran out of time or memory, or broke")


def _opened(stream: BinaryIO) -> pypdf.PdfReader:
    try:
        stream.seek(0)
        reader = pypdf.PdfReader(stream)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReportUnreadable("is protected by a password; save it without one")
        len(reader.pages)
    except DependencyError as error:
        raise ReportUnreadable(f"is encrypted, and reading it takes a library that is missing: {error}") from error
    except DAMAGE as error:
        # What Python says of its own objects tells a reader nothing.
        why = f": {str(error)[:200]}" if isinstance(error, PyPdfError) and str(error) else ""
        raise ReportUnreadable(f"is a damaged PDF{why}; print it to a new one") from error
    return reader


def _page_text(page: pypdf.PageObject, number: int, passed: list[PassedOver]) -> str:
    """The page's text, ligatures and presentation forms as plain letters."""
    try:
        text = unshaped(clean(page.extract_text()).replace("\f", "\n").rstrip())
    except DAMAGE as error:
        # One broken font or stream must not hide the other pages.
        passed.append(PassedOver("unreadable-page", type(error).__name__, number))
        return ""
    if not is_right_to_left(text):
        return text
    return "\n".join(logical(line) if reads_backwards(line) else line for line in text.split("\n"))


def _links(catalog: Catalog, number: int, passed: list[PassedOver]) -> list[Link]:
    links: list[Link] = []
    for annotation in catalog.annotations(number, passed):
        try:
            target, candidates = source_target(annotation.target, catalog.base)
        except NoSource as none:
            if none.kind != "internal":
                passed.append(PassedOver(none.kind, clean(annotation.target[:200]), number))
            continue
        links.append(Link(target, None, None, "annotation", page=number, candidates=candidates))
    return links
