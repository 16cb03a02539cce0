"""`archive fetch` beside `wget --page-requisites --warc-file`, in the same run."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measure import RUNS, BenchmarkReport, Line, Program, alternating, installed, scaled

_OURS, _PEER = "archive fetch", "wget"


@dataclass(frozen=True, slots=True)
class Shape:
    """So many pages with so many pictures each, every response after a delay."""

    label: str
    pages: int
    pictures: int
    """A page may have 3,000 requisites at the most."""
    delay: float
    target: str
    runs: int = 5

    @property
    def urls(self) -> int:
        return self.pages * (1 + self.pictures)


SHAPES = (
    Shape("no latency, few pages", 4, scaled(2000), 0.0, "2x"),
    Shape("no latency, many pages", scaled(400), 19, 0.0, "2x"),
    Shape("50 ms a response", 1, scaled(400), 0.05, "13x", runs=3),
    Shape("50 ms a response", 4, scaled(200), 0.05, "13x", runs=1),
)


@contextmanager
def server(shape: Shape) -> Iterator[int]:
    """The port of a server that has those pages."""
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.busy_server", str(shape.pages), str(shape.pictures), str(shape.delay)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    try:
        yield int(running.stdout.readline())
    finally:
        running.kill()
        running.wait()


def ours(port: int, folder: Path, shape: Shape) -> Program:
    report = folder / "report.txt"
    pages = range(shape.pages)
    report.write_text("".join(f"A page is cited here: http://p{page % 16}.example:{port}/{page} .\n" for page in pages))
    manners = ("--delay", "0", "--per-host", "16", "--jobs", "16", "-q", "--connect-to", "::127.0.0.1:")
    into = ("-o", str(folder / "ours" / "bag"), "--no-memento", "--no-browser")
    return Program(_OURS, (installed("archive"), "fetch", str(report), *into, *manners), _empty(folder / "ours"))


def theirs(port: int, folder: Path, shape: Shape) -> Program:
    out = folder / "theirs"
    command = ("wget", "-q", "--page-requisites", f"--warc-file={out / 'peer'}", "--no-parent", "-e", "robots=off")
    pages = (f"http://127.0.0.1:{port}/{page}" for page in range(shape.pages))
    return Program(_PEER, (*command, "-P", str(out / "files"), *pages), _empty(out))


def _empty(folder: Path) -> Callable[[], None]:
    def make() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()

    return make


def stored(folder: Path) -> int:
    """How many responses with status 200 are in the WARCs below a folder."""
    found = 0
    for path in folder.rglob("*.warc.gz"):
        found += gzip.decompress(path.read_bytes()).count(b"\r\n\r\nHTTP/1.1 200 OK\r\n")
    return found


def run(report: BenchmarkReport) -> None:
    """Both must have stored every page and picture."""
    for shape in SHAPES:
        with server(shape) as port, tempfile.TemporaryDirectory(prefix="fetch-bench-") as base:
            folder = Path(base)
            programs = [ours(port, folder, shape), theirs(port, folder, shape)]
            taken = alternating(programs, folder, min(shape.runs, RUNS))
            for name in ("ours", "theirs") if _PEER in taken else ("ours",):
                if (found := stored(folder / name)) < shape.urls:  # a probe more is ours to pay for
                    raise RuntimeError(f"{name}: {found} of {shape.urls} responses are in the WARC")
        work = f"{shape.label}: {shape.urls:,} URLs on {shape.pages} pages"
        report.add("fetch", Line(work, taken[_OURS], _PEER, taken.get(_PEER), target=shape.target))
