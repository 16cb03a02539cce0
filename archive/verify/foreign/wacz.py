"""Checks a WACZ: every digest that it states, its WARCs, who signed it, what else it needs. (WACZ 1.1.1)"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from archive.bag.interface import Bag, Broken, Entry
from archive.bag.manifest_table import ManifestTable
from archive.bag.temporary_copies import TemporaryCopies
from archive.bag.wacz import WARCS, WaczFile
from archive.errors import BagUnreadable, BagUnsupported, StatementError
from archive.verify.files.control_files import ControlFiles
from archive.verify.foreign.wacz_layout import check_layout
from archive.verify.foreign.wacz_signature import SignatureCheck, check_signature
from archive.verify.records.stated_times import recorded_after
from archive.verify.records.warc import check_warc
from archive.warc.report import WarcReport
from archive.warc.scan import WarcScan
from archive.words.reasons import answer, few, reason
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, Finding, Kind, Severity, State
from archive_manifests.paths import BagPath
from archive_manifests.wacz import (
    DESCRIPTION,
    DIGEST,
    SUFFIX,
    Description,
    DigestStatement,
    StatedResource,
    parse_description,
    parse_digest,
)
from archive_manifests.wacz_requirements import Requirement

if TYPE_CHECKING:
    from archive.trust.anchors import Anchors

_MOST_PROBLEMS = 20
_OF_ITS_DIGESTS = frozenset({"wacz-file-altered", "wacz-description-altered"})
"""What the digests show that a WACZ states itself."""


class WaczCheck(Struct):
    """What was found in one WACZ. Paths of findings are those within it."""

    findings: list[Finding] = field(default_factory=list)
    description: Description | None = None
    signature: SignatureCheck = field(default_factory=SignatureCheck)
    reports: dict[BagPath, WarcReport] = field(default_factory=dict)
    files: int = 0
    octets: int = 0
    sha256: dict[str, str] = field(default_factory=dict)
    """Of every file that could be read."""
    digested: int = 0
    """Files whose stated digest was compared."""
    unread: list[str] = field(default_factory=list)
    """Files that could not be read to their end."""
    undigested: int = 0
    """Files that are listed without a digest that could be compared."""
    broken_warcs: bool = False
    """True where an altered file is a WARC that is damaged as such too."""
    signature_findings: list[Finding] = field(default_factory=list)
    """What is wrong with the signature itself: not what another finding shows already."""

    @property
    def requires(self) -> tuple[Requirement, ...]:
        return self.description.requires if self.description else ()

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]


def check_wacz(
    wacz: WaczFile,
    anchors: Anchors | None = None,
    now: datetime | None = None,
    *,
    is_strict: bool = False,
    checked: Callable[[str, int], None] = lambda _path, _size: None,
) -> WaczCheck:
    """Read every file of a WACZ once. Raises `BagUnreadable`; every fault of the WACZ is a finding.

    `now`, else the clock, is what its timestamp is compared with.
    """
    check = WaczCheck(findings=list(wacz.findings))
    if not wacz.files():  # the zip's directory cannot be read, which is reported: nothing can be missing then
        if not check.errors:
            check.findings.append(make_finding("wacz-no-warc"))
        return check
    text, statement = _read_statements(wacz, check)
    _read_files(wacz, check, checked)
    _compare(wacz, check)
    _take_warc_findings(check, check_warc(ControlFiles(contents={}, sizes={}), check.reports, is_strict=is_strict))
    broken = {one.path for one in check.errors}
    odd = [one for one in check_layout(wacz, check.reports.values()) if one.path not in broken]
    if any(path is not None and path.text.startswith(WARCS) for path in broken):
        # What is wrong with a WARC explains why a page, or any record, is not in it.
        odd = [one for one in odd if one.code != "wacz-page-unfounded"]
    elif not any(report.count for report in check.reports.values()):
        check.findings.append(make_finding("wacz-no-warc", note=_other_files(wacz, check)))
    check.findings += [replace(one, severity=Severity.ERROR) if is_strict else one for one in odd]
    if text is not None:
        _compare_description(text, statement, check)
        created = check.description.created if check.description else None
        check.signature = check_signature(statement, text, anchors, now or datetime.now(UTC), created=created)
        if check.signature.proven is not None:
            check.signature.findings.extend(recorded_after(check.reports, check.signature.proven, timedelta()))
        _take_signature_findings(check, statement)
    return check


def _other_files(wacz: WaczFile, check: WaczCheck) -> str | None:
    """What to do with a collection of other WACZ files, which ReplayWeb.page and Browsertrix call a multi-WACZ."""
    stated = [one.path for one in check.description.resources] if check.description else []
    others = sorted({path for path in (*wacz.files(), *stated) if path.lower().endswith(SUFFIX)})
    if not others:
        return None
    return f"a collection of other WACZ files ({len(others):,}): give each by itself; the first is {others[0][:200]}"


def _take_warc_findings(check: WaczCheck, findings: list[Finding]) -> None:
    """Add the findings about the WARCs; a WARC whose digest differs has that one finding only."""
    altered = {one.path: at for at, one in enumerate(check.findings) if one.code == "wacz-file-altered"}
    for one in findings:
        at = altered.get(one.path)
        if at is None or one.severity is not Severity.ERROR:
            check.findings.append(one)
            continue
        check.broken_warcs = True
        if check.findings[at].note is None:
            note = " ".join(part for part in (one.code, one.note) if part)
            check.findings[at] = replace(check.findings[at], note=note)


def _take_signature_findings(check: WaczCheck, statement: DigestStatement | None) -> None:
    """Take in what is wrong with the signature. That a description was altered is one finding, not two."""
    signed, fixity = (statement.signed, statement.fixity) if statement else (None, None)
    is_shown = signed is not None and signed.hash.lower() == str(fixity) and _is_altered(check)
    shown = "wacz-signature-bad" if is_shown else ""
    check.signature_findings = [one for one in check.signature.findings if one.code != shown]
    check.findings += check.signature_findings


def _is_altered(check: WaczCheck) -> bool:
    return any(one.code == "wacz-description-altered" for one in check.findings)


def _read_statements(wacz: WaczFile, check: WaczCheck) -> tuple[bytes | None, DigestStatement | None]:
    """The description's bytes and the statement of its digest; what they state is in `check`."""
    text = _text_of(wacz, DESCRIPTION, check)
    if text is None:
        if DESCRIPTION not in wacz.files():
            check.findings.append(make_finding("wacz-description-missing", BagPath(DESCRIPTION)))
        return None, None
    statement = None
    try:
        check.description = parse_description(text)
    except StatementError as error:
        check.findings.append(make_finding("wacz-description", BagPath(DESCRIPTION), note=str(error)))
    digest = _text_of(wacz, DIGEST, check)
    try:
        statement = parse_digest(digest) if digest is not None else None
    except StatementError as error:
        check.findings.append(make_finding("wacz-description", BagPath(DIGEST), note=str(error)))
    problems = (*(check.description.problems if check.description else ()), *(statement.problems if statement else ()))
    for problem in problems[:_MOST_PROBLEMS]:
        check.findings.append(make_finding("wacz-description", note=problem, severity=Severity.WARNING))
    return text, statement


def _text_of(wacz: WaczFile, name: str, check: WaczCheck) -> bytes | None:
    try:
        return wacz.text(name)
    except Broken as broken:
        check.findings.append(make_finding(broken.code, BagPath(name), note=broken.note))
        return None


def _read_files(wacz: WaczFile, check: WaczCheck, checked: Callable[[str, int], None]) -> None:
    """Compute the digests of every file, and read its WARCs, in one go."""
    wanted = {one.path: one for one in (check.description.resources if check.description else ())}
    warcs = {entry.path for entry in wacz.warcs()}
    reader = wacz.reader()
    for path, entry in wacz.files().items():
        stated = wanted.get(path)
        algorithms = {"sha256", *([stated.fixity.algorithm] if stated and stated.fixity else [])}
        running = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
        scan = WarcScan(BagPath(path)) if path in warcs else None
        try:
            for chunk in reader.chunks(entry):
                for digest in running.values():
                    digest.update(chunk)
                if scan is not None:
                    scan.feed(chunk)
        except Broken as broken:
            check.unread.append(path)
            if path not in (DESCRIPTION, DIGEST):  # these were read before
                check.findings.append(make_finding(broken.code, BagPath(path), note=broken.note))
            continue
        check.files += 1
        check.octets += entry.size
        check.sha256[path] = running["sha256"].hexdigest()
        if stated is not None:
            _compare_file(check, stated, entry, running)
        if scan is not None:
            check.reports[BagPath(path)] = scan.close()
        checked(path, entry.size)
    reader.close()


def _compare_file(check: WaczCheck, stated: StatedResource, entry: Entry, running: dict[str, Any]) -> None:
    place, fixity = BagPath(stated.path), stated.fixity
    if fixity is None:
        check.undigested += 1
        return
    check.digested += 1
    found = running[fixity.algorithm].hexdigest()
    if found != fixity.value:
        facts = {"expected": str(fixity), "found": f"{fixity.algorithm}:{found}"}
        check.findings.append(make_finding("wacz-file-altered", place, **facts))
    elif stated.octets not in (None, entry.size):
        facts = {"expected": f"{stated.octets:,} bytes", "found": f"{entry.size:,} bytes"}
        check.findings.append(make_finding("wacz-description", place, **facts, severity=Severity.WARNING))


def _compare(wacz: WaczFile, check: WaczCheck) -> None:
    """The list of files against those that are there."""
    if check.description is None:
        return
    there, listed = wacz.files().keys(), {one.path for one in check.description.resources}
    for path in sorted(listed - there):
        check.findings.append(make_finding("wacz-file-missing", BagPath(path[:1000])))
    for path in sorted(there - listed - {DESCRIPTION, DIGEST}):
        check.findings.append(make_finding("wacz-file-unlisted", BagPath(path)))


def _compare_description(text: bytes, statement: DigestStatement | None, check: WaczCheck) -> None:
    fixity = statement.fixity if statement else None
    if fixity is None:
        return
    found = hashlib.new(fixity.algorithm, text, usedforsecurity=False).hexdigest()
    if found != fixity.value:
        # That it cannot be read either is the same damage.
        check.findings = [one for one in check.findings if not _is_unreadable_description(one)]
        facts = {"expected": str(fixity), "found": f"{fixity.algorithm}:{found}"}
        check.findings.append(make_finding("wacz-description-altered", BagPath(DESCRIPTION), **facts))


def _is_unreadable_description(finding: Finding) -> bool:
    is_about = finding.code == "wacz-description" and finding.path == BagPath(DESCRIPTION)
    return is_about and finding.severity is Severity.ERROR


def requirement_findings(check: WaczCheck, known: set[str], *, severity: Severity) -> Iterator[Finding]:
    """What the WACZ needs and is not among files with these SHA-256 digests."""
    for needed in check.requires:
        is_here = needed.fixity is not None and needed.fixity.algorithm == "sha256" and needed.fixity.value in known
        if not is_here:
            expected = str(needed.fixity) if needed.fixity else "a file without a stated digest"
            note = f"needs {needed.filename[:200]}"
            yield make_finding("wacz-requires", expected=expected, note=note, severity=severity)


def answers_of(check: WaczCheck, findings: list[Finding]) -> dict[str, Answer]:
    """The six answers on a WACZ that is verified by itself."""
    fixity = _answer("fixity", findings)
    if not check.digested and fixity.state is State.PASSED:
        fixity = answer(State.NOT_CHECKED, reason("wacz-no-digest"))
    elif check.unread and fixity.state is State.PASSED:
        fixity = answer(State.NOT_CHECKED, reason("wacz-unread", files=len(check.unread)))
    elif check.undigested and fixity.state is State.PASSED:
        fixity = answer(State.NOT_CHECKED, reason("wacz-undigested", files=check.undigested))
    return {
        "structure": _answer("structure", findings),
        "fixity": fixity,
        "warc": _warc_answer(check, findings),
        "coverage": answer(State.ABSENT, reason("wacz-no-ledger")),
        "who": check.signature.who,
        "when": check.signature.when,
    }


def _warc_answer(check: WaczCheck, findings: list[Finding]) -> Answer:
    if check.broken_warcs:
        return answer(State.FAILED, reason("altered-warc-damaged"))
    found = _answer("warc", findings)
    if found.state is State.FAILED:
        return found
    if not any(report.count for report in check.reports.values()):
        return answer(State.NOT_CHECKED, reason("no-warc-read"))
    unread = [path for path in check.unread if path.startswith(WARCS)]
    return answer(State.NOT_CHECKED, reason("unchecked-files", paths=few(unread))) if unread else found


def _answer(question: str, findings: list[Finding]) -> Answer:
    wrong = sum(one.question == question and one.severity is Severity.ERROR for one in findings)
    return answer(State.FAILED, reason("errors", n=wrong)) if wrong else answer(State.PASSED)


def within(place: BagPath, findings: list[Finding], *, is_altered: bool = False) -> list[Finding]:
    """Findings on a WACZ in a bag, with the WACZ's own path; which file in it is in the note.

    All are about the recording and answer `warc`: whether the bag is complete and valid, its own manifests say. Where
    they hold, nothing was altered since; the WACZ contradicts itself.
    """
    moved = []
    for one in findings:
        note = "; ".join(part for part in (one.path.text if one.path else None, one.note) if part)
        is_contradiction = one.code in _OF_ITS_DIGESTS and not is_altered
        kind = Kind.CONTRADICTION if is_contradiction else one.kind
        moved.append(replace(one, path=place, note=note or None, question="warc", kind=kind))
    return moved


def check_in_bag(
    bag: Bag, table: ManifestTable, names: list[str], altered: Container[BagPath] = (), *, is_strict: bool = False
) -> tuple[list[Finding], dict[BagPath, dict[BagPath, WarcReport]]]:
    """Findings on the WACZs among a bag's payload files, and what reading their WARCs found, by the WACZ's path.

    `altered` are files that differ from what the bag's manifests state. Who signed a WACZ says nothing of the bag.
    """
    wanted, findings = set(names), list[Finding]()
    reports: dict[BagPath, dict[BagPath, WarcReport]] = {}
    known = _sha256_of(table)
    with TemporaryCopies() as spool:
        for entry in bag.payload_entries():
            if entry.path not in wanted:
                continue
            place = BagPath(entry.path)
            wacz = _open_or_report(bag, entry, spool)
            if isinstance(wacz, Finding):
                findings.append(wacz)
                continue
            check = check_wacz(wacz, is_strict=is_strict)
            reports[place] = check.reports
            check.findings += requirement_findings(check, known, severity=Severity.WARNING)
            about = [one for one in check.findings if one.question not in ("who", "when")]
            about += [replace(one, severity=Severity.WARNING) for one in check.signature_findings]
            findings += within(place, about, is_altered=place in altered)
    return findings, reports


def _open_or_report(bag: Bag, entry: Entry, spool: TemporaryCopies) -> WaczFile | Finding:
    """A WACZ in a bag, where it lies or in a temporary copy; else the finding that says why it is not checked."""
    try:
        stretch = spool.stretch_of(bag, entry)
        if stretch is not None:
            return WaczFile(stretch.place, stretch)
        why = "compressed in the package, and too large; unpack that"
    except BagUnsupported as error:
        why = error.why
    except OSError as error:
        why = f"no temporary copy: {error.strerror or error}"
    return make_finding("wacz-unchecked", BagPath(entry.path), note=why)


def _sha256_of(table: ManifestTable) -> set[str]:
    """The SHA-256 digests that the payload manifests state."""
    if "sha256" not in table.algorithms:
        return set()
    column = table.column("sha256")
    return {table.digest(column, row).hex() for path, row in table.row_of.items() if path.lower().endswith(SUFFIX)}


def open_in_bag(bag: Bag, entry: Entry) -> WaczFile | None:
    """A WACZ that is in a bag, read where it is; None where it is compressed there. Raises `BagUnreadable`."""
    stretch = bag.stretch_of(entry)
    try:
        return WaczFile(stretch.place, stretch) if stretch is not None else None
    except OSError as error:
        raise BagUnreadable(f"{entry.path}: {error.strerror or error}") from error
