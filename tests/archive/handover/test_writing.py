"""The working folder: nobody else's, gone afterwards, and swept where a process was killed in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.handover.writing import stage

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
