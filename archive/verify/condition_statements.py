"""The conditions of the captures, as far as records prove them: where connections led, who asked, what was accepted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.urls import UrlError, parse
from archive.verify.evidence import Evidence
from archive.verify.stored_records import StoredRecords, warcinfo_fields
from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Conditions, Ledger
from archive_manifests.paths import BagPath

LEDGER = BagPath(layout.LEDGER)
_ROBOTS = {"obey": "obeyed", "ignore": "not obeyed"}
"""The robots field of a warcinfo -> how the ledger states it. (WARC 1.1, 6.2)"""


@dataclass(slots=True)
class SeenConditions:
    """What the metadata of the exchanges states of their connections, each condition with the first exchange."""

    mapped: str | None = None
    proxied: str | None = None
    direct: str | None = None
    unverified: dict[str, str] = field(default_factory=dict)
    """Hosts that responded although their certificate did not hold."""

    def add(self, about: Mapping[str, Any]) -> None:
        """Take note of one exchange's metadata (`archive.exchange/1`)."""
        connection, url = about.get("connection"), str(about.get("url"))
        if not isinstance(connection, dict) or "proxied" not in connection:
            return
        if connection.get("mapped"):
            self.mapped = self.mapped or url
        if connection.get("proxied"):
            self.proxied = self.proxied or url
        else:
            self.direct = self.direct or url
        tls = connection.get("tls")
        if isinstance(tls, dict) and tls.get("verified") is False and about.get("status") is not None:
            self.unverified.setdefault(_host(url), url)


    def merge(self, other: SeenConditions) -> None:
        """Take note of what another process saw."""
        self.mapped = self.mapped or other.mapped
        self.proxied = self.proxied or other.proxied
        self.direct = self.direct or other.direct
        self.unverified = other.unverified | self.unverified


def _host(url: str) -> str:
    try:
        return parse(url).host
    except UrlError:
        return url


def check_conditions(
    ledger: Ledger, evidence: Evidence, records: StoredRecords, seen: SeenConditions
) -> Iterator[Finding]:
    """Compare the stated conditions with the records. Raises `Broken`."""
    yield from _check_connections(ledger.conditions, seen)
    for name in evidence.warcinfo_of.values() if ledger.predecessor is None else ():
        fields = warcinfo_fields(records, name)
        yield from _compared("user_agent", fields.get("http-header-user-agent"), ledger.conditions.user_agent)
        yield from _compared("robots", _ROBOTS.get(fields.get("robots", "")), ledger.conditions.robots)


def _check_connections(stated: Conditions, seen: SeenConditions) -> Iterator[Finding]:
    if seen.mapped is not None and not stated.connect_to:
        yield _differs("connect_to", f"connections that were led elsewhere, such as for {seen.mapped}", "none")
    if seen.proxied is not None and stated.proxy is None:
        yield _differs("proxy", f"connections through a proxy, such as for {seen.proxied}", "none")
    if seen.direct is not None and seen.proxied is None and stated.proxy is not None:
        yield _differs("proxy", f"connections without a proxy, such as for {seen.direct}", stated.proxy)
    for host, url in seen.unverified.items():
        if host not in stated.accepted_certificates:
            accepted = ", ".join(stated.accepted_certificates) or "none"
            yield _differs("accepted_certificates", f"{host}, for {url}", accepted)


def _compared(name: str, expected: str | None, found: str) -> Iterator[Finding]:
    if expected is not None and expected != found:
        yield _differs(name, expected, found)


def _differs(name: str, expected: str, found: str) -> Finding:
    facts = {"expected": expected[:300], "found": found[:300]}
    return make_finding("condition-contradicted", LEDGER, **facts, note=name)
