"""XML that a server sent, looked at before any parser builds a tree of it."""

from __future__ import annotations

import contextlib
from xml.parsers import expat

MAX_SIZE = 32 << 20
MAX_ELEMENTS = 1_000_000
"""Tags, comments and the like; a parser takes about a hundred bytes of memory for each."""


class XmlRefused(ValueError):
    """XML that would cost far more than its bytes: with a document type definition, or of too many elements."""


class _PrologEnded(Exception):
    """The first element has begun: no document type definition can follow. (XML 1.0, section 2.8)"""


def require_harmless(content: bytes | bytearray) -> None:
    """Raise `XmlRefused` for XML that is not to be parsed; what is no XML at all passes.

    Entities that a DTD defines can grow without end, and attributes that it defines stand on every element. No
    manifest of a stream has one. (XML 1.0, sections 3.3 and 4.2)
    """
    if len(content) > MAX_SIZE:
        raise XmlRefused(f"XML of {len(content):,} bytes, where {MAX_SIZE:,} are the most")
    if content.count(b"<") > MAX_ELEMENTS:
        raise XmlRefused(f"XML of more than {MAX_ELEMENTS:,} elements")
    if _has_dtd(bytes(content)):
        raise XmlRefused("XML with a document type definition")


def _has_dtd(content: bytes) -> bool:
    found: list[bool] = []

    def start_doctype(name: str, _system: str | None, _public: str | None, has_internal_subset: bool) -> None:
        found.append(bool(has_internal_subset) or name.lower() != "html")
        raise _PrologEnded

    def start_element(_name: str, _attributes: object) -> None:
        raise _PrologEnded

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = start_doctype
    parser.StartElementHandler = start_element
    with contextlib.suppress(_PrologEnded, expat.ExpatError, ValueError, LookupError):
        parser.Parse(content, True)
    return any(found)
