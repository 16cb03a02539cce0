"""Finishing a work folder, beside `bagit.py` making a bag of the same files: it must cost files, not bytes.

Every digest was computed while the bytes were written, so the files here may be holes: nobody reads them but bagit.py.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.http import Head
from archive.urls import parse
from archive.workfolder.events import Begun, Ended, FileAdded, RecordsAdded
from archive.workfolder.journal import Journal
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Conditions, ReportEntry
from archive_manifests.records import RecordLine
from archive_manifests.sources import Report
from tests.benchmarks.measure import (
    FEWEST,
    RUNS,
    BenchmarkReport,
    Figures,
    Line,
    installed,
    scaled,
    show_progress,
    timed,
)

OCTETS = scaled(10 * 10**9)
GIGABYTES = f"{OCTETS / 10**9:g} GB"
STARTED = "2026-11-22T10:00:00Z"

FINISH = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from archive.fetch.finish import finish
from archive.workfolder.folder import reopen_to_finish
finish(reopen_to_finish(Path(sys.argv[1])), Path(sys.argv[2]), datetime(2026, 11, 22, 12, tzinfo=UTC), check=False)
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """What was captured into a work folder."""

    files: int
    records: int
    octets: int = OCTETS

    @property
    def target(self) -> float:
        """Seconds that finishing may take."""
        return 1 + 50e-6 * self.files


SHAPES = (Shape(scaled(1_000), 1_000), Shape(scaled(100_000), 1_000), Shape(10, scaled(200_000)))


def run(report: BenchmarkReport) -> None:
    """Laying out 10 GB without the final check, in few and many files and records; the peer on the first size."""
    show_progress(f"bagit.py making a bag of {GIGABYTES}")
    peer = bagit_of(SHAPES[0])
    for number, shape in enumerate(SHAPES):
        work = f"{GIGABYTES}, {shape.files:,} files, {shape.records:,} records"
        theirs = peer if number == 0 else None
        name = "bagit.py making a bag" if theirs is not None else ""
        report.add("finish", Line(work, measure(shape), name, theirs, target=f"{shape.target:.2f} s"))


def measure(shape: Shape) -> Figures:
    """Finishing a work folder, made again for each run."""
    runs = []
    for number in range(min(RUNS, FEWEST)):
        show_progress(f"run {number + 1} of {FEWEST}: {shape.files:,} files, {shape.records:,} records")
        with tempfile.TemporaryDirectory(prefix="finish-bench-") as folder:
            part = work_folder(Path(folder) / "bag.part", shape)
            runs.append(timed([sys.executable, "-c", FINISH, str(part), str(Path(folder) / f"bag{number}")], Path(folder)))
    return Figures.median(runs)


def bagit_of(shape: Shape) -> Figures:
    """What the peer takes to make a bag of the same files."""
    with tempfile.TemporaryDirectory(prefix="finish-bench-") as folder:
        base = Path(folder) / "bag"
        lay_down(base, shape)
        return timed([installed("bagit.py"), "--quiet", "--sha256", "--sha512", str(base)], Path(folder))


def work_folder(part: Path, shape: Shape) -> Path:
    """A work folder in which everything was captured, and only finishing is left."""
    (part / "spool").mkdir(parents=True)
    (part / "lock").touch()
    report = ReportEntry(Report(id="R1", title="A report"), None, None, None, None)
    journal = Journal(part / "journal.jsonl")
    journal.append(Begun(1, "0" * 64, {}, STARTED, report, Conditions(user_agent="none"), "5e" * 32))
    for filed in lay_down(part / "bag", shape):
        journal.append(filed)
    for first in range(0, shape.records, 2):
        lines = [record(number) for number in (first, first + 1)]
        url = parse(lines[1].uri or "")
        recorded = Recorded(url, "GET", lines[1].id, Head("1.1", 200, "", (), True), None, None, STARTED, STARTED, 0)
        journal.append(RecordsAdded(lines, exchange=recorded))
    journal.append(Ended(STARTED))
    journal.close()
    return part


def record(number: int) -> RecordLine:
    kind = "response" if number % 2 else "request"
    return RecordLine(
        file="data/archive/s01.warc.gz",
        offset=number * 1000,
        length=1000,
        sha256=f"{number:064x}",
        id=f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        type=kind,
        uri=f"https://sn4hr.example/archives/page-{number // 2}?lang=ar",
        date="2026-11-22T10:00:00.123456Z",
        http_status=200 if number % 2 else None,
        mime="text/html" if number % 2 else None,
        payload_sha256=f"{number:064x}" if number % 2 else None,
    )


def lay_down(base: Path, shape: Shape) -> Iterator[FileAdded]:
    """Write the files, all of the bytes in the first, which holds the records; and what the journal says of each."""
    return iter([_hole(base, number, shape) for number in range(shape.files)])


def _hole(base: Path, number: int, shape: Shape) -> FileAdded:
    path = f"data/media/s01/part-{number:06d}.bin" if number else "data/archive/s01.warc.gz"
    size = 1000 if number else shape.octets - 1000 * (shape.files - 1)
    place = base / path
    if number < 2:
        place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        file.truncate(size)
    return FileAdded(path, size, f"{number:064x}", f"{number:0128x}")

