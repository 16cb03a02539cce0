"""A person takes what was found into the baseline: the event says who, when and why. Nothing is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, RowMapping, insert, select, update

from archive.audit.catalogue.agreement import baseline_digest
from archive.audit.catalogue.chain import FixityEvent, append
from archive.audit.catalogue.copies import add_bag, find_copy, read_baseline, write_baseline
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import acceptance, bag_copy
from archive.audit.catalogue.schema import event as events
from archive.audit.check import check_copy
from archive.audit.content import Pace
from archive.audit.instants import text_of
from archive.audit.look import CopyOutcome, Look, Pin, Rules
from archive.audit.place import shown
from archive.audit.policy import read_policy
from archive.errors import UsageProblem

Clock = Callable[[], datetime]


class Accepted(Struct, frozen=True):
    """What was accepted."""

    copy_id: str
    place: str
    codes: dict[str, int]
    pin_before: str | None
    pin_after: str | None
    is_retired: bool
    """True where the copy is gone, so nothing is left to be looked at."""


def accept(
    catalogue: CatalogueDatabase, words: str, by: str, note: str, now: Clock = lambda: datetime.now(UTC)
) -> Accepted:
    """Accept what the last check of a copy found. The copy is read again first: only what was reported is accepted.

    Raises `CopyUnknown`, `UsageProblem` where there is nothing to accept, or something else is there now.
    """
    if not by.strip() or not note.strip():
        raise UsageProblem("accepting needs --by (who, a pseudonym will do) and --note (why)")
    with catalogue.coordinator():
        with catalogue.reading() as connection:
            row = find_copy(connection, words)
            last = _last_check(connection, row)
        place = shown(row["url"])
        look = check_copy(Pin(row["copy_id"], row["url"]), Rules(thorough=True), Pace(None))
        is_gone = any(one.code == "bag-gone" for one in look.problems)
        _check_same(place, row, last, look, is_gone=is_gone)
        with catalogue.writing() as connection:
            return _enter(connection, row, look, by, note, now(), is_gone=is_gone)


def _last_check(connection: Connection, row: RowMapping) -> RowMapping:
    place = shown(row["url"])
    if row["retired_at"] is not None:
        back = "where it is there again, `archive audit add` takes it back"
        raise UsageProblem(f"{place}: retired on {row['retired_at']}; nothing is left to accept; {back}")
    query = select(events).where(events.c.seq == row["last_event"])
    last = connection.execute(query).mappings().first()
    if last is None or last["outcome"] == CopyOutcome.UNREADABLE:
        raise UsageProblem(f"{place}: could not be read; there is nothing to accept before an audit has looked at it")
    if not last["new_findings"] and last["outcome"] != CopyOutcome.SUBSTITUTED:
        raise UsageProblem(f"{place}: nothing new was found; there is nothing to accept")
    return last


def _check_same(place: str, row: RowMapping, last: RowMapping, look: Look, *, is_gone: bool) -> None:
    """Raise `UsageProblem` where the copy is not what was reported any more."""
    advice = "run `archive audit run` on it first, and look at what it says"
    if look.outcome is CopyOutcome.UNREADABLE:
        raise UsageProblem(f"{place}: cannot be read now ({look.problems[0].note}); nothing was accepted")
    same_bytes = look.content == last["content_digest"] and look.fingerprint == last["fingerprint"]
    if not is_gone and not same_bytes:
        raise UsageProblem(f"{place}: has changed since it was last looked at; {advice}")
    if is_gone and last["fingerprint"] is not None:
        raise UsageProblem(f"{place}: has gone since it was last looked at; {advice}")


def _enter(
    connection: Connection, row: RowMapping, look: Look, by: str, note: str, now: datetime, *, is_gone: bool
) -> Accepted:
    assert look.baseline is not None
    before = row["expected_tagmanifest"]
    after = before if is_gone else look.fingerprint
    baseline = read_baseline(row["baseline_findings"]).joined(look.baseline)
    event = FixityEvent(
        text_of(now), "accepted", copy_id=row["copy_id"], outcome=str(look.outcome), fingerprint=look.fingerprint,
        content_digest=look.content, findings=look.findings, operator=by,
        problems=tuple(replace(one, is_new=False) for one in look.problems),
        facts={
            "note": note, "pin_before": before, "pin_after": after,
            "baseline": baseline_digest(write_baseline(baseline)),
        },
    )  # fmt: skip
    (seq,) = append(connection, [event])
    document = msgspec.json.encode(look.baseline.codes).decode()
    values = {"seq": seq, "copy_id": row["copy_id"], "at": event.at, "operator": by, "note": note}
    connection.execute(insert(acceptance), [values | {"findings": document, "pin_before": before, "pin_after": after}])
    changed = {"baseline_findings": write_baseline(baseline), "new_findings": 0, "last_event": seq}
    if is_gone:
        changed |= {"retired_at": event.at}
    else:
        changed |= _repinned(connection, row, look, now)
    connection.execute(update(bag_copy).where(bag_copy.c.copy_id == row["copy_id"]).values(**changed))
    return Accepted(row["copy_id"], shown(row["url"]), look.baseline.codes, before, after, is_gone)


def _repinned(connection: Connection, row: RowMapping, look: Look, now: datetime) -> dict[str, object]:
    """What the copy is compared with from now on."""
    assert look.facts is not None
    bag_id = look.fingerprint or row["bag_id"]
    add_bag(connection, bag_id, look.facts, look, now)
    outcome = look.outcome
    due = read_policy(connection).next_due(row["copy_id"], row["custodian"], row["storage_class"], outcome, now)
    return {
        "bag_id": bag_id, "expected_tagmanifest": look.fingerprint, "content_digest": look.content,
        "tag_digests": msgspec.json.encode(look.tags or {}).decode(), "seal_digest": look.seal,
        "octets": look.octets, "files": look.files, "last_outcome": str(outcome), "next_due_at": due,
    }  # fmt: skip
