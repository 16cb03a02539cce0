"""Enters a repair in the custody log beside the bag, on a disk or in a store; once, however often it is tried."""

from __future__ import annotations

import errno
import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from archive.bag.open import open_bag
from archive.bag.store.place import StorePlace
from archive.seal.facts import NotSealable, read_facts
from archive.trust import custody_log
from archive.trust.custody_log import CustodyLog
from archive.trust.locking import locked
from archive.trust.seal_folder import seal_folder
from archive.trust.store_seal import seal_beside
from archive_manifests.custody import Event

KIND = "recovery"

ATTEMPTS = 3
"""How often a log in a store is read again where somebody else added to it meanwhile."""


def enter_custody(bag: Path, taken: Mapping[str, int], old: Path | None, by: str | None, at: datetime) -> Path:
    """Add the event, unless the log has it; the log's place. Only names and numbers go in, no path of this machine.

    Raises `CustodyBroken`, `SealUnwritable`, `OSError`.
    """
    sources = enumerate(taken.items(), start=1)
    facts = {f"from-{number}": f"{Path(place).name}: {files} files" for number, (place, files) in sources}
    facts |= {"old": old.name} if old else {}
    detail = "rebuilt from other copies, verified, swapped in"
    event = custody_log.event(KIND, at, detail, "pass", by=by, facts=facts)
    return _in_store(bag, event) if isinstance(bag, StorePlace) else _beside(bag, event)


def _beside(bag: Path, event: Event) -> Path:
    folder = seal_folder(bag)
    head = _events_head(bag, folder)
    with locked(folder):
        log = custody_log.read_log(folder, head)
        if not _has(log, event):
            custody_log.write_log(folder, log.with_event(event, head))
    return folder / custody_log.NAME


def _in_store(bag: StorePlace, event: Event) -> Path:
    """A store locks nothing: the log is replaced on the condition that it still is the one that was read."""
    from archive.bag.store.client import replace_object, version_of

    beside = StorePlace(bag.scheme, bag.container, str(seal_folder(Path(bag.key or bag.container))))
    target = beside.below(custody_log.NAME)
    for attempt in range(1, ATTEMPTS + 1):
        version = version_of(target)
        with seal_beside(bag) as folder:  # type: ignore[arg-type]  # a place in a store has a path's attributes
            head = _events_head(bag, folder)  # type: ignore[arg-type]
            log = custody_log.read_log(folder, head)
        if _has(log, event):
            break
        text = log.with_event(event, head).text
        try:
            replace_object(target, io.BytesIO(text), len(text), version)
            break
        except OSError as error:
            if error.errno != errno.EBUSY or attempt == ATTEMPTS:
                raise
    return target  # type: ignore[return-value]


def _has(log: CustodyLog, event: Event) -> bool:
    """True where this very repair is in the log: a run that was killed afterwards is continued."""
    return any(one.type == event.type and one.facts == event.facts and _is_at(one, event) for one in log.events)


def _is_at(one: Event, other: Event) -> bool:
    """True for the same moment; the catalogue rounds it down, a log rounded it up."""
    times = (custody_log.moment_of(one), custody_log.moment_of(other))
    return None not in times and abs(times[0] - times[1]) <= timedelta(seconds=1)  # type: ignore[operator]


def _events_head(bag: Path, folder: Path) -> str | None:
    try:
        with open_bag(str(bag) if isinstance(bag, StorePlace) else bag) as opened:
            return read_facts(opened).log_root
    except NotSealable:
        return custody_log.first_prev(folder)
