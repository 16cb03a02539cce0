"""Are the WARCs sound, and do the log, the index and the pages say of them what is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from archive.bag.interface import Broken
from archive.verify.files.control_files import ControlFiles, is_supplied
from archive.verify.records.generated_texts import EVENTS, INDEX, PACKAGE, PAGES, Sources, check_texts
from archive.verify.records.warc_log import (
    LOG,
    MOST,
    Log,
    LogStream,
    compare_records,
    first_prev,
    listed_at,
    name_round,
    parse_log,
    read_log,
    retaining,
)
from archive.warc.digest import DigestVerdict
from archive.warc.references import are_sound
from archive.warc.report import Fault, ScannedRecord, WarcReport
from archive_manifests import layout
from archive_manifests.finding_codes import STRICT_IN_OURS, make_finding
from archive_manifests.findings import Finding, Kind, Severity
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine

_WARCINFO_ID = "WARC-Warcinfo-ID"


class Ties(Struct):
    """Collects facts from the records of all files, and reports at the end."""

    findings: list[Finding] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)
    """Hashes of the ids: half the memory, and among a million the odds that two meet are one in millions."""
    _pending: dict[str, tuple[BagPath, str, str]] = field(default_factory=dict)
    """Ids that were referred to and not seen yet -> file, record and field of the first reference."""
    _short: dict[str, tuple[BagPath, ScannedRecord]] = field(default_factory=dict)
    _without_body: set[str] = field(default_factory=set)
    """Ids of the answers to HEAD requests, and of those requests."""

    def watch(self, path: BagPath, records: Iterable[ScannedRecord]) -> Iterator[ScannedRecord]:
        """Pass over the records of a file. One loop and no more calls than needed: it runs for each record of a bag."""
        seen, pending = self._seen, self._pending
        for record in records:
            name = record.id
            key = hash(name)
            if key in seen and name:
                self._report_twin(path, record)
            seen.add(key)
            if pending:
                pending.pop(name, None)
            for other in record.concurrent:
                if hash(other) not in seen:
                    self._refer(path, name, "WARC-Concurrent-To", other)
            if (warcinfo := record.warcinfo) is not None and hash(warcinfo) not in seen:
                self._refer(path, name, _WARCINFO_ID, warcinfo)
            if (refers_to := record.refers_to) is not None and hash(refers_to) not in seen:
                self._refer(path, name, "WARC-Refers-To", refers_to)
            if record.method == "HEAD":
                self._without_body.update((name, *record.concurrent))
            if record.is_whole is (record.truncated is not None):
                self._judge_length(path, record)
            yield record

    def _report_twin(self, path: BagPath, record: ScannedRecord) -> None:
        if len(self.findings) < MOST:
            self.findings.append(
                make_finding("warc-id-twice", path, record=record.id, note=f"at byte {record.offset:,}")
            )

    def _refer(self, path: BagPath, name: str, by: str, other: str) -> None:
        if len(self._pending) < 100 * MOST:
            self._pending.setdefault(other, (path, name, by))

    def _judge_length(self, path: BagPath, record: ScannedRecord) -> None:
        """Of an answer that is whole and marked as cut off, or the other way round."""
        if record.is_whole and len(self.findings) < MOST:
            self.findings.append(make_finding("warc-truncated-mark", path, record=record.id, found=record.truncated))
        elif not record.is_whole and len(self._short) < MOST:
            self._short[record.id] = path, record

    def findings_at_end(self) -> Iterator[Finding]:
        """Everything that was found, after the last record."""
        yield from self.findings
        for other, (path, name, by) in list(self._pending.items())[:MOST]:
            yield make_finding("warc-reference", path, record=name, expected=f"a record {other}", found=f"{by} alone")
        for name, (path, record) in self._short.items():
            if name not in self._without_body and self._without_body.isdisjoint(record.concurrent):
                yield make_finding("warc-truncated-unmarked", path, record=name, note=record.uri)


LEDGER = BagPath(layout.LEDGER)


def check_warc(
    control: ControlFiles, reports: Mapping[BagPath, WarcReport], *, is_strict: bool = False
) -> list[Finding]:
    """Everything that is wrong with a bag's WARCs.

    A bag that names our profile, or has our records log, must be as we write it. Any other must follow the
    standard, and so must a recording that a person supplied. What breaks a rule and no digest is one warning a file
    and code in others' WARCs; with `is_strict` each is as grave as the catalogue says.
    """
    is_ours = control.is_ours or control.holds(LOG)
    findings = list(_missing_parts(control)) if is_ours else []
    sources = Sources(control.ledger, counts_index=INDEX in control.too_large)
    lines = control.lines(LOG)
    if lines is not None:
        findings += _check_with_stream(control, reports, lines, sources)
    else:
        findings += _check_with_log(control, reports, sources, *read_log(control), is_ours=is_ours)
    findings = list(_without_followers(findings))
    if control.is_copy:  # a record may name one that is withheld; that each record is the original's, its proof shows
        findings = [each for each in findings if each.code != "warc-reference" or _concerns_supplied(each)]
    others = [finding for finding in findings if not is_ours or _concerns_supplied(finding)]
    if is_ours:
        ours = [_strict(finding) for finding in findings if not _concerns_supplied(finding)]
        return ours + _unlisted(reports) + (others if is_strict else _one_each(others, reports))
    return others + _unlisted(reports) if is_strict else _one_each(others, reports)


def _without_followers(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings but for those that follow from records which the log lists and which are reported as missing."""
    every = list(findings)
    missing = [finding for finding in every if finding.code == "record-missing"]
    ids, places = {f"a record {each.record}" for each in missing}, {each.expected for each in missing}
    for each in every:
        is_reference = each.code == "warc-reference" and each.expected in ids
        is_first = each.code == "warc-warcinfo" and f"a warcinfo record at byte 0 of {each.path}" in places
        if not is_reference and not is_first:
            yield each


_ALWAYS_LISTED = frozenset({"warc-limit", "warc-digest-form", "warc-payload-differs", "warc-unchecked"})
"""What is reported each time, and as grave as the catalogue has it, of anybody's WARC."""


def _one_each(findings: Iterable[Finding], reports: Mapping[BagPath, WarcReport]) -> list[Finding]:
    """One warning a file and code for what is no damage: a writer's habit shows in every record that it wrote."""
    first: dict[tuple[BagPath | None, str], Finding] = {}
    counts: Counter[tuple[BagPath | None, str]] = Counter()
    listed = []
    for finding in findings:
        if finding.kind is Kind.DAMAGE or finding.code in _ALWAYS_LISTED:
            listed.append(finding)
        else:
            first.setdefault((finding.path, finding.code), finding)
            counts[finding.path, finding.code] += 1
    for path, report in reports.items():
        counts.update({(path, code): count for code, count in report.unlisted.items()})
    return listed + [_as_warning(finding, counts[place]) for place, finding in first.items()]


def _as_warning(finding: Finding, count: int) -> Finding:
    note = finding.note if count == 1 else f"{count:,} times; the first: {finding.note or finding.record}"
    return replace(finding, severity=Severity.WARNING, note=note)


def _unlisted(reports: Mapping[BagPath, WarcReport]) -> list[Finding]:
    return [
        make_finding("warc-limit", path, found=f"{count:,} more of {code}", note="they are not listed")
        for path, report in reports.items()
        for code, count in report.unlisted.items()
        if not is_supplied(path)
    ]


def _check_with_log(
    control: ControlFiles,
    reports: Mapping[BagPath, WarcReport],
    sources: Sources,
    log: Log | None,
    wrong: list[Finding],
    *,
    is_ours: bool,
) -> list[Finding]:
    """The WARCs against a log in memory, or without one; `wrong` is what reading the log found."""
    findings, ties = list(wrong), Ties()
    are_tied = _are_tied(reports)
    for path in sorted(reports):
        report = reports[path]
        if is_supplied(path):
            findings += _of_supplied(path, report)
            continue
        listed = log.of(path.text) if log is not None else []
        for _, line in listed:
            sources.see(line)
        findings += (_finding_of(path, fault, listed) for fault in report.faults)
        if are_tied and log is None and not is_ours:
            continue
        records = report.records() if are_tied else ties.watch(path, report.records())
        if is_ours:
            records = _as_we_write(path, records, findings)
        if log is None:
            for _ in records:
                pass
        else:
            findings += _bounded(path, compare_records(path, records, listed))
    findings += ties.findings_at_end()
    if log is not None:
        findings += _absent_files(log, {path.text for path in reports}, sources)
        if not wrong:
            findings += check_texts(control, sources)
    return findings


def _check_with_stream(
    control: ControlFiles, reports: Mapping[BagPath, WarcReport], lines: Iterator[bytes], sources: Sources
) -> list[Finding]:
    """The WARCs against a log that is too large for memory, read along with them."""
    findings: list[Finding] = []
    compared: list[Finding] = []
    ties, are_tied = Ties(), _are_tied(reports)
    try:
        log = LogStream(lines, first_prev(control), sources.see)
        for path in sorted(reports):
            if is_supplied(path):
                findings += _of_supplied(path, reports[path])
                continue
            faults, retained, about = reports[path].faults, list[tuple[int, RecordLine]](), list[Finding]()
            records = reports[path].records()
            records = _as_we_write(path, records if are_tied else ties.watch(path, records), about)
            listed = log.of(path.text)
            if faults:
                listed = retaining(listed, (fault.offset for fault in faults), retained)
            compared += _bounded(path, compare_records(path, records, listed))
            for _ in listed:  # what is left where no more differences are listed
                pass
            findings += [*(_finding_of(path, fault, retained) for fault in faults), *about]
        log.finish()
    except Broken as broken:
        return [*findings, make_finding("warc-unchecked", LOG, note=broken.note)]
    findings += ties.findings_at_end()
    if not log.is_ordered:
        if (data := control.whole(LOG)) is not None:
            again = Sources(control.ledger, counts_index=INDEX in control.too_large)
            return _check_with_log(control, reports, again, *parse_log(control, data), is_ours=True)
        note = "its lines are not in the order of files and offsets, so it cannot be read along with them"
        return [*findings, *name_round(control, log.findings), make_finding("warc-unchecked", LOG, note=note)]
    findings += [*log.findings, *compared, *(_absent(file, count) for file, count in sorted(log.absent.items()))]
    return findings if log.findings else [*findings, *check_texts(control, sources)]


def _are_tied(reports: Mapping[BagPath, WarcReport]) -> bool:
    """True where `Ties` would find nothing among all records that are not supplied; false where it has to look."""
    return are_sound(report.references for path, report in reports.items() if not is_supplied(path))


def _of_supplied(path: BagPath, report: WarcReport) -> Iterator[Finding]:
    """A supplied recording stands alone: its records are nobody's but its own."""
    ties = Ties()
    for _ in ties.watch(path, report.records()) if not are_sound([report.references]) else ():
        pass
    yield from (_finding_of(path, fault, []) for fault in report.faults)
    yield from ties.findings_at_end()


def _concerns_supplied(finding: Finding) -> bool:
    return finding.path is not None and is_supplied(finding.path)


def _finding_of(path: BagPath, fault: Fault, listed: list[tuple[int, RecordLine]]) -> Finding:
    """A fault of the file as a finding, with where it is; which record it hit the log may know."""
    record, uri = fault.record or None, fault.uri
    if record is None and (line := listed_at(listed, fault.offset)) is not None:
        record, uri = line.id, line.uri
    findings_at_end = (f"at byte {fault.offset:,}", uri, fault.note)
    note = "; ".join(part for part in findings_at_end if part)
    return make_finding(fault.code, path, expected=fault.expected, found=fault.found, record=record, note=note)


def _strict(finding: Finding) -> Finding:
    return replace(finding, severity=Severity.ERROR) if finding.code in STRICT_IN_OURS else finding


def _missing_parts(control: ControlFiles) -> Iterator[Finding]:
    for path in (LEDGER, LOG, EVENTS, INDEX, PAGES, PACKAGE):
        if path in control.too_large:
            if control.lines(path) is None:
                yield make_finding("warc-unchecked", path)
        elif not control.holds(path):
            yield make_finding("web-archive-part-missing", path)


def _as_we_write(path: BagPath, records: Iterator[ScannedRecord], findings: list[Finding]) -> Iterator[ScannedRecord]:
    """What the standard leaves free and we never do otherwise."""
    is_first = True
    for record in records:
        if is_first and (record.type != "warcinfo" or record.offset):
            findings.append(make_finding("warc-warcinfo", path, found=record.type, record=record.id))
        if record.block is DigestVerdict.ABSENT:
            findings.append(make_finding("warc-block-undigested", path, record=record.id))
        is_first = False
        yield record


def _bounded(path: BagPath, findings: Iterator[Finding]) -> Iterator[Finding]:
    for count, finding in enumerate(findings):
        if count == MOST:
            yield make_finding("warc-limit", path, note="more of its records differ; they are not listed")
            return
        yield finding


def _absent_files(log: Log, there: set[str], sources: Sources) -> Iterator[Finding]:
    for file in sorted(log.by_file.keys() - there):
        lines = log.of(file)
        for _, line in lines:
            sources.see(line)
        yield _absent(file, len(lines))


def _absent(file: str, count: int) -> Finding:
    return make_finding("record-missing", BagPath(file), expected=f"{count:,} records", found="no such WARC in the bag")
