"""Archives that name something else, or a moment that no calendar has: not believed, and nothing is lost by them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from archive.capture.memento.cdx import FIELDS, CapturedMemento, CdxRow, parse_timestamp
from archive.capture.memento.forms import Form
from archive.capture.memento.open_capture import open_capture
from archive.capture.memento.timemap import read_timemap
from archive.capture.memento.wayback import Wayback
from archive.http.head import Head
from archive.urls import Url, parse
from archive.workfolder.recorded import Recorded
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
