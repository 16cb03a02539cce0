"""JSON in a page as values by their paths: names joined by dots, and the entries of lists of other pages in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from archive.corroborate.explain.value_tokens import leaf_text
from archive.corroborate.explain.values import is_address, is_changing
from archive.corroborate.texts.folding import composed
from archive.corroborate.texts.places import place_of_link

MOST_VALUES = 500_000
"""Values of one page's data that are compared one by one; of more, all of the text."""
_FEWEST_STORED = 20
"""Values of a store; fewer were written for the page: a map, a chart, an account."""
_DEEPEST = 60
_OTHERS = re.compile(
    r"related\w*|latest|recommend\w*|trending\w*|popular\w*|latest_?(?:news|articles|stories|posts|videos)|most_?(?:read|viewed|popular)"
    r"|teasers?|more_?(?:stories|articles|news)|secondary_?results|up_?next|read_?next|suggest\w*|you_?may\w*",
    re.IGNORECASE,
)
"""Names of lists of other pages."""
KEYS = ("url", "href", "link", "permalink", "path", "slug", "id", "@id", "videoid", "uri", "guid")
"""What says which page an entry of such a list is."""
_SAYS = ("title", "headline", "name")
"""The same of one without any of these."""
_DEEPEST_KEY = 3
_SHORTEST_JSON = 8
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_DESCRIBES = re.compile(r"\"@(?:context|type|graph)\"")
_HEAD = 2_000


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value: names joined by dots, and the entry of a list of other pages that it belongs to."""

    path: str
    value: str
    entry: str = ""
    is_described: bool = False
    """In data that describes the page to other programs: linked data."""
    is_stored: bool = False
    """In what a program keeps for itself: it holds many values, of which the page shows few."""

    @property
    def holder(self) -> str:
        """The path of the object that it is a value of."""
        return self.path.rpartition(".")[0]

    @property
    def aligned(self) -> tuple[str, str, str]:
        """What two values are paired by: a count and a time of the visit by their name alone, each in its entry."""
        return (self.entry, self.path, "") if is_changing(self.path, self.value) else (self.entry, *self.key)

    @property
    def key(self) -> tuple[str, str]:
        return self.path, place_of_link(self.value) if is_address(self.value) else composed(self.value)


def describes_page(text: str) -> bool:
    """True for data that describes the page to other programs: linked data."""
    return _DESCRIBES.search(text[:_HEAD]) is not None


def read_leaves(texts: Iterable[str]) -> Iterator[Leaf]:
    """Every value of some texts of JSON, each perhaps behind its name and a NUL; of what is no JSON, all of it."""
    for text in texts:
        name, _, body = text.partition("\0") if "\0" in text[:200] else ("", "", text)
        try:
            read = json.loads(body)
        except (ValueError, RecursionError):
            yield Leaf("text", " ".join(body.split()))
            continue
        found: list[Leaf] = []
        for leaf in _walk(read, name):
            found.append(leaf)
            if len(found) > MOST_VALUES:
                found = [Leaf("text", " ".join(body.split()))]
                break
        is_described = describes_page(body)
        is_stored = not is_described and len(found) >= _FEWEST_STORED
        yield from (replace(leaf, is_described=is_described, is_stored=is_stored) for leaf in found)


def _walk(read: object, name: str = "") -> Iterator[Leaf]:
    """Path and value of every leaf, names in the order of the alphabet; the number in a list is no part of the path."""
    stack: list[tuple[str, object, int, str]] = [(name, read, 0, "")]
    while stack:
        path, value, depth, entry = stack.pop()
        if depth > _DEEPEST:
            yield Leaf(path, json.dumps(value, sort_keys=True), entry)
        elif isinstance(value, dict):
            stack += [
                (f"{path}.{_name_of(key)}" if path else _name_of(key), each, depth + 1, entry)
                for key, each in sorted(value.items(), reverse=True)
            ]
        elif isinstance(value, list):
            if (parts := _named_parts(value)) is not None:
                stack += [(f"{path}.{name}", each, depth + 1, entry) for name, each in reversed(parts)]
                continue
            is_of_others = any(_OTHERS.fullmatch(CAMEL.sub("_", name)) for name in path.split("."))
            stack += [
                (path, each, depth + 1, entry or (_entry(each) if is_of_others else "")) for each in reversed(value)
            ]
        elif (inner := _inner(value)) is not None:
            stack.append((path, inner, depth + 1, entry))
        else:
            yield Leaf(path, leaf_text(value), entry)


_MADE_KEY = re.compile(r"(?<=[a-z]_id:)[0-9a-f]{32,64}\Z")


def _name_of(key: object) -> str:
    """A name, without what is made up for the visit: `views_dom_id:8f3a…`."""
    return _MADE_KEY.sub("", str(key))


def _named_parts(value: list[object]) -> list[tuple[str, object]] | None:
    """A list whose entries state their own names, as programs hand them to the browser; None for any other."""
    parts: list[tuple[str, object]] = []
    for each in value:
        if not isinstance(each, dict) or each.keys() != {"hydratable", "data"}:
            return None
        parts.append((str(each["hydratable"]), {"data": each["data"]}))
    return parts or None


def _inner(value: object) -> object:
    """What a text of JSON within JSON says; None for any other."""
    if not isinstance(value, str) or value[:1] not in ("{", "[") or len(value) < _SHORTEST_JSON:
        return None
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict | list) and read else None


def is_title_alone(entry: str) -> bool:
    """True for an entry that a list states by its title alone."""
    return entry.startswith(_ALONE)


_ALONE = "\0"


def _entry(value: object) -> str:
    """What says which other page an entry of a list is; empty where it does not say."""
    if isinstance(value, str) and " " in value.strip():
        return f"{_ALONE}{value}"
    return _stated(value, KEYS) or _stated(value, _SAYS)


def _stated(value: object, keys: Sequence[str]) -> str:
    """The first value of one of these names in an object, or in those right below it."""
    level = [value]
    for _ in range(_DEEPEST_KEY):
        dicts = [each for each in level if isinstance(each, dict)]
        for each in dicts:
            named = {str(key).lower(): inner for key, inner in each.items()}
            for key in keys:
                if isinstance(named.get(key), str | int):
                    return f"{key}={named[key]}"
        level = [inner for each in dicts for inner in each.values()]
    return ""
