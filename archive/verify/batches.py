"""Which files are read together: enough to be worth a message, few enough that no core waits for another."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from archive.bag.interface import UNKNOWN, Entry
from archive.verify.reading import Batch

MOST_FILES = 256
MOST_OCTETS = 8 << 20
MOST_NAMES = 12 << 10
"""Characters of names: a batch must fit into a pipe (64 KiB), or both sides could wait for the other for ever."""

FEW = 5_000
"""Files of a bag that are sorted before they are read, the largest first, so that no core waits at the end."""

FEW_A_BATCH = 32
"""Files of such a bag that are read together."""


def by_size(entries: Iterable[Entry], large: float, leave_out: Container[str] = ()) -> Iterator[Batch]:
    """Batches of files whose sizes are known, in their order; one of `large` or more octets may have idle cores."""
    batch, names = Batch(), 0
    for entry in entries:
        if entry.path in leave_out:
            continue
        names += len(entry.path)
        is_full = len(batch.paths) >= FEW_A_BATCH or batch.octets + entry.size > MOST_OCTETS
        if batch.paths and (is_full or names > MOST_NAMES):
            yield batch
            batch, names = Batch(), len(entry.path)
        batch.add(entry)
        batch.is_wide = entry.size >= large
    if batch.paths:
        yield batch


def by_number(names: Iterable[list[str]], number: int) -> Iterator[Batch]:
    """Batches of `number` files whose sizes nobody asked for."""
    waiting: list[str] = []
    for more in names:
        waiting += more
        whole = len(waiting) - len(waiting) % number
        for start in range(0, whole, number):
            yield from _named(waiting[start : start + number])
        del waiting[:whole]
    if waiting:
        yield from _named(waiting)


def number_for(mean: int) -> int:
    """How many files of a mean size are read together. The size is what the bag claims, so it may be anything."""
    return max(1, min(MOST_FILES, MOST_OCTETS // max(1, min(mean, MOST_OCTETS))))


def _named(names: list[str]) -> Iterator[Batch]:
    """A batch of names, or several where they are long."""
    if len(names) > 1 and sum(map(len, names)) > MOST_NAMES:
        middle = len(names) // 2
        yield from _named(names[:middle])
        yield from _named(names[middle:])
    else:
        yield Batch(paths=names, sizes=[UNKNOWN] * len(names), at=[0] * len(names))
