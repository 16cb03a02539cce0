"""Processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait

from archive.audit.engine.interface import Engine, Loss
from archive.audit.errors import EngineLost

REBUILDS = 50
"""Broken pools that are replaced in one run."""

_ENDING = 2.0
"""Seconds that ended processes get; one that waits for a disk that does not answer cannot be ended."""


class Processes(Engine):
    """A pool that is replaced when one of its processes dies."""

    name = "processes"

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._others = {child.pid for child in multiprocessing.active_children()}
        self._rebuilt = 0
        self._pool = self._new_pool()

    @property
    def workers(self) -> int:
        return self._jobs

    @property
    def executor(self) -> Executor:
        return self._pool

    def meaning(self, error: BaseException) -> Loss:
        return Loss.POOL if isinstance(error, BrokenProcessPool) else Loss.NONE

    def rebuild(self) -> None:
        self._rebuilt += 1
        if self._rebuilt > REBUILDS:
            raise EngineLost(f"{REBUILDS} times a process that reads bags was ended from outside; is memory short?")
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._new_pool()

    def close(self, *, wait: bool = True) -> None:
        if wait:
            self._pool.shutdown(cancel_futures=True)
            return
        for child in multiprocessing.active_children():  # Ctrl-C does not wait for a terabyte to be read to its end
            if child.pid not in self._others:
                child.terminate()
        # Without waiting at all the pool closes its pipe under its own thread, which then prints a traceback.
        ending = threading.Thread(target=self._pool.shutdown, kwargs={"cancel_futures": True}, daemon=True)
        ending.start()
        ending.join(_ENDING)

    def _new_pool(self) -> ProcessPoolExecutor:
        # A forked process would share the database's connections, and whatever locks other threads hold.
        return ProcessPoolExecutor(
            self._jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_begin, initargs=()
        )


def _begin() -> None:
    """Leave Ctrl-C to the coordinator, and end with it, even where it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
