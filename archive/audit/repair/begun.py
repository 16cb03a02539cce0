"""What a repair was about to do, entered before it touches the copy: one that was killed is finished, once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from archive.audit.catalogue.chain import FixityEvent, append
from archive.audit.catalogue.schema import event as events
from archive.bag.store.place import StorePlace, is_store_url

BEGAN, REPAIRED = "repair began", "repaired"


class BegunRepair(Struct, frozen=True):
    """The last repair of a copy."""

    at: str
    """When it was entered last."""
    is_entered: bool
    """True where it ended: only the custody log may lack it."""
    by: str | None
    old: Path | None
    """Where the damaged copy went; None where nothing was left of it."""
    files: int
    octets: int
    taken: dict[str, int]


def enter_begin(connection: Connection, copy_id: str, at: str, by: str | None, facts: Mapping[str, object]) -> None:
    """Say what is done next. `facts`: `from`, `old`, `files`, `octets`."""
    append(connection, [FixityEvent(at, BEGAN, copy_id=copy_id, operator=by, facts=dict(facts))])


def last_repair(connection: Connection, copy_id: str) -> BegunRepair | None:
    """The last repair that was begun or entered; None where there was none."""
    query = select(events).where(events.c.copy_id == copy_id, events.c.type.in_((BEGAN, REPAIRED)))
    row = connection.execute(query.order_by(events.c.seq.desc()).limit(1)).mappings().first()
    if row is None:
        return None
    facts = msgspec.json.decode(row["facts"])
    old = facts.get("old")
    place = None if old is None else cast(Path, StorePlace.parse(old)) if is_store_url(old) else Path(old)
    return BegunRepair(
        row["at"], row["type"] == REPAIRED, row["operator"], place, facts.get("files", 0),
        facts.get("octets", row["octets"] or 0), facts.get("from", {}),
    )  # fmt: skip
