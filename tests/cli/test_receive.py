"""`archive receive` at the command line."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.verify.run import verify
from archive_cli.main import main
from tests.archive.handover.packages import bag_files, member, members, tar
from tests.world.sealed_bag import make_bag, make_sealed_bag


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def answer(*arguments: str | Path, code: int = 0) -> dict[str, Any]:
    done = run("receive", *arguments, "--json")
    assert done.exit_code == code, done.output
    assert done.stdout.count("\n") == 1
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def listing(folder: Path) -> list[str]:
    return sorted(os.fspath(place.relative_to(folder)) for place in folder.rglob("*"))


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return tar(tmp_path / "R1.tar", members(bag_files()))


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    (tmp_path / "bad").mkdir()
    return tar(tmp_path / "bad" / "R1.tar", [*members(bag_files()), member("../evil", b"x")])


def test_people_are_reported_where_bag_and_receipt_lie(sound: Path, tmp_path: Path) -> None:
    done = run("receive", sound, "--into", tmp_path / "store", "--by", "archive-3")
    assert done.exit_code == 0, done.output
    store = tmp_path / "store"
    assert done.stdout.splitlines()[-3:] == [
        f"receipt: {store / 'R1.seal/receipts/R1.receipt.json'}",
        f"receipt: {store / 'R1.seal/receipts/R1.receipt.txt'}",
        f"received: {store / 'R1'}",
    ]
    assert "structure passed · fixity passed" in done.stdout


def test_programs_are_answered_with_one_object(sound: Path, tmp_path: Path) -> None:
    found = answer(sound, "--into", tmp_path / "store")
    assert (found["schema"], found["package"]) == ("archive.receive/1", os.fspath(sound))
    assert found["bag"] == os.fspath(tmp_path / "store" / "R1")
    assert found["receipt"] == os.fspath(tmp_path / "store" / "R1.seal" / "receipts" / "R1.receipt.json")
    assert (found["findings"], found["verification"]["valid"]) == ([], True)
    assert found["verification"]["bag"] == found["bag"]


def test_a_refused_package_is_reported_and_nothing_stays(hostile: Path, tmp_path: Path) -> None:
    done = run("receive", hostile, "--into", tmp_path / "store")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[0] == "package-path  ../evil"
    assert done.stdout.splitlines()[-1] == "refused: R1.tar; nothing of it was stored"
    assert not (tmp_path / "store").exists()
    (tmp_path / "store").mkdir()  # one that somebody made stays
    found = answer(hostile, "--into", tmp_path / "store", code=1)
    assert (found["bag"], found["receipt"], found["verification"]) == (None, None, None)
    assert [one["code"] for one in found["findings"]] == ["package-path"]
    assert not (tmp_path / "evil").exists()
    assert listing(tmp_path / "store") == []


def test_a_refusal_names_the_altered_file_as_verify_does_and_what_to_do(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R2", {"data/a.txt": b"one\n"})
    (bag / "data/a.txt").write_bytes(b"another\n")
    place = Path(shutil.make_archive(str(tmp_path / "R2"), "tar", tmp_path, "R2"))
    done = run("receive", place, "--into", tmp_path / "store")
    found = answer(place, "--into", tmp_path / "store", code=1)
    codes = [one["code"] for one in found["findings"]]
    assert codes == [one.code for one in verify(place).findings if one.severity == "error"]
    assert "payload-altered" in codes
    assert done.stderr.startswith("Next: archive help payload-altered; then ask the sender for the package again")
    assert "sign" not in done.stderr
    said = run("verify", place).stdout
    assert "Get the package again from whoever sent it" in said and "archive repair" not in said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("R2.seal.tar", "the seal of a bag, and no bag; give the package of the bag: the seal beside it is taken along"),
        ("R2.tar.sha256", "lies beside the package of a bag; give the package, R2.tar"),
        ("R2.transfer.json", "lies beside the package of a bag; give the package, R2"),
    ],
)
def test_what_lies_beside_a_package_leads_to_the_package(tmp_path: Path, name: str, said: str) -> None:
    make_sealed_bag(tmp_path / "R2")
    assert run("pack", tmp_path / "R2", "-o", tmp_path / "out").exit_code == 0
    done = run("receive", tmp_path / "out" / name, "--into", tmp_path / "store")
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr.endswith(f"{name}: {said}\n")
    assert not (tmp_path / "store").exists()


def test_a_bag_without_a_ledger_is_followed_by_a_command_that_works_on_it(sound: Path, tmp_path: Path) -> None:
    done = run("receive", sound, "--into", tmp_path / "store")
    assert done.stderr.splitlines()[-1].endswith(f"archive verify {tmp_path / 'store/R1'}")
    assert run("verify", tmp_path / "store/R1").exit_code == 0


def test_names_from_outside_do_nothing_to_a_terminal(tmp_path: Path) -> None:
    package = tar(tmp_path / "R1.tar", [*members(bag_files()), member("../\x1b]0;owned\x07\u202e", b"x")])
    done = run("receive", package, "--into", tmp_path / "store")
    assert done.exit_code == 1
    assert not {"\x1b", "\x07", "\u202e"} & set(done.stdout)


def test_the_seal_is_found_beside_as_a_folder_as_a_tar_or_where_one_says(tmp_path: Path) -> None:
    sealed = make_sealed_bag(tmp_path / "here" / "R1")
    assert run("pack", sealed.bag, "-o", tmp_path / "out").exit_code == 0
    seals = []
    for number, retained in enumerate((["R1.seal"], ["R1.seal.tar"], [])):
        line = tmp_path / f"line{number}"
        line.mkdir()
        (line / "R1.tar").write_bytes((tmp_path / "out" / "R1.tar").read_bytes())
        for name in retained:
            (tmp_path / "out" / name).rename(line / name)
        given = ["--seal", tmp_path / "line0" / "R1.seal"] if not retained else []
        found = answer(line / "R1.tar", "--into", tmp_path / f"store{number}", *given)
        assert found["findings"] == []
        seals.append((tmp_path / f"store{number}" / "R1.seal" / "seal.json").read_bytes())
    assert seals == [sealed.content] * 3
    assert "What the seal of R1 shows" in (tmp_path / "store0" / "R1.seal" / "statement.html").read_text()


def packed(tmp_path: Path) -> Path:
    sealed = make_sealed_bag(tmp_path / "here" / "R1")
    assert run("pack", sealed.bag, "-o", tmp_path / "out").exit_code == 0
    return tmp_path / "out" / "R1.tar"


def refused(package: Path, tmp_path: Path, *arguments: str | Path) -> list[str]:
    found = answer(package, "--into", tmp_path / "store", *arguments, code=1)
    assert listing(tmp_path / "store") == []
    return [one["code"] for one in found["findings"] if one["severity"] == "error"]


def test_a_package_that_is_not_the_one_its_checksum_speaks_of_is_refused(tmp_path: Path) -> None:
    package = packed(tmp_path)
    package.write_bytes(package.read_bytes() + bytes(10240))
    assert refused(package, tmp_path) == ["package-differs"] * 2
    package.with_name("R1.tar.sha256").unlink()
    assert refused(package, tmp_path) == ["package-differs"]


def test_a_transfer_list_that_is_none_is_refused(tmp_path: Path) -> None:
    package = packed(tmp_path)
    package.with_name("R1.transfer.json").write_text("{}")
    assert refused(package, tmp_path) == ["package-differs"]


def test_another_bags_seal_is_refused(tmp_path: Path) -> None:
    package = packed(tmp_path)
    other = make_sealed_bag(tmp_path / "other" / "R1", {"data/x.txt": b"x"})
    codes = refused(package, tmp_path, "--seal", other.folder)
    assert set(codes) == {"seal-mismatch"}


def test_a_custody_log_that_was_edited_is_refused(tmp_path: Path) -> None:
    package = packed(tmp_path)
    log = package.with_name("R1.seal") / "custody.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"seq":1', b'"seq":2'))
    assert refused(package, tmp_path) == ["custody-broken"]


def test_a_seal_with_a_giant_or_a_link_in_it_is_refused(tmp_path: Path) -> None:
    package = packed(tmp_path)
    place = package.with_name("R1.seal") / "seal.json"
    content = place.read_bytes()
    place.write_bytes(bytes(2 << 20))
    assert refused(package, tmp_path) == ["seal-refused"]
    place.unlink()
    place.symlink_to("/etc/passwd")
    assert refused(package, tmp_path) == ["seal-refused"]
    place.unlink()
    place.write_bytes(content)
    assert answer(package, "--into", tmp_path / "store")["findings"] == []


def test_strangers_in_a_seal_folder_are_left_behind(tmp_path: Path) -> None:
    package = packed(tmp_path)
    folder = package.with_name("R1.seal")
    (folder / "virus.exe").write_bytes(b"MZ")
    (folder / "receipts").mkdir()
    (folder / "receipts" / "run.sh").write_bytes(b"#!/bin/sh")
    answer(package, "--into", tmp_path / "store")
    names = listing(tmp_path / "store" / "R1.seal")
    assert not any(name.endswith((".exe", ".sh")) for name in names)
    assert "receipts/R1.receipt.json" in names


def test_a_hostile_seal_tar_is_refused(tmp_path: Path) -> None:
    line = tmp_path / "line"
    line.mkdir()
    package = tar(line / "R1.tar", members(bag_files()))
    tar(line / "R1.seal.tar", [member("R1.seal/bagit.txt", b"x"), member("../evil", b"x")])
    assert refused(package, tmp_path) == ["seal-refused"]
    tar(line / "R1.seal.tar", [member("R1.seal/bagit.txt", b"x"), member("R1.seal/data/seal.json", bytes(2 << 20))])
    assert refused(package, tmp_path) == ["seal-refused"]
    (line / "R1.seal.tar").write_bytes(b"no tar")
    assert refused(package, tmp_path) == ["seal-refused"]


@pytest.mark.parametrize(
    ("arguments", "code", "observed"),
    [
        (["none.tar"], 3, "no such file"),
        (["{sound}", "--profile", "nobody"], 2, "no profile 'nobody'"),
        (["{sound}", "--trust", "none"], 2, "no such trust folder"),
        (["{sound}", "--seal", "none"], 2, "no such seal"),
        (["{sound}", "--key", "none"], 2, "no such key file"),
    ],
)
def test_what_cannot_be_done_is_reported_in_one_line(
    arguments: list[str], code: int, observed: str, sound: Path, tmp_path: Path
) -> None:
    words = [word.replace("{sound}", os.fspath(sound)) for word in arguments]
    done = run("receive", *words, "--into", tmp_path / "store")
    assert (done.exit_code, done.stdout) == (code, ""), done.output
    assert observed in done.stderr
    assert not (tmp_path / "store").exists() or listing(tmp_path / "store") == []


def test_a_second_bag_of_that_name_is_not_taken_in(sound: Path, tmp_path: Path) -> None:
    assert run("receive", sound, "--into", tmp_path / "store").exit_code == 0
    before = listing(tmp_path / "store")
    done = run("receive", sound, "--into", tmp_path / "store")
    assert done.exit_code == 2
    assert "R1: there already; choose another --into" in done.stderr
    assert listing(tmp_path / "store") == before


def test_a_bag_in_a_folder_is_received_as_a_copy(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "stick" / "R1")
    (bag / "data/report/text.txt").chmod(0o755)
    found = answer(bag, "--into", tmp_path / "store")
    assert found["findings"] == []
    assert not (tmp_path / "store/R1/data/report/text.txt").stat().st_mode & 0o111
