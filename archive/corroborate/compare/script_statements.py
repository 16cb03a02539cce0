"""A script as its statements: the shape of each, and the values in it by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.corroborate.explain.script_reach import Names, reaches
from archive.corroborate.pages.script_data import LONGEST_SCRIPT, NOT_RUN
from archive.corroborate.texts.script_tokens import ENDS_LINE, tokens, unescaped

_BOUND = re.compile(f"[;{ENDS_LINE}{{}}]")
_OPENS_OBJECT = re.compile(r"(?:[(,\[:=?&|]|\breturn)\s*\Z")
"""What stands before the brace of an object; before that of a block stands anything else."""
_LITERAL = re.compile(r"(?<![\w.$])(?:-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)|true|false|null|!0|!1)(?![\w$])")
"""A number, a truth."""
_NAME = re.compile(r"([\w$.-]{1,100})[\"']?\s{0,20}\Z")
_TOKENS = re.compile(r"[\w$]+|\S")


@dataclass(frozen=True, slots=True)
class ScriptStatement:
    """A statement of a script: its shape, and the values in it by name."""

    shape: str
    values: tuple[tuple[str, str], ...]
    text: str
    script: str = field(default="", repr=False, compare=False)
    """All of the script that it is of."""

    @property
    def root(self) -> str:
        """The name that it gives a value, or calls."""
        found = re.match(r"(?:var |let |const )?\s*([\w$.]+)\s*(?==[^=]|\()", self.text)
        return f"{self.script[:1] if self.script.startswith(NOT_RUN) else ''}{found[1]}" if found else ""

    def reaches(self, names: Names) -> bool:
        """True where it can alter what the page says; `names` are those of the elements of the main text."""
        return reaches(self.text, names, self.script)

    @property
    def key(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.shape, self.values


def statements_of(script: str) -> Iterator[ScriptStatement]:
    """A script cut into its statements, without comments."""
    texts: list[str] = []

    def place(text: str) -> str:
        texts.append(text)
        return f"\x00{len(texts) - 1}\x00"

    bare: list[str] = []
    for kind, text in tokens(script.removeprefix(NOT_RUN)[:LONGEST_SCRIPT].replace("\x00", "")):
        if kind == "code":
            bare.append(_LITERAL.sub(lambda match: place(match[0]), text))
        elif kind == "comment":
            bare.append(" ")
        else:
            bare.append(place(text))
    for piece in _pieces("".join(bare)):
        if piece.strip():
            yield _statement(piece, texts, script)


def literals_of(script: str) -> set[str]:
    """Every text in a script, as it means it."""
    return {unescaped(text[1:-1]) for kind, text in tokens(script[:LONGEST_SCRIPT]) if kind == "text"}


def _pieces(script: str) -> Iterator[str]:
    """A script cut at semicolons, line ends and the braces of blocks; an object stays with its statement."""
    open_braces: list[bool] = []
    start = 0
    for match in _BOUND.finditer(script):
        at, sign = match.start(), match[0]
        is_object = bool(open_braces) and open_braces[-1]
        if sign == "{":
            opens_object = _OPENS_OBJECT.search(script[max(start, at - 40) : at]) is not None
            open_braces.append(opens_object)
            if opens_object:
                continue
        elif sign == "}":
            if open_braces.pop() if open_braces else False:
                continue
        elif is_object:
            continue
        yield script[start:at]
        start = at + 1
    yield script[start:]


_PLACEHOLDER = re.compile("\x00(\\d+)\x00")


def _statement(piece: str, texts: list[str], script: str) -> ScriptStatement:
    values: list[tuple[str, str]] = []
    shape: list[str] = []
    at, before = 0, ""
    for match in _PLACEHOLDER.finditer(piece):
        between = piece[at : match.start()]
        literal = texts[int(match[1])]
        follows = piece[match.end() : match.end() + 20].lstrip()[:1]
        before = (before + between)[-_LONGEST_BEFORE:]
        if literal[0] == "/" or (follows == ":" and literal[0] in "\"'"):  # a pattern, the name of a value
            shape += between, literal
            before += literal[-_LONGEST_BEFORE:]
        else:
            values.append((_name(before), _value(literal)))
            shape += between, " § "
        at = match.end()
    shape.append(piece[at:])
    text = _PLACEHOLDER.sub(lambda match: texts[int(match[1])], piece)
    said = " ".join(_TOKENS.findall("".join(shape)))
    said = f"{NOT_RUN} {said}" if script.startswith(NOT_RUN) else said
    return ScriptStatement(said, tuple(values), " ".join(text.split()), script)


_LONGEST_NAME = 122
_LONGEST_BEFORE = 300
"""Characters before a value in which its name is looked for."""


def _name(before: str) -> str:
    """What the last sign before a value gives a value: the name of a variable, a member, a function."""
    at = max(map(before.rfind, ":=("))
    found = _NAME.search(before[max(at - _LONGEST_NAME, 0) : at]) if at > before.rfind(")") else None
    return found[1] if found else ""


def _value(literal: str) -> str:
    if literal[0] not in "\"'`":
        return {"!0": "true", "!1": "false"}.get(literal, literal)
    return unescaped(literal[1:-1])
