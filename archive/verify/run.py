"""Verifies one bag: opens it, reads every file once, asks the six questions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.bag.derived import part_of
from archive.bag.eark import EarkPackage, find_eark
from archive.bag.interface import Bag
from archive.bag.open import open_bag
from archive.bag.tagfiles import TagFiles, list_tag_files, read_tag_files
from archive.bag.wacz import WaczFile
from archive.errors import UsageProblem
from archive.progress import Progress
from archive.trust.store_seal import seal_beside
from archive.verify.basis import Basis, basis_of
from archive.verify.control_files import ControlFiles
from archive.verify.fixity import check_tag_fixity
from archive.verify.payload import PayloadCheck, PayloadRead
from archive.verify.structure import check_canonical, check_oxum, check_structure
from archive.verify.workers import WorkerPool, cores
from archive.words.reasons import answer, reason
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import ORIGIN, QUESTIONS, Answer, Finding, Outcome, Severity, State, outcome_of
from archive_manifests.fixity import BAG_ALGORITHMS, Fixity
from archive_manifests.paths import BagPath

if TYPE_CHECKING:
    from archive.trust.anchors import Anchors
    from archive.verify.origin import Origin
    from archive.verify.seal_check import ReadBag
    from archive.verify.supplied_recordings import Recorded

LEDGER = layout.LEDGER

EARLY = 1 << 20
"""Bytes of manifests from which processes are started before these are read, while this one is small."""

LOG = layout.RECORDS

UNCHECKED = frozenset({"warc-unchecked", "wacz-unchecked", "coverage-unchecked"})
"""Warnings that say that something could not be looked at: the answer is then not `passed`."""

BY_ANOTHER = frozenset({"read-otherwise", "generated-differs"})
"""Differences that another version of the program may explain, and that nothing here proves it does."""

NOT_OF_THE_RFC = frozenset({"not-canonical", "required", "not-expected"})
"""Errors that leave a bag complete and valid as RFC 8493 means it."""

INCOMPLETE = frozenset({"file-vanished", "unreadable"})
"""Errors of fixity without which a bag is not complete either."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying a bag found."""

    bag: Path
    answers: Mapping[str, Answer]
    findings: tuple[Finding, ...]
    """In path order; those about the bag as a whole first."""
    is_complete: bool
    is_valid: bool
    """As RFC 8493, section 3, means both."""
    files: int
    octets: int
    """Everything that was read, tag files too."""
    payload_files: int
    payload_octets: int
    tagmanifest: Fixity | None
    """Of `tagmanifest-sha256.txt`, by which the bag is recognised."""
    basis: Basis = Basis.ALONE
    """What vouches for it, where no error was found."""
    trust: tuple[str, ...] = ()
    """What was read of the reader's trust folder, file by file; empty without one."""
    latest: datetime | None = None
    """The latest time of its own making that it states, where `wants_latest` was given."""

    @property
    def outcome(self) -> Outcome:
        """All findings in one word."""
        return outcome_of(self.findings)

    @property
    def errors(self) -> int:
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def warnings(self) -> int:
        return len(self.findings) - self.errors


def verify(
    path: Path | str,
    *,
    expect: Fixity | None = None,
    trust: Path | None = None,
    require: Iterable[str] = (),
    jobs: int | None = None,
    seal: Path | None = None,
    strict: bool = False,
    progress: Progress | None = None,
    now: datetime | None = None,
    wants_latest: bool = False,
) -> Verification:
    """Verify the bag at `path`. Writes nothing, asks no network. Raises `BagUnreadable`, `UsageProblem`.

    `expect` is the digest of `tagmanifest-sha256.txt`, known from elsewhere; `trust` a folder with `allowed_signers`
    and `tsa/`; `require` names questions whose answer has to be `passed`; `seal` is a seal folder kept elsewhere;
    with `strict` others' WARCs are held to every rule, one finding each; with `wants_latest` the latest time that the
    bag states is read of every record.
    """
    required = tuple(require)
    unknown = set(required) - {*QUESTIONS, ORIGIN}
    if unknown:
        raise UsageProblem(f"no such question: {', '.join(sorted(unknown))}; there are {', '.join(QUESTIONS)}")
    if expect is not None and expect.algorithm not in BAG_ALGORITHMS:
        raise UsageProblem(f"{expect}: expected a digest in {' or '.join(BAG_ALGORITHMS)}")
    anchors = _anchors(trust) if trust is not None else None
    with open_bag(path) as bag, seal_beside(bag.location.absolute()) as beside:
        if isinstance(bag, WaczFile):
            at = now or datetime.now(UTC)
            return _verify_wacz(bag, anchors, required, progress or Progress(), at, is_strict=strict)

        def verify_bag(one: Bag) -> Verification:
            run = _Run(one, jobs or cores(), progress or Progress(), is_strict=strict)
            run.look()
            run.compare_content()
            run.judge_seal(seal or beside, anchors, now or datetime.now(UTC))
            run.compare_with_pin(expect, required)
            run.explain_findings()
            latest = run.latest() if wants_latest else None
            return replace(run.verification(), trust=anchors.files if anchors else (), latest=latest)

        eark = find_eark(bag)
        return verify_bag(bag) if eark is None else _verify_eark(eark, verify_bag, required, progress or Progress())


def _anchors(folder: Path) -> Anchors:
    from archive.trust.anchors import load_anchors

    return load_anchors(folder)


def _verify_wacz(
    wacz: WaczFile,
    anchors: Anchors | None,
    required: tuple[str, ...],
    progress: Progress,
    now: datetime,
    *,
    is_strict: bool,
) -> Verification:
    """The same answers about a WACZ, which is no bag. (WACZ 1.1.1)"""
    from archive.verify.wacz import answers_of, check_wacz, requirement_findings

    check = check_wacz(wacz, anchors, now, is_strict=is_strict, checked=progress.file_checked)
    findings = [*check.findings, *requirement_findings(check, set(), severity=Severity.ERROR)]
    answers = answers_of(check, findings)
    findings += _required(answers, required)
    wrong = {finding.question for finding in findings if finding.severity is Severity.ERROR}
    return Verification(
        bag=wacz.location.absolute(),
        answers=answers,
        findings=tuple(sorted(findings, key=_place)),
        is_complete="structure" not in wrong,
        is_valid=not wrong & {"structure", "fixity"},
        files=check.files,
        octets=check.octets,
        payload_files=check.files,
        payload_octets=check.octets,
        tagmanifest=None,
        basis=basis_of(answers, is_ours=False, is_expected=False),
    )


def _verify_eark(
    eark: EarkPackage, verify_bag: Callable[[Bag], Verification], required: tuple[str, ...], progress: Progress
) -> Verification:
    """What the METS files of an E-ARK package show, and the answers about the bag in it. (CSIP 2.1.0)"""
    from archive.verify.eark import verify_eark

    place = eark.package.location.absolute()
    empty = Verification(place, {}, (), is_complete=False, is_valid=False, files=0, octets=0, payload_files=0,
                         payload_octets=0, tagmanifest=None)  # fmt: skip
    found = verify_eark(eark, verify_bag, empty, progress.file_checked)
    lacking = () if len(eark.bags) == 1 else tuple(_required(found.answers, required))
    return replace(found, bag=place, findings=(*found.findings, *lacking))


def _required(answers: Mapping[str, Answer], required: tuple[str, ...]) -> Iterator[Finding]:
    """What the caller insists on, and is not so."""
    for question in required:
        given = answers.get(question, Answer(State.ABSENT))
        if given.state is not State.PASSED:
            found = f"{question} is {given.state}" + (f": {given.why}" if given.why else "")
            yield make_finding("required", question=question, expected="passed", found=found)


class _Run:
    """One bag being verified: answers and findings gather here."""

    def __init__(self, bag: Bag, jobs: int, progress: Progress, *, is_strict: bool) -> None:
        self._bag = bag
        self._jobs = jobs
        self._is_strict = is_strict
        self._progress = progress
        self._findings: list[Finding] = []
        self._answers: dict[str, Answer] = {}
        self._origin: Origin | None = None
        self._is_expected = False
        self._recorded: Recorded = {}
        self._tags: TagFiles
        self._payload: PayloadRead
        self._control: ControlFiles

    def look(self) -> None:
        """Structure and fixity: every file is read here, and nowhere else."""
        self._tags = tags = list_tag_files(self._bag)
        reader = self._bag.reader()
        with WorkerPool(reader, tags.table.algorithms, self._jobs) as pool:
            if tags.manifest_octets > EARLY and not self._bag.reads_in_order:
                pool.start()
            read_tag_files(tags, reader)
            check_structure(self._bag, tags)
            payload = PayloadCheck(self._bag, tags, self._progress)
            payload.run(pool, self._jobs)
        self._payload = payload.read
        self._control = payload.control(self._jobs)
        if tags.is_ours:
            check_canonical(tags)
        if not any(finding.code == "fetch-hole" for finding in payload.read.findings):
            check_oxum(tags, payload.read.octets, payload.read.files)
        self._findings += [*self._bag.findings, *tags.findings, *check_tag_fixity(tags), *payload.read.findings]
        self._answers["structure"] = self._answer("structure")
        is_checked = bool(tags.payload_manifests)
        unknown = reason("no-known-manifest")
        self._answers["fixity"] = self._answer("fixity") if is_checked else answer(State.NOT_CHECKED, unknown)

    def compare_content(self) -> None:
        """The WARCs against their index, the ledger against both."""
        reports = self._payload.reports
        part = part_of(self._tags)
        if part is not None and not self._is_whole_all_the_same():
            self._compare_part(str(part))
            return
        if reports or self._control.holds(LOG):
            from archive.verify.warc import check_warc

            self._findings += check_warc(self._control, reports, is_strict=self._is_strict)
            self._answers["warc"] = self._answer("warc")
        else:
            self._answers["warc"] = answer(State.ABSENT, reason("no-warc"))
        self._check_recordings()
        is_due = self._control.is_ours and not self._control.holds(LEDGER)
        absent = answer(State.ABSENT, reason("no-ledger"))
        self._answers["coverage"] = answer(State.NOT_CHECKED, reason("ledger-missing")) if is_due else absent
        if self._control.holds(LEDGER):
            from archive.verify.coverage import check_coverage, is_ledger

            if is_ledger(self._control):
                self._findings += check_coverage(self._control, reports)
                self._answers["coverage"] = self._answer("coverage")
        self._compare_generated()
        self._check_origin()

    def _check_origin(self) -> None:
        """Of a disclosure copy: that it is a part of the original."""
        from archive.verify.origin import check_origin, is_copy

        if is_copy(self._control):
            self._origin = check_origin(self._control, self._tags, self._payload.reports)
            self._findings += self._origin.findings

    def _check_recordings(self) -> None:
        """Recordings that other tools made."""
        from archive.verify.supplied_recordings import check_recordings

        table = self._tags.table
        found, self._recorded = check_recordings(self._bag, table, self._control, is_strict=self._is_strict)
        if found:
            self._findings += found
            self._answers |= {question: self._answer(question) for question in ("structure", "warc")}
            if self._tags.payload_manifests:
                self._answers["fixity"] = self._answer("fixity")

    def _is_whole_all_the_same(self) -> bool:
        """True where what calls itself a part has the log and the WARCs: then it is checked like any bag."""
        return self._control.holds(LOG) and bool(self._payload.reports) and self._control.holds(LEDGER)

    def _compare_generated(self) -> None:
        """What our bags hold that is made from other files in them; of a bag that is whole otherwise."""
        is_whole = not any(finding.severity is Severity.ERROR for finding in self._findings)
        if is_whole and self._control.is_ours and self._control.read(LEDGER) is not None:
            from archive.verify.generated import check_generated

            self._findings += check_generated(self._control, self._tags, self._bag.name)
            questions = [name for name in ("warc", "coverage") if self._answers[name].state is not State.ABSENT]
            self._answers |= {question: self._answer(question) for question in questions}

    def _compare_part(self, part: str) -> None:
        """A part holds WARCs without the log that speaks of them, or that log without its WARCs."""
        alone = ControlFiles(contents={}, sizes={})
        if self._payload.reports:
            from archive.verify.warc import check_warc

            self._findings += check_warc(alone, self._payload.reports, is_strict=self._is_strict)
        is_there = bool(self._payload.reports)
        self._answers["warc"] = self._answer("warc") if is_there else answer(State.ABSENT, reason("no-warc-in-part"))
        self._answers["coverage"] = answer(State.NOT_CHECKED, reason("parts-apart", part=part))

    def judge_seal(self, folder: Path, anchors: Anchors | None, now: datetime) -> None:
        """Who vouches for the bag, since when, and when the run was made that made it."""
        if anchors is None and not os.path.lexists(folder) and not self._has_times:
            self._answers |= dict.fromkeys(("who", "when"), answer(State.ABSENT, reason("no-seal")))
            return
        from archive.verify.seal_check import check_seal

        check = check_seal(self._read_bag(), folder, anchors, now)
        self._answers |= {"who": check.who, "when": check.when}
        if self._origin is not None:
            self._answers["origin"] = self._origin.answer(check.who, check.when)
        self._findings += check.findings

    def _read_bag(self) -> ReadBag:
        from archive.verify.seal_check import ReadBag

        reports = self._payload.reports
        return ReadBag(self._bag, self._tags, self._control, reports, self._recorded, self._origin)

    def latest(self) -> datetime | None:
        """The latest time of its own making that the bag states."""
        from archive.verify.seal_check import latest_stated

        return latest_stated(self._read_bag())

    @property
    def _has_times(self) -> bool:
        """True where the bag states when its run was, or is a disclosure copy, which has the original's seal."""
        stated = (LEDGER, layout.BEGUN, layout.ENDED)
        return self._origin is not None or any(map(self._control.holds, stated))

    def compare_with_pin(self, expect: Fixity | None, required: tuple[str, ...]) -> None:
        """What the caller knows from elsewhere, and what the caller insists on."""
        found = self._tagmanifest(expect.algorithm) if expect else None
        self._is_expected = expect is not None and found == expect
        if expect is not None and found != expect:
            facts = {"expected": str(expect), "found": str(found) if found else "no tagmanifest-sha256.txt"}
            self._findings.append(make_finding("not-expected", BagPath(layout.TAG_MANIFEST), **facts))
            self._answers["fixity"] = self._answer("fixity")
        self._findings += _required(self._answers, required)

    def explain_findings(self) -> None:
        """Say of each finding which source it concerns, and where the report cites that."""
        if self._findings and self._control.holds(LEDGER):
            from archive.verify.concerned_sources import explain

            self._findings = explain(self._control, self._findings)

    def _tagmanifest(self, algorithm: str = "sha256") -> Fixity | None:
        digest = self._tags.digests.get(layout.TAG_MANIFEST, {}).get(algorithm)
        return Fixity(algorithm, digest) if digest else None

    def _answer(self, question: str) -> Answer:
        about = [found for found in self._findings if found.question == question]
        wrong = sum(found.severity is Severity.ERROR for found in about)
        if wrong:
            return answer(State.FAILED, reason("errors", n=wrong))
        unchecked = [str(found.path) for found in about if found.code in UNCHECKED]
        if unchecked:
            return answer(State.NOT_CHECKED, reason("too-large", paths=", ".join(unchecked)))
        others = sorted({str(found.path) for found in about if found.code in BY_ANOTHER})
        if others:
            return answer(State.NOT_CHECKED, reason("made-by-another", paths=", ".join(others)))
        return Answer(State.PASSED)

    def verification(self) -> Verification:
        errors = {(found.question, found.code) for found in self._findings if found.severity is Severity.ERROR}
        of_the_rfc = {(question, code) for question, code in errors if code not in NOT_OF_THE_RFC}
        is_complete = not any(question == "structure" or code in INCOMPLETE for question, code in of_the_rfc)
        return Verification(
            bag=self._bag.location.absolute(),
            answers={name: self._answers[name] for name in (*QUESTIONS, ORIGIN) if name in self._answers},
            findings=tuple(sorted(self._findings, key=_place)),
            is_complete=is_complete,
            is_valid=is_complete and not any(question == "fixity" for question, _ in of_the_rfc),
            files=self._payload.files + len(self._tags.entries),
            octets=self._payload.octets + self._tags.octets,
            payload_files=self._payload.files,
            payload_octets=self._payload.octets,
            tagmanifest=self._tagmanifest(),
            basis=basis_of(self._answers, is_ours=self._tags.is_ours, is_expected=self._is_expected),
        )


def _place(finding: Finding) -> tuple[str, int, str, str]:
    return (finding.path.text if finding.path else "", finding.line or 0, finding.code, finding.found or "")
