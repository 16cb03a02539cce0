"""`srcset`, and the `data-*` attributes of lazy loading that scripts turn into `src` and `srcset`.

(HTML Standard, 4.8.4.2)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.capture.requisites.places import kind_of_suffix

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
