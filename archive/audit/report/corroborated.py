"""What other observers say of the sources of a catalogue's bags, by the corroborations given or beside local copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, select

from archive.audit.catalogue.schema import bag, bag_copy, citation
from archive.audit.place import is_local, path_of
from archive.corroborate.observer import address_of
from archive.corroborate.standing import (
    ABSENT,
    NO_STANDING,
    SignedCorroboration,
    Standing,
    corroboration_folder,
    read_signed,
    standings,
)
from archive.errors import StatementError
from archive_manifests.corroboration import FILE, ORDER

_GRAVEST = (*map(str, ORDER), ABSENT)


class CorroboratedCitation(Struct, frozen=True):
    """A cited source, and what it rests on."""

    report: str
    bag: str
    source: str
    cited: str
    pages: str
    state: str
    """A state of `archive.corroboration/1`, or `absent`."""
    seen: int
    independent: int
    signed: int = 0
    """Of how many observers keys signed the document that states it."""
    observers: int = 0


class CorroborationReport(Struct, frozen=True):
    """The cited sources, by what they rest on."""

    states: dict[str, int]
    """State -> number of sources, the gravest first; a source that several bags of a report cite is one."""
    listed: tuple[CorroboratedCitation, ...]
    """Those of bags that a corroboration is about, the gravest first, up to a bound; what several bags of one name
    cite alike is one."""
    unreadable: tuple[str, ...]
    """Copies beside which a corroboration cannot be read or was altered."""


class _Stated(Struct, frozen=True):
    """A standing with the document that states it."""

    standing: Standing
    signed: int = 0
    observers: int = 0


_NOT_STATED = _Stated(NO_STANDING)


def corroboration_report(
    connection: Connection, given: Iterable[SignedCorroboration], most: int, now: datetime
) -> CorroborationReport:
    """Read every citation of the catalogue with its standing."""
    unreadable: list[str] = []
    by_bag: dict[str, dict[str, _Stated]] = {}
    for each in (*given, *_beside(connection, unreadable, now)):
        observers = each.document.observers
        for observer in observers:
            found = by_bag.setdefault(observer.tagmanifest, {})
            for source, standing in standings(each.document, observer.tagmanifest).items():
                found[source] = _graver(found.get(source), _Stated(standing, each.signed, len(observers)))
    counted_as: dict[tuple[str, str], _Stated] = {}
    listed: dict[CorroboratedCitation, None] = {}
    query = select(citation, bag.c.name, bag.c.report).join(bag, bag.c.bag_id == citation.c.bag_id)
    query = query.order_by(bag.c.name, citation.c.bag_id, citation.c.source)
    for row in connection.execution_options(yield_per=1000).execute(query).mappings():
        sources = by_bag.get(_fingerprint(row["bag_id"]), {})
        stated = sources.get(row["source"], _NOT_STATED)
        cited = (str(row["report"] or row["bag_id"]), address_of(row["cited"]))
        counted_as[cited] = _graver(counted_as.get(cited), stated)
        if sources:
            listed[_citation(row, stated)] = None
    ordered = sorted(listed, key=lambda one: _GRAVEST.index(one.state))
    counted = Counter(one.standing.state for one in counted_as.values())
    states = {state: counted[state] for state in _GRAVEST if counted[state]}
    return CorroborationReport(states, tuple(ordered[:most]), tuple(unreadable))


def _fingerprint(bag_id: str) -> str:
    return bag_id if bag_id.startswith("sha256:") else f"sha256:{bag_id}"


def _graver(one: _Stated | None, other: _Stated) -> _Stated:
    """Of two corroborations of one source, what neither hides: a contradiction is never outweighed."""
    if one is None:
        return other
    mine, theirs = one.standing, other.standing
    if mine.state in (theirs.state, ABSENT):
        return other if theirs.independent >= mine.independent else one
    if theirs.state == ABSENT:
        return one
    contradicted = next((each for each in (one, other) if each.standing.state == "contradicted"), None)
    return contradicted or max(one, other, key=lambda each: each.standing.independent)


def _citation(row: object, stated: _Stated) -> CorroboratedCitation:
    value, standing = dict(row), stated.standing  # type: ignore[call-overload]
    return CorroboratedCitation(
        report=value["report"] or value["name"],
        bag=value["name"],
        source=value["source"],
        cited=value["cited"],
        pages=value["pages"],
        state=standing.state,
        seen=standing.seen,
        independent=standing.independent,
        signed=stated.signed,
        observers=stated.observers,
    )


def _beside(connection: Connection, unreadable: list[str], now: datetime) -> Iterator[SignedCorroboration]:
    """The corroborations beside live copies on this machine."""
    query = select(bag_copy.c.url).where(bag_copy.c.retired_at.is_(None))
    for (url,) in connection.execute(query):
        if not is_local(url):
            continue
        place = path_of(url)
        folder = corroboration_folder(place)
        try:
            if (folder / FILE).is_file():
                yield read_signed(folder, now)
        except (StatementError, OSError):
            unreadable.append(str(place))
