"""`archive import`: a report and other tools' recordings become one bag, and what they do not hold is said."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace

from archive.bag.contents import PackRefused
from archive.capture.warcinfo import warcinfo_of
from archive.errors import AlreadyThere, FileChanged, UsageProblem
from archive.fetch.fetch import finish_work_folder
from archive.fetch.imported import ImportOrder, import_recordings
from archive.fetch.input import read_order
from archive.fetch.run_clock import RunClock
from archive.handover.pack import PackOrder, pack
from archive.verify.foreign.recordings import is_recording_file, read_recording, urls_of
from archive.verify.run import verify
from archive.words import load
from archive.words.notes import with_text
from archive.workfolder.events import FileAdded
from archive.workfolder.folder import WorkFolder
from archive_manifests.ledger import Conditions, Status
from archive_manifests.notes import note
from tests.archive.handover.test_other_packers import NOW
from tests.archive.verify.forged_bag import ForgedBag
from tests.archive.verify.sample_bags import retag
from tests.archive.warc.warc_bytes import record, zipped
from tests.note_texts import texts_of
from tests.world.wacz_bytes import Signing, signed, wacz_files, write_wacz

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>A page</title>hello"
PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
GONE = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nnot here"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
REPORT = """Three sources.

1. https://one.example/a
2. https://two.example/b?utm_source=mail
3. https://three.example/c
"""


def response(number: int, url: str, block: bytes = PAGE) -> bytes:
    return record("response", number, block, WARC_Target_URI=url)


def resource(number: int, uri: str, content: bytes, kind: str) -> bytes:
    return record("resource", number, content, WARC_Target_URI=uri, Content_Type=kind)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    place = tmp_path / "report.txt"
    place.write_text(REPORT)
    return place


@pytest.fixture
def wacz(tmp_path: Path) -> Path:
    warc = zipped(
        [
            response(1, "https://one.example/a"),
            resource(2, "urn:view:https://one.example/a", PNG, "image/png"),
            response(3, "http://www.two.example/b"),
        ]
    )
    pages = [
        {"id": "1", "url": "https://one.example/a", "ts": "2026-11-22T10:00:00Z", "title": "A page", "text": "hello"}
    ]
    files = signed(wacz_files({"data.warc.gz": warc}, pages=pages), Signing(ec.generate_private_key(ec.SECP384R1())))
    return write_wacz(tmp_path / "visit.wacz", files)


def test_a_bag_of_recordings_says_what_they_hold_and_what_not(tmp_path: Path, report: Path, wacz: Path) -> None:
    crawl = tmp_path / "crawl.warc.gz"
    crawl.write_bytes(zipped([response(1, "https://one.example/a"), response(2, "https://three.example/c", GONE)]))
    other = tmp_path / "other.warc.gz"
    other.write_bytes(zipped([response(1, "https://elsewhere.example/")]))

    imported = import_recordings(ImportOrder((wacz, crawl, other), report, tmp_path / "R1", "in my browser", "c7"))

    bag = imported.result.bag
    assert imported.covered == {"s01": ("visit.wacz", "crawl.warc.gz"), "s02": ("visit.wacz",)}
    assert (imported.uncovered, imported.refused) == ((), {"s03": ("crawl.warc.gz", 404)})
    assert imported.unused == {"other.warc.gz": "holds none of the cited addresses"}
    entries = {entry.id: entry for entry in imported.result.ledger.sources}
    assert [entries[ident].status for ident in ("s01", "s02", "s03")] == [
        Status.SUPPLIED,
        Status.SUPPLIED,
        Status.NOT_ATTEMPTED,
    ]
    first, second = entries["s01"].copies
    assert first.files == (
        "data/media/s01/supplied-01.wacz",
        "data/media/s01/supplied-01-view.png",
        "data/media/s01/supplied-01-text.txt",
    )
    assert second.files == ("data/media/s01/supplied-02.warc.gz",)
    assert (bag / first.files[0]).read_bytes() == wacz.read_bytes()
    assert (bag / first.files[1]).read_bytes() == PNG
    assert (bag / first.files[2]).read_text() == "hello"
    texts = texts_of(first.notes)
    assert first.notes[1].code == "recording-holds" and str(first.notes[1].facts["when"]).startswith("2026-11-22")
    assert any(text.startswith("the recording contains 1 response for the cited URL, of 2026-11-22") for text in texts)
    assert {one.live.detail.code for one in entries.values() if one.live.detail} == {"from-recordings"}
    assert "as its list of pages states, the page has the title “A page”: not compared with the page" in texts
    assert any("says nothing of who has it" in text for text in texts)
    (refused,) = entries["s03"].copies
    assert refused.files == second.files
    assert "recording-error" in [one.code for one in refused.notes]
    lacking = [one for one in verify(bag, jobs=1).findings if one.code == "recording-lacks-source"]
    assert [(str(one.path), one.found, one.source) for one in lacking] == [(second.files[0], "HTTP 404", "s03")]
    (shared,) = entries["s02"].copies
    assert shared.files == ("data/media/s01/supplied-01.wacz",)
    assert "under http://www.two.example/b" in " ".join(texts_of(shared.notes))
    page = (bag / "data/index.html").read_text()
    english = page[page.index('id="en-s01"') : page.index('id="en-s02"')]
    assert "Source code as sent: <b>in the recording that a person supplied</b>" in english
    assert "Embedded media: <b>not judged: the recording" in english
    assert "Not requested" in english and "No response" not in english
    assert "Not attempted: the bag was made from recordings of other tools, and nothing was requested" in english
    assert "captured source" not in page and "The capture began" not in page
    assert "was not requested: the bag was made from recordings" in page
    assert "The import of the recordings began" in page
    events = [json.loads(line) for line in (bag / "data/provenance/events.jsonl").read_text().splitlines()]
    captured = [(one["detail"], one["outcome"]) for one in events if one["type"] == "capture"][2:]
    assert captured == [
        ("source s03 was not requested: the bag was made from recordings", "not-attempted (skipped)")
    ]
    assert "none of them has it" not in page and "and it is an error (HTTP 404)" in page[page.index('id="en-s03"') :]


@pytest.mark.parametrize("is_wacz", [True, False])
@pytest.mark.parametrize(("changes", "codes"), [({"demonstration": True, "proxy": "http"}, "demonstration, proxy"), ({}, None)])
def test_conditions_that_a_recording_of_this_program_states_are_not_lost(
    tmp_path: Path, report: Path, is_wacz: bool, changes: dict[str, object], codes: str | None
) -> None:
    fields = warcinfo_of("R0", Conditions("agent", **changes), None, None)  # type: ignore[arg-type]
    block = "".join(f"{name}: {value}\r\n" for name, value in fields).encode()
    warc = zipped([record("warcinfo", 9, block, Content_Type="application/warc-fields"), response(1, "https://one.example/a")])
    recording = tmp_path / "ours.warc.gz"
    recording.write_bytes(warc)
    if is_wacz:
        recording = write_wacz(tmp_path / "ours.wacz", wacz_files({"ours.warc.gz": warc}))
    imported = import_recordings(ImportOrder((recording,), report, tmp_path / "R1"))
    found = [finding for finding in verify(imported.result.bag).findings if finding.code == "recording-conditions"]
    page = (imported.result.bag / "data/index.html").read_text("utf-8")
    assert [(finding.found, finding.source) for finding in found] == ([(codes, "s01")] if codes else [])
    assert (load("en").sentence("conditions.recordings") in page) is bool(codes)
    assert load("en").sentence("conditions.none_requested") in page
    assert load("en").sentence("conditions.hosts_plain") not in page
    assert [one.code for one in verify(imported.result.bag, jobs=1).findings if one.severity == "error"] == []
    bag = ForgedBag.copy_of(imported.result.bag, tmp_path / "forged" / "R1")
    copy = bag.copy("s01", "supplied")
    others = tuple(one for one in copy.notes if one.code != "recording-conditions")
    invented = () if codes else (with_text(note("recording-conditions", codes="proxy")),)
    bag.set_source("s01", copies=(replace(copy, notes=(*others, *invented)),))
    bag.seal_over()
    wrong = [(one.code, one.expected, one.found) for one in verify(bag.path, jobs=1).findings if one.severity == "error"]
    expected = (codes, "no condition") if codes else ("no condition", "proxy")
    assert wrong == [("note-contradicted", *expected)]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"third_parties": True}, "third_parties"),
        ({"user_agent": "Mozilla/5.0 (court)"}, "user_agent"),
        ({"robots": "obeyed"}, "robots"),
        ({"limits": {"delay": 60.0}}, "limits"),
        ({"allow_private": True}, "allow_private"),
    ],
)
def test_a_bag_of_recordings_states_the_conditions_of_no_request(
    tmp_path: Path, report: Path, changes: dict[str, object], name: str
) -> None:
    recording = tmp_path / "crawl.warc.gz"
    recording.write_bytes(zipped([response(1, "https://one.example/a")]))
    imported = import_recordings(ImportOrder((recording,), report, tmp_path / "R1"))
    bag = ForgedBag.copy_of(imported.result.bag, tmp_path / "forged" / "R1")
    assert bag.errors() == []
    ledger = bag.ledger
    bag.ledger = replace(ledger, conditions=replace(ledger.conditions, **changes))  # type: ignore[arg-type]
    bag.seal_over()
    wrong = [(one.code, one.note) for one in verify(bag.path, jobs=1).findings if one.severity == "error"]
    assert wrong == [("condition-contradicted", name)]


def test_a_recording_that_is_replaced_while_it_is_imported_is_named(
    tmp_path: Path, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl, later = tmp_path / "crawl.warc", tmp_path / "later.warc"
    crawl.write_bytes(response(1, "https://one.example/a"))
    later.write_bytes(response(2, "https://elsewhere.example/"))
    real = WorkFolder.add_file

    def replaced(work: WorkFolder, path: str, source: object) -> FileAdded:
        if source == crawl:
            later.replace(crawl)
        return real(work, path, source)  # type: ignore[arg-type]

    monkeypatch.setattr(WorkFolder, "add_file", replaced)
    with pytest.raises(FileChanged, match=r"crawl\.warc: changed while it was read"):
        import_recordings(ImportOrder((crawl,), report, tmp_path / "R1"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crawl.warc", "report.txt"]


def test_the_bag_is_sound_and_can_be_handed_over(tmp_path: Path, report: Path, wacz: Path) -> None:
    imported = import_recordings(ImportOrder((wacz,), report, tmp_path / "R1"))
    assert [one.code for one in verify(imported.result.bag, jobs=1).findings if one.severity == "error"] == []
    packed = pack(imported.result.bag, PackOrder(tmp_path / "out"), NOW)
    assert [one.code for one in verify(packed.places[0], jobs=1).findings if one.severity == "error"] == []


def test_an_address_that_is_printed_without_its_scheme_is_in_a_recording(tmp_path: Path, report: Path, wacz: Path) -> None:
    report.write_text("See www.two.example/b, as published.\n")
    imported = import_recordings(ImportOrder((wacz,), report, tmp_path / "R1"))
    (source,) = imported.result.ledger.sources
    assert (source.cited, source.status) == ("www.two.example/b", Status.SUPPLIED)
    assert [one.code for one in verify(imported.result.bag, jobs=1).findings if one.severity == "error"] == []


def errors_in(bag: Path) -> list[str]:
    return [one.code for one in verify(bag, jobs=1).findings if one.severity == "error"]


BROKEN = "https://two.example/a-long-name-\nof-a-page"


def test_a_recording_of_another_reading_covers_the_source_and_the_ledger_names_it(tmp_path: Path, report: Path) -> None:
    """An address that is broken over two lines may end at the first, or go on in the second."""
    report.write_text(f"See {BROKEN}\n")
    (source,) = read_order(report).manifest.sources
    printed, other = source.readings[:2]
    warc = tmp_path / "crawl.warc.gz"
    warc.write_bytes(
        zipped([response(1, other), resource(2, f"urn:view:{other}", PNG, "image/png"), response(3, "https://x.example/")])
    )

    imported = import_recordings(ImportOrder((warc,), report, tmp_path / "R1"))

    (entry,) = imported.result.ledger.sources
    (copy,) = entry.copies
    assert (entry.cited, entry.status, copy.url) == (printed, Status.SUPPLIED, other)
    assert [(each.url, each.requested) for each in entry.readings] == [(text, False) for text in source.readings]
    assert entry.readings[0].certainty == "uncertain"
    (under,) = (one for one in copy.notes if one.code == "recording-holds-under")
    assert under.facts["detail"] == other
    assert (imported.result.bag / copy.files[1]).read_bytes() == PNG
    assert errors_in(imported.result.bag) == []
    packed = pack(imported.result.bag, PackOrder(tmp_path / "out", form="wacz"), NOW)
    assert [page.url for page in read_recording(packed.places[0]).pages] == [other]


def test_the_printed_reading_is_taken_where_a_recording_holds_both(tmp_path: Path, report: Path) -> None:
    report.write_text(f"See {BROKEN}\n")
    (source,) = read_order(report).manifest.sources
    warc = tmp_path / "crawl.warc.gz"
    warc.write_bytes(zipped([response(number, text) for number, text in enumerate(reversed(source.readings))]))
    imported = import_recordings(ImportOrder((warc,), report, tmp_path / "R1"))
    (copy,) = imported.result.ledger.sources[0].copies
    assert copy.url == source.cited
    assert "recording-holds" in {one.code for one in copy.notes}
    assert errors_in(imported.result.bag) == []


def test_the_reading_that_a_person_stated_is_looked_for(tmp_path: Path) -> None:
    manifest = tmp_path / "sources.toml"
    manifest.write_text(
        '[report]\nid = "R1"\n'
        '[[source]]\ncited = "https://one.example/ä"\nreading = "https://one.example/right"\n'
    )
    warc = tmp_path / "crawl.warc.gz"
    warc.write_bytes(zipped([response(1, "https://one.example/right")]))
    imported = import_recordings(ImportOrder((warc,), manifest, tmp_path / "R1"))
    (entry,) = imported.result.ledger.sources
    assert (entry.status, entry.copies[0].url) == (Status.SUPPLIED, "https://one.example/right")
    assert errors_in(imported.result.bag) == []


@pytest.mark.parametrize(
    ("date", "taken"),
    [
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"),
        ("2026-11-20T10:00:00.123456Z", "2026-11-20T10:00:00Z"),
        ("2026-11-20T10:00:00+02:00", None),
        ("2026-11-20t10:00:00z", None),
        ("2026", None),
        ("on the twentieth of November", None),
        ("2016-12-31T23:59:60Z", None),
    ],
)
def test_only_a_date_to_the_second_in_utc_says_when_a_source_was_recorded(
    tmp_path: Path, report: Path, date: str, taken: str | None
) -> None:
    warc = tmp_path / "crawl.warc.gz"
    warc.write_bytes(zipped([record("response", 1, PAGE, WARC_Target_URI="https://one.example/a", WARC_Date=date)]))
    run_clock = RunClock()
    imported = import_recordings(ImportOrder((warc,), report, tmp_path / "R1"), run_clock=run_clock)
    (copy,) = imported.result.ledger.sources[0].copies
    assert copy.taken == taken or (taken is None and copy.taken >= imported.result.ledger.started)
    assert errors_in(imported.result.bag) == []


REVISIT = {"type": "revisit", "WARC_Refers_To": "<urn:uuid:00000000-0000-4000-8000-000000000009>"}


@pytest.mark.parametrize(
    ("responses", "codes"),
    [
        ([REVISIT], "revisit"),
        ([{"WARC_Truncated": "length"}], "truncated"),
        ([REVISIT, {"WARC_Truncated": "length"}], "revisit, truncated"),
        ([{"block": GONE}, REVISIT], "revisit"),
        ([REVISIT, {}], None),
        ([{"block": b"HTTP/1.1 103 Early Hints\r\n\r\n" + PAGE}], None),
    ],
)
def test_a_recording_without_the_content_of_a_source_says_so(
    tmp_path: Path, report: Path, responses: list[dict[str, object]], codes: str | None
) -> None:
    warc, records = tmp_path / "crawl.warc.gz", []
    for number, stated in enumerate(responses, start=1):
        fields = {"WARC_Target_URI": "https://one.example/a", "WARC_Date": f"2026-11-22T10:00:0{number}Z", **stated}
        kind, block = str(fields.pop("type", "response")), fields.pop("block", PAGE)
        assert isinstance(block, bytes)
        about = {"Content_Type": "application/http;msgtype=response", "WARC_Profile": PROFILE} if kind == "revisit" else {}
        records.append(record(kind, number, block, **about, **fields))  # type: ignore[arg-type]
    warc.write_bytes(zipped(records))
    bag = import_recordings(ImportOrder((warc,), report, tmp_path / "R1")).result.bag
    forged = ForgedBag(bag)
    (copy,) = forged.entry("s01").copies
    found = [each.facts["codes"] for each in copy.notes if each.code == "recording-no-content"]
    assert found == ([codes] if codes is not None else [])
    assert errors_in(bag) == []
    if codes is not None:
        notes = tuple(each for each in copy.notes if each.code != "recording-no-content")
        forged.set_copy("s01", "supplied", notes=notes)
        forged.seal_over()
        assert errors_in(bag) == ["note-contradicted"]


def test_a_report_with_a_mail_address_is_imported(tmp_path: Path, report: Path, wacz: Path) -> None:
    report.write_text(f"{REPORT}\nWrite to info@example.org, or to example.org.\n")
    imported = import_recordings(ImportOrder((wacz,), report, tmp_path / "R1"))
    assert imported.result.ledger.passed_over
    assert [one.code for one in verify(imported.result.bag, jobs=1).findings if one.severity == "error"] == []


def test_a_recording_that_shows_only_how_a_server_refused_a_source_says_so(
    tmp_path: Path, report: Path, wacz: Path
) -> None:
    refusal = tmp_path / "refusal.warc.gz"
    refusal.write_bytes(zipped([response(1, "https://three.example/c", GONE)]))
    why = "holds only an error of the server, HTTP 404, for s03"
    with pytest.raises(UsageProblem, match=why):
        import_recordings(ImportOrder((refusal,), report, tmp_path / "R1"))
    imported = import_recordings(ImportOrder((wacz, refusal), report, tmp_path / "R1"))
    assert imported.unused == {"refusal.warc.gz": why}
    assert (imported.uncovered, imported.refused) == ((), {"s03": ("refusal.warc.gz", 404)})
    assert imported.result.ledger.sources[2].status is Status.NOT_ATTEMPTED


def test_no_recording_of_any_citation_makes_no_bag(tmp_path: Path, report: Path) -> None:
    other = tmp_path / "other.warc.gz"
    other.write_bytes(zipped([response(1, "https://elsewhere.example/")]))
    damaged = tmp_path / "damaged.warc.gz"
    damaged.write_bytes(zipped([response(1, "https://one.example/a")])[:-20])
    with pytest.raises(UsageProblem, match=r"damaged.warc.gz: damaged: warc-\S+; save or get it again"):
        import_recordings(ImportOrder((other, damaged), report, tmp_path / "R1"))
    assert not (tmp_path / "R1").exists()
    assert not (tmp_path / "R1.part").exists()


def test_what_is_there_is_left_alone(tmp_path: Path, report: Path, wacz: Path) -> None:
    (tmp_path / "R1").mkdir()
    with pytest.raises(AlreadyThere, match="there already"):
        import_recordings(ImportOrder((wacz,), report, tmp_path / "R1"))
    with pytest.raises(UsageProblem, match=r"neither a \.warc"):
        import_recordings(ImportOrder((report,), report, tmp_path / "R2"))


@pytest.mark.parametrize("number", [1, 2, 4, 5])
def test_an_import_that_was_stopped_is_made_by_the_same_command(
    tmp_path: Path, report: Path, wacz: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, count = ImportOrder((wacz,), report, tmp_path / "R1"), 0
    add = WorkFolder.add_file

    def stop(self: WorkFolder, path: str, source: object) -> object:
        nonlocal count
        count += 1
        if count == number:
            (self.base / path).parent.mkdir(parents=True, exist_ok=True)
            (self.base / path).write_bytes(b"half of")
            raise RuntimeError("killed")
        return add(self, path, source)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(WorkFolder, "add_file", stop)
        with pytest.raises(RuntimeError, match="killed"):
            import_recordings(order)
    warcs = {"other.warc.gz": zipped([response(1, "https://one.example/a")])}
    other = write_wacz(tmp_path / "other.wacz", wacz_files(warcs))
    bag = import_recordings(replace(order, recordings=(other,))).result.bag
    stored = [path for path in (bag / "data/media").rglob("*") if path.is_file()]
    assert [(path.name, path.read_bytes()) for path in stored] == [("supplied-01.wacz", other.read_bytes())]
    assert errors_in(bag) == []
    assert not (tmp_path / "R1.part").exists()


def test_an_import_that_was_stopped_while_it_was_finished_is_finished(
    tmp_path: Path, report: Path, wacz: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise RuntimeError("killed")

    order = ImportOrder((wacz,), report, tmp_path / "R1")
    with monkeypatch.context() as patch:
        patch.setattr("archive.fetch.imported.finish", stop)
        with pytest.raises(RuntimeError, match="killed"):
            import_recordings(order)
    with pytest.raises(AlreadyThere, match="archive finish"):
        import_recordings(order)
    assert errors_in(finish_work_folder(tmp_path / "R1.part").bag) == []


def test_a_recording_is_found_by_address_and_by_what_differs_in_scheme_alone(wacz: Path) -> None:
    recording = read_recording(wacz)
    assert [one.uri for one in recording.responses(urls_of("https://one.example/a#part"))] == ["https://one.example/a"]
    assert [one.uri for one in recording.responses(urls_of("two.example/b"))] == ["http://www.two.example/b"]
    assert recording.responses(urls_of("https://three.example/c")) == []
    assert hashlib.sha256(recording.view(urls_of("https://one.example/a")) or b"").hexdigest() == (
        hashlib.sha256(PNG).hexdigest()
    )


@pytest.mark.parametrize("form", [None, "tar", "zip", "gztar"])
@pytest.mark.parametrize("name", ["supplied-01-view.png", "supplied-01-text.txt"])
def test_an_extract_that_is_not_of_the_recording_is_found(
    tmp_path: Path, report: Path, wacz: Path, name: str, form: str | None
) -> None:
    bag = import_recordings(ImportOrder((wacz,), report, tmp_path / "R1")).result.bag
    place = bag / "data/media/s01" / name
    was, now = place.read_bytes(), place.read_bytes() + b"x"
    place.write_bytes(now)
    for manifest in bag.glob("manifest-*.txt"):
        algorithm = manifest.stem.removeprefix("manifest-")
        old, new = (hashlib.new(algorithm, data).hexdigest() for data in (was, now))
        manifest.write_text(manifest.read_text().replace(old, new))
    retag(bag)
    if form is not None:
        bag = Path(shutil.make_archive(str(tmp_path / "R1"), form, tmp_path, "R1"))
    found = [one for one in verify(bag, jobs=1).findings if one.code == "extract-differs"]
    assert [(str(one.path), one.source) for one in found] == [(f"data/media/s01/{name}", "s01")]


SINGLE = b"<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: %s \n saved date: Sun Nov 22 2026 10:00:00 \n--> x"
MHTML = b"From: <Saved by Blink>\r\nSnapshot-Content-Location: %s\r\nDate: Sun, 22 Nov 2026 10:00:00 -0000\r\n\r\n"


def test_pages_saved_as_one_file_are_imported_by_the_address_they_name(tmp_path: Path, report: Path) -> None:
    single, mhtml, other = tmp_path / "page.html", tmp_path / "page.mhtml", tmp_path / "other.html"
    single.write_bytes(SINGLE % b"https://one.example/a#top")
    mhtml.write_bytes(MHTML % b"http://www.two.example/b")
    other.write_bytes(SINGLE % b"https://elsewhere.example/")

    imported = import_recordings(ImportOrder((single, mhtml, other), report, tmp_path / "R1"))

    assert imported.covered == {"s01": ("page.html",), "s02": ("page.mhtml",)}
    assert imported.uncovered == ("s03",)
    assert imported.unused == {
        "other.html": "says that it was saved from https://elsewhere.example/, which is not cited"
    }
    copies = [entry.copies for entry in imported.result.ledger.sources[:2]]
    assert [copy.files for (copy,) in copies] == [
        ("data/media/s01/supplied-01.html",),
        ("data/media/s02/supplied-01.mhtml",),
    ]
    assert (imported.result.bag / "data/media/s01/supplied-01.html").read_bytes() == single.read_bytes()
    assert [one.code for one in verify(imported.result.bag).findings] == []
    with pytest.raises(PackRefused, match=r"holds no WARC.*page\.html|holds no WARC.*supplied-01\.html: no web recording"):
        pack(imported.result.bag, PackOrder(tmp_path / "out", "wacz"), NOW)


def test_an_arc_and_a_gzip_of_something_else_are_not_called_damaged(tmp_path: Path, report: Path) -> None:
    arc, other = tmp_path / "crawl.arc.gz", tmp_path / "data.csv.gz"
    arc.write_bytes(gzip.compress(b"filedesc://crawl.arc 0.0.0.0 20080430204825 text/plain 77\n1 0 InternetArchive\n"))
    other.write_bytes(gzip.compress(b"a,b\n"))
    with pytest.raises(UsageProblem, match=r"crawl\.arc\.gz: an ARC, .*warcio recompress FILE"):
        import_recordings(ImportOrder((arc,), report, tmp_path / "R1"))
    with pytest.raises(UsageProblem, match=r"data\.csv\.gz: neither a \.warc"):
        import_recordings(ImportOrder((other,), report, tmp_path / "R1"))
    assert (is_recording_file(arc), is_recording_file(other)) == (False, False)
    other.write_bytes(zipped([response(1, "https://one.example/a")]))
    assert is_recording_file(other)


def test_a_page_that_names_no_address_and_an_empty_file_are_refused_with_what_to_do(tmp_path: Path, report: Path) -> None:
    page, empty = tmp_path / "page.html", tmp_path / "empty.warc"
    page.write_bytes(b"<html>nothing said</html>")
    empty.write_bytes(b"")
    with pytest.raises(UsageProblem, match=r"page\.html: neither a \.warc.*`archive supply BAG SOURCE FILE"):
        import_recordings(ImportOrder((page,), report, tmp_path / "R1"))
    with pytest.raises(UsageProblem, match=r"empty\.warc: empty, 0 bytes"):
        import_recordings(ImportOrder((empty,), report, tmp_path / "R1"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.warc.bz2", b"BZh91", "compressed with bzip2, which is not read here; undo that first: bunzip2"),
        ("a.warc.xz", b"\xfd7zXZ\0", "compressed with xz"),
        ("a.warc.zst", b"\x28\xb5\x2f\xfd", "compressed with Zstandard"),
        ("a.warc.lz4", b"\x04\x22\x4d\x18", "compressed with LZ4"),
        ("a.har", b'\xef\xbb\xbf{"log": {"version": "1.2"}}', "a HAR, .* convert it first: har2warc"),
        ("a.maff", b"PK\x03\x04", "a MAFF, pages that Firefox saved"),
        ("a.zip", b"PK\x03\x04", "a zip; unpack it"),
        ("a.docx", b"PK\x03\x04", "neither a .warc"),
        ("a.cdx", b" CDX N b a m s", "an index of recordings"),
        ("a.cdxj", b'org,example)/ 2026 {"url": "https://example.org/"}', "an index of recordings"),
    ],
)
def test_what_holds_a_recording_in_another_form_gets_advice_on_that_form(
    report: Path, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    other = tmp_path / name
    other.write_bytes(content)
    with pytest.raises(UsageProblem, match=f"{name}: {said}"):
        import_recordings(ImportOrder((other,), report, tmp_path / "R1"))
    assert not (tmp_path / "R1").exists()
