from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.bag.open import open_bag
from archive.verify import run
from archive.verify.files import early_reading
from archive.verify.files.early_reading import EarlyReading
from archive.verify.files.names import looked_at
from archive.verify.files.reading import Batch, BatchRead
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from tests.archive.verify.sample_bags import make_bag, put

FILES = {
    **{f"data/d{folder}/{number:03}.bin": bytes([folder, number]) * 50 for folder in range(3) for number in range(90)},
    "data/d1/large.bin": bytes(300_000),
    "data/sources.json": b"{}\n",
    "data/empty": b"",
}


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path / "bag", FILES)


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> list[list[tuple[Batch, BatchRead]]]:
    """What was read early of each bag; every bag is taken for one of many files."""
    began: list[list[tuple[Batch, BatchRead]]] = []
    step = EarlyReading.step

    def waited(self: EarlyReading) -> None:
        step(self)
        if self.read not in began:
            began.append(self.read)
        while any(member.batches for member in self._pool._members):  # as where the manifests are long
            self.read += self._pool._received(None)

    monkeypatch.setattr(EarlyReading, "step", waited)
    monkeypatch.setattr(early_reading, "FEW", 0)
    monkeypatch.setattr(run, "EARLY", 0)
    return began


def seen(found: Verification) -> tuple[object, ...]:
    return found.findings, found.answers, found.files, found.octets, found.payload_files, found.payload_octets


def altered(bag: Path) -> None:
    put(bag, "data/d1/007.bin", b"altered")
    put(bag, "data/d1/large.bin", b"altered" * 50_000)


def absent(bag: Path) -> None:
    (bag / "data/d0/003.bin").unlink()
    (bag / "data/d1/large.bin").unlink()


def unlisted(bag: Path) -> None:
    put(bag, "data/d0/more.bin", b"small")
    put(bag, "data/d0/more-large.bin", bytes(400_000))
    put(bag, "data/d2/Thumbs.db", b"of a system")
    put(bag, "data/d2/000.bin", b"altered beside it")


def odd(bag: Path) -> None:
    (bag / "data/d0/link").symlink_to("000.bin")
    os.mkfifo(bag / "data/d0/pipe")
    os.link(bag / "data/d2/001.bin", bag.parent / "another")
    put(bag, "data/D0/000.bin", b"a twin")
    put(bag, "data/d0/aux.txt", b"no name")


@pytest.mark.parametrize("breaking", [lambda _: None, altered, absent, unlisted, odd])
def test_reading_early_gives_the_same_answer(
    bag: Path, early: list[list[tuple[Batch, BatchRead]]], breaking: Callable[[Path], None]
) -> None:
    breaking(bag)
    alone, together = verify(bag, jobs=1), verify(bag, jobs=2)
    assert seen(together) == seen(alone)
    assert sum(len(batch.paths) for read in early for batch, _ in read) >= len(FILES) - 2
    assert all(batch.is_early for read in early for batch, _ in read)


def test_a_large_file_is_not_read_before_it_is_known_to_be_listed(
    bag: Path, early: list[list[tuple[Batch, BatchRead]]]
) -> None:
    put(bag, "data/d0/more-large.bin", bytes(400_000))
    verify(bag, jobs=2)
    left = {batch.paths[index] for read in early for batch, found in read for index in found.left}
    assert left == {"data/d0/more-large.bin", "data/d1/large.bin", "data/sources.json"}


def test_a_manifest_that_lists_nothing_leaves_only_unlisted_files(
    bag: Path, early: list[list[tuple[Batch, BatchRead]]]
) -> None:
    for name in ("manifest-sha256.txt", "manifest-sha512.txt"):
        put(bag, name, b"no line\n" * 2000)
    assert seen(verify(bag, jobs=2)) == seen(verify(bag, jobs=1))


@pytest.mark.usefixtures("early")
def test_an_odd_name_that_is_listed_is_reported(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "odd", {**FILES, "data/d0/aux.txt": b"no name"})
    assert [(found.code, str(found.path)) for found in verify(bag, jobs=2).findings] == [
        ("name-unsafe", "data/d0/aux.txt")
    ]


def test_a_bag_of_few_files_is_not_read_early(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "EARLY", 0)
    steps: list[EarlyReading] = []
    monkeypatch.setattr(EarlyReading, "step", lambda self: steps.append(self))
    assert verify(bag, jobs=2).findings == ()
    assert {each.end() for each in steps} == {None}


@pytest.mark.parametrize(
    ("names", "are_plain"),
    [
        (["data/a", "data/b/c.txt"], True),
        ([f"data/{number}" for number in range(9000)], True),
        (["data/a", "data/A"], False),
        (["data/a", "data/a."], False),
        (["data/com1"], False),
        (["data/ä"], False),
        ([*(f"data/{number}" for number in range(9000)), "DATA/17"], False),
    ],
)
def test_names_are_plain_where_none_is_odd_and_none_has_a_twin(names: list[str], *, are_plain: bool) -> None:
    looking = looked_at(names)
    while True:
        try:
            next(looking)
        except StopIteration as end:
            assert end.value is are_plain
            return


def test_what_early_reading_needs_is_there(bag: Path) -> None:
    with open_bag(bag) as opened:
        assert opened.payload_names() is not None
