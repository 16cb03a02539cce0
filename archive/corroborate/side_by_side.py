"""Work on many things, shared out to as many processes as there are cores.

Whatever a process does not answer, because it died or met an error, is done again in this one, which then raises it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import TypeVar

from archive.posix import can_fork_readers, end_with_parent

_Thing = TypeVar("_Thing")
_Answer = TypeVar("_Answer")
_Numbered = tuple[int, _Answer]
FEWEST = 8
"""Things from which on a process each takes less time than it costs."""


def each_answer(
    things: Sequence[_Thing], answer: Callable[[_Thing], _Answer], begin: Callable[[], None]
) -> Iterator[_Answer]:
    """Yield the answer for each thing, in their order.

    A process is a copy of this one: `begin` is called in it first, to open anew what two processes may not share.
    """
    known: dict[int, _Answer] = {}
    jobs = min(_cores(), len(things))
    if jobs > 1 and len(things) >= FEWEST and _may_fork():
        known = dict(_answered(things, answer, begin, jobs))
    for number, thing in enumerate(things):
        yield known.pop(number) if number in known else answer(thing)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _may_fork() -> bool:
    """True where no other thread may hold a lock that a copy of this process would wait for."""
    return can_fork_readers() and threading.active_count() == 1


def _answered(
    things: Sequence[_Thing], answer: Callable[[_Thing], _Answer], begin: Callable[[], None], jobs: int
) -> Iterator[_Numbered[_Answer]]:
    """The answers of the processes with the numbers of their things, in any order."""
    context = multiprocessing.get_context("fork")
    processes, pipes = [], []
    try:
        for first in range(jobs):
            receiving, sending = context.Pipe(duplex=False)  # a two-way one is a socket
            work = (sending, things, range(first, len(things), jobs), answer, begin)
            processes.append(context.Process(target=_work, args=work, daemon=True))
            processes[-1].start()
            sending.close()
            pipes.append(receiving)
        while pipes:
            for ready in wait(pipes):
                assert isinstance(ready, Connection)
                try:
                    yield ready.recv()
                except EOFError:
                    pipes.remove(ready)
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _work(
    sending: Connection,
    things: Sequence[_Thing],
    numbers: Sequence[int],
    answer: Callable[[_Thing], _Answer],
    begin: Callable[[], None],
) -> None:
    """What one process does: it answers its things in turn, until one of them raises."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that started it ends it
    end_with_parent()
    begin()
    for number in numbers:
        try:
            answered = answer(things[number])
        except Exception:  # noqa: BLE001 -- raised again where it is seen
            return
        sending.send((number, answered))
