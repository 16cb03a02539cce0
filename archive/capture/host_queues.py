"""Manners: a lane a host, so that several hosts are asked at once and no host more than it can bear."""

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

MOST_THREADS = 64


class TryAgain(Exception):
    """Raised by a task that wants another turn after `seconds`; `whole_host` lets the host rest until then."""

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
        """False where whoever asked for it has cancelled it."""
        return self.has_run or self.future.set_running_or_notify_cancel()

    def call_off(self) -> None:
        """Tell whoever waits that it will not be done. Not to be called with a lock: others' callbacks run in it."""
        if self.has_run:
            self.future.set_exception(InterruptedError("the run was stopped"))
        else:
            self.future.cancel()


@dataclass(slots=True)
class _Lane:
    waiting: list[_Task] = field(default_factory=list)
    """A heap: lowest priority number first, then in order of submission."""
    resting: list[_Task] = field(default_factory=list)
    """Tasks that asked for another turn later."""
    active: int = 0
    last_end: float = 0.0
    rests_until: float = 0.0

    def take(self, now: float) -> tuple[_Task | None, float]:
        """The task that starts now, or None and the time when one may."""
        for task in [task for task in self.resting if task.not_before <= now]:
            self.resting.remove(task)
            heapq.heappush(self.waiting, task)
        soonest = min((task.not_before for task in self.resting), default=float("inf"))
        while self.waiting:
            ready = max(self.last_end + self.waiting[0].gap, self.rests_until)
            if ready > now:
                return None, min(ready, soonest)
            task = heapq.heappop(self.waiting)
            if task.may_run():
                self.active += 1
                return task, now
        return None, soonest


class Lanes:
    """Runs tasks: at most `jobs` hosts at once, `per_host` at once on each, with a pause between them."""

    def __init__(self, *, jobs: int, per_host: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._jobs, self._per_host, self._clock = jobs, per_host, clock
        self._lanes: dict[str, _Lane] = {}
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._queued = 0
        """Tasks that no thread has taken yet."""
        self._closed = False

    def submit(self, host: str, work: Callable[[], Result], *, gap: float, priority: int = 0) -> Future[Result]:
        """Have `work` done when its host's lane is free, `gap` seconds after the last task there ended."""
        task = _Task(priority, next(self._numbers), gap, work, Future())
        with self._changed:
            if self._closed:
                task.future.cancel()
                return task.future
            lane = self._lanes.setdefault(host, _Lane())
            heapq.heappush(lane.waiting, task)
            self._queued += 1
            if lane.active + len(lane.waiting) <= self._per_host:
                self._have_hands()
            self._changed.notify()
        return task.future

    def _have_hands(self) -> None:
        """Start a thread where fewer wait than there are tasks: one that was notified still counts as waiting."""
        if self._idle < self._queued and len(self._threads) < min(self._jobs * self._per_host, MOST_THREADS):
            thread = threading.Thread(target=self._serve, name="lane", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Take no more tasks; those that wait are cancelled, those that run end by themselves."""
        left: list[_Task] = []
        with self._changed:
            self._closed = True
            for lane in self._lanes.values():
                left += lane.waiting + lane.resting
                lane.waiting.clear()
                lane.resting.clear()
            self._changed.notify_all()
        for task in left:  # without the lock: whoever is told may hold one of his own, and wait for this one
            task.call_off()

    def join(self, seconds: float) -> None:
        """Wait for the tasks that run."""
        ends = self._clock() + seconds
        for thread in self._threads:
            thread.join(max(0.0, ends - self._clock()))

    def _serve(self) -> None:
        while True:
            taken = self._take()
            if taken is None:
                return
            lane, task = taken
            again: TryAgain | None = None
            try:
                task.future.set_result(task.work())
            except TryAgain as wish:
                again = wish
            except BaseException as error:  # noqa: BLE001 -- it belongs to whoever waits for the result
                task.future.set_exception(error)
            self._give_back(lane, task, again)

    def _take(self) -> tuple[_Lane, _Task] | None:
        with self._changed:
            while not self._closed:
                now = self._clock()
                soonest = float("inf")
                busy = sum(lane.active > 0 for lane in self._lanes.values())
                for lane in self._lanes.values():
                    if lane.active >= self._per_host or (not lane.active and busy >= self._jobs):
                        continue
                    before = len(lane.waiting) + len(lane.resting)
                    task, ready = lane.take(now)
                    self._queued -= before - len(lane.waiting) - len(lane.resting)  # cancelled ones too
                    if task is not None:
                        if self._idle and self._queued:
                            self._changed.notify()  # whoever wakes up to work wakes up the next
                        return lane, task
                    soonest = min(soonest, ready)
                self._idle += 1
                self._changed.wait(None if soonest == float("inf") else max(0.001, soonest - now))
                self._idle -= 1
        return None

    def _give_back(self, lane: _Lane, task: _Task, again: TryAgain | None) -> None:
        with self._changed:
            now = self._clock()
            lane.active -= 1
            lane.last_end = now
            if again is not None:
                task.not_before, task.has_run = now + again.seconds, True
                if again.whole_host:
                    lane.rests_until = max(lane.rests_until, task.not_before)
                if not self._closed:
                    lane.resting.append(task)
                    self._queued += 1
                    self._changed.notify()  # this thread may work elsewhere when the rest is over
            closed = self._closed
        if again is not None and closed:
            task.call_off()
