"""What a work folder already holds, as its journal tells it: read, brought to agree with the disk, written anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from archive import posix
from archive.errors import UsageProblem
from archive.workfolder.journal import (
    Begun,
    Carried,
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
from archive_manifests.layout import BEGUN, stamp_path
from archive_manifests.ledger import SourceEntry
from archive_manifests.records import RecordLine


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


def read_done(journal: Path) -> Done:
    """What a journal says was done. Raises `UsageProblem` where nothing was begun."""
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


def forget_lost(base: Path, done: Done) -> None:
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


def rewrite(journal: Path, done: Done) -> None:
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


