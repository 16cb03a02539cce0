"""Word and OpenDocument: a comment at each citation. Every other part, and every byte around it, stays as it was."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from archive.annotate.entries import AnnexEntry, AnnexFacts
from archive.annotate.markup_tags import ElementSpan, element_spans
from archive.annotate.pdf.source import NotExtendable
from archive.annotate.plain import rows_of
from archive.annotate.spliced import Insertion, Spliced, escaped, splice
from archive.annotate.word_comments import WordComments
from archive.cite.docx import main_part, read_docx
from archive.cite.extract import Extracted
from archive.cite.odt import read_flat_odt, read_odt
from archive.cite.office_zip import OfficeParts, local
from archive.errors import ReportUnreadable
from archive_manifests.sources import Citation

AUTHOR = "evidence-archive"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_DC = "http://purl.org/dc/elements/1.1/"
_FLOWS = frozenset({b"p", b"h", b"span", b"meta", b"content-control", b"ruby", b"ruby-base"})
"""Elements of a text in which annotations stand; others within a paragraph are fields, notes, frames."""
_XML_ENCODING = re.compile(rb"\A(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")

Wanted = tuple[AnnexEntry, int, Citation]


def annotate_docx(report: Path, facts: AnnexFacts, text: str) -> Spliced:
    """A DOCX with comments. Raises `NotExtendable`."""
    with report.open("rb") as stream:
        parts = _opened(stream, ("_xmlsignatures/",))
        try:
            name = main_part(parts)
            comments = WordComments(parts, name)
            extracted = read_docx(parts, walked=comments.walked)
        except ReportUnreadable as error:
            raise NotExtendable("unreadable") from error
        _require_ascii_based(comments.source)
        marked = set()
        for entry, number, citation in _placed(facts, extracted, text):
            if comments.add(citation, comment_lines(facts, entry)):
                marked.add((entry.id, number))
        return Spliced(_repacked(report, comments.changed(AUTHOR)), "comment", frozenset(marked))


def annotate_odt(report: Path, facts: AnnexFacts, text: str) -> Spliced:
    """An ODT with annotations. Raises `NotExtendable`."""
    with report.open("rb") as stream:
        parts = _opened(stream, ("META-INF/documentsignatures",))
        source = parts.data("content.xml") or b""
        annotations = _Annotations(source, facts)
        try:
            extracted = read_odt(parts, annotations.walked)
        except ReportUnreadable as error:
            raise NotExtendable("unreadable") from error
        content = annotations.content(extracted, text)
        return Spliced(_repacked(report, {"content.xml": content}), "comment", frozenset(annotations.marked))


def annotate_flat_odt(report: Path, facts: AnnexFacts, text: str) -> Spliced:
    """A flat ODT with annotations. Raises `NotExtendable`."""
    source = report.read_bytes()
    annotations = _Annotations(source, facts)
    try:
        extracted = read_flat_odt(io.BytesIO(source), report.suffix, annotations.walked)
    except ReportUnreadable as error:
        raise NotExtendable("unreadable") from error
    return Spliced(annotations.content(extracted, text), "comment", frozenset(annotations.marked))


def comment_lines(facts: AnnexFacts, entry: AnnexEntry) -> list[str]:
    """What a comment says, line by line."""
    words = facts.words
    lines = [f"[{entry.label}] {words.sentence('annex.comment', id=entry.id, verdict=entry.verdict)}"]
    lines += [f"{label}: {value}" for label, value, _ in rows_of(facts, entry)]
    lines += [facts.caution] if facts.caution else []
    lines.append(words.sentence("annex.bag", name=facts.bag, fingerprint=facts.fingerprint))
    lines.append(words.sentence("annex.added_parts", digest=facts.report_sha256))
    return lines


def _opened(stream: io.BufferedReader, signatures: tuple[str, ...]) -> OfficeParts:
    try:
        parts = OfficeParts(stream)
    except ReportUnreadable as error:
        raise NotExtendable("unreadable") from error
    names = parts.names()
    if any(name.startswith(signatures) for name in names):
        raise NotExtendable("signed")
    if len(set(names)) != len(names):
        raise NotExtendable("repaired")
    return parts


def _placed(facts: AnnexFacts, extracted: Extracted, text: str) -> Iterator[Wanted]:
    """Yield the citations whose place in the text is certain: those of the very text that the bag states."""
    if extracted.text != text:
        return
    for entry in facts.entries:
        for number, citation in enumerate(entry.citations):
            if citation.offset is not None:
                yield entry, number, citation


def _require_ascii_based(source: bytes) -> None:
    """Raise `NotExtendable` for XML in an encoding whose markup is no ASCII."""
    stated = _XML_ENCODING.match(source)
    if b"\0" in source[:200] or (stated and stated[1].lower().startswith((b"utf-16", b"utf-32", b"ucs"))):
        raise NotExtendable("no-annotation")


def _repacked(report: Path, changed: Mapping[str, bytes]) -> bytes:
    """The package with some parts changed or added; names, order, times and the other parts' contents stay."""
    out = io.BytesIO()
    with zipfile.ZipFile(report) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            copy = zipfile.ZipInfo(info.filename, info.date_time)
            copy.compress_type = zipfile.ZIP_STORED if info.compress_type == 0 else zipfile.ZIP_DEFLATED
            copy.external_attr = info.external_attr
            new.writestr(copy, changed[info.filename] if info.filename in changed else old.read(info))
        for name in sorted(set(changed) - set(old.namelist())):
            added = zipfile.ZipInfo(name)
            added.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(added, changed[name])
    return out.getvalue()


def _before_field(spans: list[ElementSpan], number: int, at: int) -> int:
    """The place itself, or before the field around it: a field has no annotation within. (OpenDocument 1.3, 7)"""
    for span in spans[number + 1 :]:
        if span.start > at:
            break
        if span.close > at and span.name.rpartition(b":")[2] not in _FLOWS:
            return span.start
    return at


class _Annotations:
    """Annotations for OpenDocument text. (OpenDocument 1.3, Part 3, 14.1)"""

    def __init__(self, source: bytes, facts: AnnexFacts) -> None:
        _require_ascii_based(source)
        self._source, self._facts = source, facts
        self._elements: list[tuple[int, etree._Element]] = []
        """Offset in the text -> element, in the order of the text."""
        self.marked: set[tuple[str, int]] = set()

    def walked(self, element: etree._Element, offset: int) -> None:
        if local(element) in ("a", "p", "h", "span"):
            self._elements.append((offset, element))

    def content(self, extracted: Extracted, text: str) -> bytes:
        """The XML with the annotations put in."""
        spans = element_spans(self._source)
        if not self._elements:
            return self._source
        root = self._elements[0][1].getroottree().getroot()
        elements = [element for element in root.iter() if isinstance(element.tag, str)]
        if len(elements) != len(spans):
            raise NotExtendable("repaired")
        number_of = {element: number for number, element in enumerate(elements)}
        insertions = []
        for entry, number, citation in _placed(self._facts, extracted, text):
            around = self._around(citation)
            if around is None:
                continue
            offset, element = around
            before = extracted.text[offset : citation.offset].count(entry.cited)
            at = self._at(spans, number_of[element], entry, before)
            insertions.append(Insertion(at, self._annotation(entry)))
            self.marked.add((entry.id, number))
        return splice(self._source, insertions)

    def _around(self, citation: Citation) -> tuple[int, etree._Element] | None:
        """The innermost element that begins at or before the citation, and where: its link, or else its paragraph."""
        assert citation.offset is not None
        before = [(offset, element) for offset, element in self._elements if offset <= citation.offset]
        links = [each for each in before if each[0] == citation.offset and local(each[1]) == "a"]
        return links[-1] if links else before[-1] if before else None

    def _at(self, spans: list[ElementSpan], number: int, entry: AnnexEntry, before: int) -> int:
        """Before a link; before an address that stands in the text as it is written; else where the element ends.

        `before` is how often the same address stands in the element before this one.
        """
        span = spans[number]
        if span.name.rpartition(b":")[2] == b"a":
            return span.start
        found = list(self._written(entry.cited, span))[before : before + 1]
        return _before_field(spans, number, found[0]) if found else span.close

    def _written(self, cited: str, span: ElementSpan) -> Iterator[int]:
        """Yield where an address stands in the text of an element, as it is written there."""
        wanted = escaped(cited)
        at = self._source.find(wanted, span.inner, span.close)
        while at >= 0:
            if self._source.rfind(b"<", span.start, at) <= self._source.rfind(b">", 0, at):
                yield at
            at = self._source.find(wanted, at + 1, span.close)

    def _annotation(self, entry: AnnexEntry) -> bytes:
        head = f'<o:annotation xmlns:o="{_OFFICE}" xmlns:t="{_TEXT}" xmlns:d="{_DC}">'
        lines = b"".join(b"<t:p>%s</t:p>" % escaped(line) for line in comment_lines(self._facts, entry))
        return head.encode() + b"<d:creator>%s</d:creator>" % escaped(AUTHOR) + lines + b"</o:annotation>"
