"""A bag on a disk that is read-only, and disks without room: what is said, and that the rest works."""

from __future__ import annotations

import errno
import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.errors import NotEnoughSpace
from archive_cli.errors import describe_os_error
from archive_cli.main import main
from tests.world.sealed_bag import make_bag


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A disk with a bag and its seal on which nothing can be written."""
    monkeypatch.chdir(tmp_path)
    disk = tmp_path / "disk"
    disk.mkdir()
    make_bag(disk / "R1")
    assert run("keygen", "-o", "key", "--no-passphrase").exit_code == 0
    assert run("sign", "disk/R1", "--key", "key").exit_code == 0
    really = os.access

    def access(path: str | Path, mode: int, **how: bool) -> bool:
        is_there = Path(path).absolute().is_relative_to(disk)
        return really(path, mode, **how) and not (is_there and mode & os.W_OK)

    monkeypatch.setattr(os, "access", access)
    return disk


def state(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_a_bag_is_packed_onto_another_disk_and_its_own_is_as_it_was(disk: Path) -> None:
    before = state(disk)
    done = run("pack", "disk/R1", "-o", "out")
    assert done.exit_code == 0, done.stderr
    assert "that it was packed stands in the custody log of the package alone" in done.stderr
    assert state(disk) == before
    log = Path("out/R1.seal/custody.jsonl").read_text()
    assert "packed to be handed over" in log and "packed to be handed over" not in (disk / "R1.seal/custody.jsonl").read_text()
    assert run("verify", "out/R1.tar").exit_code == 0
    assert run("receive", "out/R1.tar", "--into", "got").exit_code == 0


def test_json_says_whether_the_custody_log_has_it(disk: Path) -> None:
    assert json.loads(run("pack", "disk/R1", "-o", "out", "--json").stdout)["logged"] is False
    disk.rename("other")
    assert json.loads(run("pack", "other/R1", "-o", "out2", "--json").stdout)["logged"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "{disk}: nothing can be written there; choose a folder on another disk with -o DIR"),
        (("-o", "disk"), "{disk}: nothing can be written there; choose a folder on another disk with -o DIR"),
        (("-o", "out", "--encrypt-to", "key.pub"), "{disk}: nothing can be written there, and what will be encrypted waits"),
        (("-o", "out", "--identity-annex", "who.txt", "--annex-to", "key.pub"), "disk/R1.seal: nothing can be written there"),
    ],
)
def test_what_has_to_be_written_beside_the_bag_is_refused(disk: Path, arguments: tuple[str, ...], said: str) -> None:
    Path("who.txt").write_text("collector")
    before = state(disk)
    done = run("pack", "disk/R1", *arguments)
    assert (done.exit_code, state(disk)) == (3, before)
    assert done.stderr.startswith(f"archive: {said.format(disk=disk)}")
    assert not Path("out/R1.tar").exists()


def test_the_space_that_is_needed_is_said_in_megabytes_with_its_reserve() -> None:
    error = NotEnoughSpace.before(Path("/mnt/usb"), 620_001, 64 << 20, 20_324_352, "make room")
    assert str(error) == (
        "/mnt/usb: needs 0.7 MB and a reserve of 67.2 MB, which keeps the disk from filling up; "
        "20.3 MB are free; make room"
    )
    assert "needs a reserve of 67.2 MB" in str(NotEnoughSpace.before(Path("x"), 0, 64 << 20, 5, "make room"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere an open file does not say its path")
@pytest.mark.parametrize("words", [("sign", "R1", "--key", "key"), ("verify", "R1", "--record", "--by", "me")])
def test_a_full_disk_leaves_the_seal_as_it_was(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make_bag(tmp_path / "R1")
    for key in ("key", "another"):
        assert run("keygen", "-o", key, "--no-passphrase").exit_code == 0
    assert run("sign", "R1", "--key", "another").exit_code == 0
    before, really = state(tmp_path), os.fsync

    def fsync(handle: int) -> None:
        if ".seal" in Path(f"/proc/self/fd/{handle}").readlink().as_posix():
            raise OSError(errno.ENOSPC, "No space left on device")
        really(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    done = run(*words)
    assert (done.exit_code, state(tmp_path)) == (3, before), done.stderr
    assert "archive: the disk is full; make room, and run it again" in done.stderr


def test_no_error_of_space_counts_bytes(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    Path("r.txt").write_text("See https://example.org/ .")
    for arguments in (("pack", "disk/R1", "-o", "out"), ("fetch", "r.txt", "-o", "B", "--no-memento")):
        done = run(*arguments)
        assert done.exit_code == 3
        assert "MB and a reserve of 67.2 MB" in done.stderr or "needs a reserve of 67.2 MB" in done.stderr
        assert " bytes" not in done.stderr and ".handover-" not in done.stderr


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/x/R1.seal/.custody.jsonl.part", "/x/R1.seal/custody.jsonl"),
        ("/x/.handover-5romgbki", "/x"),
        ("/x/.handover-5romgbki/work/R1.tar", "/x/R1.tar"),
        ("/x/B.part/journal.jsonl", "/x/B.part/journal.jsonl"),
    ],
)
def test_names_that_files_have_while_they_are_written_are_not_shown(path: str, shown: str) -> None:
    said = describe_os_error(OSError(errno.EROFS, "Read-only file system", path))
    assert said == f"{shown}: nothing can be written there; choose another place"
