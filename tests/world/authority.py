"""The certificate authority of the loopback internet, made on the spot."""

from __future__ import annotations

import functools
import ssl
from datetime import UTC, datetime

import trustme

FLAWS = ("expired", "wrong-host", "self-signed")
"""Ways in which a certificate can be bad."""


@functools.cache
def authority() -> trustme.CA:
    """The one authority of this process; nobody else trusts it."""
    return trustme.CA(organization_name="Loopback internet", organization_unit_name="for tests and demonstrations")


@functools.cache
def context_for(names: tuple[str, ...], flaw: str | None = None) -> ssl.SSLContext:
    """What a server that answers to `names` shows in the handshake.

    trustme refuses names with `---` in them (idna's rule of hyphens), so such hosts come under a wildcard.
    """
    issuer = authority() if flaw != "self-signed" else trustme.CA(organization_name="Nobody in particular")
    named = tuple(sorted({certified(name) for name in names})) if flaw != "wrong-host" else ("elsewhere.invalid",)
    ended = datetime(2020, 1, 1, tzinfo=UTC) if flaw == "expired" else None
    leaf = issuer.issue_cert(*named, not_after=ended)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    leaf.configure_cert(context)
    return context


def certified(host: str) -> str:
    """The name under which `host` stands in its certificate."""
    return "*." + host.partition(".")[2] if "---" in host else host
