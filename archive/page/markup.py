"""Text from outside, made harmless for a page: escaped, and every character that hides or reorders text spelled out."""

from __future__ import annotations

import re
from functools import cache
from itertools import zip_longest
from string import Formatter
from urllib.parse import quote

from markupsafe import Markup, escape
from msgspec import Struct, field

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
    if hidden.search(text) is None:
        return escape(text)
    parts, last = [], 0
    for found in hidden.finditer(text):
        parts += [escape(text[last : found.start()]), _BOX.format(f"{ord(found[0]):04X}")]
        last = found.end()
    return Markup("").join([*parts, escape(text[last:])])


_DELIMITERS = re.compile("[/?&=#:.]+")
_ISOLATED = ("<bdi>", "</bdi>")
_ADDRESS = ('<bdi dir="ltr" class="address">', "</bdi>")
_CODE = ('<bdi dir="ltr"><code>', "</code></bdi>")


def _wrapped(tags: tuple[str, str], inner: Markup) -> Markup:
    """Escaped text between two tags. Joining is four times as fast as `Markup.format`, which parses its form again."""
    return Markup(f"{tags[0]}{inner}{tags[1]}")  # noqa: S704 -- our own tags around what is escaped


def _time(moment: str, shown: Markup) -> Markup:
    return Markup(f'<time datetime="{escape(harmless(moment))}">{shown}</time>')  # noqa: S704 -- both are escaped


@cache
def _form(form: str) -> tuple[tuple[str, str | None], ...]:
    """A sentence of the catalogue in pieces: escaped text, and the name of the value that follows it."""
    return tuple((str(escape(text)), name) for text, name, _, _ in Formatter().parse(form))


class Renderer(Struct, frozen=True):
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
        form = _form(self.catalogue.form(key, values.get("n")))
        shown = (f"{text}{'' if name is None else self._value(values[name])}" for text, name in form)
        return Markup("".join(shown))  # noqa: S704 -- our own sentence, escaped, around escaped values

    def sentence_or(self, key: str, otherwise: str) -> Markup:
        """The sentence at `key`, or the text itself where the catalogue has none."""
        return self.sentence(key) if self.catalogue.has(key) else self.text(otherwise)

    def text(self, text: str) -> Markup:
        """Text from outside, in a direction of its own."""
        return _wrapped(_ISOLATED, escape_text(text))

    def address(self, text: str) -> Markup:
        """A URL or a path: text, never a link; left to right in every language."""
        return _wrapped(_ADDRESS, escape_strictly(text))

    def readable_address(self, text: str) -> Markup:
        """A URL with letters of any script: each part runs in its own direction, and the parts from left to right."""
        parts = (_wrapped(_ISOLATED, escape_strictly(part)) if part else "" for part in _DELIMITERS.split(text))
        pairs = zip_longest(parts, map(escape, _DELIMITERS.findall(text)), fillvalue="")
        joined = "".join(f"{part}{delimiter}" for part, delimiter in pairs)
        return _wrapped(_ADDRESS, Markup(joined))  # noqa: S704 -- every part is escaped

    def code(self, text: str) -> Markup:
        """A command, a digest, an identifier."""
        return _wrapped(_CODE, escape_strictly(text))

    def number(self, value: int) -> Markup:
        return escape(self.catalogue.number(value))

    def size(self, octets: int) -> Markup:
        return self.text(self.catalogue.size(octets))

    def instant(self, text: str) -> Markup:
        """A moment or a day in words, with its exact form for machines."""
        return _time(text, self.text(self.catalogue.instant(text)))

    def stamp(self, text: str) -> Markup:
        """A moment as short as a table wants it: `2026-11-22 10:00:00`. Its exact form stays in the markup."""
        return _time(text, self.code(text[:19].replace("T", " ")))

    def _value(self, value: object) -> Markup:
        if isinstance(value, Markup):
            return value
        if isinstance(value, int | float):
            return escape(self.catalogue.number(value))
        return self.text(str(value))
