"""Revocation lists that the reader has: what each is, who signed it, what it is about. (RFC 5280, section 5)"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from archive.errors import StatementError
from archive_manifests.plain_text import plain_reason

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, CertificateRevocationList

_CLOCKS_APART = timedelta(minutes=10)
_BLOCK = re.compile(rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", re.DOTALL)


@dataclass(frozen=True)
class RevocationList:
    """One list, and the file it comes from."""

    file: str
    content: CertificateRevocationList

    @property
    def issuer(self) -> str:
        return self.content.issuer.rfc4514_string()

    def is_of(self, issuer: Certificate) -> bool:
        """True where the list is by the authority that this certificate names as its subject."""
        try:
            return self.content.issuer == issuer.subject
        except (ValueError, TypeError):  # a name that cannot be read, in a certificate that a reply carries
            return False

    def is_by_issuer_of(self, certificate: Certificate) -> bool:
        """True where the list is by the authority that this certificate names as its issuer."""
        try:
            return self.content.issuer == certificate.issuer
        except (ValueError, TypeError):
            return False

    def is_from_the_future(self, now: datetime) -> bool:
        """True where it was not issued yet by the clock here. (RFC 5280, 5.1.2.4; X509_V_ERR_CRL_NOT_YET_VALID)"""
        return self.content.last_update_utc > now + _CLOCKS_APART

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
            return f"malformed extensions: {plain_reason(error)}"
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
    except (ValueError, TypeError, InvalidVersion) as error:  # TypeError: a name in a form that no name has
        raise StatementError(f"{file}: no revocation list in PEM or DER form ({plain_reason(error)})") from error


def _is_authority(certificate: Certificate) -> bool:
    from cryptography.x509 import BasicConstraints, ExtensionNotFound

    try:
        return certificate.extensions.get_extension_for_class(BasicConstraints).value.ca
    except (ExtensionNotFound, ValueError):
        return False
