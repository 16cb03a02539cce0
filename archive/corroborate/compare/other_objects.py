"""Objects of other pages in the data of a page: what a list keeps of each, and those that one page alone has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from archive.corroborate.compare.leaves import CAMEL, KEYS, Leaf
from archive.corroborate.explain.values import is_changing
from archive.corroborate.pages.slots import LAYOUT
from archive.corroborate.texts.folding import count_words
from archive_manifests.corroboration import Difference

_SHOWN = 300
_LEADS = re.compile(r"(?:https?:/)?/\S+\Z", re.IGNORECASE)
"""An address: an object with one is of another page."""


def without_own_objects(
    leaves: tuple[list[Leaf], list[Leaf]], is_silent: Callable[[str], bool]
) -> tuple[list[Difference], tuple[list[Leaf], list[Leaf]]]:
    """The leaves without those of other pages that one page's store alone has and that say nothing of it."""
    holders = [{leaf.holder for leaf in side} for side in leaves]
    leading = _of_other_pages(leaves)
    alone = [
        [
            leaf
            for leaf in side
            if leaf.holder in leading[at] - holders[1 - at] and _is_of_title(leaf) and _says_nothing(leaf, is_silent)
        ]
        for at, side in enumerate(leaves)
    ]
    if not any(alone):
        return [], leaves
    gone = [{id(leaf) for leaf in side} for side in alone]
    first, second = ([leaf for leaf in side if id(leaf) not in gone[at]] for at, side in enumerate(leaves))
    return [_shown_beside(alone)], (first, second)


def _says_nothing(leaf: Leaf, is_silent: Callable[[str], bool]) -> bool:
    return is_silent(leaf.value) or is_when(leaf)


def _of_other_pages(sides: tuple[Sequence[Leaf], Sequence[Leaf]]) -> list[set[str]]:
    """The paths of objects with an address of which there are several, or that are kept by a number: `Post:6`.

    Without an address, both pages have to keep such objects by their numbers.
    """
    stores = [{store for leaf in side if (store := _store(leaf.holder))} for side in sides]
    found = []
    for side in sides:
        often = Counter(leaf.holder for leaf in side if _LEADS.match(leaf.value) and not leaf.is_described)
        led = {
            holder for holder, number in often.items() if number > 1 or any(map(str.isdigit, holder.rpartition(".")[2]))
        }
        titled = {leaf.holder for leaf in side if _TITLES.fullmatch(leaf.path.rpartition(".")[2])}
        found.append(led | {holder for holder in titled if _store(holder) in stores[0] & stores[1]})
    return found


def _store(holder: str) -> str:
    """What objects of one kind are kept in by their numbers, `Post` for `Post:6`; empty for all others."""
    match = _BY_NUMBER.search(holder)
    return holder[: match.start()] if match is not None else ""


_BY_NUMBER = re.compile(r"[.:/_-](?:\d{1,20}|(?=[a-f]*\d)[0-9a-f]{5,40})\Z")


_TITLES = re.compile(r"(?:\w+_)?(?:title|head_?line|name|label|section|category)", re.IGNORECASE)
MOST_UNTITLED = 2
"""Words of a value that is no title: a kind of page, a section."""


def _is_of_title(leaf: Leaf) -> bool:
    """True for what a list of other pages says of one: its title, its address, its number. No text, and no markup."""
    name = CAMEL.sub("_", leaf.path.rpartition(".")[2])
    if "<" in leaf.value:
        return False
    if is_when(leaf):
        return True
    if _NUMBER.fullmatch(leaf.value):
        return name.lower() in KEYS or is_changing(leaf.path, leaf.value)
    return count_words(leaf.value) <= MOST_UNTITLED or _TITLES.fullmatch(name) is not None


def is_when(leaf: Leaf) -> bool:
    """True for the moment at which another page was published."""
    name = CAMEL.sub("_", leaf.path.rpartition(".")[2])
    return _WHEN.fullmatch(name) is not None and _MOMENT.fullmatch(leaf.value) is not None


_WHEN = re.compile(r"(?:\w+_)?(?:date|time|at|published|updated|created|modified)", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]{4,16}(?:Z|[+-]\d\d:?\d\d)?)?")
_NUMBER = re.compile(r"-?[0-9.,]{1,40}")


def _shown_beside(sides: Sequence[Sequence[Leaf]]) -> Difference:
    """Objects that one page alone keeps, and that say nothing of it: those of its other pages."""
    first, second = ("; ".join(leaf.value for leaf in side if count_words(leaf.value) > 1)[:_SHOWN] for side in sides)
    return Difference(LAYOUT, False, first, second)
