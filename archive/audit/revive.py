"""A copy that was retired and is there again: it is compared with what it was, and looked at from then on."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace
from sqlalchemy import Connection, update

from archive.audit.catalogue.agreement import REVIVED, baseline_digest
from archive.audit.catalogue.chain import append
from archive.audit.catalogue.copies import record_looks, strata_of, write_baseline
from archive.audit.catalogue.schema import bag_copy
from archive.audit.deadlines import record_deadlines
from archive.audit.look import Baseline, CopyOutcome, CopyProblem, Look, Pin, is_damage, key_of
from archive.audit.policy import Policy
from archive.audit.record import event_of

GONE = CopyProblem("bag-gone", "error", found="no such path", kind="missing")
"""What is found where nothing is."""


def is_back(look: Look) -> bool:
    """True where something can be read at the place of a retired copy."""
    return look.outcome is not CopyOutcome.UNREADABLE and all(one.code != GONE.code for one in look.problems)


def pin_of_old(pin: Pin) -> Pin:
    """The pin without the acceptance of the loss: the next loss is new."""
    known = pin.baseline
    codes = {code: number for code, number in known.codes.items() if code != GONE.code}
    return replace(pin, baseline=Baseline(known.keys - {key_of(GONE)}, known.is_failing, codes))


def enter_revived(
    connection: Connection, looks: list[Look], pins: dict[str, Pin], policy: Policy, run_id: str, operator: str | None
) -> None:
    """Record that copies are there again, with how they were found; all of them `is_back`."""
    baselines = {look.copy_id: write_baseline(_baseline(pins[look.copy_id].baseline, look)) for look in looks}
    happened = []
    for look in looks:
        pin, event = pins[look.copy_id], event_of(look, run_id, REVIVED)
        stated = {"pin_after": pin.fingerprint, "baseline": baseline_digest(baselines[look.copy_id])}
        happened.append(replace(event, operator=operator, facts=event.facts | stated))
    seqs = append(connection, happened)
    record_looks(connection, list(zip(looks, seqs, strict=True)), policy, strata_of(connection, list(baselines)))
    record_deadlines(connection, looks)
    for copy_id, baseline in baselines.items():
        at = update(bag_copy).where(bag_copy.c.copy_id == copy_id)
        connection.execute(at.values(retired_at=None, baseline_findings=baseline))


def _baseline(known: Baseline, look: Look) -> Baseline:
    """What was known before, of which only what is there now says that the copy is damaged."""
    return replace(known, is_failing=_is_damaged(look.problems))


def _is_damaged(problems: Collection[CopyProblem]) -> bool:
    return any(is_damage(one) and not one.is_new for one in problems)
