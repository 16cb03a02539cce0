"""The work folder `NAME.part/`: growing WARCs and a journal, until one rename makes a bag of it.

R210517.part/
journal.jsonl   what has been done
lock            held while somebody works here
spool/          answers over 1 MiB while they come in
bag/            what will be the bag; no bagit.txt until the very end, so nothing here looks like one
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from archive import posix
from archive.errors import InUse, NotEnoughSpace, UsageProblem
from archive.warc.writer import WarcWriter
from archive.workfolder.files import hashed, write_file
from archive.workfolder.journal import Begun, Commit, Filed, Journal, Resumed, TakenBack, read_journal
from archive.workfolder.state import Done, forget_lost, read_done, rewrite
from archive_manifests.records import RecordLine

LEAST_FREE = 64 << 20
"""Bytes that stay free on the disk: to write the ledger and the tag files with."""

_LEFT_OVER = frozenset({"declaration", "journal.jsonl", "journal.new", "lock", "spool"})
"""What stands in a work folder whose `bag/` has been moved to its place."""


class WorkFolder:
    """A work folder that this process holds the lock of."""

    def __init__(self, path: Path, done: Done, lock: BinaryIO) -> None:
        self.path = path
        self.done = done
        self._lock = lock
        self.journal = Journal(path / "journal.jsonl")
        self._commit: Commit | None = None
        self._writer: WarcWriter | None = None

    @property
    def base(self) -> Path:
        return self.path / "bag"

    @property
    def spool(self) -> Path:
        return self.path / "spool"

    def start_writing(self, writer: WarcWriter) -> None:
        """Take up the files that are there, and have what follows committed once a second."""
        self._writer = writer
        by_file: dict[str, list[RecordLine]] = {}
        for record in self.done.records():
            by_file.setdefault(record.file, []).append(record)
        for path, records in sorted(by_file.items(), key=lambda item: (len(item[0]), item[0])):  # s01, then s01-002
            if path in self.done.files:
                writer.leave_closed(path)  # carried over from an older bag, byte for byte
            else:
                writer.resume(path, records)
        self._commit = Commit(self._sync)

    def _sync(self) -> None:
        if self._writer is not None:
            self._writer.sync()
        self.journal.sync()

    def add_file(self, path: str, source: bytes | Path | Iterable[bytes]) -> Filed:
        """Write a payload file whole, its digests on the way, and say so in the journal."""
        if path in self.done.files:
            return self.done.files[path]
        filed = write_file(self.base, path, source)
        folder = (self.base / path).parent
        for each in (folder, *folder.parents):
            posix.sync_folder(each)
            if each == self.base:
                break
        self.journal.append(filed)
        self.done.files[path] = filed
        return filed

    def take_back(self, path: str) -> None:
        """Remove a payload file, so that another can be made in its place. The journal says so first."""
        self.journal.append(TakenBack(path))
        del self.done.files[path]
        (self.base / path).unlink(missing_ok=True)

    def check(self) -> None:
        """Raise what went wrong behind our back: a disk that no longer takes what was written."""
        if self._commit is not None and self._commit.error is not None:
            raise self._commit.error

    def require_space(self, wanted: int = 0) -> None:
        """Raise `NotEnoughSpace` where less than `wanted` bytes and a reserve are free."""
        free = shutil.disk_usage(self.path).free
        if free < wanted + LEAST_FREE:
            need = wanted + LEAST_FREE
            raise NotEnoughSpace(f"{self.path}: needs {need:,} bytes, {free:,} free; make room and run it again")

    def stop_writing(self) -> None:
        """Have everything on the disk; the files' digests go into the journal, so that finishing reads nothing."""
        if self._commit is not None:
            self._commit.close()
            self._commit = None
        if self._writer is not None:
            self._writer.sync()  # first: a file that the journal calls whole is on the disk
            for path, size, digests in self._writer.files():
                filed = Filed(path, size, digests["sha256"], digests["sha512"])
                if self.done.files.get(path) != filed:
                    self.journal.append(filed)
                    self.done.files[path] = filed
            self._writer.close()
            self._writer = None
        for path in {record.file for record in self.done.records()} - set(self.done.files):
            filed = hashed(self.base, path)  # written by a run that died before it could say so
            self.journal.append(filed)
            self.done.files[path] = filed
        self.journal.sync()

    def close(self) -> None:
        """Leave the folder as it is, and let go of the lock. Raises `OSError` where the disk takes no more."""
        with ExitStack() as leaving:
            leaving.callback(self._lock.close)
            leaving.callback(self.journal.close)
            if self._writer is not None:
                leaving.callback(self._writer.close)
            if self._commit is not None:
                leaving.callback(self._commit.close)
            self._writer = self._commit = None


def create(path: Path, begun: Begun) -> WorkFolder:
    """Make a work folder, in place of one where nothing was begun yet. Raises `InUse`, `UsageProblem`, `OSError`."""
    if not (path / "lock").exists() and not _is_barely_begun(path):
        raise UsageProblem(f"{path}: not a work folder of ours; move it away or choose another name with -o")
    (path / "bag" / "data").mkdir(parents=True, exist_ok=True)
    (path / "spool").mkdir(exist_ok=True)
    lock = _locked(path)
    try:
        _sweep(path / "bag", set())
        (path / "journal.jsonl").unlink(missing_ok=True)
        folder = WorkFolder(path, Done(begun), lock)
        folder.journal.append(begun)
        folder.journal.sync()
        for each in (path / "bag" / "data", path / "bag", path, path.parent):
            posix.sync_folder(each)
    except BaseException:
        lock.close()
        raise
    return folder


def reopen(path: Path, *, now: str | None) -> WorkFolder:
    """Take up a work folder where it stopped: journal and WARCs are brought into agreement first.

    `now` goes into the journal as the time when the work was taken up again; None where it only is to be finished.

    Raises `InUse`; `UsageProblem` where there is no journal to go by.
    """
    lock = _locked(path)
    try:
        done = read_done(path / "journal.jsonl")
        if now is not None or not done.is_filed:
            forget_lost(path / "bag", done)
        _sweep(path / "bag", {*done.files, *(record.file for record in done.records())})
        if now is not None:
            done.resumed.append(Resumed(now, len(done.records())))
            own = {record.file for exchanged in done.exchanges for record in exchanged.records}
            done.files = {name: filed for name, filed in done.files.items() if name not in own}
        rewrite(path / "journal.jsonl", done)
    except BaseException:
        lock.close()
        raise
    shutil.rmtree(path / "spool", ignore_errors=True)
    (path / "spool").mkdir()
    return WorkFolder(path, done, lock)


def clear_away(path: Path) -> None:
    """Remove what is left of a work folder that has become a bag. What cannot be removed stays, and does no harm."""
    if path.is_dir() and {place.name for place in path.iterdir()} <= _LEFT_OVER:
        shutil.rmtree(path, ignore_errors=True)


def peek(path: Path) -> Begun | None:
    """What a work folder was made for, or None where nothing was begun there."""
    try:
        first = next(read_journal(path / "journal.jsonl"), None)
    except OSError:
        return None
    return first[0] if first is not None and isinstance(first[0], Begun) else None


def _is_barely_begun(path: Path) -> bool:
    """True where no file is there but a journal, whose lock was lost with the power before anything was done."""
    return all(place == path / "journal.jsonl" for place in path.rglob("*") if not place.is_dir())


def _locked(path: Path) -> BinaryIO:
    lock = (path / "lock").open("ab")
    if not posix.lock(lock):
        lock.close()
        raise InUse(f"{path}: another run works here; wait until it ends, or stop it")
    return lock


def _sweep(base: Path, known: set[str]) -> None:
    """Remove what no journal line names: half-written files, and the tag files of an interrupted finish."""
    for folder, _, names in os.walk(base):
        within = Path(folder).relative_to(base).as_posix()
        prefix = "" if within == "." else f"{within}/"
        for name in names:
            if prefix + name not in known:
                Path(folder, name).unlink()
