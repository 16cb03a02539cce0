"""The audit of thousands of small bags against hashing alone and a loop over bagit.py; a catalogue of many copies."""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.archive.verify.sample_bags import make_bag
from tests.benchmarks.measure import BenchmarkReport, Figures, Line, installed, scaled, show_progress, timed

BAGS = int(os.environ.get("AUDIT_BENCH_BAGS", str(scaled(2000))))
FILES = 8
BAGIT_BAGS = 60
"""Bags that bagit.py validates, one process each: the rest would take the same again."""

COPIES = int(os.environ.get("AUDIT_BENCH_COPIES", str(scaled(20_000))))
RUNS = 3

_PEER = "a shell loop over bagit.py --validate"

_COORDINATOR = """
import resource, sys, time
from archive_cli.main import main
start = time.perf_counter()
try:
    main(sys.argv[1:])
except SystemExit as done:
    code = done.code
wall = time.perf_counter() - start
own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, wall, own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime, own.ru_maxrss, file=sys.stderr)
"""


def run(report: BenchmarkReport) -> None:
    with tempfile.TemporaryDirectory(prefix="audit-bench") as base:
        folder = Path(base)
        root = folder / "bags"
        for number in range(BAGS):
            content = {f"data/{each}.txt": b"%d %d\n" % (number, each) * 40 for each in range(FILES)}
            make_bag(root / f"b{number:05}", content)
            if number % 500 == 0:
                show_progress(f"making bag {number:,} of {BAGS:,}")
        _compare(report, folder, root)
        _many_copies(report, folder, root)


def _compare(report: BenchmarkReport, folder: Path, root: Path) -> None:
    catalogue = folder / "c.sqlite3"
    added = _archive("audit", "add", str(root), "--catalogue", str(catalogue))
    hashing = statistics.median(_hash_all(root) for _ in range(RUNS))

    theirs = _bagit_loop(root)

    def add(work: str, walls: list[dict[str, Any]], target: str = "") -> None:
        ours = Figures.median([Figures(one["wall"], one["own"] + one["workers"], one["peak"]) for one in walls])
        above = f"{(ours.wall - hashing) / BAGS * 1e3:.2f} ms a bag above hashing, which takes {hashing:.1f} s"
        report.add("audit", Line(f"{BAGS:,} bags: {work}", ours, _PEER, theirs, target, above))

    add("add, each verified in full", [added])
    words = ("audit", "run", "--all", "--catalogue", str(catalogue))
    add("run --all, processes", [_archive(*words) for _ in range(RUNS)], "1 ms a bag above hashing")
    with _cluster(folder) as address:
        if address is None:
            print("  run --all, a cluster of two workers: skipped, Dask is not installed")
        else:
            runs = [_archive(*words, "--engine", address) for _ in range(RUNS)]
            add("run --all, a cluster of two workers", runs, "2 ms a bag above hashing")


def _bagit_loop(root: Path) -> Figures:
    """What a shell loop over `bagit.py --validate` takes for all, from what it takes for some."""
    some = [str(bag) for bag in sorted(root.iterdir())[:BAGIT_BAGS]]
    loop = ("sh", "-c", 'for bag; do "$0" --quiet --validate "$bag" || exit; done', installed("bagit.py"), *some)
    taken = timed(loop, root)
    share = BAGS / len(some)
    return Figures(taken.wall * share, taken.cpu * share, taken.peak)


def _many_copies(report: BenchmarkReport, folder: Path, root: Path) -> None:
    """Each bag at several places: through links, since only the catalogue has to be large."""
    catalogue = folder / "many.sqlite3"
    for number in range(-(-COPIES // BAGS)):
        (folder / f"root{number}").symlink_to(root)
    _fill(catalogue, folder, root)
    for name, words in (("status", ("status",)), ("run --due, nothing due", ("run", "--due"))):
        found = [_archive("audit", *words, "--catalogue", str(catalogue)) for _ in range(RUNS)]
        runs = [Figures(one["wall"], one["own"] + one["workers"], one["peak"]) for one in found]
        report.add("audit", Line(f"{COPIES:,} copies: {name}", Figures.median(runs), target="1 s"))
    one = _archive("audit", "run", "--all", "--catalogue", str(catalogue))
    ours = Figures(one["wall"], one["own"] + one["workers"], one["peak"])
    note = f"coordinator {one['own'] / COPIES * 1e6:.0f} µs processor a copy; memory is the coordinator's"
    report.add("audit", Line(f"{COPIES:,} copies: run --all", ours, target="150 MiB", note=note))


def _fill(catalogue: Path, folder: Path, root: Path) -> None:
    """A catalogue in which every bag has several copies, made from one in which each has one."""
    from sqlalchemy import insert, select

    from archive.audit.catalogue.copies import copy_id_of
    from archive.audit.catalogue.database import open_catalogue
    from archive.audit.catalogue.schema import bag, bag_copy

    with open_catalogue(str(folder / "c.sqlite3")) as known, known.reading() as connection:
        bags = [dict(row) for row in connection.execute(select(bag)).mappings()]
        copies = [dict(row) for row in connection.execute(select(bag_copy)).mappings()]
    with open_catalogue(str(catalogue)) as made, made.writing() as connection:
        connection.execute(insert(bag), bags)
        for number in range(-(-COPIES // BAGS)):
            base = (folder / f"root{number}").as_uri()
            rows = [row | {"url": row["url"].replace(root.as_uri(), base), "last_event": None} for row in copies]
            rows = [row | {"copy_id": copy_id_of(row["url"], row["added_at"])} for row in rows]
            connection.execute(insert(bag_copy), rows[: COPIES - number * BAGS])


def _archive(*words: str) -> dict[str, Any]:
    show_progress(f"archive {' '.join(words)[:60]}")
    child = [sys.executable, "-c", _COORDINATOR, *words, "--json"]
    done = subprocess.run(child, check=True, capture_output=True, text=True)
    code, wall, own, others, peak = done.stderr.splitlines()[-1].split()
    assert code == "0", (words, json.loads(done.stdout))
    return {"wall": float(wall), "own": float(own), "workers": float(others), "peak": int(peak)}


def _hash_all(root: Path) -> float:
    """Seconds to read and hash every file, with nothing known of bags."""
    bags = sorted(map(str, root.iterdir()))
    start = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_hash_some, [bags[start : start + 50] for start in range(0, len(bags), 50)]))
    return time.perf_counter() - start


def _hash_some(bags: list[str]) -> None:
    for bag in bags:
        for folder, _, names in os.walk(bag):
            for name in names:
                with open(f"{folder}/{name}", "rb", buffering=0) as file:  # noqa: PTH123
                    hashlib.sha256(file.read()).digest()


@contextmanager
def _cluster(folder: Path) -> Iterator[str | None]:
    try:
        import distributed  # noqa: F401
    except ImportError:
        yield None
        return
    place = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    where = ["--host", "127.0.0.1", "--no-dashboard"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    started = [subprocess.Popen([*dask, "scheduler", *where, "--port", "0", "--scheduler-file", place], **quiet)]
    try:
        while not (place.exists() and place.stat().st_size):
            time.sleep(0.1)
        address = json.loads(place.read_text())["address"]
        worker = [*dask, "worker", address, *where, "--nthreads", "1", "--local-directory", folder]
        started += [subprocess.Popen(worker, **quiet) for _ in range(2)]
        with distributed.Client(address) as client:
            client.wait_for_workers(2, timeout=60)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(30)
