"""Pairs of observers that are the same to each other in one source, shown once with what differs between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from archive.corroborate.pair_names import name_pairs
from archive_manifests.corroboration import Difference, Pair, PairStatus, Relation

_STATUS_ORDER = tuple(PairStatus)


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """One thing in which pairs differ, with what each observer has."""

    difference: Difference
    texts: tuple[tuple[str, str], ...]
    """Names of observers, and the text that these have."""


@dataclass(frozen=True, slots=True)
class AlikePairs:
    """Pairs of observers that are the same to each other in one source."""

    pair: Pair
    names: str
    """Of all these pairs."""
    differences: tuple[ShownDifference, ...]


def alike_pairs(pairs: Sequence[Pair]) -> Iterator[AlikePairs]:
    """Contradictions first; pairs that differ in the same things are shown once."""
    grouped: dict[Pair, list[Pair]] = {}
    for pair in sorted(pairs, key=lambda pair: _STATUS_ORDER.index(pair.status)):
        grouped.setdefault(_kind(pair), []).append(pair)
    for alike in grouped.values():
        yield AlikePairs(alike[0], names_of(alike), tuple(_shown(alike)))


def names_of(pairs: Sequence[Relation | Pair]) -> str:
    """The pairs by the names of their observers."""
    return name_pairs((one.first, one.second) for one in pairs)


def _kind(pair: Pair) -> Pair:
    """What pairs that are shown once have alike: not the texts of what changes with every visit."""
    differences = tuple(
        one if one.is_substance else replace(one, first="", second="", count=1) for one in pair.differences
    )
    return replace(pair, first="", second="", differences=differences)


def _shown(alike: Sequence[Pair]) -> Iterator[ShownDifference]:
    """Each difference of alike pairs with every text that an observer has there, the sides of one text together."""
    for number, difference in enumerate(alike[0].differences):
        names: dict[tuple[bool, str], dict[str, None]] = {}
        for pair in alike:
            one = pair.differences[number]
            # In what changes, an observer is first in one pair and second in another.
            names.setdefault((one.is_substance, one.first), {})[pair.first] = None
            names.setdefault((False, one.second), {})[pair.second] = None
        most = max(pair.differences[number].count for pair in alike)
        texts = tuple((", ".join(who), text) for (_, text), who in names.items())
        yield ShownDifference(replace(difference, count=most), texts)
