"""Text from outside, made harmless for a page: escaped, and every character that hides or reorders text spelled out."""

from __future__ import annotations

import re
from urllib.parse import quote

from markupsafe import Markup, escape

from archive_manifests.paths import BagPath

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, terminal escapes among them
    "\u200b\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff"  # zero width, embeddings, overrides, isolates
    "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"  # surrogates, no characters, tags
)
"""What would not be seen, or would show other text than is there. Marks that good Arabic and Persian text holds
(U+200C to U+200F, U+061C) stay: they move nothing beyond their neighbours."""

_HIDDEN_STRICTLY = re.compile(_HIDDEN.pattern[:-1] + "\t\n\u061c\u200c-\u200f]")

_BOX = Markup('<span class="hidden-sign">U+{}</span>')

_OPENED_SAFELY = frozenset(
    {"csv", "gif", "gz", "jpeg", "jpg", "json", "jsonl", "m4a", "mp3", "mp4", "ogg", "ogv", "opus", "pdf", "png", "srt"}
    | {"tar", "toml", "txt", "vtt", "wacz", "warc", "wav", "webm", "webp", "zip"}
)
"""What a browser shows or saves without running a program that may be in it."""


def seen(text: str) -> Markup:
    """Text as it can be put between tags: what would hide in it is spelled `U+202E` in a box."""
    return _boxed(_lines(text), _HIDDEN)


def seen_strictly(text: str) -> Markup:
    """As `seen`, with line breaks and the marks of right-to-left text spelled out too: for URLs and names of files."""
    return _boxed(text, _HIDDEN_STRICTLY)


def harmless(text: str) -> str:
    """Text for an attribute or a title, where no box can stand."""
    return _HIDDEN.sub(lambda found: f"U+{ord(found[0]):04X}", _lines(text))


def shortened(text: str, most: int) -> str:
    """At most `most` code points, with an ellipsis where something was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def link(path: str) -> str | None:
    """A relative link from `data/index.html` to a file of the bag; None where a browser should not open that file."""
    inside = BagPath(path)
    if not inside.is_inside or path.rpartition(".")[2].lower() not in _OPENED_SAFELY:
        return None
    target = path.removeprefix("data/") if inside.is_payload else f"../{path}"
    try:
        return quote(target, safe="/")  # a colon would make a scheme of the first part: it is escaped
    except UnicodeEncodeError:
        return None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _boxed(text: str, hidden: re.Pattern[str]) -> Markup:
    parts, last = [], 0
    for found in hidden.finditer(text):
        parts += [escape(text[last : found.start()]), _BOX.format(f"{ord(found[0]):04X}")]
        last = found.end()
    return Markup("").join([*parts, escape(text[last:])])
