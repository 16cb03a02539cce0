"""`archive verify` beside `bagit.py --validate`, with one process and with two, in the same run.

Every figure is the best of some runs, taken in turn, so that a busy moment of the machine hits all alike.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

RUNS = 3

@dataclass(frozen=True, slots=True)
class Shape:
    """A bag to measure on."""

    name: str
    files: int
    smallest: int
    largest: int
    algorithms: tuple[str, ...] = ("sha256", "sha512")


SHAPES = (
    Shape("100,000 small files", 100_000, 4 << 10, 20 << 10, ("sha256",)),
    Shape("100,000 small files, two algorithms", 100_000, 4 << 10, 20 << 10),
    Shape("10,000 small files, two algorithms", 10_000, 4 << 10, 20 << 10),
    Shape("1,000 small files, two algorithms", 1_000, 4 << 10, 20 << 10),
    Shape("8 large files", 8, 256 << 20, 256 << 20),
    Shape("1 large file", 1, 1 << 30, 1 << 30),
)


def run(shapes: Iterable[Shape] = SHAPES) -> None:
    """Build each bag, measure, print wall seconds, ratios and peak memory."""
    for shape in shapes:
        with tempfile.TemporaryDirectory(prefix="verify-bench-") as folder:
            bag = build(Path(folder) / "bag", shape)
            report(shape, measure(bag))


def report(shape: Shape, seconds: dict[str, tuple[float, int]]) -> None:
    ours = seconds["archive verify"][0]
    print(f"{shape.name}, {'+'.join(shape.algorithms)}")
    for name, (wall, peak) in seconds.items():
        ratio = "" if name == "archive verify" else f"  archive is {wall / ours:.1f}x as fast"
        print(f"  {name:<32}{wall:8.2f} s {peak / 1024:8.0f} MiB{ratio}")


def measure(bag: Path) -> dict[str, tuple[float, int]]:
    """Best wall seconds, and the peak of the largest process in KiB, of each program."""
    here = Path(sys.executable).parent
    programs: dict[str, list[str]] = {
        "archive verify": [str(here / "archive"), "verify", "--quiet", str(bag)],
        "bagit.py --validate": [str(here / "bagit.py"), "--quiet", "--validate", str(bag)],
        "bagit.py --validate --processes 2": [
            *(str(here / "bagit.py"), "--quiet", "--validate"),
            *("--processes", "2", str(bag)),
        ],
    }
    if (bag / "manifest-sha256.txt").exists() and shutil.which("sha256sum"):
        programs["sha256sum --check (SHA-256 alone)"] = ["sha256sum", "--check", "--quiet", "manifest-sha256.txt"]
    best: dict[str, tuple[float, int]] = {}
    for _ in range(RUNS):
        for name, command in programs.items():
            wall, peak = timed(command, bag)
            before = best.get(name, (wall, peak))
            best[name] = (min(wall, before[0]), max(peak, before[1]))
    return best


_CHILD = """
import os, resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
wall = time.perf_counter() - start
print(code, wall, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def timed(command: list[str], bag: Path) -> tuple[float, int]:
    """Run a program in a fresh process of its own, so that its peak memory is its own too."""
    child = [sys.executable, "-c", _CHILD, *command]
    out = subprocess.run(child, check=True, capture_output=True, text=True, cwd=bag).stdout
    code, wall, peak = out.split()
    assert code == "0", command
    return float(wall), int(peak)


def build(base: Path, shape: Shape) -> Path:
    """A bag of pseudo-random files, each different from the others."""
    noise = os.urandom(min(shape.largest, 64 << 20) + 4096)
    stated: dict[str, list[str]] = {algorithm: [] for algorithm in shape.algorithms}
    span = shape.largest - shape.smallest + 1
    total = 0
    for number in range(shape.files):
        path = f"data/d{number // 1000:03d}/file-{number:06d}.bin"
        if number % 1000 == 0:
            (base / path).parent.mkdir(parents=True)
        size = shape.smallest + number * 7919 % span
        digests = write(base / path, number, noise, size, shape.algorithms)
        total += size
        for algorithm, digest in digests.items():
            stated[algorithm].append(f"{digest}  {path}\n")
    texts = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": f"Payload-Oxum: {total}.{shape.files}\n",
        **{f"manifest-{algorithm}.txt": "".join(lines) for algorithm, lines in stated.items()},
    }
    for name, text in texts.items():
        (base / name).write_text(text)
    for algorithm in shape.algorithms:
        lines = [f"{hashlib.new(algorithm, text.encode()).hexdigest()}  {name}\n" for name, text in texts.items()]
        (base / f"tagmanifest-{algorithm}.txt").write_text("".join(sorted(lines, key=lambda line: line.split()[1])))
    return base


def write(place: Path, number: int, noise: bytes, size: int, algorithms: tuple[str, ...]) -> dict[str, str]:
    running = {algorithm: hashlib.new(algorithm) for algorithm in algorithms}
    with place.open("wb") as stream:
        left = size
        while left:
            start = number % 4096
            piece = noise[start : start + min(left, len(noise) - 4096)]
            stream.write(piece)
            for hasher in running.values():
                hasher.update(piece)
            left -= len(piece)
    return {algorithm: hasher.hexdigest() for algorithm, hasher in running.items()}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    run()
