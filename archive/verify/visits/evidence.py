"""The records behind the verdicts: those that the ledger names, those tied to them, and those that nothing explains."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from msgspec import Struct, field

from archive.capture.clock_offset import FirstResponses
from archive.verify.files.control_files import is_supplied
from archive.verify.records.lost_records import LostRecords
from archive.verify.records.stored_records import RecordPlace
from archive.warc.report import ScannedRecord, WarcReport
from archive_manifests.ledger import Ledger, records_of
from archive_manifests.paths import BagPath


class UnexplainedRecords(Struct, frozen=True):
    """The records of one file that nothing explains, read from its report each time: there may be half a million."""

    report: WarcReport
    named: frozenset[str]
    """Ids that the ledger names."""
    known: Container[str]
    """Ids of the records that explain what is tied to them."""

    def __iter__(self) -> Iterator[ScannedRecord]:
        for record in self.report.records():
            if record.id not in self.named and not _is_explained(record, self.known):
                yield record


class Evidence(Struct):
    """The records that the ledger names, as they are in the WARCs, and those that nothing explains."""

    places: dict[str, RecordPlace] = field(default_factory=dict)
    """The records that the ledger names, and the metadata tied to them, by id."""
    records: dict[str, ScannedRecord] = field(default_factory=dict)
    """The records that the ledger names and the bag holds, by id."""
    named: frozenset[str] = frozenset()
    """Ids that the ledger names."""
    unexplained: Mapping[BagPath, Iterable[ScannedRecord]] = field(default_factory=dict)
    metadata_of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Record -> the metadata records that refer to it, in the order of the files."""
    warcinfo_of: dict[BagPath, str] = field(default_factory=dict)
    """File -> its first record, where that is its warcinfo."""
    opening_dates: dict[BagPath, str] = field(default_factory=dict)
    """File -> the date of the first record behind its warcinfo."""
    first_dates: dict[BagPath, str] = field(default_factory=dict)
    last_dates: dict[BagPath, str] = field(default_factory=dict)
    lost: LostRecords = field(default_factory=LostRecords)
    """What the bag's log lists and no WARC has."""
    first_responses: FirstResponses = field(default_factory=FirstResponses)
    """The earliest responses of each host in the run's own recordings."""


def gather(ledger: Ledger, reports: Mapping[BagPath, WarcReport]) -> Evidence:
    """Pick out of all records those that the ledger names, those tied to them, and those that it does not explain."""
    wanted = frozenset(name for entry in ledger.sources for name in records_of(entry))
    evidence = Evidence(named=wanted)
    ties: dict[str, list[str]] = {}
    left: list[BagPath] = []
    since = ledger.started.removesuffix("Z") if ledger.predecessor is not None else ""
    for path in sorted((each for each in reports if not is_supplied(each)), key=file_order):
        is_explained = True
        dates = _Dates()
        for record in reports[path].records():
            if record.type == "warcinfo":
                _note_warcinfo(evidence, path, record)
            else:
                dates.add(record)
            if record.type == "response" and record.uri is not None and record.date >= since:
                evidence.first_responses.add(record.uri, record.date, record.id)
            if record.id in wanted:
                evidence.records[record.id] = record
                evidence.places[record.id] = RecordPlace(path, record)
            elif is_explained:
                is_explained = _is_explained(record, wanted)
            if record.type == "metadata":
                _note_metadata(evidence, ties, path, record)
        _note_dates(evidence, path, dates)
        if not is_explained:
            left.append(path)
    evidence.metadata_of = {name: tuple(metadata) for name, metadata in ties.items()}
    evidence.unexplained = _follow_ties(wanted, frozenset(evidence.warcinfo_of.values()), reports, left)
    _place_first_responses(evidence, reports)
    return evidence


def file_order(path: BagPath) -> tuple[int, str]:
    """A key that sorts WARCs: the first of a series, to whose description later ones refer, before them."""
    return len(path.text), path.text  # s01.warc.gz, then s01-002.warc.gz


def _place_first_responses(evidence: Evidence, reports: Mapping[BagPath, WarcReport]) -> None:
    """Have those responses read again too that no source names."""
    left = set(evidence.first_responses.names()) - evidence.places.keys()
    for path in sorted(each for each in reports if left and not is_supplied(each)):
        for record in reports[path].records():
            if record.id in left:
                evidence.places[record.id] = RecordPlace(path, record)


class _Dates(Struct):
    """The dates of the records of one file behind its warcinfo."""

    opening: str | None = None
    first: str = ""
    last: str | None = None

    def add(self, record: ScannedRecord) -> None:
        date = record.date
        if self.opening is None:
            self.opening = self.first = date
        if record.type == "request" or record.type == "response":
            if date < self.first:
                self.first = date
            if self.last is None or date > self.last:
                self.last = date


def _note_dates(evidence: Evidence, path: BagPath, dates: _Dates) -> None:
    if dates.opening is not None:
        evidence.opening_dates[path], evidence.first_dates[path] = dates.opening, dates.first
    if dates.last is not None:
        evidence.last_dates[path] = dates.last


def _note_warcinfo(evidence: Evidence, path: BagPath, record: ScannedRecord) -> None:
    if path not in evidence.warcinfo_of and not record.offset:
        evidence.warcinfo_of[path] = record.id
        evidence.places[record.id] = RecordPlace(path, record)


def _note_metadata(evidence: Evidence, ties: dict[str, list[str]], path: BagPath, record: ScannedRecord) -> None:
    about = {name for name in _ties(record) if name in evidence.named or name in evidence.places}
    if about:
        evidence.places[record.id] = RecordPlace(path, record)
        for name in about:
            ties.setdefault(name, []).append(record.id)


def _follow_ties(
    named: frozenset[str], warcinfos: frozenset[str], reports: Mapping[BagPath, WarcReport], paths: Iterable[BagPath]
) -> dict[BagPath, UnexplainedRecords]:
    """Explain what is tied to what is explained only by a tie itself: a note on a note, or on a file. What is left."""
    known: set[str] = set()
    found = {*named, *warcinfos}
    unexplained = {path: UnexplainedRecords(reports[path], named, known) for path in paths}
    while found:
        known |= found
        unexplained = {path: left for path, left in unexplained.items() if any(True for _ in left)}
        accompanying = (record for left in unexplained.values() for record in left if record.type in _ACCOMPANY)
        between = {tie for record in accompanying for tie in _ties(record)} - known
        found = {
            record.id
            for report in (reports.values() if between else ())
            for record in report.records()
            if record.id in between and _is_explained(record, known)
        }
    return unexplained


def _ties(record: ScannedRecord) -> tuple[str, ...]:
    return record.concurrent if record.refers_to is None else (*record.concurrent, record.refers_to)


_ACCOMPANY = frozenset({"request", "metadata"})
"""Types of records that are explained by the record that they are tied to."""


def _is_explained(record: ScannedRecord, known: Container[str]) -> bool:
    """True for what only accompanies: the file's own description at its start, requests, and notes on an exchange."""
    if record.type == "warcinfo":
        return not record.offset
    return record.type in _ACCOMPANY and any(tie in known for tie in _ties(record))
