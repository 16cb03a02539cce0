"""The objects of an increment: new ones get numbers after the original's, changed ones keep theirs."""

from __future__ import annotations

import io
from typing import Any

from msgspec import Struct, field
from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from archive.annotate.pdf.source import ReportPdf
from archive.annotate.pdf.tail import Key, write_tail


class Increment(Struct):
    """What is added to a PDF, or changed in it."""

    pdf: ReportPdf
    objects: dict[Key, PdfObject] = field(default_factory=dict)
    _next: int = 0

    def __post_init__(self) -> None:
        self._next = self.pdf.next_number

    def reserve(self) -> IndirectObject:
        """A reference to an object that is stated later."""
        number, self._next = self._next, self._next + 1
        return IndirectObject(number, 0, self.pdf.reader)

    def put(self, ref: IndirectObject, value: PdfObject) -> IndirectObject:
        self.objects[ref.idnum, ref.generation] = value
        return ref

    def add(self, value: PdfObject) -> IndirectObject:
        """State a new object."""
        return self.put(self.reserve(), value)

    def changed(self, ref: IndirectObject) -> DictionaryObject:
        """A dictionary of the original, to be changed: its copy, which the increment states instead."""
        known = self.objects.get((ref.idnum, ref.generation))
        if isinstance(known, DictionaryObject):
            return known
        original = self.pdf.get(ref)
        copy = DictionaryObject({key: original.raw_get(key) for key in original})
        self.put(ref, copy)
        return copy

    def tail(self, ends_with_newline: bool, comment: str = "") -> bytes:
        return write_tail(self.pdf, self.objects, ends_with_newline, comment)


def import_pages(increment: Increment, content: bytes, parent: IndirectObject) -> list[IndirectObject]:
    """Add the pages of another PDF; nothing of the original's is inherited by them."""
    reader = PdfReader(io.BytesIO(content))
    known: dict[int, IndirectObject] = {}
    return [_imported_page(increment, page, parent, known) for page in reader.pages]


def _imported_page(
    increment: Increment, page: Any, parent: IndirectObject, known: dict[int, IndirectObject]
) -> IndirectObject:
    copy = DictionaryObject({NameObject("/Type"): NameObject("/Page"), NameObject("/Parent"): parent})
    for key in ("/MediaBox", "/Resources", "/Contents"):
        copy[NameObject(key)] = _copied(increment, page.raw_get(key), known)
    copy[NameObject("/CropBox")] = copy["/MediaBox"]
    copy[NameObject("/Rotate")] = NumberObject(0)
    return increment.add(copy)


def _copied(increment: Increment, value: Any, known: dict[int, IndirectObject]) -> PdfObject:
    """The value with everything that it refers to, once."""
    if isinstance(value, IndirectObject):
        if value.idnum not in known:
            known[value.idnum] = increment.reserve()
            increment.put(known[value.idnum], _copied(increment, value.get_object(), known))
        return known[value.idnum]
    if isinstance(value, ArrayObject):
        return ArrayObject(_copied(increment, each, known) for each in value)
    if isinstance(value, DictionaryObject):
        copy = StreamObject() if isinstance(value, StreamObject) else DictionaryObject()
        for key in value:
            copy[NameObject(key)] = _copied(increment, value.raw_get(key), known)
        if isinstance(copy, StreamObject) and isinstance(value, StreamObject):
            copy._data = value._data
        return copy
    assert isinstance(value, PdfObject)
    return value
