"""Whether the tables still say what the chain of events says: pins, states and signed heads are not in the chain.

An event that is cut off at the end leaves a whole chain; the copies that it speaks of still name it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import msgspec
from sqlalchemy import Connection, and_, exists, func, or_, select

from archive.audit.catalogue.chain import ChainFault, check_chain
from archive.audit.catalogue.runs import ADDED, BEGAN
from archive.audit.catalogue.schema import acceptance, audit_run, bag_copy, chain_head, repair
from archive.audit.catalogue.schema import event as events
from archive.audit.instants import moment_of, text_of
from archive.audit.place import shown
from archive.audit.policy import read_policy

REVIVED = "revived"
"""A copy that was retired is there again."""

PINNED = (ADDED, "accepted", REVIVED)
"""Events that say what a copy is compared with."""


def check_catalogue(connection: Connection, limit: int = 20) -> tuple[int, list[ChainFault]]:
    """How many events there are, where their chain does not hold, and where the tables contradict it."""
    count, faults = check_chain(connection, limit)
    return count, [*faults, *islice(_contradictions(connection), limit - len(faults))]


def baseline_digest(text: str) -> str:
    """What an event says about the baseline that a copy has from then on."""
    return hashlib.sha256(text.encode()).hexdigest()


def _contradictions(connection: Connection) -> Iterator[ChainFault]:
    yield from _cut_off(connection)
    yield from _heads(connection)
    yield from _runs(connection)
    yield from _states(connection)
    yield from _pins(connection)
    yield from _deadlines(connection)


def _cut_off(connection: Connection) -> Iterator[ChainFault]:
    """Events that something refers to and that are not there any more."""
    last = connection.execute(select(func.max(events.c.seq))).scalar() or 0
    named = (bag_copy.c.last_event, acceptance.c.seq, repair.c.seq, chain_head.c.seq)
    most = max(connection.execute(select(func.max(column))).scalar() or 0 for column in named)
    if most > last:
        yield ChainFault(most, f"is not there any more: the chain ends with event {last}")


def _heads(connection: Connection) -> Iterator[ChainFault]:
    query = select(chain_head.c.seq).join(events, events.c.seq == chain_head.c.seq)
    for seq in connection.execute(query.where(events.c.row_hash != chain_head.c.row_hash)).scalars():
        yield ChainFault(seq, "is not what was signed as the head of the chain")


def _runs(connection: Connection) -> Iterator[ChainFault]:
    """What a run selected, and the seed that its sample is drawn with again."""
    names = ("kind", "selector", "seed", "population", "population_digest", "sample")
    query = select(events.c.seq, events.c.facts, audit_run).join(audit_run, audit_run.c.run_id == events.c.run_id)
    for row in connection.execute(query.where(events.c.type == BEGAN).order_by(events.c.seq)).mappings():
        facts = msgspec.json.decode(row["facts"])
        for name in names:
            if name in facts and facts[name] != row[name]:
                yield ChainFault(row["seq"], f"contradicts run {row['run_id']}: {name} is {row[name]}")


def _states(connection: Connection) -> Iterator[ChainFault]:
    """What a copy was found last."""
    differs = or_(events.c.copy_id != bag_copy.c.copy_id, events.c.outcome != bag_copy.c.last_outcome)
    columns = (bag_copy.c.last_event, bag_copy.c.url, bag_copy.c.last_outcome)
    query = select(*columns).join(events, events.c.seq == bag_copy.c.last_event).where(differs)
    for seq, url, outcome in connection.execute(query.order_by(bag_copy.c.url)):
        yield ChainFault(seq, f"contradicts the state of {shown(url)}: {outcome}")
    same = and_(events.c.copy_id == bag_copy.c.copy_id, events.c.content_digest == bag_copy.c.content_digest)
    unknown = (bag_copy.c.content_digest.is_not(None), ~exists(select(events.c.seq).where(same)))
    for seq, url in connection.execute(select(bag_copy.c.last_event, bag_copy.c.url).where(*unknown)):
        yield ChainFault(seq or 0, f"no event has the digest of all bytes that {shown(url)} is compared with")


def _pins(connection: Connection) -> Iterator[ChainFault]:
    """What a copy is compared with, by the last event that says so."""
    columns = (events.c.seq, events.c.copy_id, events.c.type, events.c.fingerprint, events.c.facts)
    stated: dict[str, tuple[int, str | None, str | None]] = {}
    for seq, copy_id, kind, fingerprint, facts in connection.execute(
        select(*columns).where(events.c.type.in_(PINNED)).order_by(events.c.seq)
    ):
        said = msgspec.json.decode(facts)
        stated[copy_id] = (seq, fingerprint if kind == ADDED else said.get("pin_after"), said.get("baseline"))
    compared = (bag_copy.c.copy_id, bag_copy.c.url, bag_copy.c.expected_tagmanifest, bag_copy.c.baseline_findings)
    for copy_id, url, pin, baseline in connection.execute(select(*compared)):
        if copy_id not in stated:
            yield ChainFault(0, f"no event says that {shown(url)} was added")
            continue
        seq, fingerprint, digest = stated.pop(copy_id)
        if fingerprint != pin:
            yield ChainFault(seq, f"contradicts the fingerprint that {shown(url)} is compared with")
        if digest is not None and digest != baseline_digest(baseline):
            yield ChainFault(seq, f"contradicts the findings that are known of {shown(url)}")
    for copy_id, (seq, _, _) in stated.items():
        yield ChainFault(seq, f"speaks of copy {copy_id}, which is not in the catalogue any more")


def _deadlines(connection: Connection) -> Iterator[ChainFault]:
    """When a copy is due: no later after it was looked at than the longest interval, or a year.

    The interval of a copy may have been longer when it was looked at.
    """
    days = [max(one.every_days, one.full_read_days) for _, _, one in read_policy(connection).rows()]
    longest = timedelta(days=max([366, *days]))
    columns = (
        bag_copy.c.last_event,
        bag_copy.c.url,
        bag_copy.c.next_due_at,
        bag_copy.c.last_checked_at,
        bag_copy.c.last_read_at,
        bag_copy.c.added_at,
    )
    for row in connection.execute(select(*columns).where(bag_copy.c.retired_at.is_(None)).order_by(bag_copy.c.url)):
        seen = moment_of(max(row.last_checked_at or "", row.last_read_at or "", row.added_at))
        if row.next_due_at > text_of(seen + longest):
            yield ChainFault(row.last_event or 0, f"does not put off {shown(row.url)} until {row.next_due_at}")
