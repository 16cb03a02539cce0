"""ODT: paragraphs with their notes, and links on words and on frames. (OASIS OpenDocument 1.3, Part 3)"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import BinaryIO

from lxml import etree

from archive.cite.extract import Extracted
from archive.cite.flow import Flow
from archive.cite.office_zip import OfficeParts, attribute, local, parse_xml
from archive.errors import ReportUnreadable

_LEFT_OUT = frozenset({"tracked-changes", "forms", "automatic-styles", "font-face-decls", "scripts", "sender-initials"})
Walked = Callable[[etree._Element, int], None]
"""Gets an element and the offset in the text where it begins."""
_MOST_SPACES = 1000
_RAISED = re.compile(r"super|[1-9][0-9.]*%")


def read_odt(parts: OfficeParts, walked: Walked | None = None) -> Extracted:
    """The document's text; notes and comments, then page headers and footers, follow the body.

    `walked` is called for each element of the body with the offset in the text where it begins.
    """
    if b"encryption-data" in (parts.data("META-INF/manifest.xml") or b""):
        raise ReportUnreadable("is protected by a password; save it without one")
    content, styles = parts.xml("content.xml"), parts.xml("styles.xml")
    assert content is not None
    return _read(content, content if styles is None else styles, parts.xml("meta.xml"), walked)


def read_flat_odt(stream: BinaryIO, suffix: str, walked: Walked | None = None) -> Extracted:
    """Read an ODT that is one XML file. (OpenDocument 1.3, Part 3, 3.1.2)"""
    root = parse_xml(stream.read(), "the document")
    body = next((one for one in root.iter() if local(one) == "body"), None)
    if body is None:
        raise ReportUnreadable("is no OpenDocument text: it has no body")
    return _read(body, root, root, walked)


def _read(
    body: etree._Element, styles: etree._Element, meta: etree._Element | None, walked: Walked | None
) -> Extracted:
    flow = Flow()
    raised = _raised_styles(body, styles)
    _walk(body, flow, raised, walked)
    for master in (one for one in styles.iter() if local(one) == "master-styles"):
        _walk(master, flow, raised)
    title, language = _properties(meta)
    return flow.extracted("ODT, by lxml " + etree.__version__, title=title, language=language)


def _raised_styles(*roots: etree._Element) -> frozenset[str]:
    """Names of the styles that set text raised. (20.402, style:text-position)"""
    return frozenset(
        attribute(parent, "name") or ""
        for root in roots
        for one in root.iter()
        if local(one) == "text-properties" and _RAISED.match(attribute(one, "text-position") or "")
        for parent in [one.getparent()]
        if parent is not None
    )


def _properties(root: etree._Element | None) -> tuple[str | None, str | None]:
    if root is None:
        return None, None
    stated = {local(one): (one.text or "").strip() for one in root.iter() if local(one) in ("title", "language")}
    return stated.get("title") or None, stated.get("language", "").partition("-")[0] or None


def _walk(root: etree._Element, flow: Flow, raised: frozenset[str], walked: Walked | None = None) -> None:
    """Visit in document order, without recursion; what was put aside on the way comes last."""
    aside = [root]
    for start in aside:
        flow.end_line()
        waiting: list[tuple[etree._Element, int | None]] = [(start, None)]
        while waiting:
            element, opened = waiting.pop()
            name = local(element)
            if opened is not None:
                _leave(element, name, flow, opened)
                if name == "span" and attribute(element, "style-name") in raised:
                    flow.raise_since(opened)
            elif name in ("note", "annotation") and element is not start:
                aside.append(element)
                flow.write_mark(f"[{_note_number(element)}]" if name == "note" else "")
            elif name and name not in _LEFT_OUT:
                waiting.append((element, flow.length))
                if walked is not None:
                    walked(element, flow.length)
                _enter(element, name, flow)
                waiting.extend((child, None) for child in reversed(element))
                continue
            if element is not start:
                _write_between(element.getparent(), element.tail, flow)


def _note_number(note: etree._Element) -> str:
    citation = next((one for one in note if local(one) == "note-citation"), None)
    return (citation.text if citation is not None else None) or "*"


def _enter(element: etree._Element, name: str, flow: Flow) -> None:
    if name == "s":
        count = attribute(element, "c") or "1"
        flow.write(" " * min(int(count[:4]) if count.isdecimal() else 1, _MOST_SPACES))
    elif name == "tab":
        flow.write("\t")
    elif name == "line-break":
        flow.write_break()
    elif name == "image":
        flow.pictures += 1
    elif name == "note-citation":
        flow.write(f"[{element.text or '*'}] ")
        return
    _write_between(element, element.text, flow)


def _leave(element: etree._Element, name: str, flow: Flow, opened: int) -> None:
    if name == "a":
        flow.link(attribute(element, "href") or "", opened)
    elif name in ("p", "h"):
        flow.write("\n")


def _write_between(parent: etree._Element | None, text: str | None, flow: Flow) -> None:
    """Text within a paragraph or heading; white space between blocks is the file's own layout."""
    if text and parent is not None and any(local(one) in ("p", "h") for one in (parent, *parent.iterancestors())):
        flow.write_folded(text)
