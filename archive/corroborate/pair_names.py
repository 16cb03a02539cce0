"""Pairs of observers in few words: those of a group once for the group, and not each pair by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

Pairs = Iterable[tuple[str, str]]
_BETWEEN = " – "


def name_pairs(pairs: Pairs, comma: str = ", ") -> str:
    """`o1 – o2 – o3` for every pair of the three, `o1, o2 – o3, o4` for each of the first with each of the last.

    Several of these are separated by semicolons.
    """
    neighbours: dict[str, set[str]] = {}
    for one, other in pairs:
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    return "; ".join(_of_group(group, neighbours, comma) for group in _groups(neighbours))


def _groups(neighbours: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """The names that pairs connect, each group in the order in which they first occur."""
    left = dict.fromkeys(neighbours)
    while left:
        found, waiting = set[str](), [next(iter(left))]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += neighbours[name]
        yield [name for name in left if name in found]
        left = dict.fromkeys(name for name in left if name not in found)


def _of_group(group: Sequence[str], neighbours: Mapping[str, set[str]], comma: str) -> str:
    if all(other in neighbours[one] for one, other in combinations(group, 2)):
        return _BETWEEN.join(group)
    first = [name for name in group if name not in neighbours[group[0]]]
    rest = [name for name in group if name in neighbours[group[0]]]
    if all(neighbours[name] == set(rest) for name in first) and all(neighbours[name] == set(first) for name in rest):
        return f"{comma.join(first)}{_BETWEEN}{comma.join(rest)}"
    # Neither: what each has with those that stand behind it.
    behind = ((name, [other for other in group[at:] if other in neighbours[name]]) for at, name in enumerate(group))
    return "; ".join(f"{name}{_BETWEEN}{comma.join(others)}" for name, others in behind if others)
