"""Answers for many things, worked out by as many processes as there are cores, in the order of the things.

What a process does not answer, because it died or met an error, is done again in this one, which then raises it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from archive.verify.files.forked import DIED, can_fork, in_forks
from archive.verify.files.workers import cores

_Thing = TypeVar("_Thing")
_Answer = TypeVar("_Answer")
FEWEST = 8
"""Things from which on a process each takes less time than it costs."""


def each_answer(
    things: Sequence[_Thing], answer: Callable[[_Thing], _Answer], prepare: Callable[[], None]
) -> Iterator[_Answer]:
    """Yield the answer for each thing, in their order. `prepare` runs first in each process, to reopen its files."""
    known: dict[int, tuple[_Answer]] = {}
    jobs = cores()
    if jobs > 1 and len(things) >= FEWEST and can_fork():
        found = in_forks(jobs, len(things), partial(_answered, things, answer), prepare)
        known = {number: one for number, one in found if one is not None and one is not DIED}
    for number, thing in enumerate(things):
        yield known.pop(number)[0] if number in known else answer(thing)


def _answered(things: Sequence[_Thing], answer: Callable[[_Thing], _Answer], number: int) -> tuple[_Answer] | None:
    try:
        return (answer(things[number]),)
    except Exception:  # noqa: BLE001 -- raised again where it is seen
        return None
