"""Who signed a receipt, judged by the sender's own trust, at a time that is proven."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from archive.handover.receipt_time import moment
from archive.handover.sent_bag import SentBag
from archive.ssh import signature as sshsig
from archive.ssh.allowed_signers import AllowedSigner
from archive.ssh.keys import PublicKey
from archive.ssh.signature import BadSignature
from archive.trust import seal_folder
from archive.trust.anchors import Anchors
from archive.trust.proofs import Proofs, check_signature, first_signatures
from archive.trust.seal_folder import FileRefused
from archive.words.reasons import few
from archive_manifests import seal as statements
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.moments import iso
from archive_manifests.paths import BagPath
from archive_manifests.receipt import NAMESPACE, Receipt

_LARGEST_SIGNATURE = 1 << 16


class ReceiptSignature(Struct, frozen=True):
    """The signature over a receipt, looked at."""

    fingerprint: str | None = None
    """Of the key that signed it; None where nobody did."""
    names: tuple[str, ...] = ()
    """Whose key that is, by the sender's trust."""
    is_trusted: bool = False
    """The key is trusted for receipts, at the time that the receipt states and when it was judged."""
    has_expired: bool = False
    """The key was trusted at the time that the receipt states and is no longer; nothing proves that time."""
    is_checked: bool = True
    """False where the sender named no trust, so that whose key it is was not looked up."""
    proven: datetime | None = None
    """When the signature existed at the latest, by an authority that the sender trusts."""


def check_signed(
    path: Path, content: bytes, receipt: Receipt, anchors: Anchors | None, proofs: Proofs, now: datetime
) -> tuple[ReceiptSignature, list[Finding]]:
    """Judge the signature beside a receipt.

    The time that a receipt states is the word of whoever signed it: with the key of a receiver that has expired,
    anybody who gets hold of it could date a receipt back. So the key has to be valid both at that time and when the
    signature is proven to have existed, by a renewal of the bag's seal that lists it; without one, now.
    """
    name = f"{path.name}.sig"
    if not path.with_name(name).exists():
        return ReceiptSignature(), [make_finding("receipt-unsigned", BagPath(path.name))]
    try:
        signed = seal_folder.read_file(path.absolute().parent, name, _LARGEST_SIGNATURE)
        signature = sshsig.parse(signed)
        signature.check(content, NAMESPACE)
    except (FileRefused, BadSignature) as error:
        return ReceiptSignature(), [make_finding("receipt-signature-bad", BagPath(name), note=str(error))]
    proven = proofs.earliest_listed(signed, now)
    return _judged(name, signature.public_key, receipt, anchors, proven, now)


def _judged(
    name: str, key: PublicKey, receipt: Receipt, anchors: Anchors | None, proven: datetime | None, now: datetime
) -> tuple[ReceiptSignature, list[Finding]]:
    entries = anchors.entries_for(key, NAMESPACE) if anchors else ()
    is_revoked = anchors is not None and anchors.revoked.holds(key)
    stated = moment(receipt.received)
    then = [one for one in entries if stated and one.is_valid_at(stated) and not is_revoked]
    valid = [one for one in then if one.is_valid_at(proven or now)]
    if valid:
        return ReceiptSignature(key.fingerprint, _names(valid), is_trusted=True, proven=proven), []
    if then:
        spans = "; ".join(entry.span for entry in then)
        note = f"key {key.fingerprint} is trusted {spans}; judged as of {iso(proven or now)}"
        finding = make_finding("receipt-key-expired", BagPath(name), note=note)
        return ReceiptSignature(key.fingerprint, _names(then), has_expired=True, proven=proven), [finding]
    if anchors is None:
        why = "no trust folder was given"
    else:
        listed = anchors.why_unknown(key, NAMESPACE)
        why = "revoked" if is_revoked else listed or f"not trusted for {NAMESPACE} at the time that the receipt states"
    finding = make_finding("receipt-signer-unknown", BagPath(name), note=f"key {key.fingerprint}: {why}")
    return ReceiptSignature(key.fingerprint, is_checked=anchors is not None, proven=proven), [finding]


def _names(entries: list[AllowedSigner]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.principals for one in entries))


class _Signer(Struct, frozen=True):
    key: PublicKey
    names: frozenset[str]


def sent_by(name: str, signature: ReceiptSignature, sent: SentBag, anchors: Anchors | None) -> Iterator[Finding]:
    """A receipt that the sender signed is nobody's word but the sender's own."""
    names = {one for listed in signature.names for one in listed.split(",")}
    for sender in _sealers(sent, anchors):
        if sender.key.fingerprint == signature.fingerprint or sender.names & names:
            who = few(signature.names) or signature.fingerprint
            note = f"{who} ({signature.fingerprint}) signed the seal of this bag as well"
            yield make_finding("receipt-by-sender", BagPath(f"{name}.sig"), note=note)
            return


def _sealers(sent: SentBag, anchors: Anchors | None) -> Iterator[_Signer]:
    """The signers of the seal."""
    listing = seal_folder.list_folder(sent.folder)
    content = statements.document(sent.facts)
    for name in first_signatures(listing, anchors) if listing else ():
        try:
            key, _ = check_signature(sent.folder, name, content)
        except (BadSignature, FileRefused):
            continue
        entries = anchors.entries_for(key, statements.NAMESPACE) if anchors else ()
        yield _Signer(key, frozenset(name for one in entries for name in one.principals.split(",")))
