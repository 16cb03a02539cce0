"""Visits the cited addresses of bags that a person named, one after the other, and enters what changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, insert, select, update

from archive.audit.catalogue.chain import FixityEvent, append
from archive.audit.catalogue.copies import find_copy
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import bag, citation, watch
from archive.audit.instants import text_of
from archive.audit.watch.visit import GONE, RESPONDS, UNREACHABLE, Seen, change_between, visit
from archive.errors import UsageProblem
from archive.net import HttpClient

Clock = Callable[[], datetime]

PAUSE = 1.0
"""Seconds between two requests to one host."""

_VERDICTS = {"captured": RESPONDS, "partial": RESPONDS, "gone": GONE}
"""What the capture's verdict says about whether the thing was there."""


class Watched(Struct, frozen=True):
    """One visit."""

    bag: str
    source: str
    url: str
    change: str | None
    """`gone`, `back`, `changed`, or None."""
    seen: Seen
    before: str | None
    """The state that was known before."""


class WatchResult(Struct, frozen=True):
    """What a round of visits saw."""

    visits: tuple[Watched, ...]

    @property
    def changes(self) -> tuple[Watched, ...]:
        return tuple(one for one in self.visits if one.change)

    @property
    def exit_code(self) -> int:
        """1 where something changed, 3 where somebody could not be reached, else 0."""
        if self.changes:
            return 1
        return 3 if any(one.seen.state == UNREACHABLE for one in self.visits) else 0


def watch_bags(
    catalogue: CatalogueDatabase,
    words: Sequence[str],
    client: HttpClient,
    *,
    every_days: int = 30,
    only_due: bool = False,
    pause: float = PAUSE,
    now: Clock = lambda: datetime.now(UTC),
) -> WatchResult:
    """Visit the addresses of the named bags; with `only_due` those that are due, of all bags that were ever named.

    Raises `CopyUnknown`, `UsageProblem` where a bag has no ledger.
    """
    with catalogue.coordinator():
        with catalogue.writing() as connection:
            ids = [_begin(connection, one, every_days, now()) for one in words]
        with catalogue.reading() as connection:
            waiting = list(_waiting(connection, ids, text_of(now()) if only_due else None))
        visits = []
        for row in _spread(waiting):
            visits.append(_visit(catalogue, row, client, every_days, now))
            time.sleep(pause)
        return WatchResult(tuple(visits))


def _begin(connection: Connection, words: str, every_days: int, now: datetime) -> str:
    """Have every web address of a bag on the list; what the capture saw is what it is compared with."""
    row = find_copy(connection, words)
    cited = connection.execute(select(citation).where(citation.c.bag_id == row["bag_id"])).mappings().all()
    known = set(connection.execute(select(watch.c.source).where(watch.c.bag_id == row["bag_id"])).scalars())
    urls = {one["source"]: one["request_url"] or one["cited"] for one in cited}
    webs = {source: url for source, url in urls.items() if urlsplit(url).scheme in ("http", "https")}
    if not webs:
        raise UsageProblem(f"{words}: the bag names no web address; nothing can be watched")
    verdicts = {one["source"]: one["status"] for one in cited}
    rows = [
        {
            "bag_id": row["bag_id"], "source": source, "url": url, "since": text_of(now), "last_at": None,
            "state": _VERDICTS.get(verdicts[source]), "facts": "{}", "next_due_at": text_of(now),
        }
        for source, url in webs.items()
        if source not in known
    ]  # fmt: skip
    if rows:
        connection.execute(insert(watch), rows)
    return str(row["bag_id"])


def _waiting(connection: Connection, ids: Sequence[str], due: str | None) -> Iterator[dict[str, Any]]:
    query = select(watch, bag.c.name).join(bag, bag.c.bag_id == watch.c.bag_id).order_by(bag.c.name, watch.c.source)
    if due is not None:
        query = query.where(watch.c.next_due_at <= due)
    if ids:
        query = query.where(watch.c.bag_id.in_(ids))
    for row in connection.execute(query).mappings():
        yield dict(row)


def _spread(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows so that two of one host are as far apart as they can be."""
    by_host: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_host.setdefault(urlsplit(row["url"]).netloc, []).append(row)
    while by_host:
        for host in list(by_host):
            yield by_host[host].pop(0)
            if not by_host[host]:
                del by_host[host]


def _visit(
    catalogue: CatalogueDatabase, row: dict[str, Any], client: HttpClient, every_days: int, now: Clock
) -> Watched:
    """One visit, entered at once: a round that is stopped loses nothing."""
    seen = visit(client, row["url"])
    before = {**msgspec.json.decode(row["facts"]), "state": row["state"]} if row["state"] else None
    change = change_between(before, seen)
    at = text_of(now())
    facts = {"bag": row["bag_id"], "source": row["source"], "url": row["url"], "change": change, **seen.facts()}
    values: dict[str, Any] = {"last_at": at, "next_due_at": text_of(now() + timedelta(days=every_days))}
    if seen.state in (RESPONDS, GONE):  # what is not known leaves what was known
        values |= {"state": seen.state, "facts": msgspec.json.encode(seen.facts()).decode()}
    key = (watch.c.bag_id == row["bag_id"], watch.c.source == row["source"])
    with catalogue.writing() as connection:
        append(connection, [FixityEvent(at, "watched", outcome=change or seen.state, facts=facts)])
        connection.execute(update(watch).where(*key).values(**values))
    return Watched(row["name"], row["source"], row["url"], change, seen, row["state"])
