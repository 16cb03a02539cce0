"""Which claims of which reports are at risk: citations of which no sound copy is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, case, func, select

from archive.audit.catalogue.schema import bag, bag_copy, citation
from archive.audit.look import BROKEN_FILE, CopyOutcome
from archive.audit.status import problems_of

CONTROL_FILES = frozenset({"data/sources.json", "data/provenance/records.jsonl"})
"""Without what these say, no capture of the bag can be distinguished from another."""

_LIVE = bag_copy.c.retired_at.is_(None)

_SOUND = func.sum(case((bag_copy.c.last_outcome == CopyOutcome.SOUND, 1), else_=0))

WHOLE_BAG = frozenset({"bag-gone", "package-broken", "package-damaged", "package-overlap", "payload-folder-missing"})
"""Damage that concerns every source of a bag."""


class ClaimAtRisk(Struct, frozen=True):
    """A citation of a report whose capture is sound in no copy."""

    report: str
    bag: str
    source: str
    cited: str
    pages: str
    copies: int
    """Copies of the bag, none of them sound there."""


class BagAtRisk(Struct, frozen=True):
    """A bag without a sound copy."""

    bag_id: str
    name: str
    report: str | None
    copies: int
    is_unread: bool
    """True where no copy is known to be wrong: some could not be read."""


def bags_at_risk(connection: Connection) -> list[BagAtRisk]:
    """Bags without a sound copy."""
    unread = func.sum(case((bag_copy.c.last_outcome == CopyOutcome.UNREADABLE, 1), else_=0))
    query = (
        select(bag.c.bag_id, bag.c.name, bag.c.report, func.count(), unread)
        .join(bag_copy, bag_copy.c.bag_id == bag.c.bag_id)
        .where(_LIVE)
        .group_by(bag.c.bag_id, bag.c.name, bag.c.report)
        .having(_SOUND == 0)
        .order_by(bag.c.name, bag.c.bag_id)
    )
    return [BagAtRisk(row[0], row[1], row[2], row[3], bool(row[4])) for row in connection.execute(query)]


def sound_copies(connection: Connection) -> dict[int, int]:
    """Number of sound copies -> number of bags that have so many."""
    query = select(_SOUND.label("sound")).where(_LIVE).group_by(bag_copy.c.bag_id)
    return dict(sorted(Counter(int(row[0]) for row in connection.execute(query)).items()))


def claims_at_risk(connection: Connection, bags: Iterable[BagAtRisk]) -> list[ClaimAtRisk]:
    """The citations of those bags that are sound in no copy, in the order of reports and sources."""
    claims = []
    for one in bags:
        query = select(citation).where(citation.c.bag_id == one.bag_id).order_by(citation.c.source)
        cited = connection.execute(query).mappings().all()
        if cited:
            lost = _lost_everywhere(connection, one.bag_id, {row["source"] for row in cited})
            claims += [
                ClaimAtRisk(one.report or one.name, one.name, row["source"], row["cited"], row["pages"], one.copies)
                for row in cited
                if row["source"] in lost
            ]
    return claims


def _lost_everywhere(connection: Connection, bag_id: str, sources: set[str]) -> set[str]:
    lost = set(sources)
    query = select(bag_copy.c.last_event, bag_copy.c.last_outcome)
    for event, outcome in connection.execute(query.where(_LIVE, bag_copy.c.bag_id == bag_id)):
        if outcome == CopyOutcome.DAMAGED:
            lost &= _hit(problems_of(connection, [event]).get(event, []), sources)
    return lost


def _hit(problems: list[dict[str, Any]], sources: set[str]) -> set[str]:
    """The sources whose files are damaged in one copy: what contradicts them then is a consequence, and adds none."""
    hit: set[str] = set()
    for one in problems:
        if one["code"] in WHOLE_BAG:
            return set(sources)
        if one["code"] in BROKEN_FILE and one.get("path", "").startswith("data/"):
            if one["path"] in CONTROL_FILES:
                return set(sources)
            hit.update(one.get("source", "").split(","))
    return hit & sources
