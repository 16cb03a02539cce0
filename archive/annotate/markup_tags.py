"""Start tags in the bytes of a file, in order, with their places: what a parser of trees does not report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

# Everything that begins matches, if need be to the end of the file, and nothing is tried twice: time is linear whatever
# the bytes are. No `<` stands within an XML tag. (XML 1.0, section 3.1)
_XML = re.compile(
    rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)|<![^<>]*+>"
    rb"|<(?P<end>/)?(?P<name>[^\s/<>!?\"']++)(?P<rest>(?:[^<>\"'/]++|\"[^\"<]*+\"|'[^'<]*+'|/(?!>))*+)(?P<empty>/)?>",
    re.DOTALL,
)


class Tag(Struct, frozen=True):
    """One tag of an XML file."""

    name: bytes
    start: int
    end: int
    """Of the tag itself, behind its `>`."""
    is_end: bool
    is_empty: bool


def xml_tags(source: bytes) -> Iterator[Tag]:
    """Yield start and end tags of well-formed XML; comments, CDATA and processing instructions are passed over."""
    for found in _XML.finditer(source):
        if found["name"] is not None:
            yield Tag(found["name"], found.start(), found.end(), found["end"] is not None, found["empty"] is not None)


class ElementSpan(Struct):
    """Where one element stands."""

    name: bytes
    start: int
    inner: int
    """Behind its start tag."""
    close: int
    """Before its end tag; `inner` for an empty element."""
    end: int
    is_empty: bool


def element_spans(source: bytes) -> list[ElementSpan]:
    """Every element, in the order of the start tags: the order in which lxml's `iter` gives them."""
    spans: list[ElementSpan] = []
    opened: list[ElementSpan] = []
    for tag in xml_tags(source):
        if tag.is_end:
            if opened:
                span = opened.pop()
                span.close, span.end = tag.start, tag.end
            continue
        span = ElementSpan(tag.name, tag.start, tag.end, tag.end, tag.end, tag.is_empty)
        spans.append(span)
        if not tag.is_empty:
            opened.append(span)
    return spans


# A quote opens a value behind `=` alone, and a tag that does not end takes the rest of the file. (HTML, 13.2.5.32 on)
_HTML = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(?P<raw>script|style|textarea|title|xmp|noframes)\b.*?(?:</(?P=raw)\s*+>|\Z)"
    rb"|<(?P<name>[A-Za-z][^\s/>]*+)"
    rb"(?P<rest>(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+)(?:(?P<close>>)|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(rb"""([^\s"'>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")


class HtmlTag(Struct, frozen=True):
    """A start tag of HTML."""

    name: str
    attributes: dict[str, bytes]
    """Lower-case name -> raw value without its quotes; the first of two of one name."""
    name_end: int
    """Behind the tag's name: where attributes can be put."""


def html_tags(source: bytes) -> Iterator[HtmlTag]:
    """Yield start tags; what stands in comments, scripts and the like is none. (HTML, 13.2.5)"""
    for found in _HTML.finditer(source):
        if found["name"] is None or found["close"] is None:
            continue
        attributes: dict[str, bytes] = {}
        for name, value in _ATTRIBUTE.findall(found["rest"]):
            bare = value[1:-1] if value[:1] in (b'"', b"'") else value
            attributes.setdefault(name.decode("latin-1").lower(), bare)
        yield HtmlTag(found["name"].decode("latin-1").lower(), attributes, found.end("name"))
