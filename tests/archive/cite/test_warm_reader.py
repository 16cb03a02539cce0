"""Many files read with one start: the same answers, each by a process of its own with its own limits."""

from __future__ import annotations

import os
import sys
import threading
import time
from io import BytesIO
from pathlib import Path

import pytest

from archive.cite import isolate
from archive.cite.isolate import ReaderBroke, extract_isolated
from archive.cite.warm_reader import one_start_for_all, warm_reader
from archive.errors import ReportUnreadable
from tests.archive.annotate.bags import pdf

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each file has a start of its own"),
    pytest.mark.usefixtures("real_starts"),
]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    place = tmp_path / "report.pdf"
    place.write_bytes(pdf())
    return place


def read(place: Path) -> object:
    with place.open("rb") as file:
        return extract_isolated(file, "pdf", place.name, most=1 << 26)


def test_files_read_with_one_start_give_what_each_gives_alone(report: Path) -> None:
    alone = read(report)
    damaged = report.with_name("damaged.pdf")
    damaged.write_bytes(b"%PDF-1.4 nothing")
    with one_start_for_all():
        assert read(report) == alone == read(report)
        with pytest.raises(ReportUnreadable):
            read(damaged)
        assert read(report) == alone
        ready = warm_reader()
        assert ready is not None and ready._process is not None
        process = ready._process
    assert warm_reader() is None and process.poll() is not None


def children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(each) for each in listed]


def test_a_reader_that_does_not_end_is_ended_confined_and_without_a_way_to_the_others(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolate, "WALL_SECONDS", 20)
    seen: list[tuple[bool, set[str]]] = []
    with one_start_for_all():
        ready = warm_reader()
        alone = read(report)
        assert ready is not None and ready._process is not None
        waiting, fed = os.pipe()
        thread = threading.Thread(target=_look, args=(ready._process.pid, seen, ready))
        thread.start()
        with open(waiting, "rb") as never_ends, pytest.raises(ReaderBroke):  # noqa: PTH123 -- a pipe
            isolate._extracted(isolate._run(never_ends, "markdown", "report.md", 0), "report.md")
        thread.join()
        os.close(fed)
        assert seen == [(True, {"0", "1", "2"})]
        assert read(report) == alone


def _look(pid: int, seen: list[tuple[bool, set[str]]], ready: object) -> None:
    """Note how the child is confined and which files it has, and end it as its time limit does."""
    for _ in range(500):
        for child in children(pid):
            status = Path(f"/proc/{child}/status").read_text()
            files = {each.name for each in Path(f"/proc/{child}/fd").iterdir()}
            if "Seccomp:\t2" in status and "State:\tZ" not in status and files:  # the one before may be ending still
                seen.append((True, files))
                ready._kill()  # type: ignore[attr-defined]
                return
        time.sleep(0.02)
    seen.append((False, set()))
    ready._kill()  # type: ignore[attr-defined]


def test_a_stream_that_is_no_file_is_read_by_a_start_of_its_own(report: Path) -> None:
    from archive.cite.hashed_stream import HashedStream

    alone = read(report)
    with one_start_for_all():
        assert extract_isolated(HashedStream(BytesIO(report.read_bytes())), "pdf", "report.pdf", most=1 << 26) == alone
        ready = warm_reader()
        assert ready is not None and ready._process is None
