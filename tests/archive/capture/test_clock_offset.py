"""The collector's clock against the servers': a median of several hosts, and nothing from one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from archive.capture.clock_offset import FirstResponses, statement
from archive.http import Head
from archive.urls import parse
from archive.workfolder.recorded import Recorded
from archive_manifests.notes import Note, note

STARTED = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def response(host: str, seconds: float, *, after: float = 0.0, age: str | None = None) -> Recorded:
    """A response of a server whose clock is `seconds` ahead of the collector's, requested `after` some seconds."""
    started = STARTED + timedelta(seconds=after)
    fields = [("Date", format_datetime(started + timedelta(seconds=seconds), usegmt=True))]
    head = Head("1.1", 200, "OK", (*fields, *([("Age", age)] if age is not None else [])), True)
    name = f"urn:uuid:{host}-{after}"
    return Recorded(parse(f"https://{host}/"), "GET", name, head, None, None, started.isoformat(), "", 0)


def measured(exchanges: Iterable[Recorded]) -> Note:
    """What the exchanges of a run say of the collector's clock."""
    first, heads = FirstResponses(), dict[str, Head | None]()
    for exchange in exchanges:
        first.add(exchange.url.href, exchange.started, exchange.answer)
        heads[exchange.answer] = exchange.head
    return statement(first.offsets(heads.get))


@pytest.mark.parametrize(
    ("offsets", "expected"),
    [
        ([], note("clock-unknown")),
        ([90], note("clock-unknown")),
        ([90, 90, -7000], note("clock-behind", seconds=90, hosts=3)),
        ([-61, -61], note("clock-ahead", seconds=60, hosts=2)),
    ],
)
def test_the_offset_is_the_median_of_at_least_two_hosts(offsets: list[float], expected: object) -> None:
    assert measured(response(f"h{number}.example", seconds) for number, seconds in enumerate(offsets)) == expected


def test_the_first_response_of_a_host_counts_in_whatever_order_they_are_listed() -> None:
    exchanges = [response("a.example", 7, after=5), response("b.example", 30), response("a.example", 30, after=1)]
    assert measured(exchanges) == measured(exchanges[::-1]) == note("clock-behind", seconds=30, hosts=2)


def test_a_response_of_a_cache_is_passed_over_for_the_next_of_its_host() -> None:
    exchanges = [response("a.example", -900, age="900"), response("a.example", 40, after=1), response("b.example", 40)]
    assert measured(exchanges) == note("clock-behind", seconds=40, hosts=2)
