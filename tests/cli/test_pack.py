"""`archive pack` at the command line."""

from __future__ import annotations

import json
import os
import re
import tarfile
from pathlib import Path
from typing import Any

import pyrage
import pytest
from click.testing import CliRunner, Result

from archive.fetch.fetch import fetch
from archive_cli.main import main
from archive_cli.parameters import PROFILES
from archive_manifests import profiles
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World
from tests.world.sealed_bag import make_bag

US = """
["bag-info.txt"]
Source-Organization = "An Organisation"
"""


def run(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments], env=environment)


def answer(*arguments: str | Path, code: int = 0) -> dict[str, Any]:
    done = run("pack", *arguments, "--json")
    assert done.exit_code == code, done.output
    assert done.stdout.count("\n") == 1
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def warnings(done: Result) -> list[str]:
    return [line for line in done.stderr.splitlines() if not line.startswith("Next: ")]


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path / "here" / "R1")


def test_the_answer_is_where_everything_lies(bag: Path, tmp_path: Path) -> None:
    done = run("pack", bag, "-o", tmp_path / "out")
    assert (done.exit_code, warnings(done)) == (0, [])
    names = ("R1.tar", "R1.seal.tar", "R1.transfer.json", "R1.tar.sha256", "R1.seal")
    assert done.stdout.splitlines() == [os.fspath(tmp_path / "out" / name) for name in names]
    assert sorted(place.name for place in (tmp_path / "out").iterdir()) == sorted(names)


def test_programs_are_answered_with_one_object(bag: Path, tmp_path: Path) -> None:
    found = answer(bag, "-o", tmp_path / "out", "--as", "zip")
    assert (found["schema"], found["bag"]) == ("archive.pack/1", os.fspath(bag))
    assert (found["profile"], found["as_it_was"], found["recommended"]) == (None, True, [])
    assert [(one["name"], one["what"]) for one in found["files"]] == [("R1.zip", "bag"), ("R1.seal.tar", "seal")]
    assert found["places"][0] == os.fspath(tmp_path / "out" / "R1.zip")


def test_every_profile_is_named_in_the_help_and_there(bag: Path) -> None:
    assert profiles.names() == PROFILES
    shown = " ".join(run("pack", "--help").stdout.split())
    assert f"Follow a partner's rules: {', '.join(PROFILES)}." in shown


def test_a_profile_is_reported_with_what_it_recommends(bag: Path, tmp_path: Path) -> None:
    (tmp_path / "us.toml").write_text(US)
    done = run("pack", bag, "-o", tmp_path / "out", "--profile", "btr", "--organisation", tmp_path / "us.toml")
    assert done.exit_code == 0, done.output
    assert [line.split(":")[1] for line in warnings(done)] == [
        *(f" bag-info.txt {label}" for label in ("Organization-Address", "Contact-Email", "Bag-Producing-Organization")),
    ]


def test_what_a_profile_lacks_is_reported_all_at_once(bag: Path, tmp_path: Path) -> None:
    done = run("pack", bag, "-o", tmp_path / "out", "--profile", "metaarchive")
    assert (done.exit_code, done.stdout) == (1, "")
    for label in ("Source-Organization", "Contact-Name", "Contact-Phone", "Contact-Email"):
        assert f"bag-info.txt {label}: expected a value, found none; say it in the organisation file" in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_organisation_file_of_ones_own_is_taken_and_said_so(
    bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.get_app_dir", lambda name: os.fspath(tmp_path / name))
    place = tmp_path / "evidence-archive" / "organisation.toml"
    place.parent.mkdir()
    place.write_text(US)
    done = run("pack", bag, "-o", tmp_path / "out", "--profile", "fedora")
    assert done.exit_code == 0, done.output
    assert done.stderr.splitlines()[0] == f"organisation: {place}"


def test_an_encrypted_package_says_nothing_on_the_outside(bag: Path, tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    (tmp_path / "key").write_text(f"{identity}\n")
    (tmp_path / "to").write_text(f"# partner\n{identity.to_public()}\n")
    found = answer(bag, "-o", tmp_path / "out", "--encrypt-to", tmp_path / "to")
    (package, checksum) = map(Path, found["places"])
    assert package.name.startswith("transfer-")
    assert checksum.name == f"{package.name}.sha256"
    done = run("receive", package, "--into", tmp_path / "store", "--identity", tmp_path / "key")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "store" / "R1" / "bagit.txt").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "observed"),
    [
        (["--profile", "nobody"], 2, "no profile 'nobody'; there are aptrust"),
        (["--organisation", "none.toml"], 2, "no such organisation file"),
        (["--encrypt-to", "anna"], 2, "neither a recipient (age1…, ssh-ed25519 …, ssh-rsa …) nor a file of them"),
        (["--encrypt-to", "age1zzz"], 2, "not a recipient: 'age1zzz'"),
        (["--size", "many"], 2, "expected bytes, as 2000000000, 2GB or 700MiB"),
        (["--size", "10"], 1, "choose larger parts"),
        (["--as", "rar"], 2, "'rar' is not one of"),
        (["--as", "wacz"], 1, "no WACZ to be made of it"),
        (["--as", "wacz", "--size", "2GB"], 2, "the package is no bag"),
    ],
)
def test_what_cannot_be_done_is_reported_in_one_line(
    arguments: list[str], code: int, observed: str, bag: Path, tmp_path: Path
) -> None:
    done = run("pack", bag, "-o", tmp_path / "out", *arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert observed in done.stderr
    assert "Traceback" not in done.output
    assert not (tmp_path / "out").exists()
    assert not bag.with_name("R1.seal").exists()


@pytest.mark.parametrize(
    ("text", "size"),
    [("2000000", 2_000_000), ("2GB", 2 * 10**9), ("1.5 MiB", 3 << 19), ("700k", 700_000), ("3 t", 3 * 10**12)],
)
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    from archive_cli.parameters import Size

    assert Size().convert(text, None, None) == size


def test_no_bag_is_reported(tmp_path: Path) -> None:
    done = run("pack", tmp_path / "none")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "no such path" in done.stderr
    (tmp_path / "empty").mkdir()
    done = run("pack", tmp_path / "empty")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "declaration-missing" in done.stderr


def test_who_collected_is_sealed_away_and_the_seal_says_only_that(bag: Path, tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    (tmp_path / "who.txt").write_text("Anna A.")
    arguments = ("-o", tmp_path / "out", "--identity-annex", tmp_path / "who.txt")
    assert "give --annex-to" in run("pack", bag, *arguments).stderr
    found = answer(bag, *arguments, "--annex-to", str(identity.to_public()), "--by", "collector-7")
    seal = Path(found["places"][-1])
    assert sorted(place.name for place in seal.iterdir()) == ["custody.jsonl", "identity.age"]
    opened = json.loads(pyrage.decrypt((seal / "identity.age").read_bytes(), [identity]))
    assert opened["schema"] == "archive.identity/1"
    assert run("verify", tmp_path / "out" / "R1.tar").exit_code == 0


def contents(folder: Path) -> dict[str, bytes]:
    return {os.fspath(place.relative_to(folder)): place.read_bytes() for place in folder.rglob("*") if place.is_file()}


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole bag of ours: ledger, log and WARCs of two sources."""
    folder = tmp_path_factory.mktemp("captured")
    report = folder / "report.txt"
    report.write_text("One source: https://www.coe.int/nothing-here\nAnother: https://www.coe.int/nothing-there\n")
    with World() as world:
        return fetch(report, folder / "R1", settings_for(world)).bag


def test_a_captured_bag_goes_in_parts_and_comes_out_of_them(captured: Path, tmp_path: Path) -> None:
    """The first part has ledger and log, and one of the WARCs that these name."""
    refused = run("pack", captured, "-o", tmp_path / "none", "--size", "10KB")
    least = int(re.findall(r"alone take ([\d,]+) bytes", refused.stderr)[0].replace(",", ""))
    first, second = sorted((captured / "data" / "archive").iterdir())[:2]
    found = answer(captured, "-o", tmp_path / "out", "--size", str(least + first.stat().st_size + 2000))
    names = [one["name"] for one in found["files"][:-1]]
    assert names == [f"R1.b{number:02d}.of{len(names):02d}.tar" for number in range(1, len(names) + 1)]
    assert (len(names) > 1, found["as_it_was"]) == (True, False)
    places = [tmp_path / "out" / name for name in names]
    with tarfile.open(places[0]) as opened:
        paths = {member.name.partition("/")[2] for member in opened}
    assert f"data/archive/{first.name}" in paths and f"data/archive/{second.name}" not in paths
    for place in places:
        verified = json.loads(run("verify", place, "--json").stdout)
        states = {name: one["state"] for name, one in verified["answers"].items()}
        assert (verified["findings"], states["warc"], states["coverage"]) == ([], "passed", "not-checked")
    received = run("receive", *places, "--into", tmp_path / "store")
    assert received.exit_code == 0, received.output
    assert contents(tmp_path / "store" / "R1") == contents(captured)


def test_a_bag_that_fits_in_one_part_is_packed_as_it_is(captured: Path, tmp_path: Path) -> None:
    found = answer(captured, "-o", tmp_path / "out", "--size", "10MB")
    assert [(one["name"], one["what"]) for one in found["files"]] == [("R1.tar", "bag"), ("R1.seal.tar", "seal")]
    assert found["as_it_was"] is True
    received = run("receive", tmp_path / "out" / "R1.tar", "--into", tmp_path / "store")
    assert received.exit_code == 0, received.output
    assert contents(tmp_path / "store" / "R1") == contents(captured)
