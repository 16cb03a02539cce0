"""A file system that fails where a test wants, and records its calls: for one process, below one folder.

Every call that changes something counts: opening for writing, writing, truncating, syncing, renaming, removing, making
folders. At one of them the process dies, or the call fails, or writes less than it was given. Syncing is recorded and
not done: no power is lost, and the model of lost power reads the record.
"""

# ruff: noqa: PTH100, PTH112, PTH115, PTH118 -- Path is built upon the very calls that are watched here

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from archive import posix

KINDS = ("kill", "tear", "ENOSPC", "EIO", "short", "full")
"""Die before the call; die with half a write done; fail once; fail once; write half; fail from here on."""
OF_WRITES = ("tear", "short")
"""Kinds that differ from others at writes alone: only those are counted for them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, and at which call."""

    kind: str
    at: int
    """Counted from 1 among all calls that change something, or among the writes."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that changed something."""

    name: str
    """`open`, `write`, `truncate`, `fsync`, `syncfs`, `rename`, `unlink`, `mkdir`, `rmdir`, `close`."""
    handle: int
    """Which open file or folder it went to; 0 for calls by path."""
    path: str = ""
    """Relative to the watched folder."""
    other: str = ""
    """Where a rename leads."""
    offset: int = 0
    data: bytes = b""


class Seam:
    """The file system of this process, from `install` on; there is no way back."""

    def __init__(
        self, folder: str, fault: Fault | None = None, on_fire: Callable[[str], None] = lambda _: None
    ) -> None:
        self._folder = os.path.abspath(folder) + os.sep
        self._fault, self._on_fire = fault, on_fire
        self._lock = threading.RLock()
        self._handles: dict[int, int] = {}
        """Descriptor -> handle."""
        self._next = 0
        self.calls: list[Call] = []
        self.count = 0
        self._turn = 0
        """How many calls have come at which the fault could strike."""

    # What the process sees

    def install(self) -> None:
        self._open, self._io_open, self._write = os.open, io.open, os.write
        self._real = {
            n: getattr(os, n) for n in ("fsync", "rename", "replace", "unlink", "mkdir", "rmdir", "dup", "close")
        }
        io.open = builtins.open = self.open  # type: ignore[assignment]
        tempfile.TemporaryFile = self._temporary  # type: ignore[assignment]
        os.open, os.fsync, os.dup, os.close = self._os_open, self._fsync, self._dup, self._close  # type: ignore[assignment]
        os.write = self._os_write  # type: ignore[assignment]
        posix.sync_file_system = self._sync_file_system
        os.rename = os.replace = self._rename  # type: ignore[assignment]
        os.unlink = os.remove = self._by_path("unlink")  # type: ignore[assignment]
        os.rmdir, os.mkdir = self._by_path("rmdir"), self._by_path("mkdir")  # type: ignore[assignment]

    def open(self, file: Any, mode: str = "r", buffering: int = -1, *args: Any, **named: Any) -> Any:
        path = self._below(file)
        if path is None or not set(mode) & set("wax+"):
            return self._io_open(file, mode, buffering, *args, **named)
        with self._lock:
            is_there = os.path.lexists(file)
            if not is_there or "w" in mode:
                self._step("open")
            raw = _File(self, os.fspath(file), mode.replace("b", "").replace("t", ""))
            raw.handle = self._new_handle(raw.fileno())
            if not is_there or "w" in mode:
                self._log(Call("open", raw.handle, path))
            else:
                self._log(Call("reopen", raw.handle, path))
        if buffering == 0:
            return raw
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, *args, **named)

    def write(self, raw: _File, data: Any) -> int:
        with self._lock:
            piece = bytes(data)
            kind = self._step("write", piece, partial(io.FileIO.write, raw))
            if kind == "short" and len(piece) > 1:
                piece = piece[: len(piece) // 2]
            at = os.fstat(raw.fileno()).st_size if raw.appends else raw.tell()
            written = io.FileIO.write(raw, piece)
            self._log(Call("write", raw.handle, offset=at, data=piece[:written]))
            return written

    def truncate(self, raw: _File, size: int | None) -> int:
        with self._lock:
            self._step("truncate")
            end = io.FileIO.truncate(raw, raw.tell() if size is None else size)
            self._log(Call("truncate", raw.handle, offset=end))
            return end

    def _temporary(self, *_: Any, dir: Any = None, **__: Any) -> Any:
        path = os.path.join(os.fspath(dir), f"spool-{self.count}-{threading.get_ident()}")
        opened = self.open(path, "w+b")
        self._real["unlink"](path)
        return opened

    def _os_open(self, path: Any, flags: int, *args: Any, **named: Any) -> int:
        below = self._below(path) if not named.get("dir_fd") else None
        with self._lock:
            is_there = below is not None and os.path.lexists(path)
            if below is not None and not is_there:
                self._step("open")
            descriptor = self._open(path, flags, *args, **named)
            if below is not None and os.path.isdir(path):
                self._log(Call("folder", self._new_handle(descriptor), below))
            elif below is not None and flags & (os.O_WRONLY | os.O_RDWR):
                self._log(Call("reopen" if is_there else "open", self._new_handle(descriptor), below))
        return descriptor

    def _os_write(self, descriptor: int, data: Any) -> int:
        if descriptor not in self._handles:
            return self._write(descriptor, data)
        with self._lock:
            piece = bytes(data)
            if self._step("write", piece, partial(self._write, descriptor)) == "short" and len(piece) > 1:
                piece = piece[: len(piece) // 2]
            at = os.lseek(descriptor, 0, os.SEEK_CUR)
            written = self._write(descriptor, piece)
            self._log(Call("write", self._handles[descriptor], offset=at, data=piece[:written]))
            return written

    def _sync_file_system(self, folder: Path) -> bool:
        with self._lock:
            self._step("syncfs")
            self._log(Call("syncfs", 0))
            return True

    def _dup(self, descriptor: int) -> int:
        copy: int = self._real["dup"](descriptor)
        if descriptor in self._handles:
            self._handles[copy] = self._handles[descriptor]
        return copy

    def _close(self, descriptor: int) -> None:
        self._handles.pop(descriptor, None)
        self._real["close"](descriptor)

    def _fsync(self, file: Any) -> None:
        descriptor = file if isinstance(file, int) else file.fileno()
        with self._lock:
            if descriptor in self._handles:
                self._step("fsync")
                self._log(Call("fsync", self._handles[descriptor]))
            else:
                self._real["fsync"](descriptor)

    def _rename(self, source: Any, target: Any, **named: Any) -> None:
        with self._lock:
            before, after = self._below(source), self._below(target)
            if before is not None:
                self._step("rename")
            self._real["replace"](source, target, **named)
            if before is not None and after is not None:
                self._log(Call("rename", 0, before, after))

    def _by_path(self, name: str) -> Callable[..., None]:
        def call(path: Any, *args: Any, **named: Any) -> None:
            folder = named.get("dir_fd")
            full = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), path) if folder is not None else path
            below = self._below(full)
            with self._lock:
                if below is not None:
                    self._step(name)
                self._real[name](path, *args, **named)
                if below is not None:
                    self._log(Call(name, 0, below))

        return call

    # What it counts and does

    def _below(self, path: Any) -> str | None:
        if isinstance(path, int):
            return None
        full = os.path.abspath(os.fspath(path)) + os.sep
        return full.removeprefix(self._folder).rstrip(os.sep) if full.startswith(self._folder) else None

    def _new_handle(self, descriptor: int) -> int:
        self._next += 1
        self._handles[descriptor] = self._next
        return self._next

    def _log(self, call: Call) -> None:
        self.calls.append(call)

    def _step(self, name: str, data: bytes = b"", put: Callable[[bytes], object] | None = None) -> str | None:
        """Count a call; carry out the fault where its turn has come. `put` writes a part of the data."""
        self.count += 1
        fault = self._fault
        if fault is None or (fault.kind in OF_WRITES and name != "write"):
            return None
        self._turn += 1
        if self._turn < fault.at or (self._turn > fault.at and fault.kind != "full"):
            return None
        self._on_fire(name)
        match fault.kind:
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "tear":
                if put is not None:
                    put(data[: len(data) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            case "short":
                return "short"
            case _:
                number = errno.EIO if fault.kind == "EIO" else errno.ENOSPC
                if put is not None:
                    put(data[: len(data) // 2])  # a full disk takes what fits
                if (
                    name not in ("unlink", "rmdir") or number == errno.EIO
                ):  # what makes room does not fail for want of it
                    raise OSError(number, os.strerror(number))
        return None


class _File(io.FileIO):
    handle = 0

    def __init__(self, seam: Seam, path: str, mode: str) -> None:
        self._seam, self.appends = seam, "a" in mode
        super().__init__(path, mode)

    def write(self, data: Any) -> int:
        return self._seam.write(self, data)

    def truncate(self, size: int | None = None) -> int:
        return self._seam.truncate(self, size)

    def close(self) -> None:
        if not self.closed:
            self._seam._handles.pop(self.fileno(), None)
        super().close()
