"""Packages that are refused: nothing lands outside, nothing is left behind, and the reason is reported."""

from __future__ import annotations

import gzip
import os
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.bag.interface import Broken
from archive.errors import AlreadyThere, BagUnreadable, NotEnoughSpace
from archive.handover import writing
from archive.handover.receive import Received, ReceiveOrder, receive
from archive.handover.writing import write_entry
from tests.archive.handover.packages import (
    PAYLOAD,
    bag_files,
    changed,
    member,
    members,
    tar,
    zip_members,
    zipped,
)

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
Build = Callable[[Path], Path]


def listing(folder: Path) -> list[str]:
    return sorted(os.fspath(place.relative_to(folder)) for place in folder.rglob("*"))


def codes(received: Received) -> list[str]:
    return sorted({finding.code for finding in received.findings if finding.severity == "error"})


def _with(*extra: tarfile.TarInfo | tuple[tarfile.TarInfo, bytes]) -> Build:
    """A sound bag and members more."""
    more = [one if isinstance(one, tuple) else (one, b"") for one in extra]
    return lambda folder: tar(folder / "R1.tar", [*members(bag_files()), *more])


def _of(files: dict[str, bytes], top: str = "R1") -> Build:
    return lambda folder: tar(folder / "R1.tar", members(files, top))


def _twins(one: str, other: str) -> Build:
    return _of(bag_files({**PAYLOAD, one: b"1", other: b"2"}))


def _bomb_gz(folder: Path) -> Path:
    return tar(folder / "R1.tar.gz", members(bag_files({"data/zeros": bytes(40 << 20)})), mode="w:gz")


def _bomb_zip(folder: Path) -> Path:
    return zipped(folder / "R1.zip", zip_members(bag_files({"data/zeros": bytes(40 << 20)})), zipfile.ZIP_DEFLATED)


def _zip_link(folder: Path) -> Path:
    info = zipfile.ZipInfo("R1/data/link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return zipped(folder / "R1.zip", [*zip_members(bag_files()), (info, b"../../../etc/passwd")])


def _zip_encrypted(folder: Path) -> Path:
    place = zipped(folder / "R1.zip", zip_members(bag_files()))

    def set_flag(data: bytearray) -> None:
        at = data.rindex(b"PK\x01\x02")
        data[at + 8] |= 1

    return changed(place, set_flag)


def _zip_two_names(folder: Path) -> Path:
    place = zipped(folder / "R1.zip", zip_members(bag_files()))
    return changed(place, lambda data: data.__setitem__(slice(30, 32), b"XX"))


def _zip_of(name: str) -> Build:
    return lambda folder: zipped(folder / "R1.zip", [*zip_members(bag_files()), (name, b"out")])


def _pax_out(folder: Path) -> Path:
    info, content = member("R1/data/x.txt", b"out")
    info.pax_headers = {"path": "../outside.txt"}
    return tar(folder / "R1.tar", [*members(bag_files()), (info, content)])


def _sparse(folder: Path) -> Path:
    info, content = member("R1/data/sparse", b"x")
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "R1/data/huge"}
    return tar(folder / "R1.tar", [*members(bag_files()), (info, content)])


def _cut(folder: Path) -> Path:
    return changed(_of(bag_files())(folder), lambda data: data.__delitem__(slice(6000, None)))


def _trailing(folder: Path) -> Path:
    return changed(_of(bag_files())(folder), lambda data: data.extend(b"more" * 512))


def _cut_gz(folder: Path) -> Path:
    place = tar(folder / "R1.tar.gz", members(bag_files()), mode="w:gz")
    return changed(place, lambda data: data.__delitem__(slice(-20, None)))


def _two_in_one_gz(folder: Path) -> Path:
    place = tar(folder / "R1.tar.gz", members(bag_files()), mode="w:gz")
    return changed(place, lambda data: data.extend(gzip.compress(b"hidden" * 200)))


def _altered(folder: Path) -> Path:
    return _of({**bag_files(), "data/a.txt": b"two\n"})(folder)


def _tag_altered(folder: Path) -> Path:
    files = bag_files()
    return _of({**files, "bag-info.txt": files["bag-info.txt"].replace(b"2026-11-22", b"2026-11-23")})(folder)


def _unlisted(folder: Path) -> Path:
    return _of({**bag_files(), "data/extra": b"more"})(folder)


def _without(name: str) -> Build:
    return _of({path: content for path, content in bag_files().items() if path != name})


def _deep(folder: Path) -> Path:
    return _of(bag_files({"data/" + "d/" * 70 + "x": b"1"}))(folder)


HOSTILE: dict[str, tuple[Build, list[str]]] = {
    "a path upwards": (_with(member("../outside.txt", b"out")), ["package-path"]),
    "a path upwards within": (_with(member("R1/data/../../../outside.txt", b"out")), ["package-path"]),
    "an absolute path": (_with(member("/tmp/outside.txt", b"out")), ["package-path"]),
    "a backslash path": (_with(member("R1\\..\\outside.txt", b"out")), ["package-path"]),
    "a pax path upwards": (_pax_out, ["package-path"]),
    "a zip path upwards": (_zip_of("../outside.txt"), ["package-path"]),
    "a zip path absolute": (_zip_of("/outside.txt"), ["package-path"]),
    "a symbolic link": (_with(member("R1/data/l", type=tarfile.SYMTYPE, linkname="/etc")), ["package-link"]),
    "a hard link": (_with(member("R1/data/l", type=tarfile.LNKTYPE, linkname="R1/bagit.txt")), ["package-link"]),
    "a link and a file through it": (
        _with(member("R1/d", type=tarfile.SYMTYPE, linkname=".."), member("R1/d/outside.txt", b"out")),
        ["package-link"],
    ),
    "a link in a zip": (_zip_link, ["package-link"]),
    "a pipe": (_with(member("R1/data/p", type=tarfile.FIFOTYPE)), ["package-special"]),
    "a device": (_with(member("R1/data/d", type=tarfile.CHRTYPE, devmajor=1, devminor=3)), ["package-special"]),
    "a sparse file": (_sparse, ["package-special"]),
    "one name twice": (_with(member("R1/data/a.txt", b"two\n")), ["package-duplicate"]),
    "a file that is a folder": (_with(member("R1/data/a.txt/b", b"")), ["package-duplicate"]),
    "names that differ in case": (_twins("data/X.txt", "data/x.txt"), ["package-twins"]),
    "folders that differ in case": (_twins("data/X/1", "data/x/2"), ["package-twins"]),
    "names that look alike": (
        _twins("data/é", unicodedata.normalize("NFD", "data/é")),
        ["package-twins"],
    ),
    "two folders at the top": (_with(member("R2/bagit.txt", b"x")), ["package-top"]),
    "a file beside the folder": (_with(member("loose.txt", b"x")), ["package-top"]),
    "a folder that is hidden": (_of(bag_files(), top=".ssh"), ["package-folder-name"]),
    "a folder like a switch": (_of(bag_files(), top="-rf"), ["package-folder-name"]),
    "a folder with a line end": (_of(bag_files(), top="a\nb"), ["package-folder-name"]),
    "a folder like a seal": (_of(bag_files(), top="R1.seal"), ["package-folder-name"]),
    "folders without end": (_deep, ["package-too-deep"]),
    "a gzip bomb": (_bomb_gz, ["package-limit"]),
    "a zip bomb": (_bomb_zip, ["package-limit"]),
    "an encrypted zip member": (_zip_encrypted, ["package-header"]),
    "a zip with two names for one": (_zip_two_names, ["package-header"]),
    "a tar cut off": (_cut, ["package-broken"]),
    "a tar with more behind it": (_trailing, ["package-trailing"]),
    "a gzip cut off": (_cut_gz, ["package-broken"]),
    "a gzip with another behind it": (_two_in_one_gz, ["package-trailing"]),
    "no declaration": (_without("bagit.txt"), ["declaration-missing", "tag-file-missing"]),
    "a payload file that is missing": (_without("data/a.txt"), ["oxum-differs", "payload-missing"]),
    "payload that was altered": (_altered, ["payload-altered"]),
    "a tag file that was altered": (_tag_altered, ["tag-file-altered"]),
    "payload that nothing lists": (_unlisted, ["oxum-differs", "payload-unlisted"]),
    "a hole to be fetched": (
        _of(bag_files(fetch_txt=b"https://a.example/x 3 data/hole.txt\n")),
        ["fetch-unlisted"],
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_package_is_refused_and_leaves_nothing(case: str, tmp_path: Path) -> None:
    build, expected = HOSTILE[case]
    line, world, store = tmp_path / "line", tmp_path / "world", tmp_path / "world" / "store"
    line.mkdir()
    store.mkdir(parents=True)
    package = build(line)
    before, retained = package.read_bytes(), listing(line)

    received = receive(package, ReceiveOrder(store), NOW)

    assert (received.bag, received.receipt, received.receipt_files) == (None, None, ())
    assert codes(received) == expected
    assert listing(world) == ["store"]
    assert (package.read_bytes(), listing(line)) == (before, retained)
    assert not Path("/tmp/outside.txt").exists()


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 40


def test_the_sound_bag_that_they_are_made_of_is_received(tmp_path: Path) -> None:
    for build in (_of(bag_files()), lambda folder: zipped(folder / "R1.zip", zip_members(bag_files()))):
        folder = tmp_path / build(tmp_path).name
        received = receive(folder, ReceiveOrder(tmp_path / f"{folder.name}-store"), NOW)
        assert received.findings == ()
        assert received.bag == tmp_path / f"{folder.name}-store" / "R1"
        found = {os.fspath(p.relative_to(received.bag)): p.read_bytes() for p in received.bag.rglob("*") if p.is_file()}
        assert found == bag_files()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\x1f\x8b\x08", bytes(1024)])
def test_what_is_no_package_is_refused_or_not_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "R1.tar").write_bytes(content)
    store = tmp_path / "store"
    try:
        received = receive(tmp_path / "R1.tar", ReceiveOrder(store), NOW)
    except BagUnreadable:
        pass
    else:
        assert received.bag is None
        assert codes(received) != []
    assert listing(store) == []


def test_a_member_that_gives_more_than_it_announced_is_not_written_on(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="more than the 10 bytes that were announced"):
        write_entry(tmp_path, "data/x", 10, iter([b"12345", b"67890", b"more", b"and more"]))
    assert (tmp_path / "data" / "x").stat().st_size <= 10


def test_a_full_disk_is_reported_before_anything_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = _of(bag_files())(tmp_path)
    monkeypatch.setattr(writing, "LEAST_FREE", 1 << 60)
    with pytest.raises(NotEnoughSpace, match="free; choose a folder on another disk"):
        receive(package, ReceiveOrder(tmp_path / "store"), NOW)
    assert listing(tmp_path / "store") == []


@pytest.mark.parametrize("name", ["R1", "R1.seal"])
def test_what_lies_there_is_never_overwritten(tmp_path: Path, name: str) -> None:
    package = _of(bag_files())(tmp_path)
    (tmp_path / "store" / name).mkdir(parents=True)
    (tmp_path / "store" / name / "mine").write_text("mine")
    with pytest.raises(AlreadyThere, match=f"{name}: there already"):
        receive(package, ReceiveOrder(tmp_path / "store"), NOW)
    assert listing(tmp_path / "store") == [name, f"{name}/mine"]
