"""Fuzz with atheris, guided by coverage: `python -m tests.fuzz [--seconds N] [--corpus FOLDER] [TARGET...]`.

Each target runs in a process of its own; what makes one fail is left in the corpus folder, as libFuzzer names it.
Where atheris is not installed the same targets are run on seeded mutations.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--corpus", type=Path, help="folder that is kept between runs")
    parser.add_argument("--growth", type=int, metavar="N", help="measure cost against size on N shapes of input instead")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("targets", nargs="*")
    requested = parser.parse_args()
    corpus = requested.corpus or Path(tempfile.mkdtemp(prefix="corpus-"))
    if requested.inside:
        return _inside(requested.inside, corpus, requested.seconds)
    from tests.fuzz.targets import TARGETS

    if requested.growth:
        return _growth(requested.targets or list(TARGETS), requested.growth)
    failed = [name for name in requested.targets or TARGETS if not fuzz(name, requested.seconds, corpus)]
    for name in failed:
        print(f"FAILED {name}; its input lies in {corpus / name}")
    return 1 if failed else 0


def _growth(names: list[str], count: int) -> int:
    """Print how the cost of each target grows with its input; 1 where one grows faster than its input does."""
    from tests.fuzz.growth import steepest

    found = 0
    for name in names:
        worst, steep = steepest(name, count)
        print(worst.text() if worst is not None and worst.ratio else f"{name}: next to nothing", flush=True)
        for growth in steep:
            print(f"  STEEP {growth.text()}", flush=True)
        found += len(steep)
    return 1 if found else 0


def has_atheris() -> bool:
    return importlib.util.find_spec("atheris") is not None


def fuzz(name: str, seconds: int, corpus: Path) -> bool:
    """Run one target in a process of its own; True where nothing was found."""
    folder = corpus / name
    folder.mkdir(parents=True, exist_ok=True)
    if not has_atheris():
        from tests.fuzz.mutation import mutate_for

        print(f"{name}: {mutate_for(name, seconds):,} mutations, no atheris here", flush=True)
        return True
    command = [sys.executable, "-m", "tests.fuzz", "--inside", name, "--corpus", str(folder), "--seconds", str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    runs = re.findall(r"stat::number_of_executed_units:\s*(\d+)|Done (\d+) runs", done.stderr)
    count = next((int(number) for pair in reversed(runs) for number in pair if number), 0)
    print(f"{name}: {count:,} executions, {'nothing found' if not done.returncode else 'FAILED'}", flush=True)
    if done.returncode:
        print(done.stdout[-3000:], done.stderr[-6000:], sep="\n", flush=True)
    return not done.returncode


def _inside(name: str, folder: Path, seconds: int) -> int:
    import atheris

    with atheris.instrument_imports(include=["archive", "archive_manifests"]):
        from tests.fuzz.targets import TARGETS, run
    for number, seed in enumerate(TARGETS[name].seeds()):
        (folder / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", "-timeout=10", "-max_len=65536", "-rss_limit_mb=2048", "-verbosity=0"]
    options += ["-print_final_stats=1", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], *options, str(folder)], lambda data: run(name, data))
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
