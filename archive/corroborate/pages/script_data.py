"""JSON that a script gives a name, hands to a function, or parses: data, and compared as data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from archive.corroborate.pages.script_literals import read_literal
from archive.corroborate.texts.script_tokens import unescaped

_ASSIGNED = re.compile(
    r"(?:^|[;\n])\s*(?:var|let|const)?\s*(?P<name>[\w$.\[\]\"']{1,100})\s*=\s*(?=[{\[]|JSON\.parse\(|[\"']\s*[{\[])"
)
_CALLED = re.compile(
    r"(?:(?<![\w$.])|(?<=\)\.))(?P<name>(?!function\b|if\b|for\b|while\b|switch\b|return\b|catch\b)[A-Za-z_$][\w$.]{0,100})\(\s*(?:[A-Za-z_$][\w$.]{0,80}\s*,\s*)?(?=\{\s*[\"'\w$}]|\[\s*[{\[\"'])"
)
_PARSED = re.compile(r"JSON\.parse\(\s*(?P<text>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)\s*\)")
_TEXT = re.compile(r"(?P<text>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')")
_VERB = re.compile(r"(?<=\w)\.(?:set|push|setup|init|_Init|_SetDataContext)\Z")
"""What a function does with what it is handed is no name of that."""
_MOST = 50
LONGEST_SCRIPT = 2 << 20
"""Characters of a script that are compared."""
SHORTEST_PROGRAM = 2_000
"""Characters of a script that is a program; a shorter one was written for what the page shows: a map, a film."""
OF_PROGRAM = "\0"
"""What stands before JSON of a program, behind its name and a NUL."""


def data_in_script(script: str) -> tuple[list[str], str]:
    """JSON that a script names (`window.__STATE__ = {…}`, `init({…})`): name and text, and the rest of the script."""
    found: list[str] = []
    mark = OF_PROGRAM if len(script) >= SHORTEST_PROGRAM else ""
    rest, at = "", 0
    matches = sorted((*_ASSIGNED.finditer(script), *_CALLED.finditer(script)), key=lambda match: match.end())
    for match in matches:
        if match.start() < at or len(found) >= _MOST:
            continue
        read = _read(script, match.end())
        if read is None:
            continue
        text, end = read
        found.append(f"{_VERB.sub('', match['name'].strip())[:150]}\0{mark}{text}")
        rest, at = f"{rest}{script[at : match.end()]} ", end
    return found, rest + script[at:]


_RUN = re.compile(r"|module|(?:text|application)/(?:x-)?(?:java|ecma|j|live)script[\d.]*(?:\s*;.*)?", re.IGNORECASE)
NOT_RUN = "\x01"
"""What stands before the text of a script that no browser runs."""


def is_run(kind: str, attributes: Mapping[str, str]) -> bool:
    """True for a script that a browser runs, by its `type`. (HTML Living Standard, 4.12.1)"""
    return _RUN.fullmatch(kind.strip()) is not None and "nomodule" not in attributes


def addresses_in(text: str) -> Iterator[str]:
    """Every address in JSON that says from where scripts are loaded."""
    waiting = [_json(text)]
    while waiting:
        each = waiting.pop()
        waiting += each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        if isinstance(each, str):
            yield each


def without_made_names(script: str) -> str:
    """The script without what PHP's `uniqid` made up for the visit in the names of its variables: `td_uid_3_6560…`."""
    script = _MADE_NAME.sub("", script)
    for name in dict.fromkeys(match["made"] for match in _MADE_VARIABLE.finditer(script)):
        script = script.replace(name, "")
    return script


_MADE_NAME = re.compile(r"(?<=[a-z]_uid_)\d{1,3}_[0-9a-f]{13}(?![0-9A-Za-z])")
_MADE_VARIABLE = re.compile(
    r"(?:\b(?:var|let|const)\s+|window\.)\w{1,60}(?P<made>(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{13})(?=\s*=)"
)
_TEMPLATE = re.compile(r"template|html|tmpl|handlebars|mustache|underscore|jsrender", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def texts_of_template(kind: str, script: str) -> Iterator[str]:
    """The texts of a script whose type says that it is no program but markup that one writes into the page."""
    if _TEMPLATE.search(kind):
        yield from (text for part in _TAG.split(script[:LONGEST_SCRIPT]) if (text := " ".join(part.split())))


def _read(script: str, at: int) -> tuple[str, int] | None:
    """JSON at a place of a script, in a text, or as `JSON.parse` reads it there, and where that ends."""
    parsed = _PARSED.match(script, at) or _TEXT.match(script, at)
    if parsed is not None:
        text = unescaped(parsed["text"][1:-1])
        return (text, parsed.end()) if _is_json(text) else None
    try:
        _, end = json.JSONDecoder().raw_decode(script, at)
    except (ValueError, RecursionError):
        return read_literal(script, at)
    return script[at:end], end


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_json(text: str) -> bool:
    return isinstance(_json(text), dict | list)


def is_plain_json(text: bytes) -> bool:
    """True for JSON in which no object has a name twice: readers differ in which of the two they take."""
    try:
        json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return False
    return True


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
