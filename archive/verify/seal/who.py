"""Who vouches for the bag: the signatures of its seal, judged by trust that comes from outside it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archive.errors import StatementError
from archive.ssh.allowed_signers import AllowedSigner
from archive.ssh.keys import PublicKey
from archive.ssh.signature import BadSignature, UnsupportedSignature
from archive.trust import seal_folder
from archive.trust.anchors import Anchors
from archive.trust.proofs import Proofs, check_signature, first_signatures, read_proofs
from archive.trust.seal_folder import FileRefused, Listing
from archive.verify.result.headline import CHANGED, PROOF_UNREAD, SEAL_ALTERED, SEAL_OF_ANOTHER, SEAL_UNREAD, UNSIGNED
from archive.words.reasons import answer, few, reason, text
from archive_manifests import seal as statements
from archive_manifests.bounded_findings import MOST
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, Finding, Reason, Severity, State
from archive_manifests.moments import iso
from archive_manifests.paths import BagPath
from archive_manifests.seal import NAMESPACE, SealedFacts


class SealRead(Struct, frozen=True):
    """A seal folder that is there."""

    folder: Path
    listing: Listing
    content: bytes | None
    """The bytes of `seal.json` where it is this bag's; else `findings` begin with why it is not."""
    findings: tuple[Finding, ...]
    stated: bytes | None = None
    """The bytes of a `seal.json` that states another bag, or this bag as it was before somebody changed it."""
    names_another: bool = False
    """It states the identifier of another bag."""

    def finding(self, code: str, name: str, note: str, severity: Severity | None = None, **facts: str) -> Finding:
        return seal_finding(self.folder, code, name, note=note, **facts, **({"severity": severity} if severity else {}))


def seal_finding(folder: Path, code: str, name: str, **facts: object) -> Finding:
    """A finding on a file of the seal folder, whose path is given beside the bag's."""
    return make_finding(code, BagPath(f"{folder.name}/{name}" if name else folder.name), **facts)


def read_seal(folder: Path, facts: SealedFacts) -> SealRead | None:
    """Read `seal.json` and compare it with the bag; None where nothing vouches for the bag at all."""
    listing = seal_folder.list_folder(folder)
    if listing is None or listing.is_empty:
        return None
    name = seal_folder.SEAL
    try:
        content = seal_folder.read_file(folder, name)
        stated = statements.parse(content)
    except (FileRefused, StatementError) as error:
        wrong = [seal_finding(folder, "seal-unreadable", name, note=f"the seal cannot be read: {error}")]
        return SealRead(folder, listing, None, (*wrong, *_strange(folder, listing)))
    names_another = stated.bag_id != facts.bag_id
    differs = "the seal is another bag's" if names_another else "the bag is not as the seal states"
    wrong = [
        seal_finding(folder, "seal-mismatch", name, expected=expected, found=found, note=f"{differs}: {what}")
        for what, expected, found in statements.differences(stated, facts)
    ]
    findings = (*wrong, *_strange(folder, listing))
    if wrong:
        return SealRead(folder, listing, None, findings, content, names_another)
    return SealRead(folder, listing, content, findings)


def _strange(folder: Path, listing: Listing) -> list[Finding]:
    return [
        seal_finding(folder, "seal-unknown-file", name, note=f"{name}: nothing that belongs into a seal; not looked at")
        for name in listing.unknown
    ]


class Signed(Struct, frozen=True):
    """One signature file, looked at."""

    name: str
    key: PublicKey | None
    problem: str | None
    """Why it proves nothing; None for a signature that holds."""
    entries: tuple[AllowedSigner, ...]
    """The lines of the reader's trust that name its key or, where it is broken, the key its file is named after."""
    proven: datetime | None
    """When it existed at the latest, by an authority that the reader trusts."""
    judged_at: datetime
    """`proven`, else now: the time at which its key has to be valid."""
    is_revoked: bool = False
    """The reader holds a list that takes its key back."""
    is_unsupported: bool = False
    """Of a kind that is not checked here, so neither good nor bad."""
    is_unread: bool = False
    """The file cannot be read, so nothing of it was checked."""
    why_unknown: str | None = None
    """Why the reader's line with its key does not count here; None where no line has the key."""

    @property
    def valid_entries(self) -> tuple[AllowedSigner, ...]:
        return tuple(entry for entry in self.entries if entry.is_valid_at(self.judged_at))

    @property
    def state(self) -> str:
        if self.problem is not None:
            return "unsupported" if self.is_unsupported else "bad"
        if not self.entries:
            return "unknown"
        if self.is_revoked:
            return "revoked"
        return "trusted" if self.valid_entries else "out-of-period"

    @property
    def all_names(self) -> list[str]:
        """The names of the key in the reader's trust, those of lines that hold at that time before the others."""
        return list(dict.fromkeys(entry.principals for entry in (*self.valid_entries, *self.entries)))

    @property
    def names(self) -> str:
        return few(dict.fromkeys(entry.principals for entry in self.valid_entries or self.entries))

    @property
    def fingerprint(self) -> str | None:
        return self.key.fingerprint if self.key else None


def answer_who(
    folder: Path, facts: SealedFacts, anchors: Anchors | None, now: datetime
) -> tuple[Answer, list[Finding]]:
    """Answer who vouches for a bag whose facts were computed from the bag itself.

    `folder` is the seal folder, there or not; `anchors` is the reader's own trust, None where none was given.
    """
    seal = read_seal(folder, facts)
    if seal is None:
        return answer(State.ABSENT, reason("no-seal")), []
    if seal.content is None:
        return _of_another_state(seal, anchors, now), list(seal.findings)
    if not seal.listing.signatures:
        return answer(State.ABSENT, reason(UNSIGNED)), list(seal.findings)
    proofs = read_proofs(folder, seal.listing, anchors, now)
    names = first_signatures(seal.listing, anchors)
    signed = [_look_at(seal, name, anchors or Anchors(), proofs, now) for name in names]
    findings = [*seal.findings, *_findings(seal, signed, is_judged=anchors is not None)]
    return _answer(signed, findings, anchors), findings


def _of_another_state(seal: SealRead, anchors: Anchors | None, now: datetime) -> Answer:
    """Why a seal that does not match the bag vouches for nothing: the bag changed, or the seal is not its own."""
    first = text(seal.findings[0].note)
    if seal.stated is None:
        return answer(State.FAILED, first, reason(SEAL_UNREAD))
    if seal.names_another:
        return answer(State.FAILED, reason(SEAL_OF_ANOTHER))
    read = replace(seal, content=seal.stated)
    proofs = read_proofs(seal.folder, seal.listing, anchors, now)
    names = first_signatures(seal.listing, anchors)
    signed = [_look_at(read, name, anchors or Anchors(), proofs, now) for name in names]
    facts: dict[str, object] = {"signers": [_as_facts(one) for one in signed]}
    trusted = [one.names for one in signed if one.state == "trusted"]
    if trusted:
        return answer(State.FAILED, reason(CHANGED, names=few(dict.fromkeys(trusted))), facts=facts)
    keys = [one.fingerprint for one in signed if one.problem is None and one.fingerprint]
    if keys:
        return answer(State.FAILED, reason(CHANGED, names=few(keys)), facts=facts)
    return answer(State.FAILED, reason(SEAL_ALTERED if signed else UNSIGNED), first, facts=facts)


def _look_at(seal: SealRead, name: str, anchors: Anchors, proofs: Proofs, now: datetime) -> Signed:
    assert seal.content is not None
    try:
        key, content = check_signature(seal.folder, name, seal.content)
    except (BadSignature, FileRefused) as error:
        claimed = [entry for entry in anchors.signers if seal_folder.signature_name(entry.key.safe_name) == name]
        entries = tuple(entry for entry in claimed if entry.speaks_for(entry.key, NAMESPACE))
        unsupported = isinstance(error, UnsupportedSignature)
        unread = isinstance(error, FileRefused)
        return Signed(name, None, str(error), entries, None, now, is_unsupported=unsupported, is_unread=unread)
    proven = proofs.earliest_of(content, name, now)
    entries = anchors.entries_for(key, NAMESPACE)
    is_revoked, why = anchors.revoked.holds(key), anchors.why_unknown(key, NAMESPACE)
    return Signed(name, key, None, entries, proven, proven or now, is_revoked, why_unknown=why)


def _findings(seal: SealRead, signed: list[Signed], *, is_judged: bool) -> list[Finding]:
    holds = any(one.problem is None for one in signed)
    passes = any(one.state == "trusted" for one in signed)
    findings = [found for one in signed if (found := _finding(seal, one, holds=holds, passes=passes))]
    if unread := len(seal.listing.signatures) - len(signed):
        findings.append(seal.finding("signature-unread", "", f"{unread} signatures more than {len(signed)}"))
    return findings if is_judged else [found for found in findings if found.code != "signer-unknown"]


_NOBODY = "is not among the trusted signers"


def _finding(seal: SealRead, one: Signed, *, holds: bool, passes: bool) -> Finding | None:
    """What is wrong with one signature, if anything.

    A trusted signer's broken signature is an error whatever is beside it; anybody's else only where none holds.
    """
    if one.state == "bad":
        severity = Severity.WARNING if holds and not one.entries else None
        return seal.finding("signature-bad", one.name, f"{one.names or one.name}: {one.problem}", severity)
    if one.state == "unsupported":
        return seal.finding("signature-unsupported", one.name, f"{one.names or one.name}: {one.problem}")
    if one.state == "unknown":
        why = _NOBODY if one.why_unknown is None else f"({one.why_unknown})"
        return seal.finding("signer-unknown", one.name, f"{one.fingerprint} {why}")
    if one.state == "revoked":
        severity = Severity.WARNING if passes else None
        return seal.finding("signer-revoked", one.name, f"{one.names}: {one.fingerprint} was revoked", severity)
    if one.state == "out-of-period":
        spans = few(dict.fromkeys(entry.span for entry in one.entries), between="; ")
        judged = "stamped" if one.proven else "time of signing unknown, so judged as of"
        note = f"{one.names}: this key is trusted {spans}; {judged} {iso(one.judged_at)}"
        severity = Severity.WARNING if passes else None
        return seal.finding("signer-out-of-period", one.name, note, severity, expected=spans, found=iso(one.judged_at))
    return None


def _answer(signed: list[Signed], findings: list[Finding], anchors: Anchors | None) -> Answer:
    facts: dict[str, object] = {"signers": [_as_facts(one) for one in signed]}
    errors = [found for found in findings if found.severity is Severity.ERROR]
    if errors:
        unread = [reason(PROOF_UNREAD)] if all(one.is_unread for one in signed) else []
        return answer(State.FAILED, *unread, text(errors[0].note), facts=facts)
    trusted = [one for one in signed if one.state == "trusted"]
    if trusted:
        return answer(State.PASSED, *map(_signer, trusted), facts=facts)
    if all(one.is_unsupported for one in signed):
        return answer(State.NOT_CHECKED, text(f"{signed[0].name}: {signed[0].problem}"), facts=facts)
    keys = ", ".join(one.fingerprint for one in signed if one.fingerprint)
    if why := next((one.why_unknown for one in signed if one.why_unknown is not None), None):
        return answer(State.NOT_CHECKED, reason("signer-listed-otherwise", keys=keys, why=why), facts=facts)
    code = "signer-not-looked-up" if anchors is None else "signer-not-trusted"
    return answer(State.NOT_CHECKED, reason(code, keys=keys), facts=facts)


def _signer(one: Signed) -> Reason:
    named = {"names": one.names, "key": one.fingerprint or "-"}
    return reason("signed-by-then", **named, time=iso(one.proven)) if one.proven else reason("signed-by", **named)


def _as_facts(one: Signed) -> dict[str, object]:
    return {
        "file": one.name,
        "key": one.fingerprint,
        "names": one.all_names[:MOST],
        "state": one.state,
        "signed_not_later_than": iso(one.proven) if one.proven else None,
    }
