"""TLS by hand, so that a slow handshake ends and the offered chain is recorded even where it is not believed."""

from __future__ import annotations

import hashlib
import socket
import ssl
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import certifi

from archive import posix
from archive.errors import UsageProblem
from archive.net.exchange import TlsFacts
from archive.net.limits import TooSlowError
from archive.net.readiness import wait_ready
from archive_manifests.plain_text import plain_reason

_EXPIRED = {9, 10}  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
_NO_ISSUER = {20, 21}  # X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE
_OTHER_NAME = {62, 64}  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
_PROTOCOL = (
    *("UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION", "WRONG_VERSION_NUMBER", "NO_PROTOCOLS_AVAILABLE", "VERSION_TOO_LOW"),
    *("HANDSHAKE_FAILURE", "NO_SHARED_CIPHER", "DH_KEY_TOO_SMALL", "UNSAFE_LEGACY_RENEGOTIATION", "UNKNOWN_PROTOCOL"),
    *("HTTP_REQUEST", "RECORD_LAYER_FAILURE", "INSUFFICIENT_SECURITY"),
)


class HandshakeError(Exception):
    """TLS could not be set up; carries what the server offered."""

    def __init__(self, message: str, facts: TlsFacts, kind: str | None) -> None:
        super().__init__(message)
        self.facts = facts
        self.kind = kind
        """`expired`, `untrusted`, `name`, `intermediate`, `protocol`, or None for anything else."""

    @property
    def is_about_certificate(self) -> bool:
        """True where the host could not prove who it is, though it speaks TLS."""
        return self.kind in ("expired", "untrusted", "name", "intermediate")


def client_context(
    added: Iterable[Path] = (), *, intermediates: Iterable[bytes] = (), is_strict: bool = True
) -> ssl.SSLContext:
    """Trust the roots that certifi ships, and those in `added`. Raises `UsageProblem` for a file without any.

    `intermediates` (DER) help to build a chain; alone they are no reason to trust. Without `is_strict` any certificate
    is taken.
    """
    # Not create_default_context: that writes each connection's keys to where SSLKEYLOGFILE in the environment says.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    _add_roots(context, added)
    # With this flag an intermediate certificate in the store would be a root.
    context.verify_flags &= ~ssl.VERIFY_X509_PARTIAL_CHAIN
    for certificate in intermediates:
        context.load_verify_locations(cadata=certificate)
    if not is_strict:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def require_roots(files: Iterable[Path]) -> None:
    """Raise `UsageProblem` for a file without any certificate."""
    _add_roots(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), files)


def _add_roots(context: ssl.SSLContext, files: Iterable[Path]) -> None:
    for path in files:
        try:
            posix.open_file(path).close()  # a pipe would keep OpenSSL waiting
            context.load_verify_locations(cafile=path)
        except (OSError, ssl.SSLError) as error:
            why = plain_reason(error)
            raise UsageProblem(f"--cacert {path}: no certificate in PEM form could be read there ({why})") from error


def certificate_digests(path: Path) -> tuple[str, ...]:
    """`sha256:` of each certificate in a PEM file, for the conditions in the ledger."""
    marker = "-----BEGIN CERTIFICATE-----"
    with posix.open_file(path) as file:
        blocks = file.read().decode("ascii", "replace").split(marker)[1:]
    return tuple(digest_of(ssl.PEM_cert_to_DER_cert(marker + block.split("-----END")[0] + _END)) for block in blocks)


_END = "-----END CERTIFICATE-----\n"


def digest_of(certificate: bytes) -> str:
    """`sha256:` and the hexadecimal digest of a certificate in DER."""
    return f"sha256:{hashlib.sha256(certificate).hexdigest()}"


async def wrap(
    sock: socket.socket, context: ssl.SSLContext, host: str, seconds: float
) -> tuple[ssl.SSLSocket, TlsFacts]:
    """Shake hands within `seconds` in all. Raises `HandshakeError`, `TooSlowError`, `OSError`; `sock` does not block.

    Not asyncio's own TLS: it hides the chain of a handshake that failed, and the cut of a connection.
    """
    ends = time.monotonic() + seconds
    # A connection that ends without TLS's own goodbye was cut, whoever cut it. (RFC 9112, section 9.8)
    wrapped = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False, suppress_ragged_eofs=False)
    try:
        await _handshake(wrapped, ends, seconds)
    except (ssl.SSLError, ssl.CertificateError) as error:
        facts = _facts(wrapped, verified=False)
        wrapped.close()
        kind = _kind_of(error, facts.chain)
        raise HandshakeError(_explained(error, kind, facts.chain), facts, kind) from error
    except BaseException:
        wrapped.close()
        raise
    return wrapped, _facts(wrapped, verified=context.verify_mode is not ssl.CERT_NONE)


async def _handshake(wrapped: ssl.SSLSocket, ends: float, seconds: float) -> None:
    while True:
        try:
            wrapped.do_handshake()
            return
        except ssl.SSLWantReadError:
            writing = False
        except ssl.SSLWantWriteError:
            writing = True
        if not await wait_ready(wrapped, ends - time.monotonic(), writing=writing):
            raise TooSlowError(f"no TLS handshake within {seconds:g} s")


def _kind_of(error: ssl.SSLError, chain: tuple[bytes, ...]) -> str | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        from archive.net import certificates  # late: most runs meet no certificate that is not believed

        if error.verify_code in _EXPIRED:
            return "expired"
        if error.verify_code in _OTHER_NAME:
            return "name"
        is_missing = error.verify_code in _NO_ISSUER and bool(chain) and certificates.is_alone(chain)
        return "intermediate" if is_missing else "untrusted"
    reason = error.reason or ""
    return "protocol" if any(mark in reason for mark in _PROTOCOL) else None


def _explained(error: ssl.SSLError, kind: str | None, chain: tuple[bytes, ...]) -> str:
    """What is wrong, with what the certificate itself states, and what a person can do."""
    from archive.net import certificates  # late, as above

    leaf = chain[0] if chain else b""
    own = {
        "expired": f"the certificate is valid from {certificates.valid_until(leaf)}",
        "name": f"the certificate is for {certificates.names_of(leaf) or 'no name'}",
        "intermediate": "the server sent its certificate without that of its issuer, "
        f"{certificates.issuer_name(leaf)}; --cacert FILE adds one, --accept-certificate HOST takes any",
        "untrusted": f"no root that is trusted here vouches for the issuer, {certificates.issuer_name(leaf)}",
    }.get(kind or "")
    return f"{own} ({error})" if own else str(error)


def _facts(sock: ssl.SSLSocket, *, verified: bool) -> TlsFacts:
    cipher = sock.cipher()
    return TlsFacts(sock.version(), cipher[0] if cipher else None, _offered_chain(sock), verified)


def anchor_of(sock: ssl.SSLSocket) -> str | None:
    """`sha256:` of the root that the connection's chain was verified up to; None where that cannot be known."""
    inner: Any = sock
    try:
        if hasattr(inner, "get_verified_chain"):  # public from Python 3.13 on, as below
            root = inner.get_verified_chain()[-1]
        else:
            root = ssl.PEM_cert_to_DER_cert(inner._sslobj.get_verified_chain()[-1].public_bytes())
    except (AttributeError, IndexError, TypeError, ValueError, ssl.SSLError):
        return None
    return digest_of(root)


def _offered_chain(sock: Any) -> tuple[bytes, ...]:
    # Public from Python 3.13 on, where it gives DER; before, only on the inner object, as certificate objects.
    try:
        if hasattr(sock, "get_unverified_chain"):
            return tuple(sock.get_unverified_chain())
        certificates_offered = sock._sslobj.get_unverified_chain() or ()
        return tuple(ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in certificates_offered)
    except (AttributeError, ValueError, ssl.SSLError):
        return ()
