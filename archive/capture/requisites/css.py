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
_OPAQUE = re.compile(
    r"""/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*+"?|'(?:\\.|[^'\\\n])*+'?|\burl\(\s*+(?!["'])(?:\\.|[^)\\])*+\)?|\\.""",
    re.DOTALL | re.IGNORECASE,
)
"""Comments, strings, bare URLs and escapes: a brace in one of them ends nothing."""
_PIECE = 64 << 10
"""Characters of a sheet from which the rest, behind the block that is open then, is taken apart by itself."""
_MOST = 256 << 10
"""Characters of a piece in which no block ends: each may become a token, of some 200 bytes."""
_END = re.compile(r"[^\w\\@(-]|(?<!url)\(|@(?![\w\\-])", re.IGNORECASE)
"""A character behind which a sheet without blocks is cut: none that a name or a URL continues behind."""
_BRACE = re.compile("[{}]")
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
    for depth, piece in _pieces(text):
        for kind, how, target in _TokenWalk(_tokens(piece), depth):
            if target:
                yield kind, how, target


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """A long sheet in pieces, since its tokens take fifty times the memory of its characters; how deep each begins.

    A piece ends with a block: what follows it means what it would mean in the whole. Where no block ends for long, as
    in no sheet that a person wrote, it ends somewhere between two tokens.
    """
    at = behind = depth = deep = 0
    while len(text) - at > _PIECE:
        opaque = _OPAQUE.search(text, behind)
        start, end = opaque.span() if opaque is not None else (len(text), len(text))
        is_apart = opaque is not None and opaque[0][0] != "\\"
        while (cut := _cut(text, at, behind, start, end if is_apart else 0)) is not None:
            yield depth, text[at:cut]
            depth = deep = _depth(text, behind, min(cut, start), deep)
            at = behind = cut
        deep = _depth(text, behind, start, deep)
        behind = max(behind, end)
        if opaque is None:
            break
    yield depth, text[at:]


def _depth(text: str, first: int, last: int, depth: int) -> int:
    """How deep in blocks it is at `last`; a brace that closes nothing is none."""
    for brace in _BRACE.finditer(text, first, last):
        depth = depth + 1 if brace[0] == "{" else max(0, depth - 1)
    return depth


def _cut(text: str, at: int, first: int, start: int, end: int) -> int | None:
    """Where a piece that begins at `at` may end; None where that is further on.

    Nothing is opaque from `first` to `start`; `end` is where what follows it, and may be the last of the piece, ends.
    """
    block = text.find("}", max(first, at + _PIECE), start)
    if 0 <= block < at + _MOST:
        return block + 1
    between = _END.search(text, max(first, at + _MOST), start) if start - at > _MOST else None
    if between is not None:
        return between.end()
    return end if end - at > _MOST else None


def _tokens(text: str) -> list[Any]:
    tokens: list[Any]
    try:
        tokens = tinycss2.parse_component_value_list(text, skip_comments=True)
    except ValueError:  # Python converts no number of more than 4,300 digits
        tokens = tinycss2.parse_component_value_list(_LONG_NUMBER.sub("0", text), skip_comments=True)
    return tokens


class _TokenWalk:
    """Goes through tokens in order, blocks and functions included, without recursion: sheets may nest at will."""

    def __init__(self, nodes: Iterable[Any], depth: int) -> None:
        self._open: list[tuple[Iterator[Any], tuple[str, str]]] = [(iter(nodes), _PICTURE)]
        self._depth = depth
        """Blocks around all nodes."""
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
        elif node.type == "error" and node.kind == "}" and self._depth:
            self._depth -= 1

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
        if self._at_rule == "import" and len(self._open) == 1 and not self._depth:
            self._at_rule = ""  # what follows the sheet's address names nothing more
            return _SHEET
        return means
