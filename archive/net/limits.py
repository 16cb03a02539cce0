"""Limits of an exchange, and the deadlines that enforce them. For bad lines: slow is allowed, stalled is not."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from msgspec import Struct


class ExchangeLimits(Struct, frozen=True):
    """Bounds of one exchange, in seconds and bytes."""

    resolve: float = 20.0
    connect: float = 20.0
    """For each address that a name has."""
    handshake: float = 40.0
    head: float = 60.0
    """From the last byte of the request to the complete head of the response."""
    stall: float = 60.0
    """Between two reads."""
    slowest: float = 512.0
    """Bytes a second, over `window`."""
    window: float = 60.0
    whole: float = 6 * 3600.0
    body_size: int = 5 << 30
    """Bytes on the wire of one body."""


_PIECE = 1 << 16


class TooSlowError(Exception):
    """The exchange ran out of time; `why` names the deadline."""

    def __init__(self, why: str, *, is_silence: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.is_silence = is_silence
        """True where bytes that are there already, and were not read yet, would have been in time."""


class Deadlines:
    """The deadlines of one exchange: how long the next read may wait, and whether enough came in the last window."""

    def __init__(self, limits: ExchangeLimits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._ends = clock() + limits.whole
        self._head_ends: float | None = None
        self._body_began: float | None = None
        self._last = clock()
        """When bytes came last."""
        self._received: deque[tuple[float, int]] = deque()
        self._in_window = 0
        self._paused = 0.0

    def await_head(self) -> None:
        self._last = self._now()
        self._head_ends = self._last + self._limits.head

    def await_body(self) -> None:
        self._head_ends = None
        self._body_began = self._now()

    def paused(self, seconds: float) -> None:
        """Do not count what we ourselves waited: the server is not responsible for `--limit-rate`."""
        self._paused += seconds

    def _now(self) -> float:
        return self._clock() - self._paused

    def patience(self) -> float:
        """Seconds that the next read may block. Raises `TooSlowError`."""
        now = self._now()
        if now >= self._ends:
            raise TooSlowError(f"not complete after {self._limits.whole:g} s")
        if self._head_ends is not None:
            if now >= self._head_ends:
                raise self.stalled()
            return min(self._head_ends, self._ends) - now
        self._judge_rate(now)
        return min(self._limits.stall, self._ends - now)

    def check(self) -> None:
        """Raise `TooSlowError` where a deadline has passed, or nothing came for too long."""
        self.patience()
        if self._head_ends is None and self._now() - self._last >= self._limits.stall:
            raise self.stalled()

    def stalled(self) -> TooSlowError:
        """What to raise when a read waited for all of `patience`."""
        if self._head_ends is not None:
            return TooSlowError(f"no complete head within {self._limits.head:g} s", is_silence=True)
        return TooSlowError(f"nothing came for {self._limits.stall:g} s", is_silence=True)

    def received(self, size: int) -> None:
        now = self._last = self._now()
        if self._received and now - self._received[-1][0] < 0.5:
            then, before = self._received[-1]
            self._received[-1] = (then, before + size)
        else:
            self._received.append((now, size))
        self._in_window += size
        while self._received and self._received[0][0] < now - self._limits.window:
            self._in_window -= self._received.popleft()[1]

    def _judge_rate(self, now: float) -> None:
        if self._body_began is None or now - self._body_began < self._limits.window:
            return
        if self._in_window < self._limits.slowest * self._limits.window:
            raise TooSlowError(f"under {self._limits.slowest:g} bytes/s over {self._limits.window:g} s")


class RateLimit:
    """A bound on the bytes that all connections together take in a second (`--limit-rate`)."""

    def __init__(self, rate: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._free_at = clock()

    @property
    def piece(self) -> int:
        """Bytes that may be read at once: what a fifth of a second brings, so that no connection blocks the others."""
        return _PIECE if self._rate is None else int(min(max(self._rate / 5, 512), _PIECE))

    def take(self, size: int) -> float:
        """Count `size` more bytes. Returns the seconds to wait until they are within the rate."""
        if self._rate is None:
            return 0.0
        now = self._clock()
        self._free_at = max(now, self._free_at) + size / self._rate
        return self._free_at - now


class ByteBudget:
    """The bytes that a whole run may still receive (`--max-total`); `on_received` learns of all that arrive."""

    def __init__(self, total: int | None, on_received: Callable[[int], None] | None = None) -> None:
        self._left = total
        self._on_received = on_received

    @property
    def is_spent(self) -> bool:
        return self._left is not None and self._left <= 0

    def spend(self, size: int) -> None:
        if self._on_received is not None:
            self._on_received(size)
        if self._left is not None:
            self._left -= size
