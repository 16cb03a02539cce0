"""The process in which yt-dlp runs: bounded, without sockets, with one folder to write into.

What it needs of the network it requests from the process that started it, by messages on stdin and stdout. On Linux
native code is confined too, and the runtime of a player's script with it: it reads programs and libraries, writes
into the folder, connects to nothing, and signals nobody (Landlock, seccomp). Elsewhere only Python code is, by an
audit hook. Imports yt-dlp: import this module only in a process of its own.
"""

from __future__ import annotations

import contextlib
import errno
import http.cookiejar
import mimetypes
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct
from yt_dlp.utils import YoutubeDLError

from archive import posix, sandbox
from archive.systems.video import client as clients
from archive.systems.video.handler import RemoteNetwork
from archive.systems.video.messages import (
    SPOOL,
    DownloadStream,
    Message,
    MessageLogged,
    MessagePipe,
    NextVideo,
    OpenPlayer,
    PipeEnded,
    ProcessReady,
    StreamDownloaded,
    TaskFailed,
    VideoDescribed,
)
from archive.systems.video.plain_values import plain
from archive_manifests.plain_text import plain_reason

CPU_SECONDS = 180
"""Of computing for one task, and again after each answer that a request of it gets."""
MEMORY = 512 << 20
"""Bytes, the program's own included: seven times what a usual video takes."""
MEMORY_TO_START = 1536 << 20
"""Bytes while a program is started: deno reserves more than it uses, and does not start with half of this."""
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)
_FORBIDDEN = (
    "socket.",
    *(f"os.{call}" for call in ("exec", "startfile", "system", "fork", "kill", "link", "symlink", "chown", "chmod")),
)
"""How the names of events begin that extracting a video never causes."""
_CHANGING = tuple(f"os.{call}" for call in ("remove", "rename", "rmdir", "mkdir", "truncate", "utime"))
_STARTING = ("subprocess.Popen", "os.posix_spawn")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Perform the tasks that come on stdin, until it ends; the command line names the folder and the runtime."""
    folder, runtime = Path(sys.argv[1]), sys.argv[2]
    reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("r+b") as nothing:  # whatever prints or reads must not reach the messages
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    posix.limit_data_of_this_process(MEMORY)
    mimetypes.init()  # reads a file of the system
    sandbox.confine(_reachable(folder, runtime))
    sys.addaudithook(Confinement(folder, runtime).check)
    serve(BoundedPipe(reader, writer), folder)


def _reachable(folder: Path, runtime: str) -> sandbox.Reachable:
    programs = (Path(runtime).resolve(), *sandbox.loaders()) if runtime else ()
    readable = (*sandbox.code_folders(), *sandbox.system_files())
    return sandbox.Reachable(readable, (folder, Path(os.devnull)), programs)


class BoundedPipe(MessagePipe):
    """A pipe that lets the process compute for a while after each message that it receives, in bounded memory."""

    def receive(self) -> Any:
        message = super().receive()
        posix.allow_computing(CPU_SECONDS)
        posix.limit_data_of_this_process(MEMORY)
        return message


def serve(pipe: MessagePipe, folder: Path) -> None:
    """Perform tasks until the other side ends; streams are written below `folder`."""
    extractor = None
    with contextlib.suppress(PipeEnded):
        pipe.send(_ready())
        while True:
            task = pipe.receive()
            if isinstance(task, OpenPlayer):
                if extractor is not None:
                    extractor.close()
                extractor = Extractor(pipe, task, folder / SPOOL)
                pipe.send(_ready())
            elif extractor is not None:
                _reply(pipe, extractor.perform(task))


def _ready() -> ProcessReady:
    return ProcessReady(clients.VERSION, posix.most_memory_used())


def _reply(pipe: MessagePipe, reply: Message) -> None:
    try:
        pipe.send(reply)
    except ValueError as error:
        pipe.send(TaskFailed(plain_reason(error)))


class Confinement:
    """Refuses what extracting a video never needs: sockets, writing outside one folder, programs but one."""

    def __init__(self, folder: Path, program: str) -> None:
        self._folder, self._program = os.path.realpath(folder), program

    def check(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An audit hook. Raises `PermissionError`."""
        if event.startswith(_FORBIDDEN):
            raise PermissionError(f"the extractor tried {event}")
        if event in _STARTING and (not self._program or os.fspath(arguments[0]) != self._program):
            raise PermissionError(f"the extractor tried to start {str(arguments[0])[:200]!r}")
        if event in _STARTING:
            posix.limit_data_of_this_process(MEMORY_TO_START)
        if event.startswith(_CHANGING) and not all(map(self._is_ours, _paths(event, arguments))):
            raise PermissionError(f"the extractor tried {event} outside its folder")
        if event == "open" and _writes(arguments) and not self._is_ours(arguments[0]):
            raise PermissionError("the extractor tried to write outside its folder")

    def _is_ours(self, path: Any) -> bool:
        if isinstance(path, int):
            return True  # open already
        place = os.path.realpath(os.fsdecode(path))
        return place == os.devnull or Path(place).is_relative_to(self._folder)


def _paths(event: str, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return arguments[:2] if event == "os.rename" else arguments[:1]


def _writes(arguments: tuple[Any, ...]) -> bool:
    mode, flags = str(arguments[1] or "r"), arguments[2]
    return any(letter in mode for letter in "wax+") or (isinstance(flags, int) and bool(flags & _WRITING))


class ForwardedLog(Struct):
    """A logger for yt-dlp."""

    pipe: MessagePipe

    def debug(self, message: str) -> None:
        """Chatter."""

    def info(self, message: str) -> None:
        """Chatter."""

    def stdout(self, message: str) -> None:
        """Chatter."""

    def warning(self, message: str, *, once: bool = False) -> None:
        self.pipe.send(MessageLogged(plain(str(message)), is_error=False))

    def error(self, message: str, *, is_error: bool = True) -> None:
        self.pipe.send(MessageLogged(plain(str(message)), is_error=True))


class Extractor:
    """Performs the tasks of one player."""

    def __init__(self, pipe: MessagePipe, task: OpenPlayer, spool: Path) -> None:
        self._address, self._spool = task.address, spool
        network = RemoteNetwork(pipe, task.largest)
        options = clients.options(**task.options, largest=task.largest, spool=self._spool)
        self._client = clients.Client(network, ForwardedLog(pipe), options)
        self._client.add_cookies(http.cookiejar.Cookie(**each) for each in task.cookies)
        self._videos: Iterator[Any] | None = None

    def close(self) -> None:
        self._client.close()

    def perform(self, task: Message) -> Message:
        """Perform a task; what goes wrong with it is its reply."""
        try:
            if isinstance(task, NextVideo):
                return self._next_video()
            if isinstance(task, DownloadStream):
                path = self._spool / Path(task.name).name
                good, _ = self._client.dl(str(path), task.form, subtitle=task.subtitle)
                return StreamDownloaded(bool(good))
        except PipeEnded:
            raise
        except Exception as error:  # noqa: BLE001 -- an extractor may fail in any way
            return _failure(error)
        return TaskFailed(f"no task is called {type(task).__name__}")

    def _next_video(self) -> VideoDescribed:
        if self._videos is None:
            self._videos = self._extract()
        for video in self._videos:
            if isinstance(video, dict):
                return VideoDescribed(plain(self._client.sanitize_info(video)))
        return VideoDescribed(None)

    def _extract(self) -> Iterator[Any]:
        found = self._client.extract_info(self._address, download=False)
        if not isinstance(found, dict):
            raise YoutubeDLError("the extractor describes no video")
        entries = found.get("entries")
        if entries is None:
            return iter([found])
        if not isinstance(entries, Iterable):
            raise YoutubeDLError("the extractor lists no videos")
        return iter(entries)


def _failure(error: Exception) -> TaskFailed:
    if isinstance(error, OSError) and error.errno in _DISK:
        return TaskFailed(str(error), error.errno)
    if isinstance(error, MemoryError):
        return TaskFailed(f"extracting it takes more than {MEMORY >> 20:,} MiB of memory")
    return TaskFailed(plain(str(error) if isinstance(error, YoutubeDLError) else f"{type(error).__name__}: {error}"))
