"""Makes the visits of sources again while a run captures others, so that little is left to do once it is a bag.

What was made early is used only where the bag states, to the last field, what it was made of: the source and its entry,
the conditions, and each record of the source with its digest. Otherwise the visit is made again.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from archive.bag.folder import FolderReader
from archive.bag.interface import Entry
from archive.urls import Url
from archive.verify.files.read_again import ReadWindow
from archive.verify.records.stored_records import RecordPlace, StoredRecords
from archive.verify.visits.evidence import file_order
from archive.verify.visits.replayed_visit import (
    Derived,
    StoredExchanges,
    StoredSource,
    probes_of,
    replay_visit,
    requested_reading,
)
from archive.verify.visits.stated_videos import stated_videos
from archive.warc.report import ScannedRecord
from archive.words.notes import ledger_with_texts
from archive_manifests import ledger as ledgers
from archive_manifests.ledger import SCHEMA, Conditions, Ledger, ReportEntry, SourceEntry, records_of
from archive_manifests.paths import BagPath
from archive_manifests.sources import Source, SourceManifest

MOST_RECORDS = 20_000
"""Records of a run beyond which no further visit is made early: what is held of each takes some 700 bytes."""
MOST_SOURCES = 500
"""Visits that are held, some 10 kB each."""
MOST_PARTS = 20_000
"""What all their pages name, half a kilobyte each."""
MOST_TEXT = 4 << 20
"""Characters of all their pages."""

_T = TypeVar("_T")


class _Known(dict[str, _T]):
    """What a visit may look up. What is not in it may be in the bag, so that nothing may be made of its absence."""

    def get(self, key: str, default: Any = None) -> Any:
        """The value. Raises `KeyError`, whatever the default is."""
        return self[key]


class _Made(Struct, frozen=True):
    """A visit, and what it was made of."""

    stored: StoredSource
    places: _Known[RecordPlace]
    metadata_of: _Known[tuple[str, ...]]
    derived: Derived

    def is_of(self, stored: StoredSource, url: Url) -> bool:
        """True where the visit of `url` would be made of the same now."""
        own, now = self.stored, stored.exchanges
        conditions = replace(own.conditions, clock=stored.conditions.clock)  # measured over the run; visits know none
        return (
            self.derived.url == url
            and (own.entry, own.source, own.report) == (stored.entry, stored.source, stored.report)
            and conditions == stored.conditions
            and (own.probes, own.videos) == (stored.probes, stored.videos)
            and all(now.records.places.get(name) == place for name, place in self.places.items())
            and all(now.metadata_of.get(name, ()) == names for name, names in self.metadata_of.items())
            and now.method_of.keys().isdisjoint(self.places)
        )


class EarlyVisits:
    """The visits of the sources of one folder that have their verdict."""

    def __init__(self, base: Path) -> None:
        self._reader = FolderReader(str(base))
        self._window = ReadWindow(lambda path, start: self._reader.chunks_from(Entry(path, 0, 0), start))
        self._begun: tuple[ReportEntry, Conditions, dict[str, Source]] | None = None
        self._places: dict[str, RecordPlace] = {}
        self._metadata_of: dict[str, list[str]] = {}
        self._waiting: dict[str, SourceEntry] = {}
        self._made: dict[str, _Made] = {}
        self._is_closed = False
        self._parts = self._text = 0
        """Requisites and characters of the visits that were made."""

    def begin(self, report: ReportEntry, conditions: Conditions, manifest: SourceManifest) -> None:
        """State what all visits have in common."""
        self._begun = report, conditions, {source.cited: source for source in manifest.sources}

    def add_record(self, path: BagPath, record: ScannedRecord) -> None:
        """Take note of a record of a WARC, in the order of the file."""
        if self._is_closed:
            return
        if len(self._places) >= MOST_RECORDS:
            self._stop()
            return
        self._places[record.id] = RecordPlace(path, record)
        if record.type == "metadata":
            for name in dict.fromkeys((*record.concurrent, record.refers_to)):
                if name is not None:
                    self._metadata_of.setdefault(name, []).append(record.id)

    def judge(self, entry: SourceEntry) -> None:
        """Have the visit of a source made, in place of an earlier one: it has its verdict."""
        self._made.pop(entry.id, None)
        if not self._is_closed:
            self._waiting[entry.id] = entry

    def make_one(self) -> bool:
        """Make one visit; False where none waits."""
        if not self._waiting or self._begun is None:
            return False
        ident = next(iter(self._waiting))
        entry = self._waiting.pop(ident)
        with suppress(Exception):  # it is made again once it is a bag, and meets the same error there
            made = self._make(entry)
            if made is not None and self._has_room(made.derived):
                self._made[ident] = made
        return bool(self._waiting)

    def find(self, stored: StoredSource, url: Url) -> Derived | None:
        """The visit of `url`, where it was made of what is stored."""
        made = self._made.get(stored.entry.id)
        return made.derived if made is not None and made.is_of(stored, url) else None

    def close(self) -> None:
        """Free all that is in memory; nothing is made any more."""
        self._stop()
        self._made.clear()
        self._reader.close()

    def _stop(self) -> None:
        """Make no further visit: those that were made stay."""
        self._is_closed = True
        for held in (self._places, self._metadata_of, self._waiting):
            held.clear()

    def _has_room(self, derived: Derived) -> bool:
        """True where another visit may be held; else it was the last that was made."""
        outcome, reading = derived.outcome, derived.outcome.reading
        self._parts += len(outcome.requisites)
        if reading is not None:
            self._parts += len(reading.requisites) + len(reading.documents)
            self._text += len(reading.text)
        is_full = len(self._made) >= MOST_SOURCES or self._parts > MOST_PARTS or self._text > MOST_TEXT
        if is_full:
            self._stop()
        return not is_full

    def _make(self, judged: SourceEntry) -> _Made | None:
        assert self._begun is not None
        report, conditions, sources = self._begun
        entry, stated = _as_stated(judged, report, conditions)
        source = sources.get(entry.cited) or Source(entry.cited, entry.citations)
        url = requested_reading(entry, source)
        if url is None:
            return None
        places, metadata_of = self._of_source(entry)
        exchanges = StoredExchanges(StoredRecords(self._window.read_at, places), metadata_of, {})
        probes, videos = tuple(probes_of(exchanges, entry)), [*stated_videos(exchanges, entry)]
        stored = StoredSource(exchanges, entry, source, stated.report.stated, stated.conditions, probes, videos)
        made = _Made(stored, places, metadata_of, replay_visit(stored, url))
        exchanges.forget()
        return made

    def _of_source(self, entry: SourceEntry) -> tuple[_Known[RecordPlace], _Known[tuple[str, ...]]]:
        """The records that an entry names, with the metadata on them. Raises `KeyError` for one to come."""
        places, metadata_of = _Known[RecordPlace](), _Known[tuple[str, ...]]()
        waiting = list(dict.fromkeys(records_of(entry)))
        while waiting:
            name = waiting.pop()
            if name not in places:
                places[name] = self._places[name]
                metadata_of[name] = tuple(sorted(self._metadata_of.get(name, ()), key=self._order))
                waiting += metadata_of[name]
        return places, metadata_of

    def _order(self, name: str) -> tuple[tuple[int, str], int]:
        place = self._places[name]
        return file_order(place.path), place.record.offset


def _as_stated(entry: SourceEntry, report: ReportEntry, conditions: Conditions) -> tuple[SourceEntry, Ledger]:
    """An entry as a ledger with it alone states it."""
    never = "1970-01-01T00:00:00Z"
    alone = Ledger(SCHEMA, report, conditions, never, never, (entry,))
    ledger = ledgers.from_json(ledgers.to_json(ledger_with_texts(alone)).encode())
    return ledger.sources[0], ledger
