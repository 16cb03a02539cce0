"""Reads a file of sentences: TOML, of which nearly every line is a key with a plain text.

Such lines take a tenth of the time that a parser of all of TOML takes, which reads any other. Each command begins so.
"""

from __future__ import annotations

import re
from typing import Any

_CHARACTERS = r'[^"\\\x00-\x1f\x7f]*'
_TEXT = rf'"({_CHARACTERS}(?:\\["\\]{_CHARACTERS})*)"'
_NAME = r"[\w-]+(?:\.[\w-]+)*"
_PLAIN = re.compile(
    rf'(?:({_NAME})|"({_CHARACTERS})") = (?:{_TEXT}|\[({_TEXT}(?:, {_TEXT})*)\])|\[({_NAME})\]|(?:#.*)?', re.ASCII
)
"""A whole line that needs no closer look: a key with a text or a list of texts, the head of a table, a comment."""
_LISTED = re.compile(_TEXT)
_ESCAPED = re.compile(r'\\(["\\])')
_OF_SEVERAL_LINES = ('"""', "'''", "[[")
"""What begins a value of several lines, or an array of tables: such a file is left to the parser of all of TOML."""


def read_sentences(text: str) -> dict[str, Any]:
    """What a TOML file of sentences states, as `tomllib.loads` gives it. Raises `tomllib.TOMLDecodeError`.

    A key that is stated twice is no error here: the last one counts.
    """
    if any(mark in text for mark in _OF_SEVERAL_LINES):
        return _parsed(text)
    document: dict[str, Any] = {}
    table = document
    for line in text.split("\n"):
        plain = _PLAIN.fullmatch(line)
        if plain is None:
            _add(table, _parsed(line))
            continue
        names, quoted, sentence, listed, *_, head = plain.groups()
        if head is not None:
            table = _table_in(document, head.split("."))
        elif sentence is not None or listed is not None:
            *parents, last = [quoted] if names is None else names.split(".")
            found = _unescaped(sentence) if listed is None else [*map(_unescaped, _LISTED.findall(listed))]
            _table_in(table, parents)[last] = found
    return document


def _parsed(text: str) -> dict[str, Any]:
    import tomllib  # late: most languages have no line that needs it

    return tomllib.loads(text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def _table_in(table: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """The table of that dotted name below another one, made where it is not there."""
    for name in names:
        table = table.setdefault(name, {})
    return table


def _add(table: dict[str, Any], line: dict[str, Any]) -> None:
    """Enter what one line states."""
    for key, value in line.items():
        if isinstance(value, dict):
            _add(table.setdefault(key, {}), value)
        else:
            table[key] = value
