"""What several observers show of a place beside the main text: that it is another for each visit, or grows with time.

With two captures, one line that differs may be a counter or a forgery. With three or more, a forger shows: what
everybody else has alike differs in one capture alone. A place *varies* where no value was seen by half of the
observers. A number *grows* where it never falls from one capture to the next. Nobody is outvoted: a value that half of
them saw contradicts every other one, and what makes a claim about the page's subject is compared all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from archive.corroborate.explain.varying_rows import NUMBER, PARTED, judge_row
from archive.corroborate.pages.content import ComparedPage, TextBlock
from archive.corroborate.texts.folding import count_words, fold
from archive.corroborate.texts.places import place_of_link

FEWEST = 3
"""Observers from which on a place is known to vary."""
_LONGEST = 400
_MANY = 4_000
"""Texts of a page from which on those that all pages have are no part of a place: a page may have 60,000."""
_COUNTED = 10
"""Words of a count."""
Place = tuple[object, ...]
Values = Mapping[Place, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Varying:
    """What is known of the places of one source by all of its captures."""

    places: frozenset[Place] = frozenset()
    """Where no value was seen by half of the observers."""
    stable: frozenset[tuple[Place, str]] = frozenset()
    """What half of them saw at such a place all the same."""
    growing: frozenset[tuple[Place, str]] = frozenset()
    """Lines of one text but for numbers that never fall and of which one varies."""

    edited: frozenset[tuple[str, str]] = frozenset()
    """Where links lead and what they say there, while most links to that place have other words."""

    is_sure: bool = False
    """More captures were read than two forgers and one honest observer have."""

    def explains(self, place: Place, value: str, *, is_listed: bool = False) -> bool:
        """True for a value that only its visit brought there; `is_listed` of an entry that several visits may bring."""
        return place in self.places and (is_listed or (place, value) not in self.stable)

    def joined(self, other: Varying) -> Varying:
        sides = ((getattr(self, each.name), getattr(other, each.name)) for each in fields(self))
        return Varying(*(one | two for one, two in sides))


NOTHING = Varying()


def varying_of(sides: Sequence[Values], visits: Sequence[datetime], *, are_lists: bool = False) -> Varying:
    """Compare the values that each observer has at each place; `visits` are the times of the captures.

    With `are_lists` several values at one place are entries of a list, of which each visit may bring others.
    """
    if len(sides) < FEWEST:
        return NOTHING
    order = sorted(range(len(sides)), key=lambda at: visits[at])
    places, stable, growing = set[Place](), set[tuple[Place, str]](), set[tuple[Place, str]]()
    for place in {place for side in sides for place in side}:
        values = [tuple(side.get(place, ())) for side in sides]
        if 2 * max(Counter(values).values()) >= len(sides):
            continue
        places.add(place)
        seen = Counter(value for found in values for value in set(found))
        usual = Counter(map(len, values)).most_common(1)[0][0]
        if not are_lists:  # what one capture has more there was put beside what varies
            stable |= {(place, value) for found in values if len(found) != usual for value in found}
        stable |= {(place, value) for value in _leading_elsewhere(values)}
        if not are_lists or all(len(found) <= 1 for found in values):
            stable |= {(place, value) for value, number in seen.items() if 2 * number >= len(sides)}
        if not are_lists and len({len(found) for found in values}) == 1:
            for row in zip(*(values[at] for at in order), strict=True):
                fixed, is_growing = judge_row(row, is_ordered=len(set(visits)) > 1)
                stable |= {(place, value) for value in fixed}
                growing |= {(place, value) for value in row if is_growing}
    is_sure = len(sides) > FEWEST
    return Varying(frozenset(places), frozenset(stable), frozenset(growing), is_sure=is_sure)


def _leading_elsewhere(sides: Sequence[Sequence[str]]) -> Iterator[str]:
    """Addresses that lead elsewhere than those of half of the observers, whatever the query of each visit."""
    for place in (_without_query, place_of_link):
        led = Counter(frozenset(map(place, found)) for found in sides if all(map(_ADDRESS.match, found)))
        for usual, number in led.items():
            if usual and 2 * number >= len(sides):
                addresses = (value for found in sides for value in found if _ADDRESS.match(value))
                yield from (value for value in addresses if place(value) not in usual)


_ADDRESS = re.compile(r"(?:https?:)?//[^\s/]+\.[^\s]*\Z|/[^\s/][^\s]*\Z", re.IGNORECASE)


def _without_query(address: str) -> str:
    return re.split(r"[?#]", place_of_link(address), maxsplit=1)[0]


def varying_places(pages: Sequence[ComparedPage], visits: Sequence[datetime]) -> Varying:
    """The places of these pages' texts that vary."""
    if len(pages) < FEWEST:
        return NOTHING
    shared = set[str]()
    if max(len(page.blocks) for page in pages) > _MANY:
        shared = set.intersection(*({block.text for block in page.blocks} for page in pages))
    apart = [[block for block in page.blocks if block.text not in shared] for page in pages]
    found = varying_of([_values(blocks) for blocks in apart], visits)
    return replace(found, edited=frozenset(_edited([_led_to(blocks) for blocks in apart])))


def _led_to(blocks: Iterable[TextBlock]) -> dict[str, set[str]]:
    """What the links of a page say, by where they lead."""
    found: dict[str, set[str]] = {}
    for block in blocks:
        if block.is_link and block.kind == "visible" and block.near_link and any(map(str.isalpha, block.text)):
            found.setdefault(place_of_link(block.near_link), set()).add(said_by(block))
    return found


def said_by(block: TextBlock) -> str:
    """The words of a link, whatever its numbers are."""
    return _bare(block.text)


def _edited(sides: Sequence[Mapping[str, set[str]]]) -> Iterator[tuple[str, str]]:
    for place in {place for side in sides for place in side}:
        said = [side[place] for side in sides if place in side]
        seen = Counter(text for texts in said for text in texts)
        usual = {text for text, number in seen.items() if 2 * number > len(said)}
        yield from ((place, text) for texts in said if not texts & usual and usual for text in texts)


def places_of(block: TextBlock) -> tuple[Place, ...]:
    """Where a text stands: by its words, whatever its numbers are; and by its elements alone."""
    if block.kind not in ("visible", "attribute", "hidden") or len(block.text) > _LONGEST:
        return ()
    bare = _bare(block.text)
    if block.offer:
        return (("offer", _bare(block.offer)),)
    if block.is_main and not _is_count(block):
        return ()
    where = block.kind, block.how, block.section, block.labels, block.is_link, block.is_main
    return ((*where, _bare(block.before), bare), where)


def _is_count(block: TextBlock) -> bool:
    """True for a number with a short label in an element that a class names, in no list of terms and no ranking."""
    is_apart = bool(block.labels) and not (block.is_cell or block.is_ranked)
    return is_apart and count_words(block.text) <= _COUNTED and NUMBER.search(block.text) is not None


def value_of_block(block: TextBlock) -> str:
    """What a text says, element by element, and where it leads."""
    said = PARTED.join(fold(text) for text, _ in block.parts) or fold(block.text)
    return f"{said}\0{' '.join(block.links)}"


def _values(blocks: Iterable[TextBlock]) -> dict[Place, list[str]]:
    found: dict[Place, list[str]] = {}
    for block in blocks:
        for place in places_of(block):
            found.setdefault(place, []).append(value_of_block(block))
    return found


def _bare(text: str) -> str:
    return NUMBER.sub("0", fold(text))
