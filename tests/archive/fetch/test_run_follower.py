"""The journal of a run is followed line by line, while the run appends to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.fetch.run_follower import RunFollower
from archive.verify.visits.early_visits import EarlyVisits
from archive.workfolder import folder as works
from archive.workfolder.events import Judged
from archive.workfolder.folder import JOURNAL, WorkFolder
from archive_manifests.ledger import SourceEntry
from tests.archive.net.recorder_setup import begun
from tests.archive.verify.evidence_bag import ledger

MANIFEST = '[report]\nid = "R1"\n\n[[source]]\ncited = "https://sn4hr.org/a"\n'


class Judgements(EarlyVisits):
    """Notes what it is told."""

    def __init__(self, base: Path) -> None:
        super().__init__(base)
        self.seen: list[str] = []

    def begin(self, *stated: object) -> None:
        self.seen.append("begin")

    def judge(self, entry: SourceEntry) -> None:
        self.seen.append(entry.id)

    def close(self) -> None:
        self.seen.append("close")


@pytest.fixture
def work(tmp_path: Path) -> Iterator[WorkFolder]:
    made = works.create(tmp_path / "R1.part", begun())
    made.add_file("data/report/sources.toml", MANIFEST.encode())
    yield made
    made.close()


def test_each_verdict_is_taken_once_and_a_line_that_is_not_whole_later(work: WorkFolder) -> None:
    visits = Judgements(work.base)
    follower = RunFollower(work.base, visits)
    first, second = ledger().sources
    work.record(Judged(first))
    follower.read_on()
    follower.read_on()
    assert visits.seen == ["begin", "s01"]
    work.record(Judged(second))
    journal = work.path / JOURNAL
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-20])
    follower.read_on()
    assert visits.seen == ["begin", "s01"]
    journal.write_bytes(whole)
    follower.read_on()
    assert visits.seen == ["begin", "s01", "s02"]


@pytest.mark.parametrize("line", [b"{}\n", b"\xff\n", b'{"kind":"judged"}\n'])
def test_a_line_that_cannot_be_read_ends_what_is_made_early(work: WorkFolder, line: bytes) -> None:
    visits = Judgements(work.base)
    with (work.path / JOURNAL).open("ab") as journal:
        journal.write(line)
    RunFollower(work.base, visits).read_on()
    assert visits.seen == ["close"]


def test_without_a_journal_or_a_source_manifest_nothing_is_made_early(work: WorkFolder, tmp_path: Path) -> None:
    nowhere = Judgements(tmp_path)
    RunFollower(tmp_path / "none" / "bag", nowhere).read_on()
    work.record(Judged(ledger().sources[0]))
    (work.base / "data/report/sources.toml").unlink()
    lacking = Judgements(work.base)
    RunFollower(work.base, lacking).read_on()
    assert (nowhere.seen, lacking.seen) == ([], [])
