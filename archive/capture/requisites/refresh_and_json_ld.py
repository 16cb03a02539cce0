"""What a page states as text and a reader has to take apart: a refresh, and blocks of JSON-LD.

(HTML Standard, 4.2.5.3; JSON-LD 1.1)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_SHAPE = re.compile(
    r"""[ \t\n\f\r]* (?P<seconds>[0-9]+|(?=\.)) [0-9.]*
        (?: (?: [ \t\n\f\r]*[;,][ \t\n\f\r]* | [ \t\n\f\r]+ ) (?P<rest>.*) )? \Z""",
    re.VERBOSE | re.DOTALL,
)
_URL_IS = re.compile(r"url[ \t\n\f\r]*=[ \t\n\f\r]*", re.IGNORECASE)


def split(text: str) -> tuple[float, str] | None:
    """Seconds and target of a refresh; the target is empty where the page refreshes itself; None if it is none."""
    shape = _SHAPE.match(text)
    if shape is None:
        return None
    seconds = float(min(int(shape["seconds"][:9] or "0"), 10**9))
    rest = shape["rest"] or ""
    named = _URL_IS.match(rest)
    if named:
        rest = rest[named.end() :]
    if rest[:1] in ("'", '"'):
        rest = rest[1:].partition(rest[0])[0]
    return seconds, rest.strip(" \t\n\f\r")


_LONGEST = 1 << 20
_MEDIA_TYPES = frozenset(("VideoObject", "AudioObject", "MusicVideoObject"))


def references(text: str) -> Iterator[tuple[str, str]]:
    """Yield kind and URL of what a block of JSON-LD shows; nothing where it is not JSON."""
    if len(text) > _LONGEST or ("mage" not in text and "contentUrl" not in text and "thumbnailUrl" not in text):
        return
    try:
        document = json.loads(text.strip().removesuffix(";"))
    except (ValueError, RecursionError):
        return
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield from _of_node(node)
            waiting.extend(reversed([value for value in node.values() if isinstance(value, dict | list)]))
        elif isinstance(node, list):
            waiting.extend(reversed(node))


def _of_node(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("image", "thumbnailUrl"):
        values = node.get(name)
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, str):
                yield "image", value
            elif isinstance(value, dict) and isinstance(value.get("url"), str):
                yield "image", value["url"]
    if isinstance(content := node.get("contentUrl"), str):
        types = node.get("@type")
        names = types if isinstance(types, list) else [types]
        is_media = any(isinstance(name, str) and name in _MEDIA_TYPES for name in names)
        is_image = "ImageObject" in names
        if is_media or is_image:
            yield "media" if is_media else "image", content
