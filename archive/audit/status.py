"""The state of all copies: what is wrong, what is due, and the history of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, RowMapping, case, func, or_, select

from archive.audit.catalogue.copies import find_copy
from archive.audit.catalogue.runs import ENDED, AuditRun, last_run
from archive.audit.catalogue.schema import audit_run, bag, bag_copy, deadline
from archive.audit.catalogue.schema import event as events
from archive.audit.catalogue.schema import problem as problems
from archive.audit.instants import text_of
from archive.audit.look import CopyOutcome
from archive.audit.place import shown
from archive.audit.policy import overdue_before

LISTED = 200
"""Copies of each list that are named; all are counted."""


class CopyState(Struct, frozen=True):
    """One copy, as it was found last."""

    copy_id: str
    place: str
    bag: str
    custodian: str
    storage_class: str
    outcome: str | None
    new_findings: int
    failures: int
    last_checked_at: str | None
    last_read_at: str | None
    next_due_at: str

    @property
    def is_alarming(self) -> bool:
        """True where something is wrong that no baseline has."""
        return self.outcome == CopyOutcome.SUBSTITUTED or (
            self.outcome == CopyOutcome.DAMAGED and self.new_findings > 0
        )


class Stratum(Struct, frozen=True):
    """The copies of one custodian and class, by outcome."""

    custodian: str
    storage_class: str
    outcomes: dict[str, int]
    octets: int
    overdue: int


class Due(Struct, frozen=True):
    """Something that has to be done by a day: a stamp to be renewed, a revocation list to be fetched."""

    copy_id: str
    place: str
    kind: str
    subject: str
    due_at: str
    detail: str


class CatalogueStatus(Struct, frozen=True):
    """Where the whole catalogue stands."""

    at: str
    copies: int
    bags: int
    strata: tuple[Stratum, ...]
    wrong: tuple[CopyState, ...]
    """Copies that are not sound, the new ones first."""
    due: tuple[CopyState, ...]
    """The next to be looked at, the longest overdue first."""
    overdue: int
    is_due: int
    alarming: int
    deadlines: tuple[Due, ...]
    open_runs: tuple[str, ...]
    last: AuditRun | None

    @property
    def outcomes(self) -> dict[str, int]:
        total: dict[str, int] = {str(outcome): 0 for outcome in CopyOutcome}
        for stratum in self.strata:
            for outcome, number in stratum.outcomes.items():
                total[outcome] += number
        return total

    @property
    def exit_code(self) -> int:
        """1 where something new is wrong or a copy is overdue, 3 where one could not be read, else 0."""
        if self.alarming or self.overdue or any(one.due_at < self.at for one in self.deadlines):
            return 1
        return 3 if self.outcomes[CopyOutcome.UNREADABLE] else 0


def read_status(connection: Connection, now: datetime, listed: int = LISTED) -> CatalogueStatus:
    """The state of all copies that are not retired."""
    at = text_of(now)
    strata = tuple(_strata(connection, overdue_before(now)))
    last = last_run(connection)
    open_runs = select(audit_run.c.run_id).where(audit_run.c.kind == "audit", audit_run.c.state != ENDED)
    return CatalogueStatus(
        at=at,
        copies=sum(sum(stratum.outcomes.values()) for stratum in strata),
        bags=_count(connection, select(func.count(bag_copy.c.bag_id.distinct())).where(_LIVE)),
        strata=strata,
        wrong=_copies(connection, [bag_copy.c.last_outcome != CopyOutcome.SOUND], _WORST_FIRST, listed),
        due=_copies(connection, [], [bag_copy.c.next_due_at], min(listed, 20)),
        overdue=sum(stratum.overdue for stratum in strata),
        is_due=_count(connection, _number_of(bag_copy.c.next_due_at <= at)),
        alarming=_count(connection, _number_of(ALARMING)),
        deadlines=tuple(_deadlines(connection, listed)),
        open_runs=tuple(connection.execute(open_runs.order_by(audit_run.c.started_at)).scalars()),
        last=last,
    )  # fmt: skip


_LIVE = bag_copy.c.retired_at.is_(None)

ALARMING = or_(
    bag_copy.c.last_outcome == CopyOutcome.SUBSTITUTED,
    (bag_copy.c.last_outcome == CopyOutcome.DAMAGED) & (bag_copy.c.new_findings > 0),
)

_WORST_FIRST = [case((ALARMING, 0), else_=1), bag_copy.c.last_outcome, bag_copy.c.url]


def _strata(connection: Connection, before: str) -> list[Stratum]:
    columns = (bag_copy.c.custodian, bag_copy.c.storage_class)
    overdue = func.sum(case((bag_copy.c.next_due_at < before, 1), else_=0))
    query = select(
        *columns, bag_copy.c.last_outcome, func.count(), func.sum(bag_copy.c.octets), overdue
    ).where(_LIVE).group_by(*columns, bag_copy.c.last_outcome)  # fmt: skip
    found: dict[tuple[str, str], list[Any]] = {}
    for custodian, storage_class, outcome, number, octets, late in connection.execute(query):
        entry = found.setdefault((custodian, storage_class), [{}, 0, 0])
        entry[0][outcome] = int(number)
        entry[1] += int(octets)
        entry[2] += int(late)
    return [Stratum(*key, *entry) for key, entry in sorted(found.items())]


def _copies(connection: Connection, at: Sequence[Any], order: Sequence[Any], limit: int) -> tuple[CopyState, ...]:
    query = select(bag_copy, bag.c.name).join(bag, bag.c.bag_id == bag_copy.c.bag_id).where(_LIVE, *at)
    rows = connection.execute(query.order_by(*order).limit(limit)).mappings()
    return tuple(state_of(row) for row in rows)


def state_of(row: RowMapping) -> CopyState:
    return CopyState(
        row["copy_id"], shown(row["url"]), row["name"], row["custodian"], row["storage_class"], row["last_outcome"],
        row["new_findings"], row["failures"], row["last_checked_at"], row["last_read_at"], row["next_due_at"],
    )  # fmt: skip


def _deadlines(connection: Connection, limit: int) -> list[Due]:
    query = select(deadline, bag_copy.c.url).join(bag_copy, bag_copy.c.copy_id == deadline.c.copy_id).where(_LIVE)
    rows = connection.execute(query.order_by(deadline.c.due_at, bag_copy.c.url).limit(limit))
    return [Due(row.copy_id, shown(row.url), row.kind, row.subject, row.due_at, row.detail) for row in rows]


def _number_of(at: Any) -> Any:
    return select(func.count()).select_from(bag_copy).where(_LIVE, at)


def _count(connection: Connection, query: Any) -> int:
    return connection.execute(query).scalar() or 0


class HistoryEntry(Struct, frozen=True):
    """One event of a copy."""

    seq: int
    at: str
    type: str
    run_id: str | None
    outcome: str | None
    method: str | None
    octets: int | None
    findings: int
    new_findings: int
    operator: str | None
    facts: dict[str, Any]
    row_hash: str
    problems: tuple[dict[str, Any], ...]


class History(Struct, frozen=True):
    """One copy and all that happened to it, the first event first."""

    copy: CopyState
    expected_tagmanifest: str | None
    retired_at: str | None
    entries: tuple[HistoryEntry, ...]


def read_history(connection: Connection, words: str) -> History:
    """The history of the copy that a person names. Raises `CopyUnknown`."""
    row = find_copy(connection, words)
    name = connection.execute(select(bag.c.name).where(bag.c.bag_id == row["bag_id"])).scalar()
    query = select(events).where(events.c.copy_id == row["copy_id"]).order_by(events.c.seq)
    found = [dict(one) for one in connection.execute(query).mappings()]
    details = problems_of(connection, [one["seq"] for one in found])
    entries = tuple(
        HistoryEntry(
            **{each: one[each] for each in HistoryEntry.__struct_fields__ if each not in ("facts", "problems")},
            facts=msgspec.json.decode(one["facts"]),
            problems=tuple(details.get(one["seq"], ())),
        )
        for one in found
    )
    state = state_of({**row, "name": name})  # type: ignore[arg-type]
    return History(state, row["expected_tagmanifest"], row["retired_at"], entries)


def problems_of(connection: Connection, seqs: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The findings of some events, by number."""
    found: dict[int, list[dict[str, Any]]] = {}
    for start in range(0, len(seqs), 500):
        some = seqs[start : start + 500]
        query = select(problems).where(problems.c.seq.in_(some)).order_by(problems.c.seq, problems.c.position)
        for row in connection.execute(query).mappings():
            document = {name: value for name, value in row.items() if value is not None}
            del document["seq"], document["position"]
            found.setdefault(row["seq"], []).append(document | {"is_new": bool(row["is_new"])})
    return found
