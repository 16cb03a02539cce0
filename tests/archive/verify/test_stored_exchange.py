"""Records of a bag read again: from one read of their file, and each payload as the full reader finds it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from functools import partial

import msgspec
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.bag.interface import Broken
from archive.verify.files.read_again import ReadWindow
from archive.verify.records.stored_exchange import payload_of, stored_exchange
from archive.verify.records.stored_records import RecordPlace, StoredRecords
from archive.warc.scan import WarcScan
from archive_manifests.paths import BagPath

PATH = "data/archive/s01.warc.gz"
BODY = b"0123456789" * 30
HEADS = {
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n",
    "shorter": b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n",
    "longer": b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n",
    "close": b"HTTP/1.1 200 OK\r\n\r\n",
    "none": b"HTTP/1.1 204 No Content\r\n\r\n",
    "interim": b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "bare": b"HTTP/1.1 200 OK\nContent-Length: 300\n\n",
}


class Files:
    """One WARC, and how often it was read."""

    def __init__(self, data: bytes, piece: int = 1 << 20) -> None:
        self.data, self.piece, self.reads = data, piece, 0

    def chunks_from(self, path: str, start: int) -> Iterator[bytes]:
        assert path == PATH
        self.reads += 1
        for at in range(start, len(self.data), self.piece):
            yield self.data[at : at + self.piece]


def stored(*blocks: bytes) -> tuple[Files, StoredRecords, list[str]]:
    """A WARC with these responses, and what reads them again."""
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True, warc_version="1.1")
    for number, block in enumerate(blocks):
        fields = StatusAndHeaders("200 OK", [], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            f"http://a.example/{number}", "response", payload=io.BytesIO(block), http_headers=fields
        )
        record.http_headers, record.length = None, len(block)
        writer.write_record(record)
    files = Files(stream.getvalue())
    scan = WarcScan(BagPath(PATH))
    scan.feed(files.data)
    found = list(scan.close().records())
    places = {record.id: RecordPlace(BagPath(PATH), record) for record in found}
    return files, StoredRecords(ReadWindow(files.chunks_from).read_at, places), [record.id for record in found]


@pytest.mark.parametrize("name", HEADS)
def test_a_payload_is_what_the_full_reader_finds(name: str) -> None:
    body = b"5\r\n01234\r\n0\r\n\r\nsurplus" if name == "chunked" else BODY
    _, records, (record,) = stored(HEADS[name] + body)
    exchange = stored_exchange(records, record, {})
    assert exchange is not None
    expected = {"shorter": BODY[:200], "none": b"", "chunked": b"01234"}.get(name, BODY)
    assert b"".join(exchange.payload()) == b"".join(payload_of(partial(records.block, record), "GET")) == expected
    assert exchange.size == len(body)


def test_the_records_of_a_file_come_from_one_read_of_it() -> None:
    files, records, names = stored(*(HEADS["length"] + BODY for _ in range(20)))
    for name in reversed(names):
        assert b"".join(records.block(name)) == HEADS["length"] + BODY
    assert files.reads == 1


@pytest.mark.parametrize("piece", [1 << 20, 1 << 18, 5_000])
def test_a_read_goes_on_where_the_window_ends(piece: int) -> None:
    data = b"".join(number.to_bytes(4, "big") for number in range(3 << 18))  # 3 MiB
    window = ReadWindow(Files(data, piece).chunks_from)
    for start in (0, 5, 300_001, 299_999, (1 << 20) - 1, 1 << 20, (2 << 20) + 7, 3, len(data) - 1):
        assert b"".join(window.read_at(PATH, start)) == data[start:]
    assert b"".join(window.read_at(PATH, len(data))) == b""


def test_a_record_that_changed_since_it_was_verified_is_not_derived_from() -> None:
    files, records, (name,) = stored(HEADS["length"] + BODY)
    scanned = records.places[name].record
    sha256 = hashlib.sha256(files.data[scanned.offset : scanned.offset + scanned.length]).hexdigest()
    records.places = {name: RecordPlace(BagPath(PATH), msgspec.structs.replace(scanned, sha256=sha256))}
    assert b"".join(records.block(name)) == HEADS["length"] + BODY
    changed = bytearray(files.data)
    changed[4] ^= 1  # the time in the gzip header, which changes nothing that is unpacked
    again = StoredRecords(ReadWindow(Files(bytes(changed)).chunks_from).read_at, records.places)
    with pytest.raises(Broken, match="changed while the bag was read"):
        b"".join(again.block(name))
