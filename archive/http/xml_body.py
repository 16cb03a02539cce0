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


def root_element(content: bytes | bytearray) -> str | None:
    """The name of the first element, without its prefix; None where the content is no XML.

    Raises `XmlRefused` for XML that is not to be parsed: entities that a DTD defines can grow without end, and
    attributes that it defines stand on every element. No manifest of a stream has one. (XML 1.0, sections 3.3 and 4.2)
    """
    name, has_dtd = _prolog(bytes(content))
    if has_dtd:
        raise XmlRefused("XML with a document type definition")
    if name is not None and len(content) > MAX_SIZE:
        raise XmlRefused(f"XML of {len(content):,} bytes, where {MAX_SIZE:,} are the most")
    if name is not None and content.count(b"<") > MAX_ELEMENTS:
        raise XmlRefused(f"XML of more than {MAX_ELEMENTS:,} elements")
    return name


def _prolog(content: bytes) -> tuple[str | None, bool]:
    """The name of the first element, and whether a document type definition stands before it."""
    names: list[str] = []
    dtds: list[bool] = []

    def start_doctype(name: str, _system: str | None, _public: str | None, has_internal_subset: bool) -> None:
        dtds.append(bool(has_internal_subset) or name.lower() != "html")
        if dtds[-1]:
            raise _PrologEnded

    def start_element(name: str, _attributes: object) -> None:
        names.append(name.rpartition(":")[2])
        raise _PrologEnded

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = start_doctype
    parser.StartElementHandler = start_element
    with contextlib.suppress(_PrologEnded, expat.ExpatError, ValueError, LookupError):
        parser.Parse(content, True)
    return (names[0] if names else None), any(dtds)
