"""`archive fetch` beside `wget --page-requisites --warc-file`, in the same run."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shape:
    """So many pages with so many pictures each, every answer after a delay."""

    label: str
    pages: int
    pictures: int
    """A page may have 3,000 requisites at the most."""
    delay: float
    target: float
    runs: int = 3

    @property
    def urls(self) -> int:
        return self.pages * (1 + self.pictures)


SHAPES = (
    Shape("no latency", 4, 2000, 0.0, 1.5),
    Shape("50 ms a response", 1, 400, 0.05, 12.0),
    Shape("50 ms a response", 4, 400, 0.05, 12.0, runs=1),
)


@contextmanager
def server(shape: Shape) -> Iterator[int]:
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


def ours(port: int, folder: Path, shape: Shape) -> list[str]:
    report = folder / "report.txt"
    cited = "".join(f"A page is cited here: http://pictures.example:{port}/{page} .\n" for page in range(shape.pages))
    report.write_text(cited)
    program = [sys.executable, "-c", "from archive_cli.main import main; main()", "fetch", str(report)]
    manners = ["--delay", "0", "--per-host", "16", "--jobs", "16", "-q"]
    there = ["--connect-to", f"pictures.example:{port}:127.0.0.1:{port}", "--no-memento", "--no-browser"]
    return [*program, "-o", str(folder / "bag"), *manners, *there]


def theirs(port: int, folder: Path, shape: Shape) -> list[str]:
    return [
        *("wget", "-q", "--page-requisites", f"--warc-file={folder / 'peer'}", "--no-parent", "-e", "robots=off"),
        *("-P", str(folder / "files"), *(f"http://127.0.0.1:{port}/{page}" for page in range(shape.pages))),
    ]


def stored(folder: Path) -> int:
    """How many answers with status 200 lie in the WARCs below a folder."""
    data = b"".join(gzip.decompress(path.read_bytes()) for path in folder.rglob("*.warc.gz"))
    return data.count(b"\r\n\r\nHTTP/1.1 200 OK\r\n")


def timed(command: list[str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} left with {done.returncode}: {done.stderr[-500:]}")
    return time.perf_counter() - began


def compare(shape: Shape) -> tuple[float, float]:
    """Median seconds of both, taken in turn; both must have stored every page and picture."""
    mine, peer = [], []
    with server(shape) as port:
        for _ in range(shape.runs):
            for times, command in ((mine, ours), (peer, theirs)):
                with tempfile.TemporaryDirectory(prefix="fetch-bench-") as folder:
                    times.append(timed(command(port, Path(folder), shape)))
                    if (found := stored(Path(folder))) < shape.urls:  # a probe more is ours to pay for
                        raise RuntimeError(f"{command.__name__}: {found} of {shape.urls} answers are in the WARC")
    return sorted(mine)[shape.runs // 2], sorted(peer)[shape.runs // 2]


def run() -> None:
    """Print the figures and the ratios."""
    if shutil.which("wget") is None:
        print("fetch: skipped, wget is not installed")
        return
    for shape in SHAPES:
        mine, peer = compare(shape)
        told = f"{mine:.2f} s; wget {peer:.2f} s; {peer / mine:.1f}x (target {shape.target:g}x)"
        print(f"fetch, {shape.label}, {shape.urls:,} URLs: {told}", flush=True)


if __name__ == "__main__":
    run()
