"""Writes WARC/1.1: one gzip member a record, `warcinfo` first in each file, digests computed as the bytes are written.

Own writer: warcio parses and re-serialises HTTP heads (warcio #128), knows SHA-1 only, and costs five times the time.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct, field

from archive import posix
from archive.warc.new_record import Draft, Text, is_small, large_member, small_member, warc_date
from archive_manifests import layout
from archive_manifests.records import RecordLine

ROLL_AT = 1_000_000_000
"""Bytes after which a series continues in a new file."""

MOST_OPEN = 64
"""Files kept open at once: a report may cite more sources than a machine lets a program open files."""

_SYNCS_AT_ONCE = 8
_SYNCED = os.O_RDWR | getattr(os, "O_CLOEXEC", 0)
"""How a file is opened to be synced: Windows wants it writable."""

_BATCH = 256 << 10
"""Bytes of members that wait to be written at once."""

_FOLDER = layout.ARCHIVE.rstrip("/")


class WarcFile(Struct):
    """One file of a series: where it is, and the digests of what has been written to it."""

    path: str
    """In the bag: `data/archive/s01.warc.gz`."""
    handle: BinaryIO | None
    """None while others are kept open."""
    warcinfo: str | None = None
    """Id of the warcinfo record that opens it."""
    opening: RecordLine | None = None
    """That record, until it is returned with the first others."""
    size: int = 0
    digests: dict[str, Any] = field(default_factory=lambda: {name: hashlib.new(name) for name in ("sha256", "sha512")})
    is_unsynced: bool = True
    """Bytes of it may not have reached the disk itself."""
    turn: int = 0
    """Counts up with each use: the least has waited longest."""


class WarcWriter:
    """Appends records to series of files. Safe to use from many threads: one series is written by one at a time."""

    def __init__(
        self,
        base: Path,
        *,
        new_id: Callable[[], str],
        about: Sequence[tuple[str, str]],
        roll_at: int = ROLL_AT,
    ) -> None:
        """`base` is the bag's base directory; `about` the fields of each warcinfo. (WARC 1.1, section 6.2)"""
        self._base, self._new_id, self._about, self._roll_at = base, new_id, tuple(about), roll_at
        self._open: dict[str, WarcFile] = {}
        self._files: dict[str, WarcFile] = {}
        self._closed: set[str] = set()
        self._with_handle: dict[str, WarcFile] = {}
        """Files kept open, by series."""
        self._turns = itertools.count(1)
        self._unsynced_folder = False
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def append(self, series: str, drafts: Iterable[Draft], now: datetime) -> list[RecordLine]:
        """Write records one after the other and say where they are. After an error the file is as it was before."""
        return self.append_some(series, lambda _: [drafts], now)[0]

    def append_some(
        self, series: str, groups_for: Callable[[str], Iterable[Iterable[Draft]]], now: datetime
    ) -> list[list[RecordLine]]:
        """`append` groups of records at once, each of which stays together, as far as they belong into one file.

        `groups_for` gets the file's path in the bag, for what depends on it. Groups that belong into the next file are
        left for the next call; after an error the file is as it was before.
        """
        with self._series_lock(series):
            warc = self._open.get(series)
            if warc is None or warc.size >= self._roll_at:
                warc = self._next_file(series, now)
            self._open_handle(series, warc)
            written = self._write_groups(warc, groups_for(warc.path))
            if warc.opening is not None:
                written[0].insert(0, warc.opening)
                warc.opening = None
            return written

    def is_busy(self, series: str) -> bool:
        """True where somebody writes to the series just now: `append` would wait."""
        lock = self._locks.get(series)
        return lock is not None and lock.locked()

    def resume(self, path: str, records: Sequence[RecordLine]) -> None:
        """Take up a file again whose `records` were checked; what is behind them is cut off."""
        place = self._base / path
        handle: BinaryIO = place.open("r+b", buffering=0)
        warc = WarcFile(path, handle, records[0].id if records else None)
        end = records[-1].offset + records[-1].length if records else 0
        while warc.size < end:
            piece = handle.read(min(1 << 20, end - warc.size))
            warc.size += len(piece)
            for digest in warc.digests.values():
                digest.update(piece)
        handle.truncate(end)
        handle.seek(end)
        series = place.name.partition(".")[0].partition("-")[0]
        self._files[path] = self._open[series] = warc
        self._open_handle(series, warc)

    def leave_closed(self, path: str) -> None:
        """Take note of a file that is there and must stay as it is: its series continues in a new file."""
        self._closed.add(path)

    def files(self) -> list[tuple[str, int, dict[str, str]]]:
        """Path, size and hex digests of each file written, in path order."""
        with self._lock:
            files = sorted(self._files.items())
        return [(path, w.size, {name: d.hexdigest() for name, d in w.digests.items()}) for path, w in files]

    def sync(self) -> None:
        """Have everything on the disk itself: what was written, and that the files are there at all."""
        unsynced = [warc for warc in list(self._files.values()) if warc.is_unsynced]
        if len(unsynced) > 1:
            # Together: one commit of the file system's own journal then serves many files.
            with ThreadPoolExecutor(_SYNCS_AT_ONCE) as pool:
                list(pool.map(self._sync_file, unsynced))
        elif unsynced:
            self._sync_file(unsynced[0])
        with self._lock:
            is_due, self._unsynced_folder = self._unsynced_folder, False
        if is_due:
            try:
                posix.sync_folder(self._base / _FOLDER)
            except OSError:
                self._unsynced_folder = True
                raise

    def _sync_file(self, warc: WarcFile) -> None:
        with self._lock:
            # One of our own, which nobody closes before it is synced; of a file that was put aside, a new one.
            handle = os.open(self._base / warc.path, _SYNCED) if warc.handle is None else os.dup(warc.handle.fileno())
            warc.is_unsynced = False
        try:
            os.fsync(handle)
        except OSError:
            warc.is_unsynced = True
            raise
        finally:
            os.close(handle)

    def close(self) -> None:
        """Have everything on the disk itself, and let go of the files; nothing can be written any more."""
        try:
            self.sync()
        finally:
            for warc in self._files.values():
                if warc.handle is not None:
                    warc.handle.close()

    def _open_handle(self, series: str, warc: WarcFile) -> None:
        """Have a file open, and not too many others. The series is the caller's."""
        warc.turn = next(self._turns)
        if warc.handle is not None and self._with_handle.get(series) is warc:
            return
        if warc.handle is None:
            handle: BinaryIO = (self._base / warc.path).open("r+b", buffering=0)
            handle.seek(warc.size)
            warc.handle = handle
        with self._lock:
            self._with_handle[series] = warc
            too_many = len(self._with_handle) - MOST_OPEN
            others = sorted(self._with_handle, key=lambda name: self._with_handle[name].turn)[: max(0, too_many)]
        for name in others:
            self._put_aside(name)

    def _put_aside(self, series: str) -> None:
        """Close a file that has waited long, unless somebody writes to it just now."""
        lock = self._series_lock(series)
        if not lock.acquire(blocking=False):
            return
        try:
            with self._lock:
                warc = self._with_handle.pop(series, None)
            if warc is not None:
                self._put_down(warc)
        finally:
            lock.release()

    def _put_down(self, warc: WarcFile) -> None:
        """Close a file; it is synced with the others."""
        with self._lock:
            handle, warc.handle = warc.handle, None
        if handle is not None:
            handle.close()

    def _series_lock(self, series: str) -> threading.Lock:
        lock = self._locks.get(series)
        if lock is not None:
            return lock
        with self._lock:
            return self._locks.setdefault(series, threading.Lock())

    def _next_file(self, series: str, now: datetime) -> WarcFile:
        number = 1
        while (path := file_name(series, number)) in self._files or path in self._closed:
            number += 1
        place = self._base / path
        place.parent.mkdir(parents=True, exist_ok=True)
        handle: BinaryIO = place.open("wb", buffering=0)
        warc = WarcFile(path, handle)
        try:
            self._write_warcinfo(warc, now)
        except BaseException:
            handle.close()
            place.unlink()
            raise
        with self._lock:
            before = self._open.get(series)
            self._files[path] = self._open[series] = warc
            self._unsynced_folder = True
        if before is not None:
            self._put_down(before)
        return warc

    def _write_warcinfo(self, warc: WarcFile, now: datetime) -> None:
        block = "".join(f"{name}: {value}\r\n" for name, value in self._about).encode()
        name = ("WARC-Filename", warc.path.rpartition("/")[2])
        draft = Draft("warcinfo", self._new_id(), now, None, "application/warc-fields", Text(block), (name,))
        warc.opening = self._write_groups(warc, [[draft]])[0][0]
        warc.warcinfo = draft.id

    def _write_groups(self, warc: WarcFile, groups: Iterable[Iterable[Draft]]) -> list[list[RecordLine]]:
        assert warc.handle is not None
        batch, written = _Batch(warc, warc.handle), list[list[RecordLine]]()
        try:
            for drafts in groups:
                written.append([batch.add(draft) for draft in drafts])
                if batch.end >= self._roll_at:
                    break
            batch.flush()
        except BaseException:
            batch.undo()
            raise
        finally:
            warc.is_unsynced = True
        return written


class _Batch:
    """Members that are written together: most are small, and each write costs."""

    def __init__(self, warc: WarcFile, handle: BinaryIO) -> None:
        self._warc, self._handle = warc, handle
        self._waiting: list[bytes] = []
        self._size = 0
        self._start = warc.size
        self._before: dict[str, Any] | None = None
        """The digests of the file as it was, once some of the batch is written."""

    @property
    def end(self) -> int:
        """Bytes of the file, what waits included."""
        return self._warc.size + self._size

    def add(self, draft: Draft) -> RecordLine:
        """Write a record, or have it wait for `flush`; where it is."""
        warc, date = self._warc, warc_date(draft.date)
        start = self.end
        if is_small(draft):
            packed = small_member(draft, date, warc.warcinfo)
            whole = hashlib.sha256(packed)
            self._wait(packed)
        else:
            whole = hashlib.sha256()
            for piece in large_member(draft, date, warc.warcinfo):
                whole.update(piece)
                self._wait(piece)
        return RecordLine(
            file=warc.path,
            offset=start,
            length=self.end - start,
            sha256=whole.hexdigest(),
            id=draft.id,
            type=draft.type,
            uri=draft.uri,
            date=date,
            http_status=draft.http_status,
            mime=draft.mime,
            payload_sha256=draft.payload_sha256,
            truncated=draft.truncated,
            method=draft.method,
        )

    def _wait(self, piece: bytes) -> None:
        self._waiting.append(piece)
        self._size += len(piece)
        if self._size > _BATCH:
            if self._before is None:
                self._before = {name: digest.copy() for name, digest in self._warc.digests.items()}
            self.flush()

    def flush(self) -> None:
        """Write what waits. The digests follow the bytes: an error leaves them as they were."""
        data = b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        _write_whole(self._handle, data)
        self._warc.size += len(data)
        for digest in self._warc.digests.values():
            digest.update(data)

    def undo(self) -> None:
        """Have the file as it was before the batch."""
        self._warc.size = self._start
        if self._before is not None:
            self._warc.digests = self._before
        self._handle.seek(self._start)
        self._handle.truncate()


def _write_whole(handle: BinaryIO, piece: bytes) -> None:
    """Write all of a piece: an unbuffered file may take less at a time."""
    try:
        written = handle.write(piece)
        while written < len(piece):
            written += handle.write(piece[written:])
    except OSError as error:
        posix.name_in(error, getattr(handle, "name", None))
        raise


def file_name(series: str, number: int) -> str:
    """Where a file of a series is in the bag, by its number from 1."""
    return f"{_FOLDER}/{series}.warc.gz" if number == 1 else f"{_FOLDER}/{series}-{number:03d}.warc.gz"
