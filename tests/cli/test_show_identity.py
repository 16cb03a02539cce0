"""`archive show --identity`: who collected, opened years later by those who may, and compared with the custody log."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive_cli.main import main
from tests.world.sealed_bag import make_bag

RECORD = "جمعته سلمى\nreached through \x1b[31mher lawyer\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def key(tmp_path: Path) -> Path:
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    (tmp_path / "court.pub").write_text(f"{identity.to_public()}\n")
    (tmp_path / "court.key").write_text(f"{identity}\n")
    return tmp_path / "court.key"


@pytest.fixture
def bag(tmp_path: Path, key: Path) -> Path:
    made = make_bag(tmp_path / "R1")
    (tmp_path / "who.txt").write_text(RECORD)
    done = run(
        *("pack", made, "-o", tmp_path / "out", "--identity-annex", tmp_path / "who.txt"),
        *("--annex-to", key.with_suffix(".pub"), "--by", "collector-7"),
    )
    assert done.exit_code == 0, done.output
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {os.fspath(place): place.read_bytes() for place in folder.rglob("*") if place.is_file()}


def test_it_shows_the_record_and_that_the_log_names_it(bag: Path, key: Path, tmp_path: Path) -> None:
    before = contents(tmp_path)
    done = run("show", bag, "--identity", key)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "جمعته سلمى"
    assert "\x1b" not in done.stdout
    assert done.stderr.startswith("the custody log names this record: sha256:")
    assert contents(tmp_path) == before


def test_a_program_is_reported_the_same(bag: Path, key: Path) -> None:
    observed = json.loads(run("show", bag, "--identity", key, "--json").stdout)
    event = json.loads((bag.with_name("R1.seal") / "custody.jsonl").read_text().splitlines()[0])
    assert observed == {
        "schema": "archive.show-identity/1",
        "bag": str(bag),
        "record": RECORD,
        "commitment": event["facts"]["commitment"],
        "committed": True,
    }


def test_the_seal_that_travelled_is_opened_beside_the_package_and_where_one_says(bag: Path, key: Path) -> None:
    out = bag.with_name("out")
    assert run("show", out / "R1.tar", "--identity", key).exit_code == 0
    assert run("show", out / "R1.tar", "--identity", key, "--seal", bag.with_name("R1.seal")).exit_code == 0


def test_a_record_that_no_log_names_is_reported_as_such(bag: Path, key: Path) -> None:
    log = bag.with_name("R1.seal") / "custody.jsonl"
    whole = log.read_bytes()
    for content in (whole.splitlines(keepends=True)[1], whole.replace(b"sealed away", b"sealed awaY", 1) + b"x", b""):
        log.write_bytes(content)
        done = run("show", bag, "--identity", key, "--json")
        assert (done.exit_code, json.loads(done.stdout)["committed"]) == (1, False)


def test_who_may_not_open_it_and_what_is_not_there_is_reported(bag: Path, key: Path, tmp_path: Path) -> None:
    import pyrage

    (tmp_path / "other.key").write_text(f"{pyrage.x25519.Identity.generate()}\n")
    done = run("show", bag, "--identity", tmp_path / "other.key")
    assert done.exit_code == 3
    assert "no identity given opens it" in done.stderr
    for name, code, why in (("none", 3, "no identity annex that can be read"), ("court.key", 2, "a file, and no folder")):
        done = run("show", bag, "--identity", key, "--seal", tmp_path / name)
        assert done.exit_code == code
        assert why in done.stderr


def _age(name: str = "age") -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"skipped: no {name} on this machine, so the other implementation of age was not asked")
    return found


def test_what_we_encrypt_the_age_tool_opens_and_the_reverse(tmp_path: Path) -> None:
    age, keygen = _age(), _age("age-keygen")
    subprocess.run([keygen, "-o", tmp_path / "a.key"], check=True, capture_output=True)
    public = subprocess.run([keygen, "-y", tmp_path / "a.key"], check=True, capture_output=True, text=True).stdout
    (tmp_path / "a.pub").write_text(public)
    pairs = [(tmp_path / "a.key", tmp_path / "a.pub")]
    for kind, more in (("ed25519", []), ("rsa", ["-b", "2048"])):
        place = tmp_path / kind
        subprocess.run(["ssh-keygen", "-q", "-t", kind, *more, "-N", "", "-f", place], check=True)
        pairs.append((place, place.with_suffix(".pub")))
    bag = make_bag(tmp_path / "R1")
    plain = tmp_path / "plain"
    assert run("pack", bag, "-o", plain).exit_code == 0
    for number, (secret, public_file) in enumerate(pairs):
        out = tmp_path / f"out{number}"
        done = run("pack", bag, "-o", out, "--encrypt-to", public_file)
        assert done.exit_code == 0, done.output
        (package,) = out.glob("*.age")
        subprocess.run([age, "-d", "-i", secret, "-o", out / "wrapped.tar", package], check=True)
        subprocess.run(["tar", "-xf", out / "wrapped.tar", "-C", out], check=True)
        assert (out / "transfer" / "R1.tar").read_bytes() == (plain / "R1.tar").read_bytes()
        for armour in ([], ["-a"]):
            theirs = tmp_path / f"theirs{number}{len(armour)}" / "R1.tar.age"
            theirs.parent.mkdir()
            subprocess.run([age, *armour, "-R", public_file, "-o", theirs, plain / "R1.tar"], check=True)
            done = run("receive", theirs, "--into", theirs.parent / "store", "--identity", secret)
            assert done.exit_code == 0, done.output
