"""Records read back: all of a file, or one at a known place."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from archive.errors import WarcError
from archive.warc.reader import Record, block_of, http_message, read_record_at, read_records
from tests.archive.warc.warc_bytes import ANSWER, BODY, QUESTION, member, record, records, sound, uuid, zipped

BLOCKS = [b"software: evidence-archive\r\n", QUESTION, ANSWER, b"{}"]
PLAIN, GZ = b"".join(sound()), zipped(sound())
BIG = bytes(range(256)) * 3000


def read(data: bytes) -> list[tuple[int, str, bytes, bool]]:
    found = []
    for each in read_records(io.BytesIO(data)):
        block = b"".join(each.block())
        found.append((each.offset, each.id, block, each.truncated))
    return found


@pytest.mark.parametrize("data", [PLAIN, GZ], ids=["plain", "gz"])
def test_records_come_in_file_order_with_their_places_and_blocks(data: bytes) -> None:
    places = [each.offset for each in records(data)]
    assert read(data) == [
        (place, uuid(number), block, False) for number, (place, block) in enumerate(zip(places, BLOCKS, strict=True))
    ]


@pytest.mark.parametrize("data", [PLAIN, GZ], ids=["plain", "gz"])
def test_blocks_that_nobody_reads_are_read_over(data: bytes) -> None:
    assert [each.type for each in read_records(io.BytesIO(data))] == ["warcinfo", "request", "response", "metadata"]


def test_a_large_block_is_read_whole_in_pieces() -> None:
    data = zipped([record("resource", 1, BIG), *sound()])
    first = next(read_records(io.BytesIO(data)))
    pieces = list(first.block())
    assert b"".join(pieces) == BIG
    assert max(map(len, pieces)) <= 1 << 16


def test_records_that_share_a_member_are_read() -> None:
    assert [block for _, _, block, _ in read(member(PLAIN))] == BLOCKS


@pytest.mark.parametrize("compress", [True, False], ids=["gz", "plain"])
def test_a_record_that_the_file_cuts_off_is_the_last_and_says_so(compress: bool) -> None:
    data = zipped([record("resource", 1, BIG)]) if compress else record("resource", 1, BIG)
    found = read(data[: len(data) // 2])
    assert [(place, truncated) for place, _, _, truncated in found] == [(0, True)]
    assert BIG.startswith(found[0][2])


@pytest.mark.parametrize(
    "data",
    [
        GZ + b"garbage",
        PLAIN + b"garbage",
        b"%PDF-1.7 and so on",
        GZ[:-5] + bytes([GZ[-5] ^ 1]) + GZ[-4:],
        PLAIN[:-4] + b"\n\n\n\n",
        b"WARC/1.1\r\nContent-Length: many\r\n\r\n",
        b"WARC/1.1\r\n" + b"a" * (2 << 20),
        b"WARC/1.1\r\nContent-Le",
        record("resource", 1, b"abc", Content_Length="2"),
    ],
    ids=["behind", "behind-plain", "pdf", "crc", "ends", "length", "endless", "cut", "short"],
)
def test_a_file_in_which_a_start_cannot_be_found_or_that_is_damaged_is_refused(data: bytes) -> None:
    with pytest.raises(WarcError):
        read(data)


def test_nothing_holds_no_records() -> None:
    assert read(b"") == []


@pytest.mark.parametrize("data", [PLAIN, GZ], ids=["plain", "gz"])
def test_a_record_is_read_at_its_place(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "s01.warc.gz"
    path.write_bytes(data)
    for place, block in zip(records(data), BLOCKS, strict=True):
        assert b"".join(block_of(path, place.offset, place.length)) == block


def test_a_place_where_no_record_is_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s01.warc.gz"
    path.write_bytes(GZ)
    first = records(GZ)[0]
    for offset, length in ((1, 100), (len(GZ), 10), (0, first.length - 9), (0, 30)):
        with pytest.raises(WarcError):
            b"".join(block_of(path, offset, length))


def at(data: bytes, number: int) -> Record:
    place = records(data)[number]
    return read_record_at(io.BytesIO(data), place.offset, place.length)


def test_an_answer_is_split_into_head_and_body() -> None:
    message = http_message(at(GZ, 2))
    assert (message.head + message.body, message.body) == (ANSWER, BODY)
    assert (message.status, message.mime) == (200, "text/html")


def test_a_block_that_is_no_answer_is_not_split() -> None:
    with pytest.raises(WarcError, match="no HTTP head"):
        http_message(at(GZ, 0))
    with pytest.raises(WarcError, match="stream it instead"):
        http_message(at(GZ, 2), limit=10)


def test_a_payload_is_without_head_and_chunk_marks_and_keeps_its_content_coding() -> None:
    packed = gzip.compress(BODY, mtime=0)
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    block += b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (packed[:10], packed[10:])) + b"0\r\n\r\n"
    found = next(read_records(io.BytesIO(zipped([record("response", 1, block)]))))
    assert b"".join(found.payload()) == packed
    info = next(read_records(io.BytesIO(GZ)))
    assert b"".join(info.payload()) == BLOCKS[0]
