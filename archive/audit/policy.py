"""How often a copy is read, by custodian and class, and when it is due next."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select

from archive.audit.catalogue.schema import policy as policies
from archive.audit.instants import text_of
from archive.audit.look import CopyOutcome
from archive.errors import UsageProblem

ANY = "*"

QUARTER = 90
"""Days: one full read a quarter where nothing else is said."""

AGAIN = timedelta(days=1)
"""A copy that is not sound is looked at again soon: by another machine, after a repair, once its store is back."""

SPREAD = 0.1
"""Share of an interval by which copies are due earlier, each by its own, so that not all are due on one day."""

GRACE = timedelta(days=7)
"""How long after its day a copy is overdue."""


class Interval(Struct, frozen=True):
    """How often a copy is looked at, and how often in full."""

    every_days: int = QUARTER
    full_read_days: int = QUARTER
    """At least this often every byte is read; what a provider reports does not count for it."""


class Policy:
    """The intervals of a catalogue. The closest rule wins: custodian and class, custodian, class, any."""

    def __init__(self, intervals: Mapping[tuple[str, str], Interval]) -> None:
        self._intervals = intervals

    def interval(self, custodian: str, storage_class: str) -> Interval:
        for key in ((custodian, storage_class), (custodian, ANY), (ANY, storage_class), (ANY, ANY)):
            if key in self._intervals:
                return self._intervals[key]
        return Interval()

    def next_due(self, copy_id: str, custodian: str, storage_class: str, outcome: CopyOutcome, now: datetime) -> str:
        """When a copy is due that was found so just now."""
        if outcome is not CopyOutcome.SOUND:
            return text_of(now + AGAIN)
        interval = self.interval(custodian, storage_class)
        whole = timedelta(days=min(interval.every_days, interval.full_read_days))
        return text_of(now + whole - whole * SPREAD * _share(copy_id, now))

    def next_due_after_report(
        self, copy_id: str, custodian: str, storage_class: str, last_read: datetime, now: datetime
    ) -> str:
        """When a copy is due that its provider confirmed just now: a full read stays due when it was."""
        interval = self.interval(custodian, storage_class)
        spread = 1 - SPREAD * _share(copy_id, now)
        looked_at = now + timedelta(days=interval.every_days) * spread
        return text_of(min(looked_at, last_read + timedelta(days=interval.full_read_days) * spread))

    def rows(self) -> list[tuple[str, str, Interval]]:
        """Every rule, by custodian and class."""
        return [(*key, interval) for key, interval in sorted(self._intervals.items())]


def read_policy(connection: Connection) -> Policy:
    rows = connection.execute(select(policies)).all()
    return Policy({(row.custodian, row.storage_class): Interval(row.every_days, row.full_read_days) for row in rows})


def set_interval(connection: Connection, custodian: str, storage_class: str, interval: Interval) -> None:
    """Put a rule in the place of the one for the same custodian and class. Raises `UsageProblem`."""
    if not 1 <= interval.every_days <= 3660 or not 1 <= interval.full_read_days <= 3660:
        raise UsageProblem("an interval is from 1 to 3,660 days: 30d, 2w, 1y")
    at = (policies.c.custodian == custodian, policies.c.storage_class == storage_class)
    connection.execute(delete(policies).where(*at))
    row = {"custodian": custodian, "storage_class": storage_class}
    row |= {"every_days": interval.every_days, "full_read_days": interval.full_read_days}  # type: ignore[dict-item]
    connection.execute(insert(policies), [row])


def overdue_before(now: datetime) -> str:
    """Copies due before this moment are overdue."""
    return text_of(now - GRACE)


def _share(copy_id: str, now: datetime) -> float:
    """From 0 to 1, spread evenly, and the same when it is computed again."""
    digest = hashlib.sha256(f"{copy_id} {now:%Y-%m-%d}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 0xFFFFFFFF
