"""What is done for a source when the live web has had its last word: copies from elsewhere, beside what it gave."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import replace
from datetime import datetime

from archive.capture.memento.fallback import wants_memento, with_memento
from archive.capture.memento.wayback import Wayback
from archive.systems.interface import Visit
from archive_manifests.ledger import SourceEntry


class Afterwards:
    """Looks for copies elsewhere, for one source after the other. Safe to use from many threads."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._wayback = Wayback()
        self._now = now

    def is_due(self, visit: Visit, entry: SourceEntry) -> bool:
        """True where something is still to be looked for."""
        return wants_memento(entry, visit.url, visit.settings, visit.report)

    def complete(self, visit: Visit, entry: SourceEntry) -> SourceEntry:
        """The entry with the copies that were got. A fault of the program leaves the entry as it was, and says so."""
        try:
            if wants_memento(entry, visit.url, visit.settings, visit.report):
                entry = with_memento(visit, entry, self._wayback, self._now())
        except (OSError, CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 -- one source's trouble must not lose the others
            note = f"the program failed while it looked for copies elsewhere: {type(error).__name__}: {error}"
            return replace(entry, memento_lookup="error", notes=(*entry.notes, note))
        return entry
