"""`archive verify` of bags of files beside `bagit.py --validate`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.measure import BenchmarkReport, Line, Program, alternating, installed, scaled, show_progress
from tests.benchmarks.sample_files import make_bag

_TWO = "bagit.py --validate --processes 2"
_ONE = "bagit.py --validate"
OURS = "archive verify"


def ours(bag: Path) -> Program:
    return Program(OURS, (installed("archive"), "verify", "--quiet", str(bag)))


def bagit(bag: Path, *more: str) -> Program:
    return Program(" ".join([_ONE, *more]), (installed("bagit.py"), "--quiet", "--validate", *more, str(bag)))


def run(report: BenchmarkReport) -> None:
    """Many small files, and few large ones, by one algorithm."""
    for files in (scaled(40_000), scaled(100_000)):
        with tempfile.TemporaryDirectory(prefix="verify-bench-") as folder:
            show_progress(f"making a bag of {files:,} files")
            bag = make_bag(Path(folder) / "bag", files)
            taken = alternating([ours(bag), bagit(bag, "--processes", "2")], bag)
        work = f"{files:,} small files, SHA-256"
        report.add("verify", Line(work, taken[OURS], _TWO, taken[_TWO], target="5x"))
    size = scaled(1_600_000_000 // 6)
    with tempfile.TemporaryDirectory(prefix="verify-bench-") as folder:
        bag = make_bag(Path(folder) / "bag", 6, (size, size))
        taken = alternating([ours(bag), bagit(bag)], bag)
    report.add("verify", Line(f"{6 * size / 10**9:.1f} GB in 6 files, SHA-256", taken[OURS], _ONE, taken[_ONE], target="1.8x"))
