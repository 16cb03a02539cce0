"""`archive verify` of bags of WARCs beside `bagit.py --validate` and then `warcio check`, in the same run.

The WARCs are written by warcio, as crawls by others are. Figures are the best of some runs, taken in turn.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import bagit
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.benchmarks.verify_bench import timed

RUNS = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """A bag to measure on."""

    name: str
    records: int
    files: int
    body: Callable[[random.Random], bytes]
    target: float | None = None
    """How many times as fast as the peers it has to be."""


def small(chance: random.Random) -> bytes:
    return chance.randbytes(100).hex().encode()


WORDS = [random.Random(number).randbytes(4).hex() for number in range(2000)]


def page(chance: random.Random) -> bytes:
    """Text or picture, of the sizes that pages' parts have."""
    size = min(int(chance.paretovariate(1.2) * 4000), 400_000)
    return " ".join(chance.choices(WORDS, k=size // 9)).encode() if chance.random() < 0.7 else chance.randbytes(size)


SHAPES = (
    Shape("50,000 small records, 4 files", 50_000, 4, small),
    Shape("100,000 small records, 4 files", 100_000, 4, small),
    Shape("200,000 small records, 4 files", 200_000, 4, small, 8.0),
    Shape("200,000 small records, 1 file", 200_000, 1, small, 8.0),
    Shape("30,000 records of pages, 4 files", 30_000, 4, page, 4.0),
    Shape("30,000 records of pages, 1 file", 30_000, 1, page, 4.0),
)


def run(shapes: Iterable[Shape] = SHAPES) -> None:
    """Build each bag, measure, print wall seconds, ratio and peak memory."""
    for shape in shapes:
        with tempfile.TemporaryDirectory(prefix="warc-bench-") as folder:
            report(shape, *measure(build(Path(folder) / "bag", shape)))


def report(shape: Shape, ours: tuple[float, int], bagit_: tuple[float, int], check: tuple[float, int]) -> None:
    ratio = (bagit_[0] + check[0]) / ours[0]
    target = f", target {shape.target:.0f}x" if shape.target else ""
    print(f"{shape.name}: archive verify is {ratio:.1f}x as fast{target}")
    named = {"archive verify": ours, "bagit.py --validate": bagit_, "warcio check": check}
    for name, (wall, peak) in named.items():
        print(f"  {name:<24}{wall:8.2f} s {wall / shape.records * 1e6:8.1f} us a record {peak / 1024:8.0f} MiB")


def measure(bag: Path) -> Iterator[tuple[float, int]]:
    """Best wall seconds and peak KiB of each program."""
    here = Path(sys.executable).parent
    programs = (
        [str(here / "archive"), "verify", "--quiet", str(bag)],
        [str(here / "bagit.py"), "--quiet", "--validate", str(bag)],
        [str(here / "warcio"), "check", *map(str, sorted((bag / "data").iterdir()))],
    )
    taken = [[timed(command) for command in programs] for _ in range(RUNS)]
    for runs in zip(*taken, strict=True):
        yield min(wall for wall, _ in runs), max(peak for _, peak in runs)


def build(base: Path, shape: Shape) -> Path:
    base.mkdir()
    for number in range(shape.files):
        write(base / f"crawl-{number}.warc.gz", number, shape)
    bagit.make_bag(str(base), checksums=["sha256", "sha512"])
    return base


def write(place: Path, file: int, shape: Shape) -> None:
    """Requests and answers, half of each."""
    chance = random.Random(file)
    with place.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True, warc_version="1.1")
        for number in range(shape.records // shape.files // 2):
            url, body = f"https://example.org/{file}/{number}/page.html", shape.body(chance)
            fields = [("Content-Type", "text/html"), ("Content-Length", str(len(body))), ("Server", "nginx")]
            head = StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1")
            asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "example.org")], is_http_request=True)
            answer = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head)
            question = writer.create_warc_record(url, "request", http_headers=asked)
            writer.write_request_response_pair(question, answer)


if __name__ == "__main__":
    run()
