"""The power fails while a package of many files is received: there is no bag then, or a whole one, and it is repeated."""

from __future__ import annotations

import random
import shutil
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archive.handover.writing import STAGE
from archive.verify.run import verify
from archive_manifests.findings import Severity
from tests.archive.workfolder.failing_filesystem import Call
from tests.archive.workfolder.power_loss import STATES, after_power_loss, state_of
from tests.archive.workfolder.repeated_runs import Ended, Trials, calls_of, trials
from tests.benchmarks.sample_files import make_bag

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="syncfs is Linux's")

FILES = 12
"""One more than are synced one by one, here."""


@dataclass(slots=True)
class Ground:
    """A package, the command that receives it, and what that did to the file system."""

    trials: Trials
    package: Path
    calls: list[Call]
    endured: set[bytes] = field(default_factory=set)
    """Digests of what lost power left, each looked at once."""

    def receive(self, into: Path, log: Path | None = None) -> Ended:
        return self.trials.run(["receive", str(self.package), "--into", str(into)], into, log=log)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    home = tmp_path_factory.mktemp("power")
    bag = make_bag(home / "B", FILES, (5, 9))
    with tarfile.open(home / "B.tar", "w") as tar:
        tar.add(bag, "B")
    with trials(many=FILES - 1) as running:
        ground = Ground(running, home / "B.tar", [])
        (home / "in").mkdir()
        assert ground.receive(home / "in", home / "log").code == 0
        ground.calls = calls_of(home / "log")
        yield ground


def turns(calls: list[Call]) -> list[int]:
    """Calls after which the power fails: a few before the flush, some after it, those round the rename, the last."""
    flush = next(number for number, call in enumerate(calls) if call.name == "syncfs")
    named = next(number for number, call in enumerate(calls) if (call.name, call.other) == ("rename", "B"))
    chance = random.Random("power")
    some = [*chance.sample(range(flush), 2), *chance.sample(range(flush, len(calls)), 4)]
    return sorted({*some, flush, named, named + 1, len(calls)})


def is_whole(bag: Path) -> bool:
    return not any(finding.severity is Severity.ERROR for finding in verify(bag).findings)


def test_many_files_are_flushed_at_once_before_the_bag_gets_its_name(ground: Ground) -> None:
    names = [call.name for call in ground.calls]
    flush = names.index("syncfs")
    assert names.count("syncfs") == 1
    assert names[:flush].count("fsync") == 1  # the folder with the lock
    assert names[:flush].count("open") > FILES
    published = next(number for number, call in enumerate(ground.calls) if (call.name, call.other) == ("rename", "B"))
    assert flush < published


@pytest.mark.parametrize("state", STATES)
def test_after_lost_power_there_is_no_bag_or_a_whole_one_and_it_is_received_again(
    ground: Ground, state: str, tmp_path: Path
) -> None:
    for upto in turns(ground.calls):
        endure_loss(ground, upto, state, tmp_path)


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("state", STATES)
def test_after_lost_power_at_every_call_too(ground: Ground, state: str, tmp_path: Path) -> None:
    for upto in range(len(ground.calls) + 1):
        endure_loss(ground, upto, state, tmp_path)


def endure_loss(ground: Ground, upto: int, state: str, folder: Path) -> None:
    """The power fails after so many calls; what the disk still holds is no bag, or a whole one."""
    into = folder / str(upto)
    into.mkdir()
    after_power_loss(ground.calls, upto, state, into)
    disk = state_of(into)
    if disk in ground.endured and upto < len(ground.calls):
        shutil.rmtree(into)
        return
    ground.endured.add(disk)
    is_there = (into / "B").exists()
    assert not is_there or is_whole(into / "B")
    if upto == len(ground.calls):
        assert is_there and (into / "B.seal").is_dir()
    if not is_there and not (into / "B.seal").exists():
        assert ground.receive(into).code == 0
        left = [place for place in into.iterdir() if not (place.name.startswith(STAGE) and not any(place.iterdir()))]
        assert sorted(place.name for place in left) == ["B", "B.seal"]
    shutil.rmtree(into)
