"""Every benchmark, each figure beside its peer's of the same run: `make bench`.

    python -m tests.benchmarks [NAME ...]        fetch, finish, verify, warc, warc_write
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
import time
from pathlib import Path


def names() -> list[str]:
    """The benchmarks that there are, by their modules' names."""
    return sorted(path.stem.removesuffix("_bench") for path in Path(__file__).parent.glob("*_bench.py"))


def main(chosen: list[str]) -> int:
    unknown = sorted(set(chosen) - set(names()))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors; the peers ran beside it, on the same data")
    failed = []
    for name in chosen or names():
        print(f"\n{name}\n{'-' * len(name)}", flush=True)
        began = time.perf_counter()
        try:
            importlib.import_module(f"tests.benchmarks.{name}_bench").run()
        except Exception as error:
            failed.append(name)
            print(f"broke off: {type(error).__name__}: {error}", file=sys.stderr)
        print(f"({time.perf_counter() - began:.0f} s)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
