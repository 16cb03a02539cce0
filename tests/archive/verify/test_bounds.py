"""Corners that no whole bag reaches easily: bounds, faults of the reader, and values that are not there."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from archive.bag import tagfiles
from archive.bag.derived import IDENTIFIER, LABEL
from archive.bag.folder import FolderReader
from archive.bag.interface import Broken, Entry, Reader
from archive.bag.manifest_table import ManifestTable
from archive.bag.open import open_bag
from archive.bag.tar_gz import TarGzBag
from archive.errors import UsageProblem
from archive.verify import run
from archive.verify.concerned_sources import Meaning, explain
from archive.verify.files import reading, workers
from archive.verify.files.fixity import compare
from archive.verify.files.names import odd_names
from archive.verify.files.read_ahead import ReadAhead
from archive.verify.files.reading import Batch, read_stream
from archive.verify.files.workers import MOST_NAMES, by_number
from archive.verify.records import generated, warc, warc_log
from archive.verify.records.generated import check_generated
from archive.verify.records.warc import Ties
from archive.verify.run import verify
from archive.verify.seal import who
from archive_manifests.findings import Finding
from archive_manifests.fixity import Fixity
from archive_manifests.layout import SEED
from archive_manifests.ledger import Rendering
from archive_manifests.paths import BagPath
from archive_manifests.source_toml import to_toml
from archive_manifests.sources import SourceManifest
from archive_manifests.tags import OUR_PROFILE
from tests.archive.verify import evidence_bag
from tests.archive.verify.evidence_bag import AT, coverage_findings, make, retained, scanned, with_source
from tests.archive.verify.sample_bags import FILES, make_bag, observed, put, retag
from tests.archive.warc.warc_bytes import member, record, uuid, zipped

LOG = "data/provenance/records.jsonl"


# Batches, readers, processes.


def test_no_names_make_no_batch_and_long_ones_make_many() -> None:
    assert list(by_number(iter([]), 3)) == []
    names = [f"data/{number:04}" + "x" * 200 for number in range(150)]
    batches = list(by_number(iter([names]), 256))
    assert [path for batch in batches for path in batch.paths] == names
    assert all(sum(map(len, batch.paths)) <= MOST_NAMES for batch in batches)
    assert len(batches) > 1


def test_a_name_longer_than_a_file_system_takes_is_odd_among_plain_ones() -> None:
    for odd in ("x" * 256, "x.", "x ", "con", "lpt1.txt"):
        assert [code for _, code, _ in odd_names(["data/a", f"data/{odd}"])] == ["name-unsafe"]


def test_a_process_of_the_pool_answers_until_it_is_requested_no_more(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    requested, asking = multiprocessing.Pipe(duplex=False)
    answers, answering = multiprocessing.Pipe(duplex=False)
    inherited, _ = multiprocessing.Pipe(duplex=False)
    batch = Batch()
    batch.add(Entry("data/a.txt", 4, 0))
    fault = Batch(paths=["data/a.txt"], sizes=[4], at=[0], start=3, stop=2)
    fault.sizes = []  # one entry is expected, and there is none
    for one in (batch, fault):
        asking.send(one)
    asking.close()
    before = signal.getsignal(signal.SIGINT)
    try:
        workers._work(requested, answering, (inherited,), open_bag(bag).reader(), ("sha256",))
    finally:
        signal.signal(signal.SIGINT, before)
    assert inherited.closed
    assert answers.recv().sizes == [4]
    assert "not enough values to unpack" in answers.recv()


class Failing(Reader):
    def chunks(self, entry: Entry) -> Iterator[bytes]:
        yield b"x" * 10
        raise Broken("unreadable", "the disk is gone")


def test_a_part_of_a_warc_that_cannot_be_read_is_a_problem_of_that_part() -> None:
    batch = Batch(start=5, stop=20)
    batch.add(Entry("data/a.warc.gz", 30, 0))
    read = reading.read_batch(Failing(), batch, ("sha256",))
    assert read.problems == {0: ("unreadable", "the disk is gone")}


def test_a_stream_that_breaks_off_is_a_problem_of_its_file() -> None:
    entry = Entry("data/a", 30, 0)
    read = read_stream(entry, Failing().chunks(entry), ("sha256",))
    assert (read.problems, read.digests, read.sizes) == ({0: ("unreadable", "the disk is gone")}, [b""], [0])


def test_processes_are_started_before_long_manifests_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "EARLY", 1)
    assert verify(make_bag(tmp_path / "R1"), jobs=2).findings == ()


def test_what_cannot_be_requested_is_wrong_usage(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    with pytest.raises(UsageProblem, match="no such question: whence; there are structure"):
        verify(bag, require=["whence"])
    with pytest.raises(UsageProblem, match="expected a digest in sha256 or sha512"):
        verify(bag, expect=Fixity("md5", "0" * 32))


# WARCs that are read in parts.

BIG = zipped([record("resource", number, bytes([number]) * 999) for number in range(200)])


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.verify.files.warc_parts.SMALLEST", 1 << 12)


@pytest.mark.usefixtures("in_parts")
def test_a_warc_whose_parts_do_not_fit_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.verify.files.warc_parts.WarcParts.whole", lambda *_: None)
    bag = make_bag(tmp_path / "R1", {"data/archive/s01.warc.gz": BIG})
    assert observed(verify(bag, jobs=2)) == []
    assert verify(bag, jobs=2).answers["warc"].state == "passed"


@pytest.mark.usefixtures("in_parts")
def test_a_warc_that_cannot_be_read_is_reported_once_however_many_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks_from = FolderReader.chunks_from

    def broken(self: FolderReader, entry: Entry, start: int) -> Iterator[bytes]:
        if entry.path.endswith(".gz"):
            raise Broken("unreadable", "the disk is gone")
        return chunks_from(self, entry, start)

    bag = make_bag(tmp_path / "R1", {"data/archive/s01.warc.gz": BIG})
    monkeypatch.setattr("archive.bag.folder.FolderReader.chunks_from", broken)
    found = [line for line in observed(verify(bag, jobs=2)) if "s01" in line]
    assert set(found) == {"unreadable data/archive/s01.warc.gz"}


@pytest.mark.usefixtures("in_parts")
def test_a_part_that_cannot_be_read_is_reported_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chunks_from = FolderReader.chunks_from

    def broken(self: FolderReader, entry: Entry, start: int) -> Iterator[bytes]:
        if start:
            raise Broken("unreadable", "the disk is gone")
        return chunks_from(self, entry, start)

    bag = make_bag(tmp_path / "R1", {"data/archive/s01.warc.gz": BIG})
    monkeypatch.setattr(FolderReader, "chunks_from", broken)
    assert observed(verify(bag, jobs=2)) == ["unreadable data/archive/s01.warc.gz"]


def test_a_gzip_that_breaks_between_its_files_is_reported_as_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> Iterator[object]:
        raise Broken("package-broken", "the gzip data ends too early")
        yield

    make_bag(tmp_path / "R1")
    place = Path(shutil.make_archive(str(tmp_path / "out" / "R1"), "gztar", tmp_path, "R1"))
    monkeypatch.setattr(TarGzBag, "stream", broken)
    monkeypatch.setattr(ReadAhead, "has_all", lambda *_: False)  # as where its manifests are in other algorithms
    missing = [f"payload-missing {name}" for name in sorted(FILES)]
    assert observed(verify(place)) == ["package-broken", "oxum-differs bag-info.txt", *missing]


# Tag files, tables, ties.


def test_a_tag_file_that_is_too_large_is_not_read_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bag = make_bag(tmp_path / "R1")
    monkeypatch.setattr(tagfiles, "TEXT_LIMIT", 60)
    found = observed(verify(bag, jobs=1))
    assert "tag-file-limit tagmanifest-sha256.txt" in found


def test_an_old_name_for_the_fields_beside_the_new_one_is_not_read_too(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1", tags={"package-info.txt": b"Payload-Oxum: 1.1\n"})
    assert observed(verify(bag, jobs=1)) == []


def test_a_digest_that_nobody_states_is_not_wrong() -> None:
    assert compare("data/a", {}, {"sha256": "0"}, is_tag=False) == []


def test_a_table_whose_second_manifest_skips_rows_is_filled_up() -> None:
    stated = ManifestTable(("md5", "sha1"))
    assert stated.add_many(0, ["a", "b", "c"], bytes(48))
    assert stated.add(1, "c", bytes(20))
    assert not stated.add(1, "c", bytes(20))
    assert stated.add(1, "a", b"\1" * 20)
    stated.fill()
    assert [list(stated.unlisted(column)) for column in (0, 1)] == [[], ["b"]]
    assert (stated.digest(1, 0), stated.digest(1, 1)) == (b"\1" * 20, bytes(20))


def test_of_many_ties_that_lead_nowhere_the_first_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "MOST", 2)
    short = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
    stored = [
        *(record("response", 1, whole, WARC_Truncated="length") for _ in range(4)),
        *(record("response", number, short) for number in range(20, 24)),
        *(record("metadata", number, b"", WARC_Refers_To=f"<{uuid(number + 500)}>") for number in range(300, 520)),
    ]
    ties = Ties()
    path = BagPath("data/a.warc.gz")
    assert len(list(ties.watch(path, scanned(path.text, b"".join(map(member, stored))).records()))) == len(stored)
    codes = [finding.code for finding in ties.findings_at_end()]
    assert {code: codes.count(code) for code in codes} == {
        "warc-truncated-mark": 1,
        "warc-id-twice": 1,
        "warc-reference": 2,
        "warc-truncated-unmarked": 2,
    }


def test_of_a_stream_of_lines_that_are_none_the_first_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc_log, "MOST", 2)
    log = warc_log.LogStream(iter([b"{}\n"] * 9), None, lambda _: None)
    assert list(log.of("data/a")) == []
    assert len(log.findings) == 3


def test_of_too_many_signatures_the_rest_is_said_to_be_unread() -> None:
    def tell(code: str, *_: object) -> Finding:
        return Finding(code)

    seal: Any = SimpleNamespace(listing=SimpleNamespace(signatures=["a.sig", "b.sig"]), finding=tell)
    assert [finding.code for finding in who._findings(seal, [], is_judged=True)] == ["signature-unread"]


# What the ledger means, and what is made from it.


def rendered(**changes: object) -> dict[str, bytes]:
    rendering = Rendering(AT, "Chromium 1", ("data/views/s01/page.png",), (uuid(4),))
    return with_source(0, rendering=replace(rendering, **changes))  # type: ignore[arg-type]


def test_a_rendering_is_there_with_its_files_and_records() -> None:
    assert coverage_findings(rendered() | {"data/views/s01/page.png": b"png"}) == []
    assert evidence_bag.observed(coverage_findings(rendered())) == ["copy-missing views/s01/page.png"]
    files = rendered(files=(), records=(uuid(404),))
    assert evidence_bag.observed(coverage_findings(files)) == ["exchange-missing sources.json"]


def test_a_source_without_an_address_and_a_requisite_without_a_record_mean_something_all_the_same() -> None:
    files = with_source(
        0, final_url=None, requisites=(replace(evidence_bag.ledger().sources[0].requisites[0], record=None),)
    )
    known = Meaning(evidence_bag.ledgers.from_json(files["data/sources.json"]), lambda: iter(()))
    assert known.of(Finding("warc-block-digest", BagPath("data/archive/s01.warc.gz"), record=uuid(2))) == {
        "s01": "page"
    }


def test_findings_that_are_not_about_content_mean_nothing_more() -> None:
    waiting = [Finding("oxum-differs", BagPath("bag-info.txt"))]
    assert explain(retained(make()), waiting) == waiting


def test_a_source_that_is_cited_nowhere_in_particular_is_cited_in_the_report() -> None:
    files = with_source(0, citations=())
    finding = Finding("warc-block-digest", BagPath("data/archive/s01.warc.gz"), record=uuid(2), question="warc")
    (explained,) = explain(retained(files), [finding])
    assert explained.note == f"s01 {evidence_bag.A}, cited in the report"


def test_a_ledger_that_cannot_be_read_is_reported_by_coverage_and_not_by_the_warcs() -> None:
    files = make() | {"data/sources.json": b"{"}
    assert evidence_bag.warc_findings(files) == []


def no_tags(**known: object) -> Any:
    return SimpleNamespace(
        **(
            {
                "texts": {},
                "digests": {},
                "oxum": None,
                "table": ManifestTable(("sha256", "sha512")),
                "is_version": False,
            }
            | known
        )
    )


def test_what_is_not_there_is_not_made_again() -> None:
    found = [(f.code, str(f.path)) for f in check_generated(retained(make()), no_tags(), "R1")]
    assert found == [("web-archive-part-missing", place.text) for place in (generated.PREMIS, generated.PAGE)]
    assert check_generated(retained(make() | {"data/sources.json": b"{"}), no_tags(), "R1") == []


def test_what_is_too_large_to_be_made_again_is_said_to_be_unchecked() -> None:
    left = retained(make(), too_large=[generated.PAGE.text, generated.PREMIS.text])
    codes = [(finding.code, str(finding.path)) for finding in check_generated(left, no_tags(), "R1")]
    assert codes[:2] == [("generated-unchecked", generated.PREMIS.text), ("generated-unchecked", generated.PAGE.text)]
    assert codes[2:] == [("disclosure-missing", SEED)]


def test_a_file_in_another_spelling_of_its_name_is_none_of_what_premis_describes() -> None:
    files = make() | {generated.PREMIS.text: b"<premis/>"}
    found = [(each.code, str(each.path)) for each in check_generated(retained(files), no_tags(), "R1")]
    missing = ("web-archive-part-missing", generated.PAGE.text)
    assert sorted(found) == [("generated-differs", generated.PREMIS.text), missing]


def test_a_bag_of_ours_without_warcs_is_compared_too(tmp_path: Path) -> None:
    stated = evidence_bag.ledger()
    report = replace(stated.report, path=None, size=None)
    files = {
        "data/sources.json": evidence_bag.ledgers.to_json(replace(stated, sources=(), report=report)).encode(),
        "data/report/sources.toml": to_toml(SourceManifest(report.stated, ())).encode(),
    }
    tags = {"README-VERIFY.txt": b"sha256sum -c\n"}
    bag = make_bag(tmp_path / "R1", files, info=[("BagIt-Profile-Identifier", OUR_PROFILE)], tags=tags)
    found = verify(bag, jobs=1)
    missing = ["web-archive-part-missing data/index.html", "web-archive-part-missing data/provenance/premis.xml"]
    assert sorted(observed(found)) == missing
    assert (found.answers["warc"].state, found.answers["coverage"].state) == ("absent", "failed")


def test_a_file_called_like_the_ledger_in_another_bag_is_none(tmp_path: Path) -> None:
    found = verify(make_bag(tmp_path / "R1", {"data/sources.json": b"[]"}), jobs=1)
    assert (observed(found), found.answers["coverage"].state) == ([], "absent")


def test_the_warcs_of_a_part_are_read_as_they_are(tmp_path: Path) -> None:
    info = [("Bag-Count", "1 of 2"), ("Bag-Group-Identifier", "urn:uuid:x"), (IDENTIFIER, "urn:uuid:x")]
    files = {"data/archive/s01.warc.gz": BIG}
    bag = make_bag(tmp_path / "R1", files, info=[*info, (LABEL, "tagmanifest-sha256.txt sha256:" + "0" * 64)])
    found = verify(bag, jobs=1)
    assert (observed(found), found.answers["warc"].state) == ([], "passed")
    assert found.answers["coverage"].state == "not-checked"


def test_a_supplied_recording_is_nobodys_but_its_own() -> None:
    files = make() | {"data/media/s02/own.warc.gz": member(record("warcinfo", 0, b"software: other\r\n"))}
    assert evidence_bag.warc_findings(files) == []


def test_a_resource_that_no_sha256_is_stated_of_is_left_to_the_manifests(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1", make(), algorithms=["sha512"])
    put(bag, "bag-info.txt", b"Title: x\n")
    retag(bag, ["sha512"])
    found = observed(verify(bag, jobs=1))
    assert [line for line in found if "datapackage" in line] == ["generated-differs data/datapackage.json"]
