"""`archive verify` of bags of WARCs beside `bagit.py --validate` and then `warcio check`, in the same run.

The WARCs are written by warcio, as crawls by others are. Figures are the best of some runs, taken in turn.
"""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import bagit
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.benchmarks.peers import OURS, Taken, bag_peers, growth, in_turn, ours, skipped, table, warc_peers

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


BY_RECORDS = (
    Shape("50,000 small records, 4 files", 50_000, 4, small),
    Shape("100,000 small records, 4 files", 100_000, 4, small),
    Shape("200,000 small records, 4 files", 200_000, 4, small, 8.0),
)
OTHERS = (
    Shape("200,000 small records, 1 file", 200_000, 1, small, 8.0),
    Shape("30,000 records of pages, 4 files", 30_000, 4, page, 4.0),
    Shape("30,000 records of pages, 1 file", 30_000, 1, page, 4.0),
)


def run() -> None:
    """Build each bag, measure; print seconds, ratios, memory, and how time and memory grow."""
    by_records = measured(BY_RECORDS)
    measured(OTHERS)
    print(growth("records", (shape.records for shape in BY_RECORDS), by_records))


def measured(shapes: Iterable[Shape]) -> list[Taken]:
    """Measure on a bag of each shape, print it; what `archive verify` took."""
    mine = []
    for shape in shapes:
        with tempfile.TemporaryDirectory(prefix="warc-bench-") as folder:
            bag = build(Path(folder) / "bag", shape)
            programs = [ours(bag), *bag_peers(bag)[:2], *warc_peers(sorted((bag / "data").iterdir()))]
            taken = in_turn(programs, bag, RUNS)
            print("\n".join([headline(shape, taken), *table(taken), *skipped(programs)]), flush=True)
            mine.append(taken[OURS])
    return mine


def headline(shape: Shape, taken: dict[str, Taken]) -> str:
    """The ratio that the target is about: both peers one after the other, since each does half of the work."""
    theirs = [taken[name] for name in ("bagit.py --validate", "warcio check")]
    wall, cpu = (sum(getattr(one, name) for one in theirs) / getattr(taken[OURS], name) for name in ("wall", "cpu"))
    target = f", target {shape.target:.0f}x" if shape.target else ""
    each = taken[OURS].cpu / shape.records * 1e6
    told = f"{wall:.1f}x as fast as bagit.py and then warcio{target}; {cpu:.1f}x less CPU; {each:.1f} us CPU a record"
    return f"{shape.name}: archive verify is {told}"


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
