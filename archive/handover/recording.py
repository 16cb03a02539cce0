"""Says in the custody log beside a bag that somebody checked it, and what came of it: only when asked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from archive.bag.open import open_bag
from archive.handover import custody_log
from archive.trust.facts import NotSealable, read_facts
from archive.trust.locking import locked
from archive.verify.run import Verification
from archive_manifests.custody import Event


def record_check(found: Verification, folder: Path, now: datetime, by: str | None = None) -> Event:
    """Enter a verification in the log of the seal folder `folder`. The bag itself is not touched.

    Raises `CustodyBroken`: on a log that does not hang together nothing is written.
    """
    head = _head(found.bag, folder)
    told = {question: str(answer.state) for question, answer in found.answers.items()}
    told |= {"tagmanifest": str(found.tagmanifest)} if found.tagmanifest else {}
    outcome = "pass" if not found.errors else f"fail: {found.errors} errors"
    event = custody_log.event("fixity check", now, "the bag was verified", outcome, by=by, facts=told)
    with locked(folder):
        log = custody_log.read_log(folder, head).with_event(event, head)
        custody_log.write_log(folder, log)
    return log.events[-1]


def _head(bag: Path, folder: Path) -> str | None:
    """What the log's first line follows; of a bag whose own events cannot be relied on, what the log says itself."""
    try:
        with open_bag(bag) as opened:
            return read_facts(opened).events_head
    except NotSealable:
        return custody_log.first_prev(folder)
