"""`archive annotate` on the command line: what it prints, its exit codes, one clear error for wrong usage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive_cli.main import main
from tests.archive.annotate import bags


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bags.bag_of(tmp_path_factory.mktemp("annotate"), "pdf")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["annotate", *map(str, arguments)])


def test_annotating_and_checking_say_what_was_done(bag: Path, tmp_path: Path) -> None:
    done = run(bag, "-o", tmp_path / "out", "--no-exhibits")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[1:] == [
        "4 of 4 citations have a mark.",
        "Citations that lead to a gap: 1. Citations with an uncertain reading: 0.",
    ]
    file = tmp_path / "out" / "report.annotated.pdf"
    checked = run(bag, "--check", file)
    assert checked.exit_code == 0 and "its first bytes are the report of the bag R1, and 4 marks" in checked.stdout
    assert checked.stderr == f"Next: archive verify {bag}\n"
    content = file.read_bytes()
    file.write_bytes(content.replace(b"A report", b"A REPORT", 1))
    broken = run(bag, "--check", file, "--json")
    assert broken.exit_code == 1
    answer = json.loads(broken.stdout)
    assert (answer["schema"], answer["true"], answer["other_bag"]) == ("archive.annotate-check/1", False, None)
    assert [each["code"] for each in answer["differences"]] == ["report-altered"]


def test_a_file_of_another_version_is_called_not_checked(bag: Path, tmp_path: Path) -> None:
    assert run(bag, "-o", tmp_path / "out", "--no-exhibits").exit_code == 0
    file = tmp_path / "out" / "report.annotated.pdf"
    content = file.read_bytes()
    file.write_bytes(content.replace(b"program=evidence-archive ", b"program=evidence-archivf ", 1))
    checked = run(bag, "--check", file)
    assert checked.exit_code == 3 and checked.stdout.startswith("NOT CHECKED: the file was made by evidence-archivf")
    assert checked.stderr == f"Next: archive annotate {bag} -o DIR makes one that this version can check\n"


def test_a_file_of_another_bag_is_reported_as_one(bag: Path, tmp_path: Path) -> None:
    run(bag, "-o", tmp_path / "out", "--no-exhibits")
    file, listed = tmp_path / "out" / "report.annotated.pdf", tmp_path / "out" / "annotation.json"
    file.write_bytes(file.read_bytes().replace(b"A report", b"A REPORT", 1))
    named = json.loads(listed.read_text())
    named["bag"] = {"name": "R9", "fingerprint": f"sha256:{'9' * 64}"}
    listed.write_text(json.dumps(named, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    broken = run(bag, "--check", file)
    assert broken.exit_code == 1
    assert f"it belongs to another bag: R9, sha256:{'9' * 64}. You gave the bag sha256:" in broken.stdout


@pytest.mark.parametrize("ways", [(), ("-o", "a", "--check", "b"), ("-o", "a", "--site", "b")])
def test_exactly_one_of_three_ways_is_taken(bag: Path, ways: tuple[str, ...]) -> None:
    done = run(bag, *ways)
    assert done.exit_code == 2 and "give one of -o DIR, --site DIR, and --check FILE" in done.stderr


def test_what_is_not_there_is_named(bag: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "nothing", "-o", tmp_path / "out").exit_code == 3
    missing = run(bag, "--check", tmp_path / "nothing.pdf")
    assert missing.exit_code == 2 and "no such file" in missing.stderr
    assert "no such folder" in run(bag, "-o", tmp_path / "a" / "b").stderr
