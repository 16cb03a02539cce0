"""Work in forked processes, on one thing or on many: each sees all that was read, and sends back what it found."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from archive_manifests.ledger import Ledger

MANY = 64
"""Sources from which starting processes costs less than it saves."""
_REQUISITES = 16
"""Requisites that cost about as much as a source does."""
DIED: Any = object()
"""Stands for the result of an item whose process died."""


def can_fork() -> bool:
    """True where a process can be forked safely: no other thread may hold a lock."""
    return sys.platform == "linux" and hasattr(os, "fork") and threading.active_count() == 1


def is_worth_processes(ledger: Ledger) -> bool:
    """True where there is so much to derive again that starting processes costs less than it saves."""
    requisites = sum(len(entry.requisites) for entry in ledger.sources)
    return len(ledger.sources) + requisites // _REQUISITES >= MANY


class ForkedWork:
    """One piece of work that goes on in a process of its own while this one does something else."""

    def __init__(self, work: Callable[[], Any], prepare: Callable[[], None]) -> None:
        """Begin. `prepare` runs first in the process, to reopen its files."""
        import multiprocessing

        context = multiprocessing.get_context("fork")
        self._result, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_serve_one, args=(theirs, work, prepare), daemon=True)
        self._process.start()
        theirs.close()

    def result(self) -> Any:
        """Wait for it; `DIED` where the process ended without a result."""
        try:
            result = self._result.recv()
        except (EOFError, ConnectionError):
            result = DIED
        self._process.join()
        return result

    def drop(self) -> None:
        """End the process: nobody wants its result."""
        self._process.terminate()
        self._process.join()


def in_forks(
    jobs: int, count: int, work: Callable[[int], Any], prepare: Callable[[], None]
) -> Iterator[tuple[int, Any]]:
    """Begin, and return an iterator of each item's number and result, in any order.

    `prepare` runs first in each process, to reopen its files.
    """
    import multiprocessing

    context = multiprocessing.get_context("fork")
    waiting: dict[Connection, tuple[Any, set[int]]] = {}
    for share in range(min(jobs, count)):
        numbers = range(share, count, jobs)
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_serve, args=(theirs, numbers, work, prepare), daemon=True)
        process.start()
        theirs.close()
        waiting[ours] = process, set(numbers)
    return _results(waiting)


def _results(waiting: dict[Connection, tuple[Any, set[int]]]) -> Iterator[tuple[int, Any]]:
    from multiprocessing.connection import wait

    try:
        while waiting:
            for ready in wait(list(waiting)):
                process, left = waiting[ready]  # type: ignore[index]
                try:
                    number, result = ready.recv()  # type: ignore[union-attr, call-arg]
                except (EOFError, ConnectionError):
                    del waiting[ready]  # type: ignore[arg-type]
                    process.join()
                    yield from ((number, DIED) for number in sorted(left))
                    continue
                left.discard(number)
                yield number, result
    finally:
        for process, _ in waiting.values():
            process.terminate()


def _serve_one(result: Connection, work: Callable[[], Any], prepare: Callable[[], None]) -> None:
    _leave_signals_to_parent()
    gc.freeze()
    with contextlib.suppress(Exception):  # whoever began it does the work again, and meets the same error
        prepare()
        result.send(work())
    result.close()


def _serve(results: Connection, numbers: range, work: Callable[[int], Any], prepare: Callable[[], None]) -> None:
    _leave_signals_to_parent()
    gc.freeze()  # what was inherited stays: looking through it again and again would also copy all of its pages
    prepare()
    with contextlib.suppress(ConnectionError):
        for number in numbers:
            results.send((number, work(number)))
    results.close()


def _leave_signals_to_parent() -> None:
    """Ctrl-C reaches the whole group; the parent reports it once, and ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
