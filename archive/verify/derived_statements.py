"""Derives every statement of a bag of ours again: sources, files, report, events, times, software."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archive.capture.warcinfo import ENDED_SCHEMA, RUNTIME, STARTED, TEXT_BY, object_in
from archive.verify.files.control_files import ControlFiles, is_supplied
from archive.verify.files.read_again import ReadAt
from archive.verify.records.by_version import by_version
from archive.verify.records.generated import is_earlier, made_by_another, software
from archive.verify.records.stated_moments import moment_of
from archive.verify.records.stored_records import StoredRecords
from archive.verify.records.warc_log import log_lines
from archive.verify.sources.all_sources import SourceDeriver
from archive.verify.sources.appearance import check_appearances
from archive.verify.sources.files import check_stray_files
from archive.verify.sources.notes import check_condition_notes
from archive.verify.sources.sent import check_sent
from archive.verify.statements.bag_of_sources import BagOfSources
from archive.verify.statements.conditions import check_conditions, check_unrequested, own_warcinfos
from archive.verify.statements.coverage_records import stopped_runs
from archive.verify.statements.events import (
    carried_over,
    check_events,
    check_run,
    check_runtime,
    check_software,
    read_events,
)
from archive.verify.statements.manifest_leaves import check_manifest_leaves, has_persons_part, manifest_leaves
from archive.verify.statements.report import ReportClaims, check_manifest, check_report_again, read_manifest
from archive.verify.statements.resumed import as_stopped_runs, borne_out, check_left_behind, check_resumed
from archive.verify.statements.warcinfos import check_fields, check_report_was_there
from archive.verify.statements.written_warcs import check_written
from archive.verify.visits.evidence import Evidence
from archive.verify.visits.replayed_visit import StoredExchanges
from archive.warc.report import WarcReport
from archive_manifests import layout
from archive_manifests.datapackage import parse_datapackage
from archive_manifests.errors import StatementError
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Ledger
from archive_manifests.paths import BagPath
from archive_manifests.sources import SourceManifest

_ENDS_SINCE = (0, 7)
"""The version since which a run records when its captures had ended."""


def derive_statements(
    control: ControlFiles, ledger: Ledger, evidence: Evidence, reports: Mapping[BagPath, WarcReport]
) -> Iterator[Finding]:
    """Everything that is stated in a bag and that its records do not prove, or the other way round."""
    manifest, stated = read_manifest(control), software(control)
    read_at = _read_at(control, ledger, evidence)
    yield from check_stray_files(control, ledger)
    yield from check_manifest(control, ledger, manifest)
    ours = sum(report.count for path, report in reports.items() if not is_supplied(path))
    yield from check_events(control, ledger, ours + len(evidence.lost.lines))
    deriver = _deriver(control, ledger, evidence, manifest, read_at)
    resumptions = borne_out(control, evidence, deriver.bag.exchanges.records)
    deriver.bag.stopped = as_stopped_runs(ledger, resumptions, evidence)
    deriver.begin()  # what follows is checked meanwhile
    yield from check_left_behind(control, ledger, evidence, deriver.bag.exchanges.records)
    yield from check_resumed(control, ledger, evidence, deriver.bag.exchanges.records, resumptions)
    recorded = deriver.bag.exchanges.records.distinct_warcinfos(own_warcinfos(ledger, evidence))
    ends = _ends(ledger, evidence, deriver.bag.exchanges.records)
    yield from check_run(control, ledger, evidence, _begun(ledger, evidence, deriver.bag.exchanges.records), ends)
    leaves = list(manifest_leaves(control, ledger, evidence, deriver.bag.exchanges.records))
    is_recorded = any(each.recorded == each.found for each in leaves) or (bool(evidence.lost) and not leaves)
    claims = ReportClaims(manifest, is_recorded, stated.get("report_text_by"))
    yield from check_report_again(control, ledger, read_at, claims)
    written_by = _written_by(ledger, evidence, deriver.bag.exchanges.records)
    yield from check_software(stated, [*_packaged_by(control), *written_by], read_events(control), is_due=True)
    yield from check_runtime(stated, _runtimes(evidence, deriver.bag.exchanges.records))
    yield from _check_text_by(stated, _texts_by(ledger, evidence, deriver.bag.exchanges.records))
    yield from check_manifest_leaves(leaves)
    yield from check_fields(recorded, stated)
    yield from check_report_was_there(ledger, manifest, recorded, stated)
    yield from deriver.check_all()
    if deriver.are_all_read:
        yield from check_appearances(deriver.bag, deriver.pages)
    yield from by_version(check_condition_notes(ledger.conditions), made_by_another(control))
    yield from check_conditions(ledger, evidence, deriver.bag.exchanges.records, deriver.seen)
    yield from check_unrequested(ledger, evidence, made_by_another(control))
    was_stopped = bool(deriver.bag.stopped.resumed)
    yield from check_written(ledger, evidence, reports, deriver.bag.exchanges.records, was_stopped=was_stopped)
    if deriver.is_whole:
        yield from check_sent(ledger, evidence, reports, deriver.bag.exchanges, deriver.seen, was_stopped=was_stopped)


def _deriver(
    control: ControlFiles, ledger: Ledger, evidence: Evidence, manifest: SourceManifest | None, read_at: ReadAt
) -> SourceDeriver:
    lines = log_lines(control)
    methods = {line.id: line.method for line in lines if line.method is not None and line.id in evidence.places}
    stated = {source.cited: source for source in manifest.sources} if manifest is not None else {}
    sources = {entry.id: stated[entry.cited] for entry in ledger.sources if entry.cited in stated}
    exchanges = StoredExchanges(StoredRecords(read_at, evidence.places), evidence.metadata_of, methods)
    return SourceDeriver(BagOfSources(control, ledger, evidence, exchanges, stopped_runs(control, ledger)), sources)


def _read_at(control: ControlFiles, ledger: Ledger, evidence: Evidence) -> ReadAt:
    """What reads the records that the ledger names, and the report."""
    wanted: dict[str, list[tuple[int, int]]] = {}
    for place in evidence.places.values():
        wanted.setdefault(place.path.text, []).append((place.record.offset, place.record.length))
    if ledger.report.path is not None:
        wanted[ledger.report.path] = [(0, control.size(ledger.report.path) or 0)]
    assert control.read_at is not None
    return control.read_at({path: sorted(places) for path, places in wanted.items()})


def _written_by(ledger: Ledger, evidence: Evidence, records: StoredRecords) -> list[str]:
    """The programs that the run's own WARCs name. (WARC 1.1, 6.2)

    None of a bag that a person's word or file was added to later: another version may have captured than added it. Each
    WARC still says which version judged what it holds.
    """
    if ledger.predecessor is not None and any(map(has_persons_part, ledger.sources)):
        return []
    carried = carried_over(ledger, evidence, moment_of(ledger.started))
    names = [name for path, name in evidence.warcinfo_of.items() if path not in carried]
    return sorted({software for each in records.distinct_warcinfos(names) if (software := each.get("software"))})


def _runtimes(evidence: Evidence, records: StoredRecords) -> list[dict[str, Any]]:
    """What ran the program that captured, as the WARCs state it."""
    distinct = records.distinct_warcinfos(evidence.warcinfo_of.values())
    return [stated for each in distinct if (stated := object_in(each, RUNTIME)) is not None]


def _begun(ledger: Ledger, evidence: Evidence, records: StoredRecords) -> list[str]:
    """When the run began, as its own WARCs state it: those of an older bag were begun by another run."""
    own = _of_own_run(ledger, evidence)
    return [each[STARTED] for each in records.distinct_warcinfos(own) if STARTED in each]


def _ends(ledger: Ledger, evidence: Evidence, records: StoredRecords) -> list[str] | None:
    """When the captures of the run had ended, each time that it was begun or resumed, as its own WARCs state it.

    None where they need not: of a run of an earlier version, of one that requested nothing, and where records are lost.
    """
    own = _of_own_run(ledger, evidence)
    stated = (records.metadata(each) for name in own for each in evidence.metadata_of.get(name, ()))
    ends = [str(about.get("ended")) for about in stated if about.get("schema") == ENDED_SCHEMA]
    written_by = [each.get("software", "") for each in records.distinct_warcinfos(own)]
    is_due = bool(written_by) and not any(is_earlier(each, _ENDS_SINCE) for each in written_by)
    return ends if ends or (is_due and not evidence.lost) else None


def _of_own_run(ledger: Ledger, evidence: Evidence) -> list[str]:
    """The warcinfo records of the run's own WARCs."""
    carried = carried_over(ledger, evidence, moment_of(ledger.started))
    dated = (path for path in evidence.warcinfo_of if ledger.predecessor is None or path in evidence.first_dates)
    return [evidence.warcinfo_of[path] for path in dated if path not in carried]


def _texts_by(ledger: Ledger, evidence: Evidence, records: StoredRecords) -> list[str]:
    """What read the text of the report, as the run's own WARCs state it: an older bag's was perhaps read otherwise."""
    carried = carried_over(ledger, evidence, moment_of(ledger.started))
    names = [name for path, name in evidence.warcinfo_of.items() if path not in carried]
    return [by for each in records.distinct_warcinfos(names) if (by := each.get(TEXT_BY)) is not None]


def _check_text_by(stated: Mapping[str, object], recorded: list[str]) -> Iterator[Finding]:
    """What read the text of the report: another version than is stated would excuse a text that differs."""
    found = stated.get("report_text_by")
    expected = next((each for each in recorded if each != found), None)
    if stated and expected is not None:
        facts = {"expected": expected[:160], "found": str(found)[:160]}
        yield make_finding("software-contradicted", BagPath(layout.SOFTWARE), **facts)


def _packaged_by(control: ControlFiles) -> list[str]:
    """The program that the data package names."""
    try:
        return [parse_datapackage(control.read(layout.DATA_PACKAGE) or b"").software]
    except StatementError:
        return []
