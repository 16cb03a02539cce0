"""The report's PDF as it lies there: its pages, how it ends, and whether it may be extended at all."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from msgspec import Struct
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

from archive.cite.pdf.catalog import DAMAGE
from archive.errors import ArchiveError

MOST_FIELDS = 20_000
_START = re.compile(rb"startxref\s+([0-9]{1,12})\s+%%EOF\s*\Z")

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # what it warns of is decided on here, not printed


class NotExtendable(ArchiveError):
    """No marks are added to this PDF; `code` says why: a key below `annex_apart` in the catalogue."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class PdfPage(Struct, frozen=True):
    """A page with what it inherits. (ISO 32000-2, 7.7.3.4)"""

    ref: IndirectObject
    media: tuple[float, float, float, float]
    crop: tuple[float, float, float, float]
    """What is displayed of it, in its own space."""
    rotate: int
    """Degrees clockwise when displayed."""


class _StrictReader(PdfReader):
    """Notes whether the file had to be repaired before it could be read."""

    was_repaired = False

    def _rebuild_xref_table(self, stream: Any) -> None:
        self.was_repaired = True
        super()._rebuild_xref_table(stream)


class ReportPdf:
    """An open PDF. Raises `NotExtendable`."""

    reader: _StrictReader
    startxref: int
    has_xref_table: bool
    trailer: DictionaryObject
    root: DictionaryObject
    root_ref: IndirectObject
    pages: list[PdfPage]
    pages_ref: IndirectObject
    next_number: int

    def __init__(self, stream: BinaryIO) -> None:
        self.size = stream.seek(0, 2)
        self._stream = stream
        if not self._at(0, 5).startswith(b"%PDF-"):
            raise NotExtendable("repaired")
        try:
            self._open(stream)
        except DAMAGE as error:
            raise NotExtendable("unreadable") from error

    def _open(self, stream: BinaryIO) -> None:
        end = _START.search(self._at(max(self.size - 1100, 0), 1100))
        self.reader = _StrictReader(stream)
        if "/Encrypt" in self.reader.trailer:
            raise NotExtendable("encrypted")
        if end is None or self.reader.was_repaired:
            raise NotExtendable("repaired")
        self.startxref = int(end[1])
        head = self._at(self.startxref, 40).lstrip()
        self.has_xref_table = head.startswith(b"xref")
        if not self.has_xref_table and re.match(rb"[0-9]+\s+[0-9]+\s+obj", head) is None:
            raise NotExtendable("repaired")
        self.trailer = self.reader.trailer
        self.root = self._dictionary(self.trailer.raw_get("/Root"))
        self.root_ref = self._ref(self.trailer.raw_get("/Root"))
        if why := self._protected():
            raise NotExtendable(why)
        self.pages = list(self._walk(self.root.raw_get("/Pages"), {}, set()))
        self.pages_ref = self._ref(self.root.raw_get("/Pages"))
        if not self.pages:
            raise NotExtendable("unreadable")
        self.next_number = max(int(self.get(self.trailer["/Size"])), 1 + max(self._numbers()))
        if self.reader.was_repaired:
            raise NotExtendable("repaired")

    def _numbers(self) -> Iterator[int]:
        yield from (number for table in self.reader.xref.values() for number in table)
        yield from self.reader.xref_objStm

    def _at(self, offset: int, length: int) -> bytes:
        self._stream.seek(offset)
        return self._stream.read(length)

    def get(self, value: PdfObject | None) -> Any:
        """The object itself where `value` refers to one."""
        return value.get_object() if isinstance(value, IndirectObject) else value

    def _dictionary(self, value: PdfObject | None) -> DictionaryObject:
        found = self.get(value)
        if not isinstance(found, DictionaryObject):
            raise NotExtendable("unreadable")
        return found

    def _ref(self, value: PdfObject) -> IndirectObject:
        if not isinstance(value, IndirectObject):
            raise NotExtendable("unreadable")
        return value

    def _protected(self) -> str | None:
        """Why a change would break a promise of the file. (ISO 32000-2, 12.8)"""
        permissions = self.get(self.root.get("/Perms"))
        if isinstance(permissions, DictionaryObject) and permissions:
            return "certified" if "/DocMDP" in permissions else "usage-rights"
        form = self.get(self.root.get("/AcroForm"))
        if not isinstance(form, DictionaryObject):
            return None
        if "/XFA" in form:
            return "xfa"
        return "signed" if self._has_signature(form) else None

    def _has_signature(self, form: DictionaryObject) -> bool:
        """True where a field holds a signature, or the form says that there is one and no field for it is found.

        A field that nobody has signed yet promises nothing. (ISO 32000-2, 12.7.3, table 225)
        """
        flags = self.get(form.get("/SigFlags"))
        has_empty_field = False
        waiting = list(self.get(form.get("/Fields")) or ())
        seen = 0
        while waiting and seen < MOST_FIELDS:
            seen += 1
            field = self.get(waiting.pop())
            if not isinstance(field, DictionaryObject):
                continue
            if field.get("/FT") == "/Sig" and self.get(field.get("/V")) is not None:
                return True
            has_empty_field = has_empty_field or field.get("/FT") == "/Sig"
            waiting += list(self.get(field.get("/Kids")) or ())
        return bool(waiting) or (isinstance(flags, int) and bool(flags & 1) and not has_empty_field)

    def _walk(self, node: PdfObject, above: dict[str, Any], seen: set[int]) -> Iterator[PdfPage]:
        """Yield the pages of the tree in order; a cycle or a kid that is no object of its own is damage."""
        waiting: list[tuple[PdfObject, dict[str, Any]]] = [(node, above)]
        while waiting:
            reference, inherited = waiting.pop()
            ref = self._ref(reference)
            if ref.idnum in seen:
                raise NotExtendable("unreadable")
            seen.add(ref.idnum)
            current = self._dictionary(ref)
            own = {key: self.get(current[key]) for key in ("/MediaBox", "/CropBox", "/Rotate") if key in current}
            known = {**inherited, **own}
            if "/Kids" not in current and self.get(current.get("/Type")) != "/Page":
                raise NotExtendable("unreadable")
            if "/Kids" in current:
                waiting += [(kid, known) for kid in reversed(self.get(current["/Kids"]))]
            else:
                yield _page(ref, known)


def _page(ref: IndirectObject, known: dict[str, Any]) -> PdfPage:
    media = _box(known.get("/MediaBox")) or (0.0, 0.0, 612.0, 792.0)
    crop = _box(known.get("/CropBox")) or media
    shown = (max(crop[0], media[0]), max(crop[1], media[1]), min(crop[2], media[2]), min(crop[3], media[3]))
    if shown[0] >= shown[2] or shown[1] >= shown[3]:
        shown = media
    rotate = known.get("/Rotate", 0)
    return PdfPage(ref, media, shown, int(rotate) % 360 // 90 * 90)


def _box(value: Any) -> tuple[float, float, float, float] | None:
    if not isinstance(value, ArrayObject) or len(value) != 4:
        return None
    x0, y0, x1, y1 = (float(each.get_object()) for each in value)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
