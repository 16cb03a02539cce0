"""Packages as other programs write them: received with a warning, or refused with what to do."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.bag.open import open_bag
from archive.bag.tagfiles import OUR_PROFILE
from archive.handover.receive import ReceiveOrder, receive
from archive.handover.seal_bag import read_seal_files
from archive.verify.run import verify
from archive_manifests.findings import Finding, Severity
from tests.archive.handover.packages import bag_files, changed, member, members, tar, zip_members, zipped

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
Build = Callable[[Path], Path]


def findings(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return sorted({(finding.severity.value, finding.code) for finding in found})


def _cut_tar(retained: Callable[[bytes], int]) -> Build:
    """A tar whose writer did not close it: `kept` says how many of its bytes there are."""

    def build(folder: Path) -> Path:
        place = tar(folder / "R1.tar", members(bag_files()))
        return changed(place, lambda data: data.__delitem__(slice(retained(bytes(data)), None)))

    return build


def _end_of_members(data: bytes) -> int:
    content = len(data.rstrip(b"\0"))
    return content + -content % 512


def _zip_with(*more: tuple[str, bytes]) -> Build:
    return lambda folder: zipped(folder / "R1.zip", [*zip_members(bag_files()), *more])


def _backslashes(folder: Path) -> Path:
    names = [(str(name).replace("/", "\\"), content) for name, content in zip_members(bag_files())]
    infos = []
    for name, content in names:
        info = zipfile.ZipInfo("x")
        info.filename = name  # the constructor would turn them into slashes on Windows
        infos.append((info, content))
    return zipped(folder / "R1.zip", infos)


FINDER = (("__MACOSX/._R1", b"fork"), ("__MACOSX/R1/._bagit.txt", b"fork"), ("__MACOSX/R1/data/._a.txt", b"fork"))

HARMLESS: dict[str, tuple[Build, list[str]]] = {
    "a tar without its empty blocks": (_cut_tar(_end_of_members), ["package-unterminated"]),
    "a tar with one empty block": (_cut_tar(lambda data: _end_of_members(data) + 512), ["package-unterminated"]),
    "a tar without the last padding": (_cut_tar(lambda data: len(data.rstrip(b"\0"))), ["package-unterminated"]),
    "Finder's zip": (_zip_with(*FINDER), ["package-extras"]),
    "a tar of macOS": (
        lambda folder: tar(folder / "R1.tar", [member("._R1", b"fork"), *members(bag_files())]),
        ["package-extras"],
    ),
    "a zip with backslashes": (_backslashes, ["package-backslash"]),
    "a zip without a folder": (
        lambda folder: zipped(folder / "R1.zip", list(bag_files().items())),
        ["package-no-folder"],
    ),
    "a tar without a folder": (lambda folder: tar(folder / "R1.tar", members(bag_files(), "")), ["package-no-folder"]),
    "a tar whose folder has another name": (
        lambda folder: tar(folder / "of-2026.tar", members(bag_files())),
        ["package-name"],
    ),
    "a tar of a bag one folder deeper": (
        lambda folder: tar(folder / "R1.tar", members(bag_files(), "outbox/2026/R1")),
        ["package-top"],
    ),
    "a zip of a bag one folder deeper": (
        lambda folder: zipped(folder / "R1.zip", zip_members(bag_files(), "R1/R1")),
        ["package-top"],
    ),
}


@pytest.mark.parametrize("case", HARMLESS)
def test_a_harmless_package_is_verified_and_received_with_a_warning(case: str, tmp_path: Path) -> None:
    build, expected = HARMLESS[case]
    package = build(tmp_path)
    warned = [("warning", code) for code in expected]

    verified = verify(package, jobs=1)
    assert findings(verified.findings) == warned
    assert verified.is_valid

    received = receive(package, ReceiveOrder(tmp_path / "store"), NOW)
    assert received.bag == tmp_path / "store" / "R1"
    assert findings(received.findings) == warned
    there = {place.relative_to(received.bag).as_posix() for place in received.bag.rglob("*") if place.is_file()}
    assert there == set(bag_files())


REFUSED: dict[str, tuple[Build, str]] = {
    "two bags": (
        lambda folder: tar(folder / "R1.tar", [*members(bag_files()), *members(bag_files(), "R2")]),
        "2 bags; package each alone",
    ),
    "a note beside the bag": (
        lambda folder: tar(folder / "R1.tar", [*members(bag_files()), member("note.txt", b"x")]),
        "package the folder R1 alone without note.txt",
    ),
    "a bag one folder deeper": (
        lambda folder: tar(folder / "R1.tar", [*members(bag_files(), "a/R1"), member("b/x", b"x")]),
        "the bag lies deeper, in a/R1; package that folder alone",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_package_of_more_than_a_bag_is_refused_with_what_to_do(case: str, tmp_path: Path) -> None:
    build, advice = REFUSED[case]
    received = receive(build(tmp_path), ReceiveOrder(tmp_path / "store"), NOW)
    assert received.bag is None
    assert [found.note for found in received.findings if found.code == "package-top"] == [advice]


def _without_tag_manifests() -> dict[str, bytes]:
    return {name: content for name, content in bag_files().items() if not name.startswith("tagmanifest")}


def test_a_tar_without_its_end_and_without_a_tag_manifest_is_taken_with_a_warning(tmp_path: Path) -> None:
    place = tar(tmp_path / "R1.tar", members(_without_tag_manifests()))
    changed(place, lambda data: data.__delitem__(slice(_end_of_members(bytes(data)), None)))
    warned = [("warning", "package-unterminated"), ("warning", "tagmanifest-absent")]

    verified = verify(place, jobs=1)
    assert findings(verified.findings) == warned
    assert (verified.is_valid, verified.outcome) == (True, "intact-with-warnings")
    (unterminated,) = (found for found in verified.findings if found.code == "package-unterminated")
    assert (unterminated.note or "").endswith("no tag manifest shows that no tag file is missing")

    received = receive(place, ReceiveOrder(tmp_path / "store"), NOW)
    assert (received.bag, findings(received.findings)) == (tmp_path / "store" / "R1", warned)


def test_a_tar_of_ours_that_ends_before_its_tag_manifests_is_an_error(tmp_path: Path) -> None:
    files = bag_files(info=[f"BagIt-Profile-Identifier: {OUR_PROFILE}"])
    files = {name: content for name, content in files.items() if not name.startswith("tagmanifest")}
    place = tar(tmp_path / "R1.tar", members(files))
    changed(place, lambda data: data.__delitem__(slice(_end_of_members(bytes(data)), None)))
    assert findings(verify(place, jobs=1).findings) == [
        ("error", "not-canonical"),
        ("warning", "package-unterminated"),
        ("warning", "tagmanifest-absent"),
    ]


def test_a_tar_that_ends_before_a_file_of_a_manifest_is_an_error(tmp_path: Path) -> None:
    files = _without_tag_manifests()
    last = max(name for name in files if name.startswith("data/"))
    ordered = {name: files[name] for name in sorted(files, key=lambda name: (name == last, name))}
    place = tar(tmp_path / "R1.tar", members(ordered))
    cut = place.read_bytes().rindex(f"R1/{last}".encode())
    changed(place, lambda data: data.__delitem__(slice(cut, None)))
    codes = {code for severity, code in findings(verify(place, jobs=1).findings) if severity == "error"}
    assert "payload-missing" in codes
    assert receive(place, ReceiveOrder(tmp_path / "store"), NOW).bag is None


@pytest.mark.parametrize("name", ["data/\\u007f.txt", "data/\x7f.txt", "data/a\\b.txt"])
def test_a_name_is_judged_alike_in_a_folder_and_in_a_tar(tmp_path: Path, name: str) -> None:
    files = bag_files({name: b"x"})
    for path, content in files.items():
        (tmp_path / "R1" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "R1" / path).write_bytes(content)
    in_folder = verify(tmp_path / "R1", jobs=1)
    in_tar = verify(tar(tmp_path / "R1.tar", members(files)), jobs=1)
    assert findings(in_folder.findings) == findings(in_tar.findings)
    assert in_tar.is_valid


def test_a_bag_without_a_tag_manifest_is_received_and_its_receipt_binds_the_tag_files(tmp_path: Path) -> None:
    files = {name: content for name, content in bag_files().items() if not name.startswith("tagmanifest")}
    received = receive(tar(tmp_path / "R1.tar", members(files)), ReceiveOrder(tmp_path / "store"), NOW)
    assert received.receipt is not None
    assert [one.file for one in received.receipt.tag_manifests] == [
        "bag-info.txt",
        "bagit.txt",
        "manifest-sha256.txt",
        "manifest-sha512.txt",
    ]


def test_extras_of_macos_are_not_listed_as_files_of_the_bag(tmp_path: Path) -> None:
    with open_bag(_zip_with(*FINDER)(tmp_path)) as bag:
        assert sorted(entry.path for entry in (*bag.tag_entries(), *bag.payload_entries())) == sorted(bag_files())


def test_a_backslash_that_leads_out_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("R1\\..\\..\\evil")
    package = tar(tmp_path / "R1.tar", [*members(bag_files()), (info, b"")])
    received = receive(package, ReceiveOrder(tmp_path / "store"), NOW)
    assert (received.bag, findings(received.findings)) == (None, [("error", "package-path")])


SYSTEM_FILES = {
    "data/._a.txt": "macOS writes this file by itself",
    "data/sub/.DS_Store": "the Finder of macOS writes this file by itself",
    "data/Thumbs.db": "Windows writes this file by itself",
    "data/__MACOSX/x": "macOS writes this file by itself",
}


@pytest.mark.parametrize("name", SYSTEM_FILES)
def test_a_file_that_a_system_adds_is_named_as_such_in_folders_and_packages(name: str, tmp_path: Path) -> None:
    files = {**bag_files(), name: b"x"}
    place = tmp_path / "R1"
    for path, content in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(content)
    every = [*verify(place).findings, *verify(tar(tmp_path / "R1.tar", members(files))).findings]
    every += receive(tmp_path / "R1.tar", ReceiveOrder(tmp_path / "store"), NOW).findings
    notes = [found.note or "" for found in every if found.code == "payload-system-file"]
    assert len(notes) == 3
    assert not [found for found in every if found.severity is Severity.ERROR and found.code != "payload-system-file"]
    assert all(note.startswith(SYSTEM_FILES[name]) for note in notes)


def test_absolute_names_are_one_finding_with_what_to_do(tmp_path: Path) -> None:
    place = tar(tmp_path / "R1.tar", members(bag_files(), "/home/x/R1"))
    received = receive(place, ReceiveOrder(tmp_path / "store"), NOW)
    absolute = [found for found in received.findings if found.code == "package-path"]
    assert [found.found for found in absolute] == [f"{len(bag_files())} members"]
    assert absolute[0].note is not None
    assert "tar -C PARENT -cf NAME.tar FOLDER" in absolute[0].note


def test_a_folder_round_the_bag_names_the_bag(tmp_path: Path) -> None:
    for path, content in bag_files().items():
        (tmp_path / "outer" / "R1" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "outer" / "R1" / path).write_bytes(content)
    notes = [found.note for found in verify(tmp_path / "outer").findings if found.code == "declaration-missing"]
    assert notes == ["the bag lies deeper, in R1; name that folder"]


@pytest.mark.parametrize("name", ["My bag 2026", "R1 (1)", "Smith & Sons, 2026", "تقرير ٢٠٢٦", "O'Neill [copy]"])
def test_a_folder_name_with_blanks_and_common_marks_is_received_with_its_receipt(name: str, tmp_path: Path) -> None:
    place = tar(tmp_path / f"{name}.tar", members(bag_files(), name))
    received = receive(place, ReceiveOrder(tmp_path / "store"), NOW)
    assert received.bag == tmp_path / "store" / name
    assert [found.code for found in received.findings] == []
    assert len(read_seal_files(tmp_path / "store" / f"{name}.seal")) == 3  # custody log, receipt as JSON and as text


def test_a_name_that_cannot_be_used_gets_a_better_one_and_hides_no_other_fault(tmp_path: Path) -> None:
    files = bag_files()
    del files["data/a.txt"]
    place = tar(tmp_path / "R1.tar", members(files, "$(reboot);R1"))
    received = receive(place, ReceiveOrder(tmp_path / "store"), NOW)
    assert received.bag is None
    assert {found.code for found in received.findings} == {"package-folder-name", "oxum-differs", "payload-missing"}
    notes = [found.note or "" for found in received.findings if found.code == "package-folder-name"]
    assert "rename it, to reboot_R1 for example, and package it again" in notes[0]


@pytest.mark.parametrize("is_ours", [True, False])
def test_an_empty_folder_is_an_error_in_a_bag_of_ours_and_nothing_in_another(tmp_path: Path, is_ours: bool) -> None:
    files = bag_files(info=[f"BagIt-Profile-Identifier: {OUR_PROFILE}"] if is_ours else [])
    place = tar(tmp_path / "R1.tar", [*members(files), member("R1/data/empty", type=tarfile.DIRTYPE)])
    received = receive(place, ReceiveOrder(tmp_path / "store"), NOW)
    for found in (verify(place, jobs=1).findings, received.findings):
        about = [(one.code, str(one.path)) for one in found if "empty folder" in (one.found or "")]
        assert about == ([("not-canonical", "data/empty")] if is_ours else [])
    assert (received.bag is None) is is_ours
