"""A pipe where a file is expected never keeps a command waiting: it is refused, in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.archive.verify.sample_bags import make_bag
from tests.world import World

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
        ["verify", "R1", "--seal", "PIPE"],
        ["sign", "R1", "--key", "PIPE"],
        ["pack", "R1", "-o", "out", "--identity-annex", "PIPE"],
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


@pytest.mark.parametrize("words", [["receive", "PLACE"], ["disclose", "PLACE", "--withhold", "s03", "--because", "safety", "-o", "PLACE"], ["verify", "R1", "--expect", "PLACE"]])
def test_an_empty_argument_is_refused_and_names_no_folder(tmp_path: Path, words: list[str]) -> None:
    make_bag(tmp_path / "R1")
    given = ["" if word == "PLACE" else word for word in words]
    done = subprocess.run([*PROGRAM, *given], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "archive: an argument is empty: ''; leave it out, or give a value\n"


def test_a_closed_output_is_reported_before_anything_is_done(tmp_path: Path) -> None:
    make_bag(tmp_path / "R1")
    shell = 'exec "$0" -c "from archive_cli.main import main; main()" show R1 >&-'
    done = subprocess.run(["sh", "-c", shell, sys.executable], cwd=tmp_path, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "standard output is closed" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("word", ["--version", "--help"])
def test_a_full_disk_is_reported_by_what_is_printed_first(word: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*PROGRAM, word], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (3, "archive: the disk is full; make room, and run it again\n")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are Unicode")
def test_names_that_are_not_utf_8_are_captured_as_a_report_and_refused_as_a_bag(tmp_path: Path) -> None:
    report = tmp_path / os.fsdecode(b"r\xff.txt")
    report.write_text("See https://sn4hr.org/blog/2019/04/30/53633/ for more.\n")
    with World() as world:
        switches = [*world.cli_args, "--delay", "0", "--no-media", "--no-memento", "--no-browser"]
        done = [
            subprocess.run([*PROGRAM, "fetch", report, "-o", os.fsdecode(bag), *switches], cwd=tmp_path, capture_output=True, check=False)
            for bag in (b"o\xff", b"o\n", b"R1")
        ]
    assert [each.returncode for each in done] == [2, 2, 0], done[-1].stderr
    assert all(b"a bag's name must be UTF-8 without line ends" in each.stderr for each in done[:2])
    assert json.loads((tmp_path / "R1/data/sources.json").read_text())["report"]["name"] == "r\ufffd.txt"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["R1"]
