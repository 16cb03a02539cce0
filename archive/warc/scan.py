"""The strict reader of a WARC: fed the file's bytes as they are read, it says what is in it and what is wrong.

WARC 1.0 and 1.1, plain and gzipped by member. It holds no more than a header, whatever the file says.
"""

from __future__ import annotations

from typing import Protocol

from archive.warc.budget import BYTES_PER_STEP, STEPS
from archive.warc.gzip_members import MAGIC, GzipFraming
from archive.warc.parser import RecordParser
from archive.warc.plain import PlainFraming
from archive.warc.report import Announced, Collected, Fault, OnRecord, WarcReport
from archive_manifests.paths import BagPath

_MARK = b"WARC/"


class RecordFraming(Protocol):
    """A way in which records are stored one after the other."""

    begin: int | None
    end: int | None

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the file."""

    def close(self) -> None:
        """Take the file's end."""


class WarcScan:
    """Reads one WARC. Raises nothing: what is wrong is in the report."""

    def __init__(
        self, path: BagPath, start: int = 0, stop: int | None = None, on_record: OnRecord | None = None
    ) -> None:
        """With `start` or `stop` a part of a file gzipped by member, for `joined`: feed it the bytes from `start` on.

        A part goes from the first member at or behind `start` to the first at or behind `stop`. `on_record` gets each
        record as soon as it was read.
        """
        self._path, self._start, self._stop = path, start, stop
        self._collected = Collected() if on_record is None else Announced(on_record)
        self._parser = RecordParser(self._collected.fault, self._spend)
        self._framing: RecordFraming | None = None
        if start:
            self._framing = GzipFraming(self._parser, self._collected, start, stop)
        self._first = b""
        self._size = 0
        self._spent = 0

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the file."""
        self._size += len(chunk)
        if self._parser.is_exhausted:
            return
        if self._framing is None:
            self._first += chunk
            if len(self._first) < len(_MARK):
                return
            chunk, self._first = self._first, b""
            self._framing = self._framing_of(chunk)
        self._framing.feed(chunk)

    @property
    def is_done(self) -> bool:
        """True where no further byte matters to this part."""
        return self._parser.is_exhausted or (self._framing is not None and self._framing.end is not None)

    def close(self) -> WarcReport:
        """Take the file's end; what was found."""
        if self._parser.is_exhausted:
            self._collected.fault(Fault("warc-limit", self._parser.offset, note="the file was not read on from here"))
        elif self._framing is not None:
            self._framing.close()
        elif self._first:
            found = f"{len(self._first)} bytes"
            self._collected.fault(Fault("warc-garbage", 0, expected="a WARC record", found=found))
        collected = self._collected
        is_part = self._start > 0 or self._stop is not None
        if not is_part and not collected.count and not collected.faults:
            collected.fault(Fault("warc-empty", 0, expected="at least one record", found="an empty file"))
        return WarcReport(
            path=self._path,
            size=self._size,
            count=collected.count,
            packed=collected.packed(),
            faults=tuple(collected.faults),
            unlisted=dict(collected.unlisted),
            is_gzip=isinstance(self._framing, GzipFraming),
            begin=self._framing.begin if self._framing is not None else 0,
            end=self._framing.end if self._framing is not None and not self._parser.is_exhausted else None,
            references=collected.references(),
        )

    def _framing_of(self, start: bytes) -> RecordFraming:
        """What the first bytes say; where they are damaged, what the name says."""
        is_named_so = self._path.text.lower().endswith(".gz")
        if start.startswith(MAGIC) or (is_named_so and not start.startswith(_MARK)):
            return GzipFraming(self._parser, self._collected, 0, self._stop)
        return PlainFraming(self._parser, self._collected)

    def _spend(self, steps: int) -> bool:
        self._spent += steps
        return self._spent <= STEPS + self._size // BYTES_PER_STEP
