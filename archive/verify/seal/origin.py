"""A disclosure copy: that each of its parts is a leaf of the original's tree, and whose seal vouches for that tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from archive.bag.tagfiles import TagFiles
from archive.trust import seal_folder
from archive.trust.seal_folder import FileRefused
from archive.verify.files.control_files import ControlFiles
from archive.verify.records.condition_warnings import warn_of_conditions
from archive.verify.seal.derived_copy import check_derived
from archive.warc.report import WarcReport
from archive.words.reasons import answer, reason
from archive_manifests import disclosure, layout
from archive_manifests import seal as seals
from archive_manifests.disclosed_ledger import CONDITIONS, HALVES, parse_conditions, parse_entry
from archive_manifests.disclosure import Commitment, Tree
from archive_manifests.disclosure_copy import (
    LEAVES,
    PROOFS,
    RECORD_LEAVES,
    REDACTED,
    WITHHELD,
    Proof,
    Withheld,
    least_withheld,
    ledger_path,
    parse_leaves,
    parse_proofs,
    parse_withheld,
)
from archive_manifests.errors import StatementError
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, Finding, Reason, Severity, State
from archive_manifests.ledger import SourceEntry, files_of, records_of
from archive_manifests.paths import BagPath
from archive_manifests.seal import SealedFacts

DOCUMENTS = frozenset({LEAVES, PROOFS, RECORD_LEAVES, WITHHELD})
"""What the proofs themselves are in."""
DERIVED = frozenset({layout.INDEX, layout.PAGES, layout.DATA_PACKAGE, layout.PAGE, REDACTED})
"""Payload files that may be made for a copy: they lead to what is proven, and prove nothing."""


class Origin(Struct):
    """What a copy proves by itself; `answer` adds whose seal it is."""

    tree: Tree | None = None
    withheld: Withheld | None = None
    proven: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def commitment(self) -> Commitment | None:
        if self.tree is None:
            return None
        return Commitment(disclosure.SCHEME, self.tree.root.hex(), len(self.tree.levels[0]))

    def facts(self, folder: Path) -> SealedFacts:
        """What the original's seal states, where it is over this tree; else facts that no seal states."""
        try:
            stated = seals.parse(seal_folder.read_file(folder, seal_folder.SEAL))
        except (FileRefused, StatementError):
            return SealedFacts(None, (), None, self.commitment)
        return stated if stated.disclosure == self.commitment else SealedFacts(None, (), None, self.commitment)

    def answer(self, who: Answer, when: Answer) -> Answer:
        """The seventh answer: what part of which sealed bag this is."""
        wrong = sum(finding.severity is Severity.ERROR for finding in self.findings)
        if wrong or self.withheld is None:
            return answer(State.FAILED, reason("errors", n=max(wrong, 1)))
        facts = self._stated(self.withheld)
        ended = when.facts.get("log_not_later_than")
        run = (reason("run-ended", ended=ended),) if ended else ()
        facts |= {"records_not_later_than": ended} if ended else {}
        if who.state is State.PASSED:
            since = when.facts.get("not_later_than") if when.state is State.PASSED else None
            more = {"not_later_than": since} if since else {}
            return answer(State.PASSED, _part(self.withheld), facts=facts | more)
        if who.state is State.FAILED:
            return answer(State.FAILED, reason("seal-of-another-tree"), facts=facts)
        code = "no-original-seal" if who.state is State.ABSENT else "signer-unknown"
        return answer(State.NOT_CHECKED, _part(self.withheld), reason(code), *run, facts=facts)

    def _stated(self, withheld: Withheld) -> dict[str, object]:
        facts: dict[str, object] = {"disclosed": list(withheld.disclosed), "because": withheld.because}
        return facts | ({"withheld": withheld.sources} if withheld.sources is not None else {})


def _part(withheld: Withheld) -> Reason:
    """How many sources of the original are here, and why the others are not."""
    here, missing = len(withheld.disclosed), withheld.sources
    if missing is None:
        return reason("part-of-sources", here=here, because=withheld.because)
    return reason("part-of-all-sources", here=here, all=here + missing, missing=missing, because=withheld.because)


def check_origin(control: ControlFiles, tags: TagFiles, reports: Mapping[BagPath, WarcReport]) -> Origin:
    """Check every proof, and that nothing is there without one."""
    origin = Origin()
    proofs: list[Proof] = []
    for path, read in ((LEAVES, parse_leaves), (PROOFS, parse_proofs), (WITHHELD, parse_withheld)):
        try:
            value: Any = read(control.read(path) or b"")
        except StatementError as error:
            origin.findings.append(make_finding("origin-unreadable", BagPath(path), note=str(error)))
            continue
        if path == LEAVES:
            origin.tree = value
        elif path == PROOFS:
            proofs = value
        else:
            origin.withheld = value
    if origin.tree is None or origin.withheld is None or not proofs:
        if not origin.findings:
            origin.findings.append(make_finding("origin-unreadable", BagPath(PROOFS), note="it proves nothing"))
        return origin
    digests = _Digests(tags, reports)
    places = {(proof.path, proof.offset): (proof.kind, proof.ref) for proof in proofs if proof.kind == "record"}
    proven = _proven(origin, proofs, digests)
    origin.proven = len(proven)
    if control.holds(RECORD_LEAVES):
        origin.findings += _not_in_the_run(control, proofs, digests)
    origin.findings += _without_proof(origin.withheld, control, digests, proven, places)
    origin.findings += _incomplete(origin.withheld, control, proven)
    origin.findings += _conditions(control, proven)
    if not any(finding.severity is Severity.ERROR for finding in origin.findings):  # else it differs of course
        origin.findings += check_derived(control, tags, reports, origin.withheld)
    return origin


class _Digests:
    """The sha256 of each file and each record of the copy, as the one read of the bag found them."""

    def __init__(self, tags: TagFiles, reports: Mapping[BagPath, WarcReport]) -> None:
        self._table = tags.table
        self.records = {
            (path.text, record.offset): record
            for path, report in reports.items()
            if path.text.startswith(layout.ARCHIVE)
            for record in report.records()
        }

    def of(self, proof: Proof) -> bytes | None:
        """The digest of what a proof is about; None where that is not here, or not where it has to be."""
        if proof.kind == "record":
            record = self.records.get((proof.path, proof.offset if proof.offset is not None else -1))
            if record is None or record.id != proof.ref or record.length != proof.length:
                return None
            return bytes.fromhex(record.sha256)
        if proof.path != (proof.ref if proof.kind == "file" else ledger_path(proof.kind, proof.ref)):
            return None
        row = self._table.row_of.get(proof.path)
        if row is None or "sha256" not in self._table.algorithms:
            return None
        return self._table.digest(self._table.column("sha256"), row)


def _proven(origin: Origin, proofs: list[Proof], digests: _Digests) -> set[tuple[str, str]]:
    """The kinds and references whose leaves are in the tree, each once."""
    assert origin.tree is not None
    left = set(origin.tree.levels[0])
    proven = set()
    for number, proof in enumerate(proofs, start=1):
        digest = digests.of(proof)
        leaf = proof.leaf(digest) if digest is not None else None
        if leaf is None or leaf not in left or (proof.kind, proof.ref) in proven:
            facts = {"found": proof.ref[:200] or proof.kind, "line": number}
            origin.findings.append(make_finding("origin-unproven", BagPath(proof.path), **facts))
            continue
        left.remove(leaf)
        proven.add((proof.kind, proof.ref))
    return proven


def _not_in_the_run(control: ControlFiles, proofs: list[Proof], digests: _Digests) -> Iterator[Finding]:
    """Records that are not in the tree which the run's closing timestamp covers."""
    from archive.verify.records.run_timestamps import stated_tree

    path = BagPath(RECORD_LEAVES)
    try:
        tree = parse_leaves(control.read(RECORD_LEAVES) or b"")
    except StatementError as error:
        yield make_finding("origin-unreadable", path, note=str(error))
        return
    if stated_tree(control) != Commitment(disclosure.SCHEME, tree.root.hex(), len(tree.levels[0])):
        yield make_finding("origin-unproven", path, note="the stamped end of the run states another tree of records")
    known = set(tree.levels[0])
    for proof in proofs:
        digest = digests.of(proof) if proof.kind == "record" else None
        if digest is not None and proof.leaf(digest) not in known:
            yield make_finding("origin-unproven", path, record=proof.ref, note="no record of the stamped run")


def _without_proof(
    withheld: Withheld,
    control: ControlFiles,
    digests: _Digests,
    proven: set[tuple[str, str]],
    places: Mapping[tuple[str, int | None], tuple[str, str]],
) -> Iterator[Finding]:
    """Files and records that no proof is about; `places` are those of the records that proofs are about.

    A record is looked for at its place: a second copy of a proven one is proven by nothing.
    """
    pages = frozenset(layout.source_pages(withheld.disclosed))
    ledger_files = {ledger_path(kind, ref) for kind, ref in proven if kind not in ("record", "file")}
    recorded = {path for path, _ in digests.records}
    for path in sorted(control.sizes):
        if path in DOCUMENTS or path in recorded or path in ledger_files or ("file", path) in proven:
            continue
        may_be_derived = path in DERIVED or path in pages
        if not may_be_derived or path not in withheld.derived:
            yield make_finding("origin-unproven", BagPath(path), note="no proof is about this file")
    for (path, offset), record in sorted(digests.records.items()):
        if places.get((path, offset)) not in proven:
            yield make_finding("origin-unproven", BagPath(path), record=record.id, note="no proof is about this record")


def _incomplete(withheld: Withheld, control: ControlFiles, proven: set[tuple[str, str]]) -> Iterator[Finding]:
    """Disclosed sources that are not whole: an entry, a record or a file that one of them names is missing."""
    least = least_withheld(withheld.disclosed)
    if withheld.sources is not None and withheld.sources < least:
        note = f"{withheld.sources} sources stated as withheld; by the ids of the others, at least {least} are not here"
        yield make_finding("origin-incomplete", BagPath(WITHHELD), note=note)
    here = {ref for kind, ref in proven if kind == "capture"}
    for ident in sorted(here ^ set(withheld.disclosed)):
        note = "the list of disclosed sources and the proofs differ"
        yield make_finding("origin-incomplete", BagPath(WITHHELD), source=ident, note=note)
    for ident in sorted(here & set(withheld.disclosed)):
        entry = _entry(control, ident)
        if entry is None or any((kind, ident) not in proven for kind in HALVES):
            yield make_finding("origin-incomplete", BagPath(ledger_path("capture", ident)), source=ident)
            continue
        for record in dict.fromkeys(records_of(entry)):
            if ("record", record) not in proven:
                yield make_finding("origin-incomplete", BagPath(layout.ARCHIVE), source=ident, record=record)
        for path in dict.fromkeys(files_of(entry)):
            if ("file", path) not in proven:
                yield make_finding("origin-incomplete", BagPath(path), source=ident)


def _conditions(control: ControlFiles, proven: set[tuple[str, str]]) -> Iterator[Finding]:
    """The warnings of the captures' conditions, as the original has them; every copy discloses its conditions."""
    path = BagPath(CONDITIONS)
    try:
        stated = parse_conditions(control.read(path) or b"").conditions
    except StatementError as error:
        yield make_finding("origin-incomplete", path, note=str(error))
        return
    if ("conditions", "") not in proven:
        yield make_finding("origin-incomplete", path)
    yield from warn_of_conditions(stated, path)


def _entry(control: ControlFiles, ident: str) -> SourceEntry | None:
    """The ledger's entry, put together from its two halves."""
    try:
        return parse_entry(*(control.read(ledger_path(kind, ident)) or b"" for kind in HALVES))
    except StatementError:
        return None
