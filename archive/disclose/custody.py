"""Enters what was disclosed in the custody log beside the original bag."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from archive.bag.open import open_bag
from archive.trust import custody_log, seal_folder
from archive.trust.locking import locked

EVENT = "dissemination"
"""The custody event of a copy. (PREMIS event type vocabulary)"""


def enter_in_custody(
    bag: Path,
    names: tuple[str, ...],
    because: str,
    by: str | None,
    facts: dict[str, str],
    now: datetime,
    outcome: str | None = None,
) -> tuple[str, ...]:
    """Log a disclosure; return what no earlier one disclosed. `names` are source ids, or one part's reference."""
    from archive.seal.facts import read_facts

    folder = seal_folder.seal_folder(bag.absolute())
    with open_bag(bag) as opened:
        head = read_facts(opened).events_head
    folder.mkdir(exist_ok=True)
    with locked(folder):
        log = custody_log.read_log(folder, head)
        before = {name for event in log.events if event.type == EVENT for name in event.objects}
        event = custody_log.event(
            EVENT,
            now,
            f"a disclosure copy was made ({because})",
            outcome or "one part disclosed",
            by=by,
            objects=names,
            facts={**facts, "because": because},
        )
        custody_log.write_log(folder, log.with_event(event, head))
    return tuple(name for name in names if name not in before)
