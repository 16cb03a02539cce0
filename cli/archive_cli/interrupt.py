"""Ctrl-C that arrives while a module is imported, and SIGTERM while processes work together."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from archive.signals import raising
from archive_cli.start import leave

_interrupt = raising(KeyboardInterrupt)


def heed_interrupts() -> None:
    """Raise KeyboardInterrupt on SIGINT, but never within the machinery of `import`.

    A handler that somebody else has set stays; so does one in a program whose main thread is not ours.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGINT) in (signal.default_int_handler, leave):
        signal.signal(signal.SIGINT, _interrupt)


def leave_on_next() -> None:
    """Have the next Ctrl-C end the process at once: this one is being reported."""
    if signal.getsignal(signal.SIGINT) is _interrupt:
        signal.signal(signal.SIGINT, leave)


@contextmanager
def terminated_in_order() -> Iterator[None]:
    """Within, SIGTERM interrupts as Ctrl-C does.

    A pool of processes then ends with its semaphores; Python warns of those that are left behind.
    A handler that somebody else has set stays; so does one in a program whose main thread is not ours.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
