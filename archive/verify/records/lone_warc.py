"""Verifies a WARC that is in no bag: each record by what it states itself. (WARC 1.1)"""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from archive.bag.other_formats import HEAD, is_warc
from archive.errors import BagUnreadable
from archive.posix import open_file
from archive.progress import Progress
from archive.verify.files.control_files import ControlFiles
from archive.verify.records.warc import check_warc
from archive.verify.result.basis import Basis
from archive.verify.result.verification import Verification, VerifiedForm, required_findings
from archive.warc.digest import DigestVerdict
from archive.warc.report import WarcReport
from archive.warc.scan import WarcScan
from archive.words.reasons import answer, reason
from archive_manifests.bounded_findings import bounded
from archive_manifests.findings import QUESTIONS, Answer, Finding, Severity, State
from archive_manifests.paths import BagPath

_PIECE = 1 << 20


def is_lone_warc(path: Path) -> bool:
    """True for a file that begins as a WARC, gzipped or not, or is named one. Raises `BagUnreadable`."""
    try:
        if not path.is_file():
            return False
        with open_file(path) as file:
            return is_warc(file.read(HEAD), path.name.lower())
    except OSError as error:
        raise BagUnreadable(f"{path}: {error.strerror or error}") from error


def verify_warc(path: Path, required: tuple[str, ...], progress: Progress, *, is_strict: bool) -> Verification:
    """Read every record. What only a bag states is `absent` in the answers. Raises `BagUnreadable`."""
    report = _read(path)
    progress.file_checked(path.name, report.size)
    found = check_warc(ControlFiles(contents={}, sizes={}), {report.path: report}, is_strict=is_strict)
    # In a bag an empty file is what its manifest states; alone it is all that was to be looked at.
    findings = [replace(one, severity=Severity.ERROR) if one.code == "warc-empty" else one for one in found]
    answers = _answers(report, findings)
    findings += required_findings(answers, required)
    return Verification(
        bag=path.absolute(),
        answers=answers,
        findings=bounded(findings),
        is_complete=False,
        is_valid=False,
        files=1,
        octets=report.size,
        payload_files=1,
        payload_octets=report.size,
        tagmanifest=None,
        basis=Basis.RECORDS,
        form=VerifiedForm.WARC,
    )


def _read(path: Path) -> WarcReport:
    scan = WarcScan(BagPath(path.name))
    try:
        with open_file(path) as file:
            while chunk := file.read(_PIECE):
                scan.feed(chunk)
    except OSError as error:
        raise BagUnreadable(f"{path}: {error.strerror or error}") from error
    return scan.close()


def _answers(report: WarcReport, findings: list[Finding]) -> dict[str, Answer]:
    """No manifest, ledger or seal: what these would answer is absent."""
    absent = dict.fromkeys(QUESTIONS, answer(State.ABSENT, reason("warc-no-bag")))
    return absent | {"warc": _warc_answer(report, findings)}


def _warc_answer(report: WarcReport, findings: list[Finding]) -> Answer:
    wrong = sum(finding.severity is Severity.ERROR for finding in findings)
    if wrong:
        return answer(State.FAILED, reason("errors", n=wrong))
    verdicts = [{record.block, record.payload} for record in report.records()]
    good = sum(DigestVerdict.GOOD in both for both in verdicts)
    if not good:
        return answer(State.NOT_CHECKED, reason("no-record-digest", records=report.count))
    unchecked = sum(DigestVerdict.GOOD not in both and both != {DigestVerdict.ABSENT} for both in verdicts)
    return answer(State.PASSED, reason("record-digests", good=good, records=report.count, unchecked=unchecked))
