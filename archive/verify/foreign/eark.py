"""Checks an E-ARK package: every digest and size that its METS files state, and what no METS file lists. (CSIP 2.1.0)

The bag in it is verified as any bag is; what is found there has the path of the bag in the package before its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from archive.bag.eark import EarkPackage
from archive.bag.interface import UNKNOWN, Bag, Broken, Entry, Reader
from archive.errors import StatementError
from archive.verify.result.verification import Verification
from archive.words.reasons import answer, reason
from archive_manifests.bounded_findings import BoundedFindings, bounded
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import QUESTIONS, Answer, Finding, Severity, State, count_of
from archive_manifests.mets import MetsFile, read_mets
from archive_manifests.paths import BagPath

NO_BAG = "no bag in the E-ARK package"


class EarkCheck(Struct):
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
    reader, unlisted = bag.reader(), list[str]()
    for entry in chain(bag.tag_entries(), bag.payload_entries()):
        stated = listed.pop(entry.path, ())
        if not stated and entry.path not in eark.metadata:
            unlisted.append(entry.path)
            continue
        found = bag.measured(entry) if entry.size == UNKNOWN else entry
        _check_file(check, reader, found, [_unpacked(one) for one in _each(stated)])
        checked(entry.path, found.size)
    reader.close()
    check.findings += BoundedFindings(make_finding("eark-file-missing", BagPath(path[:1000])) for path in listed)
    check.findings += BoundedFindings(make_finding("eark-file-unlisted", BagPath(path)) for path in unlisted)
    if len(eark.bags) != 1:
        found_bags = f"{len(eark.bags)}: {', '.join(eark.bags[:3])}"[:500] if eark.bags else "none"
        check.findings.append(make_finding("eark-no-bag", expected="one bag", found=found_bags))
    check.findings = [*bag.findings, *check.findings]
    return check


class _Stated(NamedTuple):
    """What METS states of one file."""

    algorithm: str | None
    digest: bytes
    octets: int | None


def _each(stated: bytes | Iterable[bytes]) -> Iterable[bytes]:
    return (stated,) if isinstance(stated, bytes) else stated


def _packed(one: MetsFile) -> bytes:
    """What METS states of one file in few bytes: a package may have a million."""
    algorithm, digest = (one.fixity.algorithm, one.fixity.value) if one.fixity else ("", "")
    octets = "" if one.octets is None else one.octets
    return f"{algorithm} {octets} ".encode() + bytes.fromhex(digest)


def _unpacked(text: bytes) -> _Stated:
    algorithm, octets, digest = text.split(b" ", 2)
    return _Stated(algorithm.decode() or None, digest, int(octets) if octets else None)


def _listed(eark: EarkPackage, check: EarkCheck) -> dict[str, bytes | list[bytes]]:
    """What the METS files state, packed, by path in the package; a list where they state it more than once."""
    listed: dict[str, bytes | list[bytes]] = {}
    for place in eark.metadata:
        folder = place.rpartition("/")[0]

        def take(one: MetsFile, folder: str = folder) -> None:
            (path,) = eark.package.shared_paths([f"{folder}/{one.path}" if folder else one.path])
            known = listed.get(path)
            listed[path] = _packed(one) if known is None else [*_each(known), _packed(one)]

        _read(eark.package, place, check, take)
    return listed


def _read(bag: Bag, place: str, check: EarkCheck, take: Callable[[MetsFile], None]) -> None:
    path = BagPath(place)
    try:
        with bag.open(path) as stream:
            problems = read_mets(stream, take).problems
    except StatementError as error:
        check.findings.append(make_finding("eark-mets", path, note=str(error)))
        return
    for problem in problems:
        check.findings.append(make_finding("eark-mets", path, note=problem, severity=Severity.WARNING))


def _check_file(check: EarkCheck, reader: Reader, entry: Entry, stated: list[_Stated]) -> None:
    place = BagPath(entry.path)
    running = {one.algorithm: hashlib.new(one.algorithm, usedforsecurity=False) for one in stated if one.algorithm}
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
        found = running[one.algorithm].digest() if one.algorithm else b""
        if found != one.digest:
            facts = {"expected": f"{one.algorithm}:{one.digest.hex()}", "found": f"{one.algorithm}:{found.hex()}"}
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
    return bounded(every)


def _answers(check: EarkCheck, findings: Iterable[Finding], inner: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers about the bag, and with them what is wrong with the package round it."""
    absent = answer(State.ABSENT, reason("no-bag"))
    answers = {question: inner.get(question, absent) for question in (*QUESTIONS, *inner)}
    for question in ("structure", "fixity"):
        wrong = count_of((one for one in findings if one.question == question), Severity.ERROR)
        if wrong:
            answers[question] = answer(State.FAILED, reason("errors", n=wrong))
        elif question not in inner:
            is_shown = question == "structure" or check.digested
            unknown = answer(State.NOT_CHECKED, reason("mets-no-digest"))
            answers[question] = answer(State.PASSED) if is_shown else unknown
    return answers
