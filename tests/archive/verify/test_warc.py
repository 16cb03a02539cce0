"""The answer about WARCs: each record, each line about one, each generated file, one thing broken at a time."""

from __future__ import annotations

import hashlib

import pytest
from msgspec.structs import replace

from archive.verify.records.warc import check_warc
from archive_manifests import canonical, custody, records
from archive_manifests.cdxj import index_cdx
from archive_manifests.findings import Outcome, outcome_of
from tests.archive.verify.evidence_bag import (
    STORED,
    A,
    Files,
    events,
    got,
    ledger,
    log_of,
    make,
    observed,
    package,
    reports,
    requested,
    retained,
    warc_findings,
    warcs,
)
from tests.archive.warc.warc_bytes import member, record, sound, uuid, zipped

FIRST, SECOND = "data/archive/s01.warc.gz", "data/archive/s02.warc.gz"
LOG, INDEX = "data/provenance/records.jsonl", "data/indexes/index.cdx"


def test_a_sound_bag_has_no_findings() -> None:
    assert warc_findings(make()) == []


def test_the_answer_does_not_change_what_it_is_given() -> None:
    files = make()
    before = dict(files)
    warc_findings(files)
    assert files == before


def stored(path: str) -> list[bytes]:
    return [each for _, each, _ in STORED[path]]


def with_first(members: list[bytes]) -> Files:
    """The sound bag with other members in its first WARC; what is said of it stays as it was."""
    files = make()
    return files | {FIRST: b"".join(members)}


def resaid(files: Files) -> Files:
    """The data package made right again, so that it is not what the test is about."""
    return files | {"data/datapackage.json": package(files, ledger()).encode()}


def test_a_record_that_was_removed_is_missing_and_those_behind_it_are_not_where_they_should_be() -> None:
    members = [member(each) for each in stored(FIRST)]
    found = warc_findings(resaid(with_first(members[:-1])))
    assert observed(found) == ["record-missing provenance/records.jsonl"]  # what refers to it follows
    missing = next(finding for finding in found if finding.code == "record-missing")
    assert (missing.record, missing.line, missing.note) == (uuid(6), 7, "https://sn4hr.org/gone.css")


def test_a_record_that_was_put_in_at_the_end_is_unlisted() -> None:
    members = [member(each) for each in stored(FIRST)] + [member(record("metadata", 99, b"{}"))]
    found = warc_findings(resaid(with_first(members)))
    assert [(finding.code, finding.record) for finding in found] == [("record-unlisted", uuid(99))]


def test_records_behind_one_that_was_altered_have_moved_and_nothing_is_missing() -> None:
    members = [member(each) for each in stored(FIRST)]
    old = stored(FIRST)[2]
    members[2] = member(old.replace(b"WARC-Target-URI: https://sn4hr.org/a", b"WARC-Target-URI: https://sn4hr.org/" + b"b" * 99))
    found = warc_findings(resaid(with_first(members)))
    assert outcome_of(found) is Outcome.CONTRADICTORY
    assert [one.code for one in found] == [*["record-differs"] * 3, "record-moved"]
    assert {one.record for one in found[:3]} == {uuid(2)}
    assert (found[3].note or "").startswith(f"{len(members) - 3} records; the first: ")


def test_of_a_warc_that_was_compressed_again_the_first_record_is_named() -> None:
    found = warc_findings(resaid(with_first([member(each, 0) for each in stored(FIRST)])))
    assert outcome_of(found) is Outcome.CONTRADICTORY
    assert sorted(one.code for one in found) == ["record-differs", "record-moved"]
    assert "records in other stored bytes; the first: " in str(next(one.note for one in found if one.code == "record-differs"))


def test_two_records_that_changed_places_are_reported() -> None:
    members = [member(each) for each in stored(FIRST)]
    members[1:3] = members[2:0:-1]
    found = warc_findings(resaid(with_first(members)))
    assert {finding.code for finding in found} == {"record-moved", "record-missing", "record-unlisted"}


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        (b"WARC-Target-URI: https://sn4hr.org/a\r\n", b"WARC-Target-URI: https://sn4hr.org/b\r\n", {"sha256", "uri"}),
        (b"WARC-Date: 2026-11-22T10:00:00.1", b"WARC-Date: 2025-11-22T10:00:00.1", {"sha256", "date"}),
    ],
)
def test_a_header_that_was_edited_is_reported_though_no_digest_in_the_warc_covers_it(
    old: bytes, new: bytes, names: set[str]
) -> None:
    members = [member(each, 0) for each in stored(FIRST)]
    files = make(stored=warcs() | {FIRST: b"".join(members)})
    members[2] = member(stored(FIRST)[2].replace(old, new), 0)
    found = warc_findings(resaid(files | {FIRST: b"".join(members)}))
    assert {finding.code for finding in found} == {"record-differs"}
    assert {(finding.expected or "").partition(" ")[0] for finding in found} == names
    assert {finding.record for finding in found} == {uuid(2)}


def test_a_whole_warc_that_is_gone_is_reported_once() -> None:
    files = make()
    del files[SECOND]
    found = warc_findings(resaid(files))
    assert observed(found) == ["record-missing archive/s02.warc.gz"]
    assert found[0].expected == "3 records"


def test_a_warc_that_nothing_lists_is_reported() -> None:
    files = make() | {"data/archive/s03.warc.gz": zipped([record("warcinfo", 30, b"a: b\r\n")])}
    assert observed(warc_findings(resaid(files))) == ["record-unlisted archive/s03.warc.gz"]


def test_damage_names_the_record_that_is_listed_for_its_place() -> None:
    data = bytearray(make()[FIRST])
    place = sum(len(member(each)) for each in stored(FIRST)[:2])
    data[place + 60] ^= 1
    found = warc_findings(resaid(make() | {FIRST: bytes(data)}))
    damage = next(finding for finding in found if finding.code == "warc-gzip")
    assert damage.record == uuid(2)
    assert damage.note == f"at byte {place:,}; {A}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("length", 1),
        ("sha256", "0" * 64),
        ("id", uuid(55)),
        ("type", "resource"),
        ("uri", "https://sn4hr.org/other"),
        ("date", "2026-11-22T10:00:01Z"),
        ("http_status", 404),
        ("mime", "image/gif"),
        ("payload_sha256", "0" * 64),
        ("truncated", "length"),
    ],
)
def test_a_line_of_the_log_that_says_something_else_of_a_record_is_reported(field: str, value: object) -> None:
    log = log_of(warcs())
    log[2] = replace(log[2], **{field: value})  # type: ignore[arg-type]
    found = warc_findings(make(log=log))
    differing = [finding for finding in found if finding.code == "record-differs"]
    assert [(finding.expected or "").partition(" ")[0] for finding in differing] == [field]
    assert differing[0].path is not None
    assert differing[0].path.text == FIRST


def relogged(lines: list[bytes]) -> Files:
    return make() | {LOG: b"".join(lines)}


def lines_of(files: Files, path: str) -> list[bytes]:
    return files[path].splitlines(keepends=True)


def test_a_line_cut_out_of_the_log_breaks_its_chain_and_leaves_a_record_unlisted() -> None:
    lines = lines_of(make(), LOG)
    del lines[3]
    found = warc_findings(relogged(lines))
    assert observed(found) == ["log-chain provenance/records.jsonl", "record-unlisted archive/s01.warc.gz"]
    chain = next(finding for finding in found if finding.code == "log-chain")
    assert (chain.line, chain.expected) == (4, hashlib.sha256(lines[2]).hexdigest())


def test_the_first_line_cut_out_of_the_log_breaks_its_chain() -> None:
    lines = lines_of(make(), LOG)[1:]
    assert "log-chain provenance/records.jsonl" in observed(warc_findings(relogged(lines)))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line[:-1],
        lambda line: line.replace(b'"offset":', b'"offset": '),
        lambda line: line.replace(b'"offset":', b'"offset":7,"offset":'),
        lambda line: b"[]\n",
        lambda line: b"\n",
        lambda line: line.replace(b"response", b"resp\xffnse"),
    ],
    ids=["no LF", "spaced", "twice", "list", "blank", "not UTF-8"],
)
def test_a_line_of_the_log_that_is_not_as_we_write_it_is_reported(spoil: object) -> None:
    assert callable(spoil)
    lines = lines_of(make(), LOG)
    lines[-1] = spoil(lines[-1])
    found = warc_findings(relogged(lines))
    assert "log-line provenance/records.jsonl" in observed(found)
    assert next(finding.line for finding in found if finding.code == "log-line") == len(lines)


def test_a_log_of_a_million_bad_lines_is_reported_within_bounds() -> None:
    found = warc_findings(make() | {LOG: b"x\n" * 200_000})
    assert len(found) < 1100


@pytest.mark.parametrize(
    ("path", "line"),
    [(INDEX, 1), ("data/pages/pages.jsonl", 2), ("data/datapackage.json", 5)],
)
def test_a_generated_file_that_was_edited_is_reported_with_its_line(path: str, line: int) -> None:
    lines = lines_of(make(), path)
    lines[line - 1] = lines[line - 1].replace(b"2", b"3")
    found = warc_findings(resaid(make() | {path: b"".join(lines)}) | ({path: b"".join(lines)} if line == 5 else {}))
    assert [(finding.code, str(finding.path), finding.line) for finding in found] == [("generated-differs", path, line)]
    assert found[0].found
    assert found[0].found in lines[line - 1].decode()
    assert found[0].found != found[0].expected


def test_a_line_more_in_the_index_is_reported() -> None:
    files = make()
    files[INDEX] += b"zzz,example)/ 20261122100000 {}\n"
    found = warc_findings(resaid(files))
    assert [(finding.code, finding.expected) for finding in found] == [("generated-differs", "the end of the file")]


def test_carriage_returns_in_the_index_are_reported() -> None:
    files = make()
    files[INDEX] = files[INDEX].replace(b"\n", b"\r\n")
    assert observed(warc_findings(resaid(files))) == ["generated-differs indexes/index.cdx"]


def test_a_post_is_not_in_the_index_and_need_not_be() -> None:
    log = log_of(warcs())
    log[2] = replace(log[2], method="POST")
    assert A not in {line for line in index_cdx(log).split('"') if line == A}


@pytest.mark.parametrize(
    "path",
    [
        *("data/sources.json", LOG, INDEX, "data/pages/pages.jsonl", "data/datapackage.json"),
        "data/provenance/events.jsonl",
    ],
)
def test_a_part_that_every_bag_of_ours_has_is_missed(path: str) -> None:
    files = make()
    del files[path]
    if path in (INDEX, "data/pages/pages.jsonl"):
        files = resaid(files)
    assert f"web-archive-part-missing {path.removeprefix('data/')}" in observed(warc_findings(files))


def test_events_that_were_cut_out_or_edited_are_reported() -> None:
    lines = lines_of(make(), "data/provenance/events.jsonl")
    cut = make() | {"data/provenance/events.jsonl": lines[1]}
    edited = make() | {"data/provenance/events.jsonl": lines[0].replace(b"done", b"lost") + lines[1]}
    garbled = make() | {"data/provenance/events.jsonl": lines[0] + b"{}\n"}
    assert observed(warc_findings(cut)) == ["log-chain provenance/events.jsonl"]
    assert observed(warc_findings(edited)) == ["log-chain provenance/events.jsonl"]
    assert observed(warc_findings(garbled)) == ["log-line provenance/events.jsonl"]


def test_a_package_made_at_another_time_than_the_last_event_is_reported() -> None:
    late = [replace(event, time="2026-11-23T10:00:00Z") for event in events()]
    files = make() | {"data/provenance/events.jsonl": "".join(custody.chained(late)).encode()}
    assert observed(warc_findings(files)) == ["generated-differs datapackage.json"]


# What our own bags must be and others need not be.


def test_records_that_share_a_member_are_an_error_in_a_bag_of_ours_and_a_warning_elsewhere() -> None:
    shared = {FIRST: member(b"".join(sound()))}
    assert observed(warc_findings(shared, is_ours=False)) == ["(warc-not-per-record archive/s01.warc.gz)"]
    ours = warc_findings(make() | shared)
    assert "warc-not-per-record archive/s01.warc.gz" in observed(ours)


def test_a_bag_with_our_log_is_checked_against_it_whatever_its_profile_says() -> None:
    members = [member(each) for each in stored(FIRST)] + [member(record("metadata", 99, b"{}"))]
    assert observed(warc_findings(resaid(with_first(members)), is_ours=False)) == ["record-unlisted archive/s01.warc.gz"]


def foreign(records_: list[bytes]) -> list[str]:
    return observed(warc_findings({FIRST: zipped(records_)}, is_ours=False))


def test_a_reference_to_a_record_elsewhere_is_a_warning_in_a_foreign_bag() -> None:
    note = record("metadata", 1, b"{}", WARC_Refers_To=f"<{uuid(2)}>")
    assert foreign([note]) == ["(warc-reference archive/s01.warc.gz)"]


def test_a_reference_over_files_in_either_direction_resolves() -> None:
    one = zipped([record("metadata", 1, b"{}", WARC_Refers_To=f"<{uuid(2)}>")])
    two = zipped([record("metadata", 2, b"{}", WARC_Refers_To=f"<{uuid(1)}>")])
    assert warc_findings({FIRST: one, SECOND: two}, is_ours=False) == []


def test_an_id_that_two_records_have_is_a_warning_elsewhere_also_over_files() -> None:
    one = zipped([record("metadata", 1, b"{}")])
    assert observed(warc_findings({FIRST: one, SECOND: one}, is_ours=False)) == ["(warc-id-twice archive/s02.warc.gz)"]
    assert observed(warc_findings({FIRST: one, SECOND: one}, is_ours=False, is_strict=True)) == [
        "warc-id-twice archive/s02.warc.gz"
    ]


PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def test_an_answer_that_is_shorter_than_it_says_needs_its_mark() -> None:
    cut = PAGE[:-2]
    assert foreign([record("response", 1, cut)]) == ["(warc-truncated-unmarked archive/s01.warc.gz)"]
    assert foreign([record("response", 1, cut, WARC_Truncated="disconnect")]) == []
    whole = record("response", 1, PAGE, WARC_Truncated="length")
    assert foreign([whole]) == ["(warc-truncated-mark archive/s01.warc.gz)"]


def test_an_answer_to_head_has_no_body_and_needs_no_mark() -> None:
    bare = PAGE[:-5]
    question = record("request", 2, b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", WARC_Concurrent_To=f"<{uuid(1)}>")
    assert foreign([record("response", 1, bare), question]) == []
    assert foreign([question, record("response", 1, bare)]) == []


def test_a_file_of_ours_starts_with_its_warcinfo() -> None:
    files = {FIRST: b"".join(member(each[1]) for each in (requested(1, A, 2), got(2, A, PAGE)))}
    assert "warc-warcinfo archive/s01.warc.gz" in observed(warc_findings(make(stored=files)))


def test_a_record_of_ours_has_a_block_digest() -> None:
    files = warcs()
    files[SECOND] += member(record("metadata", 13, b"{}", WARC_Block_Digest=None))
    found = observed(warc_findings(make(stored=files)))
    assert "warc-block-undigested archive/s02.warc.gz" in found


def test_control_files_that_were_too_large_to_keep_are_said_to_be_unchecked() -> None:
    files = make()
    found = check_warc(retained(files, too_large=[LOG]), reports(files))
    assert observed(found) == ["(warc-unchecked provenance/records.jsonl)"]


def test_our_own_spelling_of_a_log_line_is_the_one_that_is_checked() -> None:
    """msgspec writes what `canonical` writes, also where JSON leaves a choice; the check relies on it for speed."""
    odd = replace(log_of(warcs())[2], uri='https://e.com/\x7f\u2028"\\/é\U0001f600', mime="a\tb\x01")
    (line,) = records.chained([odd])
    assert canonical.line(odd) == line
    assert warc_findings(make(log=[*log_of(warcs())[:2], odd, *log_of(warcs())[3:]]))[0].code != "log-line"


def test_a_warcinfo_that_is_not_there_is_a_dangling_reference_too() -> None:
    note = record("metadata", 1, b"{}", WARC_Warcinfo_ID=f"<{uuid(2)}>")
    (found,) = warc_findings({FIRST: zipped([note])}, is_ours=False)
    assert (found.code, found.record, found.found) == ("warc-reference", uuid(1), "WARC-Warcinfo-ID alone")


def test_of_records_that_differ_without_end_the_first_are_listed() -> None:
    many = {FIRST: zipped([record("metadata", 1000 + number, b"{}") for number in range(1100)])}
    found = warc_findings(make(stored=many | {SECOND: warcs()[SECOND]}, log=log_of({SECOND: warcs()[SECOND]})))
    assert [finding.code for finding in found].count("record-unlisted") == 1000
    assert [finding.code for finding in found].count("warc-limit") == 1


@pytest.mark.parametrize("ends", [b"\r\n", b"\r"])
def test_a_log_with_other_line_ends_is_not_as_we_write_it(ends: bytes) -> None:
    files = make()
    files[LOG] = files[LOG].replace(b"\n", ends)
    assert "log-line provenance/records.jsonl" in observed(warc_findings(files))


def test_events_that_are_spelled_otherwise_are_reported() -> None:
    lines = lines_of(make(), "data/provenance/events.jsonl")
    spaced = lines[1].replace(b":", b": ", 1)
    found = warc_findings(make() | {"data/provenance/events.jsonl": lines[0] + spaced})
    assert [(finding.code, finding.line) for finding in found] == [("log-line", 2)]


def test_a_data_package_that_lists_a_path_outside_is_reported() -> None:
    files = make()
    files["data/datapackage.json"] = files["data/datapackage.json"].replace(b'"archive/s01', b'"../s01')
    (found,) = warc_findings(files)
    assert (found.code, str(found.path)) == ("generated-differs", "data/datapackage.json")
    assert "'../s01.warc.gz'" in (found.found or "")


def test_records_without_ids_do_not_share_one() -> None:
    nameless = record("metadata", 1, b"{}", WARC_Record_ID=None)
    assert foreign([nameless, nameless]) == ["(warc-field-missing archive/s01.warc.gz)"]


def test_a_fault_of_a_record_without_an_id_names_none() -> None:
    nameless = {FIRST: zipped([record("metadata", 1, b"{}", WARC_Record_ID=None)])}
    assert [finding.record for finding in warc_findings(nameless, is_ours=False)] == [None]


@pytest.mark.parametrize("version", ["WARC/0.17", "WARC/0.18"])
def test_a_version_before_the_standard_is_one_warning_and_its_records_are_read(version: str) -> None:
    written = [record("response", number, PAGE, version=version) for number in range(300)]
    files = {FIRST: zipped(written)}
    found = warc_findings(files, is_ours=False)
    assert observed(found) == ["(warc-version archive/s01.warc.gz)"]
    assert str(found[0].note).startswith("300 times; the first: at byte 0")
    assert [report.count for report in reports(files).values()] == [300]
    altered = zipped([*written, record("response", 301, PAGE, version=version).replace(b"hello", b"hullo")])
    assert sorted(observed(warc_findings({FIRST: altered}, is_ours=False))) == [
        "(warc-version archive/s01.warc.gz)",
        "warc-block-digest archive/s01.warc.gz",
    ]
