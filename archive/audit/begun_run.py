"""Begins a run, or continues the one of the same words that was stopped: which copies are left, as of when."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct, field
from sqlalchemy import Connection, func, select

from archive.audit.catalogue import runs
from archive.audit.catalogue.runs import AuditRun
from archive.audit.catalogue.schema import bag_copy, event
from archive.audit.errors import NothingSelected
from archive.audit.instants import moment_of, text_of
from archive.audit.look import CopyOutcome, Look
from archive.audit.policy import Policy, read_policy
from archive.audit.record import alarms_of
from archive.audit.selection import SAMPLE, CopySelection, choose

STALE = timedelta(days=14)
"""A run that nobody continued for so long is not continued: what it read is too old to stand for a reading of today."""

AHEAD = timedelta(minutes=5)
"""How far the last event may be in the future before the clock is called wrong."""

NAMED = 10


class BegunRun(Struct, frozen=True):
    """A run that is entered in the catalogue, and what is left of it."""

    run: AuditRun
    policy: Policy
    todo: tuple[str, ...]
    """Ids of the copies that are left, in order."""
    attempts: Mapping[str, int] = field(default_factory=dict)
    """How often a copy was looked at, for those that are looked at again."""
    before: Counter[CopyOutcome] = field(default_factory=Counter)
    """Outcomes that the run had before it was stopped; those that are looked at again are left out."""
    alarms: tuple[Look, ...] = ()
    is_resumed: bool = False
    last_event_at: str | None = None
    """Where it is later than this machine's clock says."""


def begin_run(
    connection: Connection, engine: str, selection: CopySelection, seed: str | None, operator: str | None, now: datetime
) -> BegunRun:
    """Continue the unfinished run of this selection and seed, or begin one. Raises `NothingSelected`."""
    check_selection(connection, selection)
    policy = read_policy(connection)
    last = connection.execute(select(event.c.at).order_by(event.c.seq.desc()).limit(1)).scalar()
    later = last if last is not None and moment_of(last) > now + AHEAD else None
    run = runs.unfinished(connection, "audit", selection.selector, seed)
    if run is not None and _is_stale(connection, run, now):
        runs.abandon(connection, run, now)
        run = None
    if run is not None:
        return _resume(connection, run, policy, selection, now, later)
    seed = seed or (secrets.token_hex(16) if selection.mode == SAMPLE else None)
    # With a clock that went back, copies would seem to be added after the run began, and none would be read.
    added = connection.execute(select(func.max(bag_copy.c.added_at))).scalar()
    began = max(text_of(now), added or "")
    chosen = choose(connection, selection, seed, began, text_of(now))
    digest = runs.population_digest(chosen.population)
    counts = (len(chosen.population), digest, len(chosen.ids))
    run = AuditRun(runs.new_id(now), "audit", runs.OPEN, began, selection.selector, seed, *counts)
    runs.begin(connection, run, engine, operator, now)
    return BegunRun(run, policy, tuple(chosen.ids), last_event_at=later)


def check_selection(connection: Connection, selection: CopySelection) -> None:
    """Raise `NothingSelected` where no copy has this custodian and class: "no new problem" would be no answer."""
    columns = (bag_copy.c.custodian, bag_copy.c.storage_class)
    strata = connection.execute(select(*columns).distinct().order_by(*columns)).all()
    if not strata:
        raise NothingSelected("the catalogue has no copies; take some in with `archive audit add ROOT`")
    wanted = (selection.custodian, selection.storage_class)
    if not any(all(one in (None, found) for one, found in zip(wanted, stratum, strict=True)) for stratum in strata):
        names = zip(("custodian", "class"), wanted, strict=True)
        named = ", ".join(f"{what} {name}" for what, name in names if name is not None)
        known = "; ".join(f"custodian {custodian}, class {kind}" for custodian, kind in strata[:NAMED])
        raise NothingSelected(f"no copy has {named}; the catalogue has {known}")


def _is_stale(connection: Connection, run: AuditRun, now: datetime) -> bool:
    """True for a run of long ago, or one that was begun before there was anything to read."""
    last = connection.execute(select(func.max(event.c.at)).where(event.c.run_id == run.run_id)).scalar()
    return run.sample == 0 or moment_of(last or run.started_at) < now - STALE


def _resume(
    connection: Connection,
    run: AuditRun,
    policy: Policy,
    selection: CopySelection,
    now: datetime,
    later: str | None,
) -> BegunRun:
    """What is left of a run: copies without an event, and those that could not be read when it was stopped."""
    done = runs.looked_at(connection, run.run_id)
    runs.resume(connection, run, now)
    chosen = choose(connection, selection, run.seed, run.started_at, text_of(now)).ids
    unread = {one for one, (outcome, _) in done.items() if outcome == CopyOutcome.UNREADABLE}
    again = unread if run.state == runs.STOPPED else set()
    return BegunRun(
        run,
        policy,
        (*(one for one in chosen if one not in done or one in again), *sorted(again - set(chosen))),
        attempts={one: done[one][1] + 1 for one in again},
        before=Counter(CopyOutcome(outcome) for one, (outcome, _) in done.items() if one not in again),
        alarms=tuple(look.shortened() for look in alarms_of(connection, run.run_id)),
        is_resumed=True,
        last_event_at=later,
    )
