"""`archive verify` beside `bagit.py --validate`, with one process and with two, rhash and sha256sum, in the same run.

Every figure is the best of some runs, taken in turn, so that a busy moment of the machine hits all alike.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.peers import OURS, Taken, bag_peers, growth, in_turn, ours, skipped, table

RUNS = 3
BOTH = ("sha256", "sha512")


@dataclass(frozen=True, slots=True)
class Shape:
    """A bag to measure on."""

    name: str
    files: int
    smallest: int
    largest: int
    algorithms: tuple[str, ...] = BOTH

    @property
    def octets(self) -> int:
        return self.files * (self.smallest + self.largest) // 2


SMALL = 4 << 10, 20 << 10
LARGE = 256 << 20, 256 << 20

BY_FILES = (
    Shape("1,000 small files", 1_000, *SMALL),
    Shape("10,000 small files", 10_000, *SMALL),
    Shape("100,000 small files", 100_000, *SMALL),
)
BY_BYTES = (
    Shape("2 large files", 2, *LARGE),
    Shape("4 large files", 4, *LARGE),
    Shape("8 large files", 8, *LARGE),
)
OTHERS = (
    Shape("100,000 small files, one algorithm", 100_000, *SMALL, ("sha256",)),
    Shape("8 large files, one algorithm", 8, *LARGE, ("sha256",)),
    Shape("1 large file", 1, 1 << 30, 1 << 30),
)


def run() -> None:
    """Build each bag, measure; print seconds, ratios, memory, and how time and memory grow."""
    by_files, by_bytes = measured(BY_FILES), measured(BY_BYTES)
    measured(OTHERS)
    print(growth("files", (shape.files for shape in BY_FILES), by_files))
    print(growth("MiB", (shape.octets / 2**20 for shape in BY_BYTES), by_bytes))


def measured(shapes: Iterable[Shape]) -> list[Taken]:
    """Measure on a bag of each shape, print it; what `archive verify` took."""
    mine = []
    for shape in shapes:
        with tempfile.TemporaryDirectory(prefix="verify-bench-") as folder:
            bag = build(Path(folder) / "bag", shape)
            programs = [ours(bag), *bag_peers(bag)]
            taken = in_turn(programs, bag, RUNS)
            lines = [f"{shape.name}, {'+'.join(shape.algorithms)}", *table(taken), *skipped(programs)]
            print("\n".join(lines), flush=True)
            mine.append(taken[OURS])
    return mine


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
    run()
