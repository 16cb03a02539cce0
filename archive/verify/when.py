"""Since when the bag is as it is: the timestamps of its seal, each judged at the time it states."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from archive.trust import folder as seal_folder
from archive.trust.anchors import Anchors
from archive.trust.folder import FileRefused
from archive.trust.proofs import Proof, Proofs, read_proofs
from archive.trust.sshsig import BadSignature
from archive.verify.findings import Answer, Finding, Severity, State
from archive.verify.who import SealRead, check_signature, finding, read_seal
from archive_manifests.seal import SealedFacts

RENEW_WITHIN = timedelta(days=180)
"""How long before an authority's certificate ends a stamp is to be renewed."""


def answer_when(
    folder: Path, facts: SealedFacts, anchors: Anchors | None, now: datetime
) -> tuple[Answer, list[Finding]]:
    """Answer since when a bag is provably as it is. `folder` and `anchors` as for `answer_who`."""
    seal = read_seal(folder, facts)
    if seal is None:
        return Answer(State.ABSENT, "no seal"), []
    if not seal.listing.replies:
        waiting = len(seal.listing.queries)
        return Answer(State.ABSENT, f"{waiting} queries wait for their answers" if waiting else "no timestamp"), []
    if seal.content is None:
        return Answer(State.FAILED, "the seal that is stamped is not of this bag"), []
    proofs = read_proofs(folder, seal.listing, anchors)
    bound = _bound(seal, proofs)
    return _judged(seal, proofs, bound, anchors, now)


def _bound(seal: SealRead, proofs: Proofs) -> list[Proof]:
    """The good proofs of files that speak for this bag: the seal itself, and signatures over it that hold."""
    assert seal.content is not None
    found = {proof.reply: proof for proof in proofs.of(seal.content, seal_folder.SEAL)}
    for name in seal.listing.signatures:
        try:
            check_signature(seal.folder, name, seal.content)
            content = seal_folder.read_file(seal.folder, name)
        except (BadSignature, FileRefused):
            continue
        found |= {proof.reply: proof for proof in proofs.of(content, name)}
    return [proof for proof in proofs.all if proof.reply in found]


def _judged(
    seal: SealRead, proofs: Proofs, bound: list[Proof], anchors: Anchors | None, now: datetime
) -> tuple[Answer, list[Finding]]:
    trusted = [proof for proof in bound if proof.is_trusted]
    findings = [
        found
        for proof in proofs.all
        if (found := _finding_on(seal, proof, proof in bound, anchors, not bound and not trusted))
    ]
    findings += _renewals_due(seal, trusted, now)
    if proofs.unread:
        note = f"{proofs.unread} more timestamps were not looked at"
        findings.append(finding(seal.folder, "stamp-unread", "", note=note, severity=Severity.WARNING, question="when"))
    facts: dict[str, object] = {"stamps": [_told(proof, proof in bound) for proof in proofs.all]}
    if trusted:
        earliest = _iso(_earliest(trusted))
        why = f"not later than {earliest}: {'; '.join(_sentence(proof) for proof in trusted)}"
        return Answer(State.PASSED, why, {"not_later_than": earliest, **facts}), findings
    if bound:
        reason = "no --trust" if anchors is None else "none is a trusted authority"
        claims = "; ".join(_sentence(proof) for proof in bound)
        return Answer(State.NOT_CHECKED, f"{claims}; authority not known ({reason})", facts), findings
    return Answer(State.FAILED, findings[0].note, facts), findings


def _finding_on(
    seal: SealRead, proof: Proof, is_bound: bool, anchors: Anchors | None, nothing_holds: bool
) -> Finding | None:
    """A broken stamp is an error only where none holds: anybody can put one there."""
    severity = Severity.ERROR if nothing_holds else Severity.WARNING

    def told(code: str, note: str, how: Severity) -> Finding:
        return finding(seal.folder, code, proof.reply, note=f"{proof.reply}: {note}", severity=how, question="when")

    if proof.problem is not None:
        return told("stamp-bad", proof.problem, severity)
    if not is_bound:
        return told("stamp-unbound", f"over {proof.target}, which does not speak for this bag", severity)
    if not proof.is_trusted and anchors is not None:
        assert proof.stamp is not None
        return told("stamp-authority-unknown", f"{proof.stamp.authority} leads to no trusted root", Severity.WARNING)
    return None


def _renewals_due(seal: SealRead, trusted: list[Proof], now: datetime) -> Iterable[Finding]:
    """A stamp whose certificates end soon, or have ended, with no stamp over it that was made in time."""
    for proof in trusted:
        assert proof.ends is not None
        if proof.ends - now > RENEW_WITHIN or _is_renewed(seal, proof, trusted):
            continue
        ended = proof.ends < now
        code = "stamp-certificate-ended" if ended else "stamp-renewal-due"
        verb = "ended" if ended else "ends"
        assert proof.stamp is not None
        note = f"a certificate of {proof.stamp.authority} {verb} {proof.ends:%Y-%m-%d}; renew with sign --renew"
        yield finding(seal.folder, code, proof.reply, note=note, severity=Severity.WARNING, question="when")


def _is_renewed(seal: SealRead, proof: Proof, trusted: list[Proof]) -> bool:
    try:
        content = seal_folder.read_file(seal.folder, proof.reply)
    except FileRefused:
        return False
    later = Proofs(tuple(other for other in trusted if other.covers)).of(content, proof.reply)
    return any(
        other.stamp is not None and proof.ends is not None and other.stamp.not_later_than <= proof.ends
        for other in later
    )


def _earliest(trusted: list[Proof]) -> datetime:
    return min(proof.stamp.not_later_than for proof in trusted if proof.stamp is not None)


def _iso(time: datetime) -> str:
    """To the second, rounded up: a proof must not be made older than it is."""
    if time.microsecond:
        time = time.replace(microsecond=0) + timedelta(seconds=1)
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def _sentence(proof: Proof) -> str:
    assert proof.stamp is not None
    return f"{proof.stamp.authority} says {_iso(proof.stamp.not_later_than)}"


def _told(proof: Proof, is_bound: bool) -> dict[str, object]:
    stamp = proof.stamp
    if stamp is None:
        state = "bad"
    elif not is_bound:
        state = "unbound"
    else:
        state = "trusted" if proof.is_trusted else "unknown"
    return {
        "file": proof.reply,
        "over": proof.target,
        "state": state,
        "authority": stamp.authority if stamp else None,
        "time": _iso(stamp.time) if stamp else None,
        "not_later_than": _iso(stamp.not_later_than) if stamp else None,
        "serial": f"{stamp.serial:x}" if stamp else None,
        "policy": stamp.policy if stamp else None,
        "certificates_end": _iso(proof.ends) if proof.ends else None,
    }
