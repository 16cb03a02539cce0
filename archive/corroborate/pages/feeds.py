"""Feeds of news (RSS, Atom) as data: every element by its name, so that the time of their making is one value."""

from __future__ import annotations

import json

from lxml import etree

_ROOTS = frozenset(("rss", "feed", "RDF"))
_DEEPEST = 40


def feed_as_data(body: bytes) -> str | None:
    """A feed as JSON; None for any other document, and for one that names things outside of itself."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if etree.QName(root).localname not in _ROOTS or root.getroottree().docinfo.internalDTD is not None:
        return None
    return json.dumps({etree.QName(root).localname: _value(root, 0)}, ensure_ascii=False)


def _value(element: etree._Element, depth: int) -> object:
    """Text alone as text, what is between texts as it stands; else attributes and children by name, in their order."""
    children = [child for child in element if isinstance(child.tag, str)]
    texts = (element.text, *(child.tail for child in element))
    text = " ".join(part.strip() for part in texts if part and part.strip())
    if depth > _DEEPEST or (children and text):
        return etree.tostring(element, encoding="unicode")
    if not children and not element.attrib:
        return (element.text or "").strip()
    found: dict[str, object] = {f"@{name!s}": str(stated) for name, stated in element.attrib.items()}
    if text:
        found["#text"] = text
    for child in children:
        name = etree.QName(child).localname
        known = found.setdefault(name, [])
        assert isinstance(known, list)
        known.append(_value(child, depth + 1))
    return found
