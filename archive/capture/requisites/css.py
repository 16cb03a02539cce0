"""What a style sheet names. (CSS Syntax 3; CSS Cascade 5, section 2; CSS Images 4, section 2.4)"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2

from archive.capture.requisites import encoding
from archive.capture.requisites.reading import Gatherer, Reference
from archive.urls import Url

_SETS = frozenset({"image-set", "-webkit-image-set"})
_NAMING = frozenset({"namespace", "supports", "document", "-moz-document", "container", "charset"})
"""At-rules in whose preludes a URL is a name, not a reference."""
_WORTH_IT = re.compile(r"\(|@|\\")
_LONG_NUMBER = re.compile("[0-9]{1000,}")
_PICTURE, _FONT, _SET, _SHEET = (
    ("image", "url()"),
    ("font", "@font-face"),
    ("image", "image-set()"),
    ("style", "@import"),
)


def read_css(body: bytes, *, url: Url, charset: str | None, referrer: str | None = None) -> tuple[Reference, ...]:
    """What the style sheet at `url` names, in order.

    `charset` is the one that its Content-Type states; `referrer` the encoding of the page or sheet that requested it.
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
    for kind, how, target in _TokenWalk(_tokens(text)):
        if target:
            yield kind, how, target


def _tokens(text: str) -> list[Any]:
    tokens: list[Any]
    try:
        tokens = tinycss2.parse_component_value_list(text, skip_comments=True)
    except ValueError:  # Python converts no number of more than 4,300 digits
        tokens = tinycss2.parse_component_value_list(_LONG_NUMBER.sub("0", text), skip_comments=True)
    return tokens


class _TokenWalk:
    """Goes through tokens in order, blocks and functions included, without recursion: sheets may nest at will."""

    def __init__(self, nodes: Iterable[Any]) -> None:
        self._open: list[tuple[Iterator[Any], tuple[str, str]]] = [(iter(nodes), _PICTURE)]
        self._at_rule = ""
        """The at-rule in whose prelude we stand."""

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        while self._open:
            nodes, means = self._open[-1]
            node = next(nodes, None)
            if node is None:
                self._open.pop()
            elif node.type in ("url", "string"):
                yield from self._named(node, means)
            elif node.type == "function":
                yield from self._function(node, means)
            else:
                self._move(node, means)

    def _move(self, node: Any, means: tuple[str, str]) -> None:
        if node.type == "at-keyword":
            self._at_rule = node.lower_value
        elif node.type == "{} block":
            means = _FONT if self._at_rule == "font-face" else means if means is _FONT else _PICTURE
            self._at_rule = ""
            self._open.append((iter(node.content), means))
        elif node.type in ("() block", "[] block"):
            self._open.append((iter(node.content), _PICTURE if means is _SET else means))
        elif node.type == "literal" and node.value == ";":
            self._at_rule = ""

    def _function(self, node: Any, means: tuple[str, str]) -> Iterator[tuple[str, str, str]]:
        if node.lower_name == "url":
            if self._at_rule not in _NAMING:
                strings = (argument for argument in node.arguments if argument.type == "string")
                yield from ((*self._meaning(means), string.value) for string in strings)
        else:
            inner = _SET if node.lower_name in _SETS else means if means is _FONT else _PICTURE
            self._open.append((iter(node.arguments), inner))

    def _named(self, node: Any, means: tuple[str, str]) -> Iterator[tuple[str, str, str]]:
        """A bare URL is a reference wherever it stands; a string only after @import and within image-set()."""
        if self._at_rule in _NAMING:
            return
        if node.type == "url" or self._at_rule == "import" or means is _SET:
            yield (*self._meaning(means), node.value)

    def _meaning(self, means: tuple[str, str]) -> tuple[str, str]:
        if self._at_rule == "import" and len(self._open) == 1:
            self._at_rule = ""  # what follows the sheet's address names nothing more
            return _SHEET
        return means
