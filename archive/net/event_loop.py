"""The event loop of the network: one thread that carries every exchange of a run.

Callers in other threads (a source's own, a video extractor, a browser) hand in a coroutine and wait for its result.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as LateError
from contextlib import suppress
from typing import Any, TypeVar

Result = TypeVar("Result")

_INTERRUPTIBLE = 0.5
"""Seconds of one wait of the main thread: on Windows a wait without end cannot be interrupted by Ctrl-C."""


class EventLoop:
    """An asyncio loop in a daemon thread of its own, which starts when it is first needed."""

    def __init__(self) -> None:
        # Sockets are watched by readiness, which Windows' default loop does not offer.
        self._loop = asyncio.SelectorEventLoop()
        self._thread = threading.Thread(target=self._run, name="network", daemon=True)
        self._starting = threading.Lock()
        self._closed = False
        self._ident: int | None = None
        """Of the thread, once it runs."""

    def _run(self) -> None:
        self._ident = threading.get_ident()
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    @property
    def is_current(self) -> bool:
        """True in the loop's own thread."""
        return threading.get_ident() == self._ident

    def call(self, function: Callable[..., object], *values: Any) -> bool:
        """Call a function in the loop's thread: at once where this is it. False where the loop is closed."""
        if self.is_current:
            function(*values)
            return True
        self._start()
        if not self._closed:
            with suppress(RuntimeError):  # closed meanwhile
                self._loop.call_soon_threadsafe(function, *values)
                return True
        return False

    def submit(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        """Run a coroutine in the loop; the future is cancelled where the loop is closed."""
        self._start()
        if not self._closed:
            with suppress(RuntimeError):  # closed meanwhile
                return asyncio.run_coroutine_threadsafe(work, self._loop)
        work.close()
        never: Future[Result] = Future()
        never.cancel()
        return never

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine in the loop and wait for its result. Not to be called in the loop's own thread.

        Raises `CancelledError` where the loop is closed.
        """
        future = self.submit(work)
        try:
            return wait_for(future)
        except BaseException:
            future.cancel()
            raise

    def create_task(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Run a coroutine; called in the loop's thread."""
        return self._loop.create_task(work)

    def call_later(self, seconds: float, function: Callable[..., object], *values: Any) -> asyncio.TimerHandle:
        """Call a function after so many seconds; called in the loop's thread."""
        return self._loop.call_later(seconds, function, *values)

    def close(self) -> None:
        """Cancel what runs and end the thread. Safe to call twice, and from any thread but the loop's."""
        with self._starting:
            self._closed = True
        if not self._thread.is_alive():
            if not self._loop.is_closed() and self._thread.ident is None:
                self._loop.close()
            return
        with suppress(CancelledError):
            asyncio.run_coroutine_threadsafe(_cancel_all(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _start(self) -> None:
        if self._thread.ident is None:
            with self._starting:
                if self._thread.ident is None and not self._closed:
                    self._thread.start()


def wait_for(future: Future[Result]) -> Result:
    """The result of a future; Ctrl-C interrupts the wait."""
    if threading.current_thread() is not threading.main_thread():
        return future.result()
    while True:
        try:
            return future.result(_INTERRUPTIBLE)
        except LateError:
            if future.done():  # its own error
                raise


async def _cancel_all() -> None:
    """Cancel every other task and wait until each has ended, and for what runs in other threads."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()
