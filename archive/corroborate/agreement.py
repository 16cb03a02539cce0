"""Whether a corroboration states what an observer finds who compares the same bags: only that is countersigned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archive_manifests.corroboration import (
    CorroboratedSource,
    Corroboration,
    ObserverFacts,
    Relation,
)

_NOT_TRUSTED = "bracket-not-trusted"
_DIFFERENT = {"different-signers": "different-keys"}
"""Two people whom one reader knows are two keys to another."""
_FACTS = ("report", "keys", "started", "ended", "authorities", "round", "records_head")
_TIMES = ("not_earlier_than", "not_later_than")
_LONGEST = 120
"""Characters of a value that a message shows."""


def disagreement(there: Corroboration, found: Corroboration) -> str | None:
    """The first thing that `there` states and `found` does not; None where they agree.

    Names of bags and of signers are each reader's own, as are times by authorities that only one of two readers
    trusts: `there` may lack such a time, and may not state one that `found` does not show.
    """
    if [each.tagmanifest for each in there.observers] != [each.tagmanifest for each in found.observers]:
        return "other bags"
    if {each.address for each in there.sources} != {each.address for each in found.sources}:
        return "other sources"
    return next(_differing(there, found), None)


def _differing(there: Corroboration, found: Corroboration) -> Iterator[str]:
    if there.report != found.report:
        yield _said("report", there.report.title or there.report.id, found.report.title or found.report.id)
    if _refused(there) != _refused(found):
        yield _said("bags that do not count", _refused(there), _refused(found))
    for one, other in zip(there.observers, found.observers, strict=True):
        yield from _of_observer(one, other)
    if len(there.relations) != len(found.relations):
        yield _said("relations", len(there.relations), len(found.relations))
    for relation, own in zip(there.relations, found.relations, strict=False):
        if _known(relation) != _known(own):
            yield _said(f"{own.first} – {own.second}", relation.independence, own.independence)
    own_sources = {one.address: one for one in found.sources}
    for source in there.sources:
        own_source = own_sources[source.address]
        if _seen(source) != _seen(own_source):
            yield _said(source.address, source.state, own_source.state)


def _of_observer(there: ObserverFacts, found: ObserverFacts) -> Iterator[str]:
    if there.name != found.name:
        yield _said("name", there.name, found.name)
    for name in _FACTS:
        if getattr(there, name) != getattr(found, name):
            yield _said(f"{found.name} {name}", getattr(there, name), getattr(found, name))
    for name in _TIMES:
        if getattr(there, name) not in (None, getattr(found, name)):
            yield _said(f"{found.name} {name}", getattr(there, name), getattr(found, name))
    conditions = [[code for code in each.conditions if code != _NOT_TRUSTED] for each in (there, found)]
    if conditions[0] != conditions[1]:
        yield _said(f"{found.name} conditions", conditions[0], conditions[1])


def _said(about: str, there: object, found: object) -> str:
    """`o1 keys: none there, SHA256:… here`; where both are worded alike, other parts of it differ."""
    one, other = _worded(there), _worded(found)
    return about if one == other else f"{about}: {one} there, {other} here"


def _worded(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value if value is not None else "")
    return (text[:_LONGEST] + "…" if len(text) > _LONGEST else text) or "none"


def _refused(document: Corroboration) -> list[str]:
    """The bags that do not count, by fingerprint and reason; a bag's name and path are each reader's own."""
    return sorted(f"{one.tagmanifest or 'a bag'} {one.reason}" for one in document.refused)


def _known(relation: Relation) -> Relation:
    return replace(relation, reasons=_reasons(relation.reasons))


def _reasons(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_DIFFERENT.get(code, code) for code in codes)


def _seen(source: CorroboratedSource) -> CorroboratedSource:
    """A source without what only one reader's trust shows."""
    return replace(source, pairs=tuple(replace(pair, reasons=_reasons(pair.reasons)) for pair in source.pairs))
