"""Lines that a server writes into a file when it sends it: `Downloaded on 26 November 2026 by 203.0.113.7`."""

from __future__ import annotations

from collections.abc import Iterable

from archive.corroborate.texts.dates import TimeExpression, time_expressions
from archive.corroborate.texts.folding import composed
from archive.corroborate.texts.machine import is_made
from archive.corroborate.texts.tokens import masked
from archive.corroborate.texts.visit_times import Visits, explained

_KINDS = frozenset(("moment", "day", "clock", "hijri", "solar"))
_LONGEST = 300
_SHORTEST = 8
"""Signs of what was made up to number a visit."""


def is_stamp(one: str, other: str, visits: Visits) -> bool:
    """True for one line that differs only in the time of the visit, or in the address that asked for the file.

    A line that states the time of each visit may also state what was made up to number it.
    """
    if max(len(one), len(other)) > _LONGEST:
        return False
    times = time_expressions(one), time_expressions(other)
    rests = _without(one, times[0]), _without(other, times[1])
    is_timed = [_said(one, each) for each in times[0]] != [_said(other, each) for each in times[1]]
    if is_timed:
        rests = _without_numbers(rests[0]), _without_numbers(rests[1])
    if len(times[0]) != len(times[1]) or rests[0] != rests[1]:
        return False
    return all(
        _said(one, first) == _said(other, second)
        or (first.kind in _KINDS and explained(first, second, visits, is_cached=False))
        for first, second in zip(*times, strict=True)
    )


def _without(text: str, times: Iterable[TimeExpression]) -> str:
    """The rest of a line, without times and addresses of networks."""
    for time in reversed(list(times)):
        text = f"{text[: time.start]}\0{text[time.end :]}"
    return composed(masked(text))


def _without_numbers(text: str) -> str:
    return " ".join("" if len(word) >= _SHORTEST and is_made(word) else word for word in text.split())


def _said(text: str, time: TimeExpression) -> str:
    return text[time.start : time.end]
