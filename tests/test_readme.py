"""The README's commands are run, and its transcript is what one sees."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.forked_program import forked_program
from tests.world import World

pytestmark = pytest.mark.timeout(900)
"""Every command is a program of its own, and one captures the whole pilot: a busy machine takes minutes over them."""

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BIN = Path(sys.executable).parent


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def commands() -> list[str]:
    return [line.removeprefix("$ ") for block in blocks("console") for line in block.splitlines()]


def run(command: list[str], folder: Path, archive: Path) -> subprocess.CompletedProcess[str]:
    place = archive if command[0] == "archive" else BIN / command[0]
    program = [str(place) if place.exists() else command[0], *command[1:]]
    return subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, subprocess.CompletedProcess[str]]:
    """Every command of the README in its order, each with its result; `fetch` uses the loopback internet."""
    folder, done = tmp_path_factory.mktemp("newcomer"), {}
    shutil.copytree(ROOT / "manifests/examples", folder / "manifests/examples")
    here = folder
    with World() as world, forked_program(tmp_path_factory.mktemp("program")) as place:
        for command in commands():
            words = command.replace("'", "").split()
            if words[0] in ("make", "."):
                continue
            if words[0] == "cd":
                here = here / words[1]
                continue
            if words[:2] in (["archive", "view"], ["archive", "desk"]):
                words.append("--help")  # opening a browser is for people
            if words[:2] == ["archive", "fetch"]:
                words += ["--delay", "0", *world.cli_args]
            done[command] = run(words, here, place / "archive")
    return done


def test_every_command_of_the_readme_does_what_it_says(
    followed: dict[str, subprocess.CompletedProcess[str]],
) -> None:
    has_video = find_spec("yt_dlp") is not None  # without it the video on YouTube is a gap
    gaps = {"archive fetch manifests/examples/R210517/report.txt -o R210517": 0 if has_video else 1}
    expected = {command: gaps.get(command, 0) for command in followed}
    assert len(followed) >= 10
    assert {command: answer.returncode for command, answer in followed.items()} == expected, [
        answer.stderr for command, answer in followed.items() if answer.returncode != expected[command]
    ]


@pytest.mark.skipif(find_spec("yt_dlp") is None, reason="the transcript is of a machine with the extra [video]")
def test_the_transcript_shows_the_verdicts_that_one_sees(
    followed: dict[str, subprocess.CompletedProcess[str]],
) -> None:
    (transcript,) = [block for block in blocks("text") if "archive fetch" in block]
    shown = re.findall(r"^s\d\d  .*$|^R210517: the bag is made.*$", transcript, re.MULTILINE)
    answer = followed["archive fetch manifests/examples/R210517/report.txt -o R210517"].stdout
    assert shown == re.findall(r"^s\d\d  .*$|^R210517: the bag is made.*$", answer, re.MULTILINE)
    answered = re.search(r"^structure passed.*$", followed["archive verify R210517"].stdout, re.MULTILINE)
    assert answered is not None
    assert answered[0] in transcript


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_the_two_commands_of_a_newcomer_exist() -> None:
    for target in ("demo", "test", "lint", "bench", "torture"):
        observed = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert observed.returncode == 0, observed.stderr
    assert {"make demo", "make test"} <= set(commands())
