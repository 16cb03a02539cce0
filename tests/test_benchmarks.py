"""The benchmarks run, at a size that measures nothing, and their figures become the page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks.__main__ import names
from tests.benchmarks.measure import BenchmarkReport, Figures, Line
from tests.benchmarks.page import page_of

SLOW = Figures(4.0, 3.0, 20 << 10)


def test_the_page_has_a_row_for_each_line_with_both_ratios(capsys: pytest.CaptureFixture[str]) -> None:
    report = BenchmarkReport()
    report.add("verify", Line("much work", Figures(2.0, 1.0, 10 << 10), "peer.py", SLOW, "2x", "a note"))
    report.add("verify", Line("other work", Figures(2.0, 1.0, 10 << 10), "gone.py"))
    assert capsys.readouterr().out.splitlines()[0] == (
        "  much work: 2.00 s, 1.00 s processor, 10 MiB; peer.py 4.00 s, 3.00 s processor, 20 MiB: "
        "2.0x as fast, 3.0x less processor; target 2x; a note"
    )
    page = page_of(json.loads(report.document())).splitlines()
    ours, peer = "2.00 s, 1.00 s processor", "peer.py: 4.00 s, 3.00 s processor"
    assert f"| much work (a note) | {ours} | {peer} | 2.0x | 3.0x | 10 MiB | 2x | 1 |" in page
    assert f"| other work | {ours} | gone.py: not installed |  |  | 10 MiB |  | 1 |" in page


def test_medians_are_compared_and_the_largest_memory_is_named() -> None:
    runs = [Figures(3, 30, 7), Figures(1, 10, 9), Figures(2, 20, 8)]
    assert Figures.median(runs) == Figures(2, 20, 9, 3)


def test_a_run_of_some_leaves_the_figures_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every, some = tmp_path / "benchmarks.json", tmp_path / "benchmarks-some.json"
    every.write_text("{}")
    monkeypatch.setattr(benchmarks, "FIGURES", every)
    monkeypatch.setattr(benchmarks, "FIGURES_OF_SOME", some)
    monkeypatch.setattr(benchmarks.signal, "signal", lambda *_: None)
    monkeypatch.setenv("BENCH_RUNS", "1")
    assert benchmarks.main(["start"]) == 0
    assert (every.read_text(), list(json.loads(some.read_text())["lines"])) == ("{}", ["start"])


@pytest.mark.parametrize("name", ["start", "verify", "warc_write"])
def test_a_benchmark_runs(name: str) -> None:
    assert name in names()
    small = {**os.environ, "BENCH_SCALE": "0.0002", "BENCH_RUNS": "1"}
    made = "import sys; from tests.benchmarks.measure import BenchmarkReport; import tests.benchmarks.%s_bench as bench; "
    made += "report = BenchmarkReport(); bench.run(report); print(len(report.lines[%r]))"
    command = [sys.executable, "-c", made % (name, name)]
    done = subprocess.run(command, env=small, capture_output=True, text=True, check=False)
    assert (done.returncode, int(done.stdout.splitlines()[-1]) >= 1) == (0, True), done.stderr
