"""Which other files a WACZ says it needs, in any form that its maker uses.

WACZ 1.1.1 has no word for it. Browsertrix writes `relation.requires`, a list of file names or of objects with
`filename` and `hash`; others write one name, one object, a table by name, or put it elsewhere. Whatever stands there
and cannot be read is a requirement too: a file that needs something unknown is not complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from msgspec import Struct

from archive_manifests.errors import StatementError
from archive_manifests.fixity import Fixity

MOST = 100_000
_SHOWN = 200
_PLACES = ("relation", "relations", "metadata")
"""Objects in which the list may be, beside the top."""
_KEYS = frozenset({"requires", "require", "required"})
_NAMES = ("filename", "name", "path", "url", "href", "id", "crawlid")
_DIGESTS = ("hash", "digest", "sha256")
UNNAMED = "a file that it does not name"


class Requirement(Struct, frozen=True):
    """Another file without which this one is not complete."""

    filename: str
    fixity: Fixity | None


def requirements_of(description: Mapping[str, Any]) -> tuple[Requirement, ...]:
    """What a description says that its WACZ needs, wherever and however it says so."""
    found = (one for stated in _lists(description, depth=0) for one in _each(stated))
    return tuple(dict.fromkeys(islice(found, MOST)))


def _lists(stated: Mapping[str, Any], depth: int) -> Iterator[Any]:
    for key, value in stated.items():
        name = str(key).lower()
        if name in _KEYS:
            yield value
        elif name in _PLACES and isinstance(value, dict) and depth <= len(_PLACES):
            yield from _lists(value, depth + 1)


def _each(stated: Any, name: str | None = None) -> Iterator[Requirement]:
    """One requirement for each thing that is stated; `name` is its key in a table."""
    if _is_nothing(stated):
        return
    if isinstance(stated, str):
        fixity = _fixity(stated) if name is not None else None
        yield Requirement((name or stated)[:_SHOWN], fixity)
    elif isinstance(stated, list):
        for one in stated:
            yield from (Requirement(UNNAMED, None),) if _is_nothing(one) else _each(one)
    elif isinstance(stated, dict):
        yield from _of_object({str(key).lower(): value for key, value in stated.items()}, stated, name)
    else:
        yield Requirement(name or UNNAMED, None)


def _of_object(lowered: Mapping[str, Any], stated: Mapping[str, Any], name: str | None) -> Iterator[Requirement]:
    """An object that names one file, or a table of files by name."""
    named = next((lowered[key] for key in _NAMES if isinstance(lowered.get(key), str) and lowered[key]), name)
    digests = (_fixity(lowered[key]) for key in _DIGESTS if isinstance(lowered.get(key), str))
    if named is not None or any(key in lowered for key in _DIGESTS):
        yield Requirement((named or UNNAMED)[:_SHOWN], next((one for one in digests if one is not None), None))
        return
    for key, value in stated.items():
        yield from (Requirement(str(key)[:_SHOWN], None),) if _is_nothing(value) else _each(value, str(key))


def _is_nothing(stated: Any) -> bool:
    return stated is None or stated is False or stated in ("", [], {})


def _fixity(text: str) -> Fixity | None:
    for spelled in (text, f"sha256:{text}"):
        try:
            return Fixity.parse(spelled)
        except StatementError:
            continue
    return None
