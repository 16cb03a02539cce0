"""The partners' tool checks a package before it leaves."""

from __future__ import annotations

from pathlib import Path

import bagit
import pytest

from archive.bag.contents import PackRefused
from archive.handover import gate
from archive.handover.gate import require_second_opinion, require_warcio
from tests.archive.warc.warc_bytes import sound, zipped


@pytest.fixture(params=["whole", "pieces"])
def folder(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param == "pieces":
        monkeypatch.setattr(gate, "PIECE", 60)
    bag = tmp_path / "a bag ز"
    bag.mkdir()
    (tmp_path / "aside").mkdir()
    for number, name in enumerate(("one.txt", "two é.txt", "three 100%25.txt", "تقرير.txt", "five\r.txt")):
        (bag / name).write_bytes(b"%d\n" % number)
    bagit.make_bag(str(bag), checksums=["sha256"])
    return bag


def require(folder: Path) -> None:
    require_second_opinion(folder, folder.parent / "aside")


def test_a_bag_that_the_partners_tool_accepts_passes(folder: Path) -> None:
    require(folder)


def test_what_the_partners_tool_says_is_reported(folder: Path) -> None:
    (folder / "data" / "one.txt").write_bytes(b"9\n")
    with pytest.raises(PackRefused) as caught:
        require(folder)
    assert "bagit.py, the partners' check, refuses it" in str(caught.value)
    assert "data/one.txt sha256 validation failed" in str(caught.value)
    assert " - ERROR - " not in str(caught.value)
    assert str(folder.parent) not in str(caught.value)


def test_what_is_of_the_whole_bag_is_checked_in_pieces_too(folder: Path) -> None:
    (folder / "data" / "six.txt").touch()
    with pytest.raises(
        PackRefused, match=r"Payload-Oxum validation failed\. Expected 5 files and 10 bytes but found 6"
    ):
        require(folder)


def test_tag_files_are_checked_in_pieces_too(folder: Path) -> None:
    (folder / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n\n")
    with pytest.raises(PackRefused, match=r"bagit\.txt sha256 validation failed"):
        require(folder)


def test_a_file_that_a_manifest_states_under_another_name_is_missing(folder: Path) -> None:
    (folder / "data" / "one.txt").rename(folder / "data" / "other.txt")
    with pytest.raises(PackRefused, match=r"data/o.*exists (in manifest but|on filesystem but)"):
        require(folder)


def test_a_name_in_another_normal_form_is_the_same_to_both(folder: Path) -> None:
    composed, decomposed = "two \u00e9.txt", "two e\u0301.txt"
    (folder / "data" / composed).rename(folder / "data" / decomposed)
    require(folder)


def test_a_manifest_whose_name_the_partners_tool_does_not_know_is_named(folder: Path) -> None:
    (folder / "manifest-sha256.txt").rename(folder / "manifest-sha3-256.txt")
    (folder / "tagmanifest-sha256.txt").unlink()
    with pytest.raises(PackRefused, match=r"refuses it: No manifest files found; it knows algorithms by hashlib's"):
        require(folder)


def test_a_bag_that_breaks_the_partners_tool_is_refused_without_a_traceback(folder: Path) -> None:
    info = folder / "bag-info.txt"
    info.write_text("Payload-Oxum: 6\n", "utf-8")  # it raises ValueError, not one of its own
    (folder / "tagmanifest-sha256.txt").unlink()
    with pytest.raises(PackRefused) as caught:
        require(folder)
    assert "\n" not in str(caught.value)
    assert "ValueError" in str(caught.value)


def test_a_module_of_that_name_where_one_stands_is_not_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parent / "bagit.py").write_text("raise SystemExit(7)\n", "utf-8")
    monkeypatch.chdir(folder.parent)
    require(folder)


def test_a_capture_that_warcio_cannot_read_stops_the_packing(tmp_path: Path) -> None:
    place = tmp_path / "R1" / "data" / "archive"
    place.mkdir(parents=True)
    (place / "s01.warc.gz").write_bytes(zipped(sound()))
    require_warcio(tmp_path / "R1")
    (place / "s02.warc.gz").write_bytes(zipped([b"<!doctype html>\r\n\r\n"]))
    with pytest.raises(PackRefused, match=r"s02\.warc\.gz: warcio cannot read it: "):
        require_warcio(tmp_path / "R1")
