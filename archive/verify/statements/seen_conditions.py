"""What the metadata of the exchanges states of their connections and purposes, gathered over all sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from archive.net.address_guard import why_forbidden
from archive.urls import UrlError, parse
from archive.warc.sent_fields import security_of
from archive_manifests.paths import BagPath

MOST_ROUTES = 10_000
"""Connections that were led elsewhere, of which each is compared with the stated rules."""


class SeenConditions(Struct):
    """What the metadata of the exchanges states of their connections and purposes."""

    mapped: str | None = None
    routes: dict[tuple[str, int, str, int], tuple[str, str]] = field(default_factory=dict)
    """Host and port, and the address and port that a connection was led to instead -> when last, and the URL."""
    proxied: str | None = None
    direct: str | None = None
    private: tuple[str, str] | None = None
    """When an exchange with an address that is not public was last made, which no rule led there, and its URL."""
    anchors: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Added roots that vouched for a server -> when last, and the URL."""
    unverified: dict[str, str] = field(default_factory=dict)
    """Hosts that responded although their certificate did not hold."""
    straight: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    """Hosts and ports with connections that no rule led elsewhere -> when last, and the URL."""
    described: dict[tuple[BagPath, str], set[tuple[str | None, str | None]]] = field(default_factory=dict)
    """File and origin -> peer and TLS of each connection that the file describes, as records state both."""
    purposes: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """Record -> the purpose and the cookies that are stated of its exchange, where either is."""

    def add(self, name: str, path: BagPath | None, about: Mapping[str, Any]) -> None:
        """Take note of the metadata (`archive.exchange/1`) of an exchange: its record, and the file that has it."""
        connection, url = about.get("connection"), str(about.get("url"))
        self._add_purpose(name, about.get("note"))
        if not isinstance(connection, dict) or "proxied" not in connection:
            return
        if path is not None and connection.get("number"):
            facts = _peer_of(connection), _security_of(connection.get("tls"))
            self.described.setdefault((path, origin_of(url)), set()).add(facts)
        if connection.get("number") and not connection.get("mapped"):
            self._add_straight(url, str(about.get("started")))
        if connection.get("mapped"):
            self.mapped = self.mapped or url
            self._add_route(url, str(about.get("started")), connection)
        elif isinstance(peer := connection.get("peer"), str) and why_forbidden(peer) is not None:
            self.private = max(self.private or ("", ""), (str(about.get("started")), url))
        if connection.get("proxied"):
            self.proxied = self.proxied or url
        else:
            self.direct = self.direct or url
        tls = connection.get("tls")
        if isinstance(tls, dict) and isinstance(anchor := tls.get("anchor"), str) and len(self.anchors) < MOST_ROUTES:
            self.anchors[anchor] = max(self.anchors.get(anchor, ("", "")), (str(about.get("started")), url))
        if isinstance(tls, dict) and tls.get("verified") is False and about.get("status") is not None:
            self.unverified.setdefault(_host(url), url)

    def _add_purpose(self, name: str, stated: object) -> None:
        note = stated if isinstance(stated, dict) else {}
        purpose, cookies = note.get("purpose"), note.get("cookies")
        if isinstance(purpose, str):
            self.purposes[name] = purpose, cookies if isinstance(cookies, str) else None

    def _add_straight(self, url: str, started: str) -> None:
        try:
            address = parse(url)
        except UrlError:
            return
        if len(self.straight) < MOST_ROUTES:
            key = address.hostname, address.port
            self.straight[key] = max(self.straight.get(key, ("", "")), (started, url))

    def _add_route(self, url: str, started: str, connection: Mapping[str, Any]) -> None:
        peer, port = connection.get("peer"), connection.get("peer_port")
        try:
            address = parse(url)
        except UrlError:
            return
        if isinstance(peer, str) and isinstance(port, int) and len(self.routes) < MOST_ROUTES:
            key = address.hostname, address.port, peer, port
            self.routes[key] = max(self.routes.get(key, ("", "")), (started, url))

    def merge(self, other: SeenConditions) -> None:
        """Take note of what another process saw."""
        self.mapped = self.mapped or other.mapped
        for key, last in other.routes.items():
            self.routes[key] = max(self.routes.get(key, ("", "")), last)
        self.proxied = self.proxied or other.proxied
        self.direct = self.direct or other.direct
        if other.private is not None:
            self.private = max(self.private or ("", ""), other.private)
        for anchor, last in other.anchors.items():
            self.anchors[anchor] = max(self.anchors.get(anchor, ("", "")), last)
        for place, last in other.straight.items():
            self.straight[place] = max(self.straight.get(place, ("", "")), last)
        for origin, facts in other.described.items():
            self.described.setdefault(origin, set()).update(facts)
        self.purposes |= other.purposes
        self.unverified = other.unverified | self.unverified


def origin_of(url: str) -> str:
    """Scheme, host and port of an address as records have it: in the URL Standard's own spelling."""
    scheme, _, authority, *_ = [*url.split("/", 3), "", ""]
    return f"{scheme}//{authority.rpartition('@')[2]}"


def _peer_of(connection: Mapping[str, Any]) -> str | None:
    """The peer as WARC-IP-Address has it: without the zone of an IPv6 address."""
    peer = connection.get("peer")
    return peer.partition("%")[0] if isinstance(peer, str) else None


def _security_of(tls: object) -> str | None:
    """What secured a connection, as WARC-Protocol and WARC-Cipher-Suite have it."""
    stated = tls if isinstance(tls, dict) else {}
    version, cipher = stated.get("version"), stated.get("cipher")
    if not isinstance(version, str):
        return None
    return security_of((version.lower().replace("v", "/"),), cipher if isinstance(cipher, str) else None)


def _host(url: str) -> str:
    try:
        return parse(url).host
    except UrlError:
        return url
