"""The archive's index is read without trust, and its rows are put in the order in which they are tried."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from archive.capture.memento.cdx import (
    FIELDS,
    CapturedMemento,
    IndexUnreadable,
    after,
    before,
    end_of_day,
    index_url,
    parse_memento_url,
    parse_timestamp,
    read_rows,
)
from archive.urls import parse

TARGET = datetime(2021, 5, 21, 23, 59, 59, tzinfo=UTC)


def table(*rows: object, fields: object = FIELDS) -> bytes:
    return json.dumps([fields, *rows]).encode()


def row(stamp: str, status: str = "200", original: str = "http://a.example:80/x", kind: str = "text/html") -> list[str]:
    return [stamp, original, kind, status, "DIGEST", "123"]


@pytest.mark.parametrize("content", [b"", b"  \n", b"[]", table()])
def test_an_answer_without_captures_lists_none(content: bytes) -> None:
    assert read_rows(content) == ([], 0)


@pytest.mark.parametrize(
    "content",
    [b"<html>", b"{}", b"7", b"[7]", b"[[]]", b"\xff\xfe", b"[" * 100_000, table(fields=["timestamp"]), table()[:-1]],
)
def test_what_is_no_table_is_distinguished_from_an_empty_one(content: bytes) -> None:
    with pytest.raises(IndexUnreadable):
        read_rows(content)


def test_rows_that_are_none_are_counted_and_the_others_stand() -> None:
    bad = [
        7, [], row("2021")[:3], row("20211399999999"), row("2021040112000x"), [1, 2, 3, 4, 5, 6],
        row("20210401120000", original="file:///etc/passwd"), row("20210401120000", original="http://"),
        row("٢٠٢١٠٤٠١١٢٠٠٠٠"),
    ]  # fmt: skip
    (good,), unread = read_rows(table(*bad, row("20210402112000")))
    assert unread == len(bad)
    assert good.memento == CapturedMemento(parse("http://a.example/x"), datetime(2021, 4, 2, 11, 20, tzinfo=UTC))
    assert (good.status, good.values) == (200, tuple(row("20210402112000")))


def test_no_more_rows_are_read_than_anybody_requested() -> None:
    rows, unread = read_rows(table(*[row("20210402112000")] * 5000))
    assert (len(rows), unread) == (200, 4800)


def test_before_runs_back_from_the_report_and_after_runs_on_from_it() -> None:
    stamps = ["20210522000000", "20190101000000", "20210521235959", "20230101000000", "20210401000000"]
    rows, _ = read_rows(table(*map(row, stamps)))
    assert [each.values[0] for each in before(rows, TARGET)] == ["20210521235959", "20210401000000", "20190101000000"]
    assert [each.values[0] for each in after(rows, TARGET)] == ["20210522000000", "20230101000000"]


@pytest.mark.parametrize(
    ("status", "may"), [("200", True), ("301", True), ("-", True), ("404", False), ("503", False), ("99", True)]
)
def test_only_what_may_hold_the_thing_is_tried(status: str, may: bool) -> None:
    rows, _ = read_rows(table(row("20210401000000", status)))
    assert bool(before(rows, TARGET)) == may


def test_the_question_carries_the_whole_address_and_sorts_by_nearness() -> None:
    url = index_url(parse("http://webtv.un.org/x?term=&lan=original"), closest=TARGET, limit=25)
    assert url.href == (
        "https://web.archive.org/cdx/search/cdx?url=http%3A%2F%2Fwebtv.un.org%2Fx%3Fterm%3D%26lan%3Doriginal&output=json"
        "&fl=timestamp,original,mimetype,statuscode,digest,length&closest=20210521235959&sort=closest&limit=25"
    )


@pytest.mark.parametrize(
    "original", ["http://a.example/x?b=2&a=1", "https://www.faselhd.pro/movies/%D9%81-cave-2019", "http://a.example/?"]
)
def test_an_address_in_the_archive_keeps_the_original_letter_by_letter(original: str) -> None:
    held = CapturedMemento(parse(original), datetime(2021, 4, 2, 11, 20, tzinfo=UTC))
    assert held.url.href == f"https://web.archive.org/web/20210402112000id_/{original}"
    assert parse_memento_url(held.url) == held


@pytest.mark.parametrize(
    "address",
    [
        "https://web.archive.org/web/2021/http://a.example/",
        "https://web.archive.org/web/20210402112000id_/ftp://a.example/",
        "https://web.archive.org.evil.example/web/20210402112000id_/http://a.example/",
        "https://web.archive.org/save/http://a.example/",
    ],
)
def test_other_addresses_are_no_captures(address: str) -> None:
    assert parse_memento_url(parse(address)) is None


@pytest.mark.parametrize("date", [None, "", "2021", "21 May 2021", "2021-13-01"])
def test_a_report_without_a_day_has_no_end_of_it(date: str | None) -> None:
    assert end_of_day(date) is None
    assert end_of_day("2021-05-21") == TARGET


def test_a_moment_has_fourteen_digits() -> None:
    assert parse_timestamp("20210402112000") == datetime(2021, 4, 2, 11, 20, tzinfo=UTC)
    assert [parse_timestamp(text) for text in ("2021", "20210230000000", "٢٠٢١٠٤٠٢١١٢٠٠٠")] == [None] * 3
