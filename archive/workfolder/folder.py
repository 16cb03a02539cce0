"""The work folder `NAME.part/`: growing WARCs and a journal, until one rename makes a bag of it.

R210517.part/
journal.jsonl   what has been done, one event a line
lock            locked while a process works here
given-files.json  where the user's own files lie that the run was given; it never becomes a part of the bag
spool/          responses over 1 MiB while they are received; they outlive the process, not the disk
bag/            what becomes the bag; no bagit.txt until the very end, so nothing here looks like one
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from archive import posix
from archive.errors import InUse, NotEnoughSpace, UsageProblem
from archive.net import interrupted
from archive.warc.writer import WarcWriter
from archive.workfolder.events import Begun, Event, FileAdded, FileRemoved, RecordsAdded, Resumed
from archive.workfolder.exchange_log import ExchangeLog
from archive.workfolder.files import hash_file, write_file
from archive.workfolder.given_files import NAME as GIVEN_FILES
from archive.workfolder.journal import (
    GroupCommit,
    Journal,
    read_finished_journal,
    read_journal,
    rewrite_journal,
)
from archive.workfolder.state import WorkState, fold, without_lost
from archive_manifests.layout import MEDIA, VIEWS
from archive_manifests.records import RecordLine

JOURNAL = "journal.jsonl"
LEAST_FREE = 64 << 20
"""Bytes that stay free on the disk: to write the ledger and the tag files with."""

NAMES = frozenset({"bag", GIVEN_FILES, JOURNAL, "journal.new", "lock", "spool"})
"""What is in a work folder whose first event may not be written yet."""
_LEFT_OVER = frozenset({"declaration", GIVEN_FILES, JOURNAL, "journal.new", "lock", "spool"})
"""What stands in a work folder whose `bag/` has been moved to its place."""


class WorkFolder:
    """A work folder that this process holds the lock of. `record` is the only way to change what it states."""

    def __init__(self, path: Path, state: WorkState, lock: BinaryIO) -> None:
        self.path = path
        self.state = state
        self._lock_file = lock
        self._journal = Journal(path / JOURNAL)
        state.read_records_from(path / JOURNAL)
        self.exchanges = ExchangeLog(path / JOURNAL)
        self._turn = threading.Lock()
        self._commit: GroupCommit | None = None
        self._writer: WarcWriter | None = None

    @property
    def base(self) -> Path:
        return base_of(self.path)

    @property
    def spool(self) -> Path:
        return self.path / "spool"

    def record(self, *events: Event) -> None:
        """Append events to the journal, all or none, then fold them into the state. Safe to use from many threads."""
        with self._turn:
            for event, (written, line) in zip(events, self._journal.append(*events), strict=True):
                self.state.apply(written)
                if isinstance(event, RecordsAdded) and event.exchange is not None:
                    event.exchange.line = line
                    self.exchanges.add(event.exchange, line)

    def sync(self) -> None:
        """Sync the records to the disk, then the journal that names them."""
        if self._writer is not None:
            self._writer.sync()
        self._journal.sync()

    def start_writing(self, writer: WarcWriter) -> None:
        """Resume the WARC files that are there, and commit what follows once a second."""
        self._writer = writer
        by_file: dict[str, list[RecordLine]] = {}
        for record in self.state.records():
            by_file.setdefault(record.file, []).append(record)
        for path, records in sorted(by_file.items(), key=lambda item: (len(item[0]), item[0])):  # s01, then s01-002
            if path in self.state.files:
                writer.leave_closed(path)  # carried over from an older bag, byte for byte
            else:
                writer.resume(path, records)
        self._commit = GroupCommit(self.sync)

    def add_file(self, path: str, source: bytes | Path | Iterable[bytes]) -> FileAdded:
        """Write a payload file whole, hash it on the way, and record it."""
        if path in self.state.files:
            return self.state.files[path]
        added = write_file(self.base, path, source)
        folder = (self.base / path).parent
        for each in (folder, *folder.parents):
            posix.sync_folder(each)
            if each == self.base:
                break
        self.record(added)
        return added

    def remove_file(self, path: str) -> None:
        """Remove a payload file, so that another one can replace it. The journal states it first."""
        self.record(FileRemoved(path))
        (self.base / path).unlink(missing_ok=True)

    def remove_unnamed(self) -> None:
        """Remove files that an interrupted run wrote for a source and that its entry does not name.

        They were made of records, which stay, or of a person's file, which may be another one by now.
        """
        entries = self.state.entries.values()
        named = {path for entry in entries for copy in entry.copies for path in copy.files}
        named |= {path for entry in entries if entry.rendering is not None for path in entry.rendering.files}
        for path in [path for path in self.state.files if path.startswith((MEDIA, VIEWS))]:
            if path not in named:
                self.remove_file(path)

    def check(self) -> None:
        """Raise the error of the group commit: a disk that no longer takes what was written."""
        if self._commit is not None and self._commit.error is not None:
            raise self._commit.error

    def require_space(self, wanted: int = 0) -> None:
        """Raise `NotEnoughSpace` where less than `wanted` bytes and a reserve are free."""
        free = shutil.disk_usage(self.path).free
        if free < wanted + LEAST_FREE:
            raise NotEnoughSpace.before(self.path, wanted, LEAST_FREE, free, "make room and run it again")

    def stop_writing(self) -> None:
        """Sync everything and record the digests of the WARC files, so that finishing reads nothing."""
        if self._commit is not None:
            self._commit.close()
            self._commit = None
        if self._writer is not None:
            self._writer.sync()  # first: a file that the journal calls whole is on the disk
            for path, size, digests in self._writer.files():
                added = FileAdded(path, size, digests["sha256"], digests["sha512"])
                if self.state.files.get(path) != added:
                    self.record(added)
            self._writer.close()
            self._writer = None
        for path in sorted(self.state.record_files() - set(self.state.files)):
            self.record(hash_file(self.base, path))  # written by a run that died before it recorded this
        self._journal.sync()

    def close(self) -> None:
        """Leave the folder as it is and release the lock. Raises `OSError` where the disk takes no more."""
        with ExitStack() as leaving:
            leaving.callback(self._lock_file.close)
            leaving.callback(self._journal.close)
            if self._writer is not None:
                leaving.callback(self._writer.close)
            if self._commit is not None:
                leaving.callback(self._commit.close)
            self._writer = self._commit = None


def base_of(path: Path) -> Path:
    """The folder within a work folder that becomes the bag."""
    return path / "bag"


def create(path: Path, begun: Begun) -> WorkFolder:
    """Make a work folder, in place of one where nothing was begun yet. Raises `InUse`, `UsageProblem`, `OSError`."""
    if not (path / "lock").exists() and not _is_barely_begun(path):
        raise UsageProblem(f"{path}: not a work folder of ours; move it away or choose another name with -o")
    (path / "bag" / "data").mkdir(parents=True, exist_ok=True)
    (path / "spool").mkdir(exist_ok=True)
    lock = _locked(path)
    try:
        _remove_unknown(path / "bag", set())
        rewrite_journal(path / JOURNAL, [begun])
        folder = WorkFolder(path, WorkState(begun), lock)
        for each in (path / "bag" / "data", path / "bag", path, path.parent):
            posix.sync_folder(each)
    except BaseException:
        lock.close()
        raise
    return folder


def reopen(path: Path, *, now: str | None) -> WorkFolder:
    """Resume a work folder where it stopped: journal and WARCs are brought into agreement first.

    `now` is recorded as the time when the work was resumed; None where the folder is only to be finished.

    Raises `InUse`; `UsageProblem` where nothing was begun.
    """
    lock = _locked(path)
    try:
        events = list(read_journal(path / JOURNAL))
        if now is not None or not fold(events, path).is_filed:
            events = without_lost(events, path / "bag", path)
        state = fold(events, path)
        _remove_unknown(path / "bag", {*state.files, *state.record_files()})
        if now is not None:
            events = _resumed(events, state, now)
        rewrite_journal(path / JOURNAL, events)
    except BaseException:
        lock.close()
        raise
    _sweep_spool(path / "spool")
    return WorkFolder(path, fold(events, path), lock)


def reopen_to_finish(path: Path) -> WorkFolder:
    """`reopen` a folder that is only to be finished: one that was left in order needs no more than its records.

    Raises `InUse`; `UsageProblem` where nothing was begun.
    """
    lock = _locked(path)
    try:
        state = fold(read_finished_journal(path / JOURNAL), path)
        state.read_records_from(path / JOURNAL)
        is_in_order = state.is_filed
    except (ValueError, OSError, UsageProblem):  # torn, or worse: looked into below
        is_in_order = False
    except BaseException:
        lock.close()
        raise
    if not is_in_order:
        lock.close()
        return reopen(path, now=None)
    _remove_unknown(path / "bag", {*state.files, *state.record_files()})
    _sweep_spool(path / "spool")
    return WorkFolder(path, state, lock)


def _resumed(events: Sequence[Event], state: WorkState, now: str) -> list[Event]:
    """The events with the resumption; the WARCs of this work's own exchanges grow again, so their digests go."""
    own = {exchange.place[0] for exchange in state.exchanges if exchange.place is not None}
    left = [event for event in events if not (isinstance(event, FileAdded) and event.path in own)]
    return [*left, Resumed(now, len(state.records()))]


def _sweep_spool(spool: Path) -> None:
    """Remove what a run left in the spool, but for the large responses that it was receiving when it was killed."""
    spool.mkdir(exist_ok=True)
    for place in spool.iterdir():
        if place.is_dir():
            shutil.rmtree(place, ignore_errors=True)
        elif place.suffix not in (interrupted.BODY, interrupted.ABOUT):
            place.unlink()


def clear_away(path: Path) -> None:
    """Remove what is left of a work folder that has become a bag. What cannot be removed stays, and does no harm."""
    if path.is_dir() and {place.name for place in path.iterdir()} <= _LEFT_OVER:
        shutil.rmtree(path, ignore_errors=True)


def peek(path: Path) -> Begun | None:
    """What a work folder was made for, or None where nothing was begun there."""
    try:
        first = next(read_journal(path / JOURNAL), None)
    except OSError:
        return None
    return first if isinstance(first, Begun) else None


def _is_barely_begun(path: Path) -> bool:
    """True where no file is there but a journal, whose lock was lost with the power before anything was done."""
    return all(place in (path / JOURNAL, path / "journal.new") for place in path.rglob("*") if not place.is_dir())


def _locked(path: Path) -> BinaryIO:
    lock = (path / "lock").open("ab")
    if not posix.lock(lock):
        lock.close()
        raise InUse(f"{path}: another run works here; wait until it ends, or stop it")
    return lock


def _remove_unknown(base: Path, known: set[str]) -> None:
    """Remove what no event names: half-written files, and the tag files of an interrupted finish."""
    for folder, _, names in os.walk(base):
        within = Path(folder).relative_to(base).as_posix()
        prefix = "" if within == "." else f"{within}/"
        for name in names:
            if prefix + name not in known:
                Path(folder, name).unlink()
