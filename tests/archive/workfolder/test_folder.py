"""One event, one record: the journal first, then the state; any text, and the same state after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.workfolder import folder as works
from archive.workfolder.events import Begun, Ended, FileAdded, FileRemoved, Judged, Withdrawn
from archive.workfolder.folder import WorkFolder
from archive.workfolder.journal import read_journal
from archive_manifests.ledger import SourceEntry, Status, Verdict
from archive_manifests.notes import note
from tests.archive.net.recorder_setup import begun
from tests.archive.page.sample_ledger import source


@pytest.fixture
def work(tmp_path: Path) -> WorkFolder:
    return works.create(tmp_path / "R1.part", begun())


def judged(ident: str, **changes: object) -> Judged:
    entry = replace(source(1, "https://a.example/", Status.GONE, "not-found"), exchanges=(), copies=(), requisites=())
    return Judged(replace(entry, id=ident, **changes))  # type: ignore[arg-type]


def test_what_is_recorded_is_in_the_state_and_after_a_restart(work: WorkFolder) -> None:
    for event in (judged("s01"), judged("s02", title="first"), judged("s02", title="second"), Withdrawn("s01")):
        work.record(event)
    before: dict[str, SourceEntry] = dict(work.state.entries)
    assert {ident: entry.title for ident, entry in before.items()} == {"s02": "second"}
    work.close()
    again = works.reopen(work.path, now="2026-11-22T11:00:00Z")
    assert again.state.entries == before
    assert [resumed.time for resumed in again.state.resumed] == ["2026-11-22T11:00:00Z"]
    again.close()


def test_an_event_that_the_disk_does_not_take_changes_nothing(
    work: WorkFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = (work.path / "journal.jsonl").stat().st_size

    def full(_: object) -> int:
        raise OSError(28, "No space left on device")

    journal = work._journal
    file = journal._file
    full_file = {"write": staticmethod(full), "truncate": file.truncate, "close": file.close, "name": file.name}
    journal._file = type("Full", (), full_file)()  # type: ignore[assignment]
    with pytest.raises(OSError, match="No space"):
        work.record(judged("s01"))
    assert work.state.entries == {}
    assert (work.path / "journal.jsonl").stat().st_size == size


def test_the_journal_takes_any_text_and_the_state_is_what_it_says(work: WorkFolder) -> None:
    seen = note("file-name", detail="a\ud800b")
    work.record(judged("s01", title="\udcff title", notes=(seen,), live=Verdict(Status.GONE, "not-found", seen)))
    entry = work.state.entries["s01"]
    assert (entry.title, entry.notes[0].facts) == ("\ufffd title", {"detail": "a\ufffdb"})
    (event,) = [event for event in read_journal(work.path / "journal.jsonl") if isinstance(event, Judged)]
    assert event.entry == entry
    work.close()


def test_a_file_that_is_removed_and_added_again_is_there_once(work: WorkFolder) -> None:
    work.add_file("data/media/s01/a.txt", b"one")
    work.remove_file("data/media/s01/a.txt")
    work.add_file("data/media/s01/a.txt", b"two, longer")
    work.record(Ended("2026-11-22T12:00:00Z"))
    kinds = [type(event) for event in read_journal(work.path / "journal.jsonl")]
    assert kinds == [Begun, FileAdded, FileRemoved, FileAdded, Ended]
    work.close()
    again = works.reopen(work.path, now=None)
    assert again.state.files["data/media/s01/a.txt"].size == len(b"two, longer")
    assert (again.base / "data/media/s01/a.txt").read_bytes() == b"two, longer"
    again.close()


def test_a_folder_that_was_left_in_order_is_finished_as_it_is(work: WorkFolder) -> None:
    work.record(judged("s01"))
    work.record(Ended("2026-11-22T11:00:00Z"))
    work.close()
    journal = work.path / "journal.jsonl"
    before = journal.stat()
    again = works.reopen_to_finish(work.path)
    assert (again.state.ended, list(again.state.entries)) == ("2026-11-22T11:00:00Z", ["s01"])
    assert (journal.stat().st_ino, journal.stat().st_size) == (before.st_ino, before.st_size)
    again.close()


@pytest.mark.parametrize("torn", [b'{"kind":"judged","entr', b"no event\n"])
def test_a_torn_journal_is_brought_in_order_before_finishing(work: WorkFolder, torn: bytes) -> None:
    work.record(Ended("2026-11-22T11:00:00Z"))
    work.close()
    journal = work.path / "journal.jsonl"
    sound = journal.read_bytes()
    journal.write_bytes(sound + torn)
    again = works.reopen_to_finish(work.path)
    assert (again.state.ended, journal.read_bytes()) == ("2026-11-22T11:00:00Z", sound)
    again.close()
