"""The ids of records and what the records refer to, as hashes: enough to see that nothing is missing and nothing twice.

The processes that read WARCs hand these over beside the records, which then need not be unpacked for it. A finding
names records, so whoever finds that something does not fit has to look at these.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from archive.warc.report import ScannedRecord

_SEED = hash("WARC-Record-ID")
"""Processes that were not forked from one another hash otherwise."""


class References(Struct, frozen=True):
    """Of one file, or of a part of one."""

    ids: array[int]
    """Of all records, in their order."""
    others: frozenset[int]
    """Ids that are referred to, but for those of records nearby."""
    has_odd_length: bool
    """True where an answer is whole and marked as cut off, or the other way round."""
    seed: int = _SEED


class ReferenceCollector:
    """Collects the references of a file while its records are read."""

    def __init__(self) -> None:
        self._ids = array("q")
        self._others = set[int]()
        self._has_odd_length = False

    def add(self, records: Sequence[ScannedRecord]) -> None:
        """Take some records. One loop and few calls: it runs for each record of a bag."""
        ids = [hash(record.id) for record in records]
        others = set[int]()
        refer = others.add
        for record in records:
            for other in record.concurrent:
                refer(hash(other))
            if record.warcinfo is not None:
                refer(hash(record.warcinfo))
            if record.refers_to is not None:
                refer(hash(record.refers_to))
            if record.is_whole is (record.truncated is not None):
                self._has_odd_length = True
        self._ids.extend(ids)
        self._others |= others.difference(ids)

    def collected(self) -> References:
        """What was collected so far."""
        return References(self._ids, frozenset(self._others), self._has_odd_length)


def joined_references(parts: Sequence[References | None]) -> References | None:
    """The references of a file that was read in parts; None where they are not known of each part."""
    collected, ids = [part for part in parts if part is not None], array("q")
    if len(collected) < len(parts) or len({part.seed for part in collected}) != 1:
        return None
    for part in collected:
        ids.extend(part.ids)
    others = frozenset[int]().union(*(part.others for part in collected))
    return References(ids, others, any(part.has_odd_length for part in collected), collected[0].seed)


def are_sound(files: Iterable[References | None]) -> bool:
    """True where all ids differ, no record refers to one that is in none of these files, and no length is odd.

    False also where that is not known, or two ids have the same hash by chance.
    """
    ids, others, count = set[int](), set[int](), 0
    for file in files:
        if file is None or file.seed != _SEED or file.has_odd_length:
            return False
        ids.update(file.ids)
        others |= file.others
        count += len(file.ids)
    return len(ids) == count and others <= ids
