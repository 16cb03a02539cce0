"""A file read in parts, side by side: what comes out is what one walk finds, or nothing."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.warc.report import WarcReport, joined
from archive.warc.scan import WarcScan
from tests.archive.warc.warc_bytes import PATH, faults, member, record, scan, sound, zipped

NOISE = random.Random(7).randbytes(40_000)
MANY = [record("resource", number, NOISE[: number * 37 % 4000]) for number in range(120)]


def part(data: bytes, start: int, stop: int | None, step: int) -> WarcReport:
    reading = WarcScan(PATH, start, stop)
    for at in range(start, len(data), step):
        if reading.is_done:
            break
        reading.feed(data[at : at + step])
    return reading.close()


def in_parts(data: bytes, cuts: list[int], step: int = 4096) -> WarcReport | None:
    starts = [0, *sorted(cuts)]
    stops = [*starts[1:], None]
    return joined([part(data, start, stop, step) for start, stop in zip(starts, stops, strict=True)], len(data))


def same(one: WarcReport | None, other: WarcReport) -> bool:
    assert one is not None
    return (list(one.records()), one.faults, one.count, one.size) == (
        list(other.records()),
        other.faults,
        other.count,
        other.size,
    )


DATA = zipped(MANY)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, len(DATA) - 1), min_size=1, max_size=5, unique=True), st.sampled_from([997, 65_536]))
def test_wherever_it_is_cut_the_whole_comes_out(cuts: list[int], step: int) -> None:
    assert same(in_parts(DATA, cuts, step), scan(DATA))


@pytest.mark.parametrize("place", [0, 5000, len(DATA) // 2, len(DATA) - 20])
def test_damage_in_any_part_is_reported_as_one_pass_reports_it(place: int) -> None:
    data = bytearray(DATA)
    data[place] ^= 0x20
    whole = in_parts(bytes(data), [len(data) // 3, 2 * len(data) // 3])
    assert same(whole, scan(bytes(data)))
    assert faults(bytes(data))


def test_a_record_that_holds_a_warc_of_its_own_is_not_taken_for_the_file_itself() -> None:
    inner = zipped([record("resource", 500, NOISE), *sound()])
    outer = zipped(sound()) + member(record("resource", 501, inner), 0) + zipped(sound()[3:])
    cut = outer.index(inner) + 10
    assert in_parts(outer, [cut]) is None
    assert scan(outer).faults == ()


def test_a_cut_within_the_last_member_leaves_a_part_without_any() -> None:
    data = zipped([*sound(), record("resource", 9, NOISE)])
    assert same(in_parts(data, [len(data) - 1000]), scan(data))


def test_a_file_that_ends_too_early_is_reported_by_the_last_part() -> None:
    data = DATA[:-30]
    assert same(in_parts(data, [len(data) // 2]), scan(data))
    assert [code for code, _ in faults(data)] == ["warc-cut"]


def test_a_plain_file_is_read_by_its_first_part_alone() -> None:
    plain = b"".join(MANY[:20])
    assert same(in_parts(plain, [len(plain) // 2]), scan(plain))


def test_nothing_is_left_to_one_walk_which_says_so() -> None:
    assert in_parts(b"", []) is None
