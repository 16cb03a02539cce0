"""The records of a copy: the redirects that its visit follows, and before each what was requested on the way to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archive.capture.politeness import ROBOTS_TXT
from archive.capture.redirects import Trail, location
from archive.urls import UrlError, parse
from archive.verify.sources.exchanges import address_of
from archive.verify.visits.replayed_visit import Derived, StoredExchanges, purpose_of
from archive_manifests.exchanges import Purpose
from archive_manifests.ledger import Copy, SourceEntry


def other_record(stated: Sequence[str], hops: Sequence[str], exchanges: StoredExchanges) -> str | None:
    """The first of the stated records of a copy that is on no way to it; None where each is one.

    `hops` are the records of the redirects of its visit, the last of them that of the copy itself; each is stated, in
    their order, the last one last. What else is stated is an earlier try of one of them with what that led to, the
    robots.txt of its host, or a certificate that its host left out. Raises `Broken`.
    """
    if not stated or stated[-1] != hops[-1] or not is_subsequence(hops, stated):
        return stated[-1] if stated else "none"
    beside = [name for name in stated if name not in hops]
    if not beside:
        return None
    addresses = reached({address_of(exchanges, name) for name in hops}, beside, exchanges)
    of_robots = reached(set(map(_robots_of, addresses)), beside, exchanges)
    for name in beside:
        address = address_of(exchanges, name)
        is_issuer = purpose_of(exchanges.about(name)) == Purpose.MISSING_ISSUER
        if address not in addresses and address not in of_robots and not is_issuer:
            return name
    return None


def _robots_of(address: str) -> str:
    """The address of a host's robots.txt. (RFC 9309, 2.3)"""
    try:
        return parse(ROBOTS_TXT, parse(address)).href
    except UrlError:
        return address


def live_record_of_another(entry: SourceEntry, trail: Trail, exchanges: StoredExchanges) -> str | None:
    """The same of the copy of the page itself, which comes first among the live ones where the page responded."""
    live = next((copy for copy in entry.copies if copy.kind == "live"), None)
    has_own = live is not None and trail.final.head is not None
    return other_record(live.records, hops_of(trail), exchanges) if live is not None and has_own else None


def hops_of(trail: Trail) -> list[str]:
    """The records of its redirects."""
    return [hop.answer for hop in trail.hops]


def other_readings(
    entry: SourceEntry, visits: Sequence[Derived], exchanges: StoredExchanges
) -> Iterator[tuple[Copy, str]]:
    """Yield the copies from other readings that have a record which is on no way to them, with that record."""
    trails = {visit.url.href: visit.outcome.trail for visit in visits if not visit.missing}
    for copy in entry.copies:
        stated = next((note.facts.get("url") for note in copy.notes if note.code == "other-reading"), None)
        trail = trails.get(str(stated)) if copy.kind == "reading" else None
        if trail is not None and trail.final.head is not None:
            other = other_record(copy.records, hops_of(trail), exchanges)
            if other is not None:
                yield copy, other


def is_subsequence(wanted: Iterable[str], listed: Iterable[str]) -> bool:
    """True where all that is wanted is listed, in that order."""
    waiting = iter(listed)
    return all(name in waiting for name in wanted)


def reached(start: set[str], names: Iterable[str], exchanges: StoredExchanges) -> set[str]:
    """The addresses that redirects among these exchanges lead to from `start`. (RFC 9110, 15.4)"""
    found = set(start)
    targets: dict[str, set[str]] = {}
    for name in names:
        exchange = exchanges.get(name)
        target = location(exchange) if exchange is not None else None
        if exchange is not None and target is not None:
            targets.setdefault(exchange.url.href, set()).add(target.href)
    waiting = list(found)
    while waiting:
        more = targets.get(waiting.pop(), set()) - found
        found |= more
        waiting += more
    return found
