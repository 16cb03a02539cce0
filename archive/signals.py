"""Handlers of signals that raise an exception, but never within the machinery of `import`.

Python drops an exception that is raised in the callbacks of its import locks, prints it, and leaves a lock held: the
signal would be lost, and the next import of that module would wait for ever. There the signal is put off.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType

_AGAIN = 0.02
"""Seconds until the signal is sent once more."""


def raising(error: type[BaseException], *arguments: object) -> Callable[[int, FrameType | None], None]:
    """A handler that raises `error` with these arguments in the main thread."""

    def handle(number: int, frame: FrameType | None) -> None:
        if not _imports(frame):
            raise error(*arguments)
        later = threading.Timer(_AGAIN, _send_again, (number,))
        later.daemon = True
        later.start()

    return handle


def _imports(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _send_again(number: int) -> None:
    """To the main thread itself, so that what it waits in (a lock, a socket) wakes up."""
    main = threading.main_thread().ident
    if main is not None and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main, number)
    else:  # Windows
        signal.raise_signal(number)
