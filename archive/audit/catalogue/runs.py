"""Runs: begun, resumed, ended. A run that was killed is still open, and is continued."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, func, insert, select, update

from archive.audit.catalogue.chain import FixityEvent, append
from archive.audit.catalogue.schema import audit_run, event
from archive.audit.instants import text_of
from archive.version import AGENT

OPEN, STOPPED, ENDED = "open", "stopped", "ended"

CHECK = "fixity check"
ADDED = "added"
BEGAN = "run began"

_NO_MARKS = str.maketrans("", "", "-:")


class AuditRun(Struct, frozen=True):
    """A run as the catalogue has it."""

    run_id: str
    kind: str
    state: str
    started_at: str
    selector: str
    """Canonical JSON: what the command selected. The same words continue a run that has not ended."""
    seed: str | None
    population: int
    population_digest: str | None
    sample: int


def unfinished(connection: Connection, kind: str, selector: str, seed: str | None) -> AuditRun | None:
    """The last run of these words that has not looked at everything."""
    at = [audit_run.c.kind == kind, audit_run.c.state != ENDED, audit_run.c.selector == selector]
    if seed is not None:
        at.append(audit_run.c.seed == seed)
    return _last(connection, at)


def begin(connection: Connection, run: AuditRun, engine: str | None, operator: str | None, now: datetime) -> None:
    """Enter a new run, in the table and in the chain."""
    row = {name: getattr(run, name) for name in AuditRun.__struct_fields__}
    connection.execute(insert(audit_run), [row | {"engine": engine, "software": AGENT, "operator": operator}])
    facts = {name: row[name] for name in ("kind", "selector", "seed", "population", "population_digest", "sample")}
    append(connection, [FixityEvent(text_of(now), BEGAN, run.run_id, operator=operator, facts=facts)])


def resume(connection: Connection, run: AuditRun, now: datetime) -> None:
    connection.execute(update(audit_run).where(audit_run.c.run_id == run.run_id).values(state=OPEN))
    append(connection, [FixityEvent(text_of(now), "run resumed", run.run_id)])


def abandon(connection: Connection, run: AuditRun, now: datetime) -> None:
    """Close a run that is not continued any more; the same words begin a new one."""
    connection.execute(update(audit_run).where(audit_run.c.run_id == run.run_id).values(state=ENDED))
    append(connection, [FixityEvent(text_of(now), "run abandoned", run.run_id)])


def end(connection: Connection, run: AuditRun, state: str, counts: dict[str, int], now: datetime) -> None:
    """Close a run: `ended` where all was looked at, `stopped` where it can be continued."""
    at = update(audit_run).where(audit_run.c.run_id == run.run_id)
    connection.execute(at.values(state=state, ended_at=text_of(now)))
    kind = "run ended" if state == ENDED else "run stopped"
    append(connection, [FixityEvent(text_of(now), kind, run.run_id, facts=dict(counts))])


def looked_at(connection: Connection, run_id: str, kind: str = CHECK) -> dict[str, tuple[str, int]]:
    """Copy -> its last outcome in this run, and how often it was looked at."""
    query = select(event.c.copy_id, event.c.outcome, event.c.attempt).order_by(event.c.seq)
    rows = connection.execute(query.where(event.c.run_id == run_id, event.c.type == kind))
    return {row[0]: (row[1], row[2]) for row in rows}


def last_run(connection: Connection, kind: str = "audit") -> AuditRun | None:
    return _last(connection, [audit_run.c.kind == kind])


def _last(connection: Connection, at: Sequence[Any]) -> AuditRun | None:
    """The run that was begun last, by the chain: two may begin in one second."""
    query = select(audit_run).join(event, (event.c.run_id == audit_run.c.run_id) & (event.c.type == BEGAN))
    row = connection.execute(query.where(*at).order_by(event.c.seq.desc()).limit(1)).first()
    return _run(row) if row else None


def count_runs(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(audit_run)).scalar() or 0


def new_id(now: datetime) -> str:
    """An id for a run begun now; ids sort as the moments do."""
    return f"{text_of(now).translate(_NO_MARKS)}-{secrets.token_hex(4)}"


def population_digest(ids: Iterable[str]) -> str:
    """Hex sha256 of the ids, in order, one a line: the same population gives the same sample."""
    digest = hashlib.sha256()
    for copy_id in sorted(ids):
        digest.update(f"{copy_id}\n".encode())
    return digest.hexdigest()


def selector_text(**words: object) -> str:
    return msgspec.json.encode({name: value for name, value in sorted(words.items()) if value is not None}).decode()


def _run(row: object) -> AuditRun:
    return AuditRun(**{name: getattr(row, name) for name in AuditRun.__struct_fields__})
