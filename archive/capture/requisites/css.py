"""What a style sheet names. (CSS Syntax 3, section 4; CSS Cascade 5, section 2; CSS Images 4, section 2.4)

A scanner for the few tokens that can hold a URL: a full tokenizer in Python costs twenty times as much, and is
what the tests compare this one with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.capture.requisites import encoding
from archive.capture.requisites.gather import Gatherer
from archive.capture.requisites.reading import Reference
from archive.urls import Url


def _letters(word: str) -> str:
    """A pattern for an identifier in any case, each letter plain or escaped. (CSS Syntax 3, 4.3.7)"""
    return "".join(
        rf"(?:{char}|{char.upper()}|\\0{{0,4}}(?:{ord(char):x}|{ord(char.upper()):x})[ \t\n]?"
        + (rf"|\\[{char}{char.upper()}])" if char not in "abcdef" else ")")
        if char.isalpha()
        else re.escape(char)
        for char in word
    )


_COMMENT = r"/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)"
_SPACE = rf"(?:[ \t\n]|{_COMMENT})*+"


def _string(prefix: str) -> str:
    """A string; one that its line does not close ends with the line. (CSS Syntax 3, 4.3.5)"""
    return rf"(?:{_quoted(prefix + 'd', chr(34))}|{_quoted(prefix + 's', chr(39))})"


def _quoted(name: str, quote: str) -> str:
    return rf"{quote}(?P<{name}>(?:[^{quote}\\\n]++|\\(?:[\s\S]|\Z))*+)(?:{quote}|(?=\n)|\Z)"


def _url(prefix: str) -> str:
    """`url(` with a string, or with a bare URL, or with what is neither. (CSS Syntax 3, 4.3.6 and 4.3.14)"""
    bare = r"(?:[^\"'()\\ \t\n\x00-\x08\x0b\x0e-\x1f\x7f]++|\\(?:[0-9a-fA-F]{1,6}[ \t\n]?|[^\n]))*+"
    bad = r"(?:[^)\\]++|\\(?:[\s\S]|\Z))*+"
    return (
        rf"{_letters('url')}\([ \t\n]*+(?:{_string(prefix)}|(?P<{prefix}b>{bare})[ \t\n]*+(?:\)|\Z)|{bad})"
    )


_START = r"(?:(?<![\w\-\u0080-\U0010ffff])|(?<=<!--))"
_ESCAPED_NAME = r"(?:\\(?:[0-9a-fA-F]{1,6}[ \t\n]?|[^\n])[\w\-\u0080-\U0010ffff]*+)++"
_TOKEN = re.compile(
    r"(?=[/\"'@uUiI\\(){};-])(?:"  # says no at once where no token starts: a third of the time
    + "|".join(
        (
            rf"(?P<comment>{_COMMENT})",
            rf"(?P<string>{_string('q')})",
            rf"(?P<url>{_START}{_url('u')})",
            rf"(?P<set>{_START}(?:-webkit-)?{_letters('image-set')}\()",
            rf"(?P<imported>@{_letters('import')}(?![\w\-]){_SPACE}(?:{_url('i')}|{_string('j')}))",
            rf"(?P<face>@{_letters('font-face')}(?![\w\-]))",
            r"(?P<prelude>@(?:namespace|supports|document|-moz-document|container|charset)(?![\w\-]))",
            rf"(?P<name>{_ESCAPED_NAME})",  # `\:url(` is a function of another name
            r"(?P<mark>[(){};])",
        )
    )
    + ")"
)
_BARE = frozenset("ui")
"""Prefixes of the groups of tokens that can hold a URL without quotes."""
_UNESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\n]?|(\n)|([\s\S])|\Z)")
_NEWLINES = re.compile(r"\r\n|\r|\f")
_WORTH_IT = re.compile(r"\(|@|\\")


def read_css(body: bytes, *, url: Url, charset: str | None, referrer: str | None = None) -> tuple[Reference, ...]:
    """What the style sheet at `url` names, in order.

    `charset` is the one that its Content-Type states; `referrer` the encoding of the page or sheet that asked for it.
    """
    codec = encoding.of_css(body, charset, referrer)
    gatherer = Gatherer(url, codec)
    gather_css(encoding.decode(body, codec), gatherer, "css")
    return gatherer.found()


def gather_css(text: str, into: Gatherer, where: str) -> None:
    """Add what a style sheet, or the value of a `style` attribute, names."""
    if _WORTH_IT.search(text):
        for kind, how, target in references(text):
            into.add(target, kind, f"{where} {how}")


def references(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield kind, how and target of each reference, targets as written but unescaped."""
    place = _Place()
    for token in _TOKEN.finditer(_NEWLINES.sub("\n", text).replace("\0", "\ufffd")):
        which = token.lastgroup
        if which in ("comment", "name"):
            continue
        if which in _PLACES:
            place.move(which, token[0])
        elif not place.in_prelude:
            named = _named(token, which, place)
            if named:
                yield named


_PLACES = frozenset({"mark", "set", "face", "prelude"})


class _Place:
    """Where in a sheet the scanner stands."""

    def __init__(self) -> None:
        self.in_font = False
        self.in_prelude = False
        """Between an at-rule's name and its block or semicolon, where a URL is a name, not a reference."""
        self.depth = 0
        self.sets: list[int] = []
        """The depth of parentheses inside each open `image-set()`."""

    def move(self, which: str | None, text: str) -> None:
        if which == "face":
            self.in_font = True
        elif which == "prelude":
            self.in_prelude = True
        elif which == "set":
            self.depth += 1
            self.sets.append(self.depth)
        else:
            self._mark(text)

    def _mark(self, mark: str) -> None:
        if mark == "(":
            self.depth += 1
        elif mark == ")":
            self.depth = max(0, self.depth - 1)
            if self.sets and self.depth < self.sets[-1]:
                self.sets.pop()
        else:
            self.in_prelude = False
            self.depth, self.sets = 0, []  # no parenthesis outlives its declaration; a broken one is forgotten
            if mark == "}":
                self.in_font = False


def _named(token: re.Match[str], which: str | None, place: _Place) -> tuple[str, str, str] | None:
    """Kind, how and target of what a token names."""
    if which == "url":
        target = _value(token, "u")
        if place.sets:
            return ("image", "image-set()", target) if target else None
        how = ("font", "@font-face") if place.in_font else ("image", "url()")
    elif which == "imported":
        target, how = _value(token, "i") or _value(token, "j"), ("style", "@import")
    elif place.sets and place.sets[-1] == place.depth:
        target, how = _value(token, "q"), ("image", "image-set()")
    else:
        return None
    return (*how, target) if target else None


def _value(token: re.Match[str], prefix: str) -> str:
    """The string or bare URL that a token holds, its escapes undone."""
    raw = token[prefix + "d"] or token[prefix + "s"] or (prefix in _BARE and token[prefix + "b"]) or ""
    return _UNESCAPE.sub(_unescaped, raw) if "\\" in raw else raw


def _unescaped(escape: re.Match[str]) -> str:
    if escape[1]:
        number = int(escape[1], 16)
        return chr(number) if 0 < number < 0xD800 or 0xDFFF < number < 0x110000 else "\ufffd"
    return escape[3] or ""
