"""Ranks and clocks that stand before the entries of lists of other pages: of the list, and not of the entry.

A number is a rank where the entries below one heading count up from one, in digits of any script. In a page's main
text a rank is what the page says, and stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from archive.corroborate.pages.content import TextBlock
from archive.corroborate.texts.clocks import is_time_alone

_FEWEST = 2
"""Entries that make a list."""


def without_ranks(blocks: Sequence[TextBlock], is_beside: Callable[[TextBlock], bool]) -> list[TextBlock]:
    """The blocks of a page without the ranks of entries that stand beside its text and say something else too."""
    last: dict[tuple[str, str], list[TextBlock]] = {}
    said = Counter(block.entry for block in blocks if block.entry and not _number(block))
    for block in blocks:
        if said[block.entry] and not block.is_main and _number(block) and is_beside(block):
            ranks = last.setdefault((block.section, block.heading), [])
            if _number(block) == len(ranks) + 1:
                ranks.append(block)
    gone = {id(block) for ranks in last.values() if len(ranks) >= _FEWEST for block in ranks}
    return [block for block in blocks if id(block) not in gone]


def without_clocks(
    one: Sequence[TextBlock], other: Sequence[TextBlock], is_beside: Callable[[TextBlock], bool]
) -> tuple[list[TextBlock], list[TextBlock]]:
    """One entry of two pages without its clocks, where it stands in other lists in the one than in the other."""
    headings = [{block.heading for block in side} for side in (one, other)]
    if headings[0] & headings[1]:
        return list(one), list(other)
    first, second = (
        [block for block in side if not (is_beside(block) and not block.is_main and is_time_alone(block.text))]
        for side in (one, other)
    )
    return first, second


def _number(block: TextBlock) -> int:
    """The number that a block is, and nothing else; zero for any other."""
    text = block.text.strip(" .)#")
    return int(text) if text.isdecimal() and len(text) <= _LONGEST and block.kind == "visible" else 0


_LONGEST = 3
