"""The records behind the verdicts: those that the ledger names, those tied to them, and those that nothing explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.capture.clock_offset import FirstResponses
from archive.verify.control_files import is_supplied
from archive.verify.stored_records import RecordPlace
from archive.warc.report import ScannedRecord, WarcReport
from archive_manifests.ledger import Ledger, records_of
from archive_manifests.paths import BagPath


@dataclass(slots=True)
class Evidence:
    """The records that the ledger names, as they are in the WARCs, and those that nothing explains."""

    places: dict[str, RecordPlace] = field(default_factory=dict)
    """The records that the ledger names, and the metadata tied to them, by id."""
    records: dict[str, ScannedRecord] = field(default_factory=dict)
    """The records that the ledger names and the bag holds, by id."""
    named: frozenset[str] = frozenset()
    """Ids that the ledger names."""
    unexplained: dict[BagPath, list[ScannedRecord]] = field(default_factory=dict)
    metadata_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Record -> the metadata records that refer to it, in the order of the files."""
    warcinfo_of: dict[BagPath, str] = field(default_factory=dict)
    """File -> its first record, where that is its warcinfo."""
    first_dates: dict[BagPath, str] = field(default_factory=dict)
    last_dates: dict[BagPath, str] = field(default_factory=dict)
    first_responses: FirstResponses = field(default_factory=FirstResponses)
    """The earliest responses of each host in the run's own recordings."""


def gather(ledger: Ledger, reports: Mapping[BagPath, WarcReport]) -> Evidence:
    """Pick out of all records those that the ledger names, those tied to them, and those that it does not explain."""
    wanted = frozenset(name for entry in ledger.sources for name in records_of(entry))
    evidence = Evidence(named=wanted)
    ties: dict[str, list[str]] = {}
    since = ledger.started.removesuffix("Z") if ledger.predecessor is not None else ""
    for path in sorted(each for each in reports if not is_supplied(each)):
        left = []
        for record in reports[path].records():
            _note_dates(evidence, path, record)
            if record.type == "response" and record.uri is not None and record.date >= since:
                evidence.first_responses.add(record.uri, record.date, record.id)
            if record.id in wanted:
                evidence.records[record.id] = record
                evidence.places[record.id] = RecordPlace(path, record)
            elif not _is_explained(record, wanted):
                left.append(record)
            if record.type == "metadata":
                _note_metadata(evidence, ties, path, record)
        if left:
            evidence.unexplained[path] = left
    evidence.metadata_of = {name: tuple(metadata) for name, metadata in ties.items()}
    _follow_ties(evidence, reports, set(wanted))
    _place_first_responses(evidence, reports)
    return evidence


def _place_first_responses(evidence: Evidence, reports: Mapping[BagPath, WarcReport]) -> None:
    """Have those responses read again too that no source names."""
    left = set(evidence.first_responses.names()) - evidence.places.keys()
    for path in sorted(each for each in reports if left and not is_supplied(each)):
        for record in reports[path].records():
            if record.id in left:
                evidence.places[record.id] = RecordPlace(path, record)


def _note_dates(evidence: Evidence, path: BagPath, record: ScannedRecord) -> None:
    if record.type == "warcinfo":
        if path not in evidence.warcinfo_of and not record.offset:
            evidence.warcinfo_of[path] = record.id
            evidence.places[record.id] = RecordPlace(path, record)
        return
    evidence.first_dates.setdefault(path, record.date)
    if record.type in ("request", "response"):
        evidence.first_dates[path] = min(evidence.first_dates[path], record.date)
        evidence.last_dates[path] = max(evidence.last_dates.get(path, ""), record.date)


def _note_metadata(evidence: Evidence, ties: dict[str, list[str]], path: BagPath, record: ScannedRecord) -> None:
    about = {name for name in _ties(record) if name in evidence.named or name in evidence.places}
    if about:
        evidence.places[record.id] = RecordPlace(path, record)
        for name in about:
            ties.setdefault(name, []).append(record.id)


def _follow_ties(evidence: Evidence, reports: Mapping[BagPath, WarcReport], known: set[str]) -> None:
    """Explain what is tied to what is explained only by a tie itself: a note on a note."""
    while evidence.unexplained:
        between = {tie for left in evidence.unexplained.values() for record in left for tie in _ties(record)} - known
        found = {
            record.id
            for path in reports
            for record in reports[path].records()
            if record.id in between and _is_explained(record, known)
        }
        if not found:
            return
        known = known | found
        evidence.unexplained = {
            path: still
            for path, left in evidence.unexplained.items()
            if (still := [record for record in left if not _is_explained(record, known)])
        }


def _ties(record: ScannedRecord) -> tuple[str, ...]:
    return record.concurrent if record.refers_to is None else (*record.concurrent, record.refers_to)


def _is_explained(record: ScannedRecord, known: set[str] | frozenset[str]) -> bool:
    """True for what only accompanies: the file's own description, requests, and notes on an exchange."""
    if record.type == "warcinfo":
        return True
    accompanies = record.type in ("request", "metadata", "conversion", "resource")
    return accompanies and not known.isdisjoint(_ties(record))
