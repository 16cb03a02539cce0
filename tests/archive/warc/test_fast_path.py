"""What the quick way takes for granted, and must not: where members end, what an empty payload's digest is."""

from __future__ import annotations

import hashlib
from base64 import b32encode

import pytest

from archive.warc import fast_path
from archive.warc.parser import RecordParser
from tests.archive.warc.warc_bytes import QUESTION, member, record, scan, uuid, zipped

MANY = 6
"""Records of one kind: the quick way learns from the first ones."""


def questions(stated: str, block: bytes = QUESTION) -> list[bytes]:
    first = record("warcinfo", 0, b"software: evidence-archive\r\n")
    return [first, *(record("request", n, block, WARC_Payload_Digest=stated) for n in range(1, MANY))]


def empty(algorithm: str, data: bytes = b"") -> str:
    digest = hashlib.new(algorithm, data).digest()
    return f"sha1:{b32encode(digest).decode()}" if algorithm == "sha1" else f"{algorithm}:{digest.hex()}"


@pytest.mark.parametrize("level", [0, 6])
def test_what_looks_like_the_next_member_within_a_block_is_no_end_of_the_record(level: int) -> None:
    block = b"\x1f\x8b\x08\x00\0\0\0\0\0\xff" * 30
    written = [record("resource", number, block + bytes([number]), Content_Type="x/y") for number in range(MANY)]
    stored = [member(each, level) for each in written]
    assert (b"".join(stored).count(b"\x1f\x8b\x08\x00") > 30 * MANY) is (level == 0)
    report = scan(b"".join(stored))
    assert (report.faults, report.count) == ((), MANY)
    assert [each.length for each in report.records()] == list(map(len, stored))
    assert list(report.records()) == list(scan(b"".join(stored), 1).records())


def test_records_that_state_no_block_digest_are_read_alike_in_one_piece_and_in_drops() -> None:
    blocks = [bytes([number]) * 9 for number in range(MANY)]
    written = zipped(
        [record("resource", n, block, Content_Type="x/y", WARC_Block_Digest=None) for n, block in enumerate(blocks)]
    )
    report = scan(written)
    assert (report.faults, report.count) == ((), MANY)
    assert list(report.records()) == list(scan(written, 1).records())


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
def test_the_digest_of_an_empty_payload_is_compared_with_what_is_stated(algorithm: str) -> None:
    assert scan(zipped(questions(empty(algorithm)))).faults == ()
    written = questions(empty(algorithm))
    written[-2] = record("request", MANY - 2, QUESTION, WARC_Payload_Digest=empty(algorithm, b"x"))
    (fault,) = scan(zipped(written)).faults
    assert (fault.code, fault.record, fault.found) == (
        *("warc-payload-differs", uuid(MANY - 2)),
        hashlib.new(algorithm).hexdigest(),
    )


def test_an_empty_digest_is_no_excuse_for_a_payload_that_is_there() -> None:
    written = questions(empty("sha1"))
    written[-1] = record("request", MANY, QUESTION + b"a=b", WARC_Payload_Digest=empty("sha1"))
    assert [fault.code for fault in scan(zipped(written)).faults] == ["warc-payload-differs"]


@pytest.mark.parametrize("size", [300_000, 700_000, 3_000_000])
def test_a_long_record_is_the_same_in_one_piece_and_in_many(size: int) -> None:
    body = hashlib.sha256(b"x").digest() * (size // 32)
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    stated = f"sha256:{hashlib.sha256(body).hexdigest()}"
    written = [record("response", number, answer, WARC_Payload_Digest=stated) for number in range(4)]
    quick, slow = scan(zipped(written)), scan(zipped(written), 1000)
    assert quick.faults == slow.faults == ()
    assert list(quick.records()) == list(slow.records())
    assert [each.payload_sha256 for each in quick.records()] == [hashlib.sha256(body).hexdigest()] * 4


def test_what_one_file_taught_holds_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_path, "_latest", fast_path.WholeReader())
    written = zipped(questions(empty("sha256")))
    first, _ = scan(written), scan(written)
    monkeypatch.setattr(RecordParser, "feed", lambda *_: pytest.fail("the full reader read a record of a known shape"))
    assert list(scan(written).records()) == list(first.records())


def test_a_reader_that_a_file_of_many_shapes_filled_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_path, "_latest", fast_path.WholeReader())
    full = fast_path.whole_reader()
    many = [record("metadata", n, b"{}", **{f"X_Field_{n // 2}": "1"}) for n in range(80)]
    assert scan(zipped(many)).faults == ()
    assert full.is_full
    assert fast_path.whole_reader() is not full
