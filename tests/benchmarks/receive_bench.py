"""Receiving a package beside `tar xf`, which checks nothing and syncs nothing."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.measure import BenchmarkReport, Line, Program, alternating, installed, scaled
from tests.benchmarks.sample_files import make_bag

_OURS, _PEER = "archive receive", "tar xf"


def run(report: BenchmarkReport) -> None:
    """A bag of small files in a tar."""
    with tempfile.TemporaryDirectory(prefix="receive-bench-") as base:
        folder, files = Path(base), scaled(20_000)
        make_bag(folder / "bag", files)
        subprocess.run(["tar", "-cf", "bag.tar", "bag"], cwd=folder, check=True)
        shutil.rmtree(folder / "bag")
        into, out = folder / "into", folder / "out"
        programs = [
            Program(_OURS, (installed("archive"), "receive", str(folder / "bag.tar"), "--into", str(into)), _empty(into)),
            Program(_PEER, ("tar", "-xf", str(folder / "bag.tar"), "-C", str(out)), _empty(out)),
        ]
        taken = alternating(programs, folder)
    work = f"{files:,} small files"
    report.add("receive", Line(work, taken[_OURS], _PEER, taken[_PEER], target="at most twice the peer"))


def _empty(folder: Path) -> Callable[[], None]:
    def make() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()

    return make
