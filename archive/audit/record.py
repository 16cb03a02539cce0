"""Writes what was found into the catalogue, a batch a transaction: a killed run loses only what was in flight."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from archive.audit.catalogue.chain import FixityEvent, append
from archive.audit.catalogue.copies import record_looks, strata_of
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.runs import CHECK
from archive.audit.catalogue.schema import event as events
from archive.audit.deadlines import record_deadlines
from archive.audit.look import CopyOutcome, CopyProblem, Look
from archive.audit.policy import Policy
from archive.audit.status import problems_of


def record_batch(catalogue: CatalogueDatabase, looks: Sequence[Look], run_id: str, policy: Policy) -> None:
    """Append an event for each look, with its findings, and bring the copies up to date."""
    with catalogue.writing() as connection:
        seqs = append(connection, [event_of(look, run_id) for look in looks])
        strata = strata_of(connection, [look.copy_id for look in looks])
        record_looks(connection, list(zip(looks, seqs, strict=True)), policy, strata)
        record_deadlines(connection, looks)


def alarms_of(connection: Connection, run_id: str) -> list[Look]:
    """What a run has found that was new, before it was stopped."""
    at = (events.c.run_id == run_id, events.c.type == CHECK, events.c.new_findings > 0)
    query = select(events).where(*at, events.c.outcome != CopyOutcome.UNREADABLE).order_by(events.c.seq)
    rows = connection.execute(query).mappings().all()
    found = problems_of(connection, [row["seq"] for row in rows])
    return [
        Look(
            row["copy_id"], CopyOutcome(row["outcome"]), tuple(CopyProblem(**one) for one in found.get(row["seq"], ())),
            row["findings"], row["new_findings"], at=row["at"],
        )
        for row in rows
    ]  # fmt: skip


def event_of(look: Look, run_id: str | None, kind: str = CHECK) -> FixityEvent:
    """The event of a look. (PREMIS: fixity check)"""
    return FixityEvent(
        at=look.at,
        type=kind,
        run_id=run_id,
        copy_id=look.copy_id,
        attempt=look.attempt,
        outcome=str(look.outcome),
        method=look.method,
        octets=look.octets,
        seconds=look.seconds,
        fingerprint=look.fingerprint,
        content_digest=look.content,
        findings=look.findings,
        new_findings=look.new_findings,
        problems=look.problems,
        facts={"verified": look.is_verified},
    )
