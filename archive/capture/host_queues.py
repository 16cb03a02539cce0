"""The per-host queues: several hosts at once, and no host more often than it can bear.

Each host has a queue of tasks, plain data on the event loop. A task starts when its turn has come: of at most `jobs`
hosts at once, of one host at most `per_host` at once, with a pause between two tasks of a host.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, TypeVar

from msgspec import Struct, field

from archive.net.event_loop import EventLoop

Result = TypeVar("Result")

MOST_AT_ONCE = 64
"""Tasks under way, over all hosts: each may have a connection, and a machine bears so many."""


class RetryLater(Exception):
    """Raised by a task that wants to run again after `seconds`; `whole_host` pauses all of the host until then."""

    def __init__(self, seconds: float, *, whole_host: bool = False) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.whole_host = whole_host


class ResultReceiver(Protocol):
    """Learns what comes of a task: a future, or whatever stands for one on the event loop."""

    def set_running_or_notify_cancel(self) -> bool:
        """The task is about to start; False where nobody wants it any more."""

    def set_result(self, result: Any) -> None: ...
    def set_exception(self, exception: BaseException | None) -> None: ...
    def cancel(self) -> object:
        """The task will not run."""


class _Task(Struct):
    priority: int
    number: int
    gap: float
    work: Callable[[], Awaitable[Any]]
    receiver: ResultReceiver
    not_before: float = 0.0
    has_run: bool = False

    def may_run(self) -> bool:
        """False where the caller has cancelled it, or nobody wants it any more."""
        return self.has_run or self.receiver.set_running_or_notify_cancel()

    def cancel(self) -> None:
        """Report that it will not run, or run again."""
        if self.has_run:
            self.receiver.set_exception(InterruptedError("the run was stopped"))
        else:
            self.receiver.cancel()


class _HostQueue(Struct):
    """The tasks of one host."""

    waiting: list[tuple[int, int, _Task]] = field(default_factory=list)
    """A heap: lowest priority number first, then in order of submission."""
    delayed: list[_Task] = field(default_factory=list)
    """Tasks that run again later."""
    active: int = 0
    last_end: float = 0.0
    paused_until: float = 0.0
    timer: asyncio.TimerHandle | None = None
    """Wakes the queue up when its next task may start."""

    def push(self, task: _Task) -> None:
        # Tuples of numbers: of thousands of tasks, each is compared a dozen times.
        heapq.heappush(self.waiting, (task.priority, task.number, task))

    def pop(self, now: float) -> tuple[_Task | None, float]:
        """The task that starts now, or None and the time when one may."""
        soonest = self._due(now) if self.delayed else float("inf")
        while self.waiting:
            ready = max(self.last_end + self.waiting[0][2].gap, self.paused_until)
            if ready > now:
                return None, min(ready, soonest)
            task = heapq.heappop(self.waiting)[2]
            if task.may_run():
                self.active += 1
                return task, now
        return None, soonest

    def _due(self, now: float) -> float:
        """Have those wait whose time has come; when the next one's comes."""
        for task in [task for task in self.delayed if task.not_before <= now]:
            self.delayed.remove(task)
            self.push(task)
        return min((task.not_before for task in self.delayed), default=float("inf"))


class HostQueues:
    """Runs tasks: of at most `jobs` hosts at once, of each host `per_host` at once, with a pause between them."""

    def __init__(
        self, loop: EventLoop, *, jobs: int, per_host: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._loop, self._jobs, self._per_host, self._clock = loop, jobs, per_host, clock
        self._queues: dict[str, _HostQueue] = {}
        self._not_begun: dict[str, None] = {}
        """Hosts that wait for one of the `jobs`, in order."""
        self._not_done: dict[str, None] = {}
        """Hosts with a task under way that wait for one of `MOST_AT_ONCE`, in order."""
        self._numbers = itertools.count()
        self._busy = 0
        """Hosts with a task under way."""
        self._running: dict[int, asyncio.Task[None]] = {}
        """By the number of the task."""
        self._closed = False

    def submit(
        self,
        host: str,
        work: Callable[[], Awaitable[Result]],
        *,
        gap: float,
        priority: int = 0,
    ) -> Future[Result]:
        """Run `work` on the loop when its host is free, `gap` seconds after the last task there ended.

        Safe to call in any thread; the future is cancelled where the queues are closed.
        """
        future: Future[Result] = Future()
        if self._closed or not self._loop.call(partial(self.add, host, work, future, gap=gap, priority=priority)):
            future.cancel()
        return future

    def add(
        self, host: str, work: Callable[[], Awaitable[Any]], receiver: ResultReceiver, *, gap: float, priority: int = 0
    ) -> None:
        """`submit` in the loop's thread, for whoever learns the outcome there."""
        task = _Task(priority, next(self._numbers), gap, work, receiver)
        if self._closed:
            task.cancel()
            return
        queue = self._queues.get(host)
        if queue is None:
            queue = self._queues[host] = _HostQueue()
        queue.push(task)
        if queue.active < self._per_host:
            self._start(host, queue)

    def _start(self, host: str, queue: _HostQueue) -> None:
        """Start as many tasks of a host as may run now."""
        while queue.active < self._per_host and (queue.waiting or queue.delayed) and not self._closed:
            if not queue.active and (self._busy >= self._jobs or self._is_full):
                self._not_begun[host] = None
                return
            if self._is_full:
                self._not_done[host] = None
                return
            now = self._clock()
            task, ready = queue.pop(now)
            if task is None:
                self._wake_later(host, queue, ready - now)
                return
            self._busy += queue.active == 1
            self._running[task.number] = self._loop.create_task(self._run(host, queue, task))

    def _wake_later(self, host: str, queue: _HostQueue, seconds: float) -> None:
        if queue.timer is not None:
            queue.timer.cancel()
            queue.timer = None
        if seconds < float("inf"):
            queue.timer = self._loop.call_later(max(seconds, 0.001), self._start, host, queue)

    async def _run(self, host: str, queue: _HostQueue, task: _Task) -> None:
        retry: RetryLater | None = None
        try:
            result = await task.work()
        except RetryLater as wanted:
            retry = wanted
        except asyncio.CancelledError:
            task.has_run = True
            task.cancel()
        except Exception as error:  # noqa: BLE001 -- it belongs to the caller that waits for the result
            task.receiver.set_exception(error)
        else:
            task.receiver.set_result(result)
        del self._running[task.number]
        self._release(host, queue, task, retry)

    def _release(self, host: str, queue: _HostQueue, task: _Task, retry: RetryLater | None) -> None:
        queue.active -= 1
        self._busy -= queue.active == 0
        now = queue.last_end = self._clock()
        if retry is not None:
            task.not_before, task.has_run = now + retry.seconds, True
            if retry.whole_host:
                queue.paused_until = max(queue.paused_until, task.not_before)
            if self._closed:
                task.cancel()
            else:
                queue.delayed.append(task)
        if not self._not_done and not self._not_begun and not self._is_full:
            self._start(host, queue)
            return
        # This host goes behind those that wait already.
        (self._not_done if queue.active else self._not_begun)[host] = None
        self._start_others(self._not_done, lambda: not self._is_full)
        self._start_others(self._not_begun, lambda: not self._is_full and self._busy < self._jobs)

    def _start_others(self, hosts: dict[str, None], may_start: Callable[[], bool]) -> None:
        for _ in range(len(hosts)):
            if self._closed or not may_start():
                return
            host = next(iter(hosts))
            del hosts[host]
            self._start(host, self._queues[host])

    @property
    def _is_full(self) -> bool:
        return len(self._running) >= MOST_AT_ONCE

    def close(self) -> None:
        """Take no more tasks; those that wait are cancelled, those that run end by themselves."""
        self._closed = True
        self._loop.call(self._cancel_waiting)

    def _cancel_waiting(self) -> None:
        for queue in self._queues.values():
            left = [*(task for _, _, task in queue.waiting), *queue.delayed]
            queue.waiting.clear()
            queue.delayed.clear()
            if queue.timer is not None:
                queue.timer.cancel()
            for task in left:
                task.cancel()

    def join(self, seconds: float) -> None:
        """Wait for the tasks that run; what takes longer than `seconds` is cancelled."""
        with suppress(CancelledError):  # the loop is closed already
            self._loop.run(self._ended(seconds))

    async def _ended(self, seconds: float) -> None:
        if self._running:
            _, late = await asyncio.wait(set(self._running.values()), timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
