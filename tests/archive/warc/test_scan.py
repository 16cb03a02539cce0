"""The strict reader over files with exactly one thing wrong."""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.archive.warc.warc_bytes import faults, member, record, records, scan, sound, zipped

PLAIN, GZ = b"".join(sound()), zipped(sound())


@pytest.mark.parametrize("version", ["WARC/1.0", "WARC/1.1"])
@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_a_sound_file_has_no_faults_and_all_its_records(version: str, step: int) -> None:
    plain = sound(version)
    for data, stored in ((b"".join(plain), plain), (zipped(plain), list(map(member, plain)))):
        report = scan(data, step)
        found = list(report.records())
        assert (report.faults, report.count, report.size) == ((), 4, len(data))
        assert [(each.offset, each.length, each.sha256) for each in found] == [
            (sum(map(len, stored[:place])), len(each), sha256(each).hexdigest()) for place, each in enumerate(stored)
        ]


@pytest.mark.parametrize("whole", [PLAIN, GZ], ids=["plain", "gz"])
def test_every_prefix_but_those_that_end_between_records_is_refused(whole: bytes) -> None:
    ends = {each.offset for each in records(whole)} | {len(whole)}
    accepted = {size for size in range(len(whole) + 1) if not scan(whole[:size]).faults}
    assert accepted == ends - {0}


def test_every_flipped_bit_of_stored_content_is_noticed() -> None:
    """Bits of a gzip header that nothing reads (time, system) are noticed by the stored member's digest alone."""
    original = [each.sha256 for each in records(GZ)]
    for place in range(len(GZ)):
        altered = bytearray(GZ)
        altered[place] ^= 1 << place % 8
        report = scan(bytes(altered))
        assert report.faults or [each.sha256 for each in report.records()] != original, place


def test_a_damaged_member_costs_its_own_record_alone() -> None:
    first, second, third, fourth = map(member, sound())
    broken = bytearray(second)
    broken[len(broken) // 2] ^= 0x10
    report = scan(first + bytes(broken) + third + fourth)
    assert [fault.code for fault in report.faults] == ["warc-gzip"]
    assert [each.type for each in report.records()] == ["warcinfo", "response", "metadata"]


def test_no_file_at_all_is_an_empty_warc() -> None:
    assert faults(b"") == [("warc-empty", 0)]


@pytest.mark.parametrize("garbage", [b"\0", b"\0" * 512, b"garbage", b"\x1f\x8b", b"\x1f\x8b\x08\0\0"])
def test_bytes_after_the_last_member_are_reported(garbage: bytes) -> None:
    report = scan(GZ + garbage)
    assert [fault.offset for fault in report.faults] == [len(GZ)]
    assert report.count == 4


def test_two_records_in_one_member_are_reported_once() -> None:
    one, two, three, four = sound()
    assert faults(member(one) + member(two + three) + member(four)) == [("warc-not-per-record", len(member(one)))]


def test_a_record_over_two_members_is_reported() -> None:
    one, two, *_ = sound()
    assert faults(member(one) + member(two[:90]) + member(two[90:])) == [
        ("warc-not-per-record", len(member(one)) + len(member(two[:90])))
    ]


def test_a_length_that_is_too_long_does_not_hide_the_next_record() -> None:
    long = record("resource", 1, b"short", Content_Length="9999")
    data = member(long) + zipped(sound())
    report = scan(data)
    assert [fault.code for fault in report.faults] == ["warc-length"]
    assert report.count == 4


def test_a_first_byte_that_is_damaged_costs_the_first_record_alone() -> None:
    report = scan(b"\x1e" + GZ[1:])
    assert [(fault.code, fault.offset) for fault in report.faults] == [("warc-garbage", 0)]
    assert [each.type for each in report.records()] == ["request", "response", "metadata"]


def test_a_plain_file_that_is_named_gz_is_read_all_the_same() -> None:
    assert (scan(PLAIN).faults, scan(PLAIN).count) == ((), 4)


def test_a_plain_record_behind_gzip_members_is_not_passed_over_in_silence() -> None:
    assert faults(GZ + sound()[3]) == [("warc-garbage", len(GZ))]


def test_an_empty_member_is_reported() -> None:
    assert faults(GZ + member(b"")) == [("warc-not-per-record", len(GZ))]


def test_records_packed_into_one_member_are_all_read() -> None:
    report = scan(member(PLAIN))
    assert [(fault.code, fault.offset) for fault in report.faults] == [("warc-not-per-record", 0)]
    assert [each.type for each in report.records()] == ["warcinfo", "request", "response", "metadata"]
    assert {each.length for each in report.records()} == {0}


@pytest.mark.parametrize("kind", ["resource", "conversion", "metadata"])
@pytest.mark.parametrize("step", [1, 1 << 20])
def test_the_payload_of_a_derived_record_is_its_block(kind: str, step: int) -> None:
    written = zipped([record(kind, number, b"film %d" % number, Content_Type="video/mp4") for number in range(5)])
    expected = [None if kind == "metadata" else sha256(b"film %d" % number).hexdigest() for number in range(5)]
    assert [each.payload_sha256 for each in records(written, step)] == expected


def test_a_derived_record_whose_block_differs_has_no_payload_digest() -> None:
    written = zipped([record("resource", 1, b"film", Content_Type="video/mp4", WARC_Block_Digest=f"sha256:{'ab' * 32}")])
    assert [each.payload_sha256 for each in records(written)] == [None]
