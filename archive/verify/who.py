"""Who vouches for the bag: the signatures of its seal, judged by trust that comes from outside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.errors import StatementError
from archive.trust import folder as seal_folder
from archive.trust import sshsig
from archive.trust.allowed_signers import AllowedSigner
from archive.trust.anchors import Anchors
from archive.trust.folder import FileRefused, Listing
from archive.trust.keys import PublicKey
from archive.trust.proofs import Proofs, read_proofs
from archive.trust.sshsig import BadSignature
from archive.verify.findings import Answer, Finding, Severity, State
from archive_manifests import seal as statements
from archive_manifests.paths import BagPath
from archive_manifests.seal import NAMESPACE, SealedFacts

RULE = "seal 1"
MOST_SIGNATURES = 256
_LARGEST_SIGNATURE = 1 << 16


@dataclass(frozen=True, slots=True)
class SealRead:
    """The seal folder as both questions find it: bytes of `seal.json` once it is this bag's, else why it is not."""

    folder: Path
    listing: Listing
    content: bytes | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature file, looked at."""

    name: str
    key: PublicKey | None = None
    problem: str | None = None
    """Why it proves nothing; None for a signature that holds."""
    entries: tuple[AllowedSigner, ...] = ()
    """The lines of the reader's trust that name its key, or the key its file is named after."""
    proven: datetime | None = None
    """When it existed at the latest, by an authority that the reader trusts."""
    judged_at: datetime | None = None

    @property
    def valid_entries(self) -> tuple[AllowedSigner, ...]:
        assert self.judged_at is not None
        return tuple(entry for entry in self.entries if entry.is_valid_at(self.judged_at))

    @property
    def is_trusted(self) -> bool:
        return self.problem is None and bool(self.valid_entries)


def answer_who(
    folder: Path, facts: SealedFacts, anchors: Anchors | None, now: datetime
) -> tuple[Answer, list[Finding]]:
    """Answer who vouches for a bag whose facts were computed from the bag itself.

    `folder` is the seal folder, there or not; `anchors` is the reader's own trust, None where none was given.
    """
    seal = read_seal(folder, facts)
    if seal is None:
        return Answer(State.ABSENT, "no seal"), []
    findings = list(seal.findings)
    if seal.content is None:
        return Answer(State.FAILED, findings[0].note), findings
    if not seal.listing.signatures:
        return Answer(State.ABSENT, "sealed, signed by nobody"), findings
    signed = _signatures(seal, anchors, now)
    answer, more = _judged(signed, anchors, seal.folder)
    return answer, findings + more


def read_seal(folder: Path, facts: SealedFacts) -> SealRead | None:
    """Read `seal.json` and compare it with the bag; None where nothing vouches for the bag at all."""
    listing = seal_folder.list_folder(folder)
    if listing is None or listing.is_empty:
        return None
    findings = [_unknown(folder, name) for name in listing.unknown]
    content = None
    try:
        content = seal_folder.read_file(folder, seal_folder.SEAL)
        differences = statements.differences(statements.parse(content), facts)
    except (FileRefused, StatementError) as error:
        wrong = [finding(folder, "seal-unreadable", seal_folder.SEAL, note=f"seal.json cannot be read: {error}")]
        return SealRead(folder, listing, None, (*wrong, *findings))
    wrong = [
        finding(folder, "seal-mismatch", seal_folder.SEAL, stated, found, f"the seal is of another bag: {name} differs")
        for name, stated, found in differences
    ]
    return SealRead(folder, listing, None if wrong else content, (*wrong, *findings))


def check_signature(folder: Path, name: str, message: bytes) -> PublicKey:
    """The key that signed `message` in this file. Raises `BadSignature`, `FileRefused`."""
    signature = sshsig.parse(seal_folder.read_file(folder, name, _LARGEST_SIGNATURE))
    if seal_folder.signature_name(signature.public_key.safe_name) != name:
        raise BadSignature("its file is named after another key")
    signature.check(message, NAMESPACE)
    return signature.public_key


def _signatures(seal: SealRead, anchors: Anchors | None, now: datetime) -> list[Signed]:
    proofs = read_proofs(seal.folder, seal.listing, anchors)
    return [_look_at(seal, name, anchors, proofs, now) for name in seal.listing.signatures[:MOST_SIGNATURES]]


def _look_at(seal: SealRead, name: str, anchors: Anchors | None, proofs: Proofs, now: datetime) -> Signed:
    assert seal.content is not None
    anchors = anchors or Anchors()
    try:
        key = check_signature(seal.folder, name, seal.content)
    except (BadSignature, FileRefused) as error:
        claimed = tuple(
            entry
            for entry in anchors.signers
            if seal_folder.signature_name(entry.key.safe_name) == name and entry.speaks_for(entry.key, NAMESPACE)
        )
        return Signed(name, problem=str(error), entries=claimed, judged_at=now)
    proven = _proven(seal, name, proofs)
    return Signed(name, key, None, anchors.entries_for(key, NAMESPACE), proven, proven or now)


def _proven(seal: SealRead, name: str, proofs: Proofs) -> datetime | None:
    content = seal_folder.read_file(seal.folder, name, _LARGEST_SIGNATURE)
    times = [
        proof.stamp.not_later_than for proof in proofs.of(content, name) if proof.is_trusted and proof.stamp is not None
    ]
    return min(times, default=None)


def _judged(signed: list[Signed], anchors: Anchors | None, folder: Path) -> tuple[Answer, list[Finding]]:
    trusted = [one for one in signed if one.is_trusted]
    findings = [found for one in signed if (found := _finding_on(one, anchors, folder, bool(trusted), signed))]
    facts: dict[str, object] = {"signers": [_told(one) for one in signed]}
    if any(found.severity is Severity.ERROR for found in findings):
        first = next(found for found in findings if found.severity is Severity.ERROR)
        return Answer(State.FAILED, first.note, facts), findings
    if trusted:
        return Answer(State.PASSED, "; ".join(_sentence(one) for one in trusted), facts), findings
    keys = ", ".join(one.key.fingerprint for one in signed if one.key is not None)
    reason = "no --trust" if anchors is None else "not among the trusted signers"
    return Answer(State.NOT_CHECKED, f"consistent with key {keys}, signer not known ({reason})", facts), findings


def _finding_on(
    one: Signed, anchors: Anchors | None, folder: Path, passes: bool, signed: list[Signed]
) -> Finding | None:
    """A trusted signer's broken signature is always an error; another's only where no signature holds at all."""
    if one.problem is not None:
        holds = any(other.problem is None for other in signed)
        severity = Severity.WARNING if holds and not one.entries else Severity.ERROR
        return finding(folder, "signature-bad", one.name, note=f"{one.name}: {one.problem}", severity=severity)
    if one.is_trusted or anchors is None:
        return None
    assert one.key is not None
    assert one.judged_at is not None
    if one.entries:
        spans = "; ".join(entry.span for entry in one.entries)
        when = f"{one.judged_at:%Y-%m-%dT%H:%M:%SZ}"
        judged = f"stamped {when}" if one.proven else f"time of signing unknown, judged at {when}"
        note = f"{one.entries[0].principals}: the key was not valid then ({judged})"
        severity = Severity.WARNING if passes else Severity.ERROR
        return finding(folder, "signer-out-of-period", one.name, spans, when, note, severity)
    note = f"{one.key.fingerprint} is not among the trusted signers"
    return finding(folder, "signer-unknown", one.name, note=note, severity=Severity.WARNING)


def _sentence(one: Signed) -> str:
    assert one.key is not None
    names = ", ".join(dict.fromkeys(entry.principals for entry in one.valid_entries))
    time = f"not later than {one.proven:%Y-%m-%dT%H:%M:%SZ}" if one.proven else "time of signing unknown"
    return f"{names} ({one.key.fingerprint}), {time}"


def _told(one: Signed) -> dict[str, object]:
    state = "bad" if one.problem else "trusted" if one.is_trusted else "out-of-period" if one.entries else "unknown"
    return {
        "file": one.name,
        "key": one.key.fingerprint if one.key else None,
        "names": list(dict.fromkeys(entry.principals for entry in one.entries)),
        "state": state,
        "signed_not_later_than": f"{one.proven:%Y-%m-%dT%H:%M:%SZ}" if one.proven else None,
    }


def finding(
    folder: Path,
    code: str,
    name: str,
    expected: str | None = None,
    found: str | None = None,
    note: str | None = None,
    severity: Severity = Severity.ERROR,
    question: str = "who",
) -> Finding:
    """A finding on a file of the seal folder, whose path is told beside the bag's."""
    return Finding(code, BagPath(f"{folder.name}/{name}"), expected, found, RULE, severity, question, note=note)


def _unknown(folder: Path, name: str) -> Finding:
    note = f"{name}: nothing that belongs into a seal; it was not looked at"
    return finding(folder, "seal-unknown-file", name, note=note, severity=Severity.WARNING)
