"""Files of a seal folder that only its custody log vouches for: the page for people, and who collected."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from archive.trust import custody_log, seal_folder
from archive.trust.custody_log import CustodyLog
from archive.trust.seal_folder import FileRefused
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.paths import BagPath


def check_statement(folder: Path, log: CustodyLog, signed_lines: int) -> Iterator[Finding]:
    """The page for people is the one that the log states last, in one of the `signed_lines` lines that count.

    Whoever holds the folder can write a page and an event that states it.
    """
    place = BagPath(f"{folder.name}/{seal_folder.STATEMENT}")
    stated = custody_log.statement_digest(log)
    found = _digest_of(folder, seal_folder.STATEMENT)
    if found is None:
        return
    if found != stated:
        yield make_finding("statement-altered", place, expected=stated or "no statement", found=found)
    elif custody_log.statement_line(log) > signed_lines:
        yield make_finding("statement-unsigned", place)


def check_identity(folder: Path, log: CustodyLog) -> Iterator[Finding]:
    """The encrypted record of who collected is the one that the log commits to, as far as that states its digest."""
    found = _digest_of(folder, seal_folder.IDENTITY)
    if found is None:
        return
    place = BagPath(f"{folder.name}/{seal_folder.IDENTITY}")
    events = custody_log.identity_events(log)
    stated = {event.facts.get(custody_log.IDENTITY_FACT) for event in events}
    if not events:
        yield make_finding("identity-unbound", place, note="no event of the custody log names it")
    elif None not in stated and found not in stated:
        expected = ", ".join(sorted(filter(None, stated)))
        yield make_finding("identity-unbound", place, expected=expected, found=found)


def _digest_of(folder: Path, name: str) -> str | None:
    """Hex sha256 of a file, or why it is not read; None where nothing lies there."""
    try:
        return hashlib.sha256(seal_folder.read_file(folder, name)).hexdigest()
    except FileRefused as error:
        return str(error) if os.path.lexists(folder / name) else None
