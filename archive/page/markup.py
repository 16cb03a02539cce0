"""Text from outside, made harmless for a page: escaped, and every character that hides or reorders text spelled out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote

from markupsafe import Markup, escape

from archive.words import Catalogue
from archive_manifests import layout
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


def escape_text(text: str) -> Markup:
    """Text as it can be put between tags: what would hide in it is spelled `U+202E` in a box."""
    return _boxed(_lines(text), _HIDDEN)


def escape_strictly(text: str) -> Markup:
    """As `seen`, with line breaks and the marks of right-to-left text spelled out too: for URLs and names of files."""
    return _boxed(text, _HIDDEN_STRICTLY)


def harmless(text: str) -> str:
    """Text for an attribute or a title, where no box can stand."""
    return _HIDDEN.sub(lambda found: f"U+{ord(found[0]):04X}", _lines(text))


def shortened(text: str, most: int) -> str:
    """At most `most` code points, with an ellipsis where something was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def relative_link(path: str) -> str | None:
    """A relative link from `data/index.html` to a file of the bag; None where a browser should not open that file."""
    inside = BagPath(path)
    if not inside.is_inside or path.rpartition(".")[2].lower() not in _OPENED_SAFELY:
        return None
    target = path.removeprefix(layout.PAYLOAD) if inside.is_payload else f"../{path}"
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


_ISOLATED = Markup("<bdi>{}</bdi>")
_ADDRESS = Markup('<bdi dir="ltr" class="address">{}</bdi>')
_CODE = Markup('<bdi dir="ltr"><code>{}</code></bdi>')
_TIME = Markup('<time datetime="{}">{}</time>')


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders sentences and values of one language as HTML."""

    catalogue: Catalogue
    _cache: dict[str, Markup] = field(default_factory=dict)
    """Sentences without values: a page of many sources needs them thousands of times."""

    def sentence(self, key: str, /, **values: object) -> Markup:
        """The sentence at `key`. Values are escaped and isolated: their direction cannot turn it round."""
        if not values:
            if key not in self._cache:
                self._cache[key] = escape(self.catalogue.form(key))
            return self._cache[key]
        form = escape(self.catalogue.form(key, values.get("n")))
        return form.format(**{name: self._value(value) for name, value in values.items()})

    def sentence_or(self, key: str, otherwise: str) -> Markup:
        """The sentence at `key`, or the text itself where the catalogue has none."""
        return self.sentence(key) if self.catalogue.has(key) else self.text(otherwise)

    def text(self, text: str) -> Markup:
        """Text from outside, in a direction of its own."""
        return _ISOLATED.format(escape_text(text))

    def address(self, text: str) -> Markup:
        """A URL or a path: text, never a link; left to right in every language."""
        return _ADDRESS.format(escape_strictly(text))

    def code(self, text: str) -> Markup:
        """A command, a digest, an identifier."""
        return _CODE.format(escape_strictly(text))

    def number(self, value: int) -> Markup:
        return escape(self.catalogue.number(value))

    def size(self, octets: int) -> Markup:
        return self.text(self.catalogue.size(octets))

    def instant(self, text: str) -> Markup:
        """A moment or a day in words, with its exact form for machines."""
        return _TIME.format(harmless(text), self.text(self.catalogue.instant(text)))

    def stamp(self, text: str) -> Markup:
        """A moment as short as a table wants it: `2026-11-22 10:00:00`. Its exact form stays in the markup."""
        return _TIME.format(harmless(text), self.code(text[:19].replace("T", " ")))

    def _value(self, value: object) -> Markup:
        if isinstance(value, Markup):
            return value
        if isinstance(value, int | float):
            return escape(self.catalogue.number(value))
        return self.text(str(value))
