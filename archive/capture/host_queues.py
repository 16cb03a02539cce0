"""The per-host queues: several hosts at once, and no host more often than it can bear.

Each host has a queue of tasks. Workers take the next task that may start: of at most `jobs` hosts at once, of one host
at most `per_host` at once, with a pause between two tasks of a host.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

Result = TypeVar("Result")

MAX_WORKERS = 64


class RetryLater(Exception):
    """Raised by a task that wants to run again after `seconds`; `whole_host` pauses all of the host until then."""

    def __init__(self, seconds: float, *, whole_host: bool = False) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.whole_host = whole_host


@dataclass(order=True, slots=True)
class _Task:
    priority: int
    number: int
    gap: float = field(compare=False)
    work: Callable[[], Any] = field(compare=False)
    future: Future[Any] = field(compare=False)
    not_before: float = field(compare=False, default=0.0)
    has_run: bool = field(compare=False, default=False)

    def may_run(self) -> bool:
        """False where the caller has cancelled it."""
        return self.has_run or self.future.set_running_or_notify_cancel()

    def cancel(self) -> None:
        """Report that it will not run. Not to be called with a lock: callbacks of other code run in it."""
        if self.has_run:
            self.future.set_exception(InterruptedError("the run was stopped"))
        else:
            self.future.cancel()


@dataclass(slots=True)
class _HostQueue:
    """The tasks of one host."""

    waiting: list[_Task] = field(default_factory=list)
    """A heap: lowest priority number first, then in order of submission."""
    delayed: list[_Task] = field(default_factory=list)
    """Tasks that run again later."""
    active: int = 0
    last_end: float = 0.0
    paused_until: float = 0.0

    def pop(self, now: float) -> tuple[_Task | None, float]:
        """The task that starts now, or None and the time when one may."""
        for task in [task for task in self.delayed if task.not_before <= now]:
            self.delayed.remove(task)
            heapq.heappush(self.waiting, task)
        soonest = min((task.not_before for task in self.delayed), default=float("inf"))
        while self.waiting:
            ready = max(self.last_end + self.waiting[0].gap, self.paused_until)
            if ready > now:
                return None, min(ready, soonest)
            task = heapq.heappop(self.waiting)
            if task.may_run():
                self.active += 1
                return task, now
        return None, soonest

    def __len__(self) -> int:
        return len(self.waiting) + len(self.delayed)


class HostQueues:
    """Runs tasks: of at most `jobs` hosts at once, of each host `per_host` at once, with a pause between them."""

    def __init__(self, *, jobs: int, per_host: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._jobs, self._per_host, self._clock = jobs, per_host, clock
        self._queues: dict[str, _HostQueue] = {}
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._workers: list[threading.Thread] = []
        self._idle = 0
        self._queued = 0
        """Tasks that no worker has taken yet."""
        self._closed = False

    def submit(self, host: str, work: Callable[[], Result], *, gap: float, priority: int = 0) -> Future[Result]:
        """Run `work` when its host is free, `gap` seconds after the last task there ended."""
        task = _Task(priority, next(self._numbers), gap, work, Future())
        with self._changed:
            if self._closed:
                task.future.cancel()
                return task.future
            queue = self._queues.setdefault(host, _HostQueue())
            heapq.heappush(queue.waiting, task)
            self._queued += 1
            if queue.active + len(queue.waiting) <= self._per_host:
                self._start_worker()
            self._changed.notify()
        return task.future

    def _start_worker(self) -> None:
        """Start a worker where fewer wait than there are tasks: one that was notified still counts as waiting."""
        if self._idle < self._queued and len(self._workers) < min(self._jobs * self._per_host, MAX_WORKERS):
            worker = threading.Thread(target=self._run_tasks, name="fetch worker", daemon=True)
            self._workers.append(worker)
            worker.start()

    def close(self) -> None:
        """Take no more tasks; those that wait are cancelled, those that run end by themselves."""
        left: list[_Task] = []
        with self._changed:
            self._closed = True
            for queue in self._queues.values():
                left += queue.waiting + queue.delayed
                queue.waiting.clear()
                queue.delayed.clear()
            self._changed.notify_all()
        for task in left:  # without the lock: a callback may have a lock of its own, and wait for this one
            task.cancel()

    def join(self, seconds: float) -> None:
        """Wait for the tasks that run."""
        ends = self._clock() + seconds
        for worker in self._workers:
            worker.join(max(0.0, ends - self._clock()))

    def _run_tasks(self) -> None:
        while True:
            taken = self._next_task()
            if taken is None:
                return
            queue, task = taken
            retry: RetryLater | None = None
            try:
                task.future.set_result(task.work())
            except RetryLater as wanted:
                retry = wanted
            except BaseException as error:  # noqa: BLE001 -- it belongs to the caller that waits for the result
                task.future.set_exception(error)
            self._release(queue, task, retry)

    def _next_task(self) -> tuple[_HostQueue, _Task] | None:
        with self._changed:
            while not self._closed:
                now = self._clock()
                soonest = float("inf")
                busy = sum(queue.active > 0 for queue in self._queues.values())
                for queue in self._queues.values():
                    if queue.active >= self._per_host or (not queue.active and busy >= self._jobs):
                        continue
                    before = len(queue)
                    task, ready = queue.pop(now)
                    self._queued -= before - len(queue)  # cancelled ones too
                    if task is not None:
                        if self._idle and self._queued:
                            self._changed.notify()  # a worker that wakes up to work wakes up the next
                        return queue, task
                    soonest = min(soonest, ready)
                self._idle += 1
                self._changed.wait(None if soonest == float("inf") else max(0.001, soonest - now))
                self._idle -= 1
        return None

    def _release(self, queue: _HostQueue, task: _Task, retry: RetryLater | None) -> None:
        with self._changed:
            now = self._clock()
            queue.active -= 1
            queue.last_end = now
            if retry is not None:
                task.not_before, task.has_run = now + retry.seconds, True
                if retry.whole_host:
                    queue.paused_until = max(queue.paused_until, task.not_before)
                if not self._closed:
                    queue.delayed.append(task)
                    self._queued += 1
                    self._changed.notify()  # this worker may be busy elsewhere when the pause is over
            closed = self._closed
        if retry is not None and closed:
            task.cancel()
