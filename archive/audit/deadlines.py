"""What has to be done by a day although nothing is wrong: timestamps to renew, revocation lists to fetch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert

from archive.audit.catalogue.chain import clean
from archive.audit.catalogue.schema import deadline as deadlines
from archive.audit.instants import text_of
from archive.audit.look import Look
from archive.audit.status import Due

if TYPE_CHECKING:
    from archive.timestamp.crl import RevocationList
    from archive.trust.anchors import Anchors

REVOCATION_LIST = "revocation-list"


def record_deadlines(connection: Connection, looks: Sequence[Look]) -> None:
    """Put the deadlines of copies whose seals were read in the place of those that were known."""
    read = [look for look in looks if look.deadlines is not None]
    for start in range(0, len(read), 500):
        ids = [look.copy_id for look in read[start : start + 500]]
        connection.execute(delete(deadlines).where(deadlines.c.copy_id.in_(ids)))
    rows = [
        {
            "copy_id": look.copy_id, "kind": one.kind, "subject": clean(one.subject), "due_at": one.due_at,
            "detail": clean(one.detail),
        }
        for look in read
        for one in look.deadlines or ()
    ]  # fmt: skip
    if rows:
        connection.execute(insert(deadlines), rows)


def overdue_lists(anchors: Anchors, now: datetime) -> list[Due]:
    """Revocation lists of a trust folder whose successor is out: what it revokes is not known here."""
    return [
        Due("", "", REVOCATION_LIST, issuer, text_of(due), "get the new list into the trust folder's tsa/")
        for issuer, due in sorted(_newest(anchors.crls))
        if due < now
    ]


def _newest(lists: Iterable[RevocationList]) -> Iterator[tuple[str, datetime]]:
    """The newest list of each issuer, and when the next one is due."""
    newest: dict[str, datetime] = {}
    for one in lists:
        content = one.content
        due = content.next_update_utc or content.last_update_utc
        issuer = content.issuer.rfc4514_string()
        newest[issuer] = max(due, newest.get(issuer, due))
    yield from newest.items()
