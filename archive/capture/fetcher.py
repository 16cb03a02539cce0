"""The fetcher: requests each URL once for all sources, through the queue of its host."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from archive.capture.clock_offset import ClockCheck
from archive.capture.derived_records import DerivedRecords
from archive.capture.host_queues import HostQueues
from archive.capture.journal_entries import request_key
from archive.capture.politeness import Robots
from archive.capture.range_resume import may_resume
from archive.capture.recorder import Recorder
from archive.capture.request_task import PAGE, REQUISITE, RequestTask, Sender, Sending
from archive.capture.retry import RetryPolicy, is_unreached, may_pass
from archive.capture.run_limits import RunLimits
from archive.capture.settings import FetchSettings
from archive.net import ExchangeLimits, Request
from archive.progress import Progress
from archive.urls import Url
from archive.workfolder.recorded import Recorded

__all__ = ["PAGE", "REQUISITE", "Fetcher"]

_ACCEPT = {
    PAGE: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    REQUISITE: "*/*",
}


class Fetcher:
    """Gives every caller the one response of a URL. Safe to use from many threads."""

    def __init__(
        self,
        recorder: Recorder,
        derived: DerivedRecords,
        queues: HostQueues,
        settings: FetchSettings,
        progress: Progress,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._recorder, self._queues = recorder, queues
        self._lock = threading.Lock()
        self._pending: dict[str, Future[Recorded]] = {}
        self._responses: dict[str, Recorded] = recorder.earlier()
        self._partial: dict[str, Recorded] = {}
        """What an earlier attempt received of a large body: it is resumed where the server lets it."""
        has_reached = any(not is_unreached(each) for each in self._responses.values())
        retries, limits = RetryPolicy(settings, has_reached=has_reached, now=now), RunLimits(settings)
        sender = Sender(recorder, settings, progress, limits, retries)
        robots = Robots(obey=settings.obey_robots, user_agent=settings.user_agent)
        shared = (robots, self._robots_txt, limits, retries, settings, progress)
        self._sending = Sending(recorder, derived, sender, *shared)

    @property
    def clock(self) -> ClockCheck:
        return self._sending.sender.clock

    def fetch(
        self,
        url: Url,
        *,
        series: str,
        kind: int = REQUISITE,
        headers: tuple[tuple[str, str], ...] = (),
        limits: ExchangeLimits | None = None,
        cookies: str = "",
    ) -> Future[Recorded]:
        """Request a URL by GET, or wait for the response that another caller's request brings.

        `headers` and `limits` are the first caller's: the second gets the same response. With `cookies`, which
        responses of the same visit set, the request is another one than without.
        """
        key = request_key(url.href, cookies)
        with self._lock:
            known = self._known(key)
            if known is not None:
                return known
            accept = () if any(name == "Accept" for name, _ in headers) else (("Accept", _ACCEPT[kind]),)
            request = Request(url, headers=(*accept, *headers), limits=limits)
            partial = self._partial.pop(key, None)
            task = RequestTask(self._sending, request, series, kind, cookies=cookies, partial=partial)
            known = self._pending[key] = self._queues.submit(url.host, task, gap=task.gap, priority=kind)
        known.add_done_callback(lambda ended: self._settle(key, ended))
        return known

    def _known(self, key: str) -> Future[Recorded] | None:
        recorded = self._responses.get(key)
        if recorded is None:
            return self._pending.get(key)
        future: Future[Recorded] = Future()
        future.set_result(recorded)
        return future

    def _settle(self, key: str, ended: Future[Recorded]) -> None:
        """Store the response, and release the future, which is far larger."""
        with self._lock:
            if self._pending.get(key) is ended and not ended.cancelled() and ended.exception() is None:
                self._responses[key] = ended.result()
                del self._pending[key]

    def _robots_txt(self, url: Url, series: str) -> Recorded:
        with self._lock:
            known = self._responses.get(url.href)
        if known is not None:
            return known
        recorded = self._sending.sender.send(Request(url), series, repeatable=True)
        with self._lock:
            return self._responses.setdefault(url.href, recorded)

    def send(
        self, request: Request, *, series: str, note: dict[str, str] | None = None, kind: int = REQUISITE
    ) -> Future[Recorded]:
        """Send a request whose response serves nobody else: a POST, a probe, a repeat."""
        task = RequestTask(self._sending, request, series, kind, note=note, repeatable=False)
        return self._queues.submit(request.url.host, task, gap=task.gap, priority=kind)

    def forget(self, url: Url) -> None:
        """Let a URL be requested again: its request was cancelled before it began."""
        with self._lock:
            self._pending.pop(url.href, None)
            self._responses.pop(url.href, None)

    def recover(self) -> None:
        """Record what a run that was killed had received of large bodies, and resume from there."""
        recovered = self._recorder.recover()
        with self._lock:
            self._partial |= recovered

    def forget_failures(self) -> None:
        """Let what failed, and may not fail again, be requested once more: the second pass."""
        with self._lock:
            self._pending = {key: known for key, known in self._pending.items() if not known.done()}
            failed = {key: recorded for key, recorded in self._responses.items() if may_pass(recorded)}
            self._partial |= {key: recorded for key, recorded in failed.items() if may_resume(recorded)}
            self._responses = {key: recorded for key, recorded in self._responses.items() if key not in failed}
