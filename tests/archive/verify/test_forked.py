"""Work in a forked process: its result, or word that there is none, and nothing on the terminal."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable

import pytest

from archive.signals import raising
from archive.verify.files.forked import DIED, ForkedWork, in_forks, is_worth_processes
from archive_manifests.ledger import Requisite, Status
from tests.archive.page.sample_ledger import ledger, source

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked there")


def nothing() -> None:
    pass


def full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(("prepare", "work"), [(full, nothing), (nothing, full)], ids=["prepare", "work"])
def test_an_error_in_the_process_leaves_no_result_and_prints_nothing(
    capfd: pytest.CaptureFixture[str], prepare: Callable[[], None], work: Callable[[], None]
) -> None:
    assert ForkedWork(work, prepare).result() is DIED
    assert capfd.readouterr() == ("", "")


def test_the_result_comes_back() -> None:
    assert ForkedWork(lambda: 7, nothing).result() == 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_is_the_parents_to_report(
    capfd: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    before = signal.signal(number, raising(KeyboardInterrupt))
    try:
        interrupted = ForkedWork(lambda: os.kill(os.getpid(), number), nothing)
        several = in_forks(2, 2, lambda _: os.kill(os.getpid(), number), nothing)
        found = [interrupted.result(), *(result for _, result in several)]
    finally:
        signal.signal(number, before)
    assert found == ([None] * 3 if number == signal.SIGINT else [DIED] * 3)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("sources", "requisites", "is_much"), [(63, 0, False), (64, 0, True), (2, 400, False), (2, 500, True)]
)
def test_many_sources_or_requisites_are_worth_processes(sources: int, requisites: int, is_much: bool) -> None:
    needed = (Requisite("https://a.example/image.png", "captured"),) * requisites
    entry = source(1, "https://a.example/", Status.CAPTURED, requisites=needed)
    assert is_worth_processes(ledger((entry,) * sources)) is is_much
