"""`archive verify --record`: a check, entered beside the bag; without it verifying writes nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive_cli.main import main
from tests.world.sealed_bag import make_bag


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def events(bag: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (bag.with_name("R1.seal") / "custody.jsonl").read_text().splitlines()]


def contents(folder: Path) -> dict[str, bytes]:
    return {os.fspath(place): place.read_bytes() for place in folder.rglob("*") if place.is_file()}


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path / "R1")


def test_without_it_nothing_is_written(bag: Path, tmp_path: Path) -> None:
    before = contents(tmp_path)
    assert run("verify", bag, "--json").exit_code == 0
    assert contents(tmp_path) == before


def test_each_check_is_entered_with_its_answers_and_who_made_it(bag: Path) -> None:
    before = contents(bag)
    assert run("verify", bag, "--record", "--by", "archive-3").exit_code == 0
    assert run("verify", bag, "--record").exit_code == 0
    first, second = events(bag)
    assert (first["type"], first["outcome"], first["agent"]) == ("fixity check", "pass", "archive-3")
    assert (first["facts"]["structure"], first["facts"]["fixity"], first["facts"]["when"]) == (
        *("passed", "passed", "absent"),
    )
    assert second["seq"] == 2
    assert contents(bag) == before
    assert run("verify", bag).exit_code == 0


@pytest.mark.parametrize("name", ["data/report/original.pdf", "bagit.txt", "data/provenance/events.jsonl"])
def test_a_check_that_failed_is_entered_too(bag: Path, name: str) -> None:
    assert run("verify", bag, "--record").exit_code == 0
    place = bag / name
    place.write_bytes(place.read_bytes().replace(b"e", b"f"))
    done = run("verify", bag, "--record")
    assert done.exit_code in (1, 3), done.output
    observed = [one["outcome"] for one in events(bag)]
    if name.endswith("events.jsonl"):
        assert "custody.jsonl line 1: does not follow on the bag's own events" in done.stderr
        assert observed == ["pass"]
    else:
        assert observed[0] == "pass"
        assert observed[1].startswith("fail: ")
