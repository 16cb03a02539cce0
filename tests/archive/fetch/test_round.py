"""A round that the observers agree on: the records log begins with its digest, and `verify` checks it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.capture.settings import FetchSettings
from archive.errors import ArchiveError, UsageProblem
from archive.fetch.fetch import fetch
from archive.verify.run import verify
from archive_manifests import layout
from archive_manifests.findings import Severity
from archive_manifests.records import first_prev
from archive_manifests.source_toml import from_toml, to_toml
from tests.archive.fetch.test_pilot import settings_for
from tests.archive.verify.forged_bag import ForgedBag
from tests.cli.invoke import run
from tests.world import World

ROUND = "beacon 4242: 9f86d081"
SOURCES = '[report]\nid = "R1"\n{round}\n[[source]]\ncited = "https://sn4hr.org/blog/2019/04/30/53633/"\n'


@pytest.fixture
def manifest(tmp_path: Path) -> Callable[[str], Path]:
    def write(round_line: str = "") -> Path:
        path = tmp_path / "sources.toml"
        path.write_text(SOURCES.format(round=round_line))
        return path

    return write


def settings(world: World, round_text: str | None) -> FetchSettings:
    return replace(settings_for(world), round=round_text)


def first_line(bag: Path) -> dict[str, object]:
    return json.loads((bag / layout.RECORDS).read_bytes().splitlines()[0])


def errors(bag: Path) -> list[tuple[str, str]]:
    found = verify(bag).findings
    return [(each.code, str(each.path)) for each in found if each.severity is Severity.ERROR]


def alone(bag: Path) -> tuple[int, str]:
    program = Path(__file__).parents[3] / "archive/verify/alone/verify.py"
    done = subprocess.run([sys.executable, str(program), str(bag)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_the_log_begins_with_the_digest_of_the_round(world: World, manifest: Callable[[str], Path], tmp_path: Path) -> None:
    result = fetch(manifest(""), tmp_path / "B", settings(world, ROUND))
    line = json.dumps({"schema": "archive.round/1", "round": ROUND, "stamp": None}, separators=(",", ":")) + "\n"
    assert first_line(result.bag)["prev"] == hashlib.sha256(line.encode()).hexdigest() == first_prev(None, ROUND)
    assert result.ledger.conditions.round == ROUND
    assert ROUND in (result.bag / layout.PAGE).read_text()
    assert errors(result.bag) == []
    assert alone(result.bag)[0] == 0


def test_a_source_manifest_brings_the_round_to_each_observer(world: World, manifest: Callable[[str], Path], tmp_path: Path) -> None:
    result = fetch(manifest(f'round = "{ROUND}"'), tmp_path / "B", settings(world, None))
    assert result.ledger.conditions.round == ROUND == result.ledger.report.stated.round
    assert first_line(result.bag)["prev"] == first_prev(None, ROUND)
    with pytest.raises(UsageProblem, match="--round is 'another', and the source manifest has the round"):
        fetch(manifest(f'round = "{ROUND}"'), tmp_path / "C", settings(world, "another"))


def test_a_report_that_is_fetched_with_a_round_has_it_in_its_source_manifest(world: World, tmp_path: Path) -> None:
    report = tmp_path / "R1.txt"
    report.write_text("See https://sn4hr.org/blog/2019/04/30/53633/ for the figures.\n")
    result = fetch(report, tmp_path / "B", settings(world, ROUND))
    stated = from_toml((result.bag / layout.SOURCE_MANIFEST).read_text()).report
    assert (stated.round, stated) == (ROUND, result.ledger.report.stated)
    assert errors(result.bag) == []
    again = fetch(report, tmp_path / "B", settings(world, ROUND))
    assert again.tagmanifest == result.tagmanifest
    with pytest.raises(ArchiveError):
        fetch(report, tmp_path / "B", settings(world, "another"))


def test_a_reviewed_source_manifest_with_a_round_goes_with_its_report(world: World, tmp_path: Path) -> None:
    report, reviewed = tmp_path / "R1.txt", tmp_path / "sources.toml"
    report.write_text("See https://sn4hr.org/blog/2019/04/30/53633/ for the figures.\n")
    assert run("cite", report, "--round", ROUND, "-o", reviewed).exit_code == 0
    result = fetch(reviewed, tmp_path / "B", settings(world, None), report=report)
    assert result.ledger.report.stated.round == ROUND == result.ledger.conditions.round
    assert (result.bag / layout.SOURCE_MANIFEST).read_bytes() == reviewed.read_bytes()
    assert errors(result.bag) == []


def test_a_round_survives_the_toml_and_a_control_character_is_refused() -> None:
    stated = from_toml(SOURCES.format(round=f'round = "{ROUND}"'))
    assert from_toml(to_toml(stated)) == stated
    assert "round" not in to_toml(from_toml(SOURCES.format(round="")))
    with pytest.raises(Exception, match="is no round"):
        from_toml(SOURCES.format(round='round = "a\\nb"'))


def test_work_is_not_resumed_with_another_round(world: World, manifest: Callable[[str], Path], tmp_path: Path) -> None:
    fetch(manifest(""), tmp_path / "B", settings(world, ROUND), hold=True)
    with pytest.raises(UsageProblem, match="then --round beacon 4242: 9f86d081, now"):
        fetch(manifest(""), tmp_path / "B", settings(world, "another"))
    with pytest.raises(UsageProblem, match="then --round beacon 4242: 9f86d081, now"):
        fetch(manifest(""), tmp_path / "B", settings(world, None))
    assert fetch(manifest(""), tmp_path / "B", settings(world, ROUND)).ledger.conditions.round == ROUND


def test_captures_older_than_the_round_are_not_carried_over(world: World, manifest: Callable[[str], Path], tmp_path: Path) -> None:
    fetch(manifest(""), tmp_path / "B", settings(world, None))
    with pytest.raises(UsageProblem, match="carries captures over that were made before this round"):
        fetch(manifest(""), tmp_path / "B", settings(world, ROUND), again=True)


@pytest.mark.parametrize("claimed", ["another round", None])
def test_a_round_that_the_log_does_not_begin_with_is_found(
    world: World, manifest: Callable[[str], Path], tmp_path: Path, claimed: str | None
) -> None:
    bag = fetch(manifest(""), tmp_path / "B", settings(world, ROUND)).bag

    forged = ForgedBag(bag)
    ledger = forged.ledger
    forged.ledger = replace(ledger, conditions=replace(ledger.conditions, round=claimed))
    forged.seal_over()
    code = "log-chain" if claimed is None else "round-broken"
    # The log is chained over the round, and each WARC states it among the conditions.
    assert errors(bag) == [(code, layout.RECORDS), ("condition-contradicted", layout.LEDGER)]
    if claimed is not None:
        assert alone(bag)[0] == 1
        assert "does not begin with the round" in alone(bag)[1]
