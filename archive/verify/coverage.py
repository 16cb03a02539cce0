"""Is every cited source accounted for: its place in the report, its verdict, the records behind the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from archive.verify.files.control_files import ControlFiles
from archive.verify.foreign.recorded_pages import OTHER_PAGE, REDIRECT, WITHOUT_SOURCE
from archive.verify.records.condition_warnings import warn_of_conditions
from archive.verify.records.generated import made_by_another, software
from archive.verify.records.lost_records import find_lost
from archive.verify.statements.coverage_records import check_entry, check_unexplained, stopped_runs
from archive.verify.statements.events import read_events
from archive.verify.visits.evidence import Evidence, gather
from archive.version import AGENT
from archive.warc.report import WarcReport
from archive_manifests import canonical, layout
from archive_manifests import ledger as ledgers
from archive_manifests.errors import StatementError
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.ledger import REASONS, Ledger, SourceEntry, Verdict
from archive_manifests.notes import Note
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown
from archive_manifests.sources import Citation, source_id

TEXT = BagPath(layout.REPORT_TEXT)
SOFTWARE = BagPath(layout.SOFTWARE)

_SOFTWARE_KEYS = frozenset({"schema", "product", "version", "python", "openssl", "libraries", "report_text_by"})
"""What `software.json` states; which libraries there are is compared with the WARCs."""
_SHOWN = 120
_SHOWN_BAG = 300


def check_report(control: ControlFiles, ledger: Ledger) -> Iterator[Finding]:
    """Hold the report's file against the digest and size that the ledger states."""
    report = ledger.report
    if report.path is None:
        return
    path = BagPath(report.path)
    if not control.holds(path):
        yield make_finding("report-missing", path)
        return
    found = control.sha256.get(path.text)
    if found is not None and report.stated.sha256 is not None and found != report.stated.sha256:
        yield make_finding("report-altered", path, expected=f"sha256 {report.stated.sha256}", found=f"sha256 {found}")
    if control.size(path) != report.size and (report.size is not None or control.is_ours):
        stated = "no size" if report.size is None else f"{report.size:,} bytes"
        yield make_finding("report-altered", path, expected=stated, found=f"{control.size(path) or 0:,} bytes")


def check_citations(control: ControlFiles, ledger: Ledger) -> Iterator[Finding]:
    """Compare each citation with the extracted text; links are not searched again."""
    placed = [
        (entry.id, entry.cited, citation)
        for entry in ledger.sources
        for citation in entry.citations
        if citation.offset is not None and citation.length is not None
    ]
    if not placed or (ledger.report.path is None and not control.holds(TEXT)):
        return
    data = control.read(TEXT)
    if data is None:
        yield make_finding("coverage-unchecked" if TEXT in control.too_large else "report-missing", TEXT)
        return
    text = data.decode("utf-8", "replace")
    for source, cited, citation in placed:
        if _is_of_picture(citation, text):
            continue
        found = _at(text, citation)
        expected = citation.anchor or cited
        if _bare(found) != _bare(expected):
            yield make_finding(
                "citation-misplaced",
                TEXT,
                expected=expected[:_SHOWN],
                found=found[:_SHOWN] or "nothing",
                source=source,
                line=citation.line,
                note=f"{citation.length} characters from {citation.offset:,} on",
            )


def _is_of_picture(citation: Citation, text: str) -> bool:
    """True of a link around a picture, or around nothing: it has a place between two letters and no words."""
    return citation.length == 0 and citation.anchor is None and 0 <= (citation.offset or 0) <= len(text)


def _at(text: str, citation: Citation) -> str:
    offset, length = citation.offset or 0, citation.length or 0
    return text[offset : offset + length] if offset >= 0 and length >= 0 else ""


def _bare(text: str) -> str:
    """White space counts for nothing: lines and pages break within what is cited."""
    return "".join(text.split())


LEDGER = BagPath(layout.LEDGER)


def is_ledger(control: ControlFiles) -> bool:
    """True where `data/sources.json` is a ledger: in a bag of ours it is, in another it says so itself or is none."""
    if control.is_ours or LEDGER in control.too_large:
        return True
    return b'"archive.ledger/' in (control.read(LEDGER) or b"")[:1000]


def check_coverage(control: ControlFiles, reports: Mapping[BagPath, WarcReport]) -> list[Finding]:
    """Everything that is wrong between the report, the ledger and the captures; conditions are warned of."""
    try:
        ledger = control.parse_ledger()
    except StatementError as error:
        return [make_finding("ledger-unreadable", LEDGER, found=str(error), note="no source could be checked")]
    if ledger is None:
        return [make_finding("coverage-unchecked", LEDGER)] if LEDGER in control.too_large else []
    evidence = gather(ledger, reports)
    if control.is_ours:
        evidence.lost = find_lost(control, ledger, reports)
    return [
        *_check_ledger(control, ledger),
        *_check_keys(control, ledger),
        *check_report(control, ledger),
        *check_citations(control, ledger),
        *_check_sources(control, ledger, evidence),
        *_derive(control, ledger, evidence, reports),
        *warn_of_conditions(ledger.conditions),
        *_recorded_under(ledger),
        *_recorded_errors(ledger),
    ]


def _derive(
    control: ControlFiles, ledger: Ledger, evidence: Evidence, reports: Mapping[BagPath, WarcReport]
) -> Iterator[Finding]:
    """Derive every statement again; what cannot be read again has been left out by the caller."""
    if control.read_at is None or not control.is_ours:
        stopped = stopped_runs(control, ledger)
        is_strict = bool(read_events(control)) and control.is_ours and not stopped.resumed
        yield from check_unexplained(evidence, is_strict=is_strict, stopped=stopped)
        return
    from archive.verify.derived_statements import derive_statements

    yield from derive_statements(control, ledger, evidence, reports)


def _check_ledger(control: ControlFiles, ledger: Ledger) -> Iterator[Finding]:
    if ledger.schema != ledgers.SCHEMA:
        found = make_finding("ledger-unknown", LEDGER, expected=ledgers.SCHEMA, found=ledger.schema)
        # This version writes no other; a later one may.
        is_own = control.is_ours and software(control) != {} and made_by_another(control) is None
        yield replace(found, severity=Severity.ERROR) if is_own else found
    elif control.is_ours and not canonical.is_document(control.read(LEDGER) or b""):
        yield make_finding("ledger-spelling", LEDGER)


def _check_keys(control: ControlFiles, ledger: Ledger) -> Iterator[Finding]:
    """A statement under a key of no statement of ours is checked by nothing; another version may have written it."""
    if not control.is_ours or ledger.schema != ledgers.SCHEMA:
        return
    other = made_by_another(control)
    stated = {key: value for key, value in software(control).items() if key in _SOFTWARE_KEYS}
    for path, known in ((LEDGER, ledger), (SOFTWARE, stated)):
        key = canonical.first_unknown(control.read(path) or b"{}", known)
        if key is not None:
            found = make_finding("key-unknown", path, found=key[:_SHOWN])
            note = f"made by {other}; this is {AGENT}"
            yield found if other is None else replace(found, severity=Severity.WARNING, note=note)


def _check_sources(control: ControlFiles, ledger: Ledger, evidence: Evidence) -> Iterator[Finding]:
    for index, entry in enumerate(ledger.sources):
        if entry.id != source_id(index):
            yield make_finding("source-id", LEDGER, expected=source_id(index), found=entry.id, source=entry.id)
        yield from _check_reason(entry, Verdict(entry.status, entry.reason), "verdict")
        yield from _check_reason(entry, entry.live, "live verdict")
        yield from check_entry(control, entry, evidence)


def _check_reason(entry: SourceEntry, verdict: Verdict, what: str) -> Iterator[Finding]:
    allowed = REASONS[verdict.status]
    if verdict.reason not in (allowed or {None}):
        expected = f"{what} {verdict.status} with {'one of ' + ', '.join(sorted(allowed)) if allowed else 'no reason'}"
        yield make_finding("verdict-reason", LEDGER, expected=expected, found=shown(verdict.reason), source=entry.id)


def _recorded_under(ledger: Ledger) -> Iterator[Finding]:
    """What a supplied recording of this program states of how it was made."""
    for source, codes in ledger.recorded_under:
        yield make_finding("recording-conditions", LEDGER, found=codes, source=source)


def _recorded_errors(ledger: Ledger) -> Iterator[Finding]:
    """Supplied recordings and saved pages that hold none of what was cited for their source."""
    for entry in ledger.sources:
        for copy in entry.copies:
            for judged in (one for one in copy.notes if one.code == "recording-judged"):
                found = f"{judged.facts.get('verdict')} ({judged.facts.get('reason')})"[:_SHOWN_BAG]
                path = BagPath(copy.files[0]) if copy.files else LEDGER
                yield make_finding("recording-judged", path, found=found, source=entry.id)
            for lacking in (one for one in copy.notes if one.code in WITHOUT_SOURCE):
                found = _found_instead(lacking)[:_SHOWN_BAG]
                path = BagPath(copy.files[0]) if copy.files else LEDGER
                yield make_finding("recording-lacks-source", path, found=found, source=entry.id)
            for other in (one for one in copy.notes if one.code == OTHER_PAGE):
                path, found = BagPath(copy.files[0]) if copy.files else LEDGER, shown(other.facts.get("url"))
                yield make_finding("page-of-another", path, found=found[:_SHOWN_BAG], source=entry.id)


def _found_instead(lacking: Note) -> str:
    """What a recording holds for its source instead of what was cited."""
    if lacking.code == REDIRECT:
        return f"a redirect to {lacking.facts.get('url')}"
    return f"HTTP {lacking.facts.get('status')}" if lacking.code == "recording-error" else "no response"
