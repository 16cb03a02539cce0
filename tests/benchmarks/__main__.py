"""Every benchmark, each figure beside its peer's of the same run: `make bench`.

    python -m tests.benchmarks [NAME ...]     writes build/benchmarks.json
    python -m tests.benchmarks --docs         writes the figures of that file to docs/reference/benchmarks.md
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
import time
from pathlib import Path

from tests.benchmarks.measure import BenchmarkReport
from tests.benchmarks.page import page_of

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "build" / "benchmarks.json"
PAGE = ROOT / "docs" / "reference" / "benchmarks.md"


def names() -> list[str]:
    """The benchmarks that there are, by their modules' names."""
    return sorted(path.stem.removesuffix("_bench") for path in Path(__file__).parent.glob("*_bench.py"))


def main(chosen: list[str]) -> int:
    if chosen == ["--docs"]:
        PAGE.write_text(page_of(json.loads(FIGURES.read_text("utf-8"))), "utf-8")
        return 0
    unknown = sorted(set(chosen) - set(names()))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors; peers take turns with us, on the same data")
    report, failed = BenchmarkReport(), []
    for name in chosen or names():
        print(f"\n{name}\n{'-' * len(name)}", flush=True)
        began = time.perf_counter()
        try:
            importlib.import_module(f"tests.benchmarks.{name}_bench").run(report)
        except Exception as error:
            failed.append(name)
            print(f"broke off: {type(error).__name__}: {error}", file=sys.stderr)
        print(f"({time.perf_counter() - began:.0f} s)", flush=True)
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(report.document(), "utf-8")
    print(f"\n{FIGURES}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
