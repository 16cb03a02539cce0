"""JSON in a page as values by their paths: names joined by dots, and the entries of lists of other pages in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, islice

from archive.corroborate.explain.value_tokens import leaf_text
from archive.corroborate.explain.values import is_address, is_changing
from archive.corroborate.pages.script_data import OF_PROGRAM
from archive.corroborate.texts.folding import composed, count_words
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
    within: tuple[int, ...] = field(default=(), compare=False, repr=False)
    """The objects that it lies in, outermost first: numbers that no other object of its page has."""
    position: int = field(default=-1, compare=False, repr=False)
    """Where it stands in a list that is a record, of values of several kinds; -1 elsewhere."""

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
    numbers = count()
    named = [_named(text) for text in texts]
    of_programs = {name for name, body in named if body.startswith(OF_PROGRAM)}
    read = [
        (name, _leaves_of(name, body.removeprefix(OF_PROGRAM), numbers, is_of_program=name in of_programs))
        for name, body in named
    ]
    for found in _as_arrived(read):
        yield from found


def _leaves_of(name: str, body: str, numbers: Iterator[int], *, is_of_program: bool) -> list[Leaf]:
    """The values of one text of JSON."""
    whole = [Leaf("text", " ".join(body.split()))]
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return whole
    found = list(islice(_walk(read, name, numbers), MOST_VALUES + 1))
    found = found if len(found) <= MOST_VALUES else whole
    is_described = describes_page(body)
    is_stored = not is_described and (is_of_program or len(found) >= _FEWEST_STORED)
    return [replace(leaf, is_described=is_described, is_stored=is_stored) for leaf in found]


def _as_arrived(read: list[tuple[str, list[Leaf]]]) -> list[list[Leaf]]:
    """The values of each text; of those that one function of a program is handed, in the order of what they say.

    A server hands its parts to the program of a page as they become ready.
    """
    handed: dict[str, list[list[Leaf]]] = {}
    for name, leaves in read:
        if name and leaves and leaves[0].is_stored:
            handed.setdefault(name, []).append(leaves)
    sorted_by = {name: iter(sorted(several, key=_texts_of)) for name, several in handed.items()}
    return [next(sorted_by[name]) if name and leaves and leaves[0].is_stored else leaves for name, leaves in read]


def _texts_of(leaves: list[Leaf]) -> list[tuple[int, str]]:
    """What says something, the longest first."""
    return sorted((-len(leaf.value), leaf.value) for leaf in leaves if count_words(leaf.value) >= _TEXT)


def _named(text: str) -> tuple[str, str]:
    """The name of a text of JSON, if it has one, and the text."""
    name, _, body = text.partition("\0") if "\0" in text[:200] else ("", "", text)
    return name, body


def _walk(read: object, name: str, numbers: Iterator[int]) -> Iterator[Leaf]:
    """Path and value of every leaf, names in the order of the alphabet; the number in a list is no part of the path."""
    stack: list[tuple[str, object, int, str, tuple[int, ...], int]] = [(name, read, 0, "", (), -1)]
    while stack:
        path, value, depth, entry, within, position = stack.pop()
        if depth > _DEEPEST:
            yield Leaf(path, json.dumps(value, sort_keys=True), entry, within=within)
        elif isinstance(value, dict):
            within = (*within, next(numbers))
            stack += [
                (f"{path}.{name}" if path else name, each, depth + 1, entry, within, -1)
                for name, each in reversed(_members(value))
            ]
        elif isinstance(value, list):
            if (parts := _named_parts(value)) is not None:
                stack += [(f"{path}.{name}", each, depth + 1, entry, within, -1) for name, each in reversed(parts)]
                continue
            is_of_others = any(_OTHERS.fullmatch(CAMEL.sub("_", name)) for name in path.split("."))
            is_record = len({type(each) for each in value if each is not None}) > 1
            places = range(len(value)) if is_record else [-1] * len(value)
            stack += [
                (path, each, depth + 1, entry or (_entry(each) if is_of_others else ""), within, at)
                for at, each in reversed([*zip(places, value, strict=True)])
            ]
        elif (inner := _inner(value)) is not None:
            stack.append((path, inner, depth + 1, entry, within, position))
        else:
            yield Leaf(path, leaf_text(value), entry, within=within, position=position)


_MADE_KEY = re.compile(r"(?<=[a-z]_id:)[0-9a-f]{32,64}\Z")
_MADE = re.compile(r"\d{15,20}|[0-9a-f]{32,64}")
_TEXT = 3
"""Words of a text."""


def _members(value: dict[str, object]) -> list[tuple[str, object]]:
    """Names and values in the order of the alphabet, without what is made up for the visit in a name.

    That is the end of `views_dom_id:8f3a…`, and all of the only name that an object has, if no text lies below it.
    """
    if len(value) == 1:
        name, below = next(iter(value.items()))
        if _MADE.fullmatch(name) and all(count_words(leaf.value) < _TEXT for leaf in _walk(below, "", count())):
            return [("0", below)]
    return [(_MADE_KEY.sub("", name), value[name]) for name in sorted(value)]


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
