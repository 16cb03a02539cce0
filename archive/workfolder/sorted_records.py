"""The records that a journal names, in the order of files and offsets, without all of them in memory.

A run has hundreds of thousands, each of which takes a kilobyte as a value; here it takes twenty bytes.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct, field

from archive_manifests.records import RecordLine

RECORDS_ADDED = b'{"kind":"records-added"'
"""How the line of an event begins that names records."""


class _Place(msgspec.Struct):
    """Where a record is; the rest is passed over."""

    file: str
    offset: int


class _PlacesOf(msgspec.Struct, tag="records-added", tag_field="kind"):
    records: list[_Place]


class _RecordsOf(msgspec.Struct, tag="records-added", tag_field="kind"):
    records: list[RecordLine]


class _FilePlaces(Struct):
    """The records of one WARC file: the offset of each, and the journal's line that names it."""

    offsets: array[int] = field(default_factory=lambda: array("Q"))
    lines: array[int] = field(default_factory=lambda: array("Q"))
    sizes: array[int] = field(default_factory=lambda: array("L"))

    def add(self, offset: int, line: int, size: int) -> None:
        self.offsets.append(offset)
        self.lines.append(line)
        self.sizes.append(size)

    def in_order(self) -> list[int]:
        """The numbers of the records by their offsets: those of two threads may be named the wrong way round."""
        return sorted(range(len(self.offsets)), key=self.offsets.__getitem__)


class SortedRecords:
    """Reads the records from the journal again each time; up to the journal's first torn line, as it is now."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._places: dict[str, _FilePlaces] = {}
        self._count = 0
        self._end = 0
        """Bytes of the journal's lines that were looked at."""
        self.read_on()

    def read_on(self) -> None:
        """Take note of what was appended to the journal since the last time."""
        decoder = msgspec.json.Decoder(_PlacesOf)
        with self._journal.open("rb") as file:
            file.seek(self._end)
            for data in file:
                if not data.endswith(b"\n"):
                    break
                if data.startswith(RECORDS_ADDED):
                    self._add(decoder.decode(data).records, self._end, len(data))
                self._end += len(data)

    def _add(self, records: list[_Place], line: int, size: int) -> None:
        for record in records:
            places = self._places.get(record.file)
            if places is None:
                places = self._places[record.file] = _FilePlaces()
            places.add(record.offset, line, size)
        self._count += len(records)

    @property
    def files(self) -> frozenset[str]:
        """Paths of the WARC files that hold them."""
        return frozenset(self._places)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[RecordLine]:
        decoder = msgspec.json.Decoder(_RecordsOf)
        with self._journal.open("rb", buffering=0) as file:
            handle = file.fileno()
            for path in sorted(self._places):
                places, last = self._places[path], -1
                named: dict[int, RecordLine] = {}
                for number in places.in_order():
                    line = places.lines[number]
                    if line != last:
                        event = decoder.decode(_read_at(handle, places.sizes[number], line))
                        named, last = {each.offset: each for each in event.records if each.file == path}, line
                    yield named[places.offsets[number]]


def _read_at(handle: int, size: int, start: int) -> bytes:
    if hasattr(os, "pread"):
        return os.pread(handle, size, start)
    os.lseek(handle, start, os.SEEK_SET)  # Windows
    return os.read(handle, size)
