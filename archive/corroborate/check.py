"""A corroboration compared with one observer's bag: whether the bag holds what it states, and who signed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from archive.corroborate.check_pages import check_pages
from archive.corroborate.corroborate import sighting
from archive.corroborate.countersign import read_document
from archive.corroborate.observer import Observer, read_observer
from archive.corroborate.standing import corroboration_folder
from archive.errors import StatementError
from archive.ssh import signature as sshsig
from archive.ssh.signature import BadSignature
from archive.trust import seal_folder
from archive.trust.anchors import Anchors, load_anchors
from archive.trust.proofs import LARGEST_SIGNATURE, Proofs, first_signatures, read_proofs
from archive.trust.seal_folder import FileRefused
from archive.version import AGENT
from archive_manifests.corroboration import (
    FILE,
    NAMESPACE,
    CorroboratedSource,
    Corroboration,
    ObserverFacts,
    PairStatus,
    RefusedBag,
    Sighting,
    SourceState,
    from_json,
)
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.moments import iso
from archive_manifests.paths import BagPath

_SEVERAL = 2
_DERIVED = frozenset(("text_sha256", "media_sha256"))
"""What reading a page gives, which another version of this program may read otherwise."""


@dataclass(frozen=True, slots=True)
class Countersignature:
    """Who signed a corroboration."""

    key: str
    names: tuple[str, ...]
    """By the reader's trust."""
    known_for_others: tuple[str, ...]
    """The names where the trust knows the key, and no line of it is for corroborations."""
    observers: tuple[str, ...]
    """The observers whose bags the same key signed."""
    signed_not_later_than: str | None


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


def check_corroboration(bag: Path, folder: Path, trust: Path | None, now: datetime) -> CorroborationCheck:
    """Hold the corroboration in `folder` against a bag. Writes nothing; raises `BagUnreadable` for the bag alone."""
    try:
        content = read_document(folder)
        document = from_json(content)
    except StatementError as error:
        return CorroborationCheck((_finding(folder, "corroboration-unreadable", note=str(error)),))
    anchors = load_anchors(trust) if trust is not None else None
    signatures, findings = _signatures(folder, content, document, anchors, now)
    findings += check_pages(folder, document)
    findings += _of_states(folder, document)
    opened = read_observer(bag, trust, now)
    if isinstance(opened, RefusedBag):  # `verify` says what is wrong with it
        return CorroborationCheck(tuple(findings), document, None, signatures)
    try:
        ours = next((one for one in document.observers if one.tagmanifest == opened.facts.tagmanifest), None)
        if ours is None:
            facts = {"expected": ", ".join(one.tagmanifest for one in document.observers)[:300]}
            wrong = _finding(folder, "corroboration-other-bag", found=opened.facts.tagmanifest, **facts)
            return CorroborationCheck((*findings, wrong), document, None, signatures)
        findings += _against_bag(folder, document, ours, opened)
    finally:
        opened.close()
    voices = tuple(_voices(document, ours))
    findings += [
        _finding(folder, "corroboration-contradicted", source=one.source, note=_contradicting(one))
        for one in voices
        if any(status == PairStatus.CONTRADICTS for _, status, _ in one.others)
    ]
    return CorroborationCheck(tuple(findings), document, ours.name, signatures, voices)


def check_beside(bag: Path, now: datetime) -> CorroborationCheck | None:
    """The same for the corroboration that lies beside a bag; None where none does."""
    folder = corroboration_folder(bag)
    return check_corroboration(bag, folder, None, now) if (folder / FILE).is_file() else None


def _contradicting(one: SourceVoices) -> str:
    names = ", ".join(name for name, status, _ in one.others if status == PairStatus.CONTRADICTS)
    return f"{one.address}: {names}"


def _finding(folder: Path, code: str, **facts: str) -> Finding:
    return make_finding(code, BagPath(f"{folder.name}/{FILE}"), **facts)


def _of_states(folder: Path, document: Corroboration) -> Iterator[Finding]:
    """What the document states of a source as a whole follows from what it states of each observer and each pair."""
    for source in document.sources:
        is_contradicted = any(pair.status is PairStatus.CONTRADICTS for pair in source.pairs)
        seen = sum(one.is_seen for one in source.sightings)
        expected = str(SourceState.CONTRADICTED) if is_contradicted else f"seen by {seen}"
        found = f"{source.state}, seen by {source.seen}, {source.independent} of them independent"
        is_right = is_contradicted == (source.state is SourceState.CONTRADICTED) and source.seen == seen
        least = _SEVERAL if source.state is SourceState.CORROBORATED else 0
        if not is_right or not least <= source.independent <= seen:
            facts = {"expected": expected, "found": found, "note": source.address}
            yield _finding(folder, "corroboration-inconsistent", **facts)


def _against_bag(folder: Path, document: Corroboration, ours: ObserverFacts, opened: Observer) -> Iterator[Finding]:
    """What the document states of this bag, computed again from the bag."""
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


def _signatures(
    folder: Path, content: bytes, document: Corroboration, anchors: Anchors | None, now: datetime
) -> tuple[tuple[Countersignature, ...], list[Finding]]:
    listing = seal_folder.list_folder(folder)
    if listing is None:
        return (), []
    proofs, found, findings = read_proofs(folder, listing, anchors, now), [], []
    for name in first_signatures(listing, anchors):
        try:
            data = seal_folder.read_file(folder, name, LARGEST_SIGNATURE)
            signature = sshsig.parse(data)
            if seal_folder.signature_name(signature.public_key.safe_name) != name:
                raise BadSignature("its file is named after another key")
            signature.check(content, NAMESPACE)
        except (BadSignature, FileRefused) as error:
            note = f"{name}: {error}"
            findings.append(make_finding("corroboration-signature-bad", BagPath(f"{folder.name}/{name}"), note=note))
            continue
        found.append(_countersignature(signature, data, name, document, proofs, anchors, now))
    return tuple(found), findings


def _countersignature(
    signature: sshsig.Signature,
    data: bytes,
    name: str,
    document: Corroboration,
    proofs: Proofs,
    anchors: Anchors | None,
    now: datetime,
) -> Countersignature:
    key = signature.public_key.fingerprint
    stamps = (proof.stamp for proof in proofs.of(data, name) if proof.is_trusted and proof.revoked is None)
    times = [stamp.not_later_than for stamp in stamps if stamp is not None and not stamp.is_from_the_future(now)]
    proven = min(times, default=None)
    entries = anchors.entries_for(signature.public_key, NAMESPACE) if anchors is not None else ()
    is_revoked = anchors is not None and anchors.revoked.holds(signature.public_key)
    valid = [entry for entry in entries if entry.is_valid_at(proven or now) and not is_revoked]
    return Countersignature(
        key=key,
        names=tuple(dict.fromkeys(entry.principals for entry in valid)),
        known_for_others=() if entries or anchors is None else tuple(
            dict.fromkeys(one.principals for one in anchors.signers if one.key.fingerprint == key)
        ),
        observers=tuple(one.name for one in document.observers if key in one.keys),
        signed_not_later_than=iso(proven) if proven is not None else None,
    )
