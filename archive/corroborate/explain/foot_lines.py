"""The counter of visitors that a page without marked parts has at its end, behind its last sentence.

The word alone counts anybody (`Visitors: 12` of a prison). Here it counts readers: it stands last, in no table and
below no label, the number is large, and between two visits it hardly moved.
"""

from __future__ import annotations

from collections.abc import Sequence

from archive.corroborate.pages.content import ComparedPage, TextBlock
from archive.corroborate.texts.counters import count_in
from archive.corroborate.texts.folding import count_words, fold

_SENTENCE = 8
"""Words of a line that says something."""
_LAST = 6
"""Lines at the end of a page."""
_FEWEST = 1_000
_DRIFT = 0.05
_MEASURES = frozenset(("visitors", "visits", "hits"))


def lines_of_foot(page: ComparedPage) -> Sequence[TextBlock]:
    """The last lines of a page with a text, behind its last sentence."""
    shown = [block for block in page.blocks if block.kind == "visible"]
    start = next((at for at in range(len(shown), 0, -1) if count_words(shown[at - 1].text) >= _SENTENCE), None)
    return shown[max(start, len(shown) - _LAST) :] if start is not None else ()


def count_visitors(one: TextBlock, other: TextBlock) -> bool:
    """True for two lines, both last in their page, that count visitors and nothing else."""
    if any(block.is_cell or block.is_headed for block in (one, other)):
        return False
    counts = [count_in(fold(block.text), frozenset(), "footer") for block in (one, other)]
    if counts[0] is None or counts[1] is None or counts[0].measures != counts[1].measures:
        return False
    numbers = counts[0].numbers + counts[1].numbers
    is_one = len(numbers) == 2 and min(numbers) >= _FEWEST
    return is_one and _MEASURES.issuperset(counts[0].measures) and max(numbers) <= min(numbers) * (1 + _DRIFT)
