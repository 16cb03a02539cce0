"""Names are looked at many at a time: an odd one is noticed wherever it stands among plain ones."""

from __future__ import annotations

import pytest

from archive.verify.files.names import looked_at, odd_names

PLAIN = [f"data/d{number // 1000}/Report {number} (1.2).pdf" for number in range(5000)]


def are_plain(names: list[str]) -> bool:
    looking = looked_at(names)
    while True:
        try:
            next(looking)
        except StopIteration as ended:
            return bool(ended.value)


def test_plain_names_need_no_closer_look() -> None:
    assert are_plain(PLAIN)
    assert are_plain([])
    assert list(odd_names(PLAIN)) == []


@pytest.mark.parametrize("place", [0, 2000, 4095, 4096, 5000])
@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("data/a.", "a."),
        ("data/a ", "a "),
        ("data/a./b", "a."),
        ("data/a /b", "a "),
        ("data/Con", "Con"),
        ("data/lpt1.txt/b", "lpt1.txt"),
        ("data/" + "a" * 256, "a" * 256),
    ],
)
def test_an_unsafe_name_is_noticed_wherever_it_stands(name: str, odd: str, place: int) -> None:
    names = [*PLAIN[:place], name, *PLAIN[place:]]
    assert not are_plain(names)
    assert list(odd_names(names)) == [(name, "name-unsafe", odd)]


def test_a_name_with_a_nul_is_no_two_names() -> None:
    names = [*PLAIN, "data/a\0b"]
    assert not are_plain(names)
    assert list(odd_names(names)) == [(names[-1], "name-unsafe", "a\0b"), (names[-1], "name-control", "U+0000")]


@pytest.mark.parametrize("place", [0, 2000, 5000])
def test_twins_by_case_are_noticed_across_blocks(place: int) -> None:
    twin = PLAIN[4500].upper().replace("DATA", "data")
    assert not are_plain([*PLAIN[:place], twin, *PLAIN[place:]])
