"""Certificates of authorities that were taken back: revocation lists that the reader holds. (RFC 5280, section 5)"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from archive.errors import StatementError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, CertificateRevocationList, RevokedCertificate

_HARMLESS = ("unspecified", "affiliationChanged", "superseded", "cessationOfOperation")
"""Reasons for which a stamp from before the revocation stays good; else nothing of it counts. (RFC 3161, section 4)"""


def parse_crl(content: bytes, name: str) -> CertificateRevocationList:
    """Read one list, PEM or DER. Raises `StatementError`."""
    from cryptography.x509 import load_der_x509_crl, load_pem_x509_crl

    try:
        return load_pem_x509_crl(content) if b"-----BEGIN" in content else load_der_x509_crl(content)
    except ValueError as error:
        raise StatementError(f"{name}: no revocation list in PEM or DER form ({error})") from error


def why_revoked(chain: Sequence[Certificate], lists: Sequence[CertificateRevocationList], when: datetime) -> str | None:
    """Why a stamp made at `when` by the first certificate of a chain no longer counts; None where it does.

    `chain` leads from the certificate that stamped to its root. A list counts where the issuer above signed it.
    """
    for certificate, issuer in pairwise(chain):
        for one in lists:
            entry = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if entry is not None and _is_by(one, issuer) and (why := _spoils(entry, when)):
                return why
    return None


@dataclass(frozen=True, slots=True)
class ListHeld:
    """The newest list that the reader holds of one issuer in a chain."""

    issuer: str
    due: datetime | None
    """When the next one is out at the latest; None where it does not say, as it has to. (RFC 5280, 5.1.2.5)"""

    def is_overdue(self, now: datetime) -> bool:
        """True where a newer list is out, and what it takes back is not known here."""
        return self.due is None or self.due < now

    @property
    def told(self) -> str:
        day = f"was due on {self.due:%Y-%m-%d}" if self.due else "is due on a day that it does not state"
        return f"the revocation list of {self.issuer} is an old one, the next {day}; get that into the trust folder"


def newest_lists(chain: Sequence[Certificate], lists: Sequence[CertificateRevocationList]) -> Iterator[ListHeld]:
    """Yield the newest list of every issuer in a chain, where it can be followed by one with news of this chain.

    A list from after a certificate's end is the last word on it: an entry stays until then. (RFC 5280, 3.3)
    """
    for certificate, issuer in pairwise(chain):
        newest = max((one for one in lists if _is_by(one, issuer)), key=lambda one: one.last_update_utc, default=None)
        if newest is not None and newest.last_update_utc <= certificate.not_valid_after_utc:
            yield ListHeld(newest.issuer.rfc4514_string(), newest.next_update_utc)


def _is_by(one: CertificateRevocationList, issuer: Certificate) -> bool:
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        # Any kind of key: another than the list was signed with raises, as does a kind that signs nothing.
        return one.issuer == issuer.subject and one.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False


def _spoils(entry: RevokedCertificate, when: datetime) -> str | None:
    since = entry.revocation_date_utc.astimezone(UTC)
    reason = _reason(entry)
    if reason in _HARMLESS and when < since:
        return None
    return f"its certificate was revoked on {since:%Y-%m-%d} ({reason or 'no reason given'})"


def _reason(entry: RevokedCertificate) -> str | None:
    from cryptography.x509 import CRLReason, ExtensionNotFound

    try:
        return str(entry.extensions.get_extension_for_class(CRLReason).value.reason.value)
    except (ExtensionNotFound, ValueError):
        return None
