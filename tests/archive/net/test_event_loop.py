"""The event loop of the network: other threads hand in work and wait, and its end leaves nobody waiting."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError

import pytest

from archive.net.event_loop import EventLoop
from archive.net.sweep import Sweep

pytestmark = pytest.mark.timeout(20)


@pytest.fixture
def loop() -> Iterator[EventLoop]:
    loop = EventLoop()
    yield loop
    loop.close()


async def in_thread() -> str:
    return threading.current_thread().name


def test_work_of_any_thread_runs_in_the_one_thread_of_the_loop(loop: EventLoop) -> None:
    names = [loop.run(in_thread())]
    others = [threading.Thread(target=lambda: names.append(loop.run(in_thread()))) for _ in range(4)]
    for each in others:
        each.start()
    for each in others:
        each.join()
    assert names == ["network"] * 5


def test_no_thread_starts_before_there_is_work() -> None:
    before = threading.active_count()
    loop = EventLoop()
    assert threading.active_count() == before
    loop.close()


def test_an_error_reaches_whoever_waits(loop: EventLoop) -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        loop.run(fails())


def test_a_timeout_of_the_work_itself_is_no_end_of_the_wait(loop: EventLoop) -> None:
    async def late() -> None:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        loop.run(late())


def test_closing_cancels_what_runs_and_refuses_what_comes_later(loop: EventLoop) -> None:
    running = loop.submit(asyncio.sleep(3600))
    time.sleep(0.05)
    loop.close()
    with pytest.raises(CancelledError):
        running.result(timeout=5)
    with pytest.raises(CancelledError):
        loop.run(asyncio.sleep(0))
    assert loop.call(print) is False
    loop.close()


def test_closing_waits_for_what_runs_in_other_threads(loop: EventLoop) -> None:
    written: list[str] = []

    def write() -> None:
        time.sleep(0.3)
        written.append("whole")

    loop.submit(asyncio.to_thread(write))
    time.sleep(0.1)
    loop.close()
    assert written == ["whole"]


def test_the_sweep_looks_at_what_is_under_way_and_waits_afterwards(loop: EventLoop) -> None:
    class Exchange:
        checks = 0

        def check_deadlines(self, late: float) -> None:
            self.checks += 1

    async def watch(seconds: float) -> int:
        sweep, exchange = Sweep(), Exchange()
        sweep.add(exchange)
        await asyncio.sleep(seconds)
        sweep.remove(exchange)
        seen = exchange.checks
        await asyncio.sleep(0.3)
        assert exchange.checks == seen and sweep._timer is None
        return seen

    assert 2 <= loop.run(watch(0.55)) <= 6


def test_a_delay_of_the_loop_itself_does_not_count_for_a_server(loop: EventLoop) -> None:
    class Exchange:
        late = 0.0

        def check_deadlines(self, late: float) -> None:
            self.late += late

    async def stand_still() -> float:
        sweep, exchange = Sweep(), Exchange()
        sweep.add(exchange)
        time.sleep(0.6)
        await asyncio.sleep(0.2)
        sweep.remove(exchange)
        return exchange.late

    assert loop.run(stand_still()) >= 0.4
