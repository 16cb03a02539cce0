"""Many records are read from the journal in the order of a list of them, and make the same bag."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from archive.workfolder import folder as works
from archive.workfolder import state as states
from archive.workfolder.events import Ended, FileAdded, RecordsAdded
from archive.workfolder.folder import WorkFolder
from archive.workfolder.sorted_records import SortedRecords
from archive_manifests.records import RecordLine
from tests.archive.net.recorder_setup import begun


def record(file: str, offset: int) -> RecordLine:
    path = f"data/archive/{file}.warc.gz"
    return RecordLine(path, offset, 10, "0" * 64, f"urn:uuid:{file}-{offset}", "response", "http://a.example/", "2026")


@pytest.fixture
def work(tmp_path: Path) -> WorkFolder:
    """A work folder whose records were named in any order, some of two files in one event."""
    work = works.create(tmp_path / "R1.part", begun())
    listed = [record(file, 10 * number) for file in ("s02", "s01", "s10-002") for number in range(40)]
    chance = random.Random("records")
    chance.shuffle(listed)
    while listed:
        size = chance.randint(1, 4)
        work.record(RecordsAdded(listed[:size]))
        work.record(FileAdded(f"data/media/s01/{len(listed)}.bin", 1, "0" * 64, "0" * 128))
        del listed[:size]
    return work


def test_they_come_by_file_and_offset_each_time(work: WorkFolder) -> None:
    listed = SortedRecords(work.path / "journal.jsonl")
    expected = [record(file, 10 * number) for file in ("s01", "s02", "s10-002") for number in range(40)]
    assert list(listed) == expected == list(listed)
    assert (len(listed), listed.files) == (120, {each.file for each in expected})
    work.close()


def test_what_is_appended_is_read_on_from_where_reading_stopped(work: WorkFolder) -> None:
    journal = work.path / "journal.jsonl"
    listed = SortedRecords(journal)
    work.record(RecordsAdded([record("s01", 400), record("s03", 0)]))
    assert len(listed) == 120
    listed.read_on()
    listed.read_on()
    assert list(listed) == list(SortedRecords(journal))
    assert len(listed) == 122
    work.close()


def test_the_state_of_a_run_that_goes_on_names_what_was_recorded_last(work: WorkFolder) -> None:
    work.state.read_records_from(work.path / "journal.jsonl")
    before = len(work.state.records())
    work.record(RecordsAdded([record("s03", 0)]))
    after = work.state.records()
    assert (before, len(after), [*after][80]) == (120, 121, record("s03", 0))
    work.close()


def test_a_torn_last_line_names_none(work: WorkFolder) -> None:
    journal = work.path / "journal.jsonl"
    work.record(RecordsAdded([record("s03", 0)]))
    work.close()
    journal.write_bytes(journal.read_bytes()[:-9])
    assert len(SortedRecords(journal)) == 120


def test_the_state_has_few_in_memory_and_reads_many(work: WorkFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    work.record(Ended("2026-11-22T11:00:00Z"))
    monkeypatch.setattr(states, "MOST_IN_MEMORY", 119)
    many = work.state.records()
    assert isinstance(many, SortedRecords)
    work.record(RecordsAdded([record("s03", 0)]))
    assert [len(many), len(work.state.records())] == [120, 121]  # one that was added since is there
    monkeypatch.setattr(states, "MOST_IN_MEMORY", 121)
    few = work.state.records()
    assert isinstance(few, list) and few == list(SortedRecords(work.path / "journal.jsonl"))
    assert work.state.record_files() == {each.file for each in few}
    work.close()
