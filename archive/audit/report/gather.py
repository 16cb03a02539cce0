"""Everything that a report says, read from the catalogue in one go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, func, select

from archive.audit.catalogue import runs
from archive.audit.catalogue.agreement import check_catalogue
from archive.audit.catalogue.chain import ChainFault, head
from archive.audit.catalogue.schema import audit_run, bag, bag_copy, chain_head
from archive.audit.catalogue.schema import event as events
from archive.audit.head_checksum import STATED
from archive.audit.instants import text_of
from archive.audit.look import CopyOutcome
from archive.audit.place import shown
from archive.audit.policy import overdue_before
from archive.audit.provider_report import REPORTED
from archive.audit.report.at_risk import BagAtRisk, ClaimAtRisk, bags_at_risk, claims_at_risk, sound_copies
from archive.audit.report.corroborated import CorroborationReport, corroboration_report
from archive.audit.selection import CopySelection, choose
from archive.audit.status import ALARMING, CatalogueStatus, CopyState, problems_of, read_status, state_of
from archive.corroborate.standing import SignedCorroboration

LISTED = 1_000
"""Rows of each list; all are counted."""

RECENT = ("accepted", "repaired", "retired", "revived")


class NotChecked(Struct, frozen=True):
    """A copy about which the report can say nothing, and why."""

    place: str
    bag: str
    custodian: str
    why: str
    """`unreadable`, `left` (of the last run), `overdue`."""
    detail: str


class Alarm(Struct, frozen=True):
    """A copy with something new, and what it is."""

    copy: CopyState
    problems: tuple[dict[str, Any], ...]


class RunFacts(Struct, frozen=True):
    """The last audit, with what somebody else needs to draw its sample again."""

    run_id: str
    state: str
    started_at: str
    ended_at: str | None
    selector: dict[str, Any]
    seed: str | None
    population: int
    population_digest: str | None
    sample: int
    software: str


class AuditReport(Struct, frozen=True):
    """The state of a catalogue at a moment."""

    at: str
    software: str
    status: CatalogueStatus
    last_run: RunFacts | None
    alarms: tuple[Alarm, ...]
    not_checked: tuple[NotChecked, ...]
    not_checked_number: int
    by_word: int
    """Copies that their custodian confirmed since they were last read: weaker than a reading."""
    bags: tuple[BagAtRisk, ...]
    claims: tuple[ClaimAtRisk, ...]
    sound_copies: dict[int, int]
    corroboration: CorroborationReport
    """What other observers say of the sources."""
    recent: tuple[dict[str, Any], ...]
    """What people did: accepted, repaired, retired; the last first."""
    events: int
    head: str | None
    faults: tuple[ChainFault, ...]
    head_statement: dict[str, Any] | None
    """The last head of the chain that was signed or timestamped."""

    @property
    def exit_code(self) -> int:
        return 1 if self.faults else self.status.exit_code


def gather(connection: Connection, now: datetime, corroborations: Iterable[SignedCorroboration] = ()) -> AuditReport:
    """Read the report's facts; `corroborations` are added to those that are beside the copies.

    The chain is checked: a report on a catalogue that was edited says so.
    """
    from archive.version import AGENT

    number, faults = check_catalogue(connection)
    bags = bags_at_risk(connection)
    not_checked, total = _not_checked(connection, now)
    return AuditReport(
        at=text_of(now),
        software=AGENT,
        status=read_status(connection, now),
        last_run=_last_run(connection),
        alarms=_alarms(connection),
        not_checked=not_checked,
        not_checked_number=total,
        by_word=_by_word(connection),
        bags=tuple(bags),
        claims=tuple(claims_at_risk(connection, bags)),
        sound_copies=sound_copies(connection),
        corroboration=corroboration_report(connection, corroborations, LISTED, now),
        recent=_recent(connection),
        events=number,
        head=head(connection)[1],
        faults=tuple(faults),
        head_statement=_head_statement(connection),
    )


def _alarms(connection: Connection) -> tuple[Alarm, ...]:
    query = select(bag_copy, bag.c.name).join(bag, bag.c.bag_id == bag_copy.c.bag_id)
    query = query.where(bag_copy.c.retired_at.is_(None), ALARMING).order_by(bag_copy.c.custodian, bag_copy.c.url)
    rows = connection.execute(query.limit(LISTED)).mappings().all()
    found = problems_of(connection, [row["last_event"] for row in rows])
    return tuple(
        Alarm(state_of(row), tuple(one for one in found.get(row["last_event"], []) if one["is_new"])) for row in rows
    )


def _not_checked(connection: Connection, now: datetime) -> tuple[tuple[NotChecked, ...], int]:
    """Copies that could not be read, that the last run left, or that are overdue; each once."""
    query = select(bag_copy, bag.c.name).join(bag, bag.c.bag_id == bag_copy.c.bag_id)
    query = query.where(bag_copy.c.retired_at.is_(None)).order_by(bag_copy.c.custodian, bag_copy.c.url)
    left = _left(connection)
    listed: list[NotChecked] = []
    number = 0
    late = overdue_before(now)
    details = problems_of(connection, _unreadable_events(connection))
    for row in connection.execution_options(yield_per=1000).execute(query).mappings():
        why, detail = "", ""
        if row["last_outcome"] == CopyOutcome.UNREADABLE:
            found = details.get(row["last_event"], [])
            why, detail = "unreadable", found[0].get("note", "") if found else ""
        elif row["copy_id"] in left:
            why, detail = "left", row["last_checked_at"] or ""
        elif row["next_due_at"] < late:
            why, detail = "overdue", row["next_due_at"]
        if why:
            number += 1
            if len(listed) < LISTED:
                listed.append(NotChecked(shown(row["url"]), row["name"], row["custodian"], why, detail))
    return tuple(listed), number


def _by_word(connection: Connection) -> int:
    """Copies that a custodian confirmed after they were looked at last."""
    words = select(func.max(events.c.seq)).where(events.c.type.in_((REPORTED, STATED))).group_by(events.c.copy_id)
    query = select(func.count()).select_from(events).join(bag_copy, bag_copy.c.copy_id == events.c.copy_id)
    at = (events.c.seq.in_(words), events.c.outcome == CopyOutcome.SOUND, events.c.seq > bag_copy.c.last_event)
    return connection.execute(query.where(*at, bag_copy.c.retired_at.is_(None))).scalar() or 0


def _unreadable_events(connection: Connection) -> list[int]:
    at = (bag_copy.c.retired_at.is_(None), bag_copy.c.last_outcome == CopyOutcome.UNREADABLE)
    return list(connection.execute(select(bag_copy.c.last_event).where(*at).limit(LISTED)).scalars())


def _left(connection: Connection) -> set[str]:
    """Copies of the last run that it did not get to."""
    last = runs.last_run(connection)
    if last is None or last.state == runs.ENDED:
        return set()
    words = msgspec.json.decode(last.selector)
    selection = CopySelection(
        words["mode"], words.get("per_stratum"), words.get("custodian"), words.get("storage_class")
    )
    chosen = choose(connection, selection, last.seed, last.started_at, last.started_at)
    return set(chosen.ids) - runs.looked_at(connection, last.run_id).keys()


def _last_run(connection: Connection) -> RunFacts | None:
    last = runs.last_run(connection)
    if last is None:
        return None
    row = connection.execute(select(audit_run).where(audit_run.c.run_id == last.run_id)).one()
    document = {name: getattr(row, name) for name in RunFacts.__struct_fields__}
    return RunFacts(**document | {"selector": msgspec.json.decode(row.selector)})


def _recent(connection: Connection) -> tuple[dict[str, Any], ...]:
    query = select(events, bag_copy.c.url).join(bag_copy, bag_copy.c.copy_id == events.c.copy_id)
    query = query.where(events.c.type.in_(RECENT)).order_by(events.c.seq.desc()).limit(50)
    return tuple(
        {"at": row["at"], "type": row["type"], "place": shown(row["url"]), "by": row["operator"]}
        | {"facts": msgspec.json.decode(row["facts"])}
        for row in connection.execute(query).mappings()
    )


def _head_statement(connection: Connection) -> dict[str, Any] | None:
    row = connection.execute(select(chain_head).order_by(chain_head.c.seq.desc()).limit(1)).mappings().first()
    if row is None:
        return None
    document = {name: row[name] for name in ("at", "statement", "signature", "signer")}
    timestamps = msgspec.json.decode(row["timestamps"])
    return document | {"event": row["seq"], "head": row["row_hash"], "timestamps": timestamps}
