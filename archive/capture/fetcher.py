"""The fetcher: requests each URL once for all sources, through the queue of its host."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any

from archive.capture.derived_records import DerivedRecords
from archive.capture.host_queues import HostQueues, ResultReceiver
from archive.capture.journal_entries import request_key
from archive.capture.known_responses import KnownResponses
from archive.capture.politeness import Robots
from archive.capture.range_resume import may_resume
from archive.capture.recorder import Recorder
from archive.capture.request_task import PAGE, REQUISITE, RequestTask, Sender, Sending
from archive.capture.retry import RetryPolicy, is_sent, is_unreached
from archive.capture.run_limits import RunLimits
from archive.capture.settings import FetchSettings
from archive.http.request_fields import ACCEPT_ANYTHING, ACCEPT_PAGE
from archive.net import ExchangeLimits, Request
from archive.net.event_loop import EventLoop
from archive.progress import Progress
from archive.urls import Url
from archive.workfolder.recorded import Recorded

__all__ = ["PAGE", "REQUISITE", "Fetcher"]

_ACCEPT = {
    PAGE: (("Accept", ACCEPT_PAGE),),
    REQUISITE: (("Accept", ACCEPT_ANYTHING),),
}


class Fetcher:
    """Gives every caller the one response of a URL. What it knows is used on the event loop alone."""

    def __init__(
        self,
        loop: EventLoop,
        recorder: Recorder,
        derived: DerivedRecords,
        queues: HostQueues,
        settings: FetchSettings,
        progress: Progress,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._loop, self._recorder, self._queues = loop, recorder, queues
        self._pending: dict[str, _Pending] = {}
        """Who waits for a response, by request."""
        earlier = recorder.earlier()
        self._responses = KnownResponses(recorder.read_back, earlier)
        self._robots_turns: dict[str, asyncio.Lock] = {}
        self._partial: dict[str, Recorded] = {}
        """What an earlier attempt received of a large body: it is resumed where the server lets it."""
        has_reached = any(is_sent(each) and not is_unreached(each) for each in earlier.values())
        retries, limits = RetryPolicy(settings, has_reached=has_reached, now=now), RunLimits(settings)
        sender = Sender(recorder, settings, progress, limits, retries)
        robots = Robots(obey=settings.obey_robots, user_agent=settings.user_agent)
        shared = (robots, self._robots_txt, limits, retries, settings, progress)
        self._sending = Sending(recorder, derived, sender, *shared)

    def call(self, function: Callable[..., object], *values: Any) -> None:
        """Call a function where responses arrive: in the event loop's thread. Raises `CancelledError` at the end."""
        if not self._loop.call(function, *values):
            raise CancelledError

    def fetch(
        self,
        url: Url,
        *,
        series: str,
        kind: int = REQUISITE,
        headers: tuple[tuple[str, str], ...] = (),
        limits: ExchangeLimits | None = None,
        cookies: str = "",
        note: dict[str, str] | None = None,
    ) -> Future[Recorded]:
        """Request a URL by GET, or wait for the response that another caller's request brings. In any thread.

        `headers`, `limits` and `note` are the first caller's: the second gets the same response. With `cookies`, which
        responses of the same visit set, the request is another one than without.
        """
        accept = () if any(name == "Accept" for name, _ in headers) else _ACCEPT[kind]
        request = Request(url, headers=(*accept, *headers), limits=limits)
        future: Future[Recorded] = Future()
        if not self._loop.call(self._request, request, future, series, kind, cookies, note):
            future.cancel()
        return future

    def deliver(self, url: Url, *, series: str, receiver: ResultReceiver) -> None:
        """`fetch` of a requisite in the loop's thread, for whoever learns the outcome there."""
        self._request(Request(url, headers=_ACCEPT[REQUISITE]), receiver, series, REQUISITE, "", None)

    def _request(
        self,
        request: Request,
        receiver: ResultReceiver,
        series: str,
        kind: int,
        cookies: str,
        note: dict[str, str] | None,
    ) -> None:
        key = request_key(request.url.href, cookies)
        known = self._responses.get(key)
        if known is not None:
            if receiver.set_running_or_notify_cancel():
                receiver.set_result(known)
            return
        pending = self._pending.get(key)
        if pending is not None:
            pending.add(receiver)
            return
        self._pending[key] = pending = _Pending(key, receiver, self._pending, self._responses)
        partial = self._partial.pop(key, None) if self._partial else None
        task = RequestTask(self._sending, request, series, kind, note=note, cookies=cookies, partial=partial)
        self._queues.add(request.url.host, task, pending, gap=task.gap, priority=kind)

    async def _robots_txt(self, url: Url, series: str) -> Recorded:
        async with self._robots_turns.setdefault(url.href, asyncio.Lock()):  # two hosts may redirect to one
            known = self._responses.get(url.href)
            if known is None:
                # What was sent is returned, also where another response came meanwhile: its records need a source.
                known = await self._sending.sender.send(Request(url), series, repeatable=True)
                if self._responses.get(url.href) is None:
                    self._responses.put(url.href, known)
            return known

    def send(
        self, request: Request, *, series: str, note: dict[str, str] | None = None, kind: int = REQUISITE
    ) -> Future[Recorded]:
        """Send a request whose response serves nobody else: a POST, a probe, a repeat."""
        task = RequestTask(self._sending, request, series, kind, note=note, repeatable=False)
        return self._queues.submit(request.url.host, task, gap=task.gap, priority=kind)

    def recover(self) -> None:
        """Record what a run that was killed had received of large bodies, and resume from there."""
        self._partial |= self._recorder.recover()

    def forget_failures(self) -> None:
        """Let what failed, and may not fail again, be requested once more: the second pass."""
        failed = self._responses.failures()
        self._partial |= {key: recorded for key, recorded in failed.items() if may_resume(recorded)}
        for key in failed:
            self._responses.forget(key)


class _Pending:
    """Those who wait for one response. What comes of its request goes to each of them."""

    __slots__ = ("_callers", "_is_running", "_key", "_pending", "_responses")

    def __init__(
        self, key: str, first: ResultReceiver, pending: dict[str, _Pending], responses: KnownResponses
    ) -> None:
        self._key, self._callers = key, [first]
        self._pending, self._responses = pending, responses
        self._is_running = False

    def add(self, caller: ResultReceiver) -> None:
        if not self._is_running or caller.set_running_or_notify_cancel():
            self._callers.append(caller)

    def set_running_or_notify_cancel(self) -> bool:
        """Whether any of them still waits: called when the request is about to be sent."""
        self._callers = [caller for caller in self._callers if caller.set_running_or_notify_cancel()]
        self._is_running = bool(self._callers)
        if not self._is_running:
            del self._pending[self._key]
        return self._is_running

    def set_result(self, recorded: Recorded) -> None:
        """Store the response, and give it to everybody who waits for it."""
        del self._pending[self._key]
        self._responses.put(self._key, recorded)
        for caller in self._callers:
            caller.set_result(recorded)

    def set_exception(self, error: BaseException | None) -> None:
        del self._pending[self._key]
        for caller in self._callers:
            caller.set_exception(error)

    def cancel(self) -> None:
        del self._pending[self._key]
        for caller in self._callers:
            caller.cancel()
