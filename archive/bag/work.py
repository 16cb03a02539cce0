"""The work folder `NAME.part/`: growing WARCs and a journal, until one rename makes a bag of it.

R210517.part/
journal.jsonl   what has been done
lock            held while somebody works here
spool/          answers over 1 MiB while they come in
bag/            what will be the bag; no bagit.txt until the very end, so nothing here looks like one
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from archive import posix
from archive.bag.journal import (
    Begun,
    Carried,
    Commit,
    Echoed,
    Ended,
    Exchanged,
    Filed,
    Journal,
    Judged,
    Noted,
    Resumed,
    TakenBack,
    read_journal,
)
from archive.errors import InUse, NotEnoughSpace, UsageProblem
from archive.warc.write import WarcWriter
from archive_manifests.fixity import BAG_ALGORITHMS
from archive_manifests.ledger import SourceEntry
from archive_manifests.paths import BagPath
from archive_manifests.provenance import BEGUN, stamp_path
from archive_manifests.records import RecordLine

LEAST_FREE = 64 << 20
"""Bytes that stay free on the disk: to write the ledger and the tag files with."""

_LEFT_OVER = frozenset({"declaration", "journal.jsonl", "journal.new", "lock", "spool"})
"""What stands in a work folder whose `bag/` has been moved to its place."""


@dataclass(slots=True)
class Done:
    """What a work folder already holds."""

    begun: Begun
    exchanges: list[Exchanged] = field(default_factory=list)
    entries: dict[str, SourceEntry] = field(default_factory=dict)
    carried: dict[str, SourceEntry] = field(default_factory=dict)
    """What an older bag says of the sources that are asked for again."""
    files: dict[str, Filed] = field(default_factory=dict)
    notes: list[Noted] = field(default_factory=list)
    resumed: list[Resumed] = field(default_factory=list)
    echoes: list[Echoed] = field(default_factory=list)
    ended: str | None = None
    clock: str = "unknown"

    @property
    def is_filed(self) -> bool:
        """True where every WARC was closed, and its digests are known without reading it."""
        return self.ended is not None and all(record.file in self.files for record in self.records())

    @property
    def first_prev(self) -> str | None:
        """What the records log begins with: the digest of the first timestamp's reply, where there is one."""
        stamped = self.files.get(stamp_path(BEGUN, 1, "tsr"))
        return stamped.sha256 if stamped is not None and BEGUN in self.files else None

    def records(self) -> list[RecordLine]:
        """Every record, in the order of files and offsets."""
        lines = [record for exchanged in self.exchanges for record in exchanged.records]
        lines += [record for noted in self.notes for record in noted.records]
        return sorted(lines, key=lambda record: (record.file, record.offset))


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
            filed = _hashed(self.base, path)  # written by a run that died before it could say so
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


def write_file(base: Path, path: str, source: bytes | str | Path | Iterable[bytes]) -> Filed:
    """Write one file of a bag, hashed as it is written, and have it on the disk."""
    BagPath.ours(path)
    place = base / path
    place.parent.mkdir(parents=True, exist_ok=True)
    digests, size = {name: hashlib.new(name) for name in BAG_ALGORITHMS}, 0
    with place.open("wb") as file:
        for piece in _pieces(source):
            file.write(piece)
            size += len(piece)
            for digest in digests.values():
                digest.update(piece)
        file.flush()
        os.fsync(file.fileno())
    return Filed(path, size, digests["sha256"].hexdigest(), digests["sha512"].hexdigest())


def _hashed(base: Path, path: str) -> Filed:
    digests, size = {name: hashlib.new(name) for name in BAG_ALGORITHMS}, 0
    for piece in _pieces(base / path):
        size += len(piece)
        for digest in digests.values():
            digest.update(piece)
    with (base / path).open("r+b") as file:  # who died had not seen to it that it is on the disk itself
        os.fsync(file.fileno())
    return Filed(path, size, digests["sha256"].hexdigest(), digests["sha512"].hexdigest())


def _pieces(source: bytes | str | Path | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(source, str):
        source = source.encode()
    if isinstance(source, bytes):
        yield source
        return
    if not isinstance(source, Path):
        yield from source
        return
    with source.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece


def create(path: Path, begun: Begun) -> WorkFolder:
    """Make a work folder, in place of one where nothing was begun yet. Raises `InUse`, `UsageProblem`, `OSError`."""
    if not (path / "lock").exists() and any(place.is_file() for place in path.rglob("*")):
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
        done = _read_done(path / "journal.jsonl")
        if now is not None or not done.is_filed:
            _forget_lost(path / "bag", done)
        _sweep(path / "bag", {*done.files, *(record.file for record in done.records())})
        if now is not None:
            done.resumed.append(Resumed(now, len(done.records())))
            own = {record.file for exchanged in done.exchanges for record in exchanged.records}
            done.files = {name: filed for name, filed in done.files.items() if name not in own}
        _rewrite(path / "journal.jsonl", done)
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


def _locked(path: Path) -> BinaryIO:
    lock = (path / "lock").open("ab")
    if not posix.lock(lock):
        lock.close()
        raise InUse(f"{path}: another run works here; wait until it ends, or stop it")
    return lock


def _read_done(journal: Path) -> Done:
    done: Done | None = None
    for line, _ in read_journal(journal):
        match line:
            case Begun():
                done = Done(line)
            case _ if done is None:
                break
            case Exchanged():
                done.exchanges.append(line)
            case Judged(entry=entry):
                done.entries[entry.id] = entry
            case Carried(entry=entry):
                done.carried[entry.id] = entry
            case Echoed():
                done.echoes.append(line)
            case Filed():
                done.files[line.path] = line
            case TakenBack(path=path):
                done.files.pop(path, None)
            case Noted():
                done.notes.append(line)
            case Resumed():
                done.resumed.append(line)
            case Ended(time=time, clock=clock):
                done.ended, done.clock = time, clock
    if done is None:
        raise UsageProblem(f"{journal.parent}: no work was begun here; remove the folder and run it again")
    return done


def _kept_records(base: Path, done: Done) -> set[str]:
    """Ids of the records that stand in the WARCs as the journal says, each file read up to its first fault."""
    kept: set[str] = set()
    by_file: dict[str, list[RecordLine]] = {}
    for record in done.records():
        by_file.setdefault(record.file, []).append(record)
    for path, records in by_file.items():
        place = base / path
        if not place.is_file():
            continue
        with place.open("rb") as file:
            end = 0
            for record in records:
                if record.offset != end or _digest_of_next(file, record.length) != record.sha256:
                    break
                end += record.length
                kept.add(record.id)
    return kept


def _digest_of_next(file: BinaryIO, length: int) -> str:
    digest = hashlib.sha256()
    while length > 0:
        piece = file.read(min(1 << 20, length))
        if not piece:
            break
        digest.update(piece)
        length -= len(piece)
    return digest.hexdigest()


def _forget_lost(base: Path, done: Done) -> None:
    """Drop what the journal names and the folder no longer holds: after a loss of power the two may differ."""
    kept = _kept_records(base, done)
    done.exchanges = [line for line in done.exchanges if all(record.id in kept for record in line.records)]
    done.notes = [line for line in done.notes if all(record.id in kept for record in line.records)]
    done.files = {path: filed for path, filed in done.files.items() if _is_there(base / path, filed.size)}
    there = {record.id for record in done.records()} | set(done.files)
    lost = [source for source, entry in done.entries.items() if not set(_named_by(entry)) <= there]
    for source in lost:
        del done.entries[source]
    if lost:
        done.ended = None


def _named_by(entry: SourceEntry) -> Iterator[str]:
    """Ids of the records, and paths of the files, without which an entry would say what the bag does not hold."""
    yield from entry.exchanges
    for copy in entry.copies:
        yield from (*copy.records, *copy.files)
    for requisite in entry.requisites:
        yield from (*requisite.hops, *((requisite.record,) if requisite.record else ()))


def _is_there(place: Path, size: int) -> bool:
    return place.is_file() and place.stat().st_size == size


def _sweep(base: Path, known: set[str]) -> None:
    """Remove what no journal line names: half-written files, and the tag files of an interrupted finish."""
    for place in sorted(base.rglob("*"), reverse=True):
        if not place.is_dir() and place.relative_to(base).as_posix() not in known:
            place.unlink()


def _rewrite(journal: Path, done: Done) -> None:
    """Put a journal that says just this in the place of the old one, in one step."""
    fresh = journal.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    rewritten = Journal(fresh)
    lines: Iterable[object] = [
        done.begun,
        *done.resumed,
        *done.files.values(),
        *done.exchanges,
        *done.notes,
        *done.echoes,
        *(Carried(entry) for entry in done.carried.values()),
        *(Judged(entry) for entry in done.entries.values()),
        *([Ended(done.ended, done.clock)] if done.ended else []),
    ]
    for line in lines:
        rewritten.append(line)  # type: ignore[arg-type]
    rewritten.sync()
    rewritten.close()
    fresh.replace(journal)
    posix.sync_folder(journal.parent)


