"""What `pack` leaves: packages that the usual tools open, the same on every machine, or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bagit
import pytest

from archive.bag.contents import Member, PackRefused, exactly
from archive.errors import AlreadyThere, NotEnoughSpace, UsageProblem
from archive.handover import gate, writing
from archive.handover.pack import PackOrder, pack
from archive.trust.custody_log import CustodyBroken
from archive.verify.run import verify
from archive.version import AGENT
from tests.archive.verify.sample_bags import add_lines, retag
from tests.archive.verify.sample_bags import make_bag as make_plain_bag
from tests.world.sealed_bag import file_key, make_sealed_bag

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def contents(folder: Path) -> dict[str, bytes]:
    return {os.fspath(place.relative_to(folder)): place.read_bytes() for place in folder.rglob("*") if place.is_file()}


def events(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "custody.jsonl").read_text().splitlines()]


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    sealed = make_sealed_bag(tmp_path / "here" / "R1")
    sealed.sign(file_key(3))
    return sealed.bag


@pytest.mark.parametrize(
    ("form", "open_it"),
    [
        ("tar", ["tar", "-xf"]),
        ("tar.gz", ["tar", "-xzf"]),
        ("zip", ["unzip", "-q"]),
    ],
)
def test_package_opens_with_the_usual_tools_and_passes_the_partners_gate(
    bag: Path, tmp_path: Path, form: str, open_it: list[str]
) -> None:
    if shutil.which(open_it[0]) is None:
        pytest.skip(f"no {open_it[0]} here")
    out, aside = tmp_path / "out", tmp_path / "aside"
    aside.mkdir()
    packed = pack(bag, PackOrder(out, form), NOW)
    package = out / f"R1.{form}"
    beside = [f"R1.{form}.sha256", "R1.seal", "R1.seal.tar", "R1.transfer.json"]
    assert sorted(place.name for place in out.iterdir()) == sorted([package.name, *beside])
    assert sorted(packed.places) == sorted(out.iterdir())
    subprocess.run([*open_it, package], cwd=aside, check=True)
    assert [place.name for place in aside.iterdir()] == ["R1"]
    assert contents(aside / "R1") == contents(bag)
    assert bagit.Bag(os.fspath(aside / "R1")).validate()
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", f"{package.name}.sha256"], cwd=out, check=True)
    assert verify(package).findings == ()


def test_the_transfer_list_says_what_there_is(bag: Path, tmp_path: Path) -> None:
    pack(bag, PackOrder(tmp_path, by="collector-7"), NOW)
    listed = json.loads((tmp_path / "R1.transfer.json").read_text())
    assert (listed["schema"], listed["bag"], listed["by"]) == ("archive.transfer/1", "R1", "collector-7")
    assert listed["packed"] == "2026-11-23T10:00:00Z"
    assert [(one["name"], one["what"]) for one in listed["files"]] == [("R1.tar", "bag"), ("R1.seal.tar", "seal")]
    for one in listed["files"]:
        content = (tmp_path / one["name"]).read_bytes()
        assert (one["octets"], one["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    digests = {one["file"]: one["sha256"] for one in listed["tag_manifests"]}
    assert digests["tagmanifest-sha256.txt"] == hashlib.sha256((bag / "tagmanifest-sha256.txt").read_bytes()).hexdigest()


@pytest.mark.parametrize("form", ["tar", "tar.gz", "zip"])
def test_packing_again_gives_the_same_bytes_whatever_the_machine(
    bag: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack(bag, PackOrder(tmp_path / "a", form), NOW)
    copy = tmp_path / "elsewhere" / "R1"
    shutil.copytree(bag, copy)
    for place in copy.rglob("*"):
        os.utime(place, (10**9, 10**9))
        place.chmod(0o777)
    monkeypatch.setenv("TZ", "Asia/Damascus")
    old = os.umask(0)
    try:
        pack(copy, PackOrder(tmp_path / "b", form), LATER)
    finally:
        os.umask(old)
    assert (tmp_path / "a" / f"R1.{form}").read_bytes() == (tmp_path / "b" / f"R1.{form}").read_bytes()


def test_a_tar_says_nothing_of_the_machine(tmp_path: Path) -> None:
    long = f"data/{'folder/' * 20}{'name' * 20}.txt"
    bag = make_plain_bag(tmp_path / "R1", {"data/ج.txt": b"1", long: b"2"})
    pack(bag, PackOrder(tmp_path / "out"), NOW)
    with tarfile.open(tmp_path / "out" / "R1.tar") as package:
        every = package.getmembers()
    assert every[0].name == "R1"
    files = [one.name for one in every if one.isfile()]
    assert files == sorted(files, key=str.encode)
    assert {f"R1/{long}", "R1/data/ج.txt"} < set(files)
    assert {(one.uid, one.gid, one.uname, one.gname) for one in every} == {(0, 0, "", "")}
    assert {one.mtime for one in every} == {datetime(2026, 11, 22, tzinfo=UTC).timestamp()}
    assert {(one.type, one.mode) for one in every} == {(tarfile.DIRTYPE, 0o755), (tarfile.REGTYPE, 0o644)}
    # Extended headers only where ustar cannot say it.
    assert {one.name for one in every if one.isfile() and one.pax_headers} == {f"R1/{long}", "R1/data/ج.txt"}


def test_a_zip_says_nothing_of_the_machine(tmp_path: Path) -> None:
    bag = make_plain_bag(tmp_path / "R1")
    pack(bag, PackOrder(tmp_path / "out", "zip"), NOW)
    with zipfile.ZipFile(tmp_path / "out" / "R1.zip") as package:
        every = package.infolist()
    assert {one.date_time for one in every} == {(2026, 11, 22, 0, 0, 0)}
    assert {(one.create_system, one.compress_type, one.extra, one.comment) for one in every} == {(3, 0, b"", b"")}
    assert {one.external_attr >> 16 for one in every} == {0o040755, 0o100644}


def test_what_was_packed_stands_in_the_custody_log_that_continues_from_the_bags_own(bag: Path, tmp_path: Path) -> None:
    pack(bag, PackOrder(tmp_path / "a", by="collector-7"), NOW)
    pack(bag, PackOrder(tmp_path / "b", "zip"), LATER)
    log = events(bag.with_name("R1.seal"))
    assert [(one["seq"], one["time"], one["type"], one["agent"]) for one in log] == [
        (1, "2026-11-23T10:00:00Z", "packing", "collector-7"),
        (2, "2027-01-01T00:00:00Z", "packing", AGENT),
    ]
    last = (bag / "data/provenance/events.jsonl").read_bytes().splitlines(keepends=True)[-1]
    lines = (bag.with_name("R1.seal") / "custody.jsonl").read_bytes().splitlines(keepends=True)
    assert [one["prev"] for one in log] == [hashlib.sha256(line).hexdigest() for line in (last, lines[0])]
    assert log[0]["facts"]["sha256"] == hashlib.sha256((tmp_path / "a" / "R1.tar").read_bytes()).hexdigest()
    assert (tmp_path / "b" / "R1.seal" / "custody.jsonl").read_bytes() == b"".join(lines)


def test_the_seal_travels_as_a_small_bag_too(bag: Path, tmp_path: Path) -> None:
    pack(bag, PackOrder(tmp_path / "out"), NOW)
    with tarfile.open(tmp_path / "out" / "R1.seal.tar") as package:
        package.extractall(tmp_path / "aside", filter="data")
    small = tmp_path / "aside" / "R1.seal"
    assert bagit.Bag(os.fspath(small)).validate()
    assert verify(small).findings == ()
    assert contents(small / "data") == contents(bag.with_name("R1.seal")) == contents(tmp_path / "out" / "R1.seal")
    # What was unpacked serves as the seal of the package.
    found = verify(tmp_path / "out" / "R1.tar", seal=small / "data")
    assert (found.findings, str(found.answers["who"].state)) == ((), "not-checked")


def test_packing_beside_the_bag_leaves_its_seal_where_it_is(bag: Path) -> None:
    before = contents(bag)
    packed = pack(bag, PackOrder(), NOW)
    assert packed.places[0] == bag.with_name("R1.tar")
    assert verify(bag.with_name("R1.tar")).findings == ()
    assert contents(bag) == before


def test_a_package_can_be_packed_again_in_another_form(bag: Path, tmp_path: Path) -> None:
    pack(bag, PackOrder(tmp_path / "a"), NOW)
    pack(tmp_path / "a" / "R1.tar", PackOrder(tmp_path / "b", "zip"), NOW)
    pack(bag, PackOrder(tmp_path / "c", "zip"), NOW)
    assert (tmp_path / "b" / "R1.zip").read_bytes() == (tmp_path / "c" / "R1.zip").read_bytes()


def refused(bag: Path, out: Path, match: str, order: PackOrder | None = None, error: type[Exception] = PackRefused) -> None:
    """It is refused, and neither the folder nor the custody log knows of it."""
    seal = bag.with_name(f"{bag.name}.seal")
    before = contents(seal) if seal.exists() else None
    there = sorted(out.iterdir()) if out.exists() else []
    with pytest.raises(error, match=match):
        pack(bag, order or PackOrder(out), NOW)
    assert (sorted(out.iterdir()) if out.exists() else []) == there
    assert (contents(seal) if seal.exists() else None) == before


def test_a_bag_whose_payload_was_altered_does_not_leave(bag: Path, tmp_path: Path) -> None:
    (bag / "data/report/original.pdf").write_bytes(b"%PDF-1.7 a retort\n")
    refused(bag, tmp_path / "out", "payload-altered data/report/original.pdf")


def test_a_bag_whose_lists_contradict_it_does_not_leave(bag: Path, tmp_path: Path) -> None:
    (bag / "data/extra").write_bytes(b"x")
    match = r"nothing was packed: 2 errors:\n  oxum-differs bag-info\.txt: [^\n]*\n  payload-unlisted data/extra: "
    refused(bag, tmp_path / "out", match)


def test_a_bag_that_bagit_py_refuses_does_not_leave(tmp_path: Path) -> None:
    # Right by RFC 8493, and a name that bagit.py does not read back: #157.
    bag = make_plain_bag(tmp_path / "here" / "R1", {"data/100%.txt": b"1"})
    assert verify(bag).findings == ()
    refused(bag, tmp_path / "out", "bagit.py, the partners' check, refuses it")


def test_a_bag_that_its_seal_does_not_fit_does_not_leave(bag: Path, tmp_path: Path) -> None:
    info = bag / "bag-info.txt"
    info.write_bytes(info.read_bytes() + b"Added: later\n")
    retag(bag)
    refused(bag, tmp_path / "out", "seal-mismatch")


def test_a_custody_log_that_was_edited_is_not_written_on(bag: Path, tmp_path: Path) -> None:
    pack(bag, PackOrder(tmp_path / "a", by="collector-7"), NOW)
    log = bag.with_name("R1.seal") / "custody.jsonl"
    log.write_bytes(log.read_bytes().replace(b"collector-7", b"collector-8").replace(b'"seq":1', b'"seq":2'))
    refused(bag, tmp_path / "b", "custody.jsonl line 1: does not follow on the bag's own events", error=CustodyBroken)


def test_nothing_is_overwritten(bag: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "R1.tar").write_bytes(b"mine")
    refused(bag, out, "R1.tar: there already", error=AlreadyThere)
    assert (out / "R1.tar").read_bytes() == b"mine"


def test_the_seal_of_another_bag_is_not_overwritten(bag: Path, tmp_path: Path) -> None:
    other = make_sealed_bag(tmp_path / "out" / "R1", {"data/other.txt": b"other"})
    before = contents(other.folder)
    refused(bag, tmp_path / "out", "R1.seal: there already, and not an earlier state", error=AlreadyThere)
    assert contents(other.folder) == before


def test_a_full_disk_is_reported_before_anything_is_written(
    bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "LEAST_FREE", 1 << 60)
    refused(bag, tmp_path / "out", "free; choose a folder on another disk", error=NotEnoughSpace)
    with pytest.raises(NotEnoughSpace):
        pack(bag, PackOrder(tmp_path / "new/out"), NOW)
    assert not (tmp_path / "new").exists()


def test_a_compressed_package_is_not_packed_again(bag: Path, tmp_path: Path) -> None:
    pack(bag, PackOrder(tmp_path / "a", "tar.gz"), NOW)
    with pytest.raises(UsageProblem, match="`archive receive` it first"):
        pack(tmp_path / "a" / "R1.tar.gz", PackOrder(tmp_path / "b"), NOW)


def test_a_file_that_changes_while_it_is_packed_stops_it(
    bag: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = gate.require_sound

    def then_changed(*arguments: Any, **named: Any) -> Any:
        found = sound(*arguments, **named)
        (bag / "data/report/text.txt").write_bytes(b"another")
        return found

    monkeypatch.setattr(gate, "require_sound", then_changed)
    refused(bag, tmp_path / "out", "bagit.py")


def test_a_file_that_gives_fewer_or_more_bytes_than_it_had_stops_it() -> None:
    for given in (b"12345", b"1234567"):
        with pytest.raises(PackRefused, match=r"data/x: 6 bytes at first, [57] when packed; nothing was packed"):
            list(exactly(Member("data/x", 6, lambda given=given: iter([given]))))


def test_many_files_are_packed(tmp_path: Path) -> None:
    files = {f"data/{number % 7}/{number:05d}.txt": b"%d" % number for number in range(300)}
    bag = make_plain_bag(tmp_path / "here" / "R1", files)
    pack(bag, PackOrder(tmp_path / "out"), NOW)
    assert verify(tmp_path / "out" / "R1.tar").findings == ()


def test_an_empty_payload_is_packed_with_its_folder(tmp_path: Path) -> None:
    bag = make_plain_bag(tmp_path / "here" / "R1", {})
    for form in ("tar", "zip"):
        pack(bag, PackOrder(tmp_path / "out", form), NOW)
        assert verify(tmp_path / "out" / f"R1.{form}").findings == ()


def test_an_empty_folder_is_refused_in_a_bag_of_ours_and_left_out_of_another(bag: Path, tmp_path: Path) -> None:
    plain = make_plain_bag(tmp_path / "plain" / "R2")
    for folder in (bag, plain):
        (folder / "data/empty").mkdir()
    assert [found.code for found in verify(bag).findings if found.severity == "error"] == ["not-canonical"]
    refused(bag, tmp_path / "out", "not-canonical data/empty")
    packed = pack(plain, PackOrder(tmp_path / "out"), NOW)
    assert packed.left_out == ("data/empty: an empty folder, which no manifest can list",)
    assert (verify(plain).findings, verify(tmp_path / "out" / "R2.tar").findings) == ((), ())


def test_lines_listed_twice_do_not_leave(tmp_path: Path) -> None:
    bag = make_plain_bag(tmp_path / "here" / "R1")
    add_lines(bag, "data/a.txt", "{digest}  data/a.txt\n")
    refused(bag, tmp_path / "out", "manifest-duplicate")
