"""When a bag says that it was made: dates of its `bag-info.txt`. (RFC 8493, 2.2.2, Bagging-Date; what others add)"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from archive_manifests.tags import BagInfo

_LABEL = re.compile(r"bag(?!-(?:size|count|group))[a-z]*(?:[-_ ].*)?\Z", re.IGNORECASE | re.DOTALL)
"""`Bagging-Date`, `Bagging-Timestamp`, `Bag-Creation-Date`, `Bag-Software-Agent`…: what speaks of the bag itself.

Other dates, of an embargo for example, may well be later than the bag.
"""

_DATE = re.compile(
    r"(?<!\d)(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?:[.,]\d{1,9})? ?(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?(?!\d))?",
    re.ASCII | re.IGNORECASE,
)
_EAST = timedelta(hours=14)
"""The zone where a day begins first: a time without a zone can be this much earlier."""

_LONGEST = 1 << 12


class BaggingDate(Struct, frozen=True):
    """One date that a bag states of its own making."""

    label: str
    text: str
    earliest: datetime
    """The earliest moment that it can mean, UTC."""


def bagging_dates(info: BagInfo) -> Iterator[BaggingDate]:
    """Yield the dates that a bag states of its own making; what is no date of ISO 8601 is passed over."""
    for label, value in info.fields:
        if not _LABEL.match(label):
            continue
        for found in _DATE.finditer(value[:_LONGEST]):
            earliest = _earliest(found)
            if earliest is not None:
                yield BaggingDate(label, found[0], earliest)


def _earliest(found: re.Match[str]) -> datetime | None:
    zone = (found["zone"] or "").upper().replace("UTC", "Z")
    try:
        read = datetime.fromisoformat(f"{found['day']}T{found['time'] or '00:00'}{zone}")
        return read.astimezone(UTC) if zone else read.replace(tzinfo=UTC) - _EAST
    except (ValueError, OverflowError):
        return None
