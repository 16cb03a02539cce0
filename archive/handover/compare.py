"""Compares two bags source by source: an earlier and a later one, or two observers' of the same report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive.bag.open import open_bag
from archive.handover.holdings import Held, Holdings, read_holdings
from archive_manifests.ledger import SourceEntry

NOT_STATED = "not stated"


class State(StrEnum):
    """What became of a source from the first bag to the second."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    """The first bag has it, the second has not."""
    NEW = "new"
    """The second bag has it, the first has not."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs."""

    what: str
    """`verdict`, `payload`, `requisites`, `title`, `address`, `memento`, `files`."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ComparedSource:
    """One source, in both bags or in one."""

    cited: str
    first: str | None
    """Its id in the first bag."""
    second: str | None
    state: State
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two bags, as they state themselves: whether what they state is true is for `verify`."""

    first: Path
    second: Path
    relation: str
    """`the same bag`, `the second follows the first`, `the first follows the second`, `neither names the other`."""
    report: tuple[Change, ...]
    """What differs between the two reports."""
    sources: tuple[ComparedSource, ...]

    @property
    def is_same(self) -> bool:
        return not self.report and all(source.state is State.SAME for source in self.sources)


def compare(first: Path, second: Path) -> Comparison:
    """Compare two bags, wherever they lie. Raises `BagUnreadable` for one that has no ledger of ours."""
    with open_bag(first) as one, open_bag(second) as other:
        return compare_holdings(read_holdings(one), read_holdings(other))


def compare_holdings(first: Holdings, second: Holdings) -> Comparison:
    pairs = _paired(first.sources, second.sources)
    return Comparison(
        first=first.path,
        second=second.path,
        relation=_relation(first, second),
        report=tuple(_report_changes(first, second)),
        sources=tuple(_compared(one, other) for one, other in pairs),
    )


def _relation(first: Holdings, second: Holdings) -> str:
    if first.tagmanifest is not None and first.tagmanifest == second.tagmanifest:
        return "the same bag"
    if first.tagmanifest is not None and second.ledger.predecessor == first.tagmanifest:
        return "the second follows the first"
    if second.tagmanifest is not None and first.ledger.predecessor == second.tagmanifest:
        return "the first follows the second"
    return "neither names the other"


def _report_changes(first: Holdings, second: Holdings) -> Iterator[Change]:
    one, other = first.ledger.report.stated, second.ledger.report.stated
    for what, before, after in (("id", one.id, other.id), ("sha256", one.sha256, other.sha256)):
        if before != after:
            yield Change(what, before or NOT_STATED, after or NOT_STATED)


def _paired(first: Iterable[Held], second: Iterable[Held]) -> list[tuple[Held | None, Held | None]]:
    """Sources of both by what the report cites; what is left by what only follows a reader put aside."""
    ones, others = list(first), list(second)
    matched: dict[int, int] = {}
    for key in (_cited, _without_tracking):
        free = [index for index in range(len(ones)) if index not in matched]
        taken = set(matched.values())
        theirs = _unique((key(others[at].entry), at) for at in range(len(others)) if at not in taken)
        ours = _unique((key(ones[index].entry), index) for index in free)
        matched |= {index: theirs[name] for name, index in ours.items() if name is not None and name in theirs}
    pairs: list[tuple[Held | None, Held | None]] = [
        (one, others[matched[index]] if index in matched else None) for index, one in enumerate(ones)
    ]
    found = set(matched.values())
    return pairs + [(None, other) for at, other in enumerate(others) if at not in found]


def _cited(entry: SourceEntry) -> str | None:
    return entry.cited


def _without_tracking(entry: SourceEntry) -> str | None:
    return entry.dedup_key


def _unique(named: Iterable[tuple[str | None, int]]) -> dict[str | None, int]:
    listed = list(named)
    counted = Counter(name for name, _ in listed)
    return {name: index for name, index in listed if counted[name] == 1}


def _compared(one: Held | None, other: Held | None) -> ComparedSource:
    if one is None or other is None:
        held = one or other
        assert held is not None
        first, second = (held.entry.id, None) if one else (None, held.entry.id)
        return ComparedSource(held.entry.cited, first, second, State.GONE if one else State.NEW)
    changes = tuple(_changes(one, other))
    state = State.CHANGED if changes else State.SAME
    return ComparedSource(one.entry.cited, one.entry.id, other.entry.id, state, changes)


def _changes(one: Held, other: Held) -> Iterator[Change]:
    facts: tuple[tuple[str, str | None, str | None], ...] = (
        ("verdict", _verdict(one.entry), _verdict(other.entry)),
        ("address", one.entry.final_url, other.entry.final_url),
        ("title", one.entry.title, other.entry.title),
        ("memento", _memento(one.entry), _memento(other.entry)),
    )
    for what, before, after in facts:
        if before != after:
            yield Change(what, before or "none", after or "none")
    for kind in sorted({*one.payloads, *other.payloads}):
        before, after = _payload(one, kind), _payload(other, kind)
        # Two payloads are the same where both digests say so: one that is not stated is no agreement.
        if before != after or before == NOT_STATED:
            yield Change("payload" if kind == "live" else f"payload of the {kind} copy", before, after)
    if told := _mapping_change(one.requisites, other.requisites):
        yield Change("requisites", *told)
    if told := _mapping_change(one.files, other.files):
        yield Change("files", *told)


def _verdict(entry: SourceEntry) -> str:
    return str(entry.status) if entry.reason is None else f"{entry.status} ({entry.reason})"


def _memento(entry: SourceEntry) -> str | None:
    return entry.memento.url if entry.memento else None


def _payload(held: Held, kind: str) -> str:
    if kind not in held.payloads:
        return "none"
    digest = held.payloads[kind]
    return f"sha256:{digest}" if digest else NOT_STATED


def _mapping_change(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, str] | None:
    if before == after:
        return None
    gone, new = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    changed = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    return _told(before, gone, changed, "only here"), _told(after, new, changed, "only here")


def _told(names: Mapping[str, object], alone: list[str], changed: list[str], word: str) -> str:
    parts = [f"{len(names)}"]
    parts += [f"{word}: {_few(alone)}"] if alone else []
    parts += [f"otherwise: {_few(changed)}"] if changed else []
    return "; ".join(parts)


def _few(names: list[str], shown: int = 3) -> str:
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more
