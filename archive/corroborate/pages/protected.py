"""Mail addresses that a delivery network hides from programs, as its script shows them to a reader.

The network writes a new code for one address at each visit, and may leave it away at another.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

_SHOWN = re.compile(r"\s*\[e-?mail(?:\s*protected)?\]\s*", re.IGNORECASE)
"""What stands where the address is until the script runs: another text is the page's own."""
_LINK = re.compile(r"(?:https?://[^/]+)?/cdn-cgi/l/email-protection#(?P<code>[0-9a-f]{6,2000})", re.IGNORECASE)


def unprotected(code: str) -> str:
    """The text that is written in hexadecimal, each byte changed by the first one; another text as it stands."""
    try:
        key, *coded = bytes.fromhex(code)
        return bytes(byte ^ key for byte in coded).decode()
    except (ValueError, UnicodeDecodeError):
        return code


def show_addresses(root: Element) -> None:
    """Put each address where its code stands, as a text and as where a link leads."""
    for parent in [element for element in root.iter() if any(map(_is_protected, element))]:
        _put_into(parent)
    for element in root.iter("a"):
        if (found := _LINK.fullmatch(element.get("href", "").strip())) is not None:
            element.set("href", f"mailto:{unprotected(found['code'])}")


def _is_protected(element: Element) -> bool:
    """True for an address; another text would be hidden from all readers without the network's script."""
    is_coded = "data-cfemail" in element.attrib and not len(element)
    is_shown_so = is_coded and _SHOWN.fullmatch(element.text or "") is not None
    return is_shown_so and _ADDRESS.fullmatch(unprotected(element.attrib["data-cfemail"])) is not None


_ADDRESS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")


def _put_into(parent: Element) -> None:
    """Put texts in the place of the children that are protected addresses."""
    left: list[Element] = []
    for child in parent:
        if not _is_protected(child):
            left.append(child)
            continue
        text = unprotected(child.attrib["data-cfemail"]) + (child.tail or "")
        if left:
            left[-1].tail = (left[-1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text
    parent[:] = left
