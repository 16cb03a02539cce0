"""`archive compare` on bags that were fetched: again after a change, and by two observers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.handover.compare import Change, ComparedSource, ComparedState, Comparison
from archive_cli.commands.compare import print_comparison
from archive_cli.main import main
from tests.archive.verify.sample_bags import retag
from tests.world import World

STEADY, MOVING = "https://sn4hr.org/blog/2018/04/08/51899/", "https://www.coe.int/en/web/portal/-/syrian-doctor-who-ran-underground-children-s-hospital-receives-wallenberg-prize"
REPORT = f"A report.\n\nIt cites {STEADY} and {MOVING} for what it says.\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def fetch(world: World, report: Path, bag: Path) -> Path:
    switches = ["--demonstration", "--delay", "0", "--no-memento", "--no-media", *world.cli_args]
    done = run("fetch", report, "-o", bag, *switches)
    assert done.exit_code in (0, 1), done.output
    return bag


@pytest.fixture(scope="module")
def two_bags(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("compare")
    report = folder / "R1.txt"
    report.write_text(REPORT)
    with World() as world:
        first = fetch(world, report, folder / "A" / "R1")
        world.set_mode("www.coe.int", "404")
        return first, fetch(world, report, folder / "B" / "R1")


def answer(*arguments: str | Path, code: int) -> dict[str, Any]:
    done = run("compare", *arguments, "--json")
    assert done.exit_code == code, done.output
    assert done.stdout.count("\n") == 1
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_two_observers_are_compared_source_by_source(two_bags: tuple[Path, Path]) -> None:
    first, second = two_bags
    found = answer(first, second, code=1)
    assert (found["schema"], found["relation"], found["report"]) == ("archive.compare/1", "neither names the other", [])
    assert [(one["cited"], one["state"]) for one in found["sources"]] == [(STEADY, "same"), (MOVING, "changed")]
    assert found["counts"] == {"same": 1, "changed": 1}
    verdict = next(one for one in found["sources"][1]["changes"] if one["what"] == "verdict")
    assert verdict == {"what": "verdict", "a": "captured", "b": "gone (not-found)"}


def test_a_bag_is_the_same_as_its_package(two_bags: tuple[Path, Path], tmp_path: Path) -> None:
    first, _ = two_bags
    for form in ("tar", "tar.gz", "zip"):
        assert run("pack", first, "-o", tmp_path, "--as", form).exit_code == 0
        found = answer(first, tmp_path / f"R1.{form}", code=0)
        assert (found["relation"], found["counts"]) == ("the same bag", {"same": 2})


def test_people_are_reported_what_differs(two_bags: tuple[Path, Path]) -> None:
    done = run("compare", *two_bags)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    first, second = two_bags  # of one name: their places tell them apart
    assert lines[0] == f"{first} and {second}: neither names the other"
    assert lines[1] == f"s01       same  {STEADY}"
    assert lines[2].startswith("s02       changed (verdict, ")
    assert "          verdict: captured -> gone (not-found)" in lines
    assert lines[-1] == "2 sources: 1 same, 1 changed"
    assert done.stderr == f"Next: archive view {two_bags[0]}; archive view {two_bags[1]}\n"


def test_what_cannot_be_compared_is_reported(two_bags: tuple[Path, Path], tmp_path: Path) -> None:
    done = run("compare", two_bags[0], tmp_path / "none")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "no such path" in done.stderr


def test_an_altered_recording_is_not_the_same_bag(two_bags: tuple[Path, Path], tmp_path: Path) -> None:
    first, _ = two_bags
    copy = tmp_path / "R1"
    shutil.copytree(first, copy)
    warc = copy / "data" / "archive" / "s01.warc.gz"
    content = bytearray(warc.read_bytes())
    content[len(content) // 2] ^= 1
    warc.write_bytes(content)
    found = answer(first, copy, code=1)
    assert (found["relation"], found["verified"], found["a_errors"]) == ("the same lists of files", True, [])
    assert {"code": "payload-altered", "path": "data/archive/s01.warc.gz"} in found["b_errors"]
    said = run("compare", first, copy).stdout
    assert "the same bag" not in said
    assert "R1 is not what it states: " in said
    assert said.splitlines()[-1].startswith("B: not what it states (see above). Conclude nothing")
    marks = {line.split()[0].split("/")[0]: "(damaged in B)" in line for line in said.splitlines() if "https://" in line}
    assert marks["s01"] and not marks["s02"]
    verified = run("verify", copy).stdout
    assert "1 source is affected: s01. No error names another source.\n" in verified
    assert "Keep this bag as it is, do not sign it, and get another copy" in verified


def test_a_bag_whose_words_contradict_its_records_is_answered_with_what_to_do(
    two_bags: tuple[Path, Path], tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(two_bags[0], tmp_path / "R1"))
    read_me = copy / "README-VERIFY.txt"
    read_me.write_text(read_me.read_text("utf-8") + "Trust this bag.\n", "utf-8")
    retag(copy)
    verified = run("verify", copy)
    assert (verified.exit_code, "generated-differs" in verified.stdout) == (1, True)
    assert "somebody changed it, or the program that made it erred. Do not rely on it or sign it" in verified.stdout
    assert "Keep this bag as it is" not in verified.stdout


def test_bags_of_which_one_was_made_of_the_other_are_no_two_observers(two_bags: tuple[Path, Path], tmp_path: Path) -> None:
    first, _ = two_bags
    assert run("pack", first, "-o", tmp_path).exit_code == 0
    done = run("compare", first, tmp_path / "R1.tar")
    assert (done.exit_code, "archive corroborate" in done.stderr) == (0, False)


def test_what_was_not_verified_is_never_called_the_same_bag(two_bags: tuple[Path, Path]) -> None:
    first, _ = two_bags
    found = answer(first, first, "--no-check", code=0)
    assert (found["relation"], found["verified"]) == ("the same lists of files", False)
    assert "verify" in run("compare", first, first, "--no-check").stderr


@pytest.mark.parametrize(("differs", "is_said"), [(("id", "sha256"), True), (("sha256",), False), ((), False)])
def test_two_different_reports_are_said_to_be_two(
    differs: tuple[str, ...], is_said: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = ComparedSource(STEADY, "s01", None, ComparedState.GONE)
    theirs = ComparedSource(MOVING, None, "s01", ComparedState.NEW)
    sources = (ours, theirs)
    report = tuple(Change(what, "a", "b") for what in differs)
    print_comparison(Comparison(Path("A"), Path("B"), "neither names the other", report, sources))
    lines = capsys.readouterr().out.splitlines()
    assert any("two different reports" in line for line in lines) is is_said
    assert f"s01       only in A  {STEADY}" in lines and f"s01       only in B  {MOVING}" in lines
