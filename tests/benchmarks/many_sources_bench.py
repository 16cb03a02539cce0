"""A report with 2,000 sources: capturing it, verifying its bag, the size of its page, memory."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.fetch_bench import Shape, ours, server
from tests.benchmarks.measure import (
    BenchmarkReport,
    Line,
    Program,
    alternating,
    installed,
    scaled,
    show_progress,
    timed,
)


def run(report: BenchmarkReport) -> None:
    """Every source is a page of two pictures."""
    shape = Shape("", scaled(2000), 2, 0.0, "")
    with server(shape) as port, tempfile.TemporaryDirectory(prefix="many-bench-") as base:
        folder = Path(base)
        fetch = ours(port, folder, shape)
        fetch.before()
        show_progress(f"fetch of {shape.pages:,} sources")
        taken = timed(fetch.command, folder)
        report.add("many_sources", Line(f"fetch of {shape.pages:,} sources", taken, target="150 MiB"))
        bag = folder / "ours" / "bag"
        verify = Program("verify", (installed("archive"), "verify", "--quiet", str(bag)))
        page = (bag / "data/index.html").stat().st_size
        note = f"its page has {page / 1e6:.1f} MB"
        found = alternating([verify], folder)["verify"]
        target = "2 s processor, 150 MiB"
        report.add("many_sources", Line(f"verify of {shape.pages:,} sources", found, target=target, note=note))
