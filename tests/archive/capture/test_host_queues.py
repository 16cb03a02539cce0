"""HostQueues: several hosts at once, none more than it can bear, pages before what they need."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import CancelledError, wait

import pytest

from archive.capture.host_queues import MOST_AT_ONCE, HostQueues, RetryLater
from archive.fetch.passes import FRAGILE, fragile_first
from archive.net.event_loop import EventLoop
from archive_manifests.sources import Source


@pytest.fixture
def loop() -> Iterator[EventLoop]:
    loop = EventLoop()
    yield loop
    loop.close()


Work = Callable[[], Awaitable[object]]


def doing(function: Callable[[], object]) -> Work:
    """A task that calls a function."""

    async def work() -> object:
        return function()

    return work


class Gauge:
    """How many tasks ran at once, in all and by host, and when each began. Used on the event loop alone."""

    def __init__(self) -> None:
        self.running: dict[str, int] = {}
        self.most_by_host: dict[str, int] = {}
        self.most_hosts = 0
        self.most = 0
        self.began: list[tuple[float, str, object]] = []

    def task(self, host: str, seconds: float = 0.01, name: object = None) -> Work:
        async def work() -> object:
            self.began.append((time.monotonic(), host, name))
            self.running[host] = self.running.get(host, 0) + 1
            self.most_by_host[host] = max(self.most_by_host.get(host, 0), self.running[host])
            self.most_hosts = max(self.most_hosts, sum(number > 0 for number in self.running.values()))
            self.most = max(self.most, sum(self.running.values()))
            await asyncio.sleep(seconds)
            self.running[host] -= 1
            return name

        return work


@pytest.mark.parametrize(("jobs", "per_host"), [(1, 1), (3, 1), (2, 4), (8, 2)])
def test_no_more_hosts_and_no_more_of_a_host_than_was_said(loop: EventLoop, jobs: int, per_host: int) -> None:
    gauge, queues = Gauge(), HostQueues(loop, jobs=jobs, per_host=per_host)
    futures = [queues.submit(f"h{n % 6}", gauge.task(f"h{n % 6}"), gap=0.0) for n in range(60)]
    wait(futures)
    queues.close()
    assert max(gauge.most_by_host.values()) <= per_host
    assert gauge.most_hosts <= jobs
    assert len(gauge.began) == 60


@pytest.mark.parametrize(("hosts", "jobs", "per_host", "expected"), [(1, 16, 16, 16), (8, 8, 1, 8), (4, 2, 3, 6)])
def test_as_many_run_at_once_as_may_however_fast_they_are_submitted(
    loop: EventLoop, hosts: int, jobs: int, per_host: int, expected: int
) -> None:
    gauge, queues = Gauge(), HostQueues(loop, jobs=jobs, per_host=per_host)
    wait([queues.submit(f"h{n % hosts}", gauge.task(f"h{n % hosts}"), gap=0.0) for n in range(expected * 2)], timeout=10)
    queues.close()
    assert gauge.most == expected


def test_there_is_a_pause_after_each_task_of_a_host(loop: EventLoop) -> None:
    gauge, queues = Gauge(), HostQueues(loop, jobs=4, per_host=1)
    wait([queues.submit("h", gauge.task("h", 0.05), gap=0.1) for _ in range(4)])
    queues.close()
    began = [when for when, _, _ in gauge.began]
    assert min(later - sooner for sooner, later in itertools.pairwise(began)) >= 0.15


def test_pages_go_before_what_pages_need_and_else_first_come_first_served(loop: EventLoop) -> None:
    gauge, queues = Gauge(), HostQueues(loop, jobs=1, per_host=1)
    first = queues.submit("h", gauge.task("h", 0.1, "first"), gap=0.0)
    later = [queues.submit("h", gauge.task("h", 0, f"r{n}"), gap=0.0, priority=1) for n in range(3)]
    pages = [queues.submit("h", gauge.task("h", 0, f"p{n}"), gap=0.0, priority=0) for n in range(3)]
    wait([first, *later, *pages])
    queues.close()
    assert [name for _, _, name in gauge.began] == ["first", "p0", "p1", "p2", "r0", "r1", "r2"]


def test_a_task_that_wants_another_turn_lets_others_go_before_it(loop: EventLoop) -> None:
    queues, turns = HostQueues(loop, jobs=1, per_host=1), iter([RetryLater(0.2), None])
    order: list[str] = []

    async def stubborn() -> str:
        order.append("stubborn")
        wish = next(turns)
        if wish is not None:
            raise wish
        return "done"

    first = queues.submit("h", stubborn, gap=0.0)
    second = queues.submit("h", doing(lambda: order.append("other")), gap=0.0)
    assert first.result(timeout=5) == "done"
    second.result(timeout=5)
    queues.close()
    assert order == ["stubborn", "other", "stubborn"]


def test_a_host_that_demands_a_pause_gets_it_and_the_others_resume(loop: EventLoop) -> None:
    queues, turns = HostQueues(loop, jobs=2, per_host=1), iter([RetryLater(0.4, whole_host=True), None])
    began = time.monotonic()
    times: dict[str, float] = {}

    async def limited() -> None:
        wish = next(turns)
        if wish is not None:
            raise wish

    def note(name: str) -> None:
        times[name] = time.monotonic() - began

    first = queues.submit("tired", limited, gap=0.0)
    time.sleep(0.05)
    same = queues.submit("tired", doing(lambda: note("same")), gap=0.0)
    other = queues.submit("x", doing(lambda: note("x")), gap=0.0)
    wait([first, same, other], timeout=5)
    queues.close()
    assert times["x"] < 0.3 and times["same"] >= 0.4


def test_an_error_is_raised_to_its_caller_and_the_queue_continues(loop: EventLoop) -> None:
    queues = HostQueues(loop, jobs=1, per_host=1)
    bad = queues.submit("h", doing(lambda: 1 // 0), gap=0.0)
    good = queues.submit("h", doing(lambda: 7), gap=0.0)
    with pytest.raises(ZeroDivisionError):
        bad.result(timeout=5)
    assert good.result(timeout=5) == 7
    queues.close()


def test_closing_cancels_what_waits_and_lets_what_runs_end(loop: EventLoop) -> None:
    queues, gauge = HostQueues(loop, jobs=1, per_host=1), Gauge()
    running = queues.submit("h", gauge.task("h", 0.3, "ran"), gap=0.0)
    time.sleep(0.1)
    waiting = queues.submit("h", doing(lambda: 1), gap=0.0)
    queues.close()
    late = queues.submit("h", doing(lambda: 2), gap=0.0)
    for future in (waiting, late):
        with pytest.raises(CancelledError):
            future.result(timeout=5)
    queues.join(5)
    assert running.result(timeout=0) == "ran"


def test_what_takes_longer_than_a_stop_may_is_cancelled(loop: EventLoop) -> None:
    queues = HostQueues(loop, jobs=1, per_host=1)
    running = queues.submit("h", lambda: asyncio.sleep(3600), gap=0.0)
    time.sleep(0.1)
    queues.close()
    queues.join(0.1)
    with pytest.raises(InterruptedError):
        running.result(timeout=0)


def test_what_waits_when_all_is_closed_does_not_wait_for_its_turn(loop: EventLoop) -> None:
    queues = HostQueues(loop, jobs=1, per_host=1)

    async def tired() -> None:
        raise RetryLater(3600)

    future = queues.submit("h", tired, gap=0.0)
    time.sleep(0.1)
    queues.close()
    with pytest.raises(InterruptedError):
        future.result(timeout=5)


def test_a_callback_may_submit_and_close_again(loop: EventLoop) -> None:
    queues = HostQueues(loop, jobs=1, per_host=1)
    results: list[object] = []

    def ended(_: object) -> None:
        queues.submit("h", doing(lambda: results.append("second")), gap=0.0).add_done_callback(lambda _: queues.close())

    queues.submit("h", doing(lambda: results.append("first")), gap=0.0).add_done_callback(ended)
    queues.join(5)
    assert results == ["first", "second"]


def test_what_nobody_wants_any_more_is_not_begun(loop: EventLoop) -> None:
    queues, gauge = HostQueues(loop, jobs=1, per_host=1), Gauge()
    first = queues.submit("h", gauge.task("h", 0.1, "first"), gap=0.0)
    unwanted = queues.submit("h", gauge.task("h", 0, "unwanted"), gap=0.0)
    unwanted.cancel()
    last = queues.submit("h", gauge.task("h", 0, "last"), gap=0.0)
    wait([first, unwanted, last], timeout=5)
    queues.close()
    assert unwanted.cancelled()
    assert [name for _, _, name in gauge.began] == ["first", "last"]


def test_a_thousand_hosts_have_no_thousand_requests_under_way(loop: EventLoop) -> None:
    gauge, queues = Gauge(), HostQueues(loop, jobs=1000, per_host=4)
    wait([queues.submit(f"h{n}", gauge.task(f"h{n}", 0.001), gap=0.0) for n in range(1000)], timeout=20)
    queues.close()
    assert gauge.most == MOST_AT_ONCE and len(gauge.began) == 1000


def test_what_vanishes_without_a_trace_is_requested_first() -> None:
    urls = ["https://a.example/", "https://t.me/x/1", "https://b.example/", "https://drive.google.com/file/d/1"]
    todo = [(f"s{n}", Source(cited=url, citations=())) for n, url in enumerate(urls)]
    assert [ident for ident, _ in sorted(todo, key=fragile_first)] == ["s1", "s3", "s0", "s2"]
    assert {"drive.google.com", "t.me", "x.com", "facebook.com"} <= set(FRAGILE)
