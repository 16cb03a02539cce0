"""However large the body: the whole of it is on the disk, and little of it is ever in memory."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from pathlib import Path

import pytest

from archive.warc.reader import block_of
from archive_manifests.records import parse_line
from tests.world.faulty import Case, Endless, FaultyServer

MOST = 150 << 10
"""KiB of resident memory, at the peak."""
_HEAD = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"
NOISE = _HEAD + random.Random("memory").randbytes((1 << 20) - len(_HEAD))
"""Begins as an MP4 does."""

_MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak_of(command: list[str]) -> tuple[int, int]:
    """Exit code and peak memory in KiB of a program and all that it starts."""
    out = subprocess.run([sys.executable, "-c", _MEASURED, *command], capture_output=True, text=True, check=True)
    code, peak = out.stdout.split()
    return int(code), int(peak)


def archive(*words: str) -> list[str]:
    return [sys.executable, "-c", "from archive_cli.main import main; main()", *words]


def fetched(folder: Path, megabytes: int, *, chunked: bool) -> tuple[Path, int]:
    """Fetch a video of so many MiB; the bag, and the peak of memory."""
    if chunked:
        framing, piece, end = b"Transfer-Encoding: chunked", b"100000\r\n" + NOISE + b"\r\n", (b"0\r\n\r\n",)
    else:
        framing, piece, end = b"Content-Length: %d" % (megabytes << 20), NOISE, ()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n" + framing + b"\r\n\r\n"
    case = Case("video", (head, Endless(piece, megabytes), *end))
    (folder / "sources.toml").write_text(
        '[report]\nid = "T"\ntitle = "T"\n[[source]]\ncited = "http://faulty.example/video.mp4"\n'
    )
    robots = {"/robots.txt": (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",)}
    with FaultyServer(Case(case.name, case.script, others=robots)) as server:
        words = ["fetch", str(folder / "sources.toml"), "-o", str(folder / "B"), "-q", "--delay", "0", "--no-memento"]
        words += [word for way in server.connect_to for word in ("--connect-to", way)]
        code, peak = peak_of(archive(*words, "--max-size", "20GB"))
        assert code == 0
    return folder / "B", peak


def assert_all_there(bag: Path, megabytes: int) -> None:
    with (bag / "data/provenance/records.jsonl").open("rb") as lines:
        log = [parse_line(line, number) for number, line in enumerate(lines, start=1)]
    answer = next(line for line in log if line.type == "response" and str(line.uri).endswith("video.mp4"))
    expected = hashlib.sha256()
    for _ in range(megabytes):
        expected.update(NOISE)
    assert answer.payload_sha256 == expected.hexdigest()
    assert answer.truncated is None
    stored = sum(len(piece) for piece in block_of(bag / answer.file, answer.offset, answer.length))
    assert stored > megabytes << 20


@pytest.mark.parametrize(
    ("megabytes", "chunked"),
    [
        pytest.param(170, False, id="170 MB"),
        pytest.param(300, True, id="300 MB chunked", marks=pytest.mark.torture),
        pytest.param(5 << 10, False, id="5 GB", marks=[pytest.mark.torture, pytest.mark.timeout(3600)]),
    ],
)
def test_a_large_body_takes_little_memory(tmp_path: Path, megabytes: int, chunked: bool) -> None:
    bag, peak = fetched(tmp_path, megabytes, chunked=chunked)
    assert_all_there(bag, megabytes)
    code, checking = peak_of(archive("verify", "-q", str(bag)))
    print(f"{megabytes} MB: fetch {peak >> 10} MiB, verify {checking >> 10} MiB")
    assert (code, peak < MOST, checking < MOST) == (0, True, True), (peak, checking)
    for path in bag.rglob("*.gz"):
        path.unlink()
