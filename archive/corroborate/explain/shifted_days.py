"""Days of past events that a server writes by its own time zone: all of one page's are a day apart from the other's.

A server that keeps moments writes midnight in one zone as the evening before in another. Then every date of the page
that stands alone in its element moves, and by the same day. A forger who alters one date leaves the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from archive.corroborate.pages.content import ComparedPage, TextBlock
from archive.corroborate.texts.dates import time_expressions
from archive.corroborate.texts.folding import composed

_FEWEST = 5
"""Different days that have to move; fewer may be those of one event."""
_DAY = timedelta(days=1)
_LONGEST = 40
"""Characters of a text that is one day."""


def with_days_of(one: ComparedPage, other: ComparedPage) -> ComparedPage | None:
    """The other page with the days of the first, where all that stand alone are one day apart; None otherwise."""
    sides = [list(_days_of(page)) for page in (one, other)]
    days = [[day for _, day in side] for side in sides]
    if len(days[0]) != len(days[1]) or len(set(days[0])) < _FEWEST:
        return None
    apart = {second - first for first, second in zip(*days, strict=True)}
    if apart not in ({_DAY}, {-_DAY}):
        return None
    said = {id(block): match.text for (block, _), (match, _) in zip(sides[1], sides[0], strict=True)}
    return replace(other, blocks=[
        replace(block, text=said[id(block)]) if id(block) in said else block for block in other.blocks
    ])  # fmt: skip


def _days_of(page: ComparedPage) -> Iterator[tuple[TextBlock, datetime]]:
    """The texts that are one day, which can be no other, and nothing else."""
    for block in page.blocks:
        if block.kind != "visible" or len(block.text) > _LONGEST:
            continue
        text = composed(block.text)
        times = time_expressions(text)
        is_alone = len(times) == 1 and (times[0].start, times[0].end) == (0, len(text))
        if is_alone and times[0].kind == "day" and len(times[0].moments) == 1:
            yield block, times[0].moments[0]
