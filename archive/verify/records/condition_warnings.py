"""What the captures were made under that can make them false, or that a reader must know, as findings."""

from __future__ import annotations

from collections.abc import Iterator

from archive_manifests import layout
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Conditions
from archive_manifests.paths import BagPath

_LEDGER = BagPath(layout.LEDGER)
_SHOWN_BAG = 300


def warn_of_conditions(stated: Conditions, path: BagPath = _LEDGER) -> Iterator[Finding]:
    """What the captures were made under that can make them false, or that a reader must know; `path` states it."""
    if stated.demonstration:
        yield make_finding("demonstration", path)
    if stated.accepted_bags:
        bags = tuple(f"{bag.tagmanifest} ({bag.wrong})"[:_SHOWN_BAG] for bag in stated.accepted_bags)
        yield make_finding("unsound-bag-accepted", path, found=_few(bags))
    if stated.connect_to:
        yield make_finding("redirected-capture", path, found=_few(stated.connect_to))
    if stated.added_cas:
        yield make_finding("private-trust", path, found=_few(stated.added_cas))
    if stated.accepted_certificates:
        yield make_finding("certificate-accepted", path, found=_few(stated.accepted_certificates))
    if stated.cookies:
        yield make_finding("cookies-used", path)
    if stated.allow_private:
        yield make_finding("private-allowed", path)
    if stated.proxy is not None:
        yield make_finding("proxied-capture", path, found=stated.proxy)


def _few(values: tuple[str, ...], shown: int = 3) -> str:
    more = f" and {len(values) - shown} more" if len(values) > shown else ""
    return ", ".join(values[:shown]) + more
