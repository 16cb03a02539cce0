"""Scripts of two pages: whether what differs can put other words before a reader."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from archive.corroborate.volatile import masked
from archive_manifests.corroboration import Difference

_SHOWN = 300
_LONGEST = 2 << 20
_VALUE = re.compile(
    r"\b[0-9a-fA-F]{8}-[0-9a-fA-F-]{8,}\b|\b(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{10,}\b|\b[0-9]+(?:[.,:][0-9]+)*\b"
)
"""What changes from visit to visit in a script: identifiers, instants, numbers."""
_STATEMENT = re.compile(r"[;\n{}]+")
_TEXT = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
_WORDS = re.compile(r"[^\W\d_]{2,}(?:[\s,.;:'’-]+[^\W\d_]+){2,}")
"""Three words in a row: what a person may read."""
_WRITES = re.compile(
    r"\b(?:innerHTML|outerHTML|innerText|textContent|nodeValue|insertAdjacent\w*|document\.write\w*|replaceWith|"
    r"replaceChild|removeChild|appendChild|insertBefore|createElement|createTextNode|setAttribute|\.remove\(|display|"
    r"visibility|hidden|\.html\(|\.text\(|replace(?:All)?\(|fromCharCode|atob|eval|Function|unescape|decodeURIComponent)"
)
"""How a script changes what a page shows."""


def compare_scripts(one: Iterable[str], other: Iterable[str]) -> list[Difference]:
    """Differences between the scripts of two pages, inline or of one site."""
    first, second = _statements(one), _statements(other)
    found = [(statement, first[statement], True) for statement in first.keys() - second.keys()]
    found += [(statement, second[statement], False) for statement in second.keys() - first.keys()]
    return [_difference(*each) for each in sorted(found)]


def compare_linked(one: Mapping[str, str], other: Mapping[str, str]) -> list[Difference]:
    """Scripts that both pages link, and those that one of them alone links."""
    shared = {url for url in one.keys() & other.keys() if one[url] != other[url]}
    alone = (one.keys() ^ other.keys()) | shared
    return compare_scripts(
        (one[url] for url in sorted(alone & one.keys())), (other[url] for url in sorted(alone & other.keys()))
    )


def _statements(scripts: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for script in scripts:
        for statement in _STATEMENT.split(script[:_LONGEST]):
            parts = [statement] if _WRITES.search(statement) else statement.split(",")
            spaced = (" ".join(part.split()) for part in parts)
            found.update(_settled(part) for part in spaced if part)
    return found


def _settled(statement: str) -> str:
    """A statement without the values that change; one that can write into the page keeps them all."""
    return statement if _WRITES.search(statement) or _says(statement) else _VALUE.sub("0", statement)


def _says(statement: str) -> bool:
    texts = ("".join(groups) for groups in _TEXT.findall(statement))
    return any(_WORDS.search(text) for text in texts)


def _difference(statement: str, count: int, is_first: bool) -> Difference:
    is_substance = bool(_WRITES.search(statement)) or _says(statement)
    shown = masked(statement)[:_SHOWN]
    return Difference(
        "script" if is_substance else "layout",
        is_substance,
        shown if is_first else "",
        "" if is_first else shown,
        count,
    )
