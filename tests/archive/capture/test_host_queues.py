"""HostQueues: several hosts at once, none more than it can bear, pages before what they need."""

from __future__ import annotations

import itertools
import threading
import time
from concurrent.futures import CancelledError, wait

import pytest

from archive.capture.host_queues import HostQueues, RetryLater
from archive.fetch.passes import FRAGILE, fragile_first
from archive_manifests.sources import Source


class Gauge:
    """How many tasks ran at once, in all and by host, and when each began."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.running: dict[str, int] = {}
        self.most_by_host: dict[str, int] = {}
        self.most_hosts = 0
        self.began: list[tuple[float, str, object]] = []

    def task(self, host: str, seconds: float = 0.01, name: object = None) -> object:
        def work() -> object:
            with self._lock:
                self.began.append((time.monotonic(), host, name))
                self.running[host] = self.running.get(host, 0) + 1
                self.most_by_host[host] = max(self.most_by_host.get(host, 0), self.running[host])
                self.most_hosts = max(self.most_hosts, sum(number > 0 for number in self.running.values()))
            time.sleep(seconds)
            with self._lock:
                self.running[host] -= 1
            return name

        return work


@pytest.mark.parametrize(("jobs", "per_host"), [(1, 1), (3, 1), (2, 4), (8, 2)])
def test_no_more_hosts_and_no_more_of_a_host_than_was_said(jobs: int, per_host: int) -> None:
    gauge, queues = Gauge(), HostQueues(jobs=jobs, per_host=per_host)
    futures = [queues.submit(f"h{n % 6}", gauge.task(f"h{n % 6}"), gap=0.0) for n in range(60)]  # type: ignore[arg-type]
    wait(futures)
    queues.close()
    assert max(gauge.most_by_host.values()) <= per_host
    assert gauge.most_hosts <= jobs
    assert len(gauge.began) == 60


@pytest.mark.parametrize(("hosts", "jobs", "per_host", "expected"), [(1, 16, 16, 16), (8, 8, 1, 8), (4, 2, 3, 6)])
def test_as_many_run_at_once_as_may_however_fast_they_are_submitted(
    hosts: int, jobs: int, per_host: int, expected: int
) -> None:
    """A thread that has just been woken still seems to wait: nobody may count on it for two tasks."""
    queues, together = HostQueues(jobs=jobs, per_host=per_host), threading.Barrier(expected)
    queues.submit("h0", lambda: None, gap=0.0).result(timeout=5)
    time.sleep(0.05)  # one thread is idle now
    futures = [queues.submit(f"h{n % hosts}", lambda: together.wait(5), gap=0.0) for n in range(expected * 2)]
    wait(futures, timeout=10)
    queues.close()
    assert [future.exception() for future in futures] == [None] * len(futures)


def test_there_is_a_pause_after_each_task_of_a_host() -> None:
    gauge, queues = Gauge(), HostQueues(jobs=4, per_host=1)
    wait([queues.submit("h", gauge.task("h", 0.05), gap=0.1) for _ in range(4)])  # type: ignore[arg-type]
    queues.close()
    began = [when for when, _, _ in gauge.began]
    assert min(later - sooner for sooner, later in itertools.pairwise(began)) >= 0.15


def test_pages_go_before_what_pages_need_and_else_first_come_first_served() -> None:
    gauge, queues = Gauge(), HostQueues(jobs=1, per_host=1)
    first = queues.submit("h", gauge.task("h", 0.1, "first"), gap=0.0)  # type: ignore[arg-type]
    later = [queues.submit("h", gauge.task("h", 0, f"r{n}"), gap=0.0, priority=1) for n in range(3)]  # type: ignore[arg-type]
    pages = [queues.submit("h", gauge.task("h", 0, f"p{n}"), gap=0.0, priority=0) for n in range(3)]  # type: ignore[arg-type]
    wait([first, *later, *pages])
    queues.close()
    assert [name for _, _, name in gauge.began] == ["first", "p0", "p1", "p2", "r0", "r1", "r2"]


def test_a_task_that_wants_another_turn_lets_others_go_before_it() -> None:
    queues, turns = HostQueues(jobs=1, per_host=1), iter([RetryLater(0.2), None])
    order: list[str] = []

    def stubborn() -> str:
        order.append("stubborn")
        wish = next(turns)
        if wish is not None:
            raise wish
        return "done"

    first = queues.submit("h", stubborn, gap=0.0)
    second = queues.submit("h", lambda: order.append("other"), gap=0.0)
    assert first.result(timeout=5) == "done"
    second.result(timeout=5)
    queues.close()
    assert order == ["stubborn", "other", "stubborn"]


def test_a_host_that_requested_rest_gets_it_and_the_others_resume() -> None:
    queues, turns = HostQueues(jobs=2, per_host=1), iter([RetryLater(0.4, whole_host=True), None])
    began = time.monotonic()
    times: dict[str, float] = {}

    def limited() -> None:
        wish = next(turns)
        if wish is not None:
            raise wish

    def note(name: str) -> None:
        times[name] = time.monotonic() - began

    first = queues.submit("tired", limited, gap=0.0)
    time.sleep(0.05)
    same, other = queues.submit("tired", lambda: note("same"), gap=0.0), queues.submit("x", lambda: note("x"), gap=0.0)
    wait([first, same, other], timeout=5)
    queues.close()
    assert times["x"] < 0.3 and times["same"] >= 0.4


def test_an_error_belongs_to_whoever_requested_and_the_queue_continues() -> None:
    queues = HostQueues(jobs=1, per_host=1)
    bad = queues.submit("h", lambda: 1 // 0, gap=0.0)
    good = queues.submit("h", lambda: 7, gap=0.0)
    with pytest.raises(ZeroDivisionError):
        bad.result(timeout=5)
    assert good.result(timeout=5) == 7
    queues.close()


def test_closing_cancels_what_waits_and_lets_what_runs_end() -> None:
    queues, release = HostQueues(jobs=1, per_host=1), threading.Event()
    running = queues.submit("h", lambda: release.wait(5), gap=0.0)
    time.sleep(0.05)
    waiting = queues.submit("h", lambda: 1, gap=0.0)
    queues.close()
    late = queues.submit("h", lambda: 2, gap=0.0)
    for future in (waiting, late):
        with pytest.raises(CancelledError):
            future.result(timeout=5)
    release.set()
    assert running.result(timeout=5) is True
    queues.join(5)
    assert not [thread for thread in queues._workers if thread.is_alive()]


def test_what_rests_when_all_is_closed_does_not_wait_for_its_turn() -> None:
    queues = HostQueues(jobs=1, per_host=1)

    def tired() -> None:
        raise RetryLater(3600)

    future = queues.submit("h", tired, gap=0.0)
    time.sleep(0.1)
    queues.close()
    with pytest.raises(InterruptedError):
        future.result(timeout=5)


@pytest.mark.parametrize("rested", [False, True])
def test_whoever_is_reported_the_end_finds_the_queues_free(rested: bool) -> None:
    """A callback may wait for a lock whose holder is just submitting: held through it, nothing would ever end."""
    queues, release, free = HostQueues(jobs=1, per_host=1), threading.Event(), []

    def running() -> None:
        release.wait(5)
        if rested:
            raise RetryLater(3600)

    def told(_: object) -> None:
        other = threading.Thread(target=lambda: queues.submit("h", lambda: None, gap=0.0), daemon=True)
        other.start()
        other.join(5)
        free.append(not other.is_alive())

    first = queues.submit("h", running, gap=0.0)
    (first if rested else queues.submit("h", lambda: None, gap=0.0)).add_done_callback(told)
    time.sleep(0.05)
    queues.close()
    release.set()
    queues.join(10)
    assert free == [True]


def test_a_thousand_hosts_need_no_thousand_workers() -> None:
    gauge, queues = Gauge(), HostQueues(jobs=1000, per_host=4)
    wait([queues.submit(f"h{n}", gauge.task(f"h{n}", 0), gap=0.0) for n in range(1000)])  # type: ignore[arg-type]
    assert len(queues._workers) <= 64
    queues.close()


def test_what_vanishes_without_a_trace_is_requested_first() -> None:
    urls = ["https://a.example/", "https://t.me/x/1", "https://b.example/", "https://drive.google.com/file/d/1"]
    todo = [(f"s{n}", Source(cited=url, citations=())) for n, url in enumerate(urls)]
    assert [ident for ident, _ in sorted(todo, key=fragile_first)] == ["s1", "s3", "s0", "s2"]
    assert {"drive.google.com", "t.me", "x.com", "facebook.com"} <= set(FRAGILE)
