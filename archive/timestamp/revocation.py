"""Whether certificates were revoked, by the lists that the reader has. (RFC 5280, 6.3)

Lists only ever come from the reader. Each one that is about an issuer of a stamp is used, or reported with why not.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from archive.timestamp.crl import RevocationList

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, RevokedCertificate

Chain = Sequence["Certificate"]
"""From the certificate that stamped up to a root."""

HARMLESS = ("unspecified", "affiliationChanged", "superseded", "cessationOfOperation")
"""Reasons for which a stamp from before the revocation stays good; else nothing of it counts. (RFC 3161, section 4)"""

_HOLD, _LIFTED = "certificateHold", "removeFromCRL"


class NewestList(Struct, frozen=True):
    """The newest list that the reader has of one issuer in a chain."""

    issuer: str
    due: datetime | None
    """When the next one is out at the latest; None where it does not say, as it has to. (RFC 5280, 5.1.2.5)"""

    def is_overdue(self, now: datetime) -> bool:
        """True where a newer list is out, and what it revokes is not known here."""
        return self.due is None or self.due < now

    @property
    def text(self) -> str:
        day = f"was due on {self.due:%Y-%m-%d}" if self.due else "is due on a day that it does not state"
        return f"the revocation list of {self.issuer} is an old one, the next {day}; get that into the trust folder"


class _Revocation(Struct, frozen=True):
    since: datetime
    reason: str | None

    @property
    def is_of_the_key(self) -> bool:
        """True where the key itself is not to be relied on, whatever certificate it stands in."""
        return self.reason not in HARMLESS

    def spoils(self, when: datetime) -> bool:
        return self.is_of_the_key or when >= self.since

    @property
    def text(self) -> str:
        return f"its certificate was revoked on {self.since:%Y-%m-%d} ({self.reason or 'no reason given'})"


@dataclass(frozen=True, slots=True)
class Revocations:
    """The reader's lists, applied to certificates at a time."""

    lists: tuple[RevocationList, ...]
    roots: tuple[Certificate, ...]
    known: tuple[Certificate, ...]
    """Roots, and what a reply carries: the certificates among which issuers and other certificates of a key are."""
    now: datetime
    _usable: dict[Certificate, tuple[RevocationList, ...]] = field(default_factory=dict, compare=False)
    """The lists of an issuer, each signature checked once."""

    def why_revoked(self, chains: Sequence[Chain], when: datetime) -> str | None:
        """Why a stamp made at `when` no longer counts; None where it does. `chains` are all that were validated.

        A certificate that was revoked because its key was stolen spoils the stamp, whichever other certificate of that
        key a chain leads through. For the other reasons one chain without revocation is enough.
        """
        reasons: list[str | None] = []
        for chain in chains:
            own = [found for link in self._links(chain) for found in self._revocations(*link) if found.spoils(when)]
            twins = [found for link in self._twin_links(chain) for found in self._revocations(*link)]
            for found in (*own, *twins):
                if found.is_of_the_key:
                    return found.text
            reasons.append(own[0].text if own else None)
        return reasons[0] if reasons and None not in reasons else None

    def newest(self, chains: Sequence[Chain]) -> Iterator[NewestList]:
        """Yield the newest list of every issuer in the chains, where a later one can bring news of them.

        A list from after a certificate's end is the last word on it: an entry stays until then. (RFC 5280, 3.3)
        """
        for certificate, issuer in (pair for chain in chains for pair in pairwise(chain)):
            lists = [one.content for one in self._lists_of(issuer) if not one.is_from_the_future(self.now)]
            newest = max(lists, key=lambda one: one.last_update_utc, default=None)
            if newest is not None and newest.last_update_utc <= certificate.not_valid_after_utc:
                yield NewestList(newest.issuer.rfc4514_string(), newest.next_update_utc)

    def unusable(self, chains: Sequence[Chain]) -> Iterator[tuple[RevocationList, str]]:
        """Yield each list that names an issuer of these chains and is not used, or not as a whole, with why."""
        links = [link for chain in chains for link in self._links(chain)]
        concerned = [certificate for chain in chains for certificate in chain]
        for one in self.lists:
            named = [certificate for certificate in concerned if one.is_by_issuer_of(certificate)]
            others = [certificate for certificate in self.known if one.is_of(certificate)]
            if not (named or others):
                continue
            why = one.unusable
            if why is None and one.is_from_the_future(self.now):
                why = f"issued on {one.content.last_update_utc:%Y-%m-%d}, which is still to come; it lifts no hold"
            is_used = any(one is other for _, issuer in links for other in self._lists_of(issuer))
            if why is None and not is_used and (named or not any(one.is_signed_by(other) for other in others)):
                why = f"no certificate of {one.issuer} that is trusted here signed it, or none that may sign lists"
            if why is None and is_used and self._is_beside_the_point(one, links):
                why = f"it is about other kinds of certificates than those of {one.issuer} here (RFC 5280, 5.2.5)"
            if why is not None:
                yield one, why

    def _is_beside_the_point(self, one: RevocationList, links: Sequence[tuple[Certificate, Certificate]]) -> bool:
        """True where neither this list nor another one of its issuer is about any certificate that it issued here."""
        for certificate, issuer in links:
            lists = self._lists_of(issuer)
            if any(one is other for other in lists) and any(other.is_about(certificate) for other in lists):
                return False
        return True

    def _links(self, chain: Chain) -> Iterator[tuple[Certificate, Certificate]]:
        """Each certificate with its issuer; the last one with whoever issued it, which for a root is itself."""
        yield from pairwise(chain)
        yield from self._issuers_of(chain[-1])

    def _twin_links(self, chain: Chain) -> Iterator[tuple[Certificate, Certificate]]:
        """Other certificates for the keys of a chain, each with its issuers."""
        keys = {_key(certificate) for certificate in chain}
        for other in self.known:
            if other not in chain and _key(other) in keys:
                yield from self._issuers_of(other)

    def _issuers_of(self, certificate: Certificate) -> Iterator[tuple[Certificate, Certificate]]:
        known = self.known if certificate in self.known else (*self.known, certificate)
        return ((certificate, issuer) for issuer in known if is_issued_by(certificate, issuer))

    def _lists_of(self, issuer: Certificate) -> tuple[RevocationList, ...]:
        """The lists of an authority, whichever of its keys signed them, if that is a trusted one. (RFC 5280, 6.3.3 (f))

        An authority that has changed its key signs its lists with the new one, and they are about what the old one
        signed as well.
        """
        if issuer not in self._usable:
            signers = [issuer, *(other for other in self.known if other != issuer and self._is_the_same(other, issuer))]
            self._usable[issuer] = tuple(
                one
                for one in self.lists
                if one.is_of(issuer) and one.unusable is None and any(one.is_signed_by(signer) for signer in signers)
            )
        return self._usable[issuer]

    def _is_the_same(self, other: Certificate, issuer: Certificate) -> bool:
        """True for another certificate of an authority: a root of the reader, or issued by one, or by the authority."""
        try:
            if other.subject != issuer.subject:
                return False
        except (ValueError, TypeError):
            return False
        return other in self.roots or any(is_issued_by(other, above) for above in (issuer, *self.roots))

    def _revocations(self, certificate: Certificate, issuer: Certificate) -> Iterator[_Revocation]:
        """What the issuer's lists say of a certificate, read from the oldest to the newest, deltas with them.

        A hold ends where a later list no longer has it (5.3.1), if that list is from the certificate's lifetime: after
        it, entries are dropped (3.3). Any other revocation is for good. A list that is not out yet ends nothing.
        """
        hold: _Revocation | None = None
        for one in sorted(self._lists_of(issuer), key=lambda one: one.order):
            if not one.is_about(certificate):
                continue
            can_lift = not one.is_from_the_future(self.now)
            found = _entry_of(one, certificate)
            if found is None:
                is_silent = not one.is_delta and one.content.last_update_utc <= certificate.not_valid_after_utc
                hold = None if is_silent and can_lift else hold
            elif found.reason == _LIFTED:
                hold = None if can_lift else hold
            elif found.reason == _HOLD:
                hold = found
            else:
                yield found
        if hold is not None:
            yield hold


def is_issued_by(certificate: Certificate, issuer: Certificate) -> bool:
    """True where the names follow on each other and the issuer's key signed the certificate."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _key(certificate: Certificate) -> bytes:
    """The public key of a certificate in its one spelling; of one whose key cannot be read, the certificate itself."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    try:
        return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, UnsupportedAlgorithm):
        return certificate.public_bytes(Encoding.DER)


def _entry_of(one: RevocationList, certificate: Certificate) -> _Revocation | None:
    try:
        entry = one.content.get_revoked_certificate_by_serial_number(certificate.serial_number)
        return _read_entry(entry) if entry is not None else None
    except ValueError:  # an entry that cannot be read: nobody can say that it is not this certificate's
        return _Revocation(one.content.last_update_utc, None)


def _read_entry(entry: RevokedCertificate) -> _Revocation:
    from cryptography.x509 import CRLReason, ExtensionNotFound, InvalidityDate

    since, reason = entry.revocation_date_utc.astimezone(UTC), None
    with contextlib.suppress(ExtensionNotFound, ValueError):
        since = min(since, entry.extensions.get_extension_for_class(InvalidityDate).value.invalidity_date_utc)
    with contextlib.suppress(ExtensionNotFound, ValueError):
        reason = str(entry.extensions.get_extension_for_class(CRLReason).value.reason.value)
    return _Revocation(since, reason)
