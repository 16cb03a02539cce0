"""The list of pages that a replay tool offers."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from archive_manifests.errors import StatementError
from archive_manifests.ledger import (
    SCHEMA,
    Conditions,
    Copy,
    Facet,
    Facets,
    Ledger,
    ReportEntry,
    SourceEntry,
    Status,
    Verdict,
)
from archive_manifests.pages import pages_jsonl, parse_pages
from archive_manifests.records import RecordLine
from archive_manifests.sources import Citation, Report

AT = "2026-11-22T10:00:00Z"
HEADING = '{"format":"json-pages-1.0","id":"pages","title":"All Pages"}\n'


def entry(**changes: object) -> SourceEntry:
    facet = Facet(present=True)
    plain = SourceEntry(
        id="s01",
        cited="https://sn4hr.org/x",
        citations=(Citation(page=1, line=1, offset=0, length=19),),
        status=Status.CAPTURED,
        reason=None,
        detail=None,
        live=Verdict(Status.CAPTURED),
        copies=(),
        final_url="https://sn4hr.org/x/",
        http_status=200,
        started=AT,
        ended=AT,
        exchanges=("hop", "page", "repeat"),
        requisites=(),
        facets=Facets(facet, facet, facet),
        title="SNHR – الشبكة السورية",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def ledger(*sources: SourceEntry, conditions: Conditions | None = None) -> Ledger:
    return Ledger(
        schema=SCHEMA,
        report=ReportEntry(stated=Report(id="R210517"), path=None, name=None, size=None, pages=None),
        conditions=conditions or Conditions(user_agent="Mozilla/5.0"),
        started=AT,
        ended=AT,
        sources=sources,
    )


def answer(name: str, uri: str, status: int | None = 200, date: str = AT, kind: str = "response") -> RecordLine:
    return RecordLine("data/archive/s01.warc.gz", 0, 1, "0" * 64, name, kind, uri, date, status)


HOP = answer("hop", "https://sn4hr.org/x", 301)
PAGE = answer("page", "https://sn4hr.org/x/")
REPEAT = answer("repeat", "https://sn4hr.org/x/", date="2026-11-22T10:05:00Z")


def pages(source: SourceEntry, *records: RecordLine) -> list[tuple[str, str, str, str]]:
    _, listed = parse_pages(pages_jsonl(ledger(source), records))
    return [(page.id, page.url, page.ts, page.title) for page in listed]


def test_the_page_after_the_last_redirect_is_listed_and_not_its_repeat() -> None:
    assert pages(entry(), HOP, PAGE, REPEAT) == [("s01", "https://sn4hr.org/x/", AT, "SNHR – الشبكة السورية")]


def test_of_two_answers_at_the_final_url_the_one_with_the_final_status_is_the_page() -> None:
    busy = answer("hop", "https://sn4hr.org/x/", 503, "2026-11-22T09:00:00Z")
    assert [page[2] for page in pages(entry(), busy, PAGE)] == [AT]


def test_a_page_without_title_is_called_by_what_the_report_cites() -> None:
    assert [page[3] for page in pages(entry(title=None), PAGE)] == ["https://sn4hr.org/x"]


@pytest.mark.parametrize("status", [Status.BLOCKED, Status.GONE, Status.UNREACHABLE, Status.NOT_ATTEMPTED])
def test_what_is_no_page_of_the_source_is_not_offered_as_one(status: Status) -> None:
    assert pages(entry(status=status), PAGE) == []


def test_a_failed_attempt_stored_as_metadata_is_no_page() -> None:
    assert pages(entry(), answer("page", "https://sn4hr.org/x/", None, kind="metadata")) == []


def test_a_memento_is_the_page_where_the_live_web_failed() -> None:
    address = "https://web.archive.org/web/20210520000000id_/https://sn4hr.org/x"
    copy = Copy(kind="memento", url=address, taken=AT, holder="Internet Archive", records=("copy",))
    source = entry(status=Status.MEMENTO, copies=(copy,), exchanges=("page",))
    assert [page[1] for page in pages(source, PAGE, answer("copy", address))] == [address]


def test_a_memento_without_a_copy_of_its_own_rests_on_what_was_exchanged() -> None:
    source = entry(status=Status.MEMENTO, exchanges=("page",))
    assert pages(source, PAGE) == [("s01", "https://sn4hr.org/x/", AT, "SNHR – الشبكة السورية")]


@pytest.mark.parametrize("status", [Status.CAPTURED, Status.PARTIAL])
def test_beside_a_live_page_a_memento_is_not_the_page(status: Status) -> None:
    address = "https://web.archive.org/web/20210520000000id_/https://sn4hr.org/x"
    copy = Copy(kind="memento", url=address, taken=AT, holder="Internet Archive", records=("copy",))
    source = entry(status=status, copies=(copy,), exchanges=("page",))
    assert pages(source, PAGE, answer("copy", address)) == [
        ("s01", "https://sn4hr.org/x/", AT, "SNHR – الشبكة السورية")
    ]


def test_the_text_begins_with_its_heading_and_does_not_depend_on_record_order() -> None:
    text = pages_jsonl(ledger(entry()), [HOP, PAGE, REPEAT])
    assert text == pages_jsonl(ledger(entry()), [REPEAT, PAGE, HOP])
    assert text == HEADING + (
        f'{{"id":"s01","url":"https://sn4hr.org/x/","ts":"{AT}","title":"SNHR – الشبكة السورية"}}\n'
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        (HEADING[:-1], 1),
        (HEADING + "{}\n", 2),
        (HEADING + json.dumps({"id": "s01", "url": "https://e.com/", "ts": AT, "title": None}) + "\n", 2),
        ("[]\n", 1),
    ],
)
def test_a_line_that_is_no_page_is_refused_with_its_number(text: str, line: int) -> None:
    with pytest.raises(StatementError) as refused:
        parse_pages(text)
    assert refused.value.line == line
