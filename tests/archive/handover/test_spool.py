"""A compressed tar is decompressed once when it is received; a hostile one leaves nothing anywhere."""

from __future__ import annotations

import gzip
import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.bag import tar_gz
from archive.errors import NotEnoughSpace
from archive.handover import writing
from archive.handover.receive import Received, ReceiveOrder, receive
from tests.benchmarks.sample_files import make_bag

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def packed(folder: Path, *more: str, name: str = "B") -> Path:
    """A bag in a compressed tar, with an empty file for each name in `more`."""
    bag = make_bag(folder / "made" / name, 5, (1000, 3000))
    place = folder / f"{name}.tar.gz"
    with tarfile.open(place, "w:gz") as tar:
        tar.add(bag, name)
        for each in more:
            tar.addfile(tarfile.TarInfo(each), io.BytesIO())
    return place


def received(package: Path, folder: Path) -> Received:
    return receive(package, ReceiveOrder(into=folder / "in"), NOW)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", ["B", "spool", "work"])
def test_it_is_decompressed_once_and_received_whole(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    package, given = packed(tmp_path, name=name), list[int]()
    inflated = tar_gz._Inflating._inflated

    def counted(self: tar_gz._Inflating, count: int) -> bytes:
        data = inflated(self, count)
        given.append(len(data))
        return data

    monkeypatch.setattr(tar_gz._Inflating, "_inflated", counted)
    assert received(package, tmp_path).findings == ()
    assert sum(given) == len(gzip.decompress(package.read_bytes()))
    bag, made = tmp_path / "in" / name, tmp_path / "made" / name
    assert {path: (bag / path).read_bytes() for path in names(bag)} == {
        path: (made / path).read_bytes() for path in names(made)
    }
    assert sorted(place.name for place in (tmp_path / "in").iterdir()) == [name, f"{name}.seal"]


@pytest.mark.parametrize("member", ["B/data/../../../out.txt", "/data/out.txt", "B/data/d000/FILE-000001.bin"])
def test_a_hostile_package_leaves_nothing(tmp_path: Path, member: str) -> None:
    package = packed(tmp_path, member)
    found = received(package, tmp_path)
    assert found.bag is None
    assert found.findings
    assert not (tmp_path / "in").exists()
    assert not (tmp_path / "out.txt").exists()


def test_a_disk_without_room_is_reported_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = packed(tmp_path)
    monkeypatch.setattr(writing, "LEAST_FREE", 1 << 60)
    with pytest.raises(NotEnoughSpace):
        received(package, tmp_path)
    assert not (tmp_path / "in").exists()
