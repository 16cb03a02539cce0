"""How many hands may work at once: fewer where they would wait for the interpreter and not for the network.

Python runs one thread at a time. Where answers come faster than one core can deal with them, further hands bring in
nothing; they only fight for the interpreter's lock, which costs sixteen of them half as much again as four.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

WINDOW = 0.05
"""Seconds after which it is looked anew."""
_BUSY, _FREE = 0.9, 0.75
"""Shares of one core: from the one on there are too many hands, up to the other there may be more."""


class Throttle:
    """Between `least` and `most` hands, by how much of a core this process has taken. Not safe without a lock."""

    def __init__(
        self,
        most: int,
        least: int = max(4, 2 * (os.cpu_count() or 1)),
        *,
        clock: Callable[[], float] = time.monotonic,
        spent: Callable[[], float] = time.process_time,
    ) -> None:
        """`spent` is the CPU time of all threads; digests and gzip need no lock, so there is a `least`."""
        self._most, self._least, self._clock, self._spent = most, min(least, most), clock, spent
        self._since, self._before = clock(), spent()
        self._allowed = most

    def allowed(self) -> int:
        """How many may work now."""
        now = self._clock()
        if now - self._since >= WINDOW:
            spent = self._spent()
            share = (spent - self._before) / (now - self._since)
            self._since, self._before = now, spent
            if share > _BUSY:
                self._allowed = max(self._least, self._allowed // 2)
            elif share < _FREE:
                self._allowed = min(self._most, 2 * self._allowed)
        return self._allowed
