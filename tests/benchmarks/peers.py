"""The programs whose work `archive verify` does, and what a program takes: seconds of the clock, of computing, memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

OURS = "archive verify"

_HERE = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Taken:
    """What one program took, the processes that it started included."""

    wall: float
    cpu: float
    """User and system seconds: what a busy machine distorts least."""
    peak: int
    """KiB of the largest of its processes."""

    def best(self, other: Taken) -> Taken:
        return Taken(min(self.wall, other.wall), min(self.cpu, other.cpu), max(self.peak, other.peak))


@dataclass(frozen=True, slots=True)
class Program:
    """One way to check what lies in a folder."""

    name: str
    command: tuple[str, ...]
    needs: str = ""
    """What has to be installed, where that is not the command's first word."""

    @property
    def is_here(self) -> bool:
        return shutil.which(self.needs or self.command[0]) is not None


def ours(bag: Path) -> Program:
    return Program(OURS, (_at("archive"), "verify", "--quiet", str(bag)))


def bag_peers(bag: Path) -> list[Program]:
    """Who checks the digests of a bag. rhash reads each file once for every manifest."""
    bagit = (_at("bagit.py"), "--quiet", "--validate")
    manifests = sorted(place.name for place in bag.glob("manifest-*.txt"))
    return [
        Program("bagit.py --validate", (*bagit, str(bag))),
        Program("bagit.py --validate --processes 2", (*bagit, "--processes", "2", str(bag))),
        Program("rhash --check", ("rhash", "--check", "--skip-ok", *manifests)),
        Program("sha256sum --check (SHA-256 alone)", ("sha256sum", "--check", "--quiet", "manifest-sha256.txt")),
    ]


def warc_peers(warcs: Iterable[Path]) -> list[Program]:
    """Who checks the records of WARCs; igzip looks at nothing but the compression."""
    files = tuple(map(str, warcs))
    fastwarc = _at("fastwarc")
    one_by_one = ("sh", "-c", 'for file; do "$0" check -q -p "$file" || exit; done', fastwarc)
    return [
        Program("warcio check", (_at("warcio"), "check", *files)),
        Program("fastwarc check -p", (*one_by_one, *files), needs=fastwarc),
        Program("igzip -t", ("igzip", "-t", *files)),
    ]


def in_turn(programs: Iterable[Program], folder: Path, runs: int) -> dict[str, Taken]:
    """The best of some runs of each program, taken in turn, so that a busy moment hits all alike."""
    here = [program for program in programs if program.is_here]
    best: dict[str, Taken] = {}
    for _ in range(runs):
        for program in here:
            taken = timed(program.command, folder)
            best[program.name] = taken.best(best.get(program.name, taken))
    return best


def skipped(programs: Iterable[Program]) -> list[str]:
    """A line about each program that is not installed."""
    return [f"  {program.name}: skipped, not installed" for program in programs if not program.is_here]


_CHILD = """
import resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, wall, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def timed(command: Iterable[str], folder: Path) -> Taken:
    """Run a program in a fresh process of its own, so that what it takes is its own too."""
    child = [sys.executable, "-c", _CHILD, *command]
    out = subprocess.run(child, check=True, capture_output=True, text=True, cwd=folder, env=_as_installed()).stdout
    code, wall, cpu, peak = out.split()
    assert code == "0", command
    return Taken(float(wall), float(cpu), int(peak))


def _as_installed() -> dict[str, str]:
    """Surroundings in which compiled modules are kept, for all alike: whoever installs a program has them."""
    kept = {"PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "archive-bench-compiled")}
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | kept


def table(taken: dict[str, Taken]) -> list[str]:
    """A line a program: its figures, and how many times as fast as it `archive verify` is."""
    mine, lines = taken[OURS], []
    for name, one in taken.items():
        ratio = "" if name == OURS else f"  archive is {one.wall / mine.wall:5.1f}x as fast"
        lines.append(f"  {name:<34}{one.wall:8.2f} s {one.cpu:8.2f} s CPU {one.peak / 1024:6.0f} MiB{ratio}")
    return lines


def growth(what: str, sizes: Iterable[float], taken: Iterable[Taken]) -> str:
    """How our time and memory grow from one size to the next; `what` names the unit that is counted."""
    steps = [
        f"{size:,.4g}: {one.cpu / size * 1e6:.1f} us CPU each, {one.peak / 1024:.0f} MiB"
        for size, one in zip(sizes, taken, strict=True)
    ]
    return f"growth with {what}: " + " -> ".join(steps)


def _at(name: str) -> str:
    return str(_HERE / name)
