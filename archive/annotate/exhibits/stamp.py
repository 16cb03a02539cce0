"""Stamps each page of a PDF in a band below it, by an incremental update: the stamp covers nothing of the page."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import BinaryIO

from msgspec import Struct
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from archive.annotate.font import printable
from archive.annotate.pdf.frame import MATRICES, Frame
from archive.annotate.pdf.marks import numbers
from archive.annotate.pdf.objects import Increment, import_pages
from archive.annotate.pdf.sheets import Sheets
from archive.annotate.pdf.source import PdfPage, ReportPdf
from archive.words import Catalogue

BAND = 44.0
"""Points by which each page grows at the bottom."""
_NAME = "/ArchiveStamp"


class ExhibitStamp(Struct, frozen=True):
    """What stands below one page."""

    number: str
    lines: tuple[str, ...]
    """Up to three; one that is too long is shortened in its middle."""
    right: str
    """At the other side: `page 1 of 3`."""


def stamp_pdf(stream: BinaryIO, stamps: Sequence[ExhibitStamp], words: Catalogue) -> bytes:
    """Make the tail that stamps the PDF in `stream`, one stamp a page. Raises `NotExtendable`."""
    pdf = ReportPdf(stream)
    increment = Increment(pdf)
    frames = [Frame(page.crop, page.rotate) for page in pdf.pages]
    sheets = Sheets(words, margin=18)
    for frame, stamp in zip(frames, stamps, strict=True):
        _draw(sheets, frame.width, stamp)
    forms = import_pages(increment, sheets.content(), pdf.pages_ref)
    for page, frame, ref in zip(pdf.pages, frames, forms, strict=True):
        _add(increment, page, frame, ref)
    stream.seek(-1, 2)
    return increment.tail(stream.read(1) in b"\r\n")


def _draw(sheets: Sheets, width: float, stamp: ExhibitStamp) -> None:
    sheets.start_sized(width, BAND)
    room = width - 36
    sheets.rule(3)
    side = sheets.width_of(stamp.number, 11)
    sheets.cell(stamp.number, 11, 18, 6, room, ltr=True)
    right = sheets.width_of(stamp.right, 7)
    sheets.cell(stamp.right, 7, 18, 22, side + 2, ltr=True)
    left = 18 + max(side, right) + 14
    for at, line in enumerate(stamp.lines):
        shown = _fitting(sheets, printable(line), 6.5, width - 18 - left)
        sheets.cell(shown, 6.5, left, 6 + 11 * at, width - 18 - left, ltr=True)


def _fitting(sheets: Sheets, text: str, size: float, width: float) -> str:
    """The text, shortened in its middle to a width."""
    if sheets.width_of(text, size) <= width:
        return text
    low, high = 1, len(text) // 2
    while low < high:
        half = (low + high + 1) // 2
        if sheets.width_of(f"{text[:half]} … {text[-half:]}", size) <= width:
            low = half
        else:
            high = half - 1
    return f"{text[:low]} … {text[-low:]}"


def _add(increment: Increment, page: PdfPage, frame: Frame, drawn: IndirectObject) -> None:
    """Draw a stamp below a page, which grows by it; its own content is drawn as before."""
    own = increment.changed(page.ref)
    form = _as_form(increment, drawn, frame.width)
    band = frame.own((0.0, -BAND, frame.width, 0.0))
    grown = _around(page.crop, band)
    own[NameObject("/MediaBox")] = numbers(*_around(page.media, band))
    own[NameObject("/CropBox")] = numbers(*grown)
    for key in ("/TrimBox", "/BleedBox", "/ArtBox"):
        if key in own:
            own[NameObject(key)] = numbers(*grown)
    # Outside its old crop box the page may draw what nobody saw: clipped away, so that the band is blank.
    left, bottom, right, top = page.crop
    before = f"q {left:g} {bottom:g} {right - left:g} {top - bottom:g} re W n q\n"
    x, y = frame.own((0.0, -BAND, 0.0, -BAND))[:2]
    a, b, c, d = MATRICES[frame.rotate]
    after = f"\nQ Q q {a} {b} {c} {d} {x:.3f} {y:.3f} cm {_NAME} Do Q\n"
    contents = increment.pdf.get(own.get("/Contents"))
    stated = own.get("/Contents")
    middle = list(contents) if isinstance(contents, ArrayObject) else [stated] if stated is not None else []
    own[NameObject("/Contents")] = ArrayObject([increment.add(_plain(before)), *middle, increment.add(_plain(after))])
    own[NameObject("/Resources")] = _with_form(increment, page, own, form)


def _with_form(increment: Increment, page: PdfPage, own: DictionaryObject, form: IndirectObject) -> DictionaryObject:
    """The page's resources, which it may inherit, with one more."""
    node = own
    while "/Resources" not in node and "/Parent" in node:
        parent = increment.pdf.get(node["/Parent"])
        if not isinstance(parent, DictionaryObject) or parent is node:
            break
        node = parent
    resources = increment.pdf.get(node.get("/Resources"))
    copy = DictionaryObject({key: resources.raw_get(key) for key in resources} if resources else {})
    xobjects = increment.pdf.get(copy.get("/XObject"))
    named = DictionaryObject({key: xobjects.raw_get(key) for key in xobjects} if xobjects else {})
    named[NameObject(_NAME)] = form
    copy[NameObject("/XObject")] = named
    return copy


def _as_form(increment: Increment, drawn: IndirectObject, width: float) -> IndirectObject:
    """A page that was drawn, as something that another page shows. (ISO 32000-2, 8.10)"""
    page = increment.objects.pop((drawn.idnum, drawn.generation))
    assert isinstance(page, DictionaryObject)
    contents = page.raw_get("/Contents")
    content = increment.objects.pop((contents.idnum, contents.generation))
    assert isinstance(content, StreamObject)
    form = StreamObject()
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = numbers(0, 0, width, BAND)
    form[NameObject("/Resources")] = page.raw_get("/Resources")
    form[NameObject("/Filter")] = NameObject("/FlateDecode")
    form._data = zlib.compress(zlib.decompress(content._data), 9)
    return increment.put(drawn, form)


def _plain(operators: str) -> StreamObject:
    stream = DecodedStreamObject()
    stream.set_data(operators.encode())
    return stream


def _around(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
