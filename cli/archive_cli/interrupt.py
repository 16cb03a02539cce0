"""Ctrl-C that arrives while a module is imported, and SIGTERM while processes work together."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from archive_cli.start import leave

_AGAIN = 0.02
"""Seconds until the signal is sent once more."""


def heed_interrupts() -> None:
    """Raise KeyboardInterrupt on SIGINT, but never within the machinery of `import`.

    Python drops an exception that is raised in the callbacks of its import locks, and leaves a lock held: the
    interrupt would be lost, and the next import of that module would wait for ever. There the signal is put off.
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


def _interrupt(_number: int, frame: FrameType | None) -> None:
    if not _imports(frame):
        raise KeyboardInterrupt
    later = threading.Timer(_AGAIN, _send_again)
    later.daemon = True
    later.start()


def _imports(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _send_again() -> None:
    """To the main thread itself, so that what it waits in (a lock, a socket) wakes up."""
    main = threading.main_thread().ident
    if main is not None and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main, signal.SIGINT)
    else:  # Windows
        signal.raise_signal(signal.SIGINT)
