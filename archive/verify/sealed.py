"""The seal as `who` and `when` both read it: is it there, is it this bag's, do its signatures hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.errors import StatementError
from archive.trust import folder as seal_folder
from archive.trust.folder import FileRefused, Listing
from archive.verify.catalogue import tell
from archive.verify.findings import Finding, Severity
from archive_manifests import seal as statements
from archive_manifests.paths import BagPath
from archive_manifests.seal import SealedFacts

MOST_SIGNATURES = 256
"""Signatures of one seal that are looked at."""


@dataclass(frozen=True, slots=True)
class SealRead:
    """A seal folder that is there."""

    folder: Path
    listing: Listing
    content: bytes | None
    """The bytes of `seal.json` where it is this bag's; else `findings` begin with why it is not."""
    findings: tuple[Finding, ...]

    def tell(self, code: str, name: str, note: str, severity: Severity | None = None, **facts: str) -> Finding:
        return tell_of(self.folder, code, name, note=note, **facts, **({"severity": severity} if severity else {}))


def tell_of(folder: Path, code: str, name: str, **facts: object) -> Finding:
    """A finding on a file of the seal folder, whose path is told beside the bag's."""
    return tell(code, BagPath(f"{folder.name}/{name}" if name else folder.name), **facts)


def read_seal(folder: Path, facts: SealedFacts) -> SealRead | None:
    """Read `seal.json` and compare it with the bag; None where nothing speaks for the bag at all."""
    listing = seal_folder.list_folder(folder)
    if listing is None or listing.is_empty:
        return None
    content, wrong = _read_and_compare(folder, facts)
    strange = [
        tell_of(folder, "seal-unknown-file", name, note=f"{name}: nothing that belongs into a seal; not looked at")
        for name in listing.unknown
    ]
    return SealRead(folder, listing, content, (*wrong, *strange))


def _read_and_compare(folder: Path, facts: SealedFacts) -> tuple[bytes | None, list[Finding]]:
    name = seal_folder.SEAL
    try:
        content = seal_folder.read_file(folder, name)
        differences = statements.differences(statements.parse(content), facts)
    except (FileRefused, StatementError) as error:
        return None, [tell_of(folder, "seal-unreadable", name, note=f"the seal cannot be read: {error}")]
    wrong = [
        tell_of(folder, "seal-mismatch", name, expected=stated, found=found, note=f"the seal is another bag's: {what}")
        for what, stated, found in differences
    ]
    return (None if wrong else content), wrong
