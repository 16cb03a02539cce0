"""Batches, and workers that die."""

from __future__ import annotations

import os
import signal
from collections import Counter
from concurrent.futures import Future
from pathlib import Path

import pytest

from archive.audit.check import check_batch
from archive.audit.engine.dispatch import Dispatcher, batch_size, batches
from archive.audit.engine.processes import Processes
from archive.audit.errors import EngineLost
from archive.audit.look import CopyOutcome, Look, Pin, Rules
from archive_manifests import bounded_findings
from tests.archive.verify.sample_bags import make_bag


def pins(number: int, octets: int = 0) -> list[Pin]:
    return [Pin(f"{each:04}", f"file:///nowhere/{each}", octets=octets) for each in range(number)]


def test_batches_are_bounded_by_number_and_by_octets() -> None:
    assert [len(batch) for batch in batches(pins(120))] == [50, 50, 20]
    assert [len(batch) for batch in batches(pins(5, 100 << 20))] == [2, 2, 1]
    assert [len(batch) for batch in batches(pins(2, 1 << 40))] == [1, 1]
    assert (batch_size(10_000, 2), batch_size(80, 2), batch_size(1, 2)) == (50, 10, 1)


def kill_at_marked(batch: tuple[Pin, ...], rules: Rules) -> list[Look]:
    """End this process at a copy whose mark lies in its folder; one with `once` loses its mark first."""
    for pin in batch:
        place = Path(pin.url.removeprefix("file://"))
        for mark in ("once", "always"):
            if (place / mark).exists():
                if mark == "once":
                    (place / mark).unlink()
                os.kill(os.getpid(), signal.SIGKILL)
    return check_batch(batch, rules)


class Deadly(Processes):
    def submit(self, pins: tuple[Pin, ...], rules: Rules) -> Future[list[Look]]:
        return self.executor.submit(kill_at_marked, pins, rules)


@pytest.fixture
def marked(tmp_path: Path) -> list[Pin]:
    for number in range(12):
        (tmp_path / f"c{number:02}").mkdir()
    return [Pin(place.name, place.as_uri()) for place in sorted(tmp_path.iterdir())]


def test_a_worker_that_dies_costs_a_repetition(marked: list[Pin], tmp_path: Path) -> None:
    (tmp_path / "c05/once").touch()
    with Deadly(2) as engine:
        looks = [look for some in Dispatcher(engine, Rules()).run(batches(marked, 3)) for look in some]
    assert Counter(look.copy_id for look in looks) == Counter(pin.copy_id for pin in marked)
    assert "reader-died" not in {one.code for look in looks for one in look.problems}


def test_a_copy_that_ends_its_worker_each_time_is_unreadable_and_the_others_are_read(
    marked: list[Pin], tmp_path: Path
) -> None:
    (tmp_path / "c05/always").touch()
    with Deadly(2) as engine:
        looks = [look for some in Dispatcher(engine, Rules()).run(batches(marked, 3)) for look in some]
    assert Counter(look.copy_id for look in looks) == Counter(pin.copy_id for pin in marked)
    assert [look.copy_id for look in looks if look.problems[0].code == "reader-died"] == ["c05"]
    assert {look.copy_id: look.outcome for look in looks}["c05"] is CopyOutcome.UNREADABLE


def test_a_pool_that_breaks_again_and_again_ends_the_run(
    marked: list[Pin], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.audit.engine.processes.REBUILDS", 1)
    for number in range(12):
        (tmp_path / f"c{number:02}/always").touch()
    with Deadly(1) as engine, pytest.raises(EngineLost):
        list(Dispatcher(engine, Rules()).run(batches(marked, 1)))


def test_once_it_is_stopped_nothing_more_is_handed_out(marked: list[Pin]) -> None:
    from tests.archive.audit.conftest import Inline

    seen: list[Look] = []
    with Inline() as engine:
        for some in Dispatcher(engine, Rules()).run(batches(marked, 1), lambda: len(seen) >= 3):  # noqa: B023
            seen += some
    assert 3 <= len(seen) <= 5  # those in flight are waited for


def test_a_change_among_findings_that_are_not_listed_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_findings, "MOST", 1)
    bag = make_bag(tmp_path / "R1", {f"data/{number}": b"x" for number in range(4)})
    for number in (0, 1):
        (bag / f"data/{number}").unlink()
    (first,) = check_batch((Pin("1", bag.as_uri()),), Rules())
    known = Pin("1", bag.as_uri(), first.fingerprint, tags=first.tags, baseline=first.baseline)
    assert [one.new_findings for one in check_batch((known,), Rules())] == [0]
    (bag / "data/3").unlink()
    (again,) = check_batch((known,), Rules())
    assert {one.code for one in again.problems if one.is_new} == {"payload-missing", "oxum-differs"}
