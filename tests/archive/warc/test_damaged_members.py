"""More WARCs that are nearly right: what gzip, the standard's grammar and HTTP allow, and what they do not."""

from __future__ import annotations

import gzip
import hashlib
import struct
import sys
import zlib
from base64 import b32encode, b64encode
from time import process_time

import pytest

from archive.warc.scan import WarcScan
from archive_manifests.paths import BagPath
from tests.archive.warc.warc_bytes import ANSWER, BODY, member, record, scan, sha256, sound, uuid, zipped

INFO, REQUESTED, GOT, NOTED = sound()


def got(block: bytes = ANSWER, **changes: str | None) -> bytes:
    return record("response", 2, block, **changes)


def gz(data: bytes, flags: int = 0, extra: bytes = b"", method: int = 8, crc: int | None = None, size: int = -1) -> bytes:
    """A gzip member whose header and trailer say what the test wants. (RFC 1952, section 2.3)"""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = packer.compress(data) + packer.flush()
    head = b"\x1f\x8b" + bytes([method, flags]) + b"\0\0\0\0\0\xff" + extra
    tail = struct.pack("<LL", zlib.crc32(data) if crc is None else crc, len(data) if size < 0 else size)
    return head + body + tail


def base32(data: bytes, last: str = "") -> str:
    text = b32encode(hashlib.sha256(data).digest()).decode().rstrip("=")
    return f"sha256:{text[:-1]}{last}" if last else f"sha256:{text}"


def folded(stored: bytes) -> bytes:
    return stored.replace(b"WARC-Target-URI: ", b"WARC-Target-URI:\r\n ")


INNER = b"".join(sound())

MEMBERS: dict[str, tuple[bytes, list[str]]] = {
    # what gzip allows
    "a name in the gzip header": (gz(GOT, 8, b"s01.warc\0"), []),
    "a comment in the gzip header": (gz(GOT, 16, b"a comment\0"), []),
    "an extra field in the gzip header, as for an index": (gz(GOT, 4, struct.pack("<H", 8) + b"sl\4\0abcd"), []),
    "stored and not deflated": (member(GOT, 0), []),
    "a member in many blocks": (gzip.compress(GOT, 1, mtime=1), []),
    # what it does not
    "a wrong checksum": (gz(GOT, crc=0), ["warc-gzip"]),
    "a wrong length": (gz(GOT, size=7), ["warc-gzip"]),
    "a reserved flag": (gz(GOT, 0x80), ["warc-gzip"]),
    "another method": (gz(GOT, method=7), ["warc-garbage"]),
    "zlib and no gzip": (zlib.compress(GOT), ["warc-garbage"]),
    "zeros between members": (bytes(1024), ["warc-garbage"]),
    "a tar's first block": (b"s01.warc\0".ljust(512, b"\0"), ["warc-garbage"]),
    "an empty member": (gzip.compress(b""), ["warc-not-per-record"]),
    "two records in one member": (member(GOT + NOTED), ["warc-not-per-record"]),
    "a record in two members": (member(GOT[:100]) + member(GOT[100:]), ["warc-not-per-record"]),
    "a record in a member in a member": (member(member(GOT)), ["warc-garbage"]),
    # what the grammar allows
    "a folded field": (member(folded(GOT)), []),
    "a folded field that may repeat": (
        member(got(WARC_Concurrent_To=f"\r\n <{uuid(1)}>\r\nWARC-Concurrent-To:\r\n\t<{uuid(2)}>")), [],
    ),
    "no space behind the colons": (member(GOT.replace(b": ", b":", 6)), []),
    "a tab behind a colon": (member(GOT.replace(b"WARC-Type: ", b"WARC-Type:\t")), []),
    "fields in capitals": (member(GOT.replace(b"WARC-Type", b"WARC-TYPE")), []),
    "an empty block": (member(record("metadata", 2, b"")), []),
    "a length with zeros before it": (member(got(Content_Length=f"000{len(ANSWER)}")), []),
    "a second of a leap": (member(got(WARC_Date="2016-12-31T23:59:60Z")), []),
    "a whole WARC in a block": (member(record("resource", 2, INNER)), []),
    "a whole WARC of members in a block": (member(record("resource", 2, zipped(sound()))), []),
    "a label in capitals": (member(got(WARC_Block_Digest=f"SHA256:{sha256(ANSWER)}")), []),
    # what it does not
    "a mark before the version": (member(b"\xef\xbb\xbf" + GOT), ["warc-garbage"]),
    "the version in lower case": (member(GOT.replace(b"WARC/1.1", b"warc/1.1")), []),
    "a space behind the version": (member(GOT.replace(b"WARC/1.1", b"WARC/1.1 ")), ["warc-version"]),
    "a version of drafts": (member(GOT.replace(b"WARC/1.1", b"WARC/0.18")), ["warc-version"]),
    "line feeds alone, in the block too": (
        member(GOT.replace(b"\r\n", b"\n")), ["warc-header", "warc-length"],
    ),
    "line feeds alone in the header": (
        member(GOT.removesuffix(ANSWER + b"\r\n\r\n").replace(b"\r\n", b"\n") + ANSWER + b"\n\n"),
        ["warc-end-form", "warc-header"],
    ),
    "a line feed alone before the empty line": (
        member(GOT.replace(b"\r\n\r\n", b"\n\r\n", 1)), ["warc-header"],
    ),
    "a field name in Arabic": (member(GOT.replace(b"WARC-Type", "نوع: x\r\nWARC-Type".encode())), ["warc-header"]),
    "an empty address": (member(got(WARC_Target_URI="")), ["warc-field-form"]),
    "an empty type": (member(got(WARC_Type="")), ["warc-type-unknown"]),
    "a type in another case": (member(got(WARC_Type="Response")), []),
    "a length with a sign": (member(got(Content_Length=f"+{len(ANSWER)}")), ["warc-length"]),
    "a length in hex": (member(got(Content_Length=hex(len(ANSWER)))), ["warc-length"]),
    "a length twice in one field": (member(got(Content_Length=f"{len(ANSWER)}, {len(ANSWER)}")), ["warc-length"]),
    "a length of nineteen digits": (member(got(Content_Length=f"{len(ANSWER):019}")), ["warc-length"]),
    "a date with a comma": (member(got(WARC_Date="2026-11-22T10:00:00,5Z")), ["warc-date"]),
    "a date in lower case": (member(got(WARC_Date="2026-11-22t10:00:00z")), ["warc-date"]),
    "a date with a space": (member(got(WARC_Date="2026-11-22 10:00:00Z")), ["warc-date"]),
    "an address of a warcinfo": (
        member(record("warcinfo", 2, b"a: b\r\n", WARC_Target_URI="https://sn4hr.org/a")), ["warc-field-misplaced"],
    ),
    # digests
    "base32 whose spare bits are set": (member(got(WARC_Block_Digest=base32(ANSWER, "7"))), ["warc-block-digest"]),
    "base64": (
        member(got(WARC_Block_Digest=f"sha256:{b64encode(hashlib.sha256(ANSWER).digest()).decode()}")),
        ["warc-field-form"],
    ),
    "two digests in one field": (
        member(got(WARC_Block_Digest=f"sha256:{sha256(ANSWER)} sha256:{sha256(ANSWER)}")), ["warc-digest-form"],
    ),
    "the digest of another block": (member(got(WARC_Block_Digest=f"sha256:{sha256(BODY)}")), ["warc-block-digest"]),
    "the digest of nothing": (member(got(WARC_Payload_Digest=f"sha256:{sha256(b'')}")), ["warc-payload-differs"]),
    # HTTP
    "a head that does not end": (member(got(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")), ["warc-http"]),
    "a head of HTTP/2 as some write it": (
        member(got(b"HTTP/2 200\r\n\r\n" + BODY, WARC_Payload_Digest=f"sha256:{sha256(BODY)}")), [],
    ),
    "a body behind a 204": (
        member(got(b"HTTP/1.1 204 No Content\r\n\r\nabc", WARC_Payload_Digest=f"sha256:{sha256(b'abc')}")),
        ["warc-payload-framing"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("step", [1 << 20, 13], ids=["whole", "drops"])
def test_just_what_is_wrong_is_reported_and_the_records_round_it_are_read(name: str, step: int) -> None:
    odd, expected = MEMBERS[name]
    before, after = zipped(sound()), zipped(sound())
    started = process_time()
    report = scan(before + odd + after, step)
    assert process_time() - started < 2
    assert sorted(fault.code for fault in report.faults) == sorted(expected)
    assert all(len(before) <= fault.offset < len(before + odd) for fault in report.faults)
    assert [each.type for each in report.records()].count("warcinfo") >= 2


def scanned(data: bytes, name: str) -> list[str]:
    reading = WarcScan(BagPath(f"data/archive/{name}"))
    reading.feed(data)
    return [fault.code for fault in reading.close().faults]


@pytest.mark.parametrize("name", ["s01.warc", "s01.warc.gz", "S01.WARC.GZ"])
def test_what_the_bytes_are_decides_and_not_the_name(name: str) -> None:
    assert scanned(zipped(sound()), name) == scanned(b"".join(sound()), name) == []


@pytest.mark.parametrize("cut", [1, 4, 7, 8, 9])
def test_a_last_member_without_all_of_its_trailer_is_cut(cut: int) -> None:
    assert [fault.code for fault in scan(zipped(sound())[:-cut]).faults] == ["warc-cut"]


def test_bytes_before_the_first_member_are_reported() -> None:
    report = scan(b"\n" * 5 + zipped(sound()))
    assert [(fault.code, fault.offset) for fault in report.faults] == [("warc-garbage", 0)]
    assert report.count == 4


SLOWER = 8 if sys.gettrace() else 1  # a tracer that counts branches takes its own time
EMPTY_MEMBER = gzip.compress(b"", mtime=0)


def test_a_million_empty_members_cost_little_time() -> None:
    started = process_time()
    report = scan(EMPTY_MEMBER * 300_000)
    assert process_time() - started < 5 * SLOWER
    assert len(report.faults) <= 1002
