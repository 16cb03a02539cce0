"""Damaged and hostile WARCs: each has one thing wrong, and is reported to have just that wrong."""

from __future__ import annotations

import hashlib
import tracemalloc
import zlib
from base64 import b32encode, b64encode
from collections.abc import Callable
from time import process_time

import pytest

from tests.archive.warc.warc_bytes import (
    ANSWER,
    BODY,
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
REST = [INFO, REQUESTED, NOTED]


def got(block: bytes = ANSWER, **changes: str | None) -> bytes:
    return record("response", 2, block, **changes)


def with_line(stored: bytes, line: bytes) -> bytes:
    """A record with one more line in its header."""
    return stored.replace(b"\r\nContent-Length", b"\r\n" + line + b"\r\nContent-Length", 1)


ONE_RECORD: dict[str, tuple[bytes, list[str]]] = {
    # the block and its length
    "length-one-more": (got(Content_Length=str(len(ANSWER) + 1)), ["warc-block-digest", "warc-end-form"]),
    "length-one-less": (got(ANSWER, Content_Length=str(len(ANSWER) - 1)), ["warc-block-digest", "warc-end"]),
    "length-negative": (got(Content_Length="-1"), ["warc-length"]),
    "length-no-number": (got(Content_Length="many"), ["warc-length"]),
    "length-of-5000-digits": (got(Content_Length="1" * 5000), ["warc-length"]),
    "length-arabic-digits": (got(Content_Length="٣"), ["warc-length"]),
    "length-underscored": (got(Content_Length="1_0"), ["warc-length"]),
    "length-missing": (got(Content_Length=None), ["warc-field-missing"]),
    "length-twice": (
        with_line(GOT, b"content-length: 7"), ["warc-block-digest", "warc-end", "warc-field-repeated", "warc-http"],
    ),
    "no-line-ends-after-the-block": (GOT[:-4], ["warc-cut"]),
    "one-line-end-after-the-block": (GOT[:-2], ["warc-cut"]),
    "three-line-ends-after-the-block": (GOT + b"\r\n", ["warc-end-form"]),
    "nine-line-ends-after-the-block": (GOT + b"\r\n\n\r\n" * 2 + b"\n", ["warc-end-form"]),
    "line-ends-the-other-way-round": (GOT[:-4] + b"\n\r\n\r\n\n", ["warc-end-form"]),
    "other-bytes-after-the-block": (GOT + b"x", ["warc-garbage"]),
    "bare-line-feeds-after-the-block": (GOT[:-4] + b"\n\n\n\n", ["warc-end-form"]),
    # digests
    "block-altered": (GOT.replace(b"text/html", b"text/hxml"), ["warc-block-digest"]),
    "body-altered": (
        got(
            ANSWER.replace(BODY, BODY[::-1]),
            WARC_Payload_Digest=f"sha256:{sha256(BODY)}",
            WARC_Block_Digest=f"sha256:{sha256(ANSWER)}",
        ),
        ["warc-block-digest", "warc-payload-digest"],
    ),
    "body-altered-without-a-block-digest": (
        got(
            ANSWER.replace(BODY, BODY[::-1]), WARC_Payload_Digest=f"sha256:{sha256(BODY)}", WARC_Block_Digest=None
        ),
        ["warc-payload-digest"],
    ),
    "payload-digest-of-something-else": (
        got(ANSWER.replace(BODY, BODY[::-1]), WARC_Payload_Digest=f"sha256:{sha256(BODY)}"), ["warc-payload-differs"],
    ),
    "block-digest-of-nothing": (
        got(WARC_Block_Digest=f"sha1:{b32encode(hashlib.sha1().digest()).decode()}"), ["warc-field-form"],
    ),
    "block-digest-of-the-body": (
        got(WARC_Block_Digest=f"sha1:{hashlib.sha1(BODY).hexdigest()}", WARC_Payload_Digest=f"sha1:{hashlib.sha1(BODY).hexdigest()}"),
        ["warc-field-form"],
    ),
    "block-digest-of-another-body": (
        got(
            ANSWER.replace(BODY, BODY[::-1]),
            WARC_Block_Digest=f"sha1:{hashlib.sha1(BODY).hexdigest()}",
            WARC_Payload_Digest=f"sha1:{hashlib.sha1(BODY).hexdigest()}",
        ),
        ["warc-block-digest", "warc-payload-digest"],
    ),
    "digest-base64": (
        got(WARC_Block_Digest=f"sha1:{b64encode(hashlib.sha1(ANSWER).digest()).decode()}"), ["warc-field-form"],
    ),
    "digest-base64-altered": (
        got(WARC_Block_Digest=f"sha1:{b64encode(hashlib.sha1(BODY).digest()).decode()}"),
        ["warc-block-digest", "warc-field-form"],
    ),
    "digest-unknown": (got(WARC_Block_Digest="xxh3:2d06800538d394c2"), ["warc-digest-unknown"]),
    "digest-without-label": (got(WARC_Block_Digest=sha256(ANSWER)), ["warc-digest-unknown"]),
    "digest-short": (got(WARC_Block_Digest="sha256:abc"), ["warc-digest-form"]),
    "digest-empty": (got(WARC_Block_Digest="sha1:"), ["warc-digest-form"]),
    "digest-no-hex": (got(WARC_Block_Digest="sha256:" + "g" * 64), ["warc-digest-form"]),
    "digest-no-base32": (got(WARC_Block_Digest="sha1:" + "1" * 32), ["warc-digest-form"]),
    # fields
    "version-2": (record("response", 2, ANSWER, version="WARC/2.0"), ["warc-version"]),
    "no-type": (got(WARC_Type=None), ["warc-field-missing"]),
    "no-id": (got(WARC_Record_ID=None), ["warc-field-missing"]),
    "no-date": (got(WARC_Date=None), ["warc-field-missing"]),
    "no-uri": (got(WARC_Target_URI=None), ["warc-field-missing"]),
    "id-without-brackets": (got(WARC_Record_ID=uuid(2)), ["warc-field-form"]),
    "uri-with-space": (got(WARC_Target_URI="https://sn4hr.org/a b"), ["warc-field-form"]),
    "uri-relative": (got(WARC_Target_URI="/a"), ["warc-field-form"]),
    "type-unknown": (got(WARC_Type="painting"), ["warc-type-unknown"]),
    "date-of-february-30": (got(WARC_Date="2026-02-30T10:00:00Z"), ["warc-date"]),
    "date-of-february-29-in-2100": (got(WARC_Date="2100-02-29T10:00:00Z"), ["warc-date"]),
    "date-with-offset": (got(WARC_Date="2026-11-22T10:00:00+02:00"), ["warc-date"]),
    "date-of-ten-fraction-digits": (got(WARC_Date="2026-11-22T10:00:00.1234567890Z"), ["warc-date"]),
    "date-of-hour-24": (got(WARC_Date="2026-11-22T24:00:00Z"), ["warc-date"]),
    "date-arabic-digits": (got(WARC_Date="٢٠٢٦-11-22T10:00:00Z"), ["warc-date"]),
    "date-of-1.0-with-fractions": (
        record("response", 2, ANSWER, version="WARC/1.0", WARC_Date="2026-11-22T10:00:00.5Z"), ["warc-date-form"],
    ),
    "uri-in-angle-brackets": (got(WARC_Target_URI="<https://sn4hr.org/a>"), []),
    "uri-in-half-a-pair-of-brackets": (got(WARC_Target_URI="<https://sn4hr.org/a"), ["warc-field-form"]),
    "date-twice": (with_line(GOT, b"WARC-Date: 2026-11-22T10:00:00Z"), ["warc-field-repeated"]),
    "extension-twice": (with_line(with_line(GOT, b"X-A: 1"), b"X-A: 1"), ["warc-extension-repeated"]),
    "filename-in-a-response": (got(WARC_Filename="s01.warc.gz"), ["warc-field-misplaced"]),
    "revisit-without-profile": (record("revisit", 2, b""), ["warc-field-missing"]),
    "continuation-without-origin": (record("continuation", 2, b"x"), ["warc-field-missing"]),
    "concurrent-to-nothing": (got(WARC_Concurrent_To="that one"), ["warc-field-form"]),
    "continuation-with-a-number-alone": (
        record("continuation", 2, b"x", WARC_Segment_Number="2"), ["warc-field-missing"],
    ),
    "continuation-of-a-segment": (
        record("continuation", 2, b"x", WARC_Segment_Number="2", WARC_Segment_Origin_ID=f"<{uuid(1)}>"), [],
    ),
    "profile-in-a-response": (got(WARC_Profile="http://netpreserve.org/x"), ["warc-field-misplaced"]),
    "concurrent-to-of-a-conversion": (
        record("conversion", 2, b"x", WARC_Concurrent_To=f"<{uuid(1)}>"), ["warc-field-misplaced"],
    ),
    "truncated-for-no-reason": (got(WARC_Truncated="boredom"), ["warc-field-form"]),
    # the header's own form
    "nul-in-uri": (got(WARC_Target_URI="https://sn4hr.org/\0"), ["warc-header"]),
    "escape-in-uri": (got(WARC_Target_URI="https://sn4hr.org/\x1b[2J"), ["warc-header"]),
    "not-utf8": (GOT.replace(b"WARC-Date", b"X-A: \xff\r\nWARC-Date"), ["warc-header"]),
    "line-without-colon": (with_line(GOT, b"nonsense"), ["warc-header"]),
    "known-field-without-colon": (with_line(GOT, b"WARC-Filename"), ["warc-header"]),
    "space-before-colon": (with_line(GOT, b"X-A : 1"), ["warc-header"]),
    "bare-line-feed": (with_line(GOT, b"X-A: 1\nX-B: 2"), ["warc-header"]),
    "bare-carriage-return": (with_line(GOT, b"X-A: 1\rX-B: 2"), ["warc-header"]),
    "fields-1001": (with_line(GOT, b"\r\n".join(b"X-%d: 1" % n for n in range(1001))), ["warc-limit"]),
    "response-without-http": (got(b"not http at all"), ["warc-http"]),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_RECORD)
@pytest.mark.parametrize("step", [1 << 20, 11], ids=["whole", "drops"])
def test_a_damaged_record_among_sound_ones_is_reported_alone(name: str, step: int) -> None:
    damaged, expected = ONE_RECORD[name]
    data = zipped([*sound(), damaged, *sound()])
    start = len(zipped(sound()))
    observed = [fault for fault in scan(data, step).faults if fault.offset >= start]
    if name == "other-bytes-after-the-block":
        expected = ["warc-not-per-record", "warc-garbage"]
    if expected == ["warc-cut"]:
        expected = ["warc-end-form"]
    assert sorted(fault.code for fault in observed) == sorted(expected)
    assert {fault.offset for fault in observed} == ({start} if expected else set())
    assert [each.type for each in records(data, step)].count("warcinfo") == 2


@pytest.mark.parametrize("name", ONE_RECORD)
def test_the_same_damage_in_a_plain_file_is_reported(name: str) -> None:
    damaged, expected = ONE_RECORD[name]
    before = b"".join(sound())
    observed = {code for code, offset in faults(before + damaged) if offset >= len(before)}
    assert observed >= set(expected) - {"warc-cut", "warc-end"}
    assert bool(observed) == bool(expected)


SPELLINGS: dict[str, Callable[[bytes], str]] = {
    "sha1 base32": lambda data: "sha1:" + b32encode(hashlib.sha1(data).digest()).decode(),
    "sha1 base32 in lower case": lambda data: "sha1:" + b32encode(hashlib.sha1(data).digest()).decode().lower(),
    "sha1 hex": lambda data: "sha1:" + hashlib.sha1(data).hexdigest(),
    "SHA-1 hex": lambda data: "SHA-1:" + hashlib.sha1(data).hexdigest().upper(),
    "md5": lambda data: "md5:" + hashlib.md5(data).hexdigest(),
    "md5 base32": lambda data: "md5:" + b32encode(hashlib.md5(data).digest()).decode(),
    "sha256 base32 padded": lambda data: "sha256:" + b32encode(hashlib.sha256(data).digest()).decode(),
    "sha-256 base32 bare": lambda data: "sha-256:" + b32encode(hashlib.sha256(data).digest()).decode().rstrip("="),
    "sha-256 hex": lambda data: "sha-256:" + hashlib.sha256(data).hexdigest(),
    "sha512": lambda data: "sha512:" + hashlib.sha512(data).hexdigest(),
    "sha512 base32": lambda data: "sha512:" + b32encode(hashlib.sha512(data).digest()).decode(),
    "sha384": lambda data: "sha-384:" + hashlib.sha384(data).hexdigest(),
}


@pytest.mark.parametrize("spelled", SPELLINGS)
@pytest.mark.parametrize("times", [1, 4], ids=["first", "repeated"])
def test_digests_of_every_algorithm_and_spelling_are_compared_with_the_bytes(spelled: str, times: int) -> None:
    spell = SPELLINGS[spelled]
    good = got(WARC_Block_Digest=spell(ANSWER), WARC_Payload_Digest=spell(BODY))
    wrong_block = got(WARC_Block_Digest=spell(ANSWER + b"x"), WARC_Payload_Digest=spell(BODY))
    wrong_payload = got(WARC_Block_Digest=spell(ANSWER), WARC_Payload_Digest=spell(b"x"))
    assert faults(zipped([good] * times)) == []
    assert [code for code, _ in faults(zipped([good] * times + [wrong_block]))] == ["warc-block-digest"]
    assert [code for code, _ in faults(zipped([good] * times + [wrong_payload]))] == ["warc-payload-differs"]


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(BODY) + BODY + b"\r\n0\r\nA: b\r\n\r\n"
FRAMED = CHUNKED.partition(b"\r\n\r\n")[2]


def test_the_payload_of_a_chunked_body_is_without_its_chunk_marks() -> None:
    assert faults(member(got(CHUNKED, WARC_Payload_Digest=f"sha256:{sha256(BODY)}"))) == []
    assert [each.payload_sha256 for each in records(member(got(CHUNKED)))] == [sha256(BODY)]


def test_a_payload_digest_over_chunk_marks_is_a_common_error_of_its_own() -> None:
    assert faults(member(got(CHUNKED, WARC_Payload_Digest=f"sha256:{sha256(FRAMED)}"))) == [("warc-payload-framing", 0)]


STALE = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n" + BODY


@pytest.mark.parametrize("block", [True, False], ids=["with a block digest", "without"])
@pytest.mark.parametrize("times", [1, 40], ids=["alone", "often"])
def test_a_payload_digest_over_more_than_a_stale_content_length_is_no_alteration(times: int, block: bool) -> None:
    """As browsers' recorders write: the body decoded, its Content-Length that of the encoded one."""
    stated = {"WARC_Payload_Digest": f"sha256:{sha256(BODY)}", **({} if block else {"WARC_Block_Digest": None})}
    found = scan(zipped([got(STALE, **stated)] * times)).faults
    assert [fault.code for fault in found] == ["warc-payload-framing"] * times
    assert {fault.note for fault in found} == {
        "of the whole body; the HTTP Content-Length is that of another coding of it"
    }
    altered = got(STALE.replace(BODY, BODY[::-1]), **stated)
    assert [fault.code for fault in scan(zipped([altered])).faults] == [
        "warc-payload-differs" if block else "warc-payload-digest"
    ]


def test_a_payload_digest_over_the_whole_block_is_no_alteration() -> None:
    (found,) = scan(zipped([got(WARC_Payload_Digest=f"sha256:{sha256(ANSWER)}")])).faults
    assert (found.code, found.note) == ("warc-payload-framing", "of the whole block")


@pytest.mark.parametrize("ends", [b"", b"\r", b"\r\n", b"\r\n\r"])
@pytest.mark.parametrize("pack", [zipped, b"".join], ids=["gzip", "plain"])
def test_a_record_that_lacks_its_line_ends_is_read_all_the_same(pack: Callable[[list[bytes]], bytes], ends: bytes) -> None:
    data = pack([*sound(), GOT[:-4] + ends])
    assert [fault.code for fault in scan(data).faults] == ["warc-end-form"]
    last = records(data)[-1]
    assert (last.type, last.block, last.offset + last.length) == ("response", "good", len(data))


@pytest.mark.parametrize("ends", [b"", b"\r\n", b"\n", b"\n\n", b"\r\n\r\n\r\n", b"\n\r\n\r\n"])
@pytest.mark.parametrize("step", [1 << 20, 1, 7])
def test_only_line_ends_between_two_records_lose_nothing_of_either(ends: bytes, step: int) -> None:
    """node-warc's older versions write one CRLF, others write more than two: what a record is its length says."""
    bare = got(WARC_Block_Digest=None)[:-4]
    data = b"".join([*sound(), bare + ends, bare + ends, NOTED])
    report = scan(data, step)
    assert [fault.code for fault in report.faults] == ["warc-end-form"] * 2
    assert [each.type for each in records(data, step)][-3:] == ["response", "response", "metadata"]
    assert [each.is_whole for each in records(data, step)][-3:-1] == [True, True]


@pytest.mark.parametrize("pack", [zipped, b"".join], ids=["gzip", "plain"])
@pytest.mark.parametrize("count", [1, 3, 512, 70_000])
@pytest.mark.parametrize("step", [1 << 20, 11], ids=["whole", "drops"])
def test_zeros_behind_the_last_record_are_no_damage(
    pack: Callable[[list[bytes]], bytes], count: int, step: int
) -> None:
    data = pack(sound())
    (found,) = scan(data + bytes(count), step).faults
    assert (found.code, found.offset, found.found) == ("warc-end-form", len(data), f"{count:,} more bytes: zeros")
    assert records(data + bytes(count), step) == records(data, step)
    found = scan(data + bytes(count) + b"x" * 9, step).faults[0]
    assert (found.code, found.offset) == ("warc-garbage", len(data))


@pytest.mark.parametrize("pack", [zipped, b"".join], ids=["gzip", "plain"])
def test_zeros_between_records_may_have_been_records(pack: Callable[[list[bytes]], bytes]) -> None:
    data = pack(sound()) + bytes(512) + pack(REST)
    assert [fault.code for fault in scan(data).faults] == ["warc-garbage"]


def test_a_1xx_answer_before_the_answer_is_no_payload() -> None:
    hinted = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ANSWER
    (found,) = records(member(got(hinted)))
    assert (found.http_status, found.payload_sha256, found.mime) == (200, sha256(BODY), "text/html")


SHORT = ANSWER[:-5]


@pytest.mark.parametrize(
    ("block", "is_whole"),
    [(ANSWER, True), (SHORT, False), (CHUNKED, True), (CHUNKED[:-5], False), (b"HTTP/1.1 200 OK\r\n\r\nabc", None)],
)
def test_whether_an_answer_is_as_long_as_it_says_is_known(block: bytes, is_whole: bool | None) -> None:
    assert [each.is_whole for each in records(member(got(block)))] == [is_whole]


# Hostile in size.


def bomb(block: int) -> bytes:
    """A member that holds so many zeros, packed a thousand times smaller."""
    head = record("resource", 9, b"", Content_Length=str(block), WARC_Block_Digest=None)[:-4]
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    out = [packer.compress(head)]
    out += [packer.compress(bytes(1 << 20)) for _ in range(block >> 20)]
    return b"".join([*out, packer.compress(b"\r\n\r\n"), packer.flush()])


def crumbs() -> bytes:
    return got(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 1_000_000)


HUGE_LINE = b"WARC/1.1\r\nX: " + b"x" * (10 << 20) + b"\r\n\r\n"

EMPTY = b"WARC/1.1\r\nContent-Length: 0\r\n\r\n\r\n\r\n"

HOSTILE: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "a header line of 10 MB": (lambda: member(HUGE_LINE, 1), "warc-limit"),
    "a header line of 10 MB, plain": (lambda: HUGE_LINE, "warc-limit"),
    "300,000 fields": (
        lambda: member(b"WARC/1.1\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(300_000)), 1), "warc-limit",
    ),
    "a header without end": (lambda: member(b"WARC/1.1\r\n" + b"a" * (32 << 20), 1), "warc-limit"),
    "many headers of a MB": (lambda: member(b"WARC/1.1\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n", 1) * 50, None),
    "a million colons": (lambda: member(b"WARC/1.1\r\n" + b":" * 1_000_000 + b"\r\n\r\n", 1), "warc-header"),
    "a million chunks": (lambda: member(crumbs(), 1), None),
    "a million records": (lambda: member(EMPTY * 1_000_000, 1), "warc-limit"),
    "a bomb": (lambda: bomb(128 << 20), None),
    "a bomb behind a record": (lambda: member(GOT + bytes(128 << 20), 1), "warc-garbage"),
    "marks of gzip": (lambda: b"\x1f\x8b\x08" * 500_000, "warc-cut"),
    "marks of gzip behind": (lambda: zipped(sound()) + b"\x1f\x8b\x08\0" * 500_000, "warc-limit"),
    "marks of WARC": (lambda: b"WARC/1.1\r\n\r\n" * 300_000, "warc-limit"),
    "marks of WARC and nothing else": (lambda: b"\r\nWARC/1.1" * 300_000, "warc-garbage"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sizes_cost_little_time(name: str) -> None:
    make, code = HOSTILE[name]
    data = make()
    started = process_time()
    report = scan(data)
    assert process_time() - started < 5
    if code is not None:
        assert code in {fault.code for fault in report.faults}
    assert len(report.faults) <= 1002


def test_a_bomb_is_read_in_little_memory() -> None:
    data = bomb(64 << 20)
    tracemalloc.start()
    report = scan(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (report.faults, report.count) == ((), 1)
    assert peak < 8 << 20
