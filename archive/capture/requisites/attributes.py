"""Lazy-loading attributes: `data-*` values that scripts turn into pictures, and that read as URLs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from archive.capture.requisites.places import kind_of_suffix

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


_SPACE = " \t\n\f\r"
_GAP = re.compile(r"[ \t\n\f\r,]*")
_URL = re.compile(r"[^ \t\n\f\r]*")
_DESCRIPTORS = re.compile(r"[^(,]*(?:\([^)]*\)?[^(,]*)*")


def candidates(text: str) -> tuple[str, ...]:
    """The URLs of a `srcset`, in order.

    A URL ends at white space, or at commas that end it; commas inside it are its own, as in Photon's `?w=300,200`.
    """
    found: list[str] = []
    at = _GAP.match(text).end()  # type: ignore[union-attr]  # the pattern matches the empty string
    while at < len(text):
        url = _URL.match(text, at)[0]  # type: ignore[index]
        at += len(url)
        if url.endswith(","):
            url = url.rstrip(",")
        else:
            at = _DESCRIPTORS.match(text, at).end()  # type: ignore[union-attr]
        found.append(url)
        at = _GAP.match(text, at).end()  # type: ignore[union-attr]
    return tuple(found)


_NAMED = re.compile(
    r"data-(?=.*(?:src|lazy|bg|background|orig|image|img|poster|thumb|photo|picture|cover|retina|hires|large|full|zoom))"
    r"(?!.*(?:title|caption|descr|alt|meta|size|width|height|name|type|class|ratio|link|page(?!speed)|color|colour|position|"
    r"repeat|target|effect|attachment|slug|count|index|selector|permalink|template|method|action|html|label))"
)
_STRONG = re.compile(r"data-(?:.*src|.*src-?set|lazy|original|bg|bgset|background|background-image|.*poster)\Z")
_SET = re.compile(r".*(?:set|multi)\Z")
_LOOKS_LIKE_URL = re.compile(r"(?:https?:)?//[^/\s]|\.{0,2}/[^/\s]", re.IGNORECASE)
_FOREIGN = re.compile(r"[{}<>\"\\^`|\[\]\x00-\x1f]|%7B%7B", re.IGNORECASE)

_CARRIERS = {
    "img": "image", "source": "image", "picture": "image", "image": "image", "input": "image", "amp-img": "image",
    "iframe": "frame", "frame": "frame", "embed": "other", "script": "script",
    "video": "media", "audio": "media", "track": "data",
}  # fmt: skip
"""What a URL in the `src`-like attribute of each element becomes."""


def is_lazy(name: str) -> bool:
    """True for the names of attributes that may hold what is loaded later."""
    return _NAMED.match(name) is not None


def targets(tag: str, name: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield kind and URL of each thing that a lazy attribute holds; nothing where it holds words, JSON or templates."""
    if _SET.match(name) and (" " in value.strip() or "," in value):
        for candidate in candidates(value):
            kind = _kind(tag, name, candidate)
            if kind:
                yield "image" if tag not in ("iframe", "script") else kind, candidate
    else:
        kind = _kind(tag, name, value.strip())
        if kind:
            yield kind, value.strip()


def _kind(tag: str, name: str, value: str) -> str | None:
    """What `value` is taken for, or None where it does not read as a URL."""
    if not value or _FOREIGN.search(value):
        return None
    by_suffix = kind_of_suffix(value)
    strong = _STRONG.match(name) is not None
    if not _LOOKS_LIKE_URL.match(value):
        # A bare name: `b.jpg` in data-src is a file, in data-photo it may be a label.
        return by_suffix if strong and by_suffix in ("image", "media") and " " not in value else None
    if by_suffix:
        return "frame" if tag == "iframe" else by_suffix
    if " " in value or not strong:
        return None
    if "poster" in name or "bg" in name or "background" in name:
        return "image"
    return _CARRIERS.get(tag)
