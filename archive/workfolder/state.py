"""What a work folder holds: the fold of its journal's events, and their agreement with the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct, field
from msgspec.structs import replace

from archive.errors import UsageProblem
from archive.words.notes import ledger_with_texts
from archive.workfolder.events import (
    AddressEchoed,
    Begun,
    Carried,
    Ended,
    Event,
    FileAdded,
    FileRemoved,
    Judged,
    RecordsAdded,
    Resumed,
    Withdrawn,
)
from archive.workfolder.recorded import Recorded
from archive.workfolder.sorted_records import SortedRecords
from archive_manifests.layout import BEGUN, stamp_path
from archive_manifests.ledger import SCHEMA, Ledger, SourceEntry
from archive_manifests.notes import Note, note
from archive_manifests.records import RecordLine, first_prev

MOST_IN_MEMORY = 30_000
"""Records that finishing has in memory at once, a kilobyte each; more of them are read from the journal each time."""


class WorkState(Struct):
    """What a work folder holds. Only `apply` changes it."""

    begun: Begun
    exchanges: list[Recorded] = field(default_factory=list)
    """Those of a journal that was read as a whole; a work folder has the others in its `exchanges`."""
    entries: dict[str, SourceEntry] = field(default_factory=dict)
    carried: dict[str, SourceEntry] = field(default_factory=dict)
    """The entries that an older bag has for the sources that are captured again."""
    files: dict[str, FileAdded] = field(default_factory=dict)
    derived: list[RecordsAdded] = field(default_factory=list)
    """Records that belong to no exchange."""
    resumed: list[Resumed] = field(default_factory=list)
    echoes: list[AddressEchoed] = field(default_factory=list)
    ended: str | None = None
    clock: Note = field(default_factory=lambda: note("clock-unknown"))
    _records: list[RecordLine] = field(default_factory=list)
    _are_sorted: bool = False
    _log: SortedRecords | None = None
    _is_log_behind: bool = False
    """True where the journal names records that the log has not."""
    _journal: Path | None = None
    """Where the records are read from, in place of memory."""

    def apply(self, event: Event) -> None:
        """Fold one event in."""
        match event:
            case Begun():
                self.begun = event
            case Judged(entry=entry):
                self.entries[entry.id] = entry
            case Withdrawn(source=source):
                self.entries.pop(source, None)
                self.ended = None
            case Carried(entry=entry):
                self.carried[entry.id] = entry
            case AddressEchoed():
                self.echoes.append(event)
            case FileAdded(path=path):
                self.files[path] = event
            case FileRemoved(path=path):
                self.files.pop(path, None)
            case RecordsAdded(records=records, exchange=exchange):
                self._is_log_behind = True
                if self._journal is None:
                    self._records += records
                    self._are_sorted = False
                if exchange is None:
                    self.derived.append(event)
                elif self._journal is None:
                    self.exchanges.append(exchange)
            case Resumed():
                self.resumed.append(event)
            case Ended(time=time, clock=clock):
                self.ended, self.clock = time, clock

    def read_records_from(self, journal: Path) -> None:
        """Keep no records and exchanges in memory: a run has hundreds of thousands, and needs few of them again."""
        if self._journal != journal:
            self._records, self._journal, self._are_sorted, self._log = [], journal, False, None
            self.exchanges = []

    @property
    def is_filed(self) -> bool:
        """True where every WARC was closed, and its digests are known without reading it."""
        return self.ended is not None and self.record_files() <= self.files.keys()

    @property
    def first_prev(self) -> str | None:
        """What the records log begins with: the digest of the first timestamp's reply and of the round, if any."""
        stamped = self.files.get(stamp_path(BEGUN, 1, "tsr"))
        stamp = stamped.sha256 if stamped is not None and BEGUN in self.files else None
        return first_prev(stamp, self.begun.conditions.round)

    def records(self) -> Sequence[RecordLine] | SortedRecords:
        """Every record, in the order of files and offsets; not to be changed."""
        if self._journal is not None:
            log = self._log_of(self._journal)
            if self.ended is None or len(log) > MOST_IN_MEMORY:
                return log
            self._records, self._journal, self._are_sorted = list(log), None, True  # finishing needs them several times
        if not self._are_sorted:
            self._records = sorted(self._records, key=_place)
            self._are_sorted = True
        return self._records

    def _log_of(self, journal: Path) -> SortedRecords:
        """The records that the journal names as it is now."""
        is_behind, self._is_log_behind = self._is_log_behind, False
        if self._log is None:
            self._log = SortedRecords(journal)
        elif is_behind:
            self._log.read_on()
        return self._log

    def record_files(self) -> frozenset[str]:
        """Paths of the WARC files that hold the records."""
        records = self.records()
        return records.files if isinstance(records, SortedRecords) else frozenset(each.file for each in records)

    def ledger(self) -> Ledger:
        """The ledger of what the work folder holds, in citation order, each note with its English text."""
        begun = self.begun
        ledger = Ledger(
            schema=SCHEMA,
            report=begun.report,
            conditions=replace(begun.conditions, clock=self.clock),
            started=begun.started,
            ended=self.ended or begun.started,
            sources=tuple(entry for _, entry in sorted(self.entries.items(), key=lambda each: (len(each[0]), each[0]))),
            predecessor=begun.predecessor,
            passed_over=begun.passed_over,
        )
        return ledger_with_texts(ledger)


def _place(record: RecordLine) -> tuple[str, int]:
    return record.file, record.offset


def fold(events: Iterable[Event], place: Path) -> WorkState:
    """The state after these events. Raises `UsageProblem` that names `place` where nothing was begun."""
    state: WorkState | None = None
    for event in events:
        if state is not None:
            state.apply(event)
        elif isinstance(event, Begun):
            state = WorkState(event)
        else:
            break
    if state is None:
        raise UsageProblem(f"{place}: no work was begun here; remove the folder and run it again")
    return state


def without_lost(events: Sequence[Event], base: Path, place: Path) -> list[Event]:
    """The events without those that name what the folder no longer holds: after a loss of power the two may differ."""
    state = fold(events, place)
    sound = _sound_records(base, state)
    files = {path for path, added in state.files.items() if _is_there(base / path, added.size)}
    there = sound | files
    lost = {source for source, entry in state.entries.items() if not set(_named_by(entry)) <= there}
    # The metadata that ties a source's files to its records is named by no entry, and lies among its records.
    lost |= {_series(record.file) for record in state.records() if record.id not in sound} & set(state.entries)

    def is_retained(event: Event) -> bool:
        match event:
            case RecordsAdded(records=records):
                return all(record.id in sound for record in records)
            case FileAdded(path=path):
                return path in files
            case Judged(entry=entry):
                return entry.id not in lost
            case Ended():
                return not lost
            case _:
                return True

    return [event for event in events if is_retained(event)]


def _series(path: str) -> str:
    """The source whose records a WARC file holds: `s01` of `data/archive/s01-002.warc.gz`."""
    return path.rpartition("/")[2].partition(".")[0].partition("-")[0]


def _sound_records(base: Path, state: WorkState) -> set[str]:
    """Ids of the records that stand in the WARCs as the journal states, each file read up to its first fault."""
    sound: set[str] = set()
    by_file: dict[str, list[RecordLine]] = {}
    for record in state.records():
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
                sound.add(record.id)
    return sound


def _digest_of_next(file: BinaryIO, length: int) -> str:
    digest = hashlib.sha256()
    while length > 0:
        piece = file.read(min(1 << 20, length))
        if not piece:
            break
        digest.update(piece)
        length -= len(piece)
    return digest.hexdigest()


def _named_by(entry: SourceEntry) -> Iterator[str]:
    """Ids of the records, and paths of the files, without which an entry states what the bag does not hold."""
    yield from entry.exchanges
    for copy in entry.copies:
        yield from (*copy.records, *copy.files)
    for requisite in entry.requisites:
        yield from (*requisite.hops, *((requisite.record,) if requisite.record else ()))


def _is_there(place: Path, size: int) -> bool:
    return place.is_file() and place.stat().st_size == size
