"""Exchanges are read back from the journal, those of earlier runs and those that were added since."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive.net import Failure
from archive.urls import parse
from archive.workfolder import folder as works
from archive.workfolder.events import FileAdded, RecordsAdded
from archive.workfolder.exchange_log import ExchangeLog
from archive.workfolder.folder import WorkFolder
from archive.workfolder.recorded import Recorded
from tests.archive.net.recorder_setup import begun

REFUSED = Failure("connect", "connect", "refused")


def exchange(number: int, series: str, failure: Failure | None = None) -> Recorded:
    url, at = parse(f"https://a.example/{number}"), f"2026-11-22T10:00:{number:02d}.000000Z"
    return Recorded(url, "GET", f"urn:uuid:{number}", None, failure, None, at, at, number, series=series)


EXCHANGES = [exchange(n, f"s0{1 + n % 3}", REFUSED if n % 5 == 3 else None) for n in range(20)]


@pytest.fixture
def work(tmp_path: Path) -> WorkFolder:
    work = works.create(tmp_path / "R1.part", begun())
    for each in EXCHANGES:
        work.record(RecordsAdded([], exchange=each))
        work.record(FileAdded(f"data/media/s01/{each.answer}.bin", 1, "0" * 64, "0" * 128))
        work.record(RecordsAdded([], joins=[each.answer]))
    return work


def test_each_is_read_back_as_it_was_recorded(work: WorkFolder) -> None:
    for log in (work.exchanges, ExchangeLog(work.path / "journal.jsonl")):
        assert list(log) == EXCHANGES == list(log)
        assert [log.at(each.line or 0) for each in EXCHANGES] == EXCHANGES
        assert log.answers_of("s02", since=4) == [each.answer for each in EXCHANGES[4:] if each.series == "s02"]
        assert list(log.named({"urn:uuid:7", "urn:uuid:19", "urn:uuid:x"})) == [EXCHANGES[7], EXCHANGES[19]]
        assert list(log.failed()) == [each for each in EXCHANGES if each.failure is not None]
        assert (len(log), log.has_response) == (20, True)
    work.close()


def test_one_that_is_added_is_counted_once_whenever_the_log_was_read(work: WorkFolder) -> None:
    late = ExchangeLog(work.path / "journal.jsonl")
    read = len(work.exchanges)
    added = exchange(20, "s01")
    work.record(RecordsAdded([], exchange=added))
    assert added.line is not None
    late.add(added, added.line)  # it is read with the others
    assert [read, len(work.exchanges), len(late)] == [20, 21, 21]
    assert list(late)[-1] == list(work.exchanges)[-1] == added
    work.close()


def test_what_was_changed_since_is_not_where_the_journal_states_it() -> None:
    recorded = exchange(1, "s01")
    recorded.line = 100
    assert replace(recorded, earlier=("urn:uuid:0",)).line is None


def test_failures_alone_are_no_response(tmp_path: Path) -> None:
    work = works.create(tmp_path / "R1.part", begun())
    assert (len(work.exchanges), work.exchanges.has_response) == (0, False)
    work.record(RecordsAdded([], exchange=exchange(3, "s01", REFUSED)))
    assert (len(work.exchanges), work.exchanges.has_response) == (1, False)
    work.close()


def test_a_torn_last_line_names_none(work: WorkFolder) -> None:
    work.close()
    journal = work.path / "journal.jsonl"
    with journal.open("ab") as file:
        file.write(b'{"kind":"records-added","records":[],"joins":[],"exchange":{"url"')
    assert list(ExchangeLog(journal)) == EXCHANGES
