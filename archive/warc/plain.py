"""The stored file under the records, where nothing is compressed: they follow one another. (WARC 1.1, section 4)"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from archive.warc.parser import RecordParser
from archive.warc.report import Collected

_SLACK = re.compile(rb"[\r\n\0]+")
"""What may stand between records and belongs to none: more line ends, and the zeros that fill up a last block."""


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
        self._slack: tuple[int, int, bool] | None = None
        """Where bytes between records start and end, and whether there are zeros among them."""
        self._odd_end: int | None = None
        """Behind the last record, where it has an end that was reported."""

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
                if slack := _SLACK.match(chunk, at):
                    self._pass_over(slack)
                    at = slack.end()
                    continue
                self._report_slack(is_at_end=False)
                self._start = parser.offset = self._base + at
                self._hash = hashlib.sha256()
            before, at = at, parser.feed(view, at)
            self._hash.update(view[before:at])
            if parser.ended is not None:
                length = self._base + at - self._start
                self._collected.add(parser.take(self._start, length, self._hash.hexdigest()))
                self._odd_end = self._base + at if parser.has_odd_end else None
            if parser.is_lost:
                self._lost_at = self._start
                at = max(before, self._start + 1 - self._base)
        self._base += size - len(self._carry)

    def _pass_over(self, slack: re.Match[bytes]) -> None:
        start, _, has_zeros = self._slack or (self._base + slack.start(), 0, False)
        self._slack = start, self._base + slack.end(), has_zeros or b"\0" in slack[0]

    def _report_slack(self, *, is_at_end: bool) -> None:
        """Report what stood between two records, or behind the last: zeros are harmless there alone."""
        if self._slack is None:
            return
        (start, end, has_zeros), self._slack = self._slack, None
        if not has_zeros and start == self._odd_end:
            return
        self._parser.offset = start
        found = f"{end - start:,} more bytes: " + ("zeros" if has_zeros else "line ends")
        if has_zeros and not is_at_end:
            self._parser.fault("warc-garbage", expected="a WARC record", found=found)
        else:
            self._parser.fault("warc-end-form", expected=r"\r\n\r\n", found=found)

    def close(self) -> None:
        self._report_slack(is_at_end=True)
        if self._lost_at is None and not self._parser.is_between:
            self._parser.cut_off("warc-cut")
            if self._parser.ended is not None:
                length = self._base + len(self._carry) - self._start
                self._collected.add(self._parser.take(self._start, length, self._hash.hexdigest()))
        self.end = self._base + len(self._carry)

    def _search(self, chunk: bytes, at: int) -> int:
        """Look for what starts a record; the position where to go on."""
        found = chunk.find(b"\nWARC/1.", at)
        if found < 0:
            retained = min(8, len(chunk) - at)
            self._carry = chunk[len(chunk) - retained :]
            return len(chunk)
        self._parser.restart()
        self._lost_at = None
        return found + 1
