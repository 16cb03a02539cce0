"""The answer about coverage: the report, the ledger and the captures, one thing broken at a time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from archive.verify.concerned_sources import explain, meaning
from archive.verify.coverage import check_coverage, is_ledger
from archive.verify.statements.coverage_records import StoppedRuns, check_unexplained
from archive.verify.visits.evidence import Evidence
from archive.warc.report import ScannedRecord
from archive_manifests import ledger as ledgers
from archive_manifests.findings import Finding
from archive_manifests.ledger import AcceptedBag, Conditions, Copy, Ledger, Requisite, Status, Verdict
from archive_manifests.paths import BagPath
from archive_manifests.sources import Citation
from tests.archive.verify.evidence_bag import (
    AT,
    ORIGINAL,
    PNG,
    TEXT,
    A,
    B,
    Files,
    coverage_findings,
    ledger,
    make,
    observed,
    reports,
    retained,
    warc_findings,
    warcs,
    with_ledger,
    with_source,
)
from tests.archive.warc.warc_bytes import member, record, uuid

LEDGER = "data/sources.json"
S01, S02 = ledger().sources


def test_a_sound_bag_has_no_findings() -> None:
    assert coverage_findings(make()) == []


def only(files: Files) -> Finding:
    (found,) = coverage_findings(files)
    return found


# The ledger itself.


def test_a_ledger_that_cannot_be_read_is_reported_and_nothing_else_is_guessed() -> None:
    for data in (b"", b"{", b"[]", b'{"schema":1}', b"\xff"):
        assert observed(coverage_findings(make() | {LEDGER: data})) == ["ledger-unreadable sources.json"]


def test_a_file_of_that_name_in_a_foreign_bag_is_a_ledger_where_it_says_so() -> None:
    assert is_ledger(retained(make(), is_ours=False))
    assert not is_ledger(retained({LEDGER: b'{"sources": ["somebody\'s own"]}'}, is_ours=False))
    assert is_ledger(retained({LEDGER: b"{"}))
    assert is_ledger(retained(make(), is_ours=False, too_large=[LEDGER]))
    assert not is_ledger(retained({}, is_ours=False))


def test_a_ledger_that_was_too_large_to_keep_is_said_to_be_unchecked() -> None:
    files = make()
    assert observed(check_coverage(retained(files, too_large=[LEDGER]), {})) == ["(coverage-unchecked sources.json)"]
    assert check_coverage(retained({}), {}) == []


def test_a_text_that_was_too_large_to_keep_is_said_to_be_unchecked() -> None:
    files = make()
    found = check_coverage(retained(files, too_large=["data/report/text.txt"]), reports(files))
    assert observed(found) == ["(coverage-unchecked report/text.txt)"]


def test_a_ledger_spelled_otherwise_is_reported_in_a_bag_of_ours_alone() -> None:
    text = ledgers.to_json(ledger())
    for other in (text.replace("\n ", "\n  "), text[:-1], text.replace(A, A.replace("/", "\\/"), 1), text.replace(
        '"schema": ', '"schema": "", "schema": ', 1
    )):  # fmt: skip
        files = make() | {LEDGER: other.encode()}
        assert observed(coverage_findings(files)) == ["ledger-spelling sources.json"]
        assert coverage_findings(files, is_ours=False) == []


def test_a_ledger_may_lack_a_field_that_has_a_default_and_has_none_of_its_own() -> None:
    text = ledgers.to_json(ledger())
    more = text.replace('"conditions"', '"extra": 1,\n "conditions"', 1)
    fewer = text.replace(',\n     "hops": []', "")
    assert text not in (more, fewer)
    assert observed(coverage_findings(make() | {LEDGER: more.encode()})) == ["key-unknown sources.json"]
    assert coverage_findings(make() | {LEDGER: fewer.encode()}) == []


def test_a_ledger_of_another_schema_is_a_warning() -> None:
    files = with_ledger(lambda observed: replace(observed, schema="archive.ledger/3"))
    assert observed(coverage_findings(files)) == ["(ledger-unknown sources.json)"]


def test_sources_that_are_not_numbered_in_order_are_reported() -> None:
    found = coverage_findings(with_source(1, id="s03"))
    assert [(finding.code, finding.expected, finding.found) for finding in found] == [("source-id", "s02", "s03")]


@pytest.mark.parametrize(
    ("status", "reason"),
    [(Status.BLOCKED, None), (Status.BLOCKED, "dns"), (Status.BLOCKED, "bad mood"), (Status.PARTIAL, "challenge")],
)
def test_a_verdict_needs_a_reason_of_its_own(status: Status, reason: str | None) -> None:
    assert observed(coverage_findings(with_source(1, status=status, reason=reason))) == ["verdict-reason sources.json"]


def test_a_captured_source_has_no_reason() -> None:
    assert observed(coverage_findings(with_source(0, reason="media"))) == ["verdict-reason sources.json"]


def test_the_live_verdict_needs_its_reason_too() -> None:
    found = only(with_source(1, live=Verdict(Status.GONE, "dns")))
    assert (found.code, found.source) == ("verdict-reason", "s02")
    assert (found.expected or "").startswith("live verdict gone with one of ")


# The report.


def test_the_report_that_is_another_is_reported() -> None:
    altered = ORIGINAL[::-1]
    found = only(make() | {"data/report/original.txt": altered})
    assert (found.code, str(found.path)) == ("report-altered", "data/report/original.txt")
    assert observed(coverage_findings(make() | {"data/report/original.txt": b"longer than it was"})) == [
        "report-altered report/original.txt",
        "report-altered report/original.txt",
    ]


@pytest.mark.parametrize("path", ["data/report/original.txt", "data/report/text.txt"])
def test_the_report_and_its_text_are_missed(path: str) -> None:
    files = make()
    del files[path]
    assert observed(coverage_findings(files)) == [f"report-missing {path.removeprefix('data/')}"]


def without_report(observed: Ledger) -> Ledger:
    return replace(observed, report=replace(observed.report, path=None, name=None, size=None))


def test_a_bag_made_from_a_source_manifest_alone_needs_no_report() -> None:
    files = with_ledger(without_report)
    del files["data/report/original.txt"], files["data/report/text.txt"]
    assert coverage_findings(files) == []


@pytest.mark.parametrize(
    ("offset", "length"),
    [(TEXT.index(A) + 1, len(A)), (TEXT.index(A), len(A) - 1), (0, len(A)), (10_000, len(A)), (-1, 5), (0, -1)],
)
def test_a_citation_that_does_not_stand_at_its_place_is_reported(offset: int, length: int) -> None:
    place = Citation(page=1, line=2, offset=offset, length=length)
    found = only(with_source(0, citations=(place,)))
    assert (found.code, str(found.path), found.source, found.line) == (
        "citation-misplaced",
        "data/report/text.txt",
        "s01",
        2,
    )
    assert found.expected == A


def test_a_citation_over_two_lines_counts_without_its_white_space() -> None:
    (place,) = S02.citations
    assert TEXT[place.offset : (place.offset or 0) + (place.length or 0)] == "https://sn4hr.\norg/b"
    assert coverage_findings(make()) == []


def test_a_citation_by_its_anchor_is_looked_for_as_its_anchor() -> None:
    good = Citation(offset=TEXT.index("See"), length=3, anchor="See")
    wrong = replace(good, anchor="Sea")
    assert coverage_findings(with_source(0, citations=(good,))) == []
    assert observed(coverage_findings(with_source(0, citations=(wrong,)))) == ["citation-misplaced report/text.txt"]


@pytest.mark.parametrize("offset", [0, TEXT.index("See"), len(TEXT)])
def test_a_link_around_a_picture_has_a_place_and_no_words(offset: int) -> None:
    place = Citation(offset=offset, length=0, found_by="markup")
    assert coverage_findings(with_source(0, citations=(place,))) == []


def test_a_link_without_words_is_within_the_text_and_has_no_anchor() -> None:
    for wrong in (Citation(offset=len(TEXT) + 1, length=0), Citation(offset=0, length=0, anchor="See")):
        found = observed(coverage_findings(with_source(0, citations=(wrong,))))
        assert found == ["citation-misplaced report/text.txt"]


def test_a_citation_without_a_place_in_the_text_is_not_looked_for() -> None:
    assert coverage_findings(with_source(0, citations=(Citation(page=1, found_by="annotation"),))) == []


# The records behind the verdicts.


def test_an_exchange_that_is_not_in_the_bag_is_reported() -> None:
    found = only(with_source(0, exchanges=(uuid(2), uuid(70))))
    assert (found.code, found.record, found.source) == ("exchange-missing", uuid(70), "s01")


def test_a_copy_whose_records_or_files_are_not_there_is_reported() -> None:
    copy = Copy("supplied", None, AT, records=(uuid(71),), files=("data/media/s01/photo.jpg",))
    assert observed(coverage_findings(with_source(0, copies=(copy,)))) == [
        "copy-missing media/s01/photo.jpg",
        "exchange-missing sources.json",
    ]


IMAGE, STYLE = S01.requisites


def with_requisite(requisite: Requisite) -> list[str]:
    """What is said where the image's entry is another; its records are then often unexplained, too."""
    found = coverage_findings(with_source(0, requisites=(requisite, STYLE)))
    return [line for line in observed(found) if "unexplained" not in line]


def test_a_requisite_that_is_said_to_be_here_is_here() -> None:
    assert with_requisite(replace(IMAGE, record=uuid(72))) == ["requisite-missing sources.json"]
    assert with_requisite(replace(IMAGE, record=None)) == ["requisite-missing sources.json"]
    assert with_requisite(replace(IMAGE, outcome="error", record=None)) == ["requisite-missing sources.json"]


def test_a_requisite_says_of_its_record_what_is_true() -> None:
    assert with_requisite(replace(IMAGE, outcome="error", reason="http", status=500)) == ["verdict-contradicted sources.json"]
    assert with_requisite(replace(IMAGE, url="https://sn4hr.org/other.png")) == ["verdict-contradicted sources.json"]
    assert with_requisite(replace(IMAGE, record=uuid(6))) == [
        "verdict-contradicted sources.json",
        "verdict-contradicted sources.json",
    ]


def test_a_requisite_that_failed_makes_a_page_partial() -> None:
    lost = Requisite(PNG, "failed", "timeout", "image", A)
    assert with_requisite(lost) == ["verdict-contradicted sources.json"]
    files = with_source(0, status=Status.PARTIAL, reason="requisites", requisites=(lost, STYLE))
    assert [line for line in observed(coverage_findings(files)) if "unexplained" not in line] == []


def test_a_requisite_behind_redirects_is_at_another_address() -> None:
    moved = replace(IMAGE, url="https://sn4hr.org/moved.png", hops=(uuid(6),))
    assert with_requisite(moved) == []
    assert with_requisite(replace(moved, hops=(uuid(73),))) == ["exchange-missing sources.json"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.CAPTURED, None),
        (Status.PARTIAL, "truncated"),
        (Status.BLOCKED, "challenge"),
        (Status.GONE, "not-found"),
        (Status.MEMENTO, None),
        (Status.SUPPLIED, None),
    ],
)
def test_a_verdict_that_says_that_something_came_needs_what_came(status: Status, reason: str | None) -> None:
    files = with_source(1, status=status, reason=reason, exchanges=(), copies=())
    assert "verdict-unfounded sources.json" in observed(coverage_findings(files))


@pytest.mark.parametrize(
    ("status", "reason"), [(Status.UNREACHABLE, "dns"), (Status.NOT_ATTEMPTED, "skipped")]
)
def test_a_verdict_that_nothing_came_needs_none(status: Status, reason: str) -> None:
    files = with_source(1, status=status, reason=reason, exchanges=(), final_url=None, http_status=None)
    assert observed(coverage_findings(files)) == ["record-unexplained archive/s02.warc.gz"]


def test_a_memento_rests_on_the_copy_that_the_archive_gave() -> None:
    copy = Copy("memento", "https://web.archive.org/web/2021/https://sn4hr.org/b", AT, records=(uuid(12),))
    assert coverage_findings(with_source(1, status=Status.MEMENTO, reason=None, copies=(copy,))) == []


def test_a_supplied_file_that_is_there_is_enough() -> None:
    copy = Copy("supplied", None, AT, files=("data/media/s02/photo.jpg",))
    changed = with_source(1, status=Status.SUPPLIED, reason=None, copies=(copy,))
    assert coverage_findings(changed | {"data/media/s02/photo.jpg": b"jpg"}) == []


@pytest.mark.parametrize("changes", [{"http_status": 404}, {"final_url": "https://sn4hr.org/elsewhere"}])
def test_a_verdict_states_the_status_that_its_record_has(changes: dict[str, object]) -> None:
    found = only(with_source(0, **changes))
    assert (found.code, found.source) == ("verdict-contradicted", "s01")


def test_a_capture_that_no_source_explains_is_reported() -> None:
    files = warcs()
    files["data/archive/s02.warc.gz"] += member(record("response", 80, b"HTTP/1.1 200 OK\r\n\r\nsecret"))
    found = only(make(stored=files))
    assert (found.code, str(found.severity)) == ("record-unexplained", "error")
    assert found.found == f"1 records: {A}"


def test_a_note_on_a_capture_that_is_explained_is_explained() -> None:
    files = warcs()
    files["data/archive/s02.warc.gz"] += member(record("metadata", 80, b"{}", WARC_Refers_To=f"<{uuid(12)}>"))
    assert coverage_findings(make(stored=files)) == []


def test_a_note_on_a_note_is_explained_however_far_it_is_from_the_capture() -> None:
    files = warcs()
    notes = [record("metadata", n, b"{}", WARC_Refers_To=f"<{uuid(n + 1)}>") for n in (80, 81, 82)]
    file = record("metadata", 83, b"{}", WARC_Concurrent_To=f"<{uuid(12)}>")
    stray = [record("metadata", n, b"{}", WARC_Refers_To=f"<{uuid(n + 1)}>") for n in (90, 91)]
    files["data/archive/s02.warc.gz"] += b"".join(map(member, [*notes, file, *stray]))
    (found,) = coverage_findings(make(stored=files))
    assert (found.code, (found.found or "").partition(":")[0]) == ("record-unexplained", "2 records")


# Conditions.

CONDITIONS: dict[str, dict[str, object]] = {
    "redirected-capture": {"connect_to": ("a:80:127.0.0.1:1", "b:80:127.0.0.1:1", "c:80::1", "d:80::1", "e:80::1")},
    "private-trust": {"added_cas": ("sha256:" + "a" * 64,)},
    "certificate-accepted": {"accepted_certificates": ("a.example",)},
    "unsound-bag-accepted": {"accepted_bags": (AcceptedBag("sha256:00", "payload-altered", "2026-11-22T10:00:00Z"),)},
    "cookies-used": {"cookies": True},
    "private-allowed": {"allow_private": True},
    "proxied-capture": {"proxy": "socks5"},
    "demonstration": {"demonstration": True},
}


@pytest.mark.parametrize("code", CONDITIONS)
def test_a_condition_that_can_make_a_capture_lie_is_warned_of(code: str) -> None:
    made = Conditions(user_agent="Mozilla/5.0", **CONDITIONS[code])  # type: ignore[arg-type]
    found = coverage_findings(with_ledger(lambda observed: replace(observed, conditions=made)))
    assert observed(found) == [f"({code} sources.json)"]


def test_of_many_conditions_the_first_are_shown() -> None:
    made = Conditions(user_agent="Mozilla/5.0", **CONDITIONS["redirected-capture"])  # type: ignore[arg-type]
    found = only(with_ledger(lambda observed: replace(observed, conditions=made)))
    assert found.found == "a:80:127.0.0.1:1, b:80:127.0.0.1:1, c:80::1 and 2 more"


# What damage means.


def explained(files: Files, *findings: Finding) -> list[tuple[str | None, str | None]]:
    return [(finding.source, finding.note) for finding in explain(retained(files), findings)]


def test_damage_to_a_record_names_the_source_and_where_it_is_cited() -> None:
    page = Finding("warc-gzip", BagPath("data/archive/s01.warc.gz"), record=uuid(2), question="warc", note="at byte 5")
    assert explained(make(), page) == [("s01", f"at byte 5; s01 {A}, cited on page 1 of the report")]


def in_pieces(*parts: int) -> list[str]:
    """The image as a resource that was put together of `parts`, which have these statuses."""
    files = warcs()
    path = "data/archive/s01.warc.gz"
    hops = []
    for at, status in enumerate(parts):
        block = f"HTTP/1.1 {status} X\r\nContent-Type: image/png\r\nContent-Length: 3\r\n\r\npng".encode()
        files[path] += member(record("response", 80 + at, block, WARC_Target_URI=PNG))
        hops.append(uuid(80 + at))
    whole = record("resource", 90, b"pngpng", WARC_Target_URI=PNG, Content_Type="image/png")
    files[path] += member(whole)
    image = replace(IMAGE, record=uuid(90), hops=tuple(hops))
    source = replace(S01, requisites=(image, STYLE))
    found = coverage_findings(make(replace(ledger(), sources=(source, S02)), files))
    return [line for line in observed(found) if "record-unexplained" not in line]  # the image in one piece is nobody's now


def test_a_requisite_in_pieces_rests_on_the_answers_that_it_was_put_together_of() -> None:
    assert in_pieces(200, 206) == []
    assert in_pieces(206, 206) == []
    assert in_pieces() == in_pieces(404) == ["verdict-contradicted sources.json"]


def test_damage_to_a_requisite_or_a_request_says_whose_it_is() -> None:
    image = Finding("warc-gzip", BagPath("data/archive/s01.warc.gz"), record=uuid(4), question="warc")
    request = replace(image, record=uuid(11), path=BagPath("data/archive/s02.warc.gz"))
    assert explained(make(), image, request) == [
        ("s01", f"image of s01 {A}, cited on page 1 of the report"),
        ("s02", f"s02 {B}, cited on page 2 of the report"),
    ]


def test_damage_to_a_file_names_all_sources_in_it() -> None:
    whole = Finding("payload-altered", BagPath("data/archive/s01.warc.gz"), question="fixity")
    media = Finding("payload-altered", BagPath("data/media/s02/video.mp4"), question="fixity")
    other = Finding("payload-altered", BagPath("data/index.html"), question="fixity")
    tags = Finding("tag-file-altered", BagPath("bag-info.txt"), question="fixity")
    assert explained(make(), whole, media, other, tags) == [
        ("s01", f"s01 {A}, cited on page 1 of the report"),
        ("s02", f"media of s02 {B}, cited on page 2 of the report"),
        (None, None),
        (None, None),
    ]


def test_a_source_cited_on_lines_alone_is_reported_by_its_lines() -> None:
    places = tuple(replace(citation, page=None) for citation in (*S01.citations, *S02.citations))
    files = with_source(0, citations=places)
    page = Finding("warc-gzip", BagPath("data/archive/s01.warc.gz"), record=uuid(2), question="warc")
    assert explained(files, page) == [("s01", f"s01 {A}, cited on lines 2, 3 of the report")]


def test_a_bag_without_a_ledger_has_no_coverage_to_judge() -> None:
    files = make()
    del files[LEDGER]
    finding = Finding("warc-gzip", BagPath("data/archive/s01.warc.gz"), record=uuid(2), question="warc")
    assert meaning(retained(files)) is None
    assert explain(retained(files), [finding]) == [finding]
    assert explain(retained(make() | {LEDGER: b"{"}), [finding]) == [finding]


def test_a_damaged_requisite_is_one_damage_with_its_meaning() -> None:
    files = make()
    data = bytearray(files["data/archive/s01.warc.gz"])
    data[-40] ^= 1
    files["data/archive/s01.warc.gz"] = bytes(data)
    found = explain(retained(files), [*warc_findings(files), *coverage_findings(files)])
    assert {finding.source for finding in found if finding.record == uuid(6)} == {"s01"}
    assert [(finding.code, finding.source) for finding in found if finding.question == "coverage"] == [("source-unread", "s01")]
    assert any(finding.code == "record-missing" for finding in found)


@pytest.mark.parametrize(("kind", "role"), [("supplied", "supplied file"), ("live", "file")])
def test_a_file_of_a_copy_that_is_damaged_names_its_source(kind: str, role: str) -> None:
    copy = Copy(kind, None, AT, files=("data/media/photo.jpg",))
    files = with_source(1, status=Status.SUPPLIED, reason=None, copies=(copy,)) | {"data/media/photo.jpg": b"jpg"}
    photo = Finding("payload-altered", BagPath("data/media/photo.jpg"), question="fixity")
    assert explained(files, photo) == [("s02", f"{role} of s02 {B}, cited on page 2 of the report")]


def test_a_finding_that_names_its_source_keeps_it() -> None:
    known = Finding("verdict-reason", BagPath(LEDGER), question="coverage", source="s02")
    unknown = replace(known, source="s77")
    assert explained(make(), known, unknown) == [
        ("s02", f"s02 {B}, cited on page 2 of the report"),
        ("s77", None),
    ]


def test_a_record_that_nobody_knows_concerns_what_its_file_holds() -> None:
    stray = Finding("record-unlisted", BagPath("data/archive/s02.warc.gz"), question="warc", record=uuid(88))
    signature = Finding("who", BagPath("data/archive/s02.warc.gz"), question="who")
    assert explained(make(), stray, signature) == [("s02", f"s02 {B}, cited on page 2 of the report"), (None, None)]


def test_of_many_sources_the_first_are_named() -> None:
    def many(observed: Ledger) -> Ledger:
        more = [replace(S01, id=f"s{number:02d}", citations=()) for number in range(1, 7)]
        return replace(observed, sources=tuple(more))

    page = Finding("warc-gzip", BagPath("data/archive/s01.warc.gz"), record=uuid(2), question="warc")
    ((source, note),) = explained(with_ledger(many), page)
    assert source == "s01,s02,s03,s04,s05,s06"
    assert (note or "").startswith(f"s01 {A}, cited in the report; s02 ")
    assert (note or "").endswith("; and 2 more sources")


def test_a_verdict_without_a_status_is_not_compared_with_one() -> None:
    assert coverage_findings(with_source(1, http_status=None)) == []


def test_hops_and_tries_of_a_requisite_are_explained_by_it() -> None:
    files = warcs()
    files["data/archive/s02.warc.gz"] += member(record("response", 80, b"HTTP/1.1 301 Moved\r\n\r\n"))
    moved = replace(IMAGE, hops=(uuid(80),))
    changed = replace(ledger(), sources=(replace(S01, requisites=(moved, STYLE)), S02))
    assert coverage_findings(make(changed, stored=files)) == []


def test_an_answer_beside_one_that_is_explained_is_not_explained_by_it() -> None:
    files = warcs()
    tied = record("response", 80, b"HTTP/1.1 200 OK\r\n\r\nx", WARC_Concurrent_To=f"<{uuid(12)}>")
    files["data/archive/s02.warc.gz"] += member(tied)
    assert observed(coverage_findings(make(stored=files))) == ["record-unexplained archive/s02.warc.gz"]


def test_captures_of_a_run_that_was_stopped_are_named_as_such() -> None:
    path = BagPath("data/archive/s02.warc.gz")
    before, after = (
        ScannedRecord(0, 9, "", f"urn:uuid:{number}", "response", f"2026-11-22T1{number}:00:00Z", A) for number in (0, 2)
    )
    evidence = Evidence(unexplained={path: [before, after]})
    found = list(check_unexplained(evidence, stopped=StoppedRuns(None, (datetime(2026, 11, 22, 11, tzinfo=UTC),))))
    assert [(one.code, one.found) for one in found] == [
        ("records-of-stopped-run", "1 records"),
        ("record-unexplained", f"1 records: {A}"),
    ]
    assert [one.code for one in check_unexplained(evidence)] == ["record-unexplained"]


def test_a_source_that_was_not_visited_after_the_resumption_left_nothing_behind() -> None:
    path, resumed = BagPath("data/archive/s02.warc.gz"), datetime(2026, 11, 22, 11, tzinfo=UTC)
    record = ScannedRecord(0, 9, "", "urn:uuid:0", "response", "2026-11-22T10:00:00Z", A)
    evidence = Evidence(unexplained={path: [record]})
    for last, code in ((resumed, "records-of-stopped-run"), (resumed.replace(hour=10), "record-unexplained")):
        stopped = StoppedRuns(None, (resumed,), {"s02": last})
        assert [each.code for each in check_unexplained(evidence, stopped=stopped)] == [code]


def test_a_robots_txt_that_a_resumed_run_requested_beside_what_was_stored_is_no_error() -> None:
    path, resumed = BagPath("data/archive/s02.warc.gz"), datetime(2026, 11, 22, 11, tzinfo=UTC)
    robots = ScannedRecord(0, 9, "", "urn:uuid:0", "response", "2026-11-22T10:00:00Z", "https://sn4hr.org/robots.txt")
    page = ScannedRecord(0, 9, "", "urn:uuid:1", "response", "2026-11-22T10:00:00Z", A)
    later = ScannedRecord(0, 9, "", "urn:uuid:2", "response", "2026-11-22T12:00:00Z", A)
    stopped = StoppedRuns(None, (resumed,), {"s02": resumed.replace(hour=10)})
    found = check_unexplained(Evidence(unexplained={path: [robots, page, later]}), is_strict=True, stopped=stopped)
    assert [(each.code, str(each.severity)) for each in found] == [
        ("records-of-stopped-run", "warning"), ("record-unexplained", "error"), ("record-unexplained", "warning"),
    ]  # fmt: skip
