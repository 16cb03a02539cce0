"""Every benchmark, each figure beside its peer's of the same run: `make bench`.

    python -m tests.benchmarks                writes build/benchmarks.json
    python -m tests.benchmarks NAME ...       writes build/benchmarks-some.json, and leaves the figures of all as they are
    python -m tests.benchmarks --docs         writes the figures of that file to docs/reference/benchmarks.md
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import signal
import sys
import time
from pathlib import Path

from tests.benchmarks.measure import BenchmarkReport, clear_progress, compiled_modules, versions
from tests.benchmarks.page import page_of

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "build" / "benchmarks.json"
FIGURES_OF_SOME = FIGURES.with_name("benchmarks-some.json")
PAGE = ROOT / "docs" / "reference" / "benchmarks.md"


def names() -> list[str]:
    """The benchmarks that there are, by their modules' names."""
    return sorted(path.stem.removesuffix("_bench") for path in Path(__file__).parent.glob("*_bench.py"))


def main(chosen: list[str]) -> int:
    if chosen == ["--docs"] and not FIGURES.is_file():
        print(f"{FIGURES}: not there; `make bench` writes it", file=sys.stderr)
        return 2
    if chosen == ["--docs"]:
        PAGE.write_text(page_of(json.loads(FIGURES.read_text("utf-8"))), "utf-8")
        return 0
    unknown = sorted(set(chosen) - set(names()))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors; peers take turns with us, on the same data")
    print(f"{', '.join(f'{name} {version}' for name, version in versions().items())}")
    print("All of it takes about a quarter of an hour, and 3 GB of the temporary folder.")
    # Whoever ends it has no folder left behind: a signal is an exception like any other.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    report, figures = BenchmarkReport(), FIGURES_OF_SOME if chosen else FIGURES
    with compiled_modules():
        failed = [name for name in chosen or names() if not _runs(name, report, figures)]
    print(f"\n{figures}")
    if failed:
        print(f"broke off: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _runs(name: str, report: BenchmarkReport, figures: Path) -> bool:
    """Run one benchmark, and write what is known so far; False where it broke off."""
    print(f"\n{name}\n{'-' * len(name)}", flush=True)
    began = time.perf_counter()
    try:
        importlib.import_module(f"tests.benchmarks.{name}_bench").run(report)
    except Exception as error:
        clear_progress()
        print(f"broke off: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return False
    finally:
        figures.parent.mkdir(exist_ok=True)
        figures.write_text(report.document(), "utf-8")
        print(f"({time.perf_counter() - began:.0f} s)", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
