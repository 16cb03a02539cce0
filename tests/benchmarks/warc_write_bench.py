"""Writing WARC records, gzipped, beside warcio's own writer.

Ours computes more on the way (sha256 of block and member, sha256 and sha512 of the file), warcio sha1 of block and payload.
Only the writing is measured, in this process, not the start of a program.
"""

from __future__ import annotations

import io
import itertools
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.warc.new_record import Draft, Text
from archive.warc.writer import WarcWriter
from tests.benchmarks.measure import RUNS, BenchmarkReport, Figures, Line, scaled, show_progress

HEAD = b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
FIELDS = [("Server", "nginx"), ("Content-Type", "text/html; charset=utf-8")]
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shape:
    """How many bodies, and how large they are on the mean."""

    records: int
    mean: int


SHAPES = (Shape(scaled(1500), 43_000), Shape(scaled(8000), 5_000))


def bodies(shape: Shape) -> list[bytes]:
    """Pages and pictures, half and half, from a tenth of the mean to twice as much."""
    chance = random.Random(f"warc {shape}")
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 11))) for _ in range(3000)]
    made = []
    for number in range(shape.records):
        size = chance.randint(shape.mean // 10, 2 * shape.mean - shape.mean // 10)
        if number % 2:
            made.append(chance.randbytes(size))
        else:
            text = " ".join(f"<p class=c{n % 7}>{word}</p>" for n, word in enumerate(chance.choices(words, k=size // 20)))
            made.append((text.encode() * 2)[:size])
    return made


def ours(folder: Path, made: list[bytes]) -> None:
    numbers = itertools.count()

    def new_id() -> str:
        return f"urn:uuid:00000000-0000-4000-8000-{next(numbers):012d}"

    writer = WarcWriter(folder, new_id=new_id, about=[("software", "bench")])
    for number, body in enumerate(made):
        block = Text(HEAD % len(body) + body)
        kind = "application/http;msgtype=response"
        writer.append("s01", [Draft("response", new_id(), NOW, f"http://a.example/{number}", kind, block)], NOW)


def theirs(folder: Path, made: list[bytes]) -> None:
    with (folder / "peer.warc.gz").open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for number, body in enumerate(made):
            fields = StatusAndHeaders("200 OK", [*FIELDS, ("Content-Length", str(len(body)))], protocol="HTTP/1.1")
            uri = f"http://a.example/{number}"
            record = writer.create_warc_record(uri, "response", payload=io.BytesIO(body), http_headers=fields)
            writer.write_record(record)


def measured(write: Callable[[Path, list[bytes]], None], made: list[bytes]) -> tuple[Figures, int]:
    """One writing, and the bytes that it wrote."""
    with tempfile.TemporaryDirectory(prefix="warc-bench-") as folder:
        wall, cpu = time.perf_counter(), time.process_time()
        write(Path(folder), made)
        taken = Figures(time.perf_counter() - wall, time.process_time() - cpu, 0)
        return taken, sum(path.stat().st_size for path in Path(folder).rglob("*.gz"))


def run(report: BenchmarkReport) -> None:
    """Medians of alternating runs."""
    for shape in SHAPES:
        made = bodies(shape)
        show_progress(f"{shape.records:,} records of {shape.mean / 1000:g} kB, {RUNS} times each")
        pairs = [(measured(ours, made), measured(theirs, made)) for _ in range(RUNS)]
        mine, peer = (Figures.median([pair[who][0] for pair in pairs]) for who in (0, 1))
        (_, my_size), (_, peer_size) = pairs[0]
        size = f"size {100 * my_size / peer_size - 100:+.1f} %"
        work = f"{shape.records:,} records of {shape.mean / 1000:g} kB, gzip"
        report.add("warc_write", Line(work, mine, "warcio WARCWriter", peer, target="5x", note=size))
