"""What the quick way takes for granted, and must not: where members end, what an empty payload's digest is."""

from __future__ import annotations

import hashlib
import random
from base64 import b32encode

import pytest

from archive.warc import fast_path
from archive.warc.parser import RecordParser
from archive.warc.sent_fields import sent_fields
from tests.archive.warc.warc_bytes import QUESTION, faults, member, record, records, scan, uuid, zipped

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


def long_records(count: int = 30) -> list[bytes]:
    """Stored members of 100 kB each: every tenth is cut by the end of a chunk."""
    noise = random.Random(1).randbytes(100_000)
    return [member(record("resource", n, noise[n:] + noise[:n], Content_Type="x/y"), 1) for n in range(count)]


def test_a_member_that_two_chunks_share_is_read_the_quick_way_too(monkeypatch: pytest.MonkeyPatch) -> None:
    written = long_records()
    stored = b"".join(written)
    slow = scan(stored, 1000)
    monkeypatch.setattr(fast_path, "_latest", fast_path.WholeReader())
    scan(b"".join(written[:4]))  # the shape is known from here on
    monkeypatch.setattr(RecordParser, "feed", lambda *_: pytest.fail("the full reader read a record of a known shape"))
    quick = scan(stored, 1 << 20)
    assert (quick.faults, quick.count) == ((), len(written))
    assert [each.length for each in quick.records()] == list(map(len, written))
    assert list(quick.records()) == list(slow.records())


@pytest.mark.parametrize("behind", [b"", b"\x1f\x8b", b"\1\1\1"])
@pytest.mark.parametrize("last", [1, 5, 50_000, 99_000])
def test_a_file_that_ends_within_a_member_which_waits_is_cut_there(last: int, behind: bytes) -> None:
    written = long_records(11)  # the last one reaches from the first chunk into the second
    stored = b"".join(written)[: -len(written[-1])] + written[-1][:-last] + behind
    assert faults(stored, 1 << 20) == faults(stored, 1000)
    assert faults(stored, len(stored)) == faults(stored, 1000) != []
    assert scan(stored, len(stored)).count == 10


@pytest.mark.parametrize("place", [20, 60_000])
def test_damage_in_a_member_that_two_chunks_share_is_reported_as_in_drops(place: int) -> None:
    written = long_records()
    start = len(b"".join(written[:10]))
    assert start < 1 << 20 < start + len(written[10])
    stored = bytearray(b"".join(written))
    stored[start + place] ^= 1
    assert faults(bytes(stored), 1 << 20) == faults(bytes(stored), 1000) != []
    assert records(bytes(stored), 1 << 20) == records(bytes(stored), 1000)


def test_a_reader_that_a_file_of_many_shapes_filled_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_path, "_latest", fast_path.WholeReader())
    full = fast_path.whole_reader()
    many = [record("metadata", n, b"{}", **{f"X_Field_{n // 2}": "1"}) for n in range(80)]
    assert scan(zipped(many)).faults == ()
    assert full.is_full
    assert fast_path.whole_reader() is not full


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        (b"User-Agent: one\r\ncookie: a=1\r\nRANGE:  bytes=5- \r\n", ("one", "a=1", "bytes=5-")),
        (b"User-Agent: one\r\nUser-Agent: two\r\n", ("one, two", None, None)),
        (b"X-Cookie: no\r\n", (None, None, None)),
        (b"Cookie: " + b"a" * 300 + b"\r\n", (None, f"sha256:{hashlib.sha256(b'a' * 300).hexdigest()}", None)),
    ],
)
def test_what_a_request_sent_is_read_alike_in_one_piece_and_in_drops(fields: bytes, sent: tuple[str | None]) -> None:
    block = b"POST /a HTTP/1.1\r\nHost: a.example\r\n" + fields + b"\r\nbody\nCookie: b=2\r\n\r\n"
    written = zipped([record("request", number, block, WARC_IP_Address="127.0.0.1") for number in range(MANY)])
    report = scan(written)
    found = [((each.sent or ())[:3], each.address, each.method) for each in report.records()]
    assert found == [(sent, "127.0.0.1", "POST")] * MANY
    assert list(report.records()) == list(scan(written, 1).records())


def test_a_request_without_the_end_of_its_head_states_nothing_that_was_sent() -> None:
    blocks = (b"A\r\n\r\nB\r\nCookie: c=1", b"AB", b"GET / HTTP/1.1\r\nCookie: a=1\r\n")
    for block in blocks:
        written = zipped([record("request", number, block) for number in range(MANY)])
        expected = (None, None, None) if b"\r\n\r\n" in block else None
        assert [each.sent and each.sent[:3] for each in scan(written).records()] == [expected] * MANY
        assert list(scan(written).records()) == list(scan(written, 1).records())


@pytest.mark.parametrize(
    ("line", "fields", "other", "is_authorized"),
    [
        ("GET /a?b=/ HTTP/1.1", "Host: a.example", None, False),
        ("HEAD /a?b=/ HTTP/1.1", "host:a.example\r\nAuthorization: x", None, True),
        ("GET /b HTTP/1.1", "Host: a.example", "a.example /b HTTP/1.1", False),
        ("GET https://a.example/a?b=/ HTTP/1.1", "Host: a.example", "a.example https://a.example/a?b=/ HTTP/1.1", False),
        ("GET /a?b=/ HTTP/1.0", "Host: a.example", "a.example /a?b=/ HTTP/1.0", False),
        ("GET /a?b=/ HTTP/1.1", "Host: b.example", "b.example /a?b=/ HTTP/1.1", False),
        ("GET /a?b=/ HTTP/1.1", "Host: a.example\r\nHost: b.example", "a.example, b.example /a?b=/ HTTP/1.1", False),
        ("GET /a?b=/ HTTP/1.1", "X-Host: a.example", "None /a?b=/ HTTP/1.1", False),
    ],
)
def test_the_address_of_a_request_is_compared_with_its_record_s(
    line: str, fields: str, other: str | None, *, is_authorized: bool
) -> None:
    head = f"{line}\r\n{fields}\r\n".encode()
    assert sent_fields(head, "https://a.example/a?b=/")[3:5] == (other, is_authorized)


def test_a_user_name_and_a_password_in_a_record_s_address_are_sent_nowhere() -> None:
    head, address = b"GET /a?b=/ HTTP/1.1\r\nHost: a.example:81\r\n", "http://user:p%40w@a.example:81/a?b=/"
    assert sent_fields(head, address)[3:5] == (None, False)
    assert sent_fields(head.replace(b"a.example", b"user:p%40w@a.example"), address)[3] is not None


def test_what_secured_a_connection_is_read_alike_in_one_piece_and_in_drops() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    fields = b"WARC-Protocol: http/1.1\r\nWARC-Protocol: tls/1.3\r\nWARC-Cipher-Suite: TLS_AES_128_GCM_SHA256\r\n"
    plain = [record("response", number, answer) for number in range(MANY)]
    written = zipped([each.replace(b"WARC-Date", fields + b"WARC-Date", 1) for each in plain])
    assert [each.security for each in scan(written).records()] == ["tls/1.3 TLS_AES_128_GCM_SHA256"] * MANY
    assert list(scan(written).records()) == list(scan(written, 1).records())


@pytest.mark.parametrize(
    ("fields", "form"),
    [
        ("User-Agent: x\r\nAccept-Encoding: gzip\r\nAccept: */*\r\nConnection: keep-alive", "ugak"),
        ("User-Agent: x\r\nAccept: image/*\r\nCookie: a=b\r\nContent-Length: 4", "uAcl"),
        ("user-agent: x\r\nRange:bytes=1-\r\nIf-Range:  x\r\nCookie: a\nX: y", None),
        ("Referer: https://a.example/", "[Referer: https://a.example/]"),
    ],
)
def test_the_form_of_a_request_has_each_field_in_its_order(fields: str, form: str | None) -> None:
    head = f"GET /a HTTP/1.1\r\nHost: a.example\r\n{fields}\r\n".encode()
    expected = form or "".join(f"[{line}]" for line in fields.split("\r\n"))
    assert sent_fields(head, "https://a.example/a")[-1] == expected
    assert sent_fields(head, "https://a.example/a", has_body=True)[-1] == f"{expected}+"
