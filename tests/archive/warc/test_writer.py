"""The WARC writer: files on the disk, many of them, and nothing of a record that could not be written whole."""

from __future__ import annotations

import base64
import hashlib
import itertools
import os
import random
import resource
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.warc import writer as write
from archive.warc.new_record import Draft, Text
from archive.warc.scan import WarcScan
from archive.warc.writer import WarcWriter
from archive_manifests.paths import BagPath
from tests.archive.net.recorder_setup import stored

NOW = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)


def draft(number: int, data: bytes = b"hello") -> Draft:
    return Draft("resource", f"urn:uuid:{number:036d}", NOW, "http://a.example/", "text/plain", Text(data))


@contextmanager
def writer(base: Path, **more: int) -> Iterator[WarcWriter]:
    numbers = itertools.count(10**6)
    writing = WarcWriter(base, new_id=lambda: f"urn:uuid:{next(numbers):036d}", about=[("software", "x")], **more)
    yield writing
    writing.close()


def blocks(base: Path, series: str) -> list[bytes]:
    files = sorted((base / "data/archive").glob(f"{series}*.warc.gz"), key=lambda path: (len(path.name), path.name))
    return [record.block for path in files for record in stored(path) if record.type != "warcinfo"]


def assert_digests_hold(base: Path, writing: WarcWriter) -> None:
    for path, size, digests in writing.files():
        data = (base / path).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (size, digests["sha256"])
        assert hashlib.sha512(data).hexdigest() == digests["sha512"]


def test_a_report_may_cite_more_sources_than_a_program_may_open_files(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = len(list(Path("/proc/self/fd").iterdir())) + write.MOST_OPEN + 40
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, hard))
    try:
        with writer(tmp_path) as writing:
            for turn in range(2):
                for source in range(300):
                    writing.append(f"s{source:03d}", [draft(turn * 1000 + source, b"%d" % turn)], NOW)
                writing.sync()
            assert_digests_hold(tmp_path, writing)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert all(blocks(tmp_path, f"s{source:03d}") == [b"0", b"1"] for source in range(300))


def test_many_threads_write_many_series_while_all_is_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "MOST_OPEN", 3)
    numbers = itertools.count()
    with writer(tmp_path, roll_at=4000) as writing:
        stop = threading.Event()

        def sync() -> None:
            while not stop.is_set():
                writing.sync()

        def work(series: str) -> None:
            for turn in range(60):
                writing.append(series, [draft(next(numbers), b"%s %d" % (series.encode(), turn))], NOW)

        syncing = threading.Thread(target=sync)
        syncing.start()
        threads = [threading.Thread(target=work, args=(f"s{n:02d}",)) for n in range(9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        stop.set()
        syncing.join()
        assert_digests_hold(tmp_path, writing)
    for number in range(9):
        assert blocks(tmp_path, f"s{number:02d}") == [b"s%02d %d" % (number, turn) for turn in range(60)]


def test_a_sync_reaches_every_file_that_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def watched(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    with writer(tmp_path) as writing:
        for source in ("s01", "s02"):
            writing.append(source, [draft(1)], NOW)
        writing.sync()
        folder = tmp_path / "data/archive"
        assert sorted(synced) == sorted(map(str, (folder, folder / "s01.warc.gz", folder / "s02.warc.gz")))
        synced.clear()
        writing.append("s02", [draft(2)], NOW)
        writing.sync()
        writing.sync()
        assert synced == [str(folder / "s02.warc.gz")]


def test_what_could_not_be_synced_is_synced_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with writer(tmp_path) as writing:
        writing.append("s01", [draft(1)], NOW)
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", lambda fd: (_ for _ in ()).throw(OSError(28, "No space left on device")))
            with pytest.raises(OSError, match="No space"):
                writing.sync()
        calls: list[int] = []
        monkeypatch.setattr(os, "fsync", calls.append)
        writing.sync()
        writing.sync()
        assert len(calls) == 2  # the file and its folder


def test_a_record_that_cannot_be_written_whole_leaves_no_trace(tmp_path: Path) -> None:
    class Broken(Text):
        @property
        def size(self) -> int:
            return 1 << 30

        def pieces(self) -> Iterator[bytes]:
            yield os.urandom(1 << 20)
            raise OSError(5, "Input/output error")

    with writer(tmp_path) as writing:
        writing.append("s01", [draft(1)], NOW)
        before = (tmp_path / "data/archive/s01.warc.gz").read_bytes()
        broken = Draft("resource", "urn:uuid:x", NOW, "http://a.example/", None, Broken(b""))
        with pytest.raises(OSError, match="Input/output"):
            writing.append("s01", [draft(2), broken], NOW)
        assert (tmp_path / "data/archive/s01.warc.gz").read_bytes() == before
        writing.append("s01", [draft(3, b"after")], NOW)
        assert_digests_hold(tmp_path, writing)
    assert blocks(tmp_path, "s01") == [b"hello", b"after"]


def test_a_series_continues_in_its_last_file_after_a_restart(tmp_path: Path) -> None:
    with writer(tmp_path, roll_at=900) as writing:
        written = [line for number in range(6) for line in writing.append("s01", [draft(number)], NOW)]
    files = list(dict.fromkeys(line.file for line in written))
    assert len(files) == 3
    last = tmp_path / files[-1]
    last.write_bytes(last.read_bytes() + b"torn")
    with writer(tmp_path, roll_at=10**9) as again:
        for file in files:
            again.resume(file, [line for line in written if line.file == file])
        added = again.append("s01", [draft(7, b"after")], NOW)
        assert {line.file for line in added} == {files[-1]}
        assert_digests_hold(tmp_path, again)
    assert blocks(tmp_path, "s01") == [b"hello"] * 6 + [b"after"]


@pytest.mark.parametrize("count", [30_000, 400_000])
def test_a_body_of_tiny_chunks_is_stored_so_that_the_strict_reader_reads_it(tmp_path: Path, count: int) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    block = Text(head + b"1\r\nx\r\n" * count + b"0\r\n\r\n")
    media_type = "application/http;msgtype=response"
    drafts = [
        Draft("response", f"urn:uuid:{n:036d}", NOW, "http://a.example/", media_type, block, small_chunks=count + 1)
        for n in range(5)
    ]
    with writer(tmp_path) as writing:
        writing.append("s01", drafts, NOW)
    (file,) = (tmp_path / "data/archive").glob("*.warc.gz")
    scan = WarcScan(BagPath("data/archive/s01.warc.gz"))
    scan.feed(file.read_bytes())
    report = scan.close()
    assert report.faults == ()
    digest = hashlib.sha256(b"x" * count).hexdigest()
    assert [record.payload_sha256 for record in report.records() if record.type == "response"] == [digest] * 5


NOISE = random.Random("noise").randbytes(1 << 18)


@pytest.mark.parametrize("size", [1100, 0xFFFF - 400, 0xFFFF, 0x10000, 2 * 0xFFFF, 200_000])
def test_what_is_compressed_already_is_stored_as_it_is(tmp_path: Path, size: int) -> None:
    with writer(tmp_path) as writing:
        (_, line) = writing.append("s01", [draft(1, NOISE[:size])], NOW)
    assert blocks(tmp_path, "s01") == [NOISE[:size]]
    assert size < line.length < size + 600
    data = (tmp_path / line.file).read_bytes()[line.offset :]
    unpacked = zlib.decompressobj(31)
    assert NOISE[:size] in unpacked.decompress(data)
    assert (unpacked.eof, unpacked.unused_data) == (True, b"")


@pytest.mark.parametrize(
    "data",
    [base64.b64encode(NOISE[:9000]), NOISE[:9000].hex().encode(), "نص عربي ".encode() * 700, NOISE[:200] * 50, b"ab" * 5000],
    ids=["base64", "hex", "Arabic", "repeated", "plain"],
)
def test_what_can_be_packed_is_packed(tmp_path: Path, data: bytes) -> None:
    with writer(tmp_path) as writing:
        (_, line) = writing.append("s01", [draft(1, data)], NOW)
    assert line.length < 0.85 * len(data)
    assert blocks(tmp_path, "s01") == [data]
