"""WARCs that are read while they are written: what comes of it is what reading them at the end gives, or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.bag.interface import Entry
from archive.digests import hashers
from archive.verify.files.growing_warcs import GrowingWarcs
from archive.verify.run import verify
from archive.warc.scan import WarcScan
from archive_manifests.fixity import BAG_ALGORITHMS
from archive_manifests.paths import BagPath
from tests.archive.verify.evidence_bag import warcs
from tests.archive.verify.sample_bags import make_bag, observed

NAME, WHOLE = sorted(warcs().items())[0]
HALF = len(WHOLE) // 2


def place_of(base: Path) -> Path:
    place = base / NAME
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def entry(base: Path) -> Entry:
    return Entry(NAME, (base / NAME).lstat().st_size, 0)


def half_read(base: Path) -> GrowingWarcs:
    """A file as far as its first half, which was read."""
    place_of(base).write_bytes(WHOLE[:HALF])
    growing = GrowingWarcs(base)
    assert growing.read_on()
    return growing


@pytest.mark.parametrize("step", [1, 37, len(WHOLE)])
def test_a_file_that_grew_by_any_steps_gives_what_reading_it_at_once_gives(tmp_path: Path, step: int) -> None:
    place, growing = place_of(tmp_path), GrowingWarcs(tmp_path)
    for start in range(0, len(WHOLE), step):
        with place.open("ab") as handle:
            handle.write(WHOLE[start : start + step])
        assert growing.read_on()
    assert not growing.read_on()
    read = growing.take(entry(tmp_path), BAG_ALGORITHMS)
    scan = WarcScan(BagPath(NAME))
    scan.feed(WHOLE)
    assert read is not None
    assert read.digests == [b"".join(make(WHOLE).digest() for make in hashers(BAG_ALGORITHMS))]
    assert (read.sizes, read.reports) == ([len(WHOLE)], {0: scan.close()})


def test_the_rest_is_read_when_the_file_is_taken(tmp_path: Path) -> None:
    growing = half_read(tmp_path)
    place_of(tmp_path).write_bytes(WHOLE)
    read = growing.take(entry(tmp_path), BAG_ALGORITHMS)
    assert read is not None
    assert (read.sizes, read.reports[0].faults) == ([len(WHOLE)], ())


def shorten(place: Path) -> None:
    place.write_bytes(WHOLE[:1])


def replace(place: Path) -> None:
    other = place.with_name("other")
    other.write_bytes(WHOLE)
    other.replace(place)


def alter(place: Path) -> None:
    data = bytearray(place.read_bytes())
    data[12] ^= 1
    place.write_bytes(data)
    os.utime(place, ns=(0, 10**18))


def link(place: Path) -> None:
    place.with_name("second").hardlink_to(place)
    with place.open("ab") as handle:
        handle.write(WHOLE[HALF:])


def point(place: Path) -> None:
    place.unlink()
    aside = place.with_name("aside")
    aside.write_bytes(WHOLE)
    place.symlink_to(aside)


@pytest.mark.parametrize("change", [shorten, replace, alter, link, point, Path.unlink])
def test_a_file_that_is_not_what_it_was_gives_nothing(tmp_path: Path, change: Callable[[Path], None]) -> None:
    growing = half_read(tmp_path)
    wanted = entry(tmp_path)
    change(place_of(tmp_path))
    there = os.path.lexists(tmp_path / NAME)
    assert growing.take(entry(tmp_path) if there else wanted, BAG_ALGORITHMS) is None


def test_a_symbolic_link_is_never_read(tmp_path: Path) -> None:
    place_of(tmp_path).write_bytes(WHOLE)
    point(place_of(tmp_path))
    growing = GrowingWarcs(tmp_path)
    growing.read_on()
    assert growing.take(Entry(NAME, len(WHOLE), 0), BAG_ALGORITHMS) is None


def test_other_algorithms_or_files_give_nothing(tmp_path: Path) -> None:
    growing = half_read(tmp_path)
    assert growing.take(entry(tmp_path), ("sha512",)) is None
    assert growing.take(Entry("data/archive/none.warc.gz", 1, 0), BAG_ALGORITHMS) is None
    assert not GrowingWarcs(tmp_path / "nowhere").read_on()


@pytest.mark.parametrize("first", [WHOLE[:HALF], bytes(HALF)], ids=["appended", "taken back and written anew"])
def test_a_bag_is_verified_alike_whatever_was_read_before(tmp_path: Path, first: bytes) -> None:
    bag = make_bag(tmp_path / "bag", {NAME: WHOLE})
    place_of(bag).write_bytes(first)
    growing = GrowingWarcs(bag)
    growing.read_on()
    with place_of(bag).open("r+b") as handle:
        handle.write(WHOLE)
    found, alone = verify(bag, growing=growing), verify(bag)
    assert (observed(found), found.answers, found.octets) == (observed(alone), alone.answers, alone.octets)
    assert found.is_valid


def test_a_file_that_was_altered_after_it_was_read_is_reported(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag", {NAME: WHOLE})
    growing = GrowingWarcs(bag)
    growing.read_on()
    alter(place_of(bag))
    assert observed(verify(bag, growing=growing)) == observed(verify(bag))
    assert not verify(bag, growing=growing).is_valid
