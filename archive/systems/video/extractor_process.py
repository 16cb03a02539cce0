"""Runs yt-dlp in a process of its own: what breaks it, or fills it, costs one video and no other source.

The process has no socket. Its requests come here, go through the recorder, and their answers go back in pieces.
"""

from __future__ import annotations

import atexit
import subprocess
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from archive.cite.isolate import start_isolated
from archive.net import Request
from archive.systems.video.extractor_log import ExtractorLog
from archive.systems.video.messages import (
    PIECE,
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
_START = "from archive.systems.video.worker import main; main()"


class ExtractorBroke(Exception):
    """The process ended, or was ended, before it replied."""


class ExtractorProcess:
    """One process, which performs one task at a time."""

    def __init__(self, pipe: MessagePipe, end: Callable[[], None]) -> None:
        self._pipe, self._end = pipe, end
        self._watchdog = Watchdog(end)
        self.is_waiting = False
        """True where the process has replied to all tasks, and can be given another."""
        self.version = ""
        self.peak = 0
        self._payloads: OrderedDict[int, Iterator[bytes]] = OrderedDict()
        self._count = 0

    def open(self, task: OpenPlayer) -> None:
        """Get ready for a player. Raises `ExtractorBroke`."""
        self._payloads.clear()
        self._greet(self._ask_without_network(task))

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
        """End the process."""
        self.is_waiting = False
        self._watchdog.close()
        self._end()

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


def start_process() -> ExtractorProcess:
    """Start a process. Raises `ExtractorBroke`, `OSError`."""
    process = start_isolated(_START, [], subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None

    def end() -> None:
        process.kill()
        process.wait()

    started = ExtractorProcess(MessagePipe(process.stdout, process.stdin), end)
    try:
        started.greet()
    except BaseException:
        started.close()
        raise
    return started


@dataclass(slots=True)
class ProcessPool:
    """Lends processes: one that ended its last player in order is used for the next, as starting takes a while."""

    _idle: list[ExtractorProcess] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _slots: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(PROCESSES_AT_ONCE))

    def lend(self, task: OpenPlayer) -> ExtractorProcess:
        """A process that is ready for a player; give it back. Raises `ExtractorBroke`, `OSError`."""
        self._slots.acquire()
        try:
            return self._ready(task)
        except BaseException:
            self._slots.release()
            raise

    def _ready(self, task: OpenPlayer) -> ExtractorProcess:
        with self._lock:
            idle = self._idle.pop() if self._idle else None
        if idle is not None:
            try:
                idle.open(task)
                return idle
            except ExtractorBroke:
                idle.close()  # it ended meanwhile
        started = start_process()
        try:
            started.open(task)
        except BaseException:
            started.close()
            raise
        return started

    def give_back(self, process: ExtractorProcess) -> None:
        """Keep a process for the next player, or end it."""
        self._slots.release()
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
