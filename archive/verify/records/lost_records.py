"""Records that the bag's log lists and that could not be read: what only they prove is said to be unchecked, once.

That they are missing is an error of its own, `record-missing`. What follows from it (a page without its style sheet, a
verdict without its response) is no contradiction of anything that the bag states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from archive.verify.files.control_files import ControlFiles, is_supplied
from archive.verify.records.warc_log import log_lines, read_log
from archive.warc.report import WarcReport
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Ledger, Requisite, SourceEntry, records_of
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine

_ANSWERS = frozenset({"response", "resource"})
_BY_ITSELF = frozenset({"request", "response", "warcinfo"})
"""Types of records that describe no other one, so that nothing rests on one which the ledger does not name."""
_STANDS_IN = frozenset({"captured", "error"})
"""Outcomes of what a page needs that the ledger's word stands for, where the record is lost."""


class LostRecords(Struct, frozen=True):
    """The lost records of a bag's WARCs, and what rests on them."""

    lines: Mapping[str, RecordLine] = field(default_factory=dict)
    """By id, as the log lists them."""
    whole: Mapping[str, str] = field(default_factory=dict)
    """Sources of which more is lost than what their pages need, each with the file of a lost record."""

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def files(self) -> frozenset[str]:
        """The WARCs in which records are lost."""
        return frozenset(line.file for line in self.lines.values())

    def stand_ins(self, entry: SourceEntry) -> dict[str, Requisite]:
        """What the page of a source needs and lost, by the address of each lost record."""
        found = {}
        for requisite in entry.requisites if self.lines else ():
            for name in (*requisite.hops, requisite.record):
                if name is not None and (line := self.lines.get(name)) is not None and line.uri is not None:
                    found[line.uri] = requisite
        return found

    def check(self, entry: SourceEntry) -> Iterator[Finding]:
        """State once what of a source could not be checked, and why."""
        names = [name for name in dict.fromkeys(records_of(entry)) if name in self.lines]
        file = self.whole.get(entry.id) or (self.lines[names[0]].file if names else None)
        if file is None:
            return
        lost = f"{len(names):,} of the {len(set(records_of(entry))):,} records that it names could not be read"
        what = "no statement on it was derived again" if entry.id in self.whole else "what its page needs is not whole"
        yield make_finding("source-unread", BagPath(file), source=entry.id, note=f"{lost}: {what}")


def find_lost(control: ControlFiles, ledger: Ledger, reports: Mapping[BagPath, WarcReport]) -> LostRecords:
    """Find what the log lists and no WARC has. Few bags have any, so files are compared by their counts first."""
    log, _ = read_log(control)
    counts = {file: len(numbers) for file, numbers in log.by_file.items()} if log is not None else None
    listed = counts if counts is not None else Counter(line.file for line in log_lines(control))
    there = {path.text: report for path, report in reports.items() if not is_supplied(path)}
    suspect = {file for file, count in listed.items() if file not in there or there[file].count < count}
    if not suspect:
        return LostRecords()
    lines: dict[str, RecordLine] = {}
    beside: dict[str, str] = {}
    """Record, or source, of which a description is lost -> the file."""
    known: dict[str, frozenset[str]] = {}
    before = ""
    named = {name for entry in ledger.sources for name in records_of(entry)}
    for line in log_lines(control):
        if line.file not in suspect:
            continue
        if line.file not in known:
            report = there.get(line.file)
            known[line.file] = frozenset(each.id for each in report.records()) if report is not None else frozenset()
        if line.id not in known[line.file]:
            lines[line.id] = line
            if line.type not in _BY_ITSELF and line.id not in named:
                beside |= {before: line.file, _series(line.file): line.file}
        if line.type in _ANSWERS:
            before = line.id
    return LostRecords(lines, dict(_whole(ledger, lines, beside)))


def _whole(ledger: Ledger, lines: Mapping[str, RecordLine], beside: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for entry in ledger.sources:
        # What a lost frame needs is not known; nor is of which visit the part of several is.
        is_one_visit = not entry.readings and all(copy.kind == "live" for copy in entry.copies)
        listed = entry.requisites if is_one_visit else ()
        stated = [each for each in listed if each.outcome in _STANDS_IN and each.kind != "frame"]
        parts = {name for each in stated for name in (each.record, *each.hops)}
        others = {*entry.exchanges, *(name for copy in entry.copies for name in copy.records)}
        for name in (entry.id, *dict.fromkeys(records_of(entry))):
            is_part = name in parts and name not in others
            file = beside.get(name) or (lines[name].file if name in lines and not is_part else None)
            if file is not None:
                yield entry.id, file
                break


def _series(file: str) -> str:
    """The source whose WARC a file is: `data/archive/s01-002.warc.gz` is of s01."""
    return file.rpartition("/")[2].partition(".")[0].partition("-")[0]
