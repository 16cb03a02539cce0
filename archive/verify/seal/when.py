"""Since when the bag is as it is: the timestamps of its seal, each judged at the time it states."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from archive.ssh.signature import BadSignature
from archive.timestamp.trusted_list import Qualified
from archive.trust import seal_folder
from archive.trust.anchors import Anchors
from archive.trust.proofs import Proofs, TimestampProof, check_signature, first_signatures, read_proofs
from archive.trust.seal_folder import FileRefused
from archive.verify.result.headline import OTHER_SEAL_STAMPED, PROOF_UNREAD, SEAL_OF_ANOTHER, SEAL_UNREAD
from archive.verify.seal.who import SealRead, read_seal
from archive.words.reasons import answer, reason, text
from archive_manifests.findings import Answer, Finding, Reason, Severity, State
from archive_manifests.moments import iso
from archive_manifests.seal import SealedFacts

RENEW_WITHIN = timedelta(days=180)
"""How long before a certificate ends its stamp is to be renewed."""


def answer_when(
    folder: Path, facts: SealedFacts, anchors: Anchors | None, now: datetime
) -> tuple[Answer, list[Finding]]:
    """Answer since when a bag is provably as it is. `folder` and `anchors` as for `answer_who`."""
    seal = read_seal(folder, facts)
    if seal is None:
        return answer(State.ABSENT, reason("no-seal")), []
    unstamped = list(_renewals_unstamped(seal))
    if not seal.listing.replies:
        waiting = len(seal.listing.queries)
        more = [reason("queries-wait", queries=waiting)] if waiting else []
        return answer(State.ABSENT, reason("no-timestamp"), *more), unstamped
    if seal.content is None:
        return answer(State.FAILED, reason(_why_unusable(seal))), unstamped
    proofs = read_proofs(folder, seal.listing, anchors, now)
    bound = _bound(seal, seal.content, proofs, anchors, now)
    findings = [
        *_findings(seal, proofs, bound, now, is_judged=anchors is not None),
        *_lists_unusable(seal, proofs),
        *_lists_overdue(seal, list(bound.values()), now),
        *_renewals_due(seal, list(bound.values()), now),
        *_renewals_broken(seal, proofs),
        *unstamped,
    ]
    return _answer(proofs, bound, findings, anchors), findings


def _why_unusable(seal: SealRead) -> str:
    """Why no timestamp could be checked: the seal is not there to read, is another bag's, or does not match."""
    if seal.stated is None:
        return SEAL_UNREAD
    return SEAL_OF_ANOTHER if seal.names_another else OTHER_SEAL_STAMPED


def _bound(
    seal: SealRead, content: bytes, proofs: Proofs, anchors: Anchors | None, now: datetime
) -> dict[str, TimestampProof]:
    """The good proofs over what vouches for this bag: the seal itself, and signatures over it that hold."""
    found = {proof.reply for proof in proofs.of(content, seal_folder.SEAL)}
    for name in first_signatures(seal.listing, anchors):
        try:
            _key, signature = check_signature(seal.folder, name, content)
        except (BadSignature, FileRefused):
            continue
        found |= {proof.reply for proof in proofs.of(signature, name)}
    return {
        proof.reply: proof
        for proof in proofs.all
        if proof.reply in found and proof.revoked is None and not _is_future(proof, now)
    }


def _is_future(proof: TimestampProof, now: datetime) -> bool:
    return proof.stamp is not None and proof.stamp.is_from_the_future(now)


def _findings(
    seal: SealRead, proofs: Proofs, bound: Mapping[str, TimestampProof], now: datetime, *, is_judged: bool
) -> Iterator[Finding]:
    """A broken stamp is an error only where none holds: anybody can put one there."""
    severity = Severity.WARNING if bound else None
    for proof in proofs.all:
        if proof.problem is not None:
            yield seal.finding("stamp-bad", proof.reply, f"{proof.reply}: {proof.problem}", severity)
        elif proof.revoked is not None:
            yield seal.finding("stamp-authority-revoked", proof.reply, f"{proof.reply}: {proof.revoked}", severity)
        elif proof.stamp is not None and _is_future(proof, now):
            note = f"{proof.stamp.authority} says {iso(proof.stamp.time)}, and it is {iso(now)} by the clock here"
            yield seal.finding("stamp-in-future", proof.reply, note, severity)
        elif proof.reply not in bound:
            note = f"{proof.reply}: over {proof.target}, which does not speak for this bag"
            yield seal.finding("stamp-unbound", proof.reply, note, severity)
        elif is_judged and not proof.is_trusted:
            assert proof.stamp is not None
            yield seal.finding(
                "stamp-authority-unknown", proof.reply, f"{proof.stamp.authority} leads to no trusted root"
            )
    if proofs.unread:
        yield seal.finding("stamp-unread", "", f"{proofs.unread} timestamps more than {len(proofs.all)}")


def _lists_unusable(seal: SealRead, proofs: Proofs) -> Iterator[Finding]:
    """Lists about an issuer of these stamps that are not used: nothing of them is passed over silently."""
    notes = dict.fromkeys(f"{one.file}: {why}" for proof in proofs.all for one, why in proof.unusable)
    for note in notes:
        yield seal.finding("revocation-list-unusable", "", note)


def _lists_overdue(seal: SealRead, bound: list[TimestampProof], now: datetime) -> Iterator[Finding]:
    """Revocation lists that may lack recent revocations, each reported once, with the first stamp it concerns."""
    concerned = {newest: proof for proof in reversed(bound) if proof.is_trusted for newest in proof.lists}
    for newest, proof in concerned.items():
        if newest.is_overdue(now):
            yield seal.finding("revocation-list-overdue", proof.reply, newest.text)


def _renewals_due(seal: SealRead, bound: list[TimestampProof], now: datetime) -> Iterator[Finding]:
    """A stamp whose certificates end soon, or have ended, and over which no newer one was made in time."""
    trusted = [proof for proof in bound if proof.is_trusted]
    renew = f"archive sign {shlex.quote(seal.folder.name.removesuffix('.seal'))} --renew --tsa URL"
    for proof in trusted:
        assert proof.ends is not None
        assert proof.stamp is not None
        if proof.ends - now > RENEW_WITHIN or _is_renewed(seal, proof, trusted, proof.ends):
            continue
        code, verb = ("stamp-certificate-ended", "ended") if proof.ends < now else ("stamp-renewal-due", "ends")
        note = f"a certificate of {proof.stamp.authority} {verb} on {proof.ends:%Y-%m-%d}; renew it: {renew}"
        yield seal.finding(code, proof.reply, note)


def _is_renewed(seal: SealRead, proof: TimestampProof, trusted: list[TimestampProof], before: datetime) -> bool:
    content = seal_folder.read_file(seal.folder, proof.reply)
    newer = Proofs(tuple(other for other in trusted if other.covers)).of(content, proof.reply)
    return any(other.stamp is not None and other.stamp.not_later_than <= before for other in newer)


def _renewals_unstamped(seal: SealRead) -> Iterator[Finding]:
    """Renewals without a response over them: one that waits for it proves nothing yet, nor does one somebody added."""
    stamped = {seal_folder.target_of(name) for name in seal.listing.replies}
    for name in seal.listing.renewals:
        if name not in stamped:
            yield seal.finding("renewal-unstamped", name, f"{name}: no timestamp is over it, so it proves nothing")


def _renewals_broken(seal: SealRead, proofs: Proofs) -> Iterator[Finding]:
    """Files that a stamped renewal lists and that are no longer so, each reported once."""
    reported = set()
    for proof in proofs.all:
        for name, stated in proof.covers.items():
            try:
                found = hashlib.sha512(seal_folder.read_file(seal.folder, name)).hexdigest()
            except FileRefused as error:
                found = str(error)
            if found != stated and name not in reported:
                reported.add(name)
                note = f"{name}: no longer what {proof.target} lists"
                yield seal.finding("renewal-mismatch", name, note, expected=stated, found=found)


def _answer(
    proofs: Proofs, bound: Mapping[str, TimestampProof], findings: list[Finding], anchors: Anchors | None
) -> Answer:
    facts: dict[str, object] = {"stamps": [_as_facts(proof, proof.reply in bound) for proof in proofs.all]}
    trusted = [proof for proof in bound.values() if proof.is_trusted]
    if trusted:
        earliest = iso(min(proof.stamp.not_later_than for proof in trusted if proof.stamp is not None))
        since = reason("not-later-than", time=earliest, authorities=_authorities(trusted))
        return answer(State.PASSED, since, *_ended(trusted, findings), facts={"not_later_than": earliest, **facts})
    if bound:
        code = "authority-not-looked-up" if anchors is None else "authority-not-trusted"
        return answer(State.NOT_CHECKED, *_authorities(list(bound.values())), reason(code), facts=facts)
    unread = [reason(PROOF_UNREAD)] if all(proof.is_unread for proof in proofs.all) else []
    return answer(State.FAILED, *unread, text(findings[0].note), facts=facts)


def _ended(trusted: list[TimestampProof], findings: list[Finding]) -> list[Reason]:
    """What the answer itself has to say where certificates have ended since, and no newer stamp took over in time."""
    ended = {str(found.path).rpartition("/")[2] for found in findings if found.code == "stamp-certificate-ended"}
    ends = [proof.ends for proof in trusted if proof.reply in ended and proof.ends is not None]
    return [reason("certificate-ended", day=f"{max(ends):%Y-%m-%d}")] if ends else []


def _authorities(proofs: list[TimestampProof]) -> tuple[Reason, ...]:
    """Each authority once, with the earliest time it vouches for, and whether it was a qualified one then."""
    earliest: dict[str, TimestampProof] = {}
    for proof in proofs:
        assert proof.stamp is not None
        known = earliest.setdefault(proof.stamp.authority, proof)
        assert known.stamp is not None
        if proof.stamp.not_later_than < known.stamp.not_later_than:
            earliest[proof.stamp.authority] = proof
    return tuple(
        _authority(authority, iso(proof.stamp.not_later_than), proof)
        for authority, proof in earliest.items()
        if proof.stamp is not None
    )


def _authority(name: str, time: str, proof: TimestampProof) -> Reason:
    """Called qualified only by a trusted list; one that is not pinned, or does not name the authority, says nothing."""
    found = proof.qualification
    if found.ended is not None and found.ended.next_update is not None:
        day = f"{found.ended.next_update:%Y-%m-%d}"
        return reason("authority-list-ended", authority=name, time=time, by=found.ended.text, day=day)
    if found.by is None:
        return reason("authority-says", authority=name, time=time)
    code = "authority-qualified" if found.state is Qualified.YES else "authority-not-qualified"
    return reason(code, authority=name, time=time, by=found.by.text)


def _as_facts(proof: TimestampProof, is_bound: bool) -> dict[str, object]:
    facts: dict[str, object] = {"file": proof.reply, "over": proof.target, "state": "bad"}
    if (stamp := proof.stamp) is None:
        return facts | {"problem": proof.problem}
    known = "revoked" if proof.revoked else "trusted" if proof.is_trusted else "unknown"
    return facts | {
        "state": known if is_bound or proof.revoked else "unbound",
        "authority": stamp.authority,
        "time": iso(stamp.time),
        "not_later_than": iso(stamp.not_later_than),
        "serial": f"{stamp.serial:x}",
        "policy": stamp.policy,
        "certificates_end": iso(proof.ends) if proof.ends else None,
        "qualified": str(proof.qualification.state),
        "qualified_by": proof.qualification.by.text if proof.qualification.by else None,
    }
