"""What the stamps of a seal folder prove: which file existed at which time, by whose clock. Nothing is raised."""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct, field

from archive.errors import StatementError
from archive.ssh import signature as sshsig
from archive.ssh.keys import PublicKey
from archive.ssh.signature import BadSignature
from archive.timestamp.chains import judge_authority
from archive.timestamp.cms import BrokenToken
from archive.timestamp.crl import RevocationList
from archive.timestamp.revocation import NewestList
from archive.timestamp.token import (
    LARGEST_REPLY,
    Stamp,
    check_answers,
    check_covers,
    read_query,
    read_reply,
)
from archive.timestamp.trusted_list import Qualification, qualification_at
from archive.trust import seal_folder
from archive.trust.anchors import Anchors
from archive.trust.seal_folder import FileRefused, Listing
from archive_manifests.moments import iso
from archive_manifests.seal import NAMESPACE

LARGEST_SIGNATURE = 1 << 16


def check_signature(folder: Path, name: str, message: bytes) -> tuple[PublicKey, bytes]:
    """The key that signed `message` in this file, and the file's bytes. Raises `BadSignature`, `FileRefused`."""
    content = seal_folder.read_file(folder, name, LARGEST_SIGNATURE)
    signature = sshsig.parse(content)
    if seal_folder.signature_name(signature.public_key.safe_name) != name:
        raise BadSignature("its file is named after another key")
    signature.check(message, NAMESPACE)
    return signature.public_key, content


MOST_SIGNATURES = 256
"""Signatures of one seal that are looked at, those of trusted keys first."""

MOST_STAMPS = 4096
"""Replies of one seal folder that are checked, at about a millisecond each."""

_CLOCKS_APART = timedelta(minutes=1)
"""By how much the clocks of two authorities may differ before their order counts."""

_LINE = re.compile(r"([0-9a-f]{128})  ((?:receipts/)?[A-Za-z0-9_][A-Za-z0-9._-]*)\n")


class TimestampProof(Struct, frozen=True):
    """One reply, looked at."""

    reply: str
    """Its file name."""
    target: str
    """The file it is over, by its name."""
    stamp: Stamp | None = None
    """None where `problem` says why it proves nothing."""
    problem: str | None = None
    is_unread: bool = False
    """It, or what it is over, is not there or could not be read: nothing was checked."""
    is_trusted: bool = False
    """A root that the reader trusts vouches for it."""
    revoked: str | None = None
    """Why its authority's certificate no longer counts, by a list that the reader holds."""
    lists: tuple[NewestList, ...] = ()
    """The newest revocation list of every issuer in its chains."""
    unusable: tuple[tuple[RevocationList, str], ...] = ()
    """Revocation lists about its issuers that were not used, or not as a whole, each with why."""
    ends: datetime | None = None
    """When the first certificate of its chain ends."""
    qualification: Qualification = field(default_factory=Qualification)
    """Whether its authority was a qualified one at the time, by a trusted list that the reader pinned."""
    covers: Mapping[str, str] = field(default_factory=dict)
    """For a stamp over a renewal: hex sha512 of every file that the renewal lists."""


class Proofs(Struct, frozen=True):
    """Every reply of a folder, in name order."""

    all: tuple[TimestampProof, ...] = ()
    unread: int = 0
    """Replies beyond `MOST_STAMPS`."""

    def of(self, content: bytes, name: str) -> list[TimestampProof]:
        """The good proofs that these bytes existed: stamps over them, and over renewals that list them."""
        digest = hashlib.sha512(content).hexdigest()
        return [
            proof
            for proof in self.all
            if proof.stamp is not None and (proof.target == name or proof.covers.get(name) == digest)
        ]

    def earliest_of(self, content: bytes, name: str, now: datetime) -> datetime | None:
        """When these bytes existed at the latest, by an authority that is trusted; None where nothing shows it."""
        return _earliest(self.of(content, name), now)

    def earliest_listed(self, content: bytes, now: datetime) -> datetime | None:
        """The same by renewals alone, under any name that they list the bytes by: the file may have moved."""
        digest = hashlib.sha512(content).hexdigest()
        return _earliest((proof for proof in self.all if digest in proof.covers.values()), now)


def _earliest(proofs: Iterable[TimestampProof], now: datetime) -> datetime | None:
    """A timestamp from the future proves no time: by it a key would count that is not valid yet."""
    stamps = (proof.stamp for proof in proofs if proof.is_trusted)
    return min((one.not_later_than for one in stamps if one and not one.is_from_the_future(now)), default=None)


def read_proofs(folder: Path, listing: Listing, anchors: Anchors | None, now: datetime) -> Proofs:
    """Look at every reply in a seal folder, at the time `now`; a broken one is a `TimestampProof` with a `problem`."""
    trusted = anchors or Anchors()
    first = {seal_folder.SEAL, *_trusted_signatures(trusted)}
    ordered = sorted(listing.replies, key=lambda name: _rank(seal_folder.target_of(name), first))
    names = sorted(ordered[:MOST_STAMPS])
    proofs = [_prove(folder, name, trusted, now) for name in names]
    return Proofs(tuple(_in_order(proof, proofs) for proof in proofs), len(listing.replies) - len(names))


def _in_order(proof: TimestampProof, proofs: Sequence[TimestampProof]) -> TimestampProof:
    """The proof; one without effect where its renewal lists a trusted timestamp that is later than itself.

    One of the two authorities is wrong, and the older of the times is not to be relied on.
    """
    own = proof.stamp
    listed = [other for other in proofs if other.reply in proof.covers and other.is_trusted]
    for name, stamp in ((other.reply, other.stamp) for other in listed):
        if own is not None and stamp is not None and own.not_later_than + _CLOCKS_APART < stamp.not_earlier_than:
            stated = f"it says {iso(own.time)}, and lists {name}, which says {iso(stamp.time)}"
            return TimestampProof(proof.reply, proof.target, problem=stated)
    return proof


def first_signatures(listing: Listing, anchors: Anchors | None) -> list[str]:
    """The signatures to look at, in name order: files named after a trusted key are never crowded out by others."""
    first = _trusted_signatures(anchors or Anchors())
    ordered = sorted(listing.signatures, key=lambda name: name not in first)
    return sorted(ordered[:MOST_SIGNATURES])


def _trusted_signatures(anchors: Anchors) -> set[str]:
    return {seal_folder.signature_name(entry.key.safe_name) for entry in anchors.signers}


def _rank(target: str, first: set[str]) -> int:
    return 0 if target in first or seal_folder.is_renewal(target) else 1


def _prove(folder: Path, reply: str, anchors: Anchors, now: datetime) -> TimestampProof:
    target = seal_folder.target_of(reply)
    try:
        data = seal_folder.read_file(folder, target)
        stamp = read_reply(seal_folder.read_file(folder, reply, LARGEST_REPLY))
        check_covers(stamp, data)
        _check_query(folder, reply, stamp)
        covers = dict(renewal_lines(data)) if seal_folder.is_renewal(target) else {}
    except FileRefused as error:
        return TimestampProof(reply, target, problem=f"cannot be read with what it is over: {error}", is_unread=True)
    except (BrokenToken, StatementError) as error:
        return TimestampProof(reply, target, problem=str(error))
    found = judge_authority(stamp, anchors.roots, anchors.crls, now)
    qualification = Qualification()
    if found.is_trusted and anchors.trusted_lists:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cryptography warns the terminal of odd names
            qualification = qualification_at(found.chain, stamp.time, anchors.trusted_lists)
    return TimestampProof(
        reply,
        target,
        stamp,
        is_trusted=found.is_trusted,
        revoked=found.revoked,
        lists=found.lists,
        unusable=found.unusable,
        ends=found.ends,
        covers=covers,
        qualification=qualification,
    )


def _check_query(folder: Path, reply: str, stamp: Stamp) -> None:
    """A reply beside its query answers it; a reply without a query proves its time nevertheless."""
    try:
        query = seal_folder.read_file(folder, f"{reply.removesuffix('.tsr')}.tsq", LARGEST_REPLY)
    except FileRefused:
        return
    check_answers(stamp, read_query(query))


def renewal_lines(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield (name, hex sha512) of a renewal, which is in the format of `sha512sum`. Raises `StatementError`."""
    seen: set[str] = set()
    for number, line in enumerate(content.decode("ascii", "replace").splitlines(keepends=True), start=1):
        found = _LINE.fullmatch(line)
        if found is None:
            raise StatementError(f"renewal line {number}: not a line of sha512sum", line=number)
        if found[2] in seen:
            raise StatementError(f"renewal line {number}: {found[2]} is listed twice", line=number)
        seen.add(found[2])
        yield found[2], found[1]
