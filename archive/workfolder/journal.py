"""The journal of a work folder: one event a line, so that the same command resumes where it stopped.

A line is written after the records it names. It outlives the process at once, the machine within a second
(`GroupCommit`).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from archive import posix
from archive.workfolder.events import Event
from archive.workfolder.sorted_records import RECORDS_ADDED
from archive_manifests import canonical

_encode = msgspec.json.Encoder(enc_hook=lambda _: None).encode
"""Writes null for what is no fact: where the payload of an exchange is read from."""


class Journal:
    """An append-only file of events. Its callers take turns (`WorkFolder.record`)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size if path.exists() else 0
        """Bytes: where the next line starts."""
        self._file: BinaryIO = path.open("ab", buffering=0)

    def append(self, *events: Event) -> list[tuple[Event, int]]:
        """Write events whole, or leave the file as it was; return each as written, and where its line starts."""
        lines: list[bytes] = []
        appended: list[tuple[Event, int]] = []
        end = self.size
        for given in events:
            event, line = _as_line(given)
            appended.append((event, end))
            lines.append(line)
            end += len(line)
        self._write(b"".join(lines))
        return appended

    def _write(self, data: bytes) -> None:
        written = 0
        try:
            with posix.naming(self._file.name):
                while written < len(data):
                    written += self._file.write(data[written:])
        except BaseException:
            self._file.truncate(self.size)
            raise
        self.size += len(data)

    def sync(self) -> None:
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def _as_line(event: Event) -> tuple[Event, bytes]:
    """An event as it can be written, and its line. Any text is taken: one source's odd bytes must not stop the run."""
    try:
        return event, _encode(event) + b"\n"
    except UnicodeEncodeError:
        event = canonical.well_formed(event)
        return event, _encode(event) + b"\n"


def read_journal(path: Path) -> Iterator[Event]:
    """Yield the events in order; stop at the first line that is torn or unreadable."""
    decoder = msgspec.json.Decoder(Event)
    with path.open("rb") as file:
        for data in file:
            if not data.endswith(b"\n"):
                return
            try:
                event: Event = decoder.decode(data)
            except (msgspec.DecodeError, msgspec.ValidationError):
                return
            yield event


def read_finished_journal(path: Path) -> Iterator[Event]:
    """Yield the events but for those of records: what finishing needs. Raises `ValueError` at a torn line."""
    decoder = msgspec.json.Decoder(Event)
    with path.open("rb") as file:
        for data in file:
            if not data.endswith(b"}\n"):
                raise ValueError("torn")
            if not data.startswith(RECORDS_ADDED):
                yield decoder.decode(data)


def rewrite_journal(path: Path, events: Iterable[Event]) -> None:
    """Replace a journal by one that states just these events, in one step."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    journal = Journal(fresh)
    try:
        for event in events:
            journal.append(event)
        journal.sync()
    finally:
        journal.close()
    fresh.replace(path)
    posix.sync_folder(path.parent)


class GroupCommit:
    """Calls `sync` once a second: the records reach the disk first, then the journal that names them."""

    def __init__(self, sync: Callable[[], None], every: float = 1.0) -> None:
        self._sync, self._every = sync, every
        self._stop = threading.Event()
        self.error: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="commit", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self._sync()
            except OSError as error:
                self.error = error  # `WorkFolder.check` raises it where it can be handled
                return

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._sync()
