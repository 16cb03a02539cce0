"""A pipe where a file is expected never keeps a command waiting: it is refused, in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.archive.verify.sample_bags import make_bag

PROGRAM = [sys.executable, "-c", "from archive_cli.main import main; main()"]


@pytest.mark.parametrize(
    "words",
    [
        ["fetch", "PIPE"],
        ["cite", "PIPE"],
        ["fetch", "report.txt", "--cookies", "PIPE"],
        ["fetch", "report.txt", "--cacert", "PIPE"],
        ["--config", "PIPE", "verify", "R1"],
        ["verify", "R1", "--trust", "trust"],
        ["verify", "R1", "--receipt", "PIPE"],
        ["verify", "PIPE"],
        ["sign", "R1", "--key", "PIPE"],
        ["receive", "PIPE"],
        ["supply", "R1", "s01", "PIPE", "--how", "by hand"],
    ],
    ids=" ".join,
)
def test_a_pipe_is_refused(tmp_path: Path, words: list[str]) -> None:
    make_bag(tmp_path / "R1")
    (tmp_path / "report.txt").write_text("See https://a.example/ for more.\n")
    (tmp_path / "trust").mkdir()
    os.mkfifo(tmp_path / "PIPE")
    os.mkfifo(tmp_path / "trust" / "allowed_signers")
    done = subprocess.run([*PROGRAM, *words], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode in (1, 2, 3), done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 2
