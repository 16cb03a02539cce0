"""An object or a list that a script writes as scripts may, `{id: 'a', 7: !0,}`, read as the JSON that it means."""

from __future__ import annotations

import json
import re

from archive.corroborate.texts.script_tokens import unescaped

SHORTEST = 300
"""Characters of what is read so: what is shorter is compared as the statement that it stands in."""
_PART = re.compile(
    r"\s*(?:(?P<text>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<number>-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)(?![\w$.])"
    r"|(?P<word>true|false|null|undefined|void 0|![01])(?![\w$:])"
    r"|(?P<name>[A-Za-z_$][\w$]*)(?=\s*:)"
    r"|(?P<sign>[{}\[\],:]))"
)
_WORDS = {"!0": "true", "!1": "false", "undefined": "null", "void 0": "null"}


def read_literal(script: str, at: int) -> tuple[str, int] | None:
    """The JSON that a literal means, and where it ends; None for a short one, and for one that runs something."""
    said: list[str] = []
    start, depth = at, 0
    while (part := _PART.match(script, at)) is not None:
        at = part.end()
        said.append(_as_json(part, script[at : at + 20].lstrip()[:1]))
        if part["sign"] and part["sign"] in "}]" and said[-2:-1] == [","]:
            del said[-2]
        depth += (said[-1] in "{[") - (said[-1] in "}]") if part["sign"] else 0
        if depth == 0:
            break
    text = "".join(said)
    return (text, at) if depth == 0 and at - start >= SHORTEST and _is_json(text) else None


def _as_json(part: re.Match[str], follows: str) -> str:
    if part["text"]:
        return json.dumps(unescaped(part["text"][1:-1]), ensure_ascii=False)
    if part["number"]:
        number = f"{float(part['number']):g}" if part["number"].lstrip("-")[0] == "." else part["number"]
        return json.dumps(part["number"]) if follows == ":" else number
    if part["name"]:
        return json.dumps(part["name"])
    return _WORDS.get(part["word"], part["word"]) if part["word"] else part["sign"]


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False
