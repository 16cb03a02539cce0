"""How a benchmark measures: programs take turns, each in a process of its own; medians are compared, never the best."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

RUNS = int(os.environ.get("BENCH_RUNS", "5"))
"""Runs of each program, alternating, so that a busy moment of the machine hits all alike."""
FEWEST = 3
"""Runs below which there is no median worth the name; taken of what lasts so long that more do not fit."""
SECONDS = float(os.environ.get("BENCH_SECONDS", "45"))
"""What the runs of one line may last together: all benchmarks then fit into a quarter of an hour."""
SCALE = float(os.environ.get("BENCH_SCALE", "1"))
"""Factor on the sizes: less than 1 tries a benchmark out, and no figure of it counts."""
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Figures:
    """What one program took, the processes that it started included."""

    wall: float
    """Seconds of the clock."""
    cpu: float
    """User and system seconds: what a busy machine distorts least."""
    peak: int
    """KiB of the largest of its processes."""
    runs: int = 1
    """How many runs these are the medians of; of the memory, the most."""

    @classmethod
    def median(cls, runs: Sequence[Figures]) -> Figures:
        middle = statistics.median
        return cls(middle(r.wall for r in runs), middle(r.cpu for r in runs), max(r.peak for r in runs), len(runs))

    def then(self, other: Figures) -> Figures:
        """Both, one after the other."""
        runs = min(self.runs, other.runs)
        return Figures(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak), runs)


@dataclass(frozen=True, slots=True)
class Program:
    """A command that does the work that is compared."""

    name: str
    command: tuple[str, ...]
    before: Callable[[], object] = lambda: None
    """What is done before each run, and not measured."""

    @property
    def is_installed(self) -> bool:
        return shutil.which(self.command[0]) is not None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: what was done, what it took, what the peer took, what is wanted."""

    work: str
    ours: Figures
    peer: str = ""
    """The peer's name; empty where there is none."""
    theirs: Figures | None = None
    target: str = ""
    note: str = ""

    def text(self) -> str:
        parts = [f"{self.work}: {_reported(self.ours)}"]
        if self.theirs is not None:
            wall, cpu = self.theirs.wall / self.ours.wall, self.theirs.cpu / self.ours.cpu
            parts.append(f"{self.peer} {_reported(self.theirs)}: {wall:.1f}x as fast, {cpu:.1f}x less processor")
        elif self.peer:
            parts.append(f"{self.peer} is not installed")
        parts += [f"target {self.target}"] if self.target else []
        return "; ".join([*parts, self.note] if self.note else parts)


def _reported(figures: Figures) -> str:
    return f"{figures.wall:.2f} s, {figures.cpu:.2f} s processor, {figures.peak / 1024:.0f} MiB"


@dataclass(slots=True)
class BenchmarkReport:
    """The lines of one run of the benchmarks, with the machine and the versions that they are true for."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    """By the benchmark's name."""

    def add(self, benchmark: str, line: Line) -> None:
        self.lines.setdefault(benchmark, []).append(line)
        clear_progress()
        print(f"  {line.text()}", flush=True)

    def document(self) -> str:
        """The run as JSON, for `build/benchmarks.json`."""
        machine = {
            "processor": _processor(),
            "processors": os.cpu_count(),
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.release()}",
            "load": list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
        }
        lines = {name: [asdict(line) for line in lines] for name, lines in self.lines.items()}
        made = {
            "schema": "archive.benchmarks/1",
            "date": datetime.now(UTC).strftime("%Y-%m-%d"),
            "machine": machine,
            "versions": versions(),
            "runs": RUNS,
            "fewest": FEWEST,
            "scale": SCALE,
            "lines": lines,
        }
        return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def versions() -> dict[str, str]:
    """The versions of the program and of each peer that is installed."""
    found = {name: metadata.version(name) for name in ("evidence-archive", "bagit", "warcio", "fastwarc", "isal")}
    for name, command in (("wget", "--version"), ("pdftotext", "-v"), ("tar", "--version")):
        if shutil.which(name):
            done = subprocess.run([name, command], capture_output=True, text=True, check=False)
            found[name] = (done.stdout or done.stderr).partition("\n")[0]
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def alternating(programs: Iterable[Program], folder: Path, runs: int = RUNS) -> dict[str, Figures]:
    """The median of some runs of each program that is installed, in turn, in `folder`; by the programs' names.

    Fewer runs, and `FEWEST` of them where there should be more, where they would last longer than `SECONDS`.
    """
    here = [program for program in programs if program.is_installed]
    taken: dict[str, list[Figures]] = {program.name: [] for program in here}
    began = time.perf_counter()
    for number in range(1, runs + 1):
        for program in here:
            show_progress(f"run {number} of {runs}: {program.name}")
            program.before()
            taken[program.name].append(timed(program.command, folder))
        lasted = time.perf_counter() - began
        if number >= FEWEST and lasted + lasted / number > SECONDS:
            break
    return {name: Figures.median(found) for name, found in taken.items()}


def show_progress(text: str) -> None:
    """What is being done, on standard error: a line that the next one replaces on a terminal, and its own elsewhere."""
    is_terminal = sys.stderr.isatty()
    print(f"\r\x1b[K    {text}" if is_terminal else f"    {text}", end="" if is_terminal else "\n", file=sys.stderr, flush=True)


def clear_progress() -> None:
    """Take away the line of `show_progress`, where it stands on a terminal."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


_CHILD = """
import resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, wall, used.ru_utime + used.ru_stime, used.ru_maxrss)
sys.stderr.buffer.write(done.stderr[-2000:])
"""


def timed(command: Iterable[str], folder: Path) -> Figures:
    """Run a program in a fresh process of its own, so that what it takes is its own too."""
    child = [sys.executable, "-c", _CHILD, *command]
    done = subprocess.run(child, check=True, capture_output=True, text=True, cwd=folder, env=_as_installed())
    code, wall, cpu, peak = done.stdout.split()
    if code != "0":
        raise RuntimeError(f"{' '.join(command)[:300]} left with {code}: {done.stderr.strip()[-500:]}")
    return Figures(float(wall), float(cpu), int(peak))


@contextmanager
def compiled_modules() -> Iterator[None]:
    """A folder in which every program's compiled modules are cached while the benchmarks run."""
    with tempfile.TemporaryDirectory(prefix="archive-bench-compiled-") as folder:
        _CACHE["PYTHONPYCACHEPREFIX"] = folder
        try:
            yield
        finally:
            _CACHE.clear()


_CACHE: dict[str, str] = {}


def _as_installed() -> dict[str, str]:
    """Surroundings in which compiled modules are cached, for all alike: whoever installs a program has them."""
    cache = _CACHE
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | cache


def installed(name: str) -> str:
    """A program of this environment."""
    return str(BIN / name)


def scaled(number: int) -> int:
    """A size, times the scale of this run."""
    return max(1, round(number * SCALE))
