"""Asks for URLs: each once, through its host's lane, again where a failure may pass."""

from __future__ import annotations

import email.utils
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from archive.capture.lanes import Lanes, TryAgain
from archive.capture.recorder import Recorded, Recorder
from archive.capture.settings import FetchSettings
from archive.capture.wire import Request
from archive.progress import Progress
from archive.urls import Url

PAGE, REQUISITE = 0, 1
"""Kinds of request: a page waits the whole delay, and goes before requisites."""

PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
PASSING_FAILURES = frozenset({"timeout", "reset", "empty", "connect", "dns"})
_ACCEPT = {
    PAGE: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    REQUISITE: "*/*",
}


class Fetcher:
    """The one place that decides when something is asked for, and whether it is asked for again."""

    def __init__(
        self,
        recorder: Recorder,
        lanes: Lanes,
        settings: FetchSettings,
        progress: Progress,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.recorder, self.settings = recorder, settings
        self._lanes, self._progress, self._now = lanes, progress, now
        self._lock = threading.Lock()
        self._asked: dict[str, Future[Recorded]] = {}
        for url, recorded in recorder.earlier().items():
            self._asked[url] = _settled(recorded)

    def fetch(
        self, url: Url, *, series: str, kind: int = REQUISITE, headers: tuple[tuple[str, str], ...] = ()
    ) -> Future[Recorded]:
        """Have a URL asked for by GET, or wait for the answer that another source's asking brings."""
        with self._lock:
            known = self._asked.get(url.href)
            if known is None:
                request = Request(url, headers=(("Accept", _ACCEPT[kind]), *headers))
                known = self._submit(request, series, kind)
                self._asked[url.href] = known
            return known

    def send(
        self, request: Request, *, series: str, note: dict[str, str] | None = None, kind: int = REQUISITE
    ) -> Future[Recorded]:
        """Have a request carried out that no other may answer: a POST, a probe, a repeat."""
        return self._submit(request, series, kind, note, repeatable=False)

    def forget_failures(self) -> None:
        """Let what failed, and may not fail again, be asked for once more: the second pass."""
        with self._lock:
            self._asked = {url: known for url, known in self._asked.items() if not _failed_for_now(known)}

    def _submit(
        self,
        request: Request,
        series: str,
        kind: int,
        note: dict[str, str] | None = None,
        *,
        repeatable: bool = True,
    ) -> Future[Recorded]:
        attempts: list[Recorded] = []
        delay = self.settings.delay

        def work() -> Recorded:
            recorded = self.recorder.carry(request, series=series, note=note, repeatable=repeatable)
            attempts.append(recorded)
            outcome = str(recorded.status or (recorded.failure.reason if recorded.failure else "?"))
            self._progress.exchanged(series, request.method, request.url.href, outcome, recorded.size)
            rest = self._rest(recorded, len(attempts), kind)
            if rest is not None:
                self._progress.waiting(request.url.host, rest.seconds, outcome)
                raise rest
            return replace(recorded, earlier=tuple(attempt.answer for attempt in attempts[:-1]))

        gap = delay if kind == PAGE else delay / 10
        return self._lanes.submit(request.url.host, work, gap=gap, priority=kind)

    def _rest(self, recorded: Recorded, tried: int, kind: int) -> TryAgain | None:
        """How long to wait before another try; None where this answer is final."""
        most = self.settings.tries if kind == PAGE else min(2, self.settings.tries)
        passing = recorded.status in PASSING_STATUS or (
            recorded.failure is not None and recorded.failure.reason in PASSING_FAILURES
        )
        if not passing or tried >= most:
            return None
        asked = self._asked_to_wait(recorded)
        if asked is not None and asked > self.settings.retry_after:
            return None
        backoff = self.settings.delay * 2.0 * 4 ** (tried - 1)
        return TryAgain(max(backoff, asked or 0.0), whole_host=recorded.status in (429, 503))

    def _asked_to_wait(self, recorded: Recorded) -> float | None:
        """Seconds of a Retry-After, which is a number of seconds or a date. (RFC 9110, section 10.2.3)"""
        stated = (recorded.header("Retry-After") or "").strip()
        if stated.isdigit():
            return float(stated[:9])
        try:
            return max(0.0, email.utils.parsedate_to_datetime(stated).timestamp() - self._now())
        except (ValueError, TypeError, OverflowError):
            return None


def _settled(recorded: Recorded) -> Future[Recorded]:
    future: Future[Recorded] = Future()
    future.set_result(recorded)
    return future


def _failed_for_now(known: Future[Recorded]) -> bool:
    if not known.done() or known.cancelled() or known.exception() is not None:
        return known.done()
    recorded = known.result()
    return recorded.status in PASSING_STATUS or (
        recorded.failure is not None and recorded.failure.reason in PASSING_FAILURES
    )
