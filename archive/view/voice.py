"""A catalogue's sentences as they stand on a page: escaped, every value from outside set apart."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup, escape

from archive.view.plain import harmless, seen, seen_strictly
from archive.view.words import Words

_ISOLATED = Markup("<bdi>{}</bdi>")
_ADDRESS = Markup('<bdi dir="ltr" class="address">{}</bdi>')
_CODE = Markup('<bdi dir="ltr"><code>{}</code></bdi>')
_TIME = Markup('<time datetime="{}">{}</time>')


@dataclass(frozen=True, slots=True)
class Voice:
    """One language, speaking HTML."""

    words: Words
    _said: dict[str, Markup] = field(default_factory=dict)
    """Sentences without values, said before: a page of many sources says them thousands of times."""

    def say(self, key: str, **values: object) -> Markup:
        """The sentence at `key`. Values are escaped and isolated: their direction cannot turn it round."""
        if not values:
            if key not in self._said:
                self._said[key] = escape(self.words.form(key))
            return self._said[key]
        form = escape(self.words.form(key, values.get("n")))
        return form.format(**{name: self._value(value) for name, value in values.items()})

    def known(self, key: str, otherwise: str) -> Markup:
        """The sentence at `key`, or the text itself where the catalogue has none."""
        return self.say(key) if self.words.has(key) else self.text(otherwise)

    def text(self, text: str) -> Markup:
        """Text from outside, in a direction of its own."""
        return _ISOLATED.format(seen(text))

    def address(self, text: str) -> Markup:
        """A URL or a path: text, never a link; left to right in every language."""
        return _ADDRESS.format(seen_strictly(text))

    def code(self, text: str) -> Markup:
        """A command, a digest, an identifier."""
        return _CODE.format(seen_strictly(text))

    def number(self, value: int) -> Markup:
        return escape(self.words.number(value))

    def size(self, octets: int) -> Markup:
        return self.text(self.words.size(octets))

    def moment(self, text: str) -> Markup:
        """A moment or a day in words, with its exact form for machines."""
        return _TIME.format(harmless(text), self.text(self.words.moment(text)))

    def stamp(self, text: str) -> Markup:
        """A moment as short as a table wants it: `2026-11-22 10:00:00`. Its exact form stays in the markup."""
        return _TIME.format(harmless(text), self.code(text[:19].replace("T", " ")))

    def _value(self, value: object) -> Markup:
        if isinstance(value, Markup):
            return value
        if isinstance(value, int | float):
            return escape(self.words.number(value))
        return self.text(str(value))
