"""The exchanges that a journal names, in order, without all of them in memory.

A run has tens of thousands, each of which takes a kilobyte as a value; here it takes its id and a few bytes.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

import msgspec

from archive.workfolder.recorded import Recorded
from archive.workfolder.sorted_records import RECORDS_ADDED

_LINE = 4096
"""Bytes that are read of a line at once: most lines are shorter."""


class _Known(msgspec.Struct):
    """What stays in memory of an exchange; the rest is passed over."""

    answer: str
    series: str
    failure: msgspec.Raw


class _KnownOf(msgspec.Struct, tag="records-added", tag_field="kind"):
    exchange: _Known | None = None


class _ExchangeOf(msgspec.Struct, tag="records-added", tag_field="kind"):
    exchange: Recorded


class ExchangeLog:
    """Reads exchanges back from the journal, where each was written as a line. Safe to read while others are added."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._reading = threading.Lock()
        self._end: int | None = None
        """How far the journal was read at first; None before."""
        self._lines = array("Q")
        """Where the line of each exchange starts."""
        self._series: list[str] = []
        self._answers: list[str] = []
        """Added to last: what is counted here is in the others too."""
        self._failed: set[int] = set()

    def add(self, exchange: Recorded, line: int) -> None:
        """Take note of an exchange whose line was just written."""
        if line >= self._read():
            self._add(exchange.answer, exchange.series, line, has_failed=exchange.failure is not None)

    def _add(self, answer: str, series: str, line: int, *, has_failed: bool) -> None:
        if has_failed:
            self._failed.add(len(self._lines))
        if self._series and series == self._series[-1]:
            series = self._series[-1]  # one value for all of them
        self._lines.append(line)
        self._series.append(series)
        self._answers.append(answer)

    def _read(self) -> int:
        """Read the journal, once, as far as it is written; up to which byte that was."""
        with self._reading:
            if self._end is not None:
                return self._end
            decoder, at = msgspec.json.Decoder(_KnownOf), 0
            with self._journal.open("rb") as file:
                for data in file:
                    if not data.endswith(b"\n"):
                        break
                    known = decoder.decode(data).exchange if data.startswith(RECORDS_ADDED) else None
                    if known is not None:
                        self._add(known.answer, known.series, at, has_failed=bytes(known.failure) != b"null")
                    at += len(data)
            self._end = at
            return at

    def __len__(self) -> int:
        self._read()
        return len(self._answers)

    def __iter__(self) -> Iterator[Recorded]:
        return self._values(self._lines[: len(self)])

    def at(self, line: int) -> Recorded:
        """The exchange whose line starts there."""
        return next(self._values([line]))

    def _values(self, lines: Iterable[int]) -> Iterator[Recorded]:
        decoder = msgspec.json.Decoder(_ExchangeOf)
        with self._journal.open("rb", buffering=_LINE) as file:
            for line in lines:
                file.seek(line)
                exchange = decoder.decode(file.readline()).exchange
                exchange.line = line
                yield exchange

    def answers_of(self, series: str, since: int = 0) -> list[str]:
        """The ids of what stands for the exchanges of a series, without the first `since` exchanges of the work."""
        return [self._answers[number] for number in range(since, len(self)) if self._series[number] == series]

    def named(self, answers: Container[str]) -> Iterator[Recorded]:
        """The exchanges that these records stand for."""
        return self._values(self._lines[number] for number in range(len(self)) if self._answers[number] in answers)

    @property
    def has_response(self) -> bool:
        """True where one of them did not fail."""
        return len(self) > len(self._failed)

    def failed(self) -> Iterator[Recorded]:
        """Those that failed."""
        return self._values(self._lines[number] for number in range(len(self)) if number in self._failed)
