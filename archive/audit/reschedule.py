"""When copies are due after the policy was changed: computed from when they were last read, as if it had held then."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import Connection, RowMapping, bindparam, func, select, update

from archive.audit.begun_run import check_selection
from archive.audit.catalogue.schema import bag_copy
from archive.audit.catalogue.schema import event as events
from archive.audit.head_checksum import STATED
from archive.audit.instants import moment_of
from archive.audit.look import CopyOutcome
from archive.audit.policy import ANY, Interval, Policy, read_policy, set_interval
from archive.audit.provider_report import REPORTED, SAME
from archive.audit.selection import ALL, CopySelection


class Rescheduled(Struct, frozen=True):
    """What a change of the policy did."""

    copies: int = 0
    """Copies that are due on another day now."""
    next_due_at: str | None = None
    """Of the copies that the policy is for, the first."""


def set_policy(connection: Connection, custodian: str, storage_class: str, interval: Interval) -> Rescheduled:
    """Put a rule in the place of the one for the same custodian and class, and have it hold at once.

    Raises `UsageProblem` for an interval that cannot be, `NothingSelected` where no copy has this custodian and class;
    in a catalogue without copies every rule is taken.
    """
    names = (None if name == ANY else name for name in (custodian, storage_class))
    selection = CopySelection(ALL, None, *names)
    if connection.execute(select(bag_copy.c.copy_id).limit(1)).first():
        check_selection(connection, selection)
    set_interval(connection, custodian, storage_class, interval)
    return reschedule(connection, selection)


def reschedule(connection: Connection, selection: CopySelection) -> Rescheduled:
    """Compute anew when the sound copies of a custodian and class are due; others are due soon anyway."""
    policy = read_policy(connection)
    live = (bag_copy.c.retired_at.is_(None), *selection.strata)
    sound = select(bag_copy).where(*live, bag_copy.c.last_outcome == CopyOutcome.SOUND)
    said = _statements(connection)
    rows = []
    for row in connection.execute(sound).mappings():
        due = _due(row, said.get(row["copy_id"]), policy)
        if due not in (None, row["next_due_at"]):
            rows.append({"b_copy": row["copy_id"], "b_due": due})
    if rows:
        at = update(bag_copy).where(bag_copy.c.copy_id == bindparam("b_copy"))
        connection.execute(at.values(next_due_at=bindparam("b_due")), rows)
    return Rescheduled(len(rows), connection.execute(select(func.min(bag_copy.c.next_due_at)).where(*live)).scalar())


def _due(row: RowMapping, said: tuple[str, str] | None, policy: Policy) -> str | None:
    """When a copy is due; None where it stays, since what its store said last did not confirm it."""
    read = row["last_read_at"] or row["added_at"]
    names = (row["copy_id"], row["custodian"], row["storage_class"])
    if said is None or said[0] < read:
        return policy.next_due(*names, CopyOutcome.SOUND, moment_of(read))
    at, outcome = said
    return policy.next_due_after_report(*names, moment_of(read), moment_of(at)) if outcome == SAME else None


def _statements(connection: Connection) -> dict[str, tuple[str, str]]:
    """Copy -> when its provider or store last said something about it, and what."""
    at = (events.c.type.in_((REPORTED, STATED)), events.c.outcome != CopyOutcome.UNREADABLE)
    query = select(events.c.copy_id, events.c.at, events.c.outcome).where(*at).order_by(events.c.seq)
    return {copy_id: (moment, outcome) for copy_id, moment, outcome in connection.execute(query)}
