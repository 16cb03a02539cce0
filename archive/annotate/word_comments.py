"""Comments in a Word document: ranges in its text, a part with what they say. (ECMA-376, Part 1, 17.13.4)"""

from __future__ import annotations

import posixpath
import re

from lxml import etree

from archive.annotate.markup_tags import element_spans
from archive.annotate.pdf.source import NotExtendable
from archive.annotate.spliced import Insertion, escaped, splice
from archive.cite.office_zip import OfficeParts, attribute, local
from archive_manifests.sources import Citation

_TYPES = "[Content_Types].xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_MARKS = ("t", "tab", "cr", "br", "noBreakHyphen", "hyperlink", "fldChar", "fldSimple", "drawing", "r")


class WordComments:
    """The comments that are added to one document."""

    def __init__(self, parts: OfficeParts, name: str) -> None:
        self._parts, self._name = parts, name
        self.source = parts.data(name) or b""
        self._elements: list[tuple[int, etree._Element]] = []
        self._notes: list[tuple[int, str, str]] = []
        """Offset, kind and number of each note's beginning."""
        self._references: dict[tuple[str, str], etree._Element] = {}
        self._comments: list[tuple[int, list[str]]] = []
        self._insertions: list[Insertion] = []
        self._spans = element_spans(self.source)
        self._numbers: dict[etree._Element, int] = {}
        self._folder = posixpath.dirname(name)
        self._comments_part, self._has_part = self._existing()
        self._namespace = b""

    def walked(self, part: str, element: etree._Element, offset: int) -> None:
        """Note where an element of the document stands in its text."""
        name = local(element)
        if part == self._name:
            if name in _MARKS:
                self._elements.append((offset, element))
            elif name in ("footnoteReference", "endnoteReference"):
                self._references[name.removesuffix("Reference"), attribute(element, "id") or ""] = element
        elif name in ("footnote", "endnote"):
            self._notes.append((offset, name, attribute(element, "id") or ""))

    def add(self, citation: Citation, lines: list[str]) -> bool:
        """Add a comment at a citation; False where it stands in a header, or elsewhere without a place for comments."""
        first, last = self._ends(citation)
        if first is None or last is None:
            return False
        first, last = _in_paragraph(first), _in_paragraph(last)
        if first is None or last is None or first.getparent() is not last.getparent():
            last = first
        if first is None or last is None:
            return False
        first, last = _around_fields(first, last)
        self._require_numbers(first)
        number = self._next_number()
        start, end = self._spans[self._numbers[first]].start, self._spans[self._numbers[last]].end
        self._insertions += [
            Insertion(start, self._tag(b"commentRangeStart", number)),
            Insertion(
                end,
                self._tag(b"commentRangeEnd", number)
                + b"<%s>" % self._word(b"r")
                + self._tag(b"commentReference", number)
                + b"</%s>" % self._close(b"r"),
            ),
        ]
        self._comments.append((number, lines))
        return True

    def _ends(self, citation: Citation) -> tuple[etree._Element | None, etree._Element | None]:
        """The elements in which a citation begins and ends; of one in a note, the note's mark in the text."""
        assert citation.offset is not None
        end = citation.offset + max(citation.length or 1, 1)
        if self._notes and citation.offset >= self._notes[0][0]:
            _, kind, number = [note for note in self._notes if note[0] <= citation.offset][-1]
            reference = self._references.get((kind, number))
            return reference, reference
        before = [element for offset, element in self._elements if offset <= citation.offset and local(element) == "t"]
        within = [element for offset, element in self._elements if offset < end and local(element) == "t"]
        return (before[-1], within[-1]) if before and within else (None, None)

    def _require_numbers(self, element: etree._Element) -> None:
        if self._numbers:
            return
        elements = [each for each in element.getroottree().getroot().iter() if isinstance(each.tag, str)]
        if len(elements) != len(self._spans):
            raise NotExtendable("repaired")
        self._numbers = {each: number for number, each in enumerate(elements)}
        self._namespace = str(elements[0].tag).partition("}")[0].removeprefix("{").encode()

    def _prefix(self) -> bytes:
        """The document's own prefix of the Word namespace; empty where it has none."""
        return self._spans[0].name.partition(b":")[0] if b":" in self._spans[0].name else b""

    def _word(self, name: bytes) -> bytes:
        prefix = self._prefix()
        return prefix + b":" + name if prefix else b'archive:%s xmlns:archive="%s"' % (name, self._namespace)

    def _close(self, name: bytes) -> bytes:
        return (self._prefix() or b"archive") + b":" + name

    def _tag(self, name: bytes, number: int) -> bytes:
        return b'<%s %s:id="%d"/>' % (self._word(name), self._prefix() or b"archive", number)

    def _next_number(self) -> int:
        if self._comments:
            return self._comments[-1][0] + 1
        known = re.findall(rb':id\s*=\s*["\'](\d{1,9})["\']', self._existing_part())
        return max(map(int, known), default=-1) + 1

    def _existing(self) -> tuple[str, bool]:
        """The part of the document's comments, and whether it is there."""
        relations = self._parts.data(self._relations_name())
        for found in re.finditer(rb"<(?:\w+:)?Relationship\b[^>]*>", relations or b""):
            if b'/relationships/comments"' in found[0] or b"/relationships/comments'" in found[0]:
                target = re.search(rb"Target\s*=\s*[\"']([^\"']+)", found[0])
                name = (target[1] if target else b"comments.xml").decode("ascii", "replace")
                return (name[1:] if name.startswith("/") else posixpath.join(self._folder, name)), True
        free = "comments.xml" if f"{self._folder}/comments.xml" not in self._parts.names() else "archive-comments.xml"
        return posixpath.join(self._folder, free), False

    def _relations_name(self) -> str:
        return posixpath.join(self._folder, "_rels", f"{posixpath.basename(self._name)}.rels")

    def _existing_part(self) -> bytes:
        return (self._parts.data(self._comments_part) or b"") if self._has_part else b""

    def changed(self, author: str) -> dict[str, bytes]:
        """Name -> content of every part that changes."""
        if not self._comments:
            return {}
        changed = {self._name: splice(self.source, self._insertions), self._comments_part: self._part(author)}
        if not self._has_part:
            changed[self._relations_name()] = self._with_relation()
            changed[_TYPES] = self._with_type()
        return changed

    def _part(self, author: str) -> bytes:
        """The comments: behind those that are there, or a part of its own."""
        ours = b"".join(self._comment(number, lines, author) for number, lines in self._comments)
        existing = self._existing_part()
        if not existing:
            head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            return head + b'<w:comments xmlns:w="%s">' % self._namespace + ours + b"</w:comments>"
        spans = element_spans(existing)
        if not spans:
            raise NotExtendable("repaired")
        if spans[0].is_empty:  # a part without comments: <w:comments …/>
            name = spans[0].name
            return existing[: spans[0].end - 2] + b">" + ours + b"</%s>" % name + existing[spans[0].end :]
        return splice(existing, [Insertion(spans[0].close, ours)])

    def _comment(self, number: int, lines: list[str], author: str) -> bytes:
        name = escaped(author)
        head = b'<c:comment xmlns:c="%s" c:id="%d" c:author="%s" c:initials="A">' % (self._namespace, number, name)
        text = b'<c:p><c:r><c:t xml:space="preserve">%s</c:t></c:r></c:p>'
        return head + b"".join(text % escaped(line) for line in lines) + b"</c:comment>"

    def _with_relation(self) -> bytes:
        """The document's relations with one to the comments. (ECMA-376, Part 2, 6.5)"""
        is_strict = b"purl.oclc.org" in self._namespace
        place = b"http://purl.oclc.org/ooxml" if is_strict else b"http://schemas.openxmlformats.org"
        kind = place + b"/officeDocument/%srelationships/comments" % (b"" if is_strict else b"2006/")
        target = posixpath.basename(self._comments_part).encode()
        space = b"http://schemas.openxmlformats.org/package/2006/relationships"
        relation = b'<a:Relationship xmlns:a="%s" Id="archiveComments" Type="%s" Target="%s"/>' % (space, kind, target)
        existing = self._parts.data(self._relations_name())
        if existing is None:
            return (
                b'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="%s">' % space
                + relation
                + (b"</Relationships>")
            )
        return _before_end(existing, relation)

    def _with_type(self) -> bytes:
        existing = self._parts.data(_TYPES)
        if existing is None:
            raise NotExtendable("repaired")
        space = b"http://schemas.openxmlformats.org/package/2006/content-types"
        override = b'<a:Override xmlns:a="%s" PartName="/%s" ContentType="%s"/>'
        return _before_end(existing, override % (space, self._comments_part.encode(), _COMMENTS_TYPE.encode()))


def _before_end(source: bytes, content: bytes) -> bytes:
    spans = element_spans(source)
    if not spans or spans[0].is_empty:
        raise NotExtendable("repaired")
    return splice(source, [Insertion(spans[0].close, content)])


def _in_paragraph(element: etree._Element | None) -> etree._Element | None:
    """What the element is part of, directly below its paragraph; of a text box, the paragraph that the box hangs on.

    Word takes no comment within a text box.
    """
    box = None
    if element is not None:
        box = next((each for each in reversed(list(element.iterancestors())) if local(each) == "txbxContent"), None)
    element = element if box is None else box
    while element is not None:
        parent = element.getparent()
        if parent is None or local(parent) == "p":
            return element if parent is not None else None
        element = parent
    return None


def _around_fields(first: etree._Element, last: etree._Element) -> tuple[etree._Element, etree._Element]:
    """The same stretch with the whole of every field that it begins or ends in: a comment splits none. (17.16.18)"""
    paragraph = first.getparent()
    assert paragraph is not None
    children = list(paragraph)
    opened: list[int] = []
    begins: list[int] = []
    is_open: list[bool] = []
    for index, child in enumerate(children):
        begins.append(opened[0] if opened else index)
        for mark in child.iter():
            kind = attribute(mark, "fldCharType") if isinstance(mark.tag, str) and local(mark) == "fldChar" else None
            if kind == "begin":
                opened.append(index)
            elif kind == "end" and opened:
                opened.pop()
        is_open.append(bool(opened))
    stop = children.index(last)
    while is_open[stop] and stop + 1 < len(children):
        stop += 1
    return children[begins[children.index(first)]], children[stop]
