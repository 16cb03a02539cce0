"""What other observers say of the sources of a catalogue's bags, by the corroborations given or beside local copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct
from sqlalchemy import Connection, select

from archive.audit.catalogue.schema import bag, bag_copy, citation
from archive.audit.place import is_local, path_of
from archive.corroborate.observer import address_of
from archive.corroborate.standing import ABSENT, NO_STANDING, Standing, find_corroboration, standings
from archive.errors import StatementError
from archive_manifests.corroboration import ORDER, Corroboration

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


class CorroborationReport(Struct, frozen=True):
    """The cited sources, by what they rest on."""

    states: dict[str, int]
    """State -> number of sources, the gravest first; a source that several bags of a report cite is one."""
    listed: tuple[CorroboratedCitation, ...]
    """Those of bags that a corroboration is about, the gravest first, up to a bound."""
    unreadable: tuple[str, ...]
    """Folders beside copies whose corroboration cannot be read."""


def corroboration_report(connection: Connection, given: Iterable[Corroboration], most: int) -> CorroborationReport:
    """Read every citation of the catalogue with its standing."""
    unreadable: list[str] = []
    documents = [*given, *_beside(connection, unreadable)]
    by_bag: dict[str, dict[str, Standing]] = {}
    for document in documents:
        for observer in document.observers:
            found = by_bag.setdefault(observer.tagmanifest, {})
            for source, standing in standings(document, observer.tagmanifest).items():
                found[source] = _graver(found.get(source), standing)
    counted_as: dict[tuple[str, str], Standing] = {}
    listed = []
    query = select(citation, bag.c.name, bag.c.report).join(bag, bag.c.bag_id == citation.c.bag_id)
    query = query.order_by(bag.c.name, citation.c.bag_id, citation.c.source)
    for row in connection.execution_options(yield_per=1000).execute(query).mappings():
        sources = by_bag.get(_fingerprint(row["bag_id"]), {})
        standing = sources.get(row["source"], NO_STANDING)
        cited = (str(row["report"] or row["bag_id"]), address_of(row["cited"]))
        counted_as[cited] = _graver(counted_as.get(cited), standing)
        if sources:
            listed.append(_citation(row, standing))
    listed.sort(key=lambda one: _GRAVEST.index(one.state))
    counted = Counter(one.state for one in counted_as.values())
    states = {state: counted[state] for state in _GRAVEST if counted[state]}
    return CorroborationReport(states, tuple(listed[:most]), tuple(unreadable))


def _fingerprint(bag_id: str) -> str:
    return bag_id if bag_id.startswith("sha256:") else f"sha256:{bag_id}"


def _graver(one: Standing | None, other: Standing) -> Standing:
    """Of two corroborations of one source, what neither hides: a contradiction is never outweighed."""
    if one is None or one.state in (other.state, ABSENT):
        return other if one is None or other.independent >= one.independent else one
    if other.state == ABSENT:
        return one
    contradicted = next((each for each in (one, other) if each.state == "contradicted"), None)
    return contradicted or max(one, other, key=lambda each: each.independent)


def _citation(row: object, standing: Standing) -> CorroboratedCitation:
    value = dict(row)  # type: ignore[call-overload]
    return CorroboratedCitation(
        report=value["report"] or value["name"],
        bag=value["name"],
        source=value["source"],
        cited=value["cited"],
        pages=value["pages"],
        state=standing.state,
        seen=standing.seen,
        independent=standing.independent,
    )


def _beside(connection: Connection, unreadable: list[str]) -> Iterator[Corroboration]:
    """The corroborations beside live copies on this machine."""
    query = select(bag_copy.c.url).where(bag_copy.c.retired_at.is_(None))
    for (url,) in connection.execute(query):
        if not is_local(url):
            continue
        place = path_of(url)
        try:
            found = find_corroboration(place)
        except (StatementError, OSError):
            unreadable.append(str(place))
            continue
        if found is not None:
            yield found
