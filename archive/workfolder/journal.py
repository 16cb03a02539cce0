"""The journal of a work folder: what has been done, line by line, so that the same command goes on where it stopped.

A line is written after the records it names. It outlives the process at once, the machine within a second (`Commit`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from archive_manifests.ledger import Conditions, ReportEntry, SourceEntry
from archive_manifests.records import RecordLine

FORMAT = 1


class Begun(msgspec.Struct, frozen=True, tag="begun", tag_field="kind"):
    """The first line: what this work folder was made for."""

    format: int
    input_sha256: str
    """Of the report, or of the source manifest."""
    options: dict[str, str | int | float | bool | list[str] | None]
    """Whatever changes what is captured; another run with others is refused."""
    started: str
    report: ReportEntry
    conditions: Conditions
    extractor: str | None = None
    """What made `text.txt` of the report's file."""
    predecessor: str | None = None


class Resumed(msgspec.Struct, frozen=True, tag="resumed", tag_field="kind"):
    """The work was taken up again."""

    time: str
    records_kept: int


class Filed(msgspec.Struct, frozen=True, tag="filed", tag_field="kind"):
    """A payload file was written whole."""

    path: str
    size: int
    sha256: str
    sha512: str


class TakenBack(msgspec.Struct, frozen=True, tag="taken-back", tag_field="kind"):
    """A payload file is not to be in the bag after all: another is made in its place."""

    path: str


class Noted(msgspec.Struct, frozen=True, tag="noted", tag_field="kind"):
    """Further WARC records that belong to no exchange: `resource`, `conversion`, `metadata`."""

    records: list[RecordLine]
    joins: list[str] = []
    """The answers whose bodies the `resource` puts together, in order."""


class Exchanged(msgspec.Struct, frozen=True, tag="exchanged", tag_field="kind"):
    """One exchange, with the records that hold it."""

    url: str
    method: str
    series: str
    answer: str
    """Id of the record that stands for it: the response, else what there is."""
    records: list[RecordLine]
    started: str
    ended: str
    status: int | None = None
    version: str = "1.1"
    reason: str = ""
    fields: list[tuple[str, str]] = []
    framing: str = "none"
    body_start: int = 0
    body_end: int = 0
    truncated: str | None = None
    failure: tuple[str, str, str] | None = None
    """Stage, reason, message."""
    oddities: list[str] = []
    repeatable: bool = True
    """False for what must not stand in for another request of the same URL: a POST, a probe."""


class Echoed(msgspec.Struct, frozen=True, tag="echoed", tag_field="kind"):
    """A server told its reader's address back. Stays in the work folder: a bag must not point at it."""

    source: str
    url: str
    address: str


class Judged(msgspec.Struct, frozen=True, tag="judged", tag_field="kind"):
    """A source has its verdict."""

    entry: SourceEntry


class Carried(msgspec.Struct, frozen=True, tag="carried", tag_field="kind"):
    """What an older bag says of a source that is asked for again."""

    entry: SourceEntry


class Ended(msgspec.Struct, frozen=True, tag="ended", tag_field="kind"):
    """Every source has its verdict; only finishing is left."""

    time: str
    clock: str = "unknown"
    """The clock's offset, as measured over the run."""


Line = Begun | Resumed | Filed | TakenBack | Noted | Exchanged | Echoed | Judged | Carried | Ended


class Journal:
    """An append-only file of lines. Safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._encoder = msgspec.json.Encoder()
        self._lock = threading.Lock()
        self._size = path.stat().st_size if path.exists() else 0
        self._file: BinaryIO = path.open("ab", buffering=0)

    def append(self, line: Line) -> None:
        """Write a line whole, or leave the file as it was."""
        data = self._encoder.encode(line) + b"\n"
        with self._lock:
            written = 0
            try:
                while written < len(data):
                    written += self._file.write(data[written:])
            except BaseException:
                self._file.truncate(self._size)
                raise
            self._size += len(data)

    def sync(self) -> None:
        import os

        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def read_journal(path: Path) -> Iterator[tuple[Line, int]]:
    """Yield each sound line and the offset behind it; stop at the first that is torn or unreadable."""
    decoder = msgspec.json.Decoder(Line)
    end = 0
    with path.open("rb") as file:
        for data in file:
            if not data.endswith(b"\n"):
                return
            try:
                line: Line = decoder.decode(data)
            except (msgspec.DecodeError, msgspec.ValidationError):
                return
            end += len(data)
            yield line, end


class Commit:
    """Has what was written on the disk itself once a second: the records first, then the journal that names them."""

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
                self.error = error  # for `WorkFolder.check` to raise where it can be dealt with
                return

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._sync()
