"""The partners' tool checks a package before it leaves."""

from __future__ import annotations

from pathlib import Path

import bagit
import pytest

from archive.bag.contents import PackRefused
from archive.handover.gate import require_second_opinion, require_warcio
from tests.archive.warc.warc_bytes import sound, zipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    bag = tmp_path / "a bag ز"
    bag.mkdir()
    (bag / "one.txt").write_bytes(b"one\n")
    bagit.make_bag(str(bag), checksums=["sha256"])
    return bag


def test_a_bag_that_the_partners_tool_accepts_passes(folder: Path) -> None:
    require_second_opinion(folder)


def test_what_the_partners_tool_says_is_reported(folder: Path) -> None:
    (folder / "data" / "one.txt").write_bytes(b"two\n")
    with pytest.raises(PackRefused) as caught:
        require_second_opinion(folder)
    assert "bagit.py, the partners' check, refuses it" in str(caught.value)
    assert "data/one.txt sha256 validation failed" in str(caught.value)
    assert " - ERROR - " not in str(caught.value)
    assert str(folder.parent) not in str(caught.value)


def test_a_manifest_whose_name_the_partners_tool_does_not_know_is_named(folder: Path) -> None:
    (folder / "manifest-sha256.txt").rename(folder / "manifest-sha3-256.txt")
    (folder / "tagmanifest-sha256.txt").unlink()
    with pytest.raises(PackRefused, match=r"refuses it: No manifest files found; it knows algorithms by hashlib's"):
        require_second_opinion(folder)


def test_a_bag_that_breaks_the_partners_tool_is_refused_without_a_traceback(folder: Path) -> None:
    info = folder / "bag-info.txt"
    info.write_text("Payload-Oxum: 6\n", "utf-8")  # it raises ValueError, not one of its own
    (folder / "tagmanifest-sha256.txt").unlink()
    with pytest.raises(PackRefused) as caught:
        require_second_opinion(folder)
    assert "\n" not in str(caught.value)
    assert "ValueError" in str(caught.value)


def test_a_module_of_that_name_where_one_stands_is_not_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.parent / "bagit.py").write_text("raise SystemExit(7)\n", "utf-8")
    monkeypatch.chdir(folder.parent)
    require_second_opinion(folder)


def test_a_capture_that_warcio_cannot_read_stops_the_packing(tmp_path: Path) -> None:
    place = tmp_path / "R1" / "data" / "archive"
    place.mkdir(parents=True)
    (place / "s01.warc.gz").write_bytes(zipped(sound()))
    require_warcio(tmp_path / "R1")
    (place / "s02.warc.gz").write_bytes(zipped([b"<!doctype html>\r\n\r\n"]))
    with pytest.raises(PackRefused, match=r"s02\.warc\.gz: warcio cannot read it: "):
        require_warcio(tmp_path / "R1")
