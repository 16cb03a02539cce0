"""Bags and their copies in the catalogue: found, added, brought up to date after each look."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, RowMapping, bindparam, func, insert, or_, select, update

from archive.audit.catalogue.chain import clean
from archive.audit.catalogue.schema import bag, bag_copy, citation
from archive.audit.errors import CopyUnknown
from archive.audit.instants import moment_of, text_of
from archive.audit.look import BagFacts, Baseline, CopyOutcome, Look, Pin
from archive.audit.place import shown, store_of, url_of
from archive.audit.policy import Policy

AT_ONCE = 500
"""Rows that one query selects by id: SQLite takes 999 values at the least."""


class Custody(Struct, frozen=True):
    """Who keeps a copy, and on what."""

    custodian: str = "-"
    storage_class: str = "-"


def copy_id_of(url: str, added_at: str) -> str:
    """The id of a copy: from its place and the moment it was added, so adding in pieces gives the same."""
    return hashlib.sha256(f"{url}\n{added_at}".encode()).hexdigest()[:16]


def known_urls(connection: Connection, urls: Sequence[str]) -> set[str]:
    """Those of some places that the catalogue has."""
    found: set[str] = set()
    for some in _pieces(urls):
        found.update(connection.execute(select(bag_copy.c.url).where(bag_copy.c.url.in_(some))).scalars())
    return found


def custody_of(connection: Connection, urls: Iterable[str]) -> Iterator[tuple[str, str, Custody]]:
    """Id, place and custody of those of some places that are looked at."""
    columns = (bag_copy.c.copy_id, bag_copy.c.url, bag_copy.c.custodian, bag_copy.c.storage_class)
    for some in _pieces(urls):
        at = (bag_copy.c.url.in_(some), bag_copy.c.retired_at.is_(None))
        for row in connection.execute(select(*columns).where(*at).order_by(bag_copy.c.url)):
            yield row.copy_id, row.url, Custody(row.custodian, row.storage_class)


def retired_among(connection: Connection, urls: Iterable[str]) -> list[str]:
    """Ids of the copies at some places that are not looked at any more."""
    found: list[str] = []
    for some in _pieces(urls):
        at = (bag_copy.c.url.in_(some), bag_copy.c.retired_at.is_not(None))
        found += connection.execute(select(bag_copy.c.copy_id).where(*at)).scalars()
    return found


def pins(connection: Connection, ids: Iterable[str], attempts: Mapping[str, int]) -> Iterator[Pin]:
    """What a worker has to know of each copy, in the order of the ids."""
    columns = (
        *(bag_copy.c.copy_id, bag_copy.c.url, bag_copy.c.expected_tagmanifest, bag_copy.c.content_digest),
        *(bag_copy.c.tag_digests, bag_copy.c.seal_digest, bag_copy.c.baseline_findings, bag_copy.c.octets),
        bag_copy.c.store,
    )
    for some in _pieces(ids):
        rows = {row[0]: row for row in connection.execute(select(*columns).where(bag_copy.c.copy_id.in_(some)))}
        for copy_id in some:
            _, url, fingerprint, content, tags, seal, baseline, octets, store = rows[copy_id]
            yield Pin(
                copy_id, url, fingerprint, content, msgspec.json.decode(tags, type=dict[str, str]), seal,
                read_baseline(baseline), octets, attempts.get(copy_id, 1), store,
            )  # fmt: skip


def find_copy(connection: Connection, words: str) -> RowMapping:
    """The copy that a person names: its place, its id, the first digits of its id. Raises `CopyUnknown`."""
    at = [bag_copy.c.url == url_of(words)]
    if len(words) >= 4 and words.isalnum():
        at.append(bag_copy.c.copy_id.startswith(words, autoescape=True))
    rows = connection.execute(select(bag_copy).where(or_(*at)).limit(2)).mappings().all()
    if len(rows) == 1:
        return rows[0]
    if rows:
        raise CopyUnknown(f"{words}: several copies begin so; give more of the id, or the place")
    named = connection.execute(
        select(bag_copy).join(bag, bag.c.bag_id == bag_copy.c.bag_id).where(bag.c.name == words).limit(2)
    )
    by_name = named.mappings().all()
    if len(by_name) == 1:
        return by_name[0]
    if by_name:
        raise CopyUnknown(f"{words}: that bag has several copies; name one by its place or its id")
    raise CopyUnknown(f"{words}: not in the catalogue; `archive audit status` lists what is there")


def add_copy(connection: Connection, look: Look, url: str, custody: Custody, policy: Policy, now: datetime) -> None:
    """Take in a copy that was just verified: its pin, its baseline, what the bag says about itself."""
    assert look.facts is not None
    bag_id = look.fingerprint or f"unknown {look.copy_id}"
    add_bag(connection, bag_id, look.facts, look, now)
    row: dict[str, Any] = {
        "copy_id": look.copy_id,
        "bag_id": bag_id,
        "url": url,
        "store": store_of(url),
        "storage_class": custody.storage_class,
        "custodian": custody.custodian,
        "added_at": text_of(now),
        "expected_tagmanifest": look.fingerprint,
        "tag_digests": _json(look.tags or {}),
        "baseline_findings": write_baseline(look.baseline or Baseline()),
        "new_findings": 0,
        "failures": 0,
        "next_due_at": "",
        "octets": look.octets,
        "files": look.files,
    }
    connection.execute(insert(bag_copy), [row])


def record_looks(
    connection: Connection, looks: Sequence[tuple[Look, int]], policy: Policy, strata: dict[str, tuple[str, str]]
) -> None:
    """Bring copies up to date with what was found; each look comes with the number of its event."""
    rows = []
    for look, seq in looks:
        custodian, storage_class = strata[look.copy_id]
        due = policy.next_due(look.copy_id, custodian, storage_class, look.outcome, moment_of(look.at))
        rows.append({
            "b_copy": look.copy_id, "b_at": look.at, "b_outcome": str(look.outcome), "b_event": seq,
            "b_new": look.new_findings, "b_due": due, "b_failed": int(look.outcome is CopyOutcome.UNREADABLE),
        })  # fmt: skip
    read = [row for row in rows if not row["b_failed"]]
    failed = [row for row in rows if row["b_failed"]]
    common: dict[str, Any] = {
        "last_checked_at": bindparam("b_at"), "last_outcome": bindparam("b_outcome"),
        "last_event": bindparam("b_event"), "new_findings": bindparam("b_new"), "next_due_at": bindparam("b_due"),
    }  # fmt: skip
    at = update(bag_copy).where(bag_copy.c.copy_id == bindparam("b_copy"))
    if read:
        connection.execute(at.values(**common, last_read_at=bindparam("b_at"), failures=0), read)
    if failed:
        connection.execute(at.values(**common, failures=bag_copy.c.failures + bindparam("b_failed")), failed)
    _remember_bytes(connection, [look for look, _ in looks])


def record_reports(connection: Connection, rows: Sequence[tuple[str, bool, int]], at: str, policy: Policy) -> None:
    """Bring copies up to date with what a provider said: confirmed ones are due later, others now."""
    columns = (bag_copy.c.custodian, bag_copy.c.storage_class, bag_copy.c.last_read_at, bag_copy.c.added_at)
    for copy_id, is_confirmed, _ in rows:
        found = connection.execute(select(*columns).where(bag_copy.c.copy_id == copy_id)).one()
        due = at
        if is_confirmed:
            last_read = moment_of(found.last_read_at or found.added_at)
            stratum = (found.custodian, found.storage_class)
            due = policy.next_due_after_report(copy_id, *stratum, last_read, moment_of(at))
        connection.execute(update(bag_copy).where(bag_copy.c.copy_id == copy_id).values(next_due_at=due))


def _remember_bytes(connection: Connection, looks: Iterable[Look]) -> None:
    """Of a copy that was verified in full, and is what it was, the digest of its bytes: quicker the next time."""
    rows = [
        {
            "b_copy": look.copy_id, "b_content": look.content, "b_seal": look.seal, "b_octets": look.octets,
            "b_files": look.files, "b_tags": _json(look.tags),
        }
        for look in looks
        if look.is_verified and look.content and not look.new_findings and look.outcome is not CopyOutcome.SUBSTITUTED
        if look.tags is not None
    ]  # fmt: skip
    if rows:
        values: dict[str, Any] = {
            "content_digest": bindparam("b_content"), "seal_digest": bindparam("b_seal"),
            "octets": bindparam("b_octets"), "files": bindparam("b_files"), "tag_digests": bindparam("b_tags"),
        }  # fmt: skip
        connection.execute(update(bag_copy).where(bag_copy.c.copy_id == bindparam("b_copy")).values(**values), rows)


def strata_of(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Custodian and class of each copy."""
    found: dict[str, tuple[str, str]] = {}
    for some in _pieces(ids):
        query = select(bag_copy.c.copy_id, bag_copy.c.custodian, bag_copy.c.storage_class)
        for row in connection.execute(query.where(bag_copy.c.copy_id.in_(some))):
            found[row[0]] = (row[1], row[2])
    return found


def shown_copy(row: RowMapping) -> str:
    """A copy as a person reads it."""
    return shown(row["url"])


def write_baseline(baseline: Baseline) -> str:
    document = {"keys": sorted(baseline.keys), "is_failing": baseline.is_failing, "codes": baseline.codes}
    return _json(document)


def read_baseline(text: str) -> Baseline:
    document = msgspec.json.decode(text)
    return Baseline(frozenset(document["keys"]), document["is_failing"], document["codes"])


def add_bag(connection: Connection, bag_id: str, facts: BagFacts, look: Look, now: datetime) -> None:
    """Have the bag in the catalogue, with what its ledger cites; one that is there already stays as it is."""
    if connection.execute(select(func.count()).select_from(bag).where(bag.c.bag_id == bag_id)).scalar():
        return
    row = {
        "bag_id": bag_id, "name": clean(facts.name), "report": clean(facts.report),
        "external_identifier": clean(facts.external_identifier), "software": clean(facts.software),
        "octets": look.octets, "files": look.files, "added_at": text_of(now),
    }  # fmt: skip
    connection.execute(insert(bag), [row])
    cited = {source: rest for source, *rest in facts.citations}
    names = ("cited", "request_url", "pages", "status")
    rows = [
        {"bag_id": bag_id, "source": clean(source)} | dict(zip(names, map(clean, rest), strict=True))
        for source, rest in cited.items()
    ]
    if rows:
        connection.execute(insert(citation), rows)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _pieces(ids: Iterable[str]) -> Iterator[list[str]]:
    some: list[str] = []
    for each in ids:
        some.append(each)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some
