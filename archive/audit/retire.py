"""A person takes a copy out of the audit, whatever was found in it: it was given up, deleted or handed on."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import update

from archive.audit.accept import Accepted, Clock
from archive.audit.catalogue.chain import FixityEvent, append
from archive.audit.catalogue.copies import find_copy
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import bag_copy
from archive.audit.instants import text_of
from archive.audit.place import shown
from archive.errors import UsageProblem

RETIRED = "retired"


def retire(
    catalogue: CatalogueDatabase, words: str, by: str, note: str, now: Clock = lambda: datetime.now(UTC)
) -> Accepted:
    """Retire a copy without reading it. Its history stays, and so does whatever is at its place.

    Raises `CopyUnknown`, `UsageProblem` for a copy that is retired already, or without a name or a reason.
    """
    if not by.strip() or not note.strip():
        raise UsageProblem("retiring needs --by (who, a pseudonym will do) and --note (why)")
    with catalogue.coordinator(), catalogue.writing() as connection:
        row = find_copy(connection, words)
        place, pin = shown(row["url"]), row["expected_tagmanifest"]
        if row["retired_at"] is not None:
            raise UsageProblem(f"{place}: retired on {row['retired_at']} already")
        event = FixityEvent(
            text_of(now()), RETIRED, copy_id=row["copy_id"], outcome=row["last_outcome"], operator=by,
            facts={"note": note},
        )  # fmt: skip
        (seq,) = append(connection, [event])
        at = update(bag_copy).where(bag_copy.c.copy_id == row["copy_id"])
        connection.execute(at.values(retired_at=event.at, last_event=seq))
        return Accepted(row["copy_id"], place, {}, pin, pin, is_retired=True)
