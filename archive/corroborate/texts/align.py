"""Pairs two sequences: what stands in both, and what was put in the place of what. Takes n log n steps."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Gap:
    """Where two sequences differ: `first` to `first_end` of the one, `second` to `second_end` of the other."""

    first: int
    first_end: int
    second: int
    second_end: int


def gaps(one: Sequence[Key], other: Sequence[Key]) -> list[Gap]:
    """Every stretch in which the two differ, in order (patience diff: what is unique in both anchors the rest)."""
    found: list[Gap] = []
    waiting = [(0, len(one), 0, len(other))]
    while waiting:
        low, high, start, end = waiting.pop()
        while low < high and start < end and one[low] == other[start]:
            low, start = low + 1, start + 1
        while low < high and start < end and one[high - 1] == other[end - 1]:
            high, end = high - 1, end - 1
        if low == high and start == end:
            continue
        anchors = _anchors(one, other, (low, high, start, end)) if low < high and start < end else []
        if not anchors:
            found.append(Gap(low, high, start, end))
            continue
        at, there = low, start
        for first, second in anchors:
            waiting.append((at, first, there, second))
            at, there = first + 1, second + 1
        waiting.append((at, high, there, end))
    return sorted(found, key=lambda gap: (gap.first, gap.second))


def _anchors(one: Sequence[Key], other: Sequence[Key], within: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """The longest run of elements that occur once in each stretch, in the order of both."""
    low, high, start, end = within
    counted, counted_there = Counter(one[low:high]), Counter(other[start:end])
    places = {other[at]: at for at in range(start, end) if counted_there[other[at]] == 1}
    pairs = [(at, places[one[at]]) for at in range(low, high) if counted[one[at]] == 1 and one[at] in places]
    return _longest_rising(pairs)


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        at = bisect_left(ends, place)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1] = [place]
        last[at : at + 1] = [number]
    chain: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]
