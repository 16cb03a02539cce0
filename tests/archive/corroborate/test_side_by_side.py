"""Work that is shared out to several processes: the answers of one process alone, in their order, whatever happens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.corroborate import side_by_side
from archive.corroborate.side_by_side import each_answer
from archive.posix import can_fork_readers

pytestmark = pytest.mark.skipif(not can_fork_readers(), reason="this system forks no processes: the work is done in one")
HERE = os.getpid()
THINGS = list(range(20))


@pytest.fixture(autouse=True)
def _three_cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(side_by_side, "cores", lambda: 3)
    monkeypatch.setattr(side_by_side, "can_fork", can_fork_readers)  # other threads of the tests hold no lock
    yield


def answers(folder: Path, *, dying: int | None = None, failing: int | None = None) -> list[tuple[int, int]]:
    """Each thing with the process that answered; a process dies of one thing, and raises for another."""

    def answer(thing: int) -> tuple[int, int]:
        if thing == dying and os.getpid() != HERE:
            os._exit(3)
        if thing == failing:
            raise ValueError(f"{thing} cannot be answered")
        return thing, os.getpid()

    return list(each_answer(THINGS, answer, lambda: (folder / str(os.getpid())).touch()))


def test_each_process_begins_once_and_all_answer_in_order(tmp_path: Path) -> None:
    found = answers(tmp_path)
    assert [thing for thing, _ in found] == THINGS
    others = {str(process) for _, process in found}
    assert len(others) == 3 and str(HERE) not in others
    assert {each.name for each in tmp_path.iterdir()} == others


def test_what_a_process_did_not_answer_before_it_died_is_answered_here(tmp_path: Path) -> None:
    found = answers(tmp_path, dying=7)
    assert [thing for thing, _ in found] == THINGS
    assert {thing for thing, process in found if process == HERE} == {7, 10, 13, 16, 19}


def test_an_error_of_another_process_is_raised_here(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="7 cannot be answered"):
        answers(tmp_path, failing=7)


@pytest.mark.parametrize(("cores", "things"), [(1, 20), (3, 7)])
def test_one_core_and_few_things_need_no_other_process(
    cores: int, things: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side, "cores", lambda: cores)
    found = list(each_answer(range(things), lambda _: os.getpid(), (tmp_path / "begun").touch))
    assert found == [HERE] * things
    assert not (tmp_path / "begun").exists()
