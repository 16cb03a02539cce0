"""The fields of our `bag-info.txt`: a function of the ledger, the payload manifest and the day. (RFC 8493, 2.2.2)"""

from __future__ import annotations

import uuid

from archive.version import AGENT
from archive_manifests import ledger as ledgers
from archive_manifests.datapackage import title_of
from archive_manifests.ledger import Ledger
from archive_manifests.tags import OUR_PROFILE, Oxum

_NAMESPACE = uuid.UUID("5d2a7e0c-6d0e-5b1c-9f59-3f2d2f4f8a11")
"""Under which a bag's identifier is made from its payload manifest. (RFC 9562, section 5.5)"""


def info_fields(
    ledger: Ledger, payload: Oxum, manifest: str, day: str, agent: str = AGENT
) -> list[tuple[str, str]]:
    """The reserved labels that apply. `manifest` is the hex sha256 of `manifest-sha256.txt`, `day` is `2026-11-22`."""
    captured = ledgers.counts(entry.status for entry in ledger.sources)
    counted = ", ".join(f"{number} {status}" for status, number in captured.items())
    description = f"Sources cited by {title_of(ledger)}: {counted or 'none'}"
    fields = [
        ("External-Description", " ".join(description.split())),
        ("External-Identifier", f"urn:uuid:{uuid.uuid5(_NAMESPACE, manifest)}"),
        ("Bagging-Date", day),
        ("Bag-Size", _size(payload.octets)),
        ("Payload-Oxum", str(payload)),
        ("Bag-Group-Identifier", ledger.report.stated.id),
        ("BagIt-Profile-Identifier", OUR_PROFILE),
        ("Bag-Software-Agent", agent),
        ("Access", ledger.report.stated.access),
    ]
    if ledger.predecessor is not None:
        fields.append(("Previous-Bag-Tagmanifest", ledger.predecessor))
    return fields


def _size(octets: int) -> str:
    size, unit = float(octets), "bytes"
    for unit in ("bytes", "KB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
