"""When something is requested, how often, and how long the pauses are."""

from __future__ import annotations

import calendar
import itertools
from concurrent.futures import wait
from pathlib import Path

import pytest

from archive.capture.fetcher import PAGE
from archive.net import Request
from tests.archive.capture.changing_server import NOT_FOUND, answer, fetching
from tests.world.faulty import FOREVER
from tests.world.replies import Close, Pause, Reset

NOW = float(calendar.timegm((2026, 11, 22, 10, 0, 0)))
ROBOTS = {"/robots.txt": (answer("404 Not Found", b"", "Connection: close"),)}
"""So that what is requested next comes on a connection of its own."""
BUSY = answer("503 Service Unavailable", b"busy")


def gaps(times: list[float]) -> list[float]:
    return [later - sooner for sooner, later in itertools.pairwise(times)]


@pytest.mark.parametrize("stated", ["1", "Sun, 22 Nov 2026 10:00:01 GMT", " 1 "], ids=["seconds", "date", "spaced"])
def test_retry_after_is_obeyed_and_the_whole_host_waits(tmp_path: Path, stated: str) -> None:
    limited = answer("429 Too Many Requests", b"slow down", f"Retry-After: {stated}")
    with fetching(tmp_path, {"/a": (limited, answer()), "/b": (answer(),)}, now=lambda: NOW) as bench:
        first = bench.fetcher.fetch(bench.url("/a"), series="s01")
        while not bench.turns.requested("/a"):
            pass
        second = bench.fetcher.fetch(bench.url("/b"), series="s01")
        wait([first, second])
        assert first.result().status == second.result().status == 200
        assert gaps(bench.turns.requested("/a"))[0] >= 0.99
        assert bench.turns.requested("/b")[0] - bench.turns.requested("/a")[0] >= 0.99
        assert len(first.result().earlier) == 1


def test_another_host_does_not_wait_for_one_that_backs_off(tmp_path: Path) -> None:
    limited = answer("429 Too Many Requests", b"slow down", "Retry-After: 3")
    with fetching(tmp_path, {"/a": (limited, answer()), "/b": (answer(),)}, hosts=("other.example",)) as bench:
        first = bench.fetcher.fetch(bench.url("/a"), series="s01")
        while not bench.turns.requested("/a"):
            pass
        assert bench.fetcher.fetch(bench.url("/b", "other.example"), series="s01").result(timeout=2).status == 200
        assert not first.done()


@pytest.mark.parametrize(
    "stated", ["86400", "121", "99999999999999999999", "Mon, 23 Nov 2026 10:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"]
)
def test_a_wait_beyond_the_cap_is_no_wait_but_an_answer(tmp_path: Path, stated: str) -> None:
    limited = answer("429 Too Many Requests", b"tomorrow", f"Retry-After: {stated}")
    with fetching(tmp_path, {"/a": (limited,)}, now=lambda: NOW) as bench:
        assert bench.fetch("/a", kind=PAGE).status == 429
        assert len(bench.turns.requested("/a")) == 1


@pytest.mark.parametrize(
    "stated", ["", "-1", "soon", "1.5", "0x10", "Sun, 22 Nov 1026 10:00:00 GMT", "99 Foo 2026", "\xb2", "1, 2", "٣"]
)
def test_a_retry_after_that_means_nothing_stops_nothing(tmp_path: Path, stated: str) -> None:
    sent = stated.encode("utf-8").decode("latin-1")
    with fetching(tmp_path, {"/a": (answer("503 Busy", b"", f"Retry-After: {sent}"), answer())}) as bench:
        assert bench.fetch("/a").status == 200


def test_what_fails_for_now_is_tried_again_after_longer_and_longer(tmp_path: Path) -> None:
    with fetching(tmp_path, {"/a": (BUSY, BUSY, answer())}, delay=0.1) as bench:
        recorded = bench.fetch("/a", kind=PAGE)
        assert recorded.status == 200
        first, second = gaps(bench.turns.requested("/a"))
        assert 0.2 <= first < second and second >= 0.8
        robots = [record.name for record in bench.rig.records() if _is_answer_to(record, "/robots.txt")]
        tries = [record.name for record in bench.rig.records() if _is_answer_to(record, "/a")]
        assert recorded.earlier == (*robots, *tries[:2]) and recorded.answer == tries[2]


def _is_answer_to(record: object, target: str) -> bool:
    return record.type == "response" and str(record.get("WARC-Target-URI")).endswith(target)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("kind", "times"), [(0, 3), (1, 2)], ids=["page", "requisite"])
@pytest.mark.parametrize(
    "script", [BUSY, (Close(),), (Reset(),), (FOREVER,), answer("408 Request Timeout"), answer("500 Oops")]
)
def test_failures_that_may_pass_are_tried_a_few_times(
    tmp_path: Path, script: tuple[object, ...], kind: int, times: int
) -> None:
    with fetching(tmp_path, {"/a": (script,), **ROBOTS}) as bench:  # type: ignore[dict-item]
        recorded = bench.fetch("/a", kind=kind)
        assert len(bench.turns.requested("/a")) == times
        assert recorded.status in (None, 408, 500, 503)


@pytest.mark.parametrize("script", [NOT_FOUND, answer("403 Forbidden"), answer("501 No"), (b"garbage\n\n", Close())])
def test_what_will_not_pass_is_requested_once(tmp_path: Path, script: tuple[object, ...]) -> None:
    with fetching(tmp_path, {"/a": (script,), **ROBOTS}) as bench:  # type: ignore[dict-item]
        bench.fetch("/a", kind=PAGE)
        assert len(bench.turns.requested("/a")) == 1


def test_one_url_is_requested_once_however_many_sources_need_it(tmp_path: Path) -> None:
    with fetching(tmp_path, {"/a": (answer(),)}, jobs=8, per_host=8) as bench:
        futures = [bench.fetcher.fetch(bench.url("/a"), series=f"s{n:02d}") for n in range(40)]
        wait(futures)
        assert len({future.result().answer for future in futures}) == 1
        assert len(bench.turns.requested("/a")) == 1


def test_a_probe_is_sent_again_each_time_and_answers_nobody_else(tmp_path: Path) -> None:
    with fetching(tmp_path, {"/a": (answer(),)}) as bench:
        for _ in range(2):
            bench.fetcher.send(Request(bench.url("/a")), series="s01", note={"purpose": "a probe"}).result()
        bench.fetch("/a")
        assert len(bench.turns.requested("/a")) == 3
        notes = [record.observed.get("note") for record in bench.rig.records() if record.type == "metadata"]
        assert notes.count({"purpose": "a probe"}) == 2


def test_failures_can_be_forgotten_and_nothing_else_is(tmp_path: Path) -> None:
    by_target = {"/bad": (BUSY, BUSY, answer()), "/gone": (NOT_FOUND,), "/good": (answer(),)}
    with fetching(tmp_path, by_target, tries=1) as bench:
        for target in by_target:
            bench.fetch(target)
        bench.fetcher.forget_failures()
        after = {target: bench.fetch(target).status for target in by_target}
        assert after == {"/bad": 503, "/gone": 404, "/good": 200}
        assert {target: len(bench.turns.requested(target)) for target in by_target} == {"/bad": 2, "/gone": 1, "/good": 1}


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ({"source_size": 3}, "the source has brought 3 bytes, the most it may"),
        ({"source_seconds": 0.0}, "the source has taken 0 s, the most it may"),
        ({"run_seconds": 0.0}, "the run has taken 0 s, the most it may"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_bound_that_is_reached_is_recorded_and_the_rest_continues(
    tmp_path: Path, bound: dict[str, float], said: str
) -> None:
    with fetching(tmp_path, {"/a": (answer(),), "/b": (answer(),)}, **bound) as bench:
        bench.fetch("/a")
        refused = bench.fetch("/b")
        assert (refused.failure.stage, refused.failure.reason, refused.failure.message) == ("policy", "limit", said)
        record = next(record for record in bench.rig.records() if record.name == refused.answer)
        assert record.type == "metadata" and record.observed["failure"]["message"] == said
        assert bench.turns.requested("/b") == []
        if "run_seconds" not in bound:
            assert bench.fetch("/b?other", series="s02").status == 404  # another source has its own measure


def test_no_host_is_requested_more_often_than_was_said(tmp_path: Path) -> None:
    pages = {f"/{n}": (answer(),) for n in range(4)}
    with fetching(tmp_path, pages, delay=0.2) as bench:
        wait([bench.fetcher.fetch(bench.url(target), series="s01", kind=PAGE) for target in pages])
        requested = sorted(when for when, target in bench.turns.times if target != "/robots.txt")
        assert min(gaps(requested)) >= 0.2


def test_cookies_that_servers_set_are_not_sent_back(tmp_path: Path) -> None:
    with fetching(tmp_path, {"/a": (answer("200 OK", b"x", "Set-Cookie: id=1; Path=/"),), "/b": (answer(),)}) as bench:
        bench.fetch("/a")
        bench.fetch("/b")
        assert all(b"ookie" not in said.request for said in bench.server.said())


def test_a_caller_that_gives_up_takes_the_response_from_no_other(tmp_path: Path) -> None:
    by_target = {"/slow": ((Pause(0.4), *answer()),), "/a": (answer(),), "/b": (answer(),)}
    with fetching(tmp_path, by_target, per_host=1) as bench:
        slow = bench.fetcher.fetch(bench.url("/slow"), series="s01")
        gives_up, stays = (bench.fetcher.fetch(bench.url("/a"), series="s01") for _ in range(2))
        alone = bench.fetcher.fetch(bench.url("/b"), series="s01")
        assert gives_up.cancel() and alone.cancel()
        assert slow.result(timeout=10).status == stays.result(timeout=10).status == 200
        assert (len(bench.turns.requested("/a")), len(bench.turns.requested("/b"))) == (1, 0)
        assert bench.fetch("/b").status == 200  # it was never begun, and can be requested again
        begun = bench.fetcher.fetch(bench.url("/a"), series="s02")
        assert begun.result(timeout=1).answer == stays.result().answer
