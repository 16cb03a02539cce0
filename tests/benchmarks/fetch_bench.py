"""`archive fetch` beside `wget --page-requisites --warc-file`, in the same run."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RUNS = 3


@contextmanager
def server(pictures: int, delay: float) -> Iterator[int]:
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.busy_server", str(pictures), str(delay)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    try:
        yield int(running.stdout.readline())
    finally:
        running.kill()
        running.wait()


def ours(port: int, folder: Path) -> list[str]:
    report = folder / "report.txt"
    report.write_text(f"A page is cited here: http://pictures.example:{port}/ and that is all.\n")
    program = [sys.executable, "-c", "from archive_cli.main import main; main()", "fetch", str(report)]
    manners = ["--delay", "0", "--per-host", "16", "--jobs", "16", "-q"]
    there = ["--connect-to", f"pictures.example:{port}:127.0.0.1:{port}", "--no-memento", "--no-browser"]
    return [*program, "-o", str(folder / "bag"), *manners, *there]


def theirs(port: int, folder: Path) -> list[str]:
    return [
        *("wget", "-q", "--page-requisites", f"--warc-file={folder / 'peer'}", "--no-parent", "-e", "robots=off"),
        *("-P", str(folder / "files"), f"http://127.0.0.1:{port}/"),
    ]


def timed(command: list[str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command[0]} left with {done.returncode}: {done.stderr[-500:]}")
    return time.perf_counter() - began


def compare(pictures: int, delay: float) -> tuple[float, float]:
    """Median seconds of both, taken in turn."""
    mine, peer = [], []
    with server(pictures, delay) as port:
        for _ in range(RUNS):
            for times, command in ((mine, ours), (peer, theirs)):
                folder = Path(tempfile.mkdtemp(dir=Path.cwd() / "build" if (Path.cwd() / "build").is_dir() else None))
                times.append(timed(command(port, folder)))
                shutil.rmtree(folder)
    return sorted(mine)[RUNS // 2], sorted(peer)[RUNS // 2]


def run() -> None:
    """Print the figures and the ratios."""
    if shutil.which("wget") is None:
        print("fetch: skipped, wget is not installed")
        return
    for label, pictures, delay, target in (("no latency", 8000, 0.0, 1.5), ("50 ms a response", 400, 0.05, 12.0)):
        mine, peer = compare(pictures, delay)
        ratio = peer / mine
        figures = f"{mine:.2f} s; wget {peer:.2f} s; {ratio:.1f}x (target {target}x)"
        print(f"fetch, {label}, {pictures + 1:,} URLs: {figures}")


if __name__ == "__main__":
    run()
