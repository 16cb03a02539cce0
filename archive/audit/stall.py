"""Gives a read up that never returns: a disk or a mount that hangs must not hold a run for ever."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

Result = TypeVar("Result")

LOOKS = 20
"""How often, within the limit, the reading is looked at."""

AHEAD = 1_000
"""Results that are made before somebody takes them."""

POLL = 0.05

IDLE_SECONDS = 0.02
"""Time of a processor in which a thread cannot have read anything worth mentioning."""


class Stalled(Exception):
    """Nothing was read for too long."""


def within(limit: float | None, work: Callable[[], Result], progress: Callable[[], object]) -> Result:
    """Do the work, in a thread that is abandoned once it has read and computed nothing for `limit` seconds.

    A thread in a system call cannot be ended; it ends with its process. `progress` returns what changes while reading
    goes on. Raises `Stalled`, and what `work` raises.
    """
    if limit is None:
        return work()
    thread = _Work(work)
    thread.start()
    since, last = time.monotonic(), (thread.seconds(), progress())
    while not thread.is_done.wait(limit / LOOKS):
        now = (thread.seconds(), progress())
        if now[1] != last[1] or now[0] - last[0] > IDLE_SECONDS:
            since, last = time.monotonic(), now
        elif time.monotonic() - since >= limit:
            raise Stalled(f"nothing was read for {limit:,.0f} seconds: the disk, the mount or the store hangs")
    return thread.result()


def each_within(limit: float | None, produce: Callable[[], Iterable[Result]]) -> Iterator[Result]:
    """What `produce` yields, made in a thread that is abandoned once nothing was made or computed for `limit` seconds.

    Raises `Stalled`, and what `produce` raises.
    """
    if limit is None:
        yield from produce()
        return
    made: queue.Queue[Result] = queue.Queue(AHEAD)
    thread = _Work(lambda: _put_all(made, produce()))
    thread.start()
    since, last = time.monotonic(), thread.seconds()
    while True:
        with contextlib.suppress(queue.Empty):
            yield made.get(timeout=min(limit / LOOKS, POLL))
            since, last = time.monotonic(), thread.seconds()
            continue
        if thread.is_done.is_set() and made.empty():
            thread.result()
            return
        if (now := thread.seconds()) - last > IDLE_SECONDS:
            since, last = time.monotonic(), now
        elif time.monotonic() - since >= limit:
            raise Stalled(f"nothing was listed for {limit:,.0f} seconds: the disk, the mount or the store hangs")


def _put_all(made: queue.Queue[Result], results: Iterable[Result]) -> None:
    for one in results:
        made.put(one)


class _Work(threading.Thread, Generic[Result]):
    """One piece of work, its result, and how much time of a processor it has taken."""

    def __init__(self, work: Callable[[], Result]) -> None:
        super().__init__(name="reading a copy", daemon=True)  # a process ends without waiting for it
        self.is_done = threading.Event()
        self._work = work
        self._clock: int | None = None
        self._results: list[Result] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            with contextlib.suppress(AttributeError, OSError):  # macOS and Windows have no clock of one thread
                self._clock = time.pthread_getcpuclockid(threading.get_ident())
            self._results.append(self._work())
        except BaseException as error:  # noqa: BLE001 -- raised where it is waited for
            self._error = error
        finally:
            self.is_done.set()

    def seconds(self) -> float:
        """Time of a processor that the thread, or where nobody can say its process, has taken."""
        if self._clock is not None:
            with contextlib.suppress(OSError):
                return time.clock_gettime(self._clock)
        return time.process_time()

    def result(self) -> Result:
        if self._error is not None:
            raise self._error
        return self._results[0]
