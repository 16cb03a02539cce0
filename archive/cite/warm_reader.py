"""Reads many files with one start: the parent's side of `warm_worker`."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from typing import BinaryIO

from msgspec import Struct, field

from archive.posix import can_fork_readers

_START = "from archive.cite.warm_worker import main; main()"
_CURRENT: ContextVar[WarmReader | None] = ContextVar("warm_reader", default=None)


@contextlib.contextmanager
def one_start_for_all() -> Iterator[None]:
    """Within, PDFs and other files are read by processes that share one start, where the system can."""
    if not can_fork_readers():
        yield
        return
    reader = WarmReader()
    token = _CURRENT.set(reader)
    try:
        yield
    finally:
        _CURRENT.reset(token)
        reader.close()


def warm_reader() -> WarmReader | None:
    """The reader that is ready, if any."""
    return _CURRENT.get()


class WarmReader(Struct):
    """Starts its process with the first file, and again after one that took too long."""

    _process: subprocess.Popen[bytes] | None = None
    _control: socket.socket | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_ended: bool = False
    """It was told to end, and may still be there for a moment."""

    def read(self, source: BinaryIO, kind: str, suffix: str, *, seconds: float, most: int) -> bytes:
        """What the process that reads `source`, from its beginning, writes; nothing of one that ended without."""
        with self._lock:
            answer, other = os.pipe()
            with os.fdopen(answer, "rb") as pipe:
                try:
                    socket.send_fds(self._started(), [f"{kind}\n{suffix}".encode()], [source.fileno(), other])
                except OSError:
                    self.close()
                    return b""
                finally:
                    os.close(other)
                timer = threading.Timer(seconds, self._kill)
                timer.start()
                try:
                    return pipe.read(most)
                finally:
                    timer.cancel()
                    timer.join()
                    if self._is_ended or (self._process is not None and self._process.poll() is not None):
                        self.close()  # the next file starts it again

    def _started(self) -> socket.socket:
        from archive.cite.isolate import start_isolated

        if self._control is None:
            self._control, theirs = socket.socketpair()
            with theirs:
                self._process = start_isolated(_START, [], theirs.fileno(), apart=True)
        return self._control

    def _kill(self) -> None:
        self._is_ended = True
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the process, and what it forked."""
        self._kill()
        if self._process is not None:
            self._process.wait()
        if self._control is not None:
            self._control.close()
        self._process = self._control = None
        self._is_ended = False
