"""Certificates that a server offered, and the one that it forgot: read with `cryptography`, never trusted here.

Servers often send their own certificate without the intermediate one. Browsers open such sites, since they have that
certificate from elsewhere or fetch it from the address that the first one names. (RFC 5280, sections 4.2.2.1 and 6)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID


def is_alone(chain: Sequence[bytes]) -> bool:
    """True where the server offered one certificate, and another has issued it."""
    leaf = _read(chain[0]) if len(chain) == 1 else None
    return leaf is not None and leaf.issuer != leaf.subject


def issuer_name(certificate: bytes) -> str:
    """Who issued a certificate, as it states; empty where that cannot be read."""
    read = _read(certificate)
    return read.issuer.rfc4514_string()[:200] if read is not None else ""


def valid_until(certificate: bytes) -> str:
    """The days between which a certificate is valid; empty where that cannot be read."""
    read = _read(certificate)
    if read is None:
        return ""
    return f"{read.not_valid_before_utc.date().isoformat()} to {read.not_valid_after_utc.date().isoformat()}"


def names_of(certificate: bytes) -> str:
    """The first names that a certificate is for; empty where they cannot be read."""
    read = _read(certificate)
    try:
        names = read.extensions.get_extension_for_class(x509.SubjectAlternativeName) if read is not None else None
        return ", ".join(names.value.get_values_for_type(x509.DNSName)[:5])[:200] if names is not None else ""
    except (ValueError, x509.ExtensionNotFound):
        return ""


def issuer_url(certificate: bytes) -> str | None:
    """Where a certificate says that its issuer's certificate can be fetched: its first http address."""
    read = _read(certificate)
    try:
        access = read.extensions.get_extension_for_class(x509.AuthorityInformationAccess) if read is not None else None
    except (ValueError, x509.ExtensionNotFound):
        return None
    for description in access.value if access is not None else ():
        place = description.access_location
        is_issuer = description.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        if is_issuer and isinstance(place, x509.UniformResourceIdentifier) and place.value.startswith("http://"):
            return place.value
    return None


def issuer_among(data: bytes, certificate: bytes) -> bytes | None:
    """The certificate in `data` that issued `certificate`, DER; None where there is none that may stand in a chain.

    A self-issued one is refused: in a store of trusted certificates it would be a root.
    """
    issued = _read(certificate)
    for candidate in _all(data) if issued is not None else ():
        try:
            constraints = candidate.extensions.get_extension_for_class(x509.BasicConstraints).value
            issued.verify_directly_issued_by(candidate)  # type: ignore[union-attr]
        except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            continue
        if constraints.ca and candidate.issuer != candidate.subject:
            return candidate.public_bytes(Encoding.DER)
    return None


def _read(certificate: bytes) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(certificate)
    except ValueError:
        return None


def _all(data: bytes) -> list[x509.Certificate]:
    """The certificates of a DER or PEM file, or of a "certs-only" CMS message. (RFC 5280, section 4.2.2.1)"""
    loaders: tuple[Callable[[bytes], list[x509.Certificate]], ...] = (
        lambda der: [x509.load_der_x509_certificate(der)],
        x509.load_pem_x509_certificates,
        pkcs7.load_der_pkcs7_certificates,
        pkcs7.load_pem_pkcs7_certificates,
    )
    for load in loaders:
        try:
            return load(data)
        except ValueError:
            continue
    return []
