"""What a bag states of each of its sources, in the few words by which two bags are compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.bag.interface import Bag
from archive.errors import BagUnreadable, StatementError
from archive_manifests import ledger as ledgers
from archive_manifests import records
from archive_manifests.ledger import Ledger, SourceEntry, Status
from archive_manifests.paths import BagPath
from archive_manifests.payload import parse_manifest
from archive_manifests.records import RecordLine

LEDGER = BagPath("data/sources.json")
LOG = BagPath("data/provenance/records.jsonl")
MANIFEST = BagPath("manifest-sha256.txt")
TAG_MANIFEST = BagPath("tagmanifest-sha256.txt")

EXTRACTED = "info.json"
WALLS = frozenset({Status.BLOCKED, Status.GONE, Status.UNREACHABLE})
"""Verdicts whose pages say the same in other bytes each time: a wall, an error. That it was one, the verdict says."""

_LEDGER_LIMIT = 256 << 20
_TAG_LIMIT = 16 << 20
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class Held:
    """One source of one bag. Digests are hex sha256 of payloads as received; None where the bag states none."""

    entry: SourceEntry
    payloads: Mapping[str, str | None]
    """Of each copy that came as an answer (`live`, `memento`…) its last one: the page, behind its redirects."""
    requisites: Mapping[str, tuple[str, str | None]]
    """URL -> outcome and digest."""
    files: Mapping[str, str | None]
    """Films, subtitles, what persons supplied: by what comes after the last `/`."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """One bag."""

    path: Path
    ledger: Ledger
    tagmanifest: str | None
    """`sha256:` and hex of `tagmanifest-sha256.txt`."""
    sources: tuple[Held, ...]


def read_holdings(bag: Bag) -> Holdings:
    """Read what two bags are compared by. Raises `BagUnreadable` for a bag without ledger or records."""
    ledger = _ledger(bag)
    wanted = {record for entry in ledger.sources for record in _record_ids(entry)}
    log = _records(bag, wanted)
    named = {path for entry in ledger.sources for copy in entry.copies for path in copy.files}
    digests = _digests(bag, named) if named else {}
    text = _optional(bag, TAG_MANIFEST)
    return Holdings(
        path=bag.location.absolute(),
        ledger=ledger,
        tagmanifest=f"sha256:{hashlib.sha256(text).hexdigest()}" if text is not None else None,
        sources=tuple(_held(entry, log, digests) for entry in ledger.sources),
    )


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


def _held(entry: SourceEntry, log: Mapping[str, RecordLine], digests: Mapping[str, str]) -> Held:
    return Held(
        entry=entry,
        payloads=_payloads(entry, log),
        requisites={one.url: (one.outcome, _digest(log, one.record)) for one in entry.requisites},
        files={name: digests.get(path) for path, name in _files(entry)},
    )


def _files(entry: SourceEntry) -> Iterable[tuple[str, str]]:
    """Path and last name of what a copy has beside records; what an extractor told holds the time of its telling."""
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
