"""Enters a repair in the custody log beside the bag."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from archive.bag.open import open_bag
from archive.seal.facts import NotSealable, read_facts
from archive.trust import custody_log
from archive.trust.locking import locked
from archive.trust.seal_folder import seal_folder


def enter_repair(bag: Path, taken: Mapping[str, int], old: Path | None, by: str | None, now: datetime) -> Path:
    """Add the event; the log's path. Paths of this machine stay out of it: only names and numbers go in."""
    folder = seal_folder(bag)
    head = _head(bag, folder)
    sources = enumerate(taken.items(), start=1)
    facts = {f"from-{number}": f"{Path(place).name}: {files} files" for number, (place, files) in sources}
    facts |= {"old": old.name} if old else {}
    detail = "rebuilt from other copies, verified, swapped in"
    event = custody_log.event("recovery", now, detail, "pass", by=by, facts=facts)
    with locked(folder):
        log = custody_log.read_log(folder, head).with_event(event, head)
        custody_log.write_log(folder, log)
    return folder / custody_log.NAME


def _head(bag: Path, folder: Path) -> str | None:
    try:
        with open_bag(bag) as opened:
            return read_facts(opened).events_head
    except NotSealable:
        return custody_log.first_prev(folder)
