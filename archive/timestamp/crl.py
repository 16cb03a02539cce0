"""Revocation lists that the reader keeps: what they say of a certificate at a time. (RFC 5280, section 5)"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from archive.errors import StatementError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, CertificateRevocationList, RevokedCertificate

Chain = Sequence["Certificate"]
"""From the certificate that stamped up to a root."""

_HARMLESS = ("unspecified", "affiliationChanged", "superseded", "cessationOfOperation")
"""Reasons for which a stamp from before the revocation stays good; else nothing of it counts. (RFC 3161, section 4)"""
_HOLD, _LIFTED = "certificateHold", "removeFromCRL"

_BLOCK = re.compile(rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", re.DOTALL)


@dataclass(frozen=True)
class RevocationList:
    """One list, and the file it comes from."""

    file: str
    content: CertificateRevocationList

    @property
    def issuer(self) -> str:
        return self.content.issuer.rfc4514_string()

    def is_named_like(self, issuer: Certificate) -> bool:
        try:
            return self.content.issuer == issuer.subject
        except ValueError:  # a name that cannot be read, in a certificate that a reply carries
            return False

    def is_signed_by(self, issuer: Certificate) -> bool:
        """True where this certificate's key signed the list, and may sign lists. (RFC 5280, 6.3.3 (f) and (g))"""
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.x509 import ExtensionNotFound, KeyUsage

        try:
            if not issuer.extensions.get_extension_for_class(KeyUsage).value.crl_sign:
                return False
        except ExtensionNotFound:
            pass
        except ValueError:
            return False
        try:
            # Any kind of key: another than the list was signed with raises, as does a kind that signs nothing.
            return self.content.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
        except (TypeError, ValueError, UnsupportedAlgorithm):
            return False

    @property
    def unusable(self) -> str | None:
        """Why the list cannot be used whoever signed it: a critical extension that is not understood. (5.2)"""
        from cryptography.x509 import DeltaCRLIndicator, IssuingDistributionPoint

        try:
            for extension in self.content.extensions:
                if isinstance(extension.value, IssuingDistributionPoint):
                    if extension.value.indirect_crl or extension.value.only_some_reasons:
                        return "an indirect list, or one of some reasons alone, which is not read here"
                elif extension.critical and not isinstance(extension.value, DeltaCRLIndicator):
                    return f"its critical extension {extension.oid.dotted_string} is not known here"
        except ValueError as error:
            return f"malformed extensions: {error}"
        return None

    @property
    def is_delta(self) -> bool:
        from cryptography.x509 import DeltaCRLIndicator

        return any(isinstance(extension.value, DeltaCRLIndicator) for extension in self.content.extensions)

    def is_about(self, certificate: Certificate) -> bool:
        """False where the list is of authorities alone, or of all others alone. (RFC 5280, 5.2.5)"""
        from cryptography.x509 import ExtensionNotFound, IssuingDistributionPoint

        try:
            scope = self.content.extensions.get_extension_for_class(IssuingDistributionPoint).value
        except ExtensionNotFound:
            return True
        if scope.only_contains_attribute_certs:
            return False
        is_authority = _is_authority(certificate)
        return not (scope.only_contains_ca_certs and not is_authority) and not (
            scope.only_contains_user_certs and is_authority
        )

    @property
    def order(self) -> tuple[datetime, int, int]:
        """By when it was issued, then by its number; a base comes before its delta."""
        from cryptography.x509 import CRLNumber

        numbers = [one.value.crl_number for one in self.content.extensions if isinstance(one.value, CRLNumber)]
        return self.content.last_update_utc, numbers[0] if numbers else 0, int(self.is_delta)


def parse_lists(content: bytes, file: str) -> tuple[RevocationList, ...]:
    """Read every list of a file: PEM blocks, or one list in DER. Raises `StatementError` for one that is broken."""
    from cryptography.x509 import InvalidVersion, load_der_x509_crl, load_pem_x509_crl

    try:
        if b"-----BEGIN X509 CRL-----" not in content:
            found = [load_der_x509_crl(content)]
        else:
            blocks = _BLOCK.findall(content)
            if len(blocks) != content.count(b"-----BEGIN X509 CRL-----"):
                raise ValueError("a PEM block that does not end")
            found = [load_pem_x509_crl(block) for block in blocks]
        for one in found:  # what is read later on, and is parsed only then
            _ = one.issuer.rfc4514_string(), one.last_update_utc, one.next_update_utc
        return tuple(RevocationList(file, one) for one in found)
    except (ValueError, InvalidVersion) as error:
        raise StatementError(f"{file}: no revocation list in PEM or DER form ({error})") from error


def why_revoked(chains: Iterable[Chain], lists: Sequence[RevocationList], when: datetime) -> str | None:
    """Why a stamp made at `when` no longer counts; None where it does. `chains` are all that lead to a trusted root.

    A certificate that was revoked because its key was stolen spoils the stamp, whichever other chain leads around it:
    the key is the same. For the other reasons one chain without revocation is enough.
    """
    reasons: list[str | None] = []
    for chain in chains:
        revocations = [found for pair in pairwise(chain) for found in _revocations(*pair, lists)]
        spoiling = [found for found in revocations if found.spoils(when)]
        for found in spoiling:
            if found.reason not in _HARMLESS:
                return found.text
        reasons.append(spoiling[0].text if spoiling else None)
    return reasons[0] if reasons and None not in reasons else None


@dataclass(frozen=True, slots=True)
class _Revocation:
    since: datetime
    reason: str | None

    def spoils(self, when: datetime) -> bool:
        return self.reason not in _HARMLESS or when >= self.since

    @property
    def text(self) -> str:
        return f"its certificate was revoked on {self.since:%Y-%m-%d} ({self.reason or 'no reason given'})"


def _revocations(
    certificate: Certificate, issuer: Certificate, lists: Sequence[RevocationList]
) -> Iterator[_Revocation]:
    """What the issuer's lists say of a certificate, read from the oldest to the newest, deltas with them.

    A hold ends where a later list no longer has it (5.3.1), if that list is from the certificate's lifetime: after it,
    entries are dropped (3.3). Any other revocation is for good.
    """
    hold: _Revocation | None = None
    for one in sorted(_lists_of(issuer, lists), key=lambda one: one.order):
        if not one.is_about(certificate):
            continue
        try:
            entry = one.content.get_revoked_certificate_by_serial_number(certificate.serial_number)
            found = _read_entry(entry) if entry is not None else None
        except ValueError:  # an entry that cannot be read: nobody can say that it is not this certificate's
            found = _Revocation(one.content.last_update_utc, None)
        if found is not None:
            if found.reason == _LIFTED:
                hold = None
            elif found.reason == _HOLD:
                hold = found
            else:
                yield found
        elif not one.is_delta and one.content.last_update_utc <= certificate.not_valid_after_utc:
            hold = None
    if hold is not None:
        yield hold


def _lists_of(issuer: Certificate, lists: Sequence[RevocationList]) -> Iterator[RevocationList]:
    for one in lists:
        if one.is_named_like(issuer) and one.unusable is None and one.is_signed_by(issuer):
            yield one


def _read_entry(entry: RevokedCertificate) -> _Revocation:
    from cryptography.x509 import CRLReason, ExtensionNotFound, InvalidityDate

    since, reason = entry.revocation_date_utc.astimezone(UTC), None
    with contextlib.suppress(ExtensionNotFound, ValueError):
        since = min(since, entry.extensions.get_extension_for_class(InvalidityDate).value.invalidity_date_utc)
    with contextlib.suppress(ExtensionNotFound, ValueError):
        reason = str(entry.extensions.get_extension_for_class(CRLReason).value.reason.value)
    return _Revocation(since, reason)


def _is_authority(certificate: Certificate) -> bool:
    from cryptography.x509 import BasicConstraints, ExtensionNotFound

    try:
        return certificate.extensions.get_extension_for_class(BasicConstraints).value.ca
    except (ExtensionNotFound, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class NewestList:
    """The newest list that the reader keeps of one issuer in a chain."""

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


def newest_lists(chains: Iterable[Chain], lists: Sequence[RevocationList]) -> Iterator[NewestList]:
    """Yield the newest list of every issuer in the chains, where a later one can bring news of them.

    A list from after a certificate's end is the last word on it: an entry stays until then. (RFC 5280, 3.3)
    """
    for certificate, issuer in (pair for chain in chains for pair in pairwise(chain)):
        newest = max(
            (one.content for one in _lists_of(issuer, lists)), key=lambda one: one.last_update_utc, default=None
        )
        if newest is not None and newest.last_update_utc <= certificate.not_valid_after_utc:
            yield NewestList(newest.issuer.rfc4514_string(), newest.next_update_utc)


def unusable_lists(
    lists: Sequence[RevocationList], certificates: Sequence[Certificate]
) -> Iterator[tuple[RevocationList, str]]:
    """Yield each list that names one of these certificates as its issuer and cannot be used, with why."""
    for one in lists:
        named = [certificate for certificate in certificates if one.is_named_like(certificate)]
        if not named:
            continue
        if (why := one.unusable) is not None:
            yield one, why
        elif not any(one.is_signed_by(certificate) for certificate in named):
            yield one, f"no certificate of {one.issuer} signed it, or none that may sign lists"
