"""What a PDF states beside its pages' text: link annotations, actions, base address, title. Read by pypdf."""

from __future__ import annotations

import io
import re
from typing import Any, BinaryIO

import pypdf
from pypdf.errors import DeprecationError, PyPdfError

from archive.cite.extract import MAX_LINKS, PassedOver
from archive.cite.flow import clean
from archive.cite.pdf.annotations import PdfAnnotation, actions, merged, plain

DAMAGE = (
    PyPdfError,
    DeprecationError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    NotImplementedError,
    OSError,
)
"""What pypdf raises on damaged structures, beside its own errors."""


class Catalog:
    """The structures of one file; empty where they cannot be read, which is then among `passed_over`."""

    def __init__(self, reader: pypdf.PdfReader | None, passed_over: tuple[PassedOver, ...] = ()) -> None:
        self._reader = reader
        self.reader = f"pypdf {pypdf.__version__}"
        self.passed_over = passed_over
        self.base = None if reader is None else _base(reader)

    @classmethod
    def of(cls, stream: BinaryIO) -> Catalog:
        """Open the file's structures beside PDFium, which reads its text."""
        try:
            stream.seek(0)
            reader = pypdf.PdfReader(stream)
            if reader.is_encrypted and not reader.decrypt("") and _encrypts_attachments_alone(reader):
                stream.seek(0)
                reader = pypdf.PdfReader(io.BytesIO(stream.read().replace(b"/Encrypt", b"/Encryp_")))
            len(reader.pages)
            return cls(reader, tuple(scripts(reader)))
        except DAMAGE as error:
            return cls(None, (PassedOver("unreadable-links", f"{type(error).__name__}: {str(error)[:160]}"),))

    def annotations(self, number: int, passed: list[PassedOver]) -> list[PdfAnnotation]:
        """The page's links to addresses; other actions are noted as passed over."""
        if self._reader is None:
            return []
        try:
            page = self._reader.pages[number - 1]
            return list(merged(page_annotations(page, number, passed)))
        except DAMAGE as error:
            passed.append(PassedOver("unreadable-links", f"{type(error).__name__}: {str(error)[:160]}", number))
            return []

    def notes(self, number: int) -> list[str]:
        """What typed notes, comments and form fields of the page say: a reader sees it, and no page text has it."""
        if self._reader is None:
            return []
        try:
            listed = plain(self._reader.pages[number - 1].get("/Annots"))
            annotations = [plain(one) for one in (listed[:MAX_LINKS] if isinstance(listed, list) else ())]
            return [text for one in annotations if isinstance(one, dict) and (text := _note_of(one))]
        except DAMAGE:
            return []

    def title_if_in(self, first_page: str) -> str | None:
        """The stated title, if the first page says it too: templates leave another report's title behind."""
        try:
            metadata = self._reader.metadata if self._reader is not None else None
            stated = " ".join(str(metadata.title or "").split()) if metadata else ""
        except DAMAGE:
            return None
        is_there = len(stated) > 3 and "".join(stated.split()).lower() in "".join(first_page.split()).lower()
        return clean(stated)[:500] if is_there else None


def _note_of(annotation: dict[str, Any]) -> str:
    """The words of an annotation. (ISO 32000-2, 12.5.6 and 12.7.4.3)"""
    kind = str(annotation.get("/Subtype"))
    if kind in ("/Link", "/Popup"):
        return ""
    stated = plain(annotation.get("/V" if kind == "/Widget" else "/Contents"))
    return clean(stated).strip() if isinstance(stated, str) and not stated.startswith("/") else ""


def _encrypts_attachments_alone(reader: pypdf.PdfReader) -> bool:
    """True where neither strings nor streams are encrypted, but embedded files are. (ISO 32000-2, 7.6.6)"""
    stated = plain(reader.trailer.get("/Encrypt"))
    filters = [str(stated.get(key, "/Identity")) for key in ("/StmF", "/StrF")] if isinstance(stated, dict) else []
    return filters == ["/Identity", "/Identity"] and int(stated.get("/V", 0)) >= 4


def _base(reader: pypdf.PdfReader) -> str | None:
    """What the document says its relative links are relative to. (ISO 32000-2, table 210)"""
    try:
        stated = plain(reader.root_object.get("/URI"))
        base = plain(stated.get("/Base")) if isinstance(stated, dict) else None
    except DAMAGE:
        return None
    return str(base) if base and re.match(r"https?://", str(base), re.IGNORECASE) else None


def scripts(reader: pypdf.PdfReader) -> list[PassedOver]:
    """What would run when somebody opens the file: listed, never followed."""
    passed = [PassedOver(kind, clean(target[:200])) for kind, target in actions(reader.root_object.get("/OpenAction"))]
    names = plain(reader.root_object.get("/Names"))
    if isinstance(names, dict) and "/JavaScript" in names:
        passed.append(PassedOver("javascript", "of the document"))
    return passed


def page_annotations(page: pypdf.PageObject, number: int, passed: list[PassedOver]) -> list[PdfAnnotation]:
    """The page's URI actions in their order; other actions are noted as passed over."""
    listed = plain(page.get("/Annots"))
    found: list[PdfAnnotation] = []
    for reference in listed[:MAX_LINKS] if isinstance(listed, list) else ():
        annotation = plain(reference)
        if not isinstance(annotation, dict):
            continue
        for kind, target in actions(annotation.get("/A")):
            if kind == "uri":
                found.append(PdfAnnotation.of(target, annotation))
            elif len(passed) < MAX_LINKS:
                passed.append(PassedOver(kind, clean(target[:200]), number))
    return found
