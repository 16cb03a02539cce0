"""What is done for a source when the live web has had its last word: copies from elsewhere, beside what it gave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from datetime import datetime

from archive.capture.memento.elsewhere import OtherArchive
from archive.capture.memento.fallback import Archive, wants_memento, with_memento
from archive.capture.memento.wayback import Wayback
from archive.capture.successor import due_successors, with_successor
from archive.systems.interface import Visit
from archive_manifests.ledger import SourceEntry


class Afterwards:
    """Looks for copies elsewhere, for one source after the other. Safe to use from many threads."""

    def __init__(self, now: Callable[[], datetime], timemaps: Sequence[str] = ()) -> None:
        self._archives: tuple[Archive, ...] = (Wayback(), *map(OtherArchive, timemaps))
        self._now = now

    def is_due(self, visit: Visit, entry: SourceEntry) -> bool:
        """True where something is still to be looked for."""
        return bool(due_successors(visit, entry)) or _wants_memento(visit, entry)

    def complete(self, visit: Visit, entry: SourceEntry) -> SourceEntry:
        """The entry with the copies that were got. A fault of the program leaves what was got so far, and says so."""
        try:
            for asserted in due_successors(visit, entry):
                entry = with_successor(visit, entry, asserted)
            if _wants_memento(visit, entry):
                entry = with_memento(visit, entry, self._archives, self._now())
        except (OSError, CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 -- one source's trouble must not lose the others
            note = f"the program failed while it looked for copies elsewhere: {type(error).__name__}: {error}"
            return replace(entry, notes=(*entry.notes, note))
        return entry


def _wants_memento(visit: Visit, entry: SourceEntry) -> bool:
    return wants_memento(entry, visit.url, visit.settings, visit.report)
