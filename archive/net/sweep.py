"""The deadlines of all exchanges under way, judged in one sweep: no timer is set and cancelled for each read."""

from __future__ import annotations

import asyncio
from typing import Protocol

EVERY = 0.1
"""Seconds between two sweeps; no deadline of ours is more exact."""


class HasDeadlines(Protocol):
    """An exchange under way."""

    def check_deadlines(self, late: float) -> None:
        """End the exchange where a deadline of it has passed. `late` are seconds that this program itself lost."""


class Sweep:
    """Judges what is under way ten times a second, and waits while nothing is. Used on the event loop alone."""

    def __init__(self) -> None:
        self._watched: dict[HasDeadlines, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def add(self, watched: HasDeadlines) -> None:
        self._watched[watched] = None
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(EVERY, self._run)

    def remove(self, watched: HasDeadlines) -> None:
        self._watched.pop(watched, None)

    def _run(self) -> None:
        assert self._timer is not None
        loop = asyncio.get_running_loop()
        late = loop.time() - self._timer.when()
        for watched in list(self._watched):
            watched.check_deadlines(late)
        self._timer = loop.call_later(EVERY, self._run) if self._watched else None
