"""Whether a corroboration follows from itself: each state from the pairs, each pair and relation from the observers.

What a document states of a bag only that bag can show. All else is counted again here, so that whoever has one bag
alone sees where a pair, an observer or a contradiction was taken out and the result signed anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from archive.corroborate.independence import count_independent
from archive.corroborate.mementos import state_of_copies
from archive.corroborate.pages.evidence import OBSERVED_WALLS
from archive_manifests.corroboration import (
    ORDER,
    CorroboratedSource,
    Corroboration,
    Independence,
    ObserverFacts,
    Pair,
    PairStatus,
    Relation,
    Sighting,
    SourceState,
)
from archive_manifests.ledger import Status

_SEVERAL = 2
_SHOWN = frozenset((str(Status.CAPTURED), str(Status.PARTIAL)))
_OBSERVED = _SHOWN | {str(Status.GONE)}
_ONE_VOICE = frozenset(("same-bag", "same-key", "same-signer", "same-records", "same-closing-time", "follows"))
"""Reasons for which two observers are not independent."""
_NORMALISED = "normalisation"


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """One statement of a corroboration that does not follow from its others."""

    expected: str
    found: str
    about: str = ""
    """The address of a source, the name of an observer, or two names."""


def inconsistencies(document: Corroboration) -> Iterator[Inconsistency]:
    """What does not follow, at most one thing of each observer, relation and source."""
    yield from _of_observers(document)
    yield from _of_relations(document)
    yield from _of_order(document)
    names = [one.name for one in document.observers]
    if len(set(names)) < len(names):
        return  # reported above; no pair of these can be counted again
    facts = {one.name: one for one in document.observers}
    relations = {(one.first, one.second): one for one in document.relations}
    for source in document.sources:
        wrong = next(_of_source(source, facts, relations), None)
        if wrong is not None:
            yield Inconsistency(*wrong, source.address)


def _of_observers(document: Corroboration) -> Iterator[Inconsistency]:
    """Named in the order of different fingerprints, each with the conditions that its facts give, all of one report."""
    bags = [one.tagmanifest for one in document.observers]
    expected = [f"o{number}" for number in range(1, len(bags) + 1)]
    names = [one.name for one in document.observers]
    if names != expected or bags != sorted(set(bags)):
        yield Inconsistency(f"{', '.join(expected)} by fingerprint", ", ".join(names))
    for one in document.observers:
        lacking = {
            "unsigned": not one.keys,
            "no-round": one.round is None,
            "no-bracket": not one.authorities,
            "bracket-not-trusted": bool(one.authorities) and not (one.not_earlier_than and one.not_later_than),
        }
        wrong = [code for code, is_so in lacking.items() if is_so != (code in one.conditions)]
        if wrong:
            yield Inconsistency(_said(wrong[0], lacking[wrong[0]]), _said(wrong[0], not lacking[wrong[0]]), one.name)
    if document.report not in [one.report for one in document.observers]:
        yield Inconsistency("a report of one of the observers", document.report.title or document.report.id)


def _said(code: str, is_so: bool) -> str:
    return code if is_so else f"not {code}"


def _of_relations(document: Corroboration) -> Iterator[Inconsistency]:
    pairs = list(combinations(document.observers, 2))
    expected = [(one.name, other.name) for one, other in pairs]
    found = [(one.first, one.second) for one in document.relations]
    if found != expected:
        yield Inconsistency(f"{len(expected)} relations, one of each two observers", f"{len(found)}")
        return
    for (one, other), relation in zip(pairs, document.relations, strict=True):
        reasons = _ONE_VOICE.intersection(relation.reasons) | _shared(one, other)
        stated = _relation(one, other, is_one=bool(reasons))
        if relation.independence is not stated or not reasons.issubset(relation.reasons):
            found_here = _worded(relation.independence, relation.reasons)
            yield Inconsistency(_worded(stated, sorted(reasons)), found_here, f"{relation.first} – {relation.second}")


def _shared(one: ObserverFacts, other: ObserverFacts) -> set[str]:
    """What the facts of two observers show to be the same."""
    same = {
        "same-key": set(one.keys) & set(other.keys),
        "same-signer": set(one.signers) & set(other.signers),
        "same-records": {one.records_head} & {other.records_head} - {None},
    }
    return {code for code, shared in same.items() if shared}


def _relation(one: ObserverFacts, other: ObserverFacts, *, is_one: bool) -> Independence:
    if is_one:
        return Independence.NOT_INDEPENDENT
    return Independence.INDEPENDENT if one.keys and other.keys else Independence.UNKNOWN


def _worded(independence: Independence, reasons: Sequence[str]) -> str:
    return f"{independence} ({', '.join(reasons)})" if reasons else str(independence)


def _of_order(document: Corroboration) -> Iterator[Inconsistency]:
    addresses = [one.address for one in document.sources]
    if len(set(addresses)) < len(addresses):
        twice = next(address for at, address in enumerate(addresses) if address in addresses[:at])
        yield Inconsistency("each source once", "twice", twice)
    states = [ORDER.index(one.state) for one in document.sources]
    if states != sorted(states):
        yield Inconsistency("contradicted sources first", "another order")


def _of_source(
    source: CorroboratedSource,
    facts: Mapping[str, ObserverFacts],
    relations: Mapping[tuple[str, str], Relation],
) -> Iterator[tuple[str, str]]:
    """What is expected and what is found, the first thing that is wrong first."""
    sightings = {one.observer: one for one in source.sightings}
    if len(sightings) < len(source.sightings) or not sightings.keys() <= facts.keys():
        yield "one sighting of each observer", ", ".join(one.observer for one in source.sightings)
        return
    pairs = {(one.first, one.second): one for one in source.pairs}
    if any(pair.status is PairStatus.CONTRADICTS for pair in source.pairs) != (
        source.state is SourceState.CONTRADICTED
    ):
        yield "a state that the pairs give", str(source.state)
    for names in combinations(facts, 2):
        yield from _of_pair(pairs.pop(names, None), names, sightings, relations)
    for one, other in pairs:
        yield "a pair of two observers", f"{one} – {other}"
    seen = [one for one in source.sightings if one.is_seen]
    yield from (("seen", f"{one.observer} {one.status}") for one in seen if not _is_observation(one))
    independent, may_be_more = count_independent([one.observer for one in seen], relations, facts)
    counted = f"seen by {len(seen)}, {independent} of them independent"
    stated = f"seen by {source.seen}, {source.independent} of them independent"
    if counted != stated:
        yield counted, stated
    states = _states(source.pairs, seen, independent, may_be_more=may_be_more)
    if source.state not in states:
        yield " or ".join(states), str(source.state)
    copies = state_of_copies(source.archives.copies)
    if source.archives.state != copies:
        yield copies, source.archives.state


def _is_observation(one: Sighting) -> bool:
    return one.status in _OBSERVED or (one.status == Status.BLOCKED and one.reason in OBSERVED_WALLS)


def _of_pair(
    pair: Pair | None,
    names: tuple[str, str],
    sightings: Mapping[str, Sighting],
    relations: Mapping[tuple[str, str], Relation],
) -> Iterator[tuple[str, str]]:
    """A pair is there where one of the two saw the source, and its status is that of its differences."""
    there = [sightings[name] for name in names if name in sightings]
    seen = [one for one in there if one.is_seen]
    label = " – ".join(names)
    if pair is None:
        if seen:
            yield f"{label} compared", f"no pair {label}"
        return
    if not seen and pair.status is not PairStatus.CONTRADICTS:
        yield f"no pair {label}", f"{label} {pair.status}"
    if names in relations and not _is_of_relation(pair, relations[names]):
        stated = relations[names]
        yield _worded(stated.independence, stated.reasons), f"{label} {_worded(pair.independence, pair.reasons)}"
    status = _status(pair, seen)
    if status is not None and status is not pair.status:
        yield f"{label} {status}", f"{label} {pair.status}"


def _is_of_relation(pair: Pair, relation: Relation) -> bool:
    """True where the two are to each other what they are as a whole, or share a record of this source."""
    if pair.independence is relation.independence and pair.reasons == relation.reasons:
        return True
    added = tuple(dict.fromkeys((*relation.reasons, "same-records")))
    return pair.independence is Independence.NOT_INDEPENDENT and pair.reasons == added


def _status(pair: Pair, seen: Sequence[Sighting]) -> PairStatus | None:
    """What the differences of a pair and the digests of both make it; None where these leave several."""
    if any(one.is_substance for one in pair.differences):
        return PairStatus.CONTRADICTS
    if len(seen) < _SEVERAL:
        return PairStatus.SEEN_ALONE if seen else None
    if len({one.status in _SHOWN for one in seen}) > 1:
        return PairStatus.CONTRADICTS
    if any(one.what != _NORMALISED for one in pair.differences):
        return PairStatus.DIFFERS
    if seen[0].payload_sha256 is not None and seen[0].payload_sha256 == seen[1].payload_sha256:
        return PairStatus.SAME_BYTES
    is_other = pair.status in (PairStatus.SAME_TEXT, PairStatus.SAME_MEDIA)
    return pair.status if is_other else PairStatus.SAME_TEXT


def _states(
    pairs: Sequence[Pair], seen: Sequence[Sighting], independent: int, *, may_be_more: bool
) -> tuple[SourceState, ...]:
    """The states that a source can have; one observer alone where a response may have broken off."""
    if any(pair.status is PairStatus.CONTRADICTS for pair in pairs):
        return (SourceState.CONTRADICTED,)
    if not seen:
        return (SourceState.NOT_SEEN,)
    if independent < _SEVERAL and not may_be_more:
        return (SourceState.ONE_OBSERVER,)
    if not any(one.status in _SHOWN for one in seen):
        return (SourceState.SEEN_GONE, SourceState.ONE_OBSERVER)
    known = SourceState.CORROBORATED if independent >= _SEVERAL else SourceState.INDEPENDENCE_UNKNOWN
    return (known, SourceState.ONE_OBSERVER)
