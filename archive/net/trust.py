"""Which certificates are believed, host by host: the usual rules, and what a user or a forgetful server adds."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TypedDict

from msgspec import Struct, field

from archive.net import tls
from archive.urls import Url, UrlError, parse

MAX_SIZE = 64 << 10
"""Bytes of a response in which an intermediate certificate is looked for."""
_MAX_ADDED = 3
"""Certificates that one host may leave out of its chain."""


class TlsConditions(TypedDict, total=False):
    """What was other than usual about a connection that was believed."""

    accepted: str
    anchor: str
    added: tuple[str, ...]


class _HostTrust(Struct):
    context: ssl.SSLContext
    accepted: str | None = None
    added: list[bytes] = field(default_factory=list)
    incomplete: bytes | None = None
    """The last certificate of a chain that does not lead to a root."""


class HostTrust:
    """TLS contexts by host. Used on the event loop alone."""

    def __init__(self, cacerts: Iterable[Path], accepted_hosts: frozenset[str]) -> None:
        self._cacerts, self._accepted_hosts = tuple(cacerts), accepted_hosts
        tls.require_roots(self._cacerts)
        self._added_roots = frozenset(digest for path in self._cacerts for digest in tls.certificate_digests(path))
        self._hosts: dict[str, _HostTrust] = {}

    @cached_property
    def _usual(self) -> ssl.SSLContext:
        """What is believed of most hosts. Made when it is first needed: to read all roots takes a moment."""
        return tls.client_context(self._cacerts)

    def context(self, host: str) -> ssl.SSLContext:
        known = self._hosts.get(host.lower())
        return known.context if known is not None else self._usual

    def conditions(self, host: str, secured: ssl.SSLSocket) -> TlsConditions:
        """What was other than usual about a connection to the host, for its record."""
        known = self._hosts.get(host.lower())
        conditions = TlsConditions()
        anchor = tls.anchor_of(secured) if self._added_roots else None
        if anchor is not None and anchor in self._added_roots:
            conditions["anchor"] = anchor
        if known is not None and known.accepted is not None:
            conditions["accepted"] = known.accepted
        if known is not None and known.added:
            conditions["added"] = tuple(map(tls.digest_of, known.added))
        return conditions

    def note_failure(self, host: str, error: tls.HandshakeError) -> None:
        """Take note of what a failed handshake showed: whether any certificate is taken, which one is missing."""
        known = self._hosts.setdefault(host.lower(), _HostTrust(self._usual))
        if error.is_about_certificate and host.lower() in self._accepted_hosts:
            known.accepted = error.kind
            known.context = tls.client_context(self._cacerts, is_strict=False)
        elif error.kind == "intermediate":
            known.incomplete = known.added[-1] if known.added else error.facts.chain[0]

    def takes_any(self, host: str, reason: str) -> bool:
        """True where a connection that failed for this reason is worth opening again."""
        known = self._hosts.get(host.lower())
        return known is not None and known.accepted is not None and reason == f"tls-{known.accepted}"

    def missing_issuer(self, host: str) -> Url | None:
        """The address at which the certificate can be fetched that completes the host's chain."""
        known = self._hosts.get(host.lower())
        if known is None or known.incomplete is None or len(known.added) >= _MAX_ADDED:
            return None
        from archive.net import certificates  # late: most servers send all of their chain

        address = certificates.issuer_url(known.incomplete)
        try:
            return parse(address) if address is not None else None
        except UrlError:
            return None

    def add_issuer(self, host: str, data: bytes) -> bool:
        """Use the issuer's certificate in `data` for the host; False where there is none."""
        known = self._hosts.get(host.lower())
        if known is None or known.incomplete is None:
            return False
        from archive.net import certificates  # late, as above

        issuer = certificates.issuer_among(data[:MAX_SIZE], known.incomplete)
        if issuer is None:
            return False
        known.added.append(issuer)
        known.incomplete = None
        known.context = tls.client_context(self._cacerts, intermediates=known.added)
        return True
