"""Large WARCs are read in parts, side by side: what one process reads of it is hashed, the others read along.

A part that does not fit to the one before it (a record may hold a WARC of its own) costs another read, no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING

from msgspec import Struct, field

from archive.bag.interface import Entry
from archive.verify.files.control_files import is_warc

if TYPE_CHECKING:
    from archive.warc.report import WarcReport

SMALLEST = 2 << 20
"""Bytes of a part below which cutting costs more than it saves."""

MOST = 16
_TOLERATED = 1.25


def cuts_of(entry: Entry, share: float) -> list[int]:
    """Where to cut a file of which no process is to read more than `share` bytes: each part's start but the first's."""
    share = max(share, SMALLEST)
    if entry.size < _TOLERATED * share or not is_warc(entry.path) or not entry.path.lower().endswith(".gz"):
        return []
    parts = min(MOST, ceil(entry.size / share))
    return [entry.size * number // parts for number in range(1, parts)]


class WarcParts(Struct):
    """The reports on parts of files, until all of a file have come."""

    _expected: dict[str, list[int]] = field(default_factory=dict)
    _reports: dict[str, dict[int, WarcReport]] = field(default_factory=dict)

    def expect(self, path: str, cuts: Iterable[int]) -> None:
        self._expected[path] = [0, *cuts]

    def __contains__(self, path: object) -> bool:
        return path in self._expected

    def take(self, path: str, start: int, report: WarcReport) -> None:
        self._reports.setdefault(path, {})[start] = report

    def paths(self) -> list[str]:
        return sorted(self._expected)

    def whole(self, path: str, size: int) -> WarcReport | None:
        """The report on the whole file; None where its parts do not make one."""
        from archive.warc.report import joined

        reports = self._reports.pop(path, {})
        parts = [reports[start] for start in self._expected.pop(path) if start in reports]
        return joined(parts, size) if parts and parts[0].begin == 0 else None
