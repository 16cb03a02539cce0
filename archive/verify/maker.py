"""What made a bag, as the bag says: what another version generated may rightly look otherwise."""

from __future__ import annotations

from dataclasses import replace

from archive.verify.findings import Finding, Severity
from archive.verify.kept import KeptFiles
from archive.version import PRODUCT, __version__
from archive_manifests import canonical
from archive_manifests.errors import StatementError
from archive_manifests.paths import BagPath

SOFTWARE = BagPath("data/provenance/software.json")


def as_made(kept: KeptFiles, finding: Finding) -> Finding:
    """A finding as grave as it is: a difference in what another version generated is a warning."""
    other = made_by_another(kept) if finding.code == "generated-differs" else None
    if other is None:
        return finding
    return replace(finding, severity=Severity.WARNING, note=f"made by {other}; this is {PRODUCT} {__version__}")


def made_by_another(kept: KeptFiles) -> str | None:
    """The program and version that a bag says it was made by, where it is not this one."""
    stated = software(kept)
    product, version = stated.get("product"), stated.get("version")
    if version is None or (product, version) == (PRODUCT, __version__):
        return None
    return f"{product} {version}"[:80]


def software(kept: KeptFiles) -> dict[str, object]:
    """What `software.json` states; empty where it cannot be read."""
    try:
        return canonical.parse(kept.read(SOFTWARE) or b"{}", dict[str, object], what="software.json")
    except StatementError:
        return {}
