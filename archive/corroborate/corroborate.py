"""`corroborate`: several bags of one report, verified each, compared source by source and pair by pair.

Nothing is averaged and nobody is outvoted: one observer that saw something else than four contradicts each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import combinations
from pathlib import Path

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.compare.varying_captures import read_varying
from archive.corroborate.explain.varying_places import Varying
from archive.corroborate.independence import Relations, count_independent, relate
from archive.corroborate.mementos import archive_evidence
from archive.corroborate.observer import Observer, read_observer, report_facts
from archive.corroborate.pages.evidence import SourceEvidence, has_observed, is_shown
from archive.corroborate.side_by_side import each_answer
from archive.errors import UsageProblem
from archive.version import AGENT
from archive_manifests.corroboration import (
    SCHEMA,
    CorroboratedSource,
    Corroboration,
    Independence,
    ObserverFacts,
    Pair,
    PairStatus,
    RefusedBag,
    ReportFacts,
    Sighting,
    SourceState,
    sorted_sources,
)

MOST_OBSERVERS = 64


def corroborate(
    bags: Sequence[Path],
    *,
    trust: Path | None = None,
    now: datetime,
    on_bag: Callable[[Path, str], None] | None = None,
) -> Corroboration:
    """Compare the bags of one report. The report is that of the first sound one.

    `on_bag` is called with the path and the fingerprint of each observer's bag: the document states no paths.
    Raises `UsageProblem` for fewer than two bags, or where none is sound.
    """
    if len(bags) < 2:
        raise UsageProblem("give two or more bags of one report, each made by another observer")
    if len(bags) > MOST_OBSERVERS:
        raise UsageProblem(f"{len(bags)} bags; at most {MOST_OBSERVERS} are compared at once")
    with ExitStack() as opened:
        observers, refused = _read(bags, trust, now, opened, on_bag or (lambda path, fingerprint: None))
        relations = relate(observers)
        compare = partial(_source, observers=observers, relations=relations)
        sources = each_answer(_addresses(observers), compare, partial(_open_anew, observers))
        return Corroboration(
            schema=SCHEMA,
            software=AGENT,
            report=observers[0].facts.report,
            observers=tuple(one.facts for one in observers),
            refused=tuple(refused),
            relations=tuple(relations.values()),
            sources=sorted_sources(sources),
        )


def _open_anew(observers: Sequence[Observer]) -> None:
    """Share no open file with another process: both would move one position in it."""
    for one in observers:
        one.close()


def _read(
    bags: Sequence[Path],
    trust: Path | None,
    now: datetime,
    opened: ExitStack,
    on_bag: Callable[[Path, str], None],
) -> tuple[list[Observer], list[RefusedBag]]:
    observers: list[Observer] = []
    refused: list[RefusedBag] = []
    report: ReportFacts | None = None
    seen: set[str] = set()
    for bag in bags:
        found = read_observer(bag, trust, now)
        if isinstance(found, RefusedBag):
            refused.append(found)
            continue
        opened.callback(found.close)
        report = report or report_facts(found.ledger)
        if found.facts.tagmanifest in seen:
            refused.append(RefusedBag(found.facts.bag, found.facts.tagmanifest, "same-bag", "given twice"))
        elif not _is_of(report, found.facts.report):
            refused.append(
                RefusedBag(found.facts.bag, found.facts.tagmanifest, "other-report", f"report {found.facts.report.id}")
            )
        else:
            seen.add(found.facts.tagmanifest)
            observers.append(found)
            on_bag(bag, found.facts.tagmanifest)
    if not observers:
        first = "; ".join(f"{one.bag}: {one.detail}" for one in refused)
        raise UsageProblem(
            f"none of the bags is an observer: each has to be sound and to state its captures in data/sources.json, as "
            f"bags of this program do ({first}); see: archive verify BAG"
        )
    observers.sort(key=lambda one: one.facts.tagmanifest)
    for number, one in enumerate(observers, start=1):
        one.facts = replace(one.facts, name=f"o{number}")
    return observers, refused


def _is_of(report: ReportFacts, other: ReportFacts) -> bool:
    if report.sha256 is not None and other.sha256 is not None:
        return report.sha256 == other.sha256
    return report.id == other.id


def _addresses(observers: Sequence[Observer]) -> list[str]:
    """Every address that an observer cites, in the order of the observer that cites most."""
    ordered = sorted(observers, key=lambda one: -len(one.entries))
    return list(dict.fromkeys(address for one in ordered for address in one.entries))


def _source(address: str, observers: Sequence[Observer], relations: Relations) -> CorroboratedSource:
    evidence = {one.facts.name: found for one in observers if (found := one.evidence(address)) is not None}
    facts = {one.facts.name: one.facts for one in observers}
    seen = [name for name, found in evidence.items() if is_seen(found)]
    lives = [found.live for found in evidence.values() if is_shown(found.entry)]
    varying = read_varying([live for live in lives if live is not None])
    pairs = tuple(
        pair
        for one, other in combinations([each.facts.name for each in observers], 2)
        if (pair := _pair(one, other, evidence, relations, varying)) is not None
    )
    independent, may_be_more = count_independent(seen, relations, facts)
    return CorroboratedSource(
        address=address,
        state=_state(pairs, [evidence[name] for name in seen], independent, may_be_more=may_be_more),
        seen=len(seen),
        independent=independent,
        sightings=tuple(sighting(name, found) for name, found in evidence.items()),
        pairs=pairs,
        archives=archive_evidence(evidence),
    )


def is_seen(found: SourceEvidence) -> bool:
    """True where the observer's bag shows what the live web said of the source."""
    return has_observed(found.entry) and found.live is not None


def _pair(
    one: str, other: str, evidence: dict[str, SourceEvidence], relations: Relations, varying: Varying
) -> Pair | None:
    first, second = evidence.get(one), evidence.get(other)
    relation = relations[one, other]
    if first is None or second is None:
        there = first or second
        if there is None or not is_seen(there):
            return None
        return Pair(one, other, PairStatus.SEEN_ALONE, relation.independence, relation.reasons, ())
    compared = compare_sources(first, second, varying)
    if compared is None:
        return None
    independence, reasons = relation.independence, relation.reasons
    if first.records & second.records:
        independence, reasons = Independence.NOT_INDEPENDENT, tuple(dict.fromkeys((*reasons, "same-records")))
    return Pair(one, other, compared.status, independence, reasons, compared.differences)


def _state(
    pairs: Sequence[Pair], seen: Sequence[SourceEvidence], independent: int, *, may_be_more: bool
) -> SourceState:
    if any(pair.status is PairStatus.CONTRADICTS for pair in pairs):
        return SourceState.CONTRADICTED
    if not seen:
        return SourceState.NOT_SEEN
    # A response that broke off is no second sighting of what stands behind its end.
    are_same = len({found.live.payload_sha256 for found in seen if found.live is not None}) == 1
    whole = sum(found.live is None or not found.live.is_cut for found in seen)
    if not are_same and not all(found.is_compared for found in seen):
        whole = 1  # a part of it was compared with nothing
    independent, may_be_more = min(independent, max(whole, 1)), may_be_more and whole > 1
    if (independent >= 2 or may_be_more) and not any(is_shown(found.entry) for found in seen):
        return SourceState.SEEN_GONE
    if independent >= 2:
        return SourceState.CORROBORATED
    return SourceState.INDEPENDENCE_UNKNOWN if may_be_more else SourceState.ONE_OBSERVER


def sighting(name: str, found: SourceEvidence) -> Sighting:
    """What an observer has of a source, by digests with which its bag can be compared."""
    entry, live = found.entry, found.live
    return Sighting(
        observer=name,
        source=entry.id,
        cited=entry.cited,
        status=str(entry.live.status),
        reason=entry.live.reason,
        is_seen=is_seen(found),
        final_url=entry.final_url,
        title=entry.title,
        visited=live.visit.isoformat().replace("+00:00", "Z") if live is not None else None,
        payload_sha256=live.payload_sha256 if live is not None else None,
        text_sha256=live.text_sha256 if live is not None else None,
        media_sha256=found.media_sha256,
    )


def facts_by_name(document: Corroboration) -> dict[str, ObserverFacts]:
    return {one.name: one for one in document.observers}
