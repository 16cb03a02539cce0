"""Pictures and videos named in JSON-LD. (schema.org: image, thumbnailUrl, contentUrl)"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

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
