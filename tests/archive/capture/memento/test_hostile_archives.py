"""Archives that name something else, or a moment that no calendar has: not believed, and nothing is lost by them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from archive.capture.memento.cdx import FIELDS, CapturedMemento, CdxRow, parse_http_moment, parse_timestamp
from archive.capture.memento.forms import Form
from archive.capture.memento.open_capture import open_capture
from archive.capture.memento.timemap import read_timemap
from archive.capture.memento.wayback import Wayback
from archive.http.head import Head
from archive.urls import Url, parse
from archive.workfolder.recorded import Recorded
from archive_manifests.moments import instant
from archive_manifests.notes import note

CITED = parse("https://sn4hr.org/report")
TARGET = datetime(2021, 5, 21, 23, 59, 59, tzinfo=UTC)
PAGE = b"<html><head><title>Report</title></head><body><p>%s</p></body></html>" % (
    b"Fifteen civilians were killed. " * 30
)


def response(url: Url, body: bytes, *fields: tuple[str, str], status: int = 200) -> Recorded:
    head = Head("1.1", status, "", (("Content-Type", "text/html"), *fields), True)
    answer = f"urn:uuid:{url.href}"
    at = "2026-11-22T10:00:00Z"
    return Recorded(url, "GET", answer, head, None, None, at, at, len(body), _payload=lambda: iter((body,)))


def answers(pages: dict[str, Recorded], requests: list[str]) -> Callable[[Url], Recorded]:
    def send_request(url: Url) -> Recorded:
        requests.append(url.href)
        for start, recorded in pages.items():
            if url.href.startswith(start):
                return Recorded(
                    url, "GET", recorded.answer, recorded.head, None, None, recorded.started, recorded.ended,
                    recorded.size, _payload=recorded.payload,
                )  # fmt: skip
        return response(url, b"no", status=404)

    return send_request


def index(*originals: str) -> Recorded:
    rows = [["20210401000000", original, "text/html", "200", "DIGEST", "100"] for original in originals]
    url = parse("https://web.archive.org/cdx/search/cdx")
    return response(url, json.dumps([list(FIELDS), *rows]).encode(), ("Memento-Datetime", ""))


def test_a_row_of_another_address_is_not_opened_and_said() -> None:
    requests: list[str] = []
    send_request = answers({"https://web.archive.org/cdx": index("https://elsewhere.example/x")}, requests)
    lookup = Wayback().look_up([Form(CITED, note("form-cited"))], send_request, TARGET)
    assert (lookup.best, lookup.outcome) == (None, "error")
    assert [trouble.code for trouble in lookup.problems] == ["archive-row-of-other"]
    assert [url for url in requests if "/cdx/" not in url] == []


def test_a_memento_has_the_address_that_was_requested_whatever_moment_the_archive_states() -> None:
    requests: list[str] = []
    shown = response(CITED, PAGE, ("Memento-Datetime", "Thu, 01 Apr 2021 00:00:07 GMT"))
    pages = {"https://web.archive.org/cdx": index(CITED.href), "https://web.archive.org/web/": shown}
    lookup = Wayback().look_up([Form(CITED, note("form-cited"))], answers(pages, requests), TARGET)
    assert lookup.best is not None and lookup.best.memento is not None
    assert lookup.best.memento.url.href in requests
    assert lookup.best.memento.moment == datetime(2021, 4, 1, 0, 0, 7, tzinfo=UTC)


def test_a_copy_that_redirects_out_of_its_archive_is_passed_over() -> None:
    requests: list[str] = []
    moment = parse_timestamp("20210401000000")
    assert moment is not None
    replay_url = parse("https://vault.example/copy/1")
    row = CdxRow(CapturedMemento(CITED, moment, replay_url=replay_url), None, "", (replay_url.href, "20210401000000"))
    fields = (("Memento-Datetime", "Thu, 01 Apr 2021 00:00:00 GMT"), ("Location", "https://sn4hr.org/other"))
    opened = open_capture(row, answers({replay_url.href: response(replay_url, b"", *fields, status=302)}, requests))
    assert opened.memento is None
    assert opened.verdict.detail == note("memento-led-away")
    assert requests == [replay_url.href]


def test_a_moment_that_no_calendar_has_in_utc_is_none() -> None:
    stated = "Fri, 31 Dec 9999 23:59:59 -0500"
    shown = response(CITED, PAGE, ("Memento-Datetime", stated))
    held = CapturedMemento(CITED, TARGET)
    opened = open_capture(CdxRow(held, 200, "", ()), answers({"https://web.archive.org/": shown}, []))
    assert opened.memento is None and len(opened.exchanges) == 1
    listed = read_timemap(
        f'<{CITED}>; rel="original", <https://a.example/1>; rel="memento"; datetime="{stated}"'.encode(), CITED
    )
    assert listed.copies == ()


def opened_as(stamp: str, *fields: tuple[str, str], status: int = 200) -> str:
    """Why a capture that the index dates like this is not taken, as the code of the note; empty where it is."""
    moment = parse_timestamp(stamp)
    assert moment is not None
    memento = CapturedMemento(CITED, moment)
    shown = {memento.url.href: response(memento.url, PAGE, *fields, status=status)}
    opened = open_capture(CdxRow(memento, 200, "", ()), answers(shown, []))
    assert (opened.memento is None) == (opened.verdict.detail is not None)
    assert opened.is_archive_failure == (opened.verdict.detail is not None and "to-come" in opened.verdict.detail.code)
    return opened.verdict.detail.code if opened.verdict.detail else ""


def test_a_moment_after_the_request_is_not_believed_but_for_the_difference_of_two_clocks() -> None:
    requested = datetime(2026, 11, 22, 10, tzinfo=UTC)
    for later, why in ((timedelta(0), ""), (timedelta(hours=23), ""), (timedelta(days=2), "memento-to-come")):
        moment = requested + later
        stated = ("Memento-Datetime", f"{moment:%a, %d %b %Y %H:%M:%S} GMT")
        assert opened_as(f"{moment:%Y%m%d%H%M%S}", stated) == why
    assert opened_as("99990101000000", ("Memento-Datetime", "Fri, 01 Jan 9999 00:00:00 GMT")) == "memento-to-come"


def test_a_redirect_of_the_archive_to_a_copy_of_another_address_says_so() -> None:
    other = "https://web.archive.org/web/20210401000000id_/https://elsewhere.example/"
    assert opened_as("20210401000000", ("Location", other), status=302) == "memento-of-other"
    moved = f"https://web.archive.org/web/20190401000000id_/{CITED.href}"
    assert opened_as("20210401000000", ("Location", moved), status=302) == "memento-moved"


def test_years_are_read_and_written_with_four_digits() -> None:
    for stated in ("Sat, 01 Jan 0000 00:00:00 GMT", "Sat, 01 Jan 0 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 GMT"):
        assert parse_http_moment(stated) is None
    assert parse_http_moment("Thu, 01 Apr 2021 00:00:07 GMT") == datetime(2021, 4, 1, 0, 0, 7, tzinfo=UTC)
    assert instant(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"


def test_rows_that_cannot_be_read_leave_the_question_open() -> None:
    url = parse("https://web.archive.org/cdx/search/cdx")
    rows = [["2021", CITED.href, "text/html", "200", "D", "1"], 7]
    answer = response(url, json.dumps([list(FIELDS), *rows]).encode())
    lookup = Wayback().look_up([Form(CITED, note("form-cited"))], answers({url.href: answer}, []), TARGET)
    assert (lookup.outcome, lookup.problems) == ("error", [note("archive-rows-unread", host="web.archive.org", n=2)])


def test_copies_of_a_timemap_that_cannot_be_read_are_counted() -> None:
    links = (
        f'<{CITED}>; rel="original", <https://a.example/1>; rel="memento"; datetime="Thu, 01 Apr 2021 00:00:00 GMT",'
        '<https://a.example/2>; rel="memento", <ftp://a.example/>; rel="memento"; datetime="Thu, 01 Apr 2021 00:00:00 GMT"'
    )
    assert [(len(each.copies), each.unread) for each in (read_timemap(links.encode(), CITED),)] == [(1, 2)]
    assert read_timemap(f"{links}, and more".encode(), CITED).unread == 3
    listed = [{"datetime": "2021-04-01T00:00:00Z", "uri": "https://a.example/1"}, {"uri": "https://a.example/2"}, 7]
    found = read_timemap(json.dumps({"original_uri": CITED.href, "mementos": {"list": listed}}).encode(), CITED)
    assert (len(found.copies), found.unread) == (1, 2)
