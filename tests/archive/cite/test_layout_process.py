"""The second process that lays out most pages of a long PDF."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.cite import worker
from archive.cite.extract import Extracted
from archive.cite.pdf import layout_process, read_pdf
from archive.cite.pdf.layout_process import FEWEST_PAGES, LayoutProcess, LayoutSource, PageLayout, start_layout_process
from archive.cite.pdf.read import SharedFile
from archive.cite.worker import confine_this_process
from tests.benchmarks.sample_files import make_pdf

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the second process is Linux's")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pdf(tmp_path_factory.mktemp("report") / "R1.pdf", FEWEST_PAGES, 40)


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout_process.os, "sched_getaffinity", lambda _: {0, 1})


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The pages that came from the second process."""
    pages: list[int] = []

    def page(process: LayoutProcess, number: int) -> PageLayout | None:
        found = honest(process, number)
        pages.extend([number] if found is not None else [])
        return found

    honest = LayoutProcess.page
    monkeypatch.setattr(LayoutProcess, "page", page)
    return pages


def alone(report: Path) -> Extracted:
    with report.open("rb") as file:
        return read_pdf(file, ".pdf")


def beside(report: Path, confine: Callable[[], None]) -> Extracted:
    with report.open("rb") as file:
        return read_pdf(SharedFile(file.fileno(), confine), ".pdf")


def test_two_processes_read_what_one_reads(
    report: Path, laid_out: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "MEMORY", 64 << 30)  # what is forked here is all of pytest
    assert beside(report, confine_this_process) == alone(report)
    assert laid_out == [number for number in range(1, FEWEST_PAGES + 1) if number % 3]


def test_where_the_second_process_breaks_the_first_reads_every_page(report: Path, laid_out: list[int]) -> None:
    assert beside(report, lambda: os._exit(1)) == alone(report)
    assert laid_out == []


def test_a_page_that_the_second_process_cannot_lay_out_is_left_to_the_first() -> None:
    def broken(number: int) -> PageLayout:
        raise MemoryError

    process = start_layout_process(lambda: (FEWEST_PAGES, broken), lambda: None)
    assert process is not None
    process.begin(FEWEST_PAGES)
    assert [process.page(number) for number in (1, 2, 3)] == [None] * 3
    process.close()


def test_the_second_process_is_confined_before_it_opens_the_file(tmp_path: Path) -> None:
    def taken() -> LayoutSource:
        (tmp_path / "written").write_text("taken over")
        raise AssertionError

    process = start_layout_process(taken, confine_this_process)
    assert process is not None
    process.begin(FEWEST_PAGES)
    assert process.page(1) is None
    process.close()
    assert not (tmp_path / "written").exists()


def test_one_processor_gets_no_second_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout_process.os, "sched_getaffinity", lambda _: {0})
    assert start_layout_process(lambda: (0, lambda _: pytest.fail("laid out")), confine_this_process) is None
