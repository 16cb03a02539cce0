"""Compares two bags source by source: an earlier and a later one, or two observers' of the same report."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archive.bag.interface import Bag
from archive.bag.open import open_bag
from archive.errors import BagUnreadable, StatementError
from archive.handover.copy_holdings import is_copy, ledger_of_copy, records_of_copy, root_of_copy
from archive.verify.run import verify
from archive_manifests import disclosure, layout, records
from archive_manifests import ledger as ledgers
from archive_manifests.findings import Finding, Severity
from archive_manifests.ledger import Ledger, SourceEntry, Status
from archive_manifests.paths import BagPath
from archive_manifests.payload import parse_manifest
from archive_manifests.records import RecordLine

LEDGER = BagPath(layout.LEDGER)
LOG = BagPath(layout.RECORDS)
MANIFEST = BagPath(layout.PAYLOAD_MANIFEST)
TAG_MANIFEST = BagPath(layout.TAG_MANIFEST)

EXTRACTED = "info.json"
WALLS = frozenset({Status.BLOCKED, Status.GONE, Status.UNREACHABLE})
"""Verdicts whose pages say the same in other bytes each time: a wall, an error. That it was one, the verdict says."""

_LEDGER_LIMIT = 256 << 20
_TAG_LIMIT = 16 << 20
_LONGEST_LINE = 1 << 20


class SourceContent(Struct, frozen=True):
    """One source of one bag. Digests are hex sha256 of payloads as received; None where the bag states none."""

    entry: SourceEntry
    payloads: Mapping[str, str | None]
    """Of each copy that came as an answer (`live`, `memento`…) its last one: the page, behind its redirects."""
    requisites: Mapping[str, tuple[str, str | None]]
    """URL -> outcome and digest."""
    files: Mapping[str, str | None]
    """Videos, subtitles, what persons supplied: by what comes after the last `/`."""


Pair = tuple[SourceContent | None, SourceContent | None]


class Holdings(Struct, frozen=True):
    """One bag."""

    path: Path
    ledger: Ledger
    tagmanifest: str | None
    """`sha256:` and hex of `tagmanifest-sha256.txt`."""
    sources: tuple[SourceContent, ...]
    root: str | None = None
    """Hex root of its disclosure tree; of a disclosure copy, that of its original."""
    is_copy: bool = False


def read_holdings(bag: Bag) -> Holdings:
    """Read what two bags are compared by. Raises `BagUnreadable` for a bag without ledger or records."""
    copy = is_copy(bag)
    ledger = ledger_of_copy(bag) if copy else _ledger(bag)
    wanted = {record for entry in ledger.sources for record in _record_ids(entry)}
    log = records_of_copy(bag, wanted) if copy else _records(bag, wanted)
    named = {path for entry in ledger.sources for copy in entry.copies for path in copy.files}
    digests = _digests(bag, named) if named else {}
    text = _optional(bag, TAG_MANIFEST)
    return Holdings(
        path=bag.location.absolute(),
        ledger=ledger,
        tagmanifest=f"sha256:{hashlib.sha256(text).hexdigest()}" if text is not None else None,
        sources=tuple(_content(entry, log, digests) for entry in ledger.sources),
        root=root_of_copy(bag) if copy else _root(bag),
        is_copy=copy,
    )


def _root(bag: Bag) -> str | None:
    """Root of the bag's disclosure tree; None where it states none."""
    text = _optional(bag, BagPath(layout.DISCLOSURE))
    try:
        return disclosure.parse_commitment(text).root if text is not None else None
    except StatementError:
        return None


def _ledger(bag: Bag) -> Ledger:
    try:
        with bag.open(LEDGER) as stream:
            return ledgers.from_json(stream.read(_LEDGER_LIMIT))
    except StatementError as error:
        raise BagUnreadable(f"{bag.location}: {error}") from error


def _record_ids(entry: SourceEntry) -> Iterable[str]:
    for copy in entry.copies:
        yield from copy.records
    for requisite in entry.requisites:
        if requisite.record:
            yield requisite.record


def _records(bag: Bag, wanted: set[str]) -> dict[str, RecordLine]:
    """The log's lines on some records; a million others pass by unkept."""
    found = {}
    try:
        with bag.open(LOG) as stream:
            number = 0
            while line := stream.readline(_LONGEST_LINE):
                number += 1
                record = records.parse_line(line, number)
                if record.id in wanted:
                    found[record.id] = record
    except StatementError as error:
        raise BagUnreadable(f"{bag.location}: {error}") from error
    return found


def _digests(bag: Bag, named: set[str]) -> dict[str, str]:
    text = _optional(bag, MANIFEST, limit=_LEDGER_LIMIT)
    entries = parse_manifest(text, "sha256").entries if text else {}
    return {path: digest for path in named if (digest := entries.get(BagPath(path)))}


def _optional(bag: Bag, path: BagPath, limit: int = _TAG_LIMIT) -> bytes | None:
    try:
        with bag.open(path) as stream:
            return stream.read(limit)
    except BagUnreadable:
        return None


def _content(entry: SourceEntry, log: Mapping[str, RecordLine], digests: Mapping[str, str]) -> SourceContent:
    return SourceContent(
        entry=entry,
        payloads=_payloads(entry, log),
        requisites={one.url: (one.outcome, _digest(log, one.record)) for one in entry.requisites},
        files={name: digests.get(path) for path, name in _files(entry)},
    )


def _files(entry: SourceEntry) -> Iterable[tuple[str, str]]:
    """Path and last name of what a copy has beside records; what an extractor wrote has the time of its run in it."""
    paths = [path for copy in entry.copies for path in copy.files]
    return [(path, name) for path in paths if (name := path.rpartition("/")[2]) != EXTRACTED]


def _payloads(entry: SourceEntry, log: Mapping[str, RecordLine]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for copy in entry.copies:
        if copy.status in WALLS:
            continue
        answers = [log[one] for one in copy.records if one in log and log[one].type in ("response", "revisit")]
        if answers:
            found[copy.kind] = answers[-1].payload_sha256
    return found


def _digest(log: Mapping[str, RecordLine], record: str | None) -> str | None:
    line = log.get(record) if record else None
    return line.payload_sha256 if line else None


NOT_STATED = "not stated"
STRANGERS = "neither names the other"
SAME_BAG = "the same bag"
SAME_LISTS = "the same lists of files"
COPY_OF_FIRST = "the second is a disclosure copy of the first"
COPY_OF_SECOND = "the first is a disclosure copy of the second"
COPIES = "both are disclosure copies of one bag"


class ComparedState(StrEnum):
    """What became of a source from the first bag to the second."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    """The first bag has it, the second has not."""
    NEW = "new"
    """The second bag has it, the first has not."""


class Change(Struct, frozen=True):
    """One thing that differs."""

    what: str
    """`verdict`, `payload`, `requisites`, `title`, `address`, `memento`, `files`."""
    before: str
    after: str


class ComparedSource(Struct, frozen=True):
    """One source, in both bags or in one."""

    cited: str
    first: str | None
    """Its id in the first bag."""
    second: str | None
    state: ComparedState
    changes: tuple[Change, ...] = ()


class Comparison(Struct, frozen=True):
    """Two bags, compared by what they state, and what verifying each of them found."""

    first: Path
    second: Path
    relation: str
    """`the same bag`, `the same lists of files`, `the second follows the first`, `the first follows the second`,
    `the second is a disclosure copy of the first`, `the first is a disclosure copy of the second`,
    `both are disclosure copies of one bag`, `neither names the other`."""
    report: tuple[Change, ...]
    """What differs between the two reports."""
    sources: tuple[ComparedSource, ...]
    errors: tuple[tuple[Finding, ...], tuple[Finding, ...]] | None = None
    """What is wrong with each of the two; None where neither was verified."""

    @property
    def may_corroborate(self) -> bool:
        """False where one bag was made of the other: together they are one observer."""
        return self.relation == STRANGERS

    @property
    def is_same(self) -> bool:
        return (
            not self.report and all(source.state is ComparedState.SAME for source in self.sources) and not self.is_wrong
        )

    @property
    def is_wrong(self) -> bool:
        """True where a bag is not what it states, so that nothing follows from what it states."""
        return self.errors is not None and any(self.errors)


def compare(first: Path, second: Path, *, check: bool = True) -> Comparison:
    """Compare two bags, wherever they are; each is verified first, unless `check` is false.

    Raises `BagUnreadable` for one that has no ledger of ours.
    """
    with open_bag(first) as one, open_bag(second) as other:
        found = compare_holdings(read_holdings(one), read_holdings(other))
    if not check:
        return replace(found, relation=_not_checked(found.relation))
    errors = (_errors(first), _errors(second))
    is_same_bag = found.relation == SAME_BAG and not any(errors)
    return replace(found, relation=found.relation if is_same_bag else _not_checked(found.relation), errors=errors)


def _not_checked(relation: str) -> str:
    """Two bags with the same lists are one bag only where the files of both are as listed."""
    return SAME_LISTS if relation == SAME_BAG else relation


def _errors(bag: Path) -> tuple[Finding, ...]:
    found = verify(bag, seal=bag.with_name(f".{bag.name}.none"))
    return tuple(finding for finding in found.findings if finding.severity is Severity.ERROR)


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
        return SAME_BAG
    if first.tagmanifest is not None and second.ledger.predecessor == first.tagmanifest:
        return "the second follows the first"
    if second.tagmanifest is not None and first.ledger.predecessor == second.tagmanifest:
        return "the first follows the second"
    if first.root is not None and first.root == second.root and (first.is_copy or second.is_copy):
        return COPIES if first.is_copy and second.is_copy else COPY_OF_SECOND if first.is_copy else COPY_OF_FIRST
    return STRANGERS


def _report_changes(first: Holdings, second: Holdings) -> Iterator[Change]:
    one, other = first.ledger.report.stated, second.ledger.report.stated
    for what, before, after in (("id", one.id, other.id), ("sha256", one.sha256, other.sha256)):
        if before != after:
            yield Change(what, before or NOT_STATED, after or NOT_STATED)


def _paired(first: Iterable[SourceContent], second: Iterable[SourceContent]) -> list[Pair]:
    """Pair sources by what the report cites, then the others by their address without tracking parameters."""
    ones, others = list(first), list(second)
    matched: dict[int, int] = {}
    for key in (_cited, _without_tracking):
        free = [index for index in range(len(ones)) if index not in matched]
        taken = set(matched.values())
        theirs = _unique((key(others[at].entry), at) for at in range(len(others)) if at not in taken)
        ours = _unique((key(ones[index].entry), index) for index in free)
        matched |= {index: theirs[name] for name, index in ours.items() if name is not None and name in theirs}
    pairs: list[Pair] = [(one, others[matched[index]] if index in matched else None) for index, one in enumerate(ones)]
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


def _compared(one: SourceContent | None, other: SourceContent | None) -> ComparedSource:
    if one is None or other is None:
        content = one or other
        assert content is not None
        first, second = (content.entry.id, None) if one else (None, content.entry.id)
        return ComparedSource(content.entry.cited, first, second, ComparedState.GONE if one else ComparedState.NEW)
    changes = tuple(_changes(one, other))
    state = ComparedState.CHANGED if changes else ComparedState.SAME
    return ComparedSource(one.entry.cited, one.entry.id, other.entry.id, state, changes)


def _changes(one: SourceContent, other: SourceContent) -> Iterator[Change]:
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
    if change := _mapping_change(one.requisites, other.requisites):
        yield Change("requisites", *change)
    if change := _mapping_change(one.files, other.files):
        yield Change("files", *change)


def _verdict(entry: SourceEntry) -> str:
    return str(entry.status) if entry.reason is None else f"{entry.status} ({entry.reason})"


def _memento(entry: SourceEntry) -> str | None:
    return entry.memento.url if entry.memento else None


def _payload(content: SourceContent, kind: str) -> str:
    if kind not in content.payloads:
        return "none"
    digest = content.payloads[kind]
    return f"sha256:{digest}" if digest else NOT_STATED


def _mapping_change(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, str] | None:
    if before == after:
        return None
    gone, new = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    changed = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    return _describe_side(before, gone, changed, "only here"), _describe_side(after, new, changed, "only here")


def _describe_side(names: Mapping[str, object], alone: list[str], changed: list[str], word: str) -> str:
    parts = [f"{len(names)}"]
    parts += [f"{word}: {_few(alone)}"] if alone else []
    parts += [f"otherwise: {_few(changed)}"] if changed else []
    return "; ".join(parts)


def _few(names: list[str], shown: int = 3) -> str:
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more
