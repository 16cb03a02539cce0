"""DOCX: paragraphs, notes, headers and footers, and every way in which Word keeps a link. (ECMA-376, Part 1, 17)"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Callable

from lxml import etree
from msgspec import Struct, field

from archive.cite.encoding import decode
from archive.cite.extract import Extracted
from archive.cite.flow import Flow
from archive.cite.html import read_html
from archive.cite.office_zip import OfficeParts, attribute, local
from archive.errors import ReportUnreadable

_CHARACTERS = {"tab": "\t", "cr": "\n", "br": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_LEFT_OUT = frozenset({"Fallback", "del", "moveFrom", "pPr", "rPr", "sectPr", "tblPr", "instrText", "delText"})
"""Fallback repeats what its Choice holds; deleted text is no part of the report."""
_INSTRUCTION = re.compile(
    r'\s*HYPERLINK\s+(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"\\]\S*))?(?P<rest>.*)', re.IGNORECASE | re.DOTALL
)
_FRAGMENT = re.compile(r'\\l\s+"?([^"\s]+)', re.IGNORECASE)
_DEEPEST = 3
"""Documents within documents that are read."""
_OTHERS = ("footnotes", "endnotes", "comments", "header", "footer")


Walked = Callable[[str, etree._Element, int], None]
"""Gets the name of a part, an element of it, and the offset in the text where the element begins."""


class _Field(Struct):
    """A complex field that is open: its instruction, then its shown result."""

    instruction: list[str] = field(default_factory=list)
    start: int | None = None


def read_docx(parts: OfficeParts, depth: int = 0, walked: Walked | None = None) -> Extracted:
    """The document's text in reading order; notes, comments, headers and footers follow the body.

    `walked` is called for each element of body and notes with the part's name, the element and its offset in the text.
    """
    main = main_part(parts)
    flow = Flow()
    DocxPart(parts, main, flow, depth, walked).walk()
    folder = posixpath.dirname(main)
    pattern = re.compile(rf"{re.escape(folder)}/({'|'.join(_OTHERS)})[0-9]*\.xml\Z")
    others = [name for name in dict.fromkeys(parts.names()) if pattern.match(name)]
    for name in sorted(others, key=lambda name: (_OTHERS.index(pattern.match(name)[1]), name)):  # type: ignore[index]
        flow.end_line()
        DocxPart(parts, name, flow, depth, walked).walk()
    title, language = _properties(parts)
    return flow.extracted("DOCX, by lxml " + etree.__version__, title=title, language=language)


def main_part(parts: OfficeParts) -> str:
    """The part that the package names as the document. (ECMA-376, Part 2, 6.5)"""
    for kind, target, _ in _relations(parts, "").values():
        if kind.endswith("/officeDocument"):
            return target.lstrip("/")
    if "word/document.xml" in parts.names():
        return "word/document.xml"
    raise ReportUnreadable("is no DOCX: it names no document part")


def _relations(parts: OfficeParts, name: str) -> dict[str, tuple[str, str, bool]]:
    """Id -> type, target and whether it is outside, of the part `name`."""
    folder, base = posixpath.split(name)
    root = parts.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
    if root is None:
        return {}
    return {
        one.get("Id", ""): (one.get("Type", ""), one.get("Target", ""), one.get("TargetMode") == "External")
        for one in root
        if local(one) == "Relationship"
    }


def _properties(parts: OfficeParts) -> tuple[str | None, str | None]:
    root = parts.xml("docProps/core.xml")
    if root is None:
        return None, None
    stated = {local(one): (one.text or "").strip() for one in root}
    title = stated.get("title") or None
    if title and re.match(r"Microsoft Word|Document ?[0-9]*\Z|.*\.docx?\Z", title):
        title = None  # what Word itself writes there
    return title, stated.get("language") or None


class DocxPart:
    """One XML part on its way into the flow."""

    def __init__(self, parts: OfficeParts, name: str, flow: Flow, depth: int, walked: Walked | None = None) -> None:
        self._flow, self._parts, self._depth = flow, parts, depth
        self._name, self._walked = name, walked
        self._folder = posixpath.dirname(name)
        self._relations = _relations(parts, name)
        self._root = parts.xml(name)
        self._fields: list[_Field] = []
        if self._root is None:
            raise ReportUnreadable(f"is no DOCX: {name} is missing")

    def walk(self) -> None:
        """Visit the elements in document order, without recursion: nesting is the author's to choose."""
        root = self._root
        assert root is not None
        waiting: list[tuple[etree._Element, int | None]] = [(root, None)]
        while waiting:
            element, opened = waiting.pop()
            if opened is not None:
                self._leave(element, opened)
                continue
            name = local(element)
            if name in _LEFT_OUT or not name:
                if name == "instrText" and self._fields and self._fields[-1].start is None:
                    self._fields[-1].instruction.append(element.text or "")
                continue
            self._enter(element, name)
            waiting.append((element, self._flow.length))
            waiting.extend((child, None) for child in reversed(element))

    def _enter(self, element: etree._Element, name: str) -> None:
        flow = self._flow
        if self._walked is not None:
            self._walked(self._name, element, flow.length)
        if name == "t":
            flow.write(element.text or "")
        elif name in ("br", "cr") and _parent(element) == "r" and attribute(element, "type") in (None, "textWrapping"):
            flow.write_break()
        elif name in _CHARACTERS and _parent(element) == "r":
            flow.write(_CHARACTERS[name])
        elif name in ("footnoteReference", "endnoteReference"):
            flow.write_mark(f"[{attribute(element, 'id')}]")
        elif name in ("footnoteRef", "endnoteRef"):
            flow.write(f"[{_note_number(element)}] ")
        elif name == "altChunk":
            self._chunk(element)
        elif name == "fldChar":
            self._field_mark(attribute(element, "fldCharType"))
        elif name in ("blip", "imagedata"):
            flow.pictures += 1
        elif name in ("hlinkClick", "hlinkHover"):
            self._related(element, flow.length)

    def _leave(self, element: etree._Element, opened: int) -> None:
        name = local(element)
        if name == "p":
            self._flow.write("\n")
        elif name == "r" and _is_raised(element):
            self._flow.raise_since(opened)
        elif name == "hyperlink":
            self._related(element, opened)
        elif name == "fldSimple":
            self._instructed(attribute(element, "instr") or "", opened)

    def _chunk(self, element: etree._Element) -> None:
        """A part of another format that Word shows as if it were written here. (17.17.2.1)"""
        _, target, _ = self._relations.get(attribute(element, "id") or "", ("", "", False))
        name = target.lstrip("/") if target.startswith("/") else posixpath.join(self._folder, target)
        data = self._parts.data(name)
        suffix = posixpath.splitext(name)[1].lower()
        self._flow.end_line()
        if data is not None and suffix in (".html", ".htm", ".xhtml"):
            self._flow.include(read_html(io.BytesIO(data), suffix))
        elif data is not None and suffix == ".txt":
            self._flow.write(decode(data, what=name)[0])
        elif data is not None and suffix == ".docx" and self._depth < _DEEPEST:
            self._flow.include(read_docx(OfficeParts(io.BytesIO(data)), depth=self._depth + 1))
        else:
            self._flow.pass_over("alt-chunk", name)
        self._flow.end_line()

    def _related(self, element: etree._Element, start: int) -> None:
        _, target, is_outside = self._relations.get(attribute(element, "id") or "", ("", "", False))
        if is_outside and target:
            anchor = attribute(element, "anchor")
            self._flow.link(f"{target}#{anchor}" if anchor and "#" not in target else target, start)

    def _field_mark(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].start = self._flow.length
        elif kind == "end" and self._fields:
            done = self._fields.pop()
            self._instructed("".join(done.instruction), self._flow.length if done.start is None else done.start)

    def _instructed(self, instruction: str, start: int) -> None:
        """Note the link of a HYPERLINK field; one with only a bookmark leads nowhere outside. (17.16.5.25)"""
        match = _INSTRUCTION.match(instruction)
        target = match and (match["quoted"] or match["bare"])
        if match and target:
            fragment = _FRAGMENT.search(match["rest"])
            target = target.replace("\\\\", "\\")
            self._flow.link(f"{target}#{fragment[1]}" if fragment and "#" not in target else target, start)


def _is_raised(run: etree._Element) -> bool:
    """True for a run of superscript, or one that is moved up. (17.3.2.42, 17.3.2.24)"""
    stated = {local(one): attribute(one, "val") or "" for rpr in run if local(rpr) == "rPr" for one in rpr}
    return stated.get("vertAlign") == "superscript" or bool(re.match(r"[1-9]", stated.get("position", "")))


def _parent(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else local(parent)


def _note_number(element: etree._Element) -> str:
    """The number of the note that the element stands in."""
    note = next((one for one in element.iterancestors() if local(one) in ("footnote", "endnote")), None)
    return (attribute(note, "id") if note is not None else None) or "*"
