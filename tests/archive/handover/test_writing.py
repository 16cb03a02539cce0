"""The working folder: nobody else's, gone afterwards, and swept where a process was killed in it."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive import posix
from archive.handover.writing import stage, sync_tree, write_entry

HELD = """
import sys, time
from pathlib import Path
from archive.handover.writing import stage

with stage(Path(sys.argv[1])) as folder:
    (folder / "secret").write_text("decrypted")
    print("ready", flush=True)
    time.sleep(60)
"""


def names(folder: Path) -> list[str]:
    return sorted(place.name for place in folder.iterdir())


def test_it_is_for_nobody_else_and_gone_afterwards(tmp_path: Path) -> None:
    with pytest.raises(KeyError), stage(tmp_path) as folder:
        (folder / "x").write_text("x")
        assert folder.parent.parent == tmp_path
        assert folder.parent.stat().st_mode & 0o077 == 0 or os.name == "nt"
        raise KeyError
    assert names(tmp_path) == []


def test_what_a_killed_process_left_is_swept_and_what_a_living_one_has_is_not(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", HELD, tmp_path], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        (left,) = names(tmp_path)
        with stage(tmp_path):
            assert left in names(tmp_path)
        assert (tmp_path / left / "work" / "secret").read_text() == "decrypted"
    finally:
        process.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
        process.wait()
    with stage(tmp_path):
        assert left not in names(tmp_path)
    assert names(tmp_path) == []


def test_what_only_looks_like_one_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".handover-mine").mkdir()
    (tmp_path / ".handover-mine" / "x").write_text("mine")
    (tmp_path / ".handover-file").write_text("mine")
    with stage(tmp_path):
        pass
    assert names(tmp_path) == [".handover-file", ".handover-mine"]


def test_a_file_is_written_whole_though_the_system_takes_a_part_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", lambda handle, data, real=os.write: real(handle, bytes(data[:3])))
    write_entry(tmp_path, "data/a/b.txt", 10, iter([b"0123456", b"789"]), set())
    assert (tmp_path / "data/a/b.txt").read_bytes() == b"0123456789"


def test_a_file_that_is_there_or_a_link_is_never_written_to(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "outside").write_text("mine")
    (tmp_path / "data" / "there").write_text("mine")
    (tmp_path / "data" / "link").symlink_to(tmp_path / "outside")
    for name in ("there", "link"):
        with pytest.raises(FileExistsError):
            write_entry(tmp_path, f"data/{name}", 1, iter([b"x"]), set())
    assert (tmp_path / "outside").read_text() == "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="syncfs is Linux's")
def test_many_files_are_flushed_at_once_and_what_cannot_be_written_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posix, "SYNCED_ONE_BY_ONE", 2)
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(handle))
    for number in range(3):
        (tmp_path / str(number)).write_text("x")
    assert posix.sync_file_system(tmp_path)
    sync_tree(tmp_path)
    assert synced == []

    def broken(_: Path) -> bool:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(posix, "sync_file_system", broken)
    with pytest.raises(OSError, match="Input/output error"):
        sync_tree(tmp_path)
    monkeypatch.setattr(posix, "sync_file_system", lambda _: False)
    sync_tree(tmp_path)
    assert len(synced) >= 3
