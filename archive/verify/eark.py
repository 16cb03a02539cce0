"""Checks an E-ARK package: every digest and size that its METS files state, and what no METS file lists. (CSIP 2.1.0)

The bag in it is verified as any bag is; what is found there has the path of the bag in the package before its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from archive.bag.eark import EarkPackage
from archive.bag.interface import UNKNOWN, Bag, Broken, Entry, Reader
from archive.errors import StatementError
from archive.verify.verification import Verification
from archive.words.reasons import answer, reason
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import QUESTIONS, Answer, Finding, Severity, State
from archive_manifests.mets import Mets, MetsFile, read_mets
from archive_manifests.paths import BagPath

NO_BAG = "no bag in the E-ARK package"
_MOST = 100
"""Files that are named one by one."""


@dataclass(slots=True)
class EarkCheck:
    """What was found in one E-ARK package. Paths of findings are those within it."""

    findings: list[Finding] = field(default_factory=list)
    files: int = 0
    octets: int = 0
    digested: int = 0
    """Files whose digest was compared."""

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]


def check_eark(eark: EarkPackage, checked: Callable[[str, int], None] = lambda _path, _size: None) -> EarkCheck:
    """Read every file of an E-ARK package once. Raises `BagUnreadable`; every fault of the package is a finding."""
    check, bag = EarkCheck(), eark.package
    listed = _listed(eark, check)
    reader, there, unlisted = bag.reader(), set[str](), list[str]()
    for entry in (*bag.tag_entries(), *bag.payload_entries()):
        there.add(entry.path)
        if entry.path not in listed and entry.path not in eark.metadata:
            unlisted.append(entry.path)
            continue
        found = bag.measured(entry) if entry.size == UNKNOWN else entry
        _check_file(check, reader, found, listed.get(entry.path, []))
        checked(entry.path, found.size)
    reader.close()
    missing = sorted(listed.keys() - there)
    check.findings += [make_finding("eark-file-missing", BagPath(path[:1000])) for path in missing[:_MOST]]
    check.findings += [make_finding("eark-file-unlisted", BagPath(path)) for path in sorted(unlisted)[:_MOST]]
    if len(eark.bags) != 1:
        found_bags = f"{len(eark.bags)}: {', '.join(eark.bags[:3])}"[:500] if eark.bags else "none"
        check.findings.append(make_finding("eark-no-bag", expected="one bag", found=found_bags))
    check.findings = [*bag.findings, *check.findings]
    return check


def _listed(eark: EarkPackage, check: EarkCheck) -> dict[str, list[MetsFile]]:
    """What the METS files state, by path in the package."""
    listed: dict[str, list[MetsFile]] = {}
    for place in eark.metadata:
        folder = place.rpartition("/")[0]
        for one in _read(eark.package, place, check).files:
            listed.setdefault(f"{folder}/{one.path}" if folder else one.path, []).append(one)
    return listed


def _read(bag: Bag, place: str, check: EarkCheck) -> Mets:
    path = BagPath(place)
    try:
        with bag.open(path) as stream:
            mets = read_mets(stream)
    except StatementError as error:
        check.findings.append(make_finding("eark-mets", path, note=str(error)))
        return Mets()
    for problem in mets.problems:
        check.findings.append(make_finding("eark-mets", path, note=problem, severity=Severity.WARNING))
    return mets


def _check_file(check: EarkCheck, reader: Reader, entry: Entry, stated: list[MetsFile]) -> None:
    place = BagPath(entry.path)
    running = {one.fixity.algorithm: hashlib.new(one.fixity.algorithm, usedforsecurity=False)
               for one in stated if one.fixity is not None}  # fmt: skip
    try:
        for chunk in reader.chunks(entry):
            for digest in running.values():
                digest.update(chunk)
    except Broken as broken:
        check.findings.append(make_finding(broken.code, place, note=broken.note))
        return
    check.files += 1
    check.octets += entry.size
    check.digested += bool(running)
    for one in stated:
        found = running[one.fixity.algorithm].hexdigest() if one.fixity else ""
        if one.fixity is not None and found != one.fixity.value:
            facts = {"expected": str(one.fixity), "found": f"{one.fixity.algorithm}:{found}"}
            check.findings.append(make_finding("eark-file-altered", place, **facts))
        elif one.octets not in (None, entry.size):
            facts = {"expected": f"{one.octets:,} bytes", "found": f"{entry.size:,} bytes"}
            check.findings.append(make_finding("eark-mets", place, **facts))


def verify_eark(
    eark: EarkPackage,
    verify_bag: Callable[[Bag], Verification],
    empty: Verification,
    checked: Callable[[str, int], None],
) -> Verification:
    """The answers about the bag in the package, and what the package's METS files show.

    `verify_bag` verifies a bag that is open; `empty` is the verification of a package without one.
    """
    check = check_eark(eark, checked)
    if len(eark.bags) == 1 and not any(finding.severity is Severity.ERROR for finding in eark.package.findings):
        folder = eark.bags[0]
        with eark.open_bag(folder) as bag:
            inner = verify_bag(bag)
        findings = _merged(check.findings, [_moved(one, folder) for one in inner.findings])
        return replace(inner, findings=findings, answers=_answers(check, findings, inner.answers))
    findings = _merged(check.findings, [])
    wrong = {one.question for one in findings if one.severity is Severity.ERROR}
    return replace(
        empty,
        findings=findings,
        answers=_answers(check, findings, {}),
        is_complete="structure" not in wrong,
        is_valid=not wrong & {"structure", "fixity"},
        files=check.files,
        octets=check.octets,
        payload_files=check.files,
        payload_octets=check.octets,
    )


def _moved(finding: Finding, folder: str) -> Finding:
    return replace(finding, path=BagPath(f"{folder}/{finding.path}" if finding.path else folder))


def _merged(about_package: Iterable[Finding], about_bag: list[Finding]) -> tuple[Finding, ...]:
    """All findings in path order. What the bag's own manifests show of a file is not reported a second time."""
    shown = {one.path for one in about_bag if one.severity is Severity.ERROR}
    own = [one for one in about_package if one.path is None or one.path not in shown]
    every = dict.fromkeys([*own, *about_bag])
    return tuple(sorted(every, key=lambda one: (one.path.text if one.path else "", one.line or 0, one.code)))


def _answers(check: EarkCheck, findings: Iterable[Finding], inner: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers about the bag, and with them what is wrong with the package round it."""
    absent = answer(State.ABSENT, reason("no-bag"))
    answers = {question: inner.get(question, absent) for question in (*QUESTIONS, *inner)}
    for question in ("structure", "fixity"):
        wrong = sum(one.question == question and one.severity is Severity.ERROR for one in findings)
        if wrong:
            answers[question] = answer(State.FAILED, reason("errors", n=wrong))
        elif question not in inner:
            is_shown = question == "structure" or check.digested
            unknown = answer(State.NOT_CHECKED, reason("mets-no-digest"))
            answers[question] = answer(State.PASSED) if is_shown else unknown
    return answers
