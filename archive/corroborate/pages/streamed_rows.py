"""What a server sends to the components of a page in parts: `self.__next_f.push([1,"…"])`, rows of data. (React)

A row may be cut anywhere between two parts. It says what a component is given, or names a module of the program; the
number of a row and the names of modules are those of a build.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from archive.corroborate.texts.script_tokens import unescaped

_PART = re.compile(
    r"(?<![\w$.])(?P<name>(?:self|window)\.\w{1,40})\.push\(\[1,\s?"
    r"(?P<text>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')\]\)"
)
_ROW = re.compile(rb"(?P<number>[0-9a-f]{0,6}):(?P<kind>[A-Z]{0,2})")
_LENGTH = re.compile(rb"(?P<bytes>[0-9a-f]{1,8}),")
_REFERENCE = re.compile(r"\$[A-Za-z@]?[0-9a-f]{0,6}(?::[\w:]{0,200})?|\$undefined")
"""What stands for another row, or for nothing."""


def without_streamed(script: str, parts: list[tuple[str, str]]) -> str:
    """The script without the parts of rows in it, which are added to `parts`: the name of their list, their text."""

    def taken(match: re.Match[str]) -> str:
        parts.append((match["name"], unescaped(match["text"][1:-1])))
        return f"{match['name']}.push();"

    return _PART.sub(taken, script)


def streamed_data(parts: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Name, NUL and JSON of the rows of each list; and what is no rows, as the script it is."""
    data, scripts = [], []
    for name in dict.fromkeys(name for name, _ in parts):
        text = "".join(part for given, part in parts if given == name)
        rows = _rows(text.encode("utf-8", "surrogatepass"))
        if rows is None:
            scripts.append(f"{name}.push({json.dumps(text)})")
        else:
            data.append(f"{name}\0{json.dumps(_without_references(rows), ensure_ascii=False)}")
    return data, scripts


def _rows(stream: bytes) -> list[object] | None:
    """What each row says, behind its kind: a module, what a browser loads before it is asked to; None for no rows."""
    found: list[object] = []
    at = 0
    while at < len(stream):
        row = _ROW.match(stream, at)
        if row is None:
            return None
        kind, at = row["kind"].decode(), row.end()
        if kind == "T":
            length = _LENGTH.match(stream, at)
            if length is None:
                return None
            end = length.end() + int(length["bytes"], 16)
            found.append(stream[length.end() : end].decode("utf-8", "replace"))
            at = end
            continue
        end = stream.find(b"\n", at)
        end = len(stream) if end < 0 else end
        try:
            value = json.loads(stream[at:end].decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return None
        if kind == "I" and isinstance(value, list):
            value = value[1:]  # the number of a module in its build; its addresses and its name follow
        found.append([kind, value] if kind else value)
        at = end + 1
    return found


def _without_references(value: object, depth: int = 0) -> object:
    """The same without references to rows, which a build numbers anew; what lies too deep as it stands."""
    if isinstance(value, str):
        return None if _REFERENCE.fullmatch(value) else value
    if depth > _DEEPEST:
        return value
    if isinstance(value, list):
        return [_without_references(each, depth + 1) for each in value]
    if isinstance(value, dict):
        return {name: _without_references(each, depth + 1) for name, each in value.items()}
    return value


_DEEPEST = 200
