"""Places beside the main text in which each of several observers saw something else: they change with every visit.

With two captures, one line that differs may be a counter or a forgery. With three or more, a forger shows: a line that
everybody else has alike differs in one capture alone. Where no value was seen by half of the observers, the place
itself varies. What states something about the page is compared all the same.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from archive.corroborate.folding import fold
from archive.corroborate.page_content import PageContent, TextBlock

FEWEST = 3
"""Observers from which on a place is known to vary."""
_LONGEST = 160
_NUMBER = re.compile(r"[0-9٠-٩۰-۹]+(?:[.,:٫٬][0-9٠-٩۰-۹]+)*")
Place = tuple[object, ...]


def varying_places(pages: Sequence[PageContent]) -> frozenset[Place]:
    """Places that all of these pages have once, and at which no value stands in half of them."""
    if len(pages) < FEWEST:
        return frozenset()
    sides = [_values(page.blocks) for page in pages]
    shared = set.intersection(*(set(side) for side in sides))
    return frozenset(place for place in shared if _varies([side[place] for side in sides]))


def places_of(block: TextBlock) -> tuple[Place, ...]:
    """A text by its words and where it stands, whatever its numbers are; and by where it stands alone."""
    if block.is_main or block.kind not in ("visible", "attribute"):
        return ()
    if len(block.text) > _LONGEST or block.is_cell:
        return ()
    where = block.kind, block.how, block.section, block.labels, _bare(block.before), block.is_link
    return (*where, _bare(block.text)), where


def _values(blocks: Iterable[TextBlock]) -> dict[Place, tuple[str, ...]]:
    found: dict[Place, list[str]] = defaultdict(list)
    for block in blocks:
        for place in places_of(block):
            found[place].append(f"{fold(block.text)}\0{' '.join(block.links)}")
    # A place that several texts share is none: which of them is which is not known.
    return {place: tuple(texts) for place, texts in found.items() if len(texts) == 1}


def _varies(values: list[tuple[str, ...]]) -> bool:
    return 2 * max(Counter(values).values()) < len(values)


def _bare(text: str) -> str:
    return _NUMBER.sub("0", fold(text))
