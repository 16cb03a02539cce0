"""One writer at a time in a seal folder: two commands that add to one custody log would break its chain."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from archive import posix
from archive.trust.seal_folder import LOCK, SealUnwritable

PATIENCE = 600.0
"""Seconds that a command waits for another: authorities on slow lines respond while the folder is locked."""

_PAUSE = 0.05


@contextlib.contextmanager
def locked(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Lock a seal folder, made where it is missing; one that is empty afterwards is removed.

    Raises `SealUnwritable` where another command locks it for longer than `patience` seconds.
    """
    if folder.exists() and not folder.is_dir():
        raise SealUnwritable(f"{folder}: something that is no folder lies there")
    with contextlib.ExitStack() as stack:
        _wait(folder, stack, time.monotonic() + patience)
        stack.callback(_remove_empty, folder)  # while it is locked: nobody writes into what is removed
        yield


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not empty: something was written
        folder.rmdir()


def _wait(folder: Path, stack: contextlib.ExitStack, until: float) -> None:
    while not _take(folder, stack):
        if time.monotonic() > until:
            raise SealUnwritable(f"{folder}: another command is writing to this seal; try again when it is done")
        time.sleep(_PAUSE)


def _take(folder: Path, stack: contextlib.ExitStack) -> bool:
    """Take the lock of the folder itself, which leaves nothing behind; else that of a file in it."""
    with contextlib.ExitStack() as now:
        folder.mkdir(exist_ok=True)  # whoever locked it before may have removed an empty one
        try:
            answer = posix.lock_folder(folder, now)
            is_taken = _take_file(folder / LOCK, now) if answer is None else answer
        except FileNotFoundError:  # taken away just now
            return False
        if is_taken:
            stack.push(now.pop_all())
    return is_taken


def _take_file(place: Path, stack: contextlib.ExitStack) -> bool:
    """Windows, and shared disks that lock files alone: a file that is removed again while it is locked."""
    file = stack.enter_context(place.open("ab"))
    if not posix.lock(file):
        return False
    try:
        is_same = os.path.samestat(os.fstat(file.fileno()), place.stat())
    except FileNotFoundError:  # its last holder took it away between our opening and our lock
        is_same = False
    if is_same:
        stack.callback(_remove, place)
    return is_same


def _remove(place: Path) -> None:
    with contextlib.suppress(OSError):  # Windows: somebody else has it open
        place.unlink()
