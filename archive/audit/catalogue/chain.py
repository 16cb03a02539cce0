"""The chain of events: each row's hash covers the row and the hash before it, so nothing can be put in or left out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import Connection, insert, select

from archive.audit.catalogue.schema import event as events
from archive.audit.catalogue.schema import problem as problems
from archive.audit.look import CopyProblem
from archive.version import AGENT

READ_AT_ONCE = 2_000


class FixityEvent(Struct, frozen=True):
    """One thing that happened to a copy, a run or the catalogue. (PREMIS 3.0, Event entity)"""

    at: str
    """UTC, as `2026-11-22T10:00:00Z`."""
    type: str
    """`added`, `fixity check`, `accepted`, `repaired`, `retired`, `run began`, `run ended`, `watched`…"""
    run_id: str | None = None
    copy_id: str | None = None
    attempt: int = 1
    outcome: str | None = None
    method: str | None = None
    octets: int | None = None
    seconds: float | None = None
    fingerprint: str | None = None
    content_digest: str | None = None
    findings: int = 0
    new_findings: int = 0
    problems: tuple[CopyProblem, ...] = ()
    """Up to a limit; `findings` counts all."""
    operator: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    software: str = AGENT


def append(connection: Connection, happened: Sequence[FixityEvent]) -> list[int]:
    """Add events at the end of the chain, in a transaction of the caller's; their numbers.

    The caller holds `Catalogue.coordinator()`, or the transaction that writes: nobody else appends meanwhile.
    """
    seq, before = head(connection)
    rows: list[dict[str, Any]] = []
    details: list[dict[str, Any]] = []
    for one in happened:
        seq += 1
        row = _row(one, seq, before)
        before = row["row_hash"]
        rows.append(row)
        details += _problem_rows(one, seq)
    if rows:
        connection.execute(insert(events), rows)
    if details:
        connection.execute(insert(problems), details)
    return [row["seq"] for row in rows]


def head(connection: Connection) -> tuple[int, str | None]:
    """Number and hash of the last event; 0 and None where there is none."""
    last = connection.execute(select(events.c.seq, events.c.row_hash).order_by(events.c.seq.desc()).limit(1)).first()
    return (last.seq, last.row_hash) if last else (0, None)


class ChainFault(Struct, frozen=True):
    """Where the chain does not hold."""

    seq: int
    what: str


def check_chain(connection: Connection, limit: int = 20) -> tuple[int, list[ChainFault]]:
    """How many events there are, and where they do not follow on one another."""
    count, before, expected = 0, None, 1
    faults: list[ChainFault] = []
    for row, found in _with_problems(connection):
        count += 1
        if row["seq"] != expected:
            faults.append(ChainFault(row["seq"], f"events {expected} to {row['seq'] - 1} are not there"))
        elif row["prev_hash"] != before:
            faults.append(ChainFault(row["seq"], "does not follow on the event before"))
        if row_hash(row) != row["row_hash"]:
            faults.append(ChainFault(row["seq"], "is not what was written"))
        if findings_digest(found) != row["findings_digest"]:
            faults.append(ChainFault(row["seq"], "its findings are not what was written"))
        before, expected = row["row_hash"], row["seq"] + 1
        if len(faults) >= limit:
            break
    return count, faults


def row_hash(row: dict[str, Any]) -> str:
    """Hex sha256 of a row as canonical JSON: names in alphabetical order, without the hash itself."""
    document = {name: value for name, value in sorted(row.items()) if name != "row_hash"}
    return hashlib.sha256(msgspec.json.encode(document)).hexdigest()


def findings_digest(found: Iterable[dict[str, Any]]) -> str | None:
    """Hex sha256 over the findings of an event, None where it has none."""
    document = [{name: value for name, value in sorted(each.items()) if name != "seq"} for each in found]
    return hashlib.sha256(msgspec.json.encode(document)).hexdigest() if document else None


def clean(value: str | None) -> str | None:
    """Text that every database takes: odd bytes and NUL as escapes."""
    if value is None or (value.isascii() and "\0" not in value):
        return value
    return value.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def _row(one: FixityEvent, seq: int, before: str | None) -> dict[str, Any]:
    facts = msgspec.json.encode(dict(sorted(one.facts.items()))).decode()
    row: dict[str, Any] = {
        name: getattr(one, name) for name in FixityEvent.__struct_fields__ if name not in ("problems", "facts")
    }
    row = {name: clean(value) if isinstance(value, str) else value for name, value in row.items()}
    row |= {"seq": seq, "facts": facts, "prev_hash": before}
    row["findings_digest"] = findings_digest(_problem_rows(one, seq))
    return row | {"row_hash": row_hash(row)}


def _problem_rows(one: FixityEvent, seq: int) -> list[dict[str, Any]]:
    rows = []
    for position, found in enumerate(one.problems):
        row: dict[str, Any] = {name: getattr(found, name) for name in CopyProblem.__struct_fields__}
        row = {name: clean(value) if isinstance(value, str) else value for name, value in row.items()}
        rows.append(row | {"is_new": int(found.is_new), "seq": seq, "position": position})
    return rows


def _with_problems(connection: Connection) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Every event in order with its findings, read a few thousand at a time."""
    last = 0
    while True:
        query = select(events).where(events.c.seq > last).order_by(events.c.seq).limit(READ_AT_ONCE)
        rows = [dict(row) for row in connection.execute(query).mappings()]
        if not rows:
            return
        first, last = rows[0]["seq"], rows[-1]["seq"]
        between = problems.c.seq.between(first, last)
        found: dict[int, list[dict[str, Any]]] = {}
        for detail in connection.execute(
            select(problems).where(between).order_by(problems.c.seq, problems.c.position)
        ).mappings():
            found.setdefault(detail["seq"], []).append(dict(detail))
        for row in rows:
            yield row, found.get(row["seq"], [])


def with_problems(one: FixityEvent, found: Iterable[CopyProblem]) -> FixityEvent:
    """The event with its findings."""
    every = tuple(found)
    return replace(one, problems=every, findings=len(every), new_findings=sum(each.is_new for each in every))
