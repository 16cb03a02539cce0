"""Starting the program beside a bare `import click`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.measure import BenchmarkReport, Line, Program, alternating, installed

_OURS, _PEER = "archive --version", "import click"


def run(report: BenchmarkReport) -> None:
    programs = [
        Program(_OURS, (installed("archive"), "--version")),
        Program(_PEER, (sys.executable, "-c", "import click")),
    ]
    taken = alternating(programs, Path.cwd(), runs=15)
    report.add("start", Line(_OURS, taken[_OURS], _PEER, taken[_PEER], target="at most 2.2 times the peer"))
