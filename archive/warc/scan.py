"""The strict reader of a WARC: fed the file's bytes as they are read, it says what is in it and what is wrong.

WARC 1.0 and 1.1, plain and gzipped by member. It holds no more than a header, whatever the file says.
"""

from __future__ import annotations

from archive.warc.inflate import MAGIC
from archive.warc.members import Framing, GzipFraming, PlainFraming
from archive.warc.record import RecordParser
from archive.warc.report import Collected, Fault, WarcReport
from archive_manifests.paths import BagPath

_MARK = b"WARC/"
_STEPS = 100_000
_BYTES_A_STEP = 4
"""Steps that are taken at most: so many, and one more for each few stored bytes.

A few stored bytes can say that there are millions of records or chunks; reading these would take minutes.
"""


class WarcScan:
    """Reads one WARC. Raises nothing: what is wrong is in the report."""

    def __init__(self, path: BagPath) -> None:
        self._path = path
        self._collected = Collected()
        self._parser = RecordParser(self._collected.fault, self._spend)
        self._framing: Framing | None = None
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
            self._framing = self._framing_of(chunk)(self._parser, self._collected)
        self._framing.feed(chunk)

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
        if not collected.count and not collected.faults:
            collected.fault(Fault("warc-empty", 0, expected="at least one record", found="an empty file"))
        return WarcReport(
            path=self._path,
            size=self._size,
            count=collected.count,
            packed=collected.packed(),
            faults=tuple(collected.faults),
            is_gzip=isinstance(self._framing, GzipFraming),
        )

    def _framing_of(self, start: bytes) -> type[GzipFraming] | type[PlainFraming]:
        """What the first bytes say; where they are damaged, what the name says."""
        is_named_so = self._path.text.lower().endswith(".gz")
        return GzipFraming if start.startswith(MAGIC) or (is_named_so and not start.startswith(_MARK)) else PlainFraming

    def _spend(self, steps: int) -> bool:
        self._spent += steps
        return self._spent <= _STEPS + self._size // _BYTES_A_STEP
