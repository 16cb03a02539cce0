"""Resuming where a run stopped: killed, interrupted, held, finished twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import bagit
import pytest

from tests.world import World

REPORT = Path("manifests/examples/R210517/report.txt")


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Path]]:
    """A work folder that is held, and the internet it is of."""
    folder = tmp_path_factory.mktemp("work")
    with World() as world:
        subprocess.run(command(world, folder / "B", "--hold"), capture_output=True, check=False)
        yield world, folder / "B.part"


def command(world: World, bag: Path, *more: str, delay: str = "0.02", media: bool = False) -> list[str]:
    program = [sys.executable, "-c", "from archive_cli.main import main; main()", "fetch", str(REPORT)]
    return [*program, "-o", str(bag), "--delay", delay, "--no-memento", "-q", *world.cli_args, *more, *["--no-media"][media:]]


def heed_ctrl_c() -> None:
    """What a shell starts in the background is deaf to Ctrl-C, and so is whatever that starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_run_that_is_killed_repeatedly_ends_in_a_sound_bag_and_requests_nothing_twice(
    world: World, tmp_path: Path
) -> None:
    bag, chance, kills = tmp_path / "B", random.Random(7), 0
    while True:
        last = len(world.log) + chance.randint(8, 24)  # it dies soon after this request, the last one of them at its end
        running = subprocess.Popen(command(world, bag, media=True), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while running.poll() is None and len(world.log) < last:
            time.sleep(0.01)
        try:
            running.wait(timeout=chance.uniform(0, 0.2))
            break
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            kills += 1
            assert not bag.exists() or (bag / "bagit.txt").exists()
        assert kills < 60
    assert kills >= 2
    assert running.returncode == 1
    bagit.Bag(str(bag)).validate()
    assert not (tmp_path / "B.part").exists()
    twice = {url: times for url, times in Counter(world.urls()).items() if times > 1}
    # What was in flight when the process died is requested again: at most one exchange per host queue and kill.
    assert sum(twice.values()) - len(twice) <= 8 * kills
    assert len(twice) < len(set(world.urls())) / 3


def test_ctrl_c_ends_with_130_and_says_how_to_go_on(world: World, tmp_path: Path) -> None:
    running = subprocess.Popen(
        command(world, tmp_path / "B", delay="0.3"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,
    )
    deadline = time.monotonic() + 20
    while not world.log and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    part = tmp_path / "B.part"
    assert (running.returncode, out) == (130, "")
    assert err == f"archive: stopped; {part} holds what was captured: run the same command again to go on\n"
    assert part.is_dir()
    assert not (tmp_path / "B").exists()
    assert list(part.rglob("bagit.txt")) == []


def test_two_runs_on_one_work_folder_do_not_mix(world: World, tmp_path: Path) -> None:
    first = subprocess.Popen(
        command(world, tmp_path / "B", delay="0.3"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 20
    while not world.log and time.monotonic() < deadline:
        time.sleep(0.05)
    second = subprocess.run(command(world, tmp_path / "B", delay="0.3"), capture_output=True, text=True, check=False)
    first.kill()
    first.wait()
    assert second.returncode == 3
    assert second.stderr == f"archive: {tmp_path / 'B.part'}: another run works here; wait until it ends, or stop it\n"


def test_other_options_on_a_work_folder_are_refused_and_named(work: tuple[World, Path]) -> None:
    world, part = work
    again = command(world, part.with_suffix(""), media=True)
    other = subprocess.run(again, capture_output=True, text=True, check=False)
    assert other.returncode == 2
    assert "begun with other options (then --no-media, now without --no-media)" in other.stderr


def test_finishing_the_same_work_twice_gives_the_same_bytes(work: tuple[World, Path], tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "elsewhere"):
        shutil.copytree(work[1], folder / "B.part")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "4000000000", "TZ": "Asia/Damascus", "LC_ALL": "C"}
    program = [sys.executable, "-c", "from archive_cli.main import main; main()", "finish"]
    for folder in (tmp_path, tmp_path / "elsewhere"):
        done = subprocess.run(
            [*program, str(folder / "B")], capture_output=True, check=False, env=environment, umask=0o077
        )
        assert done.returncode == 1, done.stderr
    assert contents(tmp_path / "B") == contents(tmp_path / "elsewhere" / "B")


def test_a_finished_bag_answers_without_a_network(world: World, tmp_path: Path) -> None:
    first = subprocess.run(command(world, tmp_path / "B", "--json"), capture_output=True, text=True, check=False)
    requested = len(world.log)
    second = subprocess.run(command(world, tmp_path / "B", "--json"), capture_output=True, text=True, check=False)
    assert (second.returncode, second.stdout) == (first.returncode, first.stdout)
    assert len(world.log) == requested


def test_what_lies_at_the_bag_s_name_is_left_alone(world: World, tmp_path: Path) -> None:
    (tmp_path / "B").mkdir()
    (tmp_path / "B" / "diary.txt").write_text("mine")
    refused = subprocess.run(command(world, tmp_path / "B"), capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert contents(tmp_path) == {"B/diary.txt": b"mine"}
    assert world.log == []


def test_what_lies_at_the_work_folder_s_name_is_left_alone(world: World, tmp_path: Path) -> None:
    (tmp_path / "B.part").mkdir()
    (tmp_path / "B.part" / "diary.txt").write_text("mine")
    refused = subprocess.run(command(world, tmp_path / "B"), capture_output=True, text=True, check=False)
    assert (refused.returncode, "not a work folder of ours" in refused.stderr) == (2, True)
    assert contents(tmp_path) == {"B.part/diary.txt": b"mine"}
    assert world.log == []


def test_a_work_folder_whose_lock_was_lost_with_the_power_is_begun_again(world: World, tmp_path: Path) -> None:
    (tmp_path / "B.part" / "bag" / "data").mkdir(parents=True)
    (tmp_path / "B.part" / "journal.jsonl").write_bytes(b"")
    done = subprocess.run(command(world, tmp_path / "B"), capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["B"]
    bagit.Bag(str(tmp_path / "B")).validate()


def test_without_any_network_nothing_is_finished_and_the_same_command_continues(
    world: World, tmp_path: Path
) -> None:
    program = [sys.executable, "-c", "from archive_cli.main import main; main()", "fetch", str(REPORT)]
    nowhere = [*program, "-o", str(tmp_path / "B"), "--delay", "0", "-q", "--connect-to", "::127.0.0.1:9"]
    failed = subprocess.run(nowhere, capture_output=True, text=True, check=False)
    assert failed.returncode == 3
    assert "nothing is finished" in failed.stderr
    assert not (tmp_path / "B").exists()
    assert (tmp_path / "B.part").is_dir()
    again = subprocess.run(nowhere, capture_output=True, text=True, check=False)
    assert again.returncode == 3


@pytest.mark.parametrize("lost", [1, 700, 5000])
def test_records_that_a_loss_of_power_took_are_requested_again(
    work: tuple[World, Path], tmp_path: Path, lost: int
) -> None:
    """The journal may reach the disk and the record not: both are brought into agreement, and nothing torn stays."""
    world, part = work[0], Path(shutil.copytree(work[1], tmp_path / "B.part"))
    warc = part / "bag/data/archive/s01.warc.gz"
    with warc.open("r+b") as file:
        file.truncate(warc.stat().st_size - lost)
    journal = part / "journal.jsonl"
    lines = [line for line in journal.read_bytes().splitlines(keepends=True) if b'"kind":"ended"' not in line]
    journal.write_bytes(b"".join(lines))
    done = subprocess.run(command(world, tmp_path / "B"), capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    bagit.Bag(str(tmp_path / "B")).validate()
