"""Large WARCs read in parts by several processes: the answer is the one that a single process gives."""

from __future__ import annotations

import random
import tarfile
from pathlib import Path

import pytest

from archive.bag.interface import Entry
from archive.verify.files import warc_parts, workers
from archive.verify.files.warc_parts import WarcParts, cuts_of
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive.warc.report import WarcReport
from tests.archive.verify.sample_bags import make_bag, retag
from tests.archive.warc.warc_bytes import member, record, sound, zipped

NOISE = random.Random(3).randbytes(60_000)
NAME = "data/large.warc.gz"


def many(first: int = 100) -> list[bytes]:
    return [record("resource", first + number, NOISE[: 200 + number * 31 % 9000]) for number in range(90)]


LARGE = zipped(sound()) + zipped(many())
NESTED = zipped(sound()) + b"".join(member(record("resource", 70 + n, zipped(many(1000))), 0) for n in range(3))


@pytest.fixture(autouse=True)
def _small_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc_parts, "SMALLEST", 20_000)


def judged(bag: Path, jobs: int) -> tuple[list[tuple[str, str, str | None]], dict[str, str], int, int]:
    found: Verification = verify(bag, jobs=jobs)
    findings = [(finding.code, str(finding.path), finding.note) for finding in found.findings]
    return findings, {name: str(answer.state) for name, answer in found.answers.items()}, found.files, found.octets


def bag_of(base: Path, data: bytes) -> Path:
    small = zipped([record("warcinfo", 99, b"a: b")])
    return make_bag(base / "R1", {NAME: data, "data/a.txt": b"a", "data/b.warc.gz": small})


SPOILED = bytearray(LARGE)
SPOILED[len(SPOILED) // 2] ^= 4


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (LARGE, None),
        (NESTED, None),
        (bytes(SPOILED), "warc-gzip"),
        (LARGE[:-9], "warc-cut"),
        (LARGE + bytes(60_000), "warc-end-form"),
        (b"".join(many()) + b"x" * 50_000, "warc-garbage"),
        (NOISE * 3, "warc-garbage"),
    ],
    ids=["sound", "nested", "spoiled", "cut", "padded", "plain", "noise"],
)
def test_parts_say_what_one_walk_says(data: bytes, code: str | None, tmp_path: Path) -> None:
    bag = bag_of(tmp_path, data)
    one = judged(bag, 1)
    assert judged(bag, 3) == one
    assert ({code} if code else set()) <= {found for found, _, _ in one[0]}
    assert (one[1]["warc"] == "failed") == (code not in (None, "warc-end-form"))  # zeros at the end lose nothing


@pytest.mark.parametrize("data", [LARGE, NESTED, bytes(SPOILED)], ids=["sound", "nested", "spoiled"])
def test_parts_read_by_several_processes_say_the_same(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = bag_of(tmp_path, data)
    one = judged(bag, 1)
    monkeypatch.setattr(workers, "WORTHWHILE", 0)
    assert judged(bag, 3) == one


def test_parts_are_read_out_of_a_package_too(tmp_path: Path) -> None:
    bag = bag_of(tmp_path, LARGE)
    with tarfile.open(tmp_path / "R1.tar", "w") as package:
        package.add(bag, "R1")
    assert judged(tmp_path / "R1.tar", 3) == judged(bag, 1)


def test_a_large_warc_is_hashed_whole_and_its_alteration_reported_once(tmp_path: Path) -> None:
    bag = bag_of(tmp_path, LARGE)
    (bag / NAME).write_bytes(zipped(sound()) + zipped(many(5000)))
    found = [code for code, path, _ in judged(bag, 3)[0] if path == NAME]
    assert found == ["payload-altered"]


def test_a_large_warc_that_is_missing_is_missing_once(tmp_path: Path) -> None:
    bag = bag_of(tmp_path, LARGE)
    (bag / NAME).unlink()
    retag(bag)
    found = judged(bag, 3)[0]
    assert [code for code, path, _ in found if path == NAME] == ["payload-missing"]


def test_a_file_in_parts_is_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[tuple[str, int]] = []
    take = WarcParts.take

    def noted(self: WarcParts, path: str, start: int, report: WarcReport) -> None:
        taken.append((path, start))
        take(self, path, start, report)

    monkeypatch.setattr(WarcParts, "take", noted)
    bag = bag_of(tmp_path, LARGE)
    in_parts, in_one = verify(bag, jobs=3), verify(bag, jobs=1)
    assert {path for path, _ in taken} == {NAME}
    assert len(taken) > 2
    assert (in_parts.files, in_parts.octets) == (in_one.files, in_one.octets)


def test_only_what_is_gzipped_by_member_is_cut() -> None:
    for name in ("data/a.warc", "data/a.gz", "data/a.mp4"):
        assert cuts_of(Entry(name, 10 << 20, 0), 1 << 20) == []
    assert cuts_of(Entry(NAME, 1000, 0), 10) == []
    cuts = cuts_of(Entry(NAME, 1 << 40, 0), 1.0)
    assert (len(cuts), cuts[0]) == (warc_parts.MOST - 1, (1 << 40) // warc_parts.MOST)
