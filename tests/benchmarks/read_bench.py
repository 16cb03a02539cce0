"""Reading a long report beside `pdftotext`, which looks for no addresses."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.measure import BenchmarkReport, Line, Program, alternating, installed, scaled
from tests.benchmarks.sample_files import make_pdf

_OURS, _PEER = "archive cite", "pdftotext"


def run(report: BenchmarkReport) -> None:
    """300 dense pages, with few addresses and with many."""
    for links in (scaled(60), scaled(900)):
        with tempfile.TemporaryDirectory(prefix="read-bench-") as folder:
            pdf = make_pdf(Path(folder) / "report.pdf", scaled(300), links)
            programs = [
                Program(_OURS, (installed("archive"), "cite", str(pdf), "--json")),
                Program(_PEER, (_PEER, str(pdf), str(Path(folder) / "text.txt"))),
            ]
            taken = alternating(programs, Path(folder))
        work = f"{scaled(300)} dense pages, {links} addresses"
        target = "3 times the peer and 1 s"
        report.add("read", Line(work, taken[_OURS], _PEER, taken.get(_PEER), target=target))
