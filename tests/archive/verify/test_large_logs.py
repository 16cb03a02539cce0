"""Logs and indexes too large for memory: read a second time, line by line, and judged as small ones are."""

from __future__ import annotations

import hashlib
import json
import shutil
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.bag.folder import FolderReader
from archive.bag.interface import Broken
from archive.verify.files import control_files, payload
from archive.verify.records.generated_texts import LineDigests
from archive.verify.run import verify
from archive.verify.statements.coverage_records import check_unexplained
from archive.verify.visits.evidence import gather
from archive.warc.scan import WarcScan
from archive_manifests import records
from archive_manifests.cdxj import index_cdx
from archive_manifests.records import RecordLine
from tests.archive.verify import evidence_bag
from tests.archive.verify.evidence_bag import Files, log_of, make
from tests.archive.verify.sample_bags import make_bag, observed
from tests.archive.warc.warc_bytes import member, record, sha256, uuid

LOG = "data/provenance/records.jsonl"
INDEX = "data/indexes/index.cdx"
ABSENT = "data/archive/s00.warc.gz"


@pytest.fixture
def few_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_files, "STREAMED_LIMIT", 100)


def with_log(change: Callable[[list[RecordLine]], list[RecordLine]]) -> Files:
    lines = change(log_of(evidence_bag.warcs()))
    return make(log=lines)


def renamed(line: RecordLine, file: str) -> RecordLine:
    return replace(line, file=file)


def index_changed(change: Callable[[list[str]], list[str]]) -> Files:
    files = make()
    lines = files[INDEX].decode().splitlines(keepends=True)
    assert change(lines) != lines
    files[INDEX] = "".join(change(lines)).encode()
    return files | {"data/datapackage.json": evidence_bag.package(files, evidence_bag.ledger()).encode()}


def broken_chain() -> Files:
    files = make()
    lines = files[LOG].splitlines(keepends=True)
    del lines[3]
    return files | {LOG: b"".join(lines)}


def no_line() -> Files:
    files = make()
    lines = files[LOG].splitlines(keepends=True)
    lines[3] = b"{}\n"
    return files | {LOG: b"".join(lines)}


def damaged_record() -> Files:
    """One byte of a compressed response is another: only the log says which record that was."""
    files = make()
    path = "data/archive/s01.warc.gz"
    line = next(line for line in log_of(evidence_bag.warcs()) if line.file == path and line.type == "response")
    data = bytearray(files[path])
    data[line.offset + line.length - 6] ^= 1
    return files | {path: bytes(data)}


CASES: dict[str, Callable[[], Files]] = {
    "sound": make,
    "a record that the log leaves out": lambda: with_log(lambda lines: [*lines[:2], *lines[3:]]),
    "the last record that the log leaves out": lambda: with_log(lambda lines: lines[:-1]),
    "another digest": lambda: with_log(lambda lines: [replace(lines[0], sha256="0" * 64), *lines[1:]]),
    "another status": lambda: with_log(lambda lines: [*lines[:2], replace(lines[2], http_status=500), *lines[3:]]),
    "a WARC that is not there, first": lambda: with_log(lambda lines: [renamed(lines[0], ABSENT), *lines]),
    "a WARC that is not there, last": lambda: with_log(
        lambda lines: [*lines, renamed(lines[0], "data/archive/s99.warc.gz")]
    ),
    "a record that is damaged": damaged_record,
    "another order": lambda: with_log(lambda lines: [lines[1], replace(lines[0], http_status=500), *lines[2:]]),
    "a broken chain": broken_chain,
    "a line that is none": no_line,
    "a line too many in the index": lambda: index_changed(lambda lines: [lines[0], *lines]),
    "a line too few in the index": lambda: index_changed(lambda lines: lines[1:]),
    "another order in the index": lambda: index_changed(lambda lines: lines[::-1]),
    "another offset in the index": lambda: index_changed(
        lambda lines: [lines[0].replace('"offset": "', '"offset": "9'), *lines[1:]]
    ),
    "no line end in the index": lambda: index_changed(lambda lines: [*lines[:-1], lines[-1][:-1]]),
}


def judged(files: Files, place: Path, name: str = "R1") -> list[str]:
    shutil.rmtree(place / name, ignore_errors=True)
    return about_warcs(make_bag(place / name, files))


def about_warcs(bag: Path) -> list[str]:
    """Findings of its records: the ledger of this bag states what no program derives from them, and it has no readme."""
    found = verify(bag, jobs=1)
    of_records = [each for each in found.findings if each.question != "coverage" and each.code != "not-canonical"]
    seen = observed(replace(found, findings=tuple(of_records)))
    return [f"{line} {each.record} {each.source}" for line, each in zip(seen, of_records, strict=True)]


@pytest.mark.parametrize("name", CASES)
def test_a_large_log_is_judged_as_a_small_one(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = CASES[name]()
    in_memory = judged(files, tmp_path)
    assert bool(in_memory) == (name != "sound")
    monkeypatch.setattr(control_files, "STREAMED_LIMIT", 100)
    assert judged(files, tmp_path) == in_memory


@pytest.mark.usefixtures("few_bytes")
@pytest.mark.parametrize("form", ["tar", "gztar", "zip"])
def test_a_large_log_in_a_package_is_read_again(tmp_path: Path, form: str) -> None:
    make_bag(tmp_path / "R1", make())
    place = Path(shutil.make_archive(str(tmp_path / "out" / "R1"), form, tmp_path, "R1"))
    assert about_warcs(place) == []


@pytest.mark.usefixtures("few_bytes")
def test_a_log_in_another_order_is_not_checked_where_it_is_too_large_for_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = with_log(lambda lines: [lines[1], lines[0], *lines[2:]])
    monkeypatch.setattr(control_files, "CONTROL_FILE_LIMIT", len(files[LOG]) - 1)
    found = verify(make_bag(tmp_path / "R1", files), jobs=1)
    codes = [(each.code, str(each.path)) for each in found.findings if each.question == "warc"]
    assert codes == [("warc-unchecked", LOG)]
    assert found.answers["warc"].state == "not-checked"


@pytest.mark.usefixtures("few_bytes")
@pytest.mark.parametrize("path", [LOG, INDEX])
def test_a_file_that_is_another_when_it_is_read_again_is_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    bag = make_bag(tmp_path / "R1", make())
    chunks, read = FolderReader.chunks, []

    def changing(self: FolderReader, entry: object) -> Iterator[bytes]:
        for chunk in chunks(self, entry):  # type: ignore[arg-type]
            if str(getattr(entry, "path", "")) == path and read.count(path):
                chunk = chunk + b" "
            yield chunk
        read.append(str(getattr(entry, "path", "")))

    monkeypatch.setattr(FolderReader, "chunks", changing)
    found = observed(verify(bag, jobs=1))
    assert f"(warc-unchecked {path})" in found


@pytest.mark.usefixtures("few_bytes")
def test_a_large_log_beside_a_recording_that_a_person_supplied(tmp_path: Path) -> None:
    files = make()
    files["data/media/s02/own.warc.gz"] = member(record("warcinfo", 40, b"software: other\r\n"))
    assert judged(files, tmp_path) == []


def test_what_is_left_out_for_want_of_room_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "CONTROL_FILES_LIMIT", 4000)
    found = judged(make(), tmp_path)
    assert {line for line in found if LOG in line or INDEX in line} == set()
    assert {line.split()[0] for line in found} <= {"(warc-unchecked", "(coverage-unchecked", "(generated-unchecked"}


def test_a_ledger_of_more_values_than_fit_into_memory_is_not_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = make()["data/sources.json"].count(b",")
    monkeypatch.setattr(control_files, "VALUES_LIMIT", ledger - 1)
    found = verify(make_bag(tmp_path / "R1", make()), jobs=1)
    assert ("coverage-unchecked", "data/sources.json") in [(each.code, str(each.path)) for each in found.findings]
    assert found.answers["coverage"].state == "not-checked"
    monkeypatch.setattr(control_files, "VALUES_LIMIT", ledger)
    assert "coverage-unchecked" not in {each.code for each in verify(tmp_path / "R1", jobs=1).findings}


def broken(_: str) -> Iterator[bytes]:
    yield b"a\n"
    raise Broken("file-changed", "not the same when it was read a second time")


def test_the_last_line_is_known_however_large_the_log_is() -> None:
    path = control_files.BagPath(LOG)
    whole = control_files.ControlFiles(contents={path: b"a\nbc\n"}, sizes={LOG: 5})
    again = control_files.ControlFiles(contents={}, sizes={LOG: 5}, too_large=frozenset({path}), again=lambda _: iter([b"a\nb", b"c\n"]))
    assert whole.last_line(LOG) == again.last_line(path) == b"bc\n"
    assert control_files.ControlFiles(contents={}, sizes={}).last_line(LOG) is None
    assert control_files.ControlFiles({}, {LOG: 5}, too_large=frozenset({path}), again=broken).last_line(LOG) is None


def test_lines_of_megabytes_are_cut() -> None:
    chunks = iter([b"a" * (9 << 20), b"b" * (9 << 20), b"c\nd"])
    assert [len(line) for line in control_files._lines(chunks)] == [18 << 20, 2, 1]


def test_the_same_line_a_hundred_thousand_times_takes_no_longer_than_others() -> None:
    made = LineDigests(lambda size: bytes(size))
    for _ in range(100_000):
        made.add(b"a\n")
    assert made.first_difference([b"a\n"] * 100_000) is None
    assert made.first_difference([b"a\n"] * 100_001) == (100_001, "a")
    assert made.first_difference([b"a\n"] * 99_999) == (100_000, "1 lines are not there")


NUMBER = 20_000


def many() -> Files:
    """A WARC of many small records, its log and its index, without a ledger."""
    stored, lines, offset = [], [], 0
    info = member(record("warcinfo", 0, b"software: x\r\n"))
    for number in range(NUMBER):
        data = info if not number else b""
        uri = f"https://sn4hr.org/{number:06}"
        if number:
            block = b"HTTP/1.1 200 OK\r\n\r\n%06d" % number
            data = member(record("response", number, block, WARC_Target_URI=uri), 1)
        status, payload_sha256 = (None, None) if not number else (200, sha256(b"%06d" % number))
        kind, target = ("warcinfo", None) if not number else ("response", uri)
        lines.append(
            RecordLine(
                *("data/archive/s01.warc.gz", offset, len(data), hashlib.sha256(data).hexdigest(), uuid(number)),
                *(kind, target, "2026-11-22T10:00:00.123456Z", status, None, payload_sha256),
            )
        )
        stored.append(data)
        offset += len(data)
    log = "".join(records.chained(lines)).encode()
    files = {"data/archive/s01.warc.gz": b"".join(stored), LOG: log, INDEX: index_cdx(lines).encode()}
    assert json.loads(log.splitlines()[-1])["id"] == uuid(NUMBER - 1)
    return files


def test_memory_does_not_grow_with_the_captures_that_nothing_explains() -> None:
    scan = WarcScan(control_files.BagPath("data/archive/s01.warc.gz"))
    scan.feed(many()["data/archive/s01.warc.gz"])
    report = scan.close()
    tracemalloc.start()
    (finding,) = check_unexplained(gather(evidence_bag.ledger(), {report.path: report}))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (finding.found or "").startswith(f"{NUMBER - 5:,} records: ")  # one describes the file, four the ledger names
    assert peak < 4 << 20


def test_memory_does_not_grow_with_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = many()
    bag = make_bag(tmp_path / "R1", files)
    monkeypatch.setattr(control_files, "STREAMED_LIMIT", 1 << 20)
    missing = {line for line in observed(verify(bag, jobs=1)) if not line.startswith("web-archive-part-missing")}
    assert missing == set()
    tracemalloc.start()
    verify(bag, jobs=1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(files[LOG]) + len(files[INDEX]) > 14 << 20
    assert peak < 14 << 20
