"""Our own limits on a source and on the run: bytes and seconds. Reaching one is recorded, and the run continues."""

from __future__ import annotations

import time
from collections.abc import Callable

from archive.capture.settings import FetchSettings
from archive.net import Failure
from archive.urls import Url


class RunLimits:
    """Counts what each source brings and how long it takes. Used on the event loop alone."""

    def __init__(self, settings: FetchSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._run_started = clock()
        self._source_started: dict[str, float] = {}
        self._received: dict[str, int] = {}

    def add(self, series: str, size: int) -> None:
        """Count the bytes of a body for its source."""
        self._received[series] = self._received.get(series, 0) + size

    def refusal(self, url: Url, series: str) -> Failure | None:
        """Why a request is not sent; None where it is."""
        now, settings = self._clock(), self._settings
        started = self._source_started.setdefault(series, now)
        received = self._received.get(series, 0)
        if settings.source_size is not None and received >= settings.source_size:
            return _reached(f"the source has brought {settings.source_size:,} bytes, the most it may")
        if now - started > settings.source_seconds:
            return _reached(f"the source has taken {settings.source_seconds:g} s, the most it may")
        if settings.run_seconds is not None and now - self._run_started > settings.run_seconds:
            return _reached(f"the run has taken {settings.run_seconds:g} s, the most it may")
        if not url.is_web:
            return Failure("policy", "scheme", f"only http and https are requested, not {url.scheme}:")
        return None


def _reached(message: str) -> Failure:
    return Failure("policy", "limit", message)
