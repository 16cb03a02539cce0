"""Whether observers are several, by facts alone: keys, records, times. What no fact shows stays unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from archive.corroborate.observer import Observer
from archive_manifests.corroboration import Independence, ObserverFacts, Relation

Relations = Mapping[tuple[str, str], Relation]


def relate(observers: Sequence[Observer]) -> Relations:
    """Every pair of observers, in the order of their names."""
    return {(one.facts.name, other.facts.name): _relation(one, other) for one, other in combinations(observers, 2)}


def _relation(one: Observer, other: Observer) -> Relation:
    same = [
        ("same-key", set(one.facts.keys) & set(other.facts.keys)),
        ("same-signer", set(one.facts.signers) & set(other.facts.signers)),
        ("same-records", one.identities & other.identities or _same(one.facts.records_head, other.facts.records_head)),
        ("same-closing-time", one.closing & other.closing),
        ("follows", _follows(one, other) or _follows(other, one)),
    ]
    reasons = tuple(code for code, found in same if found)
    names = one.facts.name, other.facts.name
    if reasons:
        return Relation(*names, Independence.NOT_INDEPENDENT, reasons)
    if not one.facts.keys or not other.facts.keys:
        return Relation(*names, Independence.UNKNOWN, ("unsigned",))
    is_known = bool(one.facts.signers and other.facts.signers)
    return Relation(*names, Independence.INDEPENDENT, ("different-signers" if is_known else "different-keys",))


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _follows(one: Observer, other: Observer) -> bool:
    return one.ledger.predecessor is not None and one.ledger.predecessor == other.facts.tagmanifest


def groups_of(names: Iterable[str], relations: Relations) -> list[set[str]]:
    """The observers, those that are not independent of each other put together: each group is one voice."""
    groups = [{name} for name in names]
    for (one, other), relation in relations.items():
        if relation.independence is Independence.NOT_INDEPENDENT:
            touched = [group for group in groups if one in group or other in group]
            if len(touched) > 1:
                groups = [group for group in groups if group not in touched]
                groups.append(set().union(*touched))
    return groups


def count_independent(
    names: Iterable[str], relations: Relations, facts: Mapping[str, ObserverFacts]
) -> tuple[int, bool]:
    """How many observers are known to be independent, and whether there may be more: those without a signature."""
    groups = groups_of(names, relations)
    signed = [group for group in groups if any(facts[name].keys for name in group)]
    return max(len(signed), min(len(groups), 1)), len(groups) > len(signed) and len(groups) > 1
