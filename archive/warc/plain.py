"""The stored file under the records, where nothing is compressed: they follow one another. (WARC 1.1, section 4)"""

from __future__ import annotations

import hashlib
from typing import Any

from archive.warc.parser import RecordParser
from archive.warc.report import Collected


class PlainFraming:
    """Walks the records of a file that is not compressed."""

    def __init__(self, parser: RecordParser, collected: Collected) -> None:
        self._parser, self._collected = parser, collected
        self.begin: int | None = 0
        self.end: int | None = None
        self._base = 0
        self._carry = b""
        self._start = 0
        self._hash: Any = hashlib.sha256()
        self._lost_at: int | None = None

    def feed(self, chunk: bytes) -> None:
        if self._carry:
            chunk, self._carry = self._carry + chunk, b""
        view = memoryview(chunk)
        parser, at, size = self._parser, 0, len(chunk)
        while at < size:
            if self._lost_at is not None:
                at = self._search(chunk, at)
                continue
            if parser.is_between:
                self._start = parser.offset = self._base + at
                self._hash = hashlib.sha256()
            before, at = at, parser.feed(view, at)
            self._hash.update(view[before:at])
            if parser.ended is not None:
                length = self._base + at - self._start
                self._collected.add(parser.take(self._start, length, self._hash.hexdigest()))
            if parser.is_lost:
                self._lost_at = self._start
                at = max(before, self._start + 1 - self._base)
        self._base += size - len(self._carry)

    def close(self) -> None:
        if self._lost_at is None and not self._parser.is_between:
            self._parser.cut_off("warc-cut")
            if self._parser.ended is not None:
                length = self._base + len(self._carry) - self._start
                self._collected.add(self._parser.take(self._start, length, self._hash.hexdigest()))
        self.end = self._base + len(self._carry)

    def _search(self, chunk: bytes, at: int) -> int:
        """Look for what starts a record; the position where to go on."""
        found = chunk.find(b"\r\nWARC/1.", at)
        if found < 0:
            retained = min(8, len(chunk) - at)
            self._carry = chunk[len(chunk) - retained :]
            return len(chunk)
        self._parser.restart()
        self._lost_at = None
        return found + 2
