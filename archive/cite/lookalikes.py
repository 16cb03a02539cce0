"""Characters that look like those of an address, as typesetting and auto-correction put them in place of them."""

from __future__ import annotations

import re

from archive.cite.bidi import unshaped

INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
"""Soft hyphens, zero-width characters and bidi controls: they stand in extracted text and are no part of a URL."""

_PLAIN = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"),
    **dict.fromkeys("\u223c\u02dc\u301c\uff5e\u02f7", "~"),
    **dict.fromkeys("\u2044\u2215\uff0f", "/"),
    **dict.fromkeys("\uff1a\ufe55\ua789", ":"),
    "\uff0e": ".",
    "\uff1f": "?",
    "\uff1d": "=",
    "\uff06": "&",
    "\uff05": "%",
    "\uff3f": "_",
    "\uff03": "#",
    "\uff20": "@",
    **{chr(0xFF21 + i): chr(0x41 + i) for i in range(26)},
    **{chr(0xFF41 + i): chr(0x61 + i) for i in range(26)},
    **{chr(0xFF10 + i): chr(0x30 + i) for i in range(10)},
}
_LOOKALIKE = re.compile("[" + "".join(map(re.escape, _PLAIN)) + "]")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_ANY = re.compile(f"{INVISIBLE.pattern}|{_LOOKALIKE.pattern}|{_LIGATURE.pattern}")


class PlainLine:
    """A line as an address would be typed: without invisible characters, look-alikes as what they stand for."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.text = line
        self._places: list[int] | None = None
        if _ANY.search(line):
            letters: list[str] = []
            self._places = []
            for place, letter in enumerate(line):
                plain = plain_letters(letter)
                letters.append(plain)
                self._places += [place] * len(plain)
            self.text = "".join(letters)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where characters `start` to `end` of the text stand in the line."""
        if self._places is None:
            return start, end
        return self._places[start], self._places[end - 1] + 1

    def printed(self, start: int, end: int) -> str:
        """The same characters as the line has them, invisible ones left out."""
        first, last = self.span(start, end)
        return INVISIBLE.sub("", self.line[first:last])


def plain_letters(letter: str) -> str:
    """What the character stands for in an address; nothing where it is invisible."""
    if INVISIBLE.fullmatch(letter):
        return ""
    return _PLAIN.get(letter) or (unshaped(letter) if _LIGATURE.fullmatch(letter) else letter)


def has_ligature(text: str) -> bool:
    return _LIGATURE.search(text) is not None
