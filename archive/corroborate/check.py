"""A corroboration compared with one observer's bag: whether the bag holds what it states, and who signed it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import islice
from pathlib import Path

from archive.corroborate.check_pages import check_pages
from archive.corroborate.consistency import inconsistencies
from archive.corroborate.corroborate import sighting
from archive.corroborate.countersign import read_document
from archive.corroborate.observer import Observer, read_observer
from archive.corroborate.signatures import Countersignature, read_signatures
from archive.corroborate.standing import corroboration_folder
from archive.errors import StatementError
from archive.trust.anchors import load_anchors
from archive.version import AGENT
from archive_manifests.corroboration import (
    FILE,
    CorroboratedSource,
    Corroboration,
    ObserverFacts,
    PairStatus,
    RefusedBag,
    Sighting,
    from_json,
)
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.paths import BagPath

_FACTS = ("report", "started", "ended", "authorities", "round", "records_head")
"""What the bag alone decides."""
_TIMES = ("not_earlier_than", "not_later_than")
"""What the bag decides for a reader who trusts the authority."""
_BY_READER = frozenset(("unsigned", "bracket-not-trusted"))
"""Conditions that the seal beside the bag and the reader's trust decide."""
_MOST_SHOWN = 50
"""Findings of what does not follow from the document."""
_DERIVED = frozenset(("text_sha256", "media_sha256"))
"""What reading a page gives, which another version of this program may read otherwise."""


@dataclass(frozen=True, slots=True)
class SourceVoices:
    """What the other observers are to this bag, for one source."""

    source: str
    """Its id in this bag."""
    address: str
    state: str
    others: tuple[tuple[str, str, str], ...]
    """Observer, status of the pair, independence."""
    seen: tuple[str, ...] = ()
    """Observers that saw the source."""


@dataclass(frozen=True, slots=True)
class CorroborationCheck:
    """What holding a corroboration against a bag found."""

    findings: tuple[Finding, ...]
    document: Corroboration | None = None
    observer: str | None = None
    """This bag's name in the document."""
    signatures: tuple[Countersignature, ...] = ()
    sources: tuple[SourceVoices, ...] = ()
    folder: str = ""
    """Its name."""
    sha256: str = ""
    """Of corroboration.json."""

    @property
    def bad_signatures(self) -> int:
        """Signatures that are there and are not valid."""
        return sum(finding.code == "corroboration-signature-bad" for finding in self.findings)

    @property
    def is_vouched_for(self) -> bool:
        """True where somebody signed what it states, and nothing of that is found to be wrong."""
        return bool(self.signatures) and not self.errors

    @property
    def errors(self) -> int:
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def as_facts(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "observer": self.observer,
            "vouched_for": self.is_vouched_for,
            "signatures": [
                {name: getattr(one, name) for name in ("key", "names", "observers", "signed_not_later_than")}
                for one in self.signatures
            ],
            "sources": [
                {
                    "source": one.source,
                    "address": one.address,
                    "state": one.state,
                    "others": [
                        {"observer": name, "status": status, "independence": independence}
                        for name, status, independence in one.others
                    ],
                }
                for one in self.sources
            ],
        }


def check_corroboration(
    bag: Path, folder: Path, trust: Path | None, now: datetime, seal: Path | None = None
) -> CorroborationCheck:
    """Hold the corroboration in `folder` against a bag; `seal` is the bag's, where that is not beside it.

    Writes nothing; raises `BagUnreadable` for the bag alone.
    """
    try:
        content = read_document(folder)
        document = from_json(content)
    except StatementError as error:
        return CorroborationCheck((_finding(folder, "corroboration-unreadable", note=str(error)),))
    anchors = load_anchors(trust) if trust is not None else None
    signatures, findings = read_signatures(folder, content, document, anchors, now)
    findings += check_pages(folder, document)
    opened = read_observer(bag, trust, now, seal)
    if isinstance(opened, RefusedBag):  # `verify` says what is wrong with it
        findings += _of_itself(folder, document, ())
        return CorroborationCheck(tuple(findings), document, None, signatures)
    try:
        ours = next((one for one in document.observers if one.tagmanifest == opened.facts.tagmanifest), None)
        if ours is None:
            facts = {"expected": ", ".join(one.tagmanifest for one in document.observers)[:300]}
            findings += _of_itself(folder, document, ())
            wrong = _finding(folder, "corroboration-other-bag", found=opened.facts.tagmanifest, **facts)
            return CorroborationCheck((*findings, wrong), document, None, signatures)
        differing = [*_of_observer(folder, document, ours, opened), *_against_bag(folder, document, ours, opened)]
    finally:
        opened.close()
    findings += [*differing, *_of_itself(folder, document, differing)]
    voices = tuple(_voices(document, ours))
    findings += [
        _finding(folder, "corroboration-contradicted", source=one.source, note=_contradicting(one))
        for one in voices
        if any(status == PairStatus.CONTRADICTS for _, status, _ in one.others)
    ]
    digest = hashlib.sha256(content).hexdigest()
    return CorroborationCheck(tuple(findings), document, ours.name, signatures, voices, folder.name, digest)


def check_beside(bag: Path, now: datetime) -> CorroborationCheck | None:
    """The same for the corroboration that lies beside a bag; None where none does."""
    folder = corroboration_folder(bag)
    return check_corroboration(bag, folder, None, now) if (folder / FILE).is_file() else None


def _contradicting(one: SourceVoices) -> str:
    names = ", ".join(name for name, status, _ in one.others if status == PairStatus.CONTRADICTS)
    return f"{one.address}: {names}"


def _finding(folder: Path, code: str, **facts: str) -> Finding:
    return make_finding(code, BagPath(f"{folder.name}/{FILE}"), **facts)


def _of_itself(folder: Path, document: Corroboration, known: Iterable[Finding]) -> Iterator[Finding]:
    """What does not follow from the document itself; once for a source that the bag already contradicts."""
    reported = {one.note for one in known if one.code == "corroboration-differs"}
    for wrong in islice((one for one in inconsistencies(document) if one.about not in reported), _MOST_SHOWN):
        facts = {"expected": wrong.expected[:300], "found": wrong.found[:300], "note": wrong.about}
        yield _finding(folder, "corroboration-inconsistent", **facts)


def _of_observer(folder: Path, document: Corroboration, ours: ObserverFacts, opened: Observer) -> Iterator[Finding]:
    """What the document states of this bag as a whole. Whom a reader trusts, and the bag's name, are the reader's own.

    Keys count where the bag's seal is there: a key that the document names and the seal does not hold makes an
    observer out of nobody, and one that it leaves out and that signed another bag makes two out of one. Any other key
    that it lacks may have signed since.
    """
    for name in _FACTS:
        expected, there = getattr(ours, name), getattr(opened.facts, name)
        if expected != there:
            yield _of_bag(folder, ours, name, expected, there)
    for name in _TIMES:
        expected, there = getattr(ours, name), getattr(opened.facts, name)
        is_known = there is not None or not opened.facts.authorities
        if expected is not None and is_known and expected != there:
            yield _of_bag(folder, ours, name, expected, there)
    codes = [[code for code in each.conditions if code not in _BY_READER] for each in (ours, opened.facts)]
    if codes[0] != codes[1]:
        yield _of_bag(folder, ours, "conditions", ", ".join(codes[0]), ", ".join(codes[1]))
    here, stated = set(opened.facts.keys), set(ours.keys)
    others = {key for one in document.observers if one.name != ours.name for key in one.keys}
    if (here and stated - here) or (here - stated) & others:
        yield _of_bag(folder, ours, "keys", ", ".join(ours.keys), ", ".join(opened.facts.keys))


def _of_bag(folder: Path, ours: ObserverFacts, name: str, expected: object, there: object) -> Finding:
    facts = {"expected": f"{name} {expected}"[:300], "found": f"{name} {there}"[:300], "note": ours.name}
    return _finding(folder, "corroboration-differs", **facts)


def _against_bag(folder: Path, document: Corroboration, ours: ObserverFacts, opened: Observer) -> Iterator[Finding]:
    """What the document states of the sources in this bag, computed again from the bag; it leaves none of them out."""
    stated_here = {source.address for source in document.sources}
    for address, entry in opened.entries.items():
        if address not in stated_here:
            facts = {"expected": "source not cited", "found": "source cited", "note": address}
            yield _finding(folder, "corroboration-differs", source=entry.id, **facts)
    for source in document.sources:
        stated = next((one for one in source.sightings if one.observer == ours.name), None)
        evidence = opened.evidence(source.address)
        found = sighting(ours.name, evidence) if evidence is not None else None
        for name, expected, there in _differences(stated, found, document.software == AGENT):
            facts = {"expected": f"{name} {expected}"[:300], "found": f"{name} {there}"[:300]}
            yield _finding(folder, "corroboration-differs", source=_id_of(stated, found), note=source.address, **facts)


def _id_of(stated: Sighting | None, found: Sighting | None) -> str:
    one = found or stated
    return one.source if one is not None else ""


def _differences(
    stated: Sighting | None, found: Sighting | None, is_same_version: bool
) -> Iterator[tuple[str, object, object]]:
    if stated is None or found is None:
        if stated is not found:
            yield "source", "cited" if stated else "not cited", "cited" if found else "not cited"
        return
    for field in fields(Sighting):
        expected, there = getattr(stated, field.name), getattr(found, field.name)
        if expected != there and (is_same_version or field.name not in _DERIVED):
            yield field.name, expected, there


def _voices(document: Corroboration, ours: ObserverFacts) -> Iterator[SourceVoices]:
    for source in document.sources:
        own = next((one for one in source.sightings if one.observer == ours.name), None)
        if own is not None:
            seen = tuple(one.observer for one in source.sightings if one.is_seen)
            yield SourceVoices(own.source, source.address, str(source.state), tuple(_others(source, ours.name)), seen)


def _others(source: CorroboratedSource, name: str) -> Iterator[tuple[str, str, str]]:
    for pair in source.pairs:
        if name in (pair.first, pair.second):
            other = pair.second if pair.first == name else pair.first
            yield other, str(pair.status), str(pair.independence)
