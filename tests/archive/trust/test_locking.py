"""One writer at a time: real processes that add to one custody log leave one unbroken chain."""

from __future__ import annotations

import contextlib
import multiprocessing
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from archive import posix
from archive.trust.custody_log import read_log
from archive.trust.locking import locked
from archive.trust.seal_folder import SealUnwritable, list_folder
from tests.world.sealed_bag import facts_of, make_bag

ARCHIVE = [sys.executable, "-c", "from archive_cli.main import main; main()"]


def _add(folder: Path, times: int, without_folder_locks: bool) -> None:
    if without_folder_locks:
        posix.lock_folder = lambda _folder, _held: None
    for _ in range(times):
        with locked(folder):
            place = folder / "count"
            place.write_text(str(int(place.read_text() if place.exists() else "0") + 1))


@pytest.mark.parametrize("without_folder_locks", [False, True], ids=["the folder", "a file in it"])
def test_no_writer_undoes_what_another_wrote(tmp_path: Path, without_folder_locks: bool) -> None:
    folder = tmp_path / "R1.seal"
    workers = [
        multiprocessing.get_context("spawn").Process(target=_add, args=(folder, 25, without_folder_locks))
        for _ in range(4)
    ]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert [one.exitcode for one in workers] == [0, 0, 0, 0]
    assert (folder / "count").read_text() == "100"
    assert [place.name for place in folder.iterdir()] == ["count"]


def test_commands_that_run_at_once_leave_one_chain(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    commands = [
        *(["verify", bag, "--record", "--by", f"archive-{number}"] for number in range(4)),
        *(["pack", bag, "-o", tmp_path / f"out-{number}", "--by", f"collector-{number}"] for number in range(3)),
    ]
    running = [
        subprocess.Popen([*ARCHIVE, *map(str, one)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for one in commands
    ]
    observed = [process.communicate(timeout=120)[1].decode() for process in running]
    assert [process.returncode for process in running] == [0] * len(commands), observed
    log = read_log(tmp_path / "R1.seal", facts_of(bag).events_head)
    assert sorted(event.agent for event in log.events) == [
        *(f"archive-{number}" for number in range(4)),
        *(f"collector-{number}" for number in range(3)),
    ]


def test_a_folder_that_stays_empty_goes_again(tmp_path: Path) -> None:
    with contextlib.suppress(RuntimeError), locked(tmp_path / "R1.seal"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_who_waits_too_long_is_reported(tmp_path: Path) -> None:
    folder, observed = tmp_path / "R1.seal", "another command is writing to this seal"
    with locked(folder), pytest.raises(SealUnwritable, match=observed), locked(folder, patience=0):
        raise AssertionError("two writers")


def test_who_waits_continues_when_the_other_is_done(tmp_path: Path) -> None:
    order: list[str] = []

    def wait() -> None:
        with locked(tmp_path / "R1.seal"):
            order.append("second")

    with locked(tmp_path / "R1.seal"):
        waiting = threading.Thread(target=wait)
        waiting.start()
        waiting.join(0.2)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_was_left_behind_locks_nobody_out_and_is_no_stranger(tmp_path: Path) -> None:
    folder = tmp_path / "R1.seal"
    folder.mkdir()
    (folder / ".lock").touch()
    with locked(folder, patience=0):
        pass
    listing = list_folder(folder)
    assert listing is not None
    assert listing.unknown == ()


def test_what_is_no_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "R1.seal").write_text("mine")
    with pytest.raises(SealUnwritable, match="something that is no folder"), locked(tmp_path / "R1.seal"):
        raise AssertionError("a file was held")
    assert (tmp_path / "R1.seal").read_text() == "mine"
