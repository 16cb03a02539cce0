"""Runs yt-dlp in a process of its own: what breaks it, or fills it, costs one video and no other source.

The process has no socket. Its requests come here, go through the recorder, and their answers go back in pieces. It
has one folder to write into, which ends with it.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import subprocess
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from archive.cite.isolate import start_isolated
from archive.net import Request
from archive.systems.video.extractor_log import ExtractorLog
from archive.systems.video.messages import (
    PIECE,
    SPOOL,
    Message,
    MessageLogged,
    MessagePipe,
    NextOfPayload,
    OpenPlayer,
    PayloadPiece,
    PipeEnded,
    ProcessReady,
    RequestSent,
    RequestToSend,
)
from archive.systems.video.recorded_network import RecordedNetwork
from archive.urls import UrlError, parse

SILENCE = 400.0
"""Seconds without a message after which a process that has a task is ended."""
PROCESSES_AT_ONCE = 6
_IDLE_AT_MOST = 2
_MEMORY_OF_IDLE = 300 << 20
"""Bytes that a process may have needed to be used for another player."""
_PAYLOADS_OPEN = 16
RUNTIME = "deno"
"""Runs a player's script, which computes the addresses of streams, without network or disk; others are less strict."""
_START = "from archive.systems.video.worker import main; main()"


class ExtractorBroke(Exception):
    """The process ended, or was ended, before it replied."""


class ExtractorProcess:
    """One process, which performs one task at a time."""

    def __init__(self, pipe: MessagePipe, end: Callable[[], None], folder: Path) -> None:
        self._pipe, self._end = pipe, end
        self.folder = folder
        """Where it may write: made for this process, removed with it."""
        self._handle = os.open(folder, os.O_RDONLY) if os.name == "posix" else None
        self._watchdog = Watchdog(end)
        self.is_waiting = False
        """True where the process has replied to all tasks, and can be given another."""
        self.version = ""
        self.peak = 0
        self._payloads: OrderedDict[int, Iterator[bytes]] = OrderedDict()
        self._count = 0

    def open(self, task: OpenPlayer) -> Path:
        """Get ready for a player. Returns the folder for its streams; raises `ExtractorBroke`, `OSError`."""
        self._payloads.clear()
        spool = self.folder / SPOOL
        spool.mkdir()
        self._greet(self._ask_without_network(task))
        return spool

    def writes_into(self, parent: Path) -> bool:
        """True where its folder is still the one that it was confined to, below `parent`."""
        if self.folder.parent != parent or not self.folder.is_dir():
            return False
        return self._handle is None or os.path.samestat(os.fstat(self._handle), self.folder.stat())

    def greet(self) -> None:
        """Wait until the process has started. Raises `ExtractorBroke`."""
        self._greet(self._received())

    def _greet(self, ready: Any) -> None:
        if not isinstance(ready, ProcessReady):
            raise ExtractorBroke
        self.version, self.peak, self.is_waiting = ready.version, ready.peak, True

    def perform(self, task: Message, network: RecordedNetwork, log: ExtractorLog) -> Any:
        """Have a task performed and return the reply. Raises `ExtractorBroke`, and what the network raises."""
        self.is_waiting = False
        self._sent(task)
        while True:
            message = self._received()
            if isinstance(message, MessageLogged):
                (log.error if message.is_error else log.warning)(message.text)
            elif isinstance(message, RequestToSend):
                self._sent(self._answer(message, network))
            elif isinstance(message, NextOfPayload):
                self._sent(PayloadPiece(next(self._payloads.get(message.number, iter(())), b"")))
            else:
                self.is_waiting = True
                return message

    def close(self) -> None:
        """End the process, and remove its folder."""
        self.is_waiting = False
        self._watchdog.close()
        self._end()
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answer(self, wanted: RequestToSend, network: RecordedNetwork) -> RequestSent:
        try:
            url = parse(wanted.url)
        except UrlError as error:
            raise ExtractorBroke from error
        recorded = network.send(Request(url, wanted.method, tuple(wanted.headers), wanted.body))
        self._count += 1
        self._payloads[self._count] = _pieces(recorded.payload())
        while len(self._payloads) > _PAYLOADS_OPEN:
            self._payloads.popitem(last=False)
        return RequestSent(self._count, recorded.head, recorded.failure, recorded.truncated)

    def _ask_without_network(self, task: Message) -> Any:
        self.is_waiting = False
        self._sent(task)
        return self._received()

    def _sent(self, message: Message) -> None:
        try:
            self._pipe.send(message)
        except (PipeEnded, ValueError) as error:
            raise ExtractorBroke from error

    def _received(self) -> Any:
        with self._watchdog:
            try:
                return self._pipe.receive()
            except PipeEnded as error:
                raise ExtractorBroke from error


def _pieces(payload: Iterator[bytes]) -> Iterator[bytes]:
    """The payload in pieces that are neither empty, which would end it, nor too long."""
    for data in payload:
        for start in range(0, len(data), PIECE):
            yield data[start : start + PIECE]


class Watchdog:
    """Ends a process that is waited for too long."""

    def __init__(self, end: Callable[[], None], *, seconds: float | None = None) -> None:
        self._end, self._seconds = end, SILENCE if seconds is None else seconds
        self._since: float | None = None
        self._closed = threading.Event()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def __enter__(self) -> None:
        self._since = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._since = None

    def close(self) -> None:
        self._closed.set()

    def _watch(self) -> None:
        while not self._closed.wait(min(5.0, self._seconds / 4)):
            since = self._since
            if since is not None and time.monotonic() - since > self._seconds:
                self._end()


def start_process(folder: Path) -> ExtractorProcess:
    """Start a process that writes into a new `folder` alone. Raises `ExtractorBroke`, `OSError`."""
    shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
    folder.mkdir(parents=True)
    words = [str(folder), shutil.which(RUNTIME) or ""]
    process = start_isolated(_START, words, subprocess.PIPE, stdout=subprocess.PIPE, home=folder)
    assert process.stdin is not None and process.stdout is not None

    def end() -> None:
        process.kill()
        process.wait()

    started = ExtractorProcess(MessagePipe(process.stdout, process.stdin), end, folder)
    try:
        started.greet()
    except BaseException:
        started.close()
        raise
    return started


class ProcessPool(Struct):
    """Lends processes: one that ended its last player in order is used for the next, as starting takes a while."""

    _idle: list[ExtractorProcess] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _slots: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(PROCESSES_AT_ONCE))
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def lend(self, task: OpenPlayer, parent: Path) -> tuple[ExtractorProcess, Path]:
        """A process that is ready for a player, and the folder below `parent` for its streams; give it back.

        Raises `ExtractorBroke`, `OSError`.
        """
        self._slots.acquire()
        try:
            return self._ready(task, parent)
        except BaseException:
            self._slots.release()
            raise

    def _ready(self, task: OpenPlayer, parent: Path) -> tuple[ExtractorProcess, Path]:
        with self._lock:
            idle = self._idle.pop() if self._idle else None
        if idle is not None:
            try:
                if idle.writes_into(parent):
                    return idle, idle.open(task)
            except (ExtractorBroke, OSError):
                pass  # it ended meanwhile
            idle.close()
        started = start_process(parent / f"extractor-{next(self._numbers)}")
        try:
            return started, started.open(task)
        except BaseException:
            started.close()
            raise

    def give_back(self, process: ExtractorProcess) -> None:
        """Keep a process for the next player, or end it."""
        self._slots.release()
        shutil.rmtree(process.folder / SPOOL, ignore_errors=True)
        with self._lock:
            if process.is_waiting and process.peak < _MEMORY_OF_IDLE and len(self._idle) < _IDLE_AT_MOST:
                self._idle.append(process)
                return
        process.close()

    def close(self) -> None:
        """End the processes that wait."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.close()


POOL = ProcessPool()
atexit.register(POOL.close)
