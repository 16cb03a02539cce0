"""Undoes what stands between the bytes of a text and its letters: escapes of scripts, style sheets and addresses."""

from __future__ import annotations

import re
from urllib.parse import unquote

_ESCAPE = re.compile(
    r"\\u\{([0-9a-fA-F]{1,6})\}|\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([0-9a-fA-F]{4,6}) ?|\\'([0-9a-fA-F]{2})"
    r"|\\([0-3]?[0-7]{2})(?![0-9a-fA-F])"
)
"""Of scripts by code point, of style sheets (CSS Syntax 3, 4.3.7), of rich text, and of scripts in octal."""
_ROUNDS = 3
"""Times that an address may be encoded, as where one leads to another that leads to a third."""
_NOTHING = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"), "-")
_DEFANGED = re.compile(r"\s?[\[({]\s?(?:\.|dot)\s?[\])}]\s?", re.IGNORECASE)


def undone(text: str) -> str:
    """The text without escapes."""
    if "\\" in text:
        text = _ESCAPE.sub(_letter, text)
    for _ in range(_ROUNDS):
        if "%" not in text or (plain := unquote(text)) == text:
            break
        text = plain
    return text


def _letter(code: re.Match[str]) -> str:
    if code[6]:
        return chr(int(code[6], 8))
    number = int(next(filter(None, code.groups())), 16)
    return chr(number) if 0 < number < 0x110000 else code[0]


def spoken(text: str) -> str:
    """The text as people read an address in it: no invisible letters, one kind of hyphen, `[.]` and `(dot)` as dots."""
    plain = text.translate({**_NOTHING, **_DASHES})
    return _DEFANGED.sub(".", plain).lower()
