"""TLS by hand, so that a slow handshake ends and the offered chain is kept even where it is not believed."""

from __future__ import annotations

import hashlib
import socket
import ssl
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import certifi

from archive.errors import UsageProblem
from archive.net.connect import is_ready
from archive.net.exchange import TlsFacts
from archive.net.limits import TooSlowError


class HandshakeError(Exception):
    """TLS could not be set up; carries what the server offered."""

    def __init__(self, message: str, facts: TlsFacts) -> None:
        super().__init__(message)
        self.facts = facts


def client_context(added: Iterable[Path] = ()) -> ssl.SSLContext:
    """Trust the roots that certifi ships, and those in `added`. Raises `UsageProblem` for a file without any."""
    # Not create_default_context: that writes each connection's keys to where SSLKEYLOGFILE in the environment says.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    for path in added:
        try:
            context.load_verify_locations(cafile=path)
        except (OSError, ssl.SSLError) as error:
            raise UsageProblem(f"--cacert {path}: no certificate in PEM form could be read there ({error})") from error
    return context


def certificate_digests(path: Path) -> tuple[str, ...]:
    """`sha256:` of each certificate in a PEM file, for the conditions in the ledger."""
    marker = "-----BEGIN CERTIFICATE-----"
    blocks = path.read_text("ascii", "replace").split(marker)[1:]
    return tuple(
        f"sha256:{hashlib.sha256(ssl.PEM_cert_to_DER_cert(marker + block.split('-----END')[0] + _END)).hexdigest()}"
        for block in blocks
    )


_END = "-----END CERTIFICATE-----\n"


def wrap(
    sock: socket.socket, context: ssl.SSLContext, host: str, seconds: float
) -> tuple[ssl.SSLSocket, TlsFacts]:
    """Shake hands within `seconds` in all. Raises `HandshakeError`, `TooSlowError`, `OSError`."""
    ends = time.monotonic() + seconds
    # A connection that ends without TLS's own goodbye was cut, whoever cut it. (RFC 9112, section 9.8)
    wrapped = context.wrap_socket(
        sock, server_hostname=host, do_handshake_on_connect=False, suppress_ragged_eofs=False
    )
    wrapped.settimeout(0)
    while True:
        try:
            wrapped.do_handshake()
            break
        except ssl.SSLWantReadError:
            _await(wrapped, ends, seconds, reading=True)
        except ssl.SSLWantWriteError:
            _await(wrapped, ends, seconds, reading=False)
        except (ssl.SSLError, ssl.CertificateError) as error:
            raise HandshakeError(str(error), _facts(wrapped, verified=False)) from error
    wrapped.settimeout(seconds)
    return wrapped, _facts(wrapped, verified=True)


def _await(sock: ssl.SSLSocket, ends: float, seconds: float, *, reading: bool) -> None:
    left = ends - time.monotonic()
    if left <= 0 or not is_ready(sock, left, writing=not reading):
        raise TooSlowError(f"no TLS handshake within {seconds:g} s")


def _facts(sock: ssl.SSLSocket, *, verified: bool) -> TlsFacts:
    cipher = sock.cipher()
    return TlsFacts(sock.version(), cipher[0] if cipher else None, _offered_chain(sock), verified)


def _offered_chain(sock: Any) -> tuple[bytes, ...]:
    # Public from Python 3.13 on, where it gives DER; before, only on the inner object, as certificate objects.
    try:
        if hasattr(sock, "get_unverified_chain"):
            return tuple(sock.get_unverified_chain())
        certificates = sock._sslobj.get_unverified_chain() or ()
        return tuple(ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in certificates)
    except (AttributeError, ValueError, ssl.SSLError):
        return ()
