"""Corners of the WARC reader that few files reach."""

from __future__ import annotations

import hashlib
import io
import random

import pytest

from archive.warc import gzip_members, shape
from archive.warc.header import parse_header
from archive.warc.reader import read_records
from archive.warc.report import WarcReport, joined
from archive.warc.scan import WarcScan
from archive_manifests.paths import BagPath
from tests.archive.warc.warc_bytes import (
    ANSWER,
    BODY,
    DATE,
    faults,
    member,
    record,
    records,
    scan,
    sha256,
    sound,
    uuid,
    zipped,
)

INFO, REQUESTED, GOT, NOTED = sound()
PATH = BagPath("data/archive/s01.warc.gz")


def test_a_field_is_found_by_its_lower_case_name() -> None:
    header = parse_header(b"WARC/1.1\r\nWARC-Type: response")
    assert (header.get("warc-type"), header.get("warc-date")) == ("response", None)


def test_a_record_says_what_it_is_without_its_block() -> None:
    info, requested, *_ = read_records(io.BytesIO(zipped(sound())))
    assert (info.uri, requested.uri, requested.date) == (None, "https://sn4hr.org/a", DATE)


@pytest.mark.parametrize("step", [1 << 20, 300])
def test_a_record_of_many_pieces_that_the_file_ends_in_is_cut(step: int) -> None:
    data = member(record("resource", 2, bytes(range(256)) * 3000), 0)
    assert [code for code, _ in faults(data[:-9], step)] == ["warc-cut"]
    assert faults(data, step) == []


def test_a_record_in_members_of_which_the_last_is_missing_is_cut() -> None:
    assert [code for code, _ in faults(member(GOT[:100]))] == ["warc-cut"]


def test_a_payload_of_a_segment_is_not_compared_with_its_digest() -> None:
    digest = f"sha256:{sha256(b'the whole payload')}"
    first = record("response", 2, ANSWER, WARC_Payload_Digest=digest, WARC_Segment_Number="1")
    assert [each.payload for each in records(member(first))] == ["unchecked"]
    assert faults(member(first)) == []


def test_a_payload_digest_in_an_unknown_algorithm_is_reported() -> None:
    odd = record("response", 2, ANSWER, WARC_Payload_Digest="xxh3:2d06800538d394c2")
    assert [code for code, _ in faults(member(odd))] == ["warc-digest-unknown"]


def test_a_body_of_more_chunks_than_are_worth_reading_is_said_to_be_unchecked() -> None:
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 200_000 + b"0\r\n\r\n"
    odd = record("response", 2, block, WARC_Payload_Digest=f"sha256:{sha256(b'x' * 200_000)}")
    assert [code for code, _ in faults(member(odd))] == ["warc-payload-unchecked"]
    assert faults(odd) == []  # stored as it is, it has bytes enough


def test_a_payload_in_two_algorithms_is_computed_in_both() -> None:
    odd = record("response", 2, ANSWER, WARC_Payload_Digest=f"md5:{hashlib.md5(BODY).hexdigest()}")
    (found,) = records(odd)
    assert (found.payload, found.payload_sha256) == ("good", sha256(BODY))


def part(begin: int | None, end: int | None, count: int = 1) -> WarcReport:
    return WarcReport(PATH, 10, count, b"", (), True, begin, end)


@pytest.mark.parametrize(
    ("parts", "count"),
    [([part(0, 5), part(5, 10)], 2), ([part(0, 5), part(None, None), part(5, 10)], 3)],
)
def test_parts_make_a_whole_where_each_begins_at_the_end_of_the_one_before(
    parts: list[WarcReport], count: int
) -> None:
    whole = joined(parts, 10)
    assert whole is not None
    assert (whole.count, whole.end) == (count, 10)


@pytest.mark.parametrize(
    "parts",
    [
        [part(0, 5), part(6, 10)],
        [part(0, None), part(5, 10)],
        [part(0, 5), part(5, 9)],
        [part(0, 5, 0), part(5, 10, 0)],
    ],
)
def test_parts_that_do_not_meet_make_no_whole(parts: list[WarcReport]) -> None:
    assert joined(parts, 10) is None


def alike(number: int, **changes: str | None) -> bytes:
    return member(record("response", number, ANSWER, **changes))


def judged(*members: bytes) -> list[str]:
    """The faults of members behind three that make their shape known."""
    known = [alike(number) for number in range(3)]
    start = sum(map(len, known))
    return [code for code, offset in faults(b"".join([*known, *members])) if offset >= start]


def test_a_known_shape_accepts_nothing_that_the_full_reader_would_report() -> None:
    assert judged(alike(7)) == []
    assert judged(alike(7, WARC_Date="2026-02-30T10:00:00Z")) == ["warc-date"]
    assert judged(alike(7, WARC_Date="2026-02-28T10:00:00Z"), alike(8, WARC_Date="2026-02-28T11:00:00Z")) == []
    assert judged(alike(7, WARC_Block_Digest=f"sha256:{'0' * 64}")) == ["warc-block-digest"]
    assert judged(alike(7, Content_Length="3"))[0] == "warc-end"
    assert judged(alike(7, Content_Length=str(len(ANSWER) + 9))) == ["warc-cut"]


def test_a_fraction_of_a_second_in_a_known_shape_of_1_0_is_reported() -> None:
    known = [member(record("response", number, ANSWER, version="WARC/1.0")) for number in range(3)]
    odd = member(record("response", 7, ANSWER, version="WARC/1.0", WARC_Date="2026-11-22T10:00:00.5Z"))
    assert [code for code, _ in faults(b"".join([*known, odd]))] == ["warc-date-form"]


@pytest.mark.parametrize(
    "block",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type : text/html\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length : 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\nX: y\r\n\r\nabc",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"no answer at all\r\n\r\nabc",
    ],
)
def test_an_unusual_head_in_a_known_shape_is_read_by_the_full_reader(block: bytes) -> None:
    many = zipped([record("response", number, block) for number in range(5)])
    one_by_one = [each for number in range(5) for each in records(member(record("response", number, block)))]
    together = records(many)
    assert [(each.http_status, each.mime, each.is_whole) for each in together] == [
        (each.http_status, each.mime, each.is_whole) for each in one_by_one
    ]


@pytest.mark.parametrize("block", [b"what is\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"])
def test_an_unusual_question_in_a_known_shape_is_read_by_the_full_reader(block: bytes) -> None:
    body = block.partition(b"\r\n\r\n")[2]
    plain = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    stated = {"WARC_Payload_Digest": f"sha256:{sha256(body)}"}
    stored = [record("request", number, plain, **stated) for number in range(3)] + [record("request", 9, block, **stated)]
    assert records(zipped(stored))[-1].method == block.split(maxsplit=1)[0].decode()


def test_kinds_of_headers_are_remembered_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape, "_MOST_KINDS", 1)
    monkeypatch.setattr(shape, "_MOST_SHAPES", 1)
    shapes = shape.Shapes()

    def head(number: int, *more: str) -> bytes:
        fields = {f"X-{name}": "1" for name in more}
        return record("response", number, ANSWER, **fields).partition(b"\r\n\r\n")[0]

    assert [shapes.of(head(number)) is None for number in range(3)] == [True, True, False]
    assert [shapes.of(head(number, "A")) for number in range(3)] == [None] * 3
    monkeypatch.setattr(shape, "_MOST_KINDS", 9)
    assert [shapes.of(head(number, "A")) for number in range(3)] == [None] * 3


def test_a_kind_that_is_not_sound_makes_no_shape() -> None:
    shapes = shape.Shapes()
    odd = record("response", 1, ANSWER, WARC_Date="2026-02-30T10:00:00Z").partition(b"\r\n\r\n")[0]
    assert [shapes.of(odd) for _ in range(3)] == [None] * 3


def test_what_comes_behind_more_than_is_worth_reading_is_passed_over() -> None:
    scan_of = WarcScan(PATH)
    scan_of._parser.is_exhausted = True
    scan_of.feed(b"x")
    assert [fault.code for fault in scan_of.close().faults] == ["warc-limit"]
    assert scan_of.is_done


def test_a_faultless_file_has_an_end() -> None:
    data = zipped(sound())
    assert (scan(data).begin, scan(data).end) == (0, len(data))
    assert uuid(0) == records(data)[0].id


def test_a_body_whose_chunk_marks_are_none_says_nothing_of_its_length() -> None:
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nsome text\r\n0\r\n\r\n"
    assert [each.is_whole for each in records(member(record("response", 2, block)))] == [None]


def test_a_lost_member_is_inflated_no_further_than_is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gzip_members, "_DRAINED", 1 << 20)
    data = member(GOT + bytes(8 << 20), 1) + zipped(sound())
    assert [code for code, _ in faults(data)] == ["warc-not-per-record", "warc-garbage"]
    assert len(records(data)) == 5


def test_a_record_larger_than_what_is_read_at_once_comes_whole() -> None:
    block = random.Random(1).randbytes(400_000)
    stream = io.BytesIO(member(record("resource", 2, block)))
    assert [b"".join(found.block()) for found in read_records(stream)] == [block]


def test_headers_of_one_shape_that_begin_differently_are_read_alike() -> None:
    stored = [
        record("response", number, ANSWER).replace(b"WARC/1.1\r\n", b"WARC/1.1\r\nX-Number: %07d\r\n" % number)
        for number in range(12)
    ]
    assert faults(zipped(stored)) == []
    assert [each.id for each in records(zipped(stored))] == [uuid(number) for number in range(12)]
