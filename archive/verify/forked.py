"""Work on many items in forked processes: each sees all that was read, and sends back what it found."""

from __future__ import annotations

import contextlib
import gc
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

DIED = object()
"""Stands for the result of an item whose process died."""


def can_fork() -> bool:
    """True where a process can be forked safely: no other thread may hold a lock."""
    return sys.platform == "linux" and threading.active_count() == 1


def in_forks(
    jobs: int, count: int, work: Callable[[int], Any], prepare: Callable[[], None]
) -> Iterator[tuple[int, Any]]:
    """Yield each item's number and result, in any order. `prepare` runs first in each process, to reopen its files."""
    import multiprocessing
    from multiprocessing.connection import wait

    context = multiprocessing.get_context("fork")
    waiting: dict[Connection, tuple[Any, set[int]]] = {}
    for share in range(min(jobs, count)):
        numbers = range(share, count, jobs)
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_serve, args=(theirs, numbers, work, prepare), daemon=True)
        process.start()
        theirs.close()
        waiting[ours] = process, set(numbers)
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


def _serve(results: Connection, numbers: range, work: Callable[[int], Any], prepare: Callable[[], None]) -> None:
    gc.freeze()  # what was inherited stays: looking through it again and again would also copy all of its pages
    prepare()
    with contextlib.suppress(ConnectionError):
        for number in numbers:
            results.send((number, work(number)))
    results.close()
