"""Who signed a corroboration, and since when: signatures and timestamps in its folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.ssh import signature as sshsig
from archive.ssh.signature import BadSignature
from archive.trust import seal_folder
from archive.trust.anchors import Anchors
from archive.trust.proofs import LARGEST_SIGNATURE, Proofs, first_signatures, read_proofs
from archive.trust.seal_folder import FileRefused
from archive_manifests.corroboration import FILE, NAMESPACE, Corroboration
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.moments import iso
from archive_manifests.paths import BagPath


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
    is_stamped: bool = False
    """True where a sound timestamp is over it, by whichever authority."""


def read_signatures(
    folder: Path, content: bytes, document: Corroboration, anchors: Anchors | None, now: datetime
) -> tuple[tuple[Countersignature, ...], list[Finding]]:
    """Every signature that is valid, and what is wrong with the others and with timestamps."""
    listing = seal_folder.list_folder(folder)
    if listing is None:
        return (), []
    proofs, found, findings = read_proofs(folder, listing, anchors, now), [], list(_misnamed(folder))
    findings += [
        make_finding("corroboration-stamp-bad", BagPath(f"{folder.name}/{one.reply}"), note=one.problem)
        for one in proofs.all
        if one.problem is not None
    ]
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


def _misnamed(folder: Path) -> Iterator[Finding]:
    """A signature under the name that `ssh-keygen -Y sign` chooses, which is not read; it names the expected one."""
    name = f"{FILE}.sig"
    try:
        signature = sshsig.parse(seal_folder.read_file(folder, name, LARGEST_SIGNATURE))
        expected = seal_folder.signature_name(signature.public_key.safe_name)
    except (BadSignature, FileRefused):
        if not (folder / name).exists():
            return
        expected = "SHA256-KEY.sig"
    yield make_finding("corroboration-signature-name", BagPath(f"{folder.name}/{name}"), expected=expected, found=name)


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
    stamped = proofs.of(data, name)
    stamps = (proof.stamp for proof in stamped if proof.is_trusted and proof.revoked is None)
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
        is_stamped=bool(stamped),
    )
