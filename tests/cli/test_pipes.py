"""A pipe where a file is expected never keeps a command waiting: it is refused, in one line."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from archive_cli.main import main as cli
from archive_cli.parameters import ExistingFile, GivenFolder
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


@pytest.fixture(params=["FIFO", "SOCKET", "DEVICE", "FILE", "FOLDER"])
def odd(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The name of something at which no folder, or no file, is, and what it is in words."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("FIFO")
    held = socket.socket(socket.AF_UNIX)
    held.bind("SOCKET")
    held.close()
    Path("DEVICE").symlink_to(os.devnull)
    Path("FILE").write_text("x")
    Path("FOLDER").mkdir()
    return request.param, {"FIFO": "a named pipe (FIFO)", "SOCKET": "a socket", "DEVICE": "a device"}.get(
        request.param, f"a {request.param.lower()}"
    )


def _options(kind: type) -> list[tuple[list[str], str]]:
    """Every option of every command whose type is this: the words of the command, and the option."""
    found: list[tuple[list[str], str]] = []
    with click.Context(cli, info_name="archive") as ctx:
        waiting: list[tuple[list[str], click.Command]] = [([], cli)]
        while waiting:
            words, command = waiting.pop()
            if isinstance(command, click.Group):
                names = command.list_commands(ctx)
                waiting += [([*words, name], one) for name in names if (one := command.get_command(ctx, name)) is not None]
            found += [
                (words, max(one.opts, key=len))
                for one in command.params
                if isinstance(one, click.Option) and type(one.type) is kind
            ]
    return found


@pytest.mark.parametrize(("words", "option"), _options(GivenFolder), ids=str)
def test_an_option_for_a_folder_says_what_is_there_instead(odd: tuple[str, str], words: list[str], option: str) -> None:
    name, kind = odd
    if name == "FOLDER":
        assert GivenFolder("x").convert(name, None, None) == Path(name)
        return
    done = CliRunner().invoke(cli, [*words, option, name])
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{option}: {name}: {kind}, and no folder; give " in done.stderr


@pytest.mark.parametrize(("words", "option"), _options(ExistingFile), ids=str)
def test_an_option_for_a_file_says_what_is_there_instead(odd: tuple[str, str], words: list[str], option: str) -> None:
    name, kind = odd
    if name == "FILE":
        assert ExistingFile().convert(name, None, None) == Path(name)
        return
    done = CliRunner().invoke(cli, [*words, option, name])
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{option}: {name}: {kind}; give a file" in done.stderr


def test_every_option_that_names_the_readers_trust_is_for_a_folder() -> None:
    words = [" ".join(found) for found, option in _options(GivenFolder) if option == "--trust"]
    assert sorted(words) == ["audit status", "corroborate", "desk", "receive", "sign", "verify"]


@pytest.mark.parametrize("words", [["receive", "PLACE"], ["disclose", "PLACE", "--withhold", "s03", "--because", "safety", "-o", "PLACE"], ["verify", "R1", "--expect", "PLACE"]])
def test_an_empty_argument_is_refused_and_names_no_folder(tmp_path: Path, words: list[str]) -> None:
    make_bag(tmp_path / "R1")
    given = ["" if word == "PLACE" else word for word in words]
    done = subprocess.run([*PROGRAM, *given], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    said = "--expect: the value is empty: ''; give one" if "--expect" in words else "an argument is empty: ''; leave it out"
    assert done.stderr.startswith(f"archive: {said}, or ")


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
    assert b"a bag cannot have this name, with bytes that are not UTF-8; rename it" in done[0].stderr
    assert b"a bag cannot have this name, with the line end U+000A, which would break" in done[1].stderr
    assert json.loads((tmp_path / "R1/data/sources.json").read_text())["report"]["name"] == "r\ufffd.txt"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["R1"]
