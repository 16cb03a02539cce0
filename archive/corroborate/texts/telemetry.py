"""Where a page's program keeps what it knows of its own visit: every part of such a path is a word of programs.

`config.request.id` is the server's own; `payment.transactionId` and `attacker.ip` tell of something.
"""

from __future__ import annotations

import re

from archive.corroborate.texts.changing_words import changing_words

DOCUMENT = "document"
"""Where the values of a source lie that is data and no page: what stands at its top tells of something."""
_WORDS = changing_words("programs")
_BESIDE = frozenset(("data", "id", "info", "value", "values", "object", "vars", "type"))
_CONFIGURED = frozenset(("config", "configuration", "settings"))
_SPLIT = re.compile(r"[_\W]+")


def is_of_program(path: str) -> bool:
    """True for a path of names of which none says anything but how the page is made. The last one is not looked at."""
    parents = path.lower().split(".")[:-1]
    if parents[:1] == [DOCUMENT]:
        parents = parents[1:]
        return bool(parents) and all(map(_is_known, parents))
    if parents[:1] == ["window"] and len(parents) > 2 and parents[2] in _CONFIGURED:
        parents = parents[2:]  # `window.paper.config.…`
    is_named = any(map(_is_known, parents)) or not parents
    return is_named and all(_is_known(name) or name in _BESIDE for name in parents)


def _is_known(name: str) -> bool:
    words = [word for word in _SPLIT.split(name) if word and not word.isdigit()]
    said = [word for word in words if word not in _WORDS]
    return not said or (len(said) < len(words) and _BESIDE.issuperset(said))


def has_root(path: str) -> bool:
    """True for a value that a program keeps below a name of its own."""
    return "." in path and is_of_program(path)
