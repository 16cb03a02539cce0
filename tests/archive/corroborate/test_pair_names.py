"""Many pairs of observers in few words, and never another pair than was given."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.corroborate.pair_names import name_pairs

NAMES = [f"o{number}" for number in range(1, 8)]
ALL = list(combinations(NAMES, 2))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], ""),
        ([("o1", "o2")], "o1 – o2"),
        (combinations(NAMES[:4], 2), "o1 – o2 – o3 – o4"),
        ([("o1", "o2"), ("o1", "o3")], "o1 – o2, o3"),
        ([("o1", "o2"), ("o1", "o4"), ("o2", "o3"), ("o3", "o4")], "o1, o3 – o2, o4"),
        ([*combinations(NAMES[:3], 2), ("o4", "o5")], "o1 – o2 – o3; o4 – o5"),
        ([("o1", "o2"), ("o1", "o3"), ("o2", "o3"), ("o3", "o4")], "o1 – o2, o3; o2 – o3; o3 – o4"),
    ],
)
def test_a_group_is_named_once(pairs: list[tuple[str, str]], expected: str) -> None:
    assert name_pairs(pairs) == expected


def read(text: str) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for group in filter(None, text.split("; ")):
        sides = [side.split(", ") for side in group.split(" – ")]
        for first, second in combinations(sides, 2):
            found |= {(min(one, other), max(one, other)) for one in first for other in second}
    return found


@given(st.sets(st.sampled_from(ALL)))
def test_the_words_give_the_same_pairs_again(pairs: set[tuple[str, str]]) -> None:
    assert read(name_pairs(sorted(pairs))) == pairs
