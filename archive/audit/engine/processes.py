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
        self._pool.shutdown(wait=wait, cancel_futures=True)
        if not wait:  # whoever presses Ctrl-C does not want to wait for a terabyte to be read to its end
            for child in multiprocessing.active_children():
                if child.pid not in self._others:
                    child.terminate()

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
