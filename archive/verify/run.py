"""Verifies one bag: opens it, reads every file once, answers the six questions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from msgspec.structs import replace

from archive.bag.eark import EarkPackage, find_eark
from archive.bag.interface import Bag
from archive.bag.open import open_bag
from archive.bag.store.place import is_store_url
from archive.bag.tagfiles import TagFiles, list_tag_files, read_tag_files
from archive.errors import UsageProblem
from archive.progress import Progress
from archive.trust.seal_folder import MOST_FILES, is_seal_file
from archive.trust.store_seal import seal_beside
from archive.verify.content import BagRead, compare_content, load_for, origin_of
from archive.verify.files.early_reading import EarlyReading
from archive.verify.files.fixity import check_tag_fixity
from archive.verify.files.payload import PayloadCheck
from archive.verify.files.read_ahead import ReadAhead
from archive.verify.files.structure import (
    but_for_the_cut,
    check_canonical,
    check_folders,
    check_oxum,
    check_structure,
    is_cut,
)
from archive.verify.files.workers import WorkerPool, cores
from archive.verify.result.basis import basis_of
from archive.verify.result.verification import StageResults, Verification, VerifiedForm, required_findings
from archive.words.reasons import answer, reason
from archive_manifests import layout
from archive_manifests.bounded_findings import BoundedFindings, bounded
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import ORIGIN, QUESTIONS, Finding, Severity, State
from archive_manifests.fixity import BAG_ALGORITHMS, Fixity
from archive_manifests.paths import BagPath

if TYPE_CHECKING:
    from archive.bag.wacz import WaczFile
    from archive.trust.anchors import Anchors
    from archive.verify.files.growing_warcs import GrowingWarcs
    from archive.verify.foreign.supplied_recordings import Recorded
    from archive.verify.seal.origin import Origin
    from archive.verify.seal.seal_check import ReadBag

LEDGER = layout.LEDGER

EARLY = 1 << 20
"""Bytes of manifests from which processes are started before these are read, while this one is small."""

NOT_OF_THE_RFC = frozenset({"not-canonical", "required", "not-expected"})
"""Errors that leave a bag complete and valid as RFC 8493 means it."""

INCOMPLETE = frozenset({"file-vanished", "unreadable"})
"""Errors of fixity without which a bag is not complete either."""


class _Options(Struct, frozen=True):
    """How one bag is verified, whatever it is."""

    required: tuple[str, ...]
    """Questions whose answer has to be `passed`."""
    expect: Fixity | None
    anchors: Anchors | None
    now: datetime
    jobs: int
    progress: Progress
    is_strict: bool
    wants_latest: bool
    growing: GrowingWarcs | None


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
    growing: GrowingWarcs | None = None,
) -> Verification:
    """Verify the bag at `path`. It writes nothing and uses no network. Raises `BagUnreadable`, `UsageProblem`.

    `expect` is the digest of `tagmanifest-sha256.txt`, known from elsewhere; `trust` a folder with `allowed_signers`
    and `tsa/`; `require` names questions whose answer has to be `passed`; `seal` is a seal folder kept elsewhere;
    with `strict` others' WARCs are held to every rule, one finding each; with `wants_latest` the latest time that the
    bag states is read of every record; `growing` has read WARCs of the bag while they were written.
    """
    required = tuple(require)
    _require_known(required, expect)
    options = _Options(
        required=required,
        expect=expect,
        anchors=_anchors(trust) if trust is not None else None,
        now=now or datetime.now(UTC),
        jobs=jobs or cores(),
        progress=progress or Progress(),
        is_strict=strict,
        wants_latest=wants_latest,
        growing=growing,
    )
    if not is_store_url(path) and not Path(path).is_dir():
        from archive.verify.records.lone_warc import is_lone_warc, verify_warc

        if is_lone_warc(Path(path)):
            _require_bag(path, expect)
            return verify_warc(Path(path), required, options.progress, is_strict=strict)
    ahead = ReadAhead()
    with open_bag(path, ahead) as bag, seal_beside(bag.location.absolute()) as beside:
        if bag.is_recording:
            _require_bag(path, expect)
            return _verify_wacz(cast("WaczFile", bag), options)
        stages = partial(_verify_bag, ahead=ahead, options=options, seal=seal or beside)
        eark = find_eark(bag)
        return stages(bag) if eark is None else _verify_eark(eark, stages, options)


def _require_bag(path: Path | str, expect: Fixity | None) -> None:
    """Raise `UsageProblem` where a bag's fingerprint is given for a recording, which has none."""
    if expect is not None:
        raise UsageProblem(f"{path}: --expect is a bag's fingerprint, and this is a recording; see its sha256sum")


def _anchors(folder: Path) -> Anchors:
    from archive.trust.anchors import load_anchors

    return load_anchors(folder)


def _require_known(required: Iterable[str], expect: Fixity | None) -> None:
    """Raise `UsageProblem` for a question that there is not, or a digest that no manifest has."""
    unknown = set(required) - {*QUESTIONS, ORIGIN}
    if unknown:
        raise UsageProblem(f"no such question: {', '.join(sorted(unknown))}; there are {', '.join(QUESTIONS)}")
    if expect is not None and expect.algorithm not in BAG_ALGORITHMS:
        raise UsageProblem(f"{expect}: expected a digest in {' or '.join(BAG_ALGORITHMS)}")


def _verify_wacz(wacz: WaczFile, options: _Options) -> Verification:
    """The same answers about a WACZ, which is no bag. (WACZ 1.1.1)"""
    from archive.verify.foreign.wacz import answers_of, check_wacz, requirement_findings

    checked = options.progress.file_checked
    check = check_wacz(wacz, options.anchors, options.now, is_strict=options.is_strict, checked=checked)
    findings = [*check.findings, *requirement_findings(check, set(), severity=Severity.ERROR)]
    answers = answers_of(check, findings)
    findings += required_findings(answers, options.required)
    wrong = {finding.question for finding in findings if finding.severity is Severity.ERROR}
    return Verification(
        bag=wacz.location.absolute(),
        answers=answers,
        findings=bounded(findings),
        is_complete="structure" not in wrong,
        is_valid=not wrong & {"structure", "fixity"},
        files=check.files,
        octets=check.octets,
        payload_files=check.files,
        payload_octets=check.octets,
        tagmanifest=None,
        basis=basis_of(answers, is_expected=False),
        form=VerifiedForm.WACZ,
    )


def _verify_eark(eark: EarkPackage, verify_bag: Callable[[Bag], Verification], options: _Options) -> Verification:
    """What the METS files of an E-ARK package show, and the answers about the bag in it. (CSIP 2.1.0)"""
    from archive.verify.foreign.eark import verify_eark

    place = eark.package.location.absolute()
    empty = Verification(place, {}, (), is_complete=False, is_valid=False, files=0, octets=0, payload_files=0,
                         payload_octets=0, tagmanifest=None)  # fmt: skip
    found = verify_eark(eark, verify_bag, empty, options.progress.file_checked)
    lacking = () if len(eark.bags) == 1 else tuple(required_findings(found.answers, options.required))
    return replace(found, bag=place, findings=(*found.findings, *lacking), form=VerifiedForm.EARK)


def _verify_bag(bag: Bag, *, ahead: ReadAhead, options: _Options, seal: Path) -> Verification:
    """The stages of a verification; each takes what the one before returns."""
    read, results = _read_files(bag, ahead, options)
    results, recorded = compare_content(read, results, is_strict=options.is_strict)
    origin = origin_of(read)
    results = results.adding(origin.findings) if origin is not None else results
    results = _judge_seal(read, results, recorded, origin, seal, options)
    results, is_expected = _compare_with_pin(read, results, options.expect)
    results = results.adding(required_findings(results.answers, options.required))
    found = _sum_up(read, _explained(read, results), is_expected=is_expected)
    latest = _latest_stated(read, recorded, origin) if options.wants_latest else None
    return replace(found, trust=options.anchors.files if options.anchors else (), latest=latest)


def _read_files(bag: Bag, ahead: ReadAhead, options: _Options) -> tuple[BagRead, StageResults]:
    """Structure and fixity: every file is read here, and nowhere else."""
    tags, jobs = list_tag_files(bag), options.jobs
    reader = bag.reader()
    with WorkerPool(reader, tags.table.algorithms, jobs) as pool:
        early = None
        if tags.manifest_octets > EARLY and not bag.reads_in_order and jobs > 1:
            pool.start()
            early = EarlyReading(bag, tags, pool)
        read_tag_files(tags, reader, early.step if early else lambda: None)
        check_structure(bag, tags)
        payload = PayloadCheck(bag, tags, options.progress, ahead, options.growing)
        payload.run(pool, jobs, early, load_for(tags.table.row_of))
    read = BagRead(bag, tags, payload.read, payload.control(jobs))
    if tags.is_ours:
        check_canonical(tags)
        check_folders(bag, tags)
    if not any(finding.code == "fetch-hole" for finding in read.payload.findings):
        check_oxum(tags, read.payload.octets, read.payload.files, read.payload.system_files)
    if bag.is_unlisted:
        unlisted = answer(State.NOT_CHECKED, reason("package-unlisted"))
        return read, StageResults().adding(BoundedFindings(bag.findings), "structure").answering({"fixity": unlisted})
    every: Iterable[Finding] = chain(bag.findings, tags.findings, check_tag_fixity(tags), read.payload.findings)
    found = BoundedFindings(but_for_the_cut(tags, every) if is_cut(bag) else every)
    if tags.payload_manifests:
        return read, StageResults().adding(found, "structure", "fixity")
    unknown = answer(State.NOT_CHECKED, reason("no-known-manifest"))
    return read, StageResults().adding(found, "structure").answering({"fixity": unknown})


def _subject(read: BagRead, recorded: Recorded, origin: Origin | None) -> ReadBag:
    from archive.verify.seal.seal_check import ReadBag

    return ReadBag(read.bag, read.tags, read.control, read.payload.reports, recorded, origin)


def _latest_stated(read: BagRead, recorded: Recorded, origin: Origin | None) -> datetime | None:
    """The latest time of its own making that the bag states."""
    from archive.verify.seal.seal_check import latest_stated

    return latest_stated(_subject(read, recorded, origin))


def _judge_seal(
    read: BagRead,
    results: StageResults,
    recorded: Recorded,
    origin: Origin | None,
    folder: Path,
    options: _Options,
) -> StageResults:
    """Who vouches for the bag, since when, and when the run was made that made it."""
    # A disclosure copy has the original's seal; a bag of ours states when its run was.
    has_times = origin is not None or any(map(read.control.holds, (LEDGER, layout.BEGUN, layout.ENDED)))
    if options.anchors is None and not os.path.lexists(folder) and not has_times:
        return results.answering(dict.fromkeys(("who", "when"), answer(State.ABSENT, reason("no-seal"))))
    from archive.verify.seal.seal_check import check_seal

    check = check_seal(_subject(read, recorded, origin), folder, options.anchors, options.now)
    answers = {"who": check.who, "when": check.when}
    if origin is not None:
        answers["origin"] = origin.answer(check.who, check.when)
    return results.answering(answers).adding(check.findings)


def _compare_with_pin(read: BagRead, results: StageResults, expect: Fixity | None) -> tuple[StageResults, bool]:
    """Compare with the digest that the caller knows from elsewhere; True where it is this bag's."""
    if expect is None:
        return results, False
    found = _tagmanifest(read.tags, expect.algorithm)
    if found == expect:
        return results, True
    facts = {"expected": str(expect), "found": str(found) if found else "no tagmanifest-sha256.txt"}
    return results.adding([make_finding("not-expected", BagPath(layout.TAG_MANIFEST), **facts)], "fixity"), False


def _explained(read: BagRead, results: StageResults) -> StageResults:
    """The same, each finding with the source that it concerns, and where the report cites that."""
    if not results.findings or not read.control.holds(LEDGER):
        return results
    from archive.verify.concerned_sources import explain

    return replace(results, findings=tuple(explain(read.control, bounded(results.findings))))


def _tagmanifest(tags: TagFiles, algorithm: str = "sha256") -> Fixity | None:
    digest = tags.digests.get(layout.TAG_MANIFEST, {}).get(algorithm)
    return Fixity(algorithm, digest) if digest else None


def _sum_up(read: BagRead, results: StageResults, *, is_expected: bool) -> Verification:
    tags, payload, answers = read.tags, read.payload, results.answers
    errors = {(found.question, found.code) for found in results.findings if found.severity is Severity.ERROR}
    of_the_rfc = {(question, code) for question, code in errors if code not in NOT_OF_THE_RFC}
    is_complete = not any(question == "structure" or code in INCOMPLETE for question, code in of_the_rfc)
    return Verification(
        bag=read.bag.location.absolute(),
        answers={name: answers[name] for name in (*QUESTIONS, ORIGIN) if name in answers},
        findings=bounded(results.findings),
        is_complete=is_complete,
        is_valid=is_complete and not any(question == "fixity" for question, _ in of_the_rfc),
        files=payload.files + len(tags.entries),
        octets=payload.octets + tags.octets,
        payload_files=payload.files,
        payload_octets=payload.octets,
        tagmanifest=_tagmanifest(tags),
        basis=basis_of(answers, is_expected=is_expected),
        form=VerifiedForm.SEAL if _is_seal(tags) else VerifiedForm.BAG,
        is_ours=tags.is_ours,
        renderings=_renderings(read),
    )


def _is_seal(tags: TagFiles) -> bool:
    """True for a seal as `pack` packages it: its files are the payload, and there is no evidence."""
    payload = tags.table.row_of
    return 0 < len(payload) <= MOST_FILES and all(is_seal_file(path.removeprefix(layout.PAYLOAD)) for path in payload)


def _renderings(read: BagRead) -> int:
    ledger = read.control.ledger if read.control.holds(LEDGER) else None
    return sum(entry.rendering is not None for entry in ledger.sources) if ledger is not None else 0
