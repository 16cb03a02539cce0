"""Who keeps copies that the catalogue has already: shown where it is another, changed where a person says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, update

from archive.audit.catalogue.chain import FixityEvent, append
from archive.audit.catalogue.copies import Custody, custody_of
from archive.audit.catalogue.schema import bag_copy
from archive.audit.instants import text_of
from archive.audit.place import shown
from archive.audit.reschedule import reschedule
from archive.audit.selection import ALL, CopySelection

CHANGED = "custody changed"


class OtherCustody(Struct, frozen=True):
    """A copy of the catalogue with another custodian or class than the one that was given."""

    copy_id: str
    place: str
    before: Custody
    after: Custody


def other_custody(connection: Connection, urls: Iterable[str], given: Custody) -> list[OtherCustody]:
    """Those of some copies whose custodian or class is another; what was not given (`-`) is none."""
    found = []
    for copy_id, url, before in custody_of(connection, urls):
        custodian = before.custodian if given.custodian == "-" else given.custodian
        storage_class = before.storage_class if given.storage_class == "-" else given.storage_class
        after = replace(before, custodian=custodian, storage_class=storage_class)
        if after != before:
            found.append(OtherCustody(copy_id, shown(url), before, after))
    return found


def reassign(
    connection: Connection, copies: list[OtherCustody], run_id: str, operator: str | None, now: datetime
) -> None:
    """Give copies their new custodian and class, with an event; the policy for those holds at once."""
    happened = []
    for one in copies:
        before, after = one.before, one.after
        at = update(bag_copy).where(bag_copy.c.copy_id == one.copy_id)
        connection.execute(at.values(custodian=after.custodian, storage_class=after.storage_class))
        note = f"{before.custodian}, {before.storage_class} -> {after.custodian}, {after.storage_class}"
        happened.append(
            FixityEvent(text_of(now), CHANGED, run_id, one.copy_id, operator=operator, facts={"note": note})
        )
    append(connection, happened)
    for custody in {one.after for one in copies}:
        reschedule(connection, CopySelection(ALL, None, custody.custodian, custody.storage_class))
