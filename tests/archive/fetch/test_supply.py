"""A person's own file or word: on a held work folder, and as version 2 of a finished bag."""

from __future__ import annotations

import gzip
import itertools
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from errno import ENOSPC
from pathlib import Path

import bagit
import pytest
from msgspec.structs import replace

from archive.errors import BagUnreadable, FileChanged, NotEnoughSpace, UsageProblem
from archive.fetch.fetch import FetchResult, fetch, finish_work_folder
from archive.fetch.run_clock import RunClock
from archive.fetch.supply import Supply, attest, supply
from archive.handover.pack import PackOrder, pack
from archive.verify.run import verify
from archive.words.notes import with_text
from archive.workfolder.events import Ended, Event, FileAdded, Judged
from archive.workfolder.folder import WorkFolder
from archive_manifests.custody import parse_line
from archive_manifests.ledger import SourceEntry, Status
from archive_manifests.notes import PERSONS_WORDS_AT_MOST
from tests.archive.fetch.test_pilot import REPORT, settings_for
from tests.archive.verify.forged_bag import ForgedBag
from tests.archive.warc.warc_bytes import record, zipped
from tests.note_texts import texts_of
from tests.world import World
from tests.world.wacz_bytes import signed, wacz_files, write_wacz

PICTURE = b"\x89PNG\r\n\x1a\n what was on the screen"


def entry(result: object, ident: str) -> SourceEntry:
    return next(each for each in result.ledger.sources if each.id == ident)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> FetchResult:
    """The pilot's work folder, held, and never touched again."""
    with World() as world:
        return fetch(REPORT, tmp_path_factory.mktemp("work") / "B", settings_for(world), hold=True)


@pytest.fixture
def held(work: FetchResult, tmp_path: Path) -> FetchResult:
    return replace(work, bag=Path(shutil.copytree(work.bag, tmp_path / "B.part")))


@pytest.fixture(scope="module")
def finished(work: FetchResult, tmp_path_factory: pytest.TempPathFactory) -> FetchResult:
    folder = tmp_path_factory.mktemp("finished")
    shutil.copytree(work.bag, folder / "B.part")
    return finish_work_folder(folder / "B")


@pytest.fixture
def first(finished: FetchResult, tmp_path: Path) -> FetchResult:
    """The pilot's bag."""
    return replace(finished, bag=Path(shutil.copytree(finished.bag, tmp_path / "B")))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "لقطة شاشة.png"
    path.write_bytes(PICTURE)
    return path


def errors(bag: Path) -> list[str]:
    return [finding.code for finding in verify(bag).findings if finding.severity == "error"]


@pytest.mark.usefixtures("held")
def test_a_supplied_picture_fills_the_gap_and_is_marked_as_what_it_is(tmp_path: Path, picture: Path) -> None:
    held = supply(tmp_path / "B", "s05", Supply(picture, "seen in Firefox, signed in", by="collector-7"))
    finished = finish_work_folder(tmp_path / "B")
    supplied = entry(finished, "s05")
    assert held.tagmanifest is None
    assert (supplied.status, supplied.reason) == (Status.SUPPLIED, None)
    assert supplied.live.status is Status.BLOCKED
    assert supplied.facets.appearance.present
    (copy,) = [copy for copy in supplied.copies if copy.kind == "supplied"]
    assert (copy.holder, copy.files) == ("collector-7", ("data/media/s05/supplied-01.png",))
    assert texts_of(copy.notes) == ["supplied: seen in Firefox, signed in; its name was لقطة شاشة.png"]
    assert (finished.bag / copy.files[0]).read_bytes() == PICTURE
    bagit.Bag(str(finished.bag)).validate()
    assert errors(finished.bag) == []


def test_a_finished_bag_stays_as_it_is_and_gets_a_second_version(first: FetchResult, tmp_path: Path, picture: Path) -> None:
    before = {path: path.read_bytes() for path in sorted(first.bag.rglob("*")) if path.is_file()}
    second = supply(first.bag, "s05", Supply(picture, "seen in Firefox"))
    assert {path: path.read_bytes() for path in sorted(first.bag.rglob("*")) if path.is_file()} == before
    assert second.bag == tmp_path / "B-2"
    assert second.ledger.predecessor == str(first.tagmanifest)
    assert entry(second, "s05").status is Status.SUPPLIED
    assert [each for each in second.ledger.sources if each.id != "s05"] == [
        each for each in first.ledger.sources if each.id != "s05"
    ]
    assert errors(second.bag) == []


def test_a_recording_is_stored_whole_and_what_it_holds_of_the_source_is_reported(first: FetchResult, tmp_path: Path) -> None:
    warc = (first.bag / "data/archive/s01.warc.gz").read_bytes()
    recording = write_wacz(tmp_path / "recording.wacz", signed(wacz_files({"data.warc.gz": warc})))
    second = supply(first.bag, "s01", Supply(recording, "ArchiveWeb.page"))
    copy = entry(second, "s01").copies[-1]
    assert entry(second, "s01").status is Status.CAPTURED
    assert (second.bag / copy.files[0]).read_bytes() == recording.read_bytes()
    assert [note.code for note in copy.notes][:2] == ["supplied", "recording-holds"]
    assert copy.notes[1].facts["n"] == 1
    foreign = first.bag / "data/archive/s01.warc.gz"
    with pytest.raises(UsageProblem, match=r"s01\.warc\.gz: holds no response for s05, https://.*; it holds https://"):
        supply(first.bag, "s05", Supply(foreign, "wget"))
    other = supply(first.bag, "s05", Supply(foreign, "wget", other_address=True))
    codes = [note.code for note in entry(other, "s05").copies[-1].notes]
    assert "recording-lacks" in codes
    assert codes[-1] == "other-address-accepted"
    assert entry(other, "s05").status is entry(first, "s05").status is Status.BLOCKED
    assert errors(other.bag) == []
    found = [(str(one.path), one.found, one.source) for one in verify(other.bag, jobs=1).findings if "lacks" in one.code]
    assert found == [(entry(other, "s05").copies[-1].files[0], "no response", "s05")]
    closed = ForgedBag.copy_of(other.bag, tmp_path / "forged" / "B-2")
    closed.set_source("s05", status=Status.SUPPLIED, reason=None)
    closed.seal_over()
    assert set(errors(closed.path)) == {"verdict-contradicted"}
    closed.set_version("0.3.0")  # as earlier versions wrote it, taken over
    closed.seal_over()
    assert errors(closed.path) == []
    silent = ForgedBag.copy_of(other.bag, tmp_path / "silent" / "B-2")
    silent.set_copy("s05", "supplied", notes=tuple(entry(other, "s05").copies[-1].notes[:-1]))
    silent.seal_over()
    assert set(errors(silent.path)) == {"note-contradicted"}


@pytest.mark.parametrize("name", ["broken.wacz", "broken.warc.gz"])
def test_a_damaged_recording_is_stored_as_a_plain_file_and_the_bag_can_be_packed(
    held: FetchResult, tmp_path: Path, name: str
) -> None:
    broken = tmp_path / name
    broken.write_bytes(b"PK\x03\x04 no zip" if name.endswith("wacz") else b"WARC/1.0\r\nWARC-Type: response\r\n")
    with pytest.raises(UsageProblem, match=r"damaged \([a-z-]+\), and no response for s05, .* Save or get it again"):
        supply(tmp_path / "B", "s05", Supply(broken, "ArchiveWeb.page"))
    whole = zipped([record("response", n, b"HTTP/1.1 200 OK\r\n\r\n" + bytes(99), WARC_Target_URI=url)
                    for n, url in enumerate((entry(held, "s05").cited, "https://elsewhere.example/"), 1)])  # fmt: skip
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(whole[:-9])
    with pytest.raises(UsageProblem, match=r"cut\.warc\.gz: damaged \([a-z-]+\), so that nothing in it is relied on"):
        supply(tmp_path / "B", "s05", Supply(cut, "ArchiveWeb.page"))
    held = supply(tmp_path / "B", "s05", Supply(broken, "ArchiveWeb.page", other_address=True))
    (retained,) = entry(held, "s05").copies[-1].files
    assert retained.endswith(".damaged")
    assert [note.code for note in entry(held, "s05").copies[-1].notes] == ["supplied", "recording-damaged"]
    finished = finish_work_folder(tmp_path / "B")
    assert (finished.bag / retained).read_bytes() == broken.read_bytes()
    found = verify(finished.bag, jobs=1)
    assert [str(one.path) for one in found.findings if one.code == "recording-damaged"] == [retained]
    assert errors(finished.bag) == []
    assert pack(finished.bag, PackOrder(tmp_path / "out"), datetime(2026, 11, 23, tzinfo=UTC)).places


def test_a_recording_of_an_error_alone_leaves_the_gap(first: FetchResult, tmp_path: Path) -> None:
    gone, url = tmp_path / "gone.warc.gz", entry(first, "s05").cited
    refusal = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nnot here"
    gone.write_bytes(zipped([record("response", 1, refusal, WARC_Target_URI=url)]))
    with pytest.raises(UsageProblem, match=r"only an error of the server, HTTP 404, for s05.* and the gap stays"):
        supply(first.bag, "s05", Supply(gone, "wget"))
    second = supply(first.bag, "s05", Supply(gone, "wget", other_address=True))
    assert [note.code for note in entry(second, "s05").copies[-1].notes] == ["supplied", "recording-error"]
    assert entry(second, "s05").status is entry(first, "s05").status is Status.BLOCKED
    assert errors(second.bag) == []
    closed = ForgedBag.copy_of(second.bag, tmp_path / "forged" / "B-2")
    closed.set_source("s05", status=Status.SUPPLIED, reason=None)
    closed.seal_over()
    assert errors(closed.path) == ["verdict-contradicted"]


def test_what_was_obtained_tomorrow_is_refused(first: FetchResult, tmp_path: Path, picture: Path) -> None:
    for when in ("2027-01-01", "2026-11-24T10:00:01Z"):
        clock = RunClock(now=lambda: datetime(2026, 11, 24, 10, tzinfo=UTC))
        with pytest.raises(UsageProblem, match=f"--when: {when} is still to come; the clock here shows 2026-11-24"):
            supply(first.bag, "s05", Supply(picture, "seen", when=when), run_clock=clock)
    assert not (tmp_path / "B-2").exists()


SAVED = {
    "page.html": (
        b"<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: %s \n saved date: Sun Nov 22 2026 10:00:00 \n-->",
        "the file says that it was saved from {url} on Sun Nov 22 2026 10:00:00",
    ),
    "saved.htm": (b"<!DOCTYPE html>\n<!-- saved from url=(0026)%s -->\n<html>", "the file says that it was saved from {url}"),
    "page.mhtml": (
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: %s\r\nDate: Sun, 22 Nov 2026 10:00:00 -0000\r\n",
        "the file says that it was saved from {url} on Sun, 22 Nov 2026 10:00:00 -0000",
    ),
}


@pytest.mark.parametrize("name", SAVED)
@pytest.mark.parametrize("is_cited", [True, False])
def test_a_page_saved_as_one_file_is_tied_to_its_address(held: FetchResult, tmp_path: Path, name: str, is_cited: bool) -> None:
    url = entry(held, "s05").cited if is_cited else "https://elsewhere.example/x"
    content, said = SAVED[name]
    (tmp_path / name).write_bytes(content % url.encode())
    if not is_cited:
        with pytest.raises(UsageProblem, match=r"says that it was saved from https://elsewhere\.example/x, not from s05"):
            supply(tmp_path / "B", "s05", Supply(tmp_path / name, "SingleFile"))
    given = Supply(tmp_path / name, "SingleFile", other_address=not is_cited)
    supplied = supply(tmp_path / "B", "s05", given)
    texts = texts_of(entry(supplied, "s05").copies[-1].notes)
    assert said.format(url=url) in texts
    assert (f"{url} is another address than the cited one" in texts) is not is_cited
    assert entry(supplied, "s05").status is (Status.SUPPLIED if is_cited else Status.BLOCKED)
    made = finish_work_folder(tmp_path / "B")
    found = [(one.code, one.found) for one in verify(made.bag, jobs=1).findings if one.source == "s05"]
    assert found == ([] if is_cited else [("page-of-another", url)])
    closed = ForgedBag.copy_of(made.bag, tmp_path / "forged" / "B")
    copy = closed.copy("s05", "supplied")
    notes = tuple(one for one in copy.notes if not one.code.startswith(("saved-", "other-")))
    closed.set_copy("s05", "supplied", notes=notes)
    closed.set_source("s05", status=Status.SUPPLIED, reason=None)
    closed.seal_over()
    assert errors(closed.path) == ["note-contradicted"]


def test_a_file_that_is_replaced_while_it_is_read_is_named_and_nothing_is_made_of_it(
    first: FetchResult, tmp_path: Path, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = WorkFolder.add_file

    def replaced(work: WorkFolder, path: str, source: bytes | Path | Iterable[bytes]) -> FileAdded:
        if source == picture:
            picture.with_suffix(".new").write_bytes(PICTURE + b" later")
            picture.with_suffix(".new").replace(picture)
        return real(work, path, source)

    monkeypatch.setattr(WorkFolder, "add_file", replaced)
    with pytest.raises(FileChanged, match=r"شاشة\.png: changed while it was read, so nothing was made of it"):
        supply(first.bag, "s05", Supply(picture, "seen in Firefox"))
    assert not list(tmp_path.glob("B-2*"))


def test_a_report_that_is_replaced_while_it_is_read_is_named(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "report.txt"
    report.write_text("https://sn4hr.org/?p=24105 is cited.")
    real = WorkFolder.add_file

    def replaced(work: WorkFolder, path: str, source: bytes | Path | Iterable[bytes]) -> FileAdded:
        report.write_text("https://sn4hr.org/?p=24105 is cited no more.")
        return real(work, path, source)

    monkeypatch.setattr(WorkFolder, "add_file", replaced)
    with pytest.raises(FileChanged, match=r"report\.txt: changed while it was read"):
        fetch(report, tmp_path / "T", settings_for(world, media=False))
    assert (list(tmp_path.glob("T*")), world.urls()) == ([], [])


class Killed(BaseException):
    """Stands for SIGKILL: nothing is tidied up."""


def killed_at(monkeypatch: pytest.MonkeyPatch, kind: type, *, after: bool, run: Callable[[], object]) -> None:
    """Run something that is killed before or after an event is recorded."""
    real = WorkFolder.record

    def record(work: WorkFolder, event: Event) -> None:
        if after or not isinstance(event, kind):
            real(work, event)
        if isinstance(event, kind):
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(WorkFolder, "record", record)
        with pytest.raises(Killed):
            run()


@pytest.mark.parametrize("after", [False, True])
def test_what_is_supplied_again_after_a_kill_is_there_once_and_is_the_file_of_today(
    held: FetchResult, tmp_path: Path, picture: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    given = Supply(picture, "seen in Firefox")
    killed_at(monkeypatch, Judged, after=after, run=lambda: supply(tmp_path / "B", "s05", given))
    if not after:  # the file was laid down, and is another one by now
        picture.write_bytes(PICTURE + b" later")
    supply(tmp_path / "B", "s05", given)
    finished = finish_work_folder(tmp_path / "B")
    (copy,) = [copy for copy in entry(finished, "s05").copies if copy.kind == "supplied"]
    assert (finished.bag / copy.files[0]).read_bytes() == picture.read_bytes()
    assert errors(finished.bag) == []


def test_a_word_that_is_given_again_after_a_kill_is_noted_once(
    held: FetchResult, first: FetchResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "held").mkdir()
    work = held.bag.rename(tmp_path / "held/B.part")
    for place in (work, first.bag):

        def attested(place: Path = place) -> FetchResult:
            return attest(place, "s07", "the same meeting", by="collector-7")

        killed_at(monkeypatch, Judged if place == work else Ended, after=place == work, run=attested)
        codes = [one.code for one in entry(attested(), "s07").notes]
        assert codes.count("attested") == 1
    assert errors(tmp_path / "B-2") == []
    other = attest(work, "s07", "and another day", by="collector-7")
    assert [one.code for one in entry(other, "s07").notes].count("attested") == 2


def test_a_version_that_was_killed_before_its_change_is_no_finished_work(
    first: FetchResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_at(monkeypatch, Ended, after=False, run=lambda: attest(first.bag, "s07", "seen"))
    with pytest.raises(UsageProblem, match="not every source has its verdict yet"):
        finish_work_folder(tmp_path / "B-2")


HEAD = b"WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
WARCINFO = HEAD + b"WARC-Date: 2026-11-22T10:00:00Z\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
NOTHING = {
    "empty.warc": (b"", "empty, 0 bytes"),
    "empty.png": (b"", "empty, 0 bytes"),
    "text.png": (b"not a picture\n", "its name says .png, and it begins otherwise"),
    "page.pdf": (b"<!doctype html><title>x</title>", "its name says .pdf, and it begins as .html files do"),
    "film.jpg": (b"\0\0\0\x18ftypmp42", "its name says .jpg, and it begins as .mp4 files do"),
    "head.warc": (WARCINFO, "holds no response of any server"),
    "head.warc.gz": (gzip.compress(WARCINFO), "holds no response of any server"),
}


@pytest.mark.usefixtures("held")
def test_a_file_with_nothing_in_it_is_not_supplied(tmp_path: Path) -> None:
    for (name, (content, said)), insists in itertools.product(NOTHING.items(), (True, False)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UsageProblem, match=said):
            supply(tmp_path / "B", "s05", Supply(tmp_path / name, "wget", other_address=insists))
    assert entry(finish_work_folder(tmp_path / "B"), "s05").status is Status.BLOCKED


@pytest.mark.usefixtures("held")
def test_an_attestation_changes_no_verdict(tmp_path: Path) -> None:
    before = attest(tmp_path / "B.part", "s07", "the same meeting,\nas I heard it", by="collector-7")
    assert entry(before, "s07").status is Status.GONE
    attested = entry(before, "s07").notes[-1]
    assert (attested.code, attested.facts["who"]) == ("attested", "collector-7")
    assert attested.facts["detail"] == "the same meeting, as I heard it"


@pytest.mark.parametrize("passage", ["Write to info@example.org.", "It is on example.org too.", "See ./annex.pdf."])
def test_what_a_report_has_beside_its_citations_goes_into_the_second_version(
    world: World, tmp_path: Path, picture: Path, passage: str
) -> None:
    report = tmp_path / "report.txt"
    report.write_text(f"A statement: https://sn4hr.org/?p=24105 is cited.\n{passage}\n")
    first = fetch(report, tmp_path / "B", settings_for(world, media=False))
    second = supply(tmp_path / "B", "s01", Supply(picture, "a screenshot"))
    third = attest(second.bag, "s01", "I saw it")
    lines = (third.bag / "data/provenance/events.jsonl").read_bytes().splitlines(keepends=True)
    noted = [one for one in map(parse_line, lines, range(1, 99)) if one.type == "metadata modification"]
    assert [(one.outcome, one.objects) for one in noted] == [("attested", ("s01",))]
    assert noted[0].time == entry(third, "s01").notes[-1].facts["when"]
    for made in (second, third):
        assert made.ledger.passed_over == first.ledger.passed_over
        assert errors(made.bag) == []


def test_a_bag_of_another_version_gets_further_versions_that_verify(first: FetchResult, picture: Path) -> None:
    bag = ForgedBag(first.bag)
    bag.set_version("0.0.9")
    bag.seal_over()
    assert errors(first.bag) == []
    second = attest(first.bag, "s01", "I saw it", by="collector-7")
    third = supply(second.bag, "s05", Supply(picture, "a screenshot"))
    assert (errors(second.bag), errors(third.bag)) == ([], [])


@pytest.mark.usefixtures("held")
def test_what_cannot_be_supplied_is_said(tmp_path: Path, picture: Path) -> None:
    with pytest.raises(UsageProblem, match="no source 's42' here; there are s01, s02"):
        supply(tmp_path / "B", "s42", Supply(picture, "seen"))
    with pytest.raises(UsageProblem, match="say how the file was got"):
        supply(tmp_path / "B", "s05", Supply(picture, " "))
    with pytest.raises(BagUnreadable, match="neither a bag nor a held work folder"):
        attest(tmp_path / "nothing", "s05", "seen")


@pytest.mark.parametrize("fails", [OSError(ENOSPC, "No space left on device"), NotEnoughSpace("full"), KeyboardInterrupt()])
@pytest.mark.parametrize("at", ["carry_over", "finish"])
def test_a_second_version_that_the_disk_has_no_room_for_leaves_nothing(
    first: FetchResult, monkeypatch: pytest.MonkeyPatch, fails: BaseException, at: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise fails

    before = sorted(place.name for place in first.bag.parent.iterdir())
    with monkeypatch.context() as patched:
        patched.setattr(f"archive.fetch.supply.{at}", full)
        with pytest.raises(type(fails)):
            attest(first.bag, "s01", "I saw it", by="collector-7")
    assert sorted(place.name for place in first.bag.parent.iterdir()) == before
    made = attest(first.bag, "s01", "I saw it", by="collector-7")
    assert [one.code for one in entry(made, "s01").notes].count("attested") == 1


def test_more_words_than_a_note_may_have_are_refused_and_found(first: FetchResult, tmp_path: Path, picture: Path) -> None:
    many = "x" * (PERSONS_WORDS_AT_MOST + 1)
    with pytest.raises(UsageProblem, match=r"--note: 65,537 characters, where 65,536 are the most; supply a longer"):
        attest(first.bag, "s01", many)
    with pytest.raises(UsageProblem, match=r"--how: 65,537 characters"):
        supply(first.bag, "s01", Supply(picture, many))
    bag = ForgedBag(attest(first.bag, "s01", many[1:], by="collector-7").bag)
    assert bag.errors() == []
    (seen,) = [each for each in bag.entry("s01").notes if each.code == "attested"]
    longer = with_text(replace(seen, facts={**seen.facts, "detail": many}))
    bag.set_source("s01", notes=tuple(longer if each == seen else each for each in bag.entry("s01").notes))
    bag.seal_over()
    assert bag.errors() == [("note-contradicted", "s01")]
