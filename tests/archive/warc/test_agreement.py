"""The quick way and the full one, and readers and writers of others, compared with each other."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import threading
from base64 import b32encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fastwarc import ArchiveIterator as FastIterator
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.archive.warc.warc_bytes import BODY, QUESTION, record, records, scan, sound, uuid, zipped


def stated(algorithm: str, data: bytes) -> str:
    digest = hashlib.new(algorithm, data).digest()
    return f"sha1:{b32encode(digest).decode()}" if algorithm == "sha1" else f"{algorithm}:{digest.hex()}"


HEADS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: TEXT/HTML\r\nX-Length: %d\r\n\r\n",
        b"HTTP/1.0 404 Not Found\r\nContent-type:image/png\r\nContent-Length:  %d \r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Length: 1\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\nContent-Length: %d\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: %d\r\n\r\n",
        b"HTTP/1.1 301\r\nContent-Length : %d\r\nContent-Type: a b\r\n\r\n",
        b"HTTP/1.1 200 OK\nContent-Length: %d\n\n",
        b"HTTP/1.1 200 OK\r\nX: a\r\n folded: %d\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n",
        b"HTTP/2 200\r\nContent-Length: %d\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: %d\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"\r\nHTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n",
        b"ICY 200 OK %d\r\n\r\n",
        b"HTTP/1.1 200 OK %d",
        b"",
    ]
)
BODIES = st.sampled_from([b"", b"x", BODY, b"HTTP/1.1 200 OK\r\n\r\n", b"a\r\n\r\nb" * 40, bytes(range(256)) * 9])
ALGORITHMS = st.sampled_from(["sha1", "sha256", "sha256", "md5", "sha512"])


@st.composite
def some_records(draw: st.DrawFn) -> list[bytes]:
    """Records as they occur, some of them wrong, each kind often enough for the quick way to learn it."""
    written = []
    for number in range(draw(st.integers(1, 5))):
        head, body, algorithm = draw(HEADS), draw(BODIES), draw(ALGORITHMS)
        stated_length = len(body) + draw(st.sampled_from([0, 0, 0, 1, -1]))
        block = head % max(stated_length, 0) + body if b"%d" in head else head + body
        changes: dict[str, str | None] = {"WARC_Block_Digest": stated(algorithm, block)}
        if draw(st.booleans()):
            changes["WARC_Payload_Digest"] = stated(algorithm, draw(st.sampled_from([body, body, block])))
        changes |= draw(
            st.sampled_from(
                [
                    {},
                    {},
                    {"WARC_Date": "2026-02-30T10:00:00Z"},
                    {"WARC_Date": "2026-02-28T10:00:00.5Z"},
                    {"WARC_Truncated": "length"},
                    {"WARC_Target_URI": "https://sn4hr.org/صورة"},
                    {"WARC_Target_URI": "<https://sn4hr.org/>"},
                    {"WARC_Concurrent_To": f"<{uuid(77)}>", "WARC_Refers_To": f"<{uuid(78)}>"},
                    {"WARC_Block_Digest": "sha1:" + "A" * 32},
                    {"Content_Type": "application/http"},
                    {"X_Other": " spaced\tout "},
                    {"WARC_Segment_Number": "1"},
                ]
            )
        )
        kind = draw(st.sampled_from(["response", "response", "request", "resource", "metadata", "revisit"]))
        block = QUESTION + body if kind == "request" else block
        version = draw(st.sampled_from(["WARC/1.0", "WARC/1.1"]))
        written += [record(kind, number, block, version=version, **changes)] * draw(st.integers(1, 4))
    return written


@settings(max_examples=120, deadline=None)
@given(some_records(), st.integers(5, 97))
def test_the_quick_way_says_what_the_full_reader_says(written: list[bytes], step: int) -> None:
    data = zipped(written)
    quick, full = scan(data), scan(data, step)
    assert list(quick.records()) == list(full.records())
    assert quick.faults == full.faults


@settings(max_examples=100, deadline=None)
@given(some_records(), st.data())
def test_nothing_that_is_done_to_a_file_makes_the_reader_fail(written: list[bytes], data: st.DataObject) -> None:
    plain = b"".join(written) if data.draw(st.booleans()) else zipped(written)
    altered = bytearray(plain)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(altered) - 1))
        altered[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    whole, drops = scan(bytes(altered)), scan(bytes(altered), 13)
    # How much comes out of what is damaged depends on the pieces it comes in; that it is damaged does not.
    assert bool(whole.faults) == bool(drops.faults)
    if not whole.faults:
        assert list(whole.records()) == list(drops.records())


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"WARC/1.1\r\n", b"\x1f\x8b\x08\0"]))
def test_any_bytes_at_all_are_read(data: bytes, start: bytes) -> None:
    report = scan(start + data, 17)
    assert report.faults or report.count


def by_warcio(stream: io.BytesIO, *, gzip: bool, version: str) -> None:
    writer = WARCWriter(stream, gzip=gzip, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("s01.warc.gz", {"software": "warcio"}))
    for number in range(4):
        url = f"https://sn4hr.org/{number}?q=صورة"
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), ("X-A", "b")], protocol="HTTP/1.1")
        answer = writer.create_warc_record(url, "response", payload=io.BytesIO(BODY * number), http_headers=head)
        requested = StatusAndHeaders("GET / HTTP/1.1", [("Host", "sn4hr.org")], is_http_request=True)
        question = writer.create_warc_record(url, "request", http_headers=requested)
        writer.write_request_response_pair(question, answer)
        again = writer.create_revisit_record(url, "sha1:B6QJ6BNJ3R4B23XXMRKZKHLPGJY2VE4O", url, "2026-11-22T10:00:00Z")
        writer.write_record(again)
        plain = writer.create_warc_record(url, "resource", payload=io.BytesIO(b"x"), warc_content_type="a/b")
        writer.write_record(plain)


@pytest.mark.parametrize("version", ["WARC/1.0", "WARC/1.1"])
@pytest.mark.parametrize("gzip", [True, False], ids=["gz", "plain"])
def test_files_that_warcio_writes_are_sound(version: str, gzip: bool) -> None:
    stream = io.BytesIO()
    by_warcio(stream, gzip=gzip, version=version)
    report = scan(stream.getvalue())
    assert (report.faults, report.count) == ((), 17)
    stream.seek(0)
    read = ArchiveIterator(stream)
    theirs = [(each.rec_headers.get_header("WARC-Record-ID").strip("<>"), each.rec_type) for each in read]
    assert [(each.id, each.type) for each in report.records()] == theirs


def test_fastwarc_finds_the_same_records_at_the_same_places() -> None:
    stream = io.BytesIO()
    by_warcio(stream, gzip=True, version="WARC/1.1")
    stream.seek(0)
    theirs = [
        (each.stream_pos, each.record_id.strip("<>").removeprefix("urn:uuid:"), each.content_length)
        for each in FastIterator(stream, parse_http=False)
    ]
    ours = records(stream.getvalue())
    assert [(each.offset, each.id.removeprefix("urn:uuid:"), each.block_size) for each in ours] == theirs


FRONT = b'<a href="/chunked">1</a><a href="/closed">2</a><a href="/gone">3</a><img src="/img">'


class Site(BaseHTTPRequestHandler):
    """Pages in each of the ways in which a body can end."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/chunked":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
            return
        if self.path == "/closed":
            self.send_response(200)
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(BODY)
            self.close_connection = True
            return
        page = FRONT if self.path == "/" else BODY
        self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(shutil.which("wget") is None, reason="no wget here")
@pytest.mark.parametrize("gzip", [True, False], ids=["gz", "plain"])
def test_a_crawl_by_wget_is_read(site: str, gzip: bool, tmp_path: Path) -> None:
    name = tmp_path / "crawl"
    switches = [] if gzip else ["--no-warc-compression"]
    command = ["wget", "-q", "-r", "-l1", "-p", "-e", "robots=off", f"--warc-file={name}", *switches, site]
    subprocess.run(command, cwd=tmp_path, check=False, timeout=60)
    report = scan(name.with_suffix(".warc.gz" if gzip else ".warc").read_bytes())
    found = list(report.records())
    pages = {(each.uri or "").rpartition("/")[2] for each in found if each.type == "response"}
    assert pages >= {"chunked", "closed", "gone", "img"}
    assert {fault.code for fault in report.faults} <= {"warc-payload-framing"}
    assert {str(each.block) for each in found} == {"good"}


def test_our_own_builder_writes_what_warcio_accepts() -> None:
    read = [(each.rec_type, each.content_stream().read()) for each in ArchiveIterator(io.BytesIO(zipped(sound())))]
    assert [kind for kind, _ in read] == ["warcinfo", "request", "response", "metadata"]
    assert read[2][1] == BODY
