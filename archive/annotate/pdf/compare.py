"""Compares an annotated PDF with the one that report and bag give, object by object."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

from archive.annotate.differences import ReportDifference
from archive.annotate.pdf.marks import PREFIX
from archive.annotate.pdf.write import BACK
from archive.cite.pdf.catalog import DAMAGE

_SHOWN = 120


def compare_pdf(size: int, expected: bytes, found: bytes) -> list[ReportDifference]:
    """The differences behind the report's own `size` bytes, which are equal in both."""
    if expected == found:
        return []
    try:
        ours, theirs = _Added(expected, size), _Added(found, size)
        differences = list(_compared(ours, theirs))
    except DAMAGE as error:
        return [ReportDifference("unreadable", found=f"{type(error).__name__}: {str(error)[:_SHOWN]}")]
    whole = ReportDifference("update-differs", expected=f"{len(expected):,} bytes", found=f"{len(found):,} bytes")
    return differences or [whole]


class _Added:
    """The objects of a PDF that are stated behind its first bytes."""

    def __init__(self, content: bytes, size: int) -> None:
        self.reader = PdfReader(io.BytesIO(content))
        self.numbers = set(self._numbers(size))

    def _numbers(self, size: int) -> Iterator[int]:
        for table in self.reader.xref.values():
            yield from (number for number, offset in table.items() if offset >= size)
        for number, (container, _) in self.reader.xref_objStm.items():
            if any(table.get(container, 0) >= size for table in self.reader.xref.values()):
                yield number

    def value(self, number: int) -> Any:
        return self.reader.get_object(IndirectObject(number, 0, self.reader))

    def bytes_of(self, number: int) -> bytes:
        out = io.BytesIO()
        value = self.value(number)
        if value is not None:
            value.write_to_stream(out)
        return out.getvalue()

    @property
    def xref_streams(self) -> set[int]:
        return {number for number in self.numbers if _type(self.value(number)) == "/XRef"}


def _compared(ours: _Added, theirs: _Added) -> Iterator[ReportDifference]:
    known = ours.numbers - ours.xref_streams
    stated = theirs.numbers - theirs.xref_streams
    for number in sorted(known - stated):
        yield _named(ours.value(number), "missing", number)
    for number in sorted(stated - known):
        yield _named(theirs.value(number), "forged", number)
    for number in sorted(known & stated):
        if ours.bytes_of(number) != theirs.bytes_of(number):
            yield _changed(ours.value(number), theirs.value(number), number)


def _type(value: Any) -> str:
    return str(value.get("/Type", "")) if isinstance(value, DictionaryObject) else ""


def _name(value: Any) -> str:
    return str(value.get("/NM", "")) if isinstance(value, DictionaryObject) else ""


def _named(value: Any, what: str, number: int) -> ReportDifference:
    name = _name(value)
    if name.startswith((PREFIX, BACK)):
        return ReportDifference(f"mark-{what}", name)
    if isinstance(value, DictionaryObject) and value.get("/Subtype") == "/Link":
        return ReportDifference(f"mark-{what}", name or f"object {number}")
    return ReportDifference("object-missing" if what == "missing" else "object-added", f"object {number}")


def _changed(ours: Any, theirs: Any, number: int) -> ReportDifference:
    name = _name(ours)
    if name.startswith((PREFIX, BACK)):
        return _changed_mark(ours, theirs, name)
    if _type(ours) == "/Page":
        return ReportDifference("page-changed", f"object {number}")
    if isinstance(ours, StreamObject):
        is_mark = ours.get("/Subtype") == "/Form"
        return ReportDifference("mark-differs" if is_mark else "annex-changed", f"object {number}")
    return ReportDifference("object-changed", f"object {number}")


def _changed_mark(ours: Any, theirs: Any, name: str) -> ReportDifference:
    if not isinstance(theirs, DictionaryObject):
        return ReportDifference("mark-differs", name)
    for key, code in (("/Rect", "mark-moved"), ("/P", "mark-moved"), ("/Dest", "mark-misleads")):
        one, other = (str(each.get(key))[:_SHOWN] for each in (ours, theirs))
        if _plain(ours, key) != _plain(theirs, key):
            return ReportDifference(code, name, one, other)
    return ReportDifference("mark-differs", name)


def _plain(mark: Any, key: str) -> bytes:
    out = io.BytesIO()
    value = mark.raw_get(key) if key in mark else None
    if value is not None:
        value.write_to_stream(out)
    return out.getvalue()
