"""One request with its retries: robots.txt first, then attempts, then the rest of a body that was cut."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from archive.capture.address_leaks import echoes
from archive.capture.cookies import WITH_COOKIES, UserCookies
from archive.capture.derived_records import DerivedRecords
from archive.capture.politeness import ROBOTS_TXT, HostPolicy, Robots, policy_for
from archive.capture.range_resume import may_resume, resume
from archive.capture.recorder import Recorder
from archive.capture.retry import RetryPolicy, best_attempt
from archive.capture.run_limits import RunLimits
from archive.capture.settings import FetchSettings
from archive.net import Failure, Request
from archive.progress import Progress
from archive.urls import Url
from archive.workfolder.events import AddressEchoed
from archive.workfolder.recorded import Recorded
from archive_manifests.exchanges import Purpose

PAGE, REQUISITE = 0, 1
"""Kinds of request: a page waits the whole delay, and goes before requisites."""
_REST: dict[str, str] = {"purpose": Purpose.REST_OF_RESPONSE}


class Sender:
    """Sends a request with the user's cookies, has it recorded, and takes note of what the response shows."""

    def __init__(
        self, recorder: Recorder, settings: FetchSettings, progress: Progress, limits: RunLimits, retries: RetryPolicy
    ) -> None:
        self._recorder, self._progress = recorder, progress
        self._limits, self._retries = limits, retries
        self._cookies = UserCookies(settings.cookies)

    async def send(
        self,
        request: Request,
        series: str,
        note: dict[str, str] | None = None,
        *,
        repeatable: bool = False,
        cookies: str = "",
    ) -> Recorded:
        """Send one request; `cookies` are those that responses of the same visit set."""
        note = {**WITH_COOKIES, "cookies": cookies} if cookies else note
        request = self._with_cookies(request, cookies)
        recorded = await self._recorder.carry(request, series=series, note=note, repeatable=repeatable)
        self._limits.add(series, recorded.size)
        self._retries.observe(recorded)
        for address in echoes(recorded):
            self._recorder.echoed(AddressEchoed(series, recorded.url.href, address))
        self._progress.exchanged(series, request.method, request.url.href, outcome_word(recorded), recorded.size)
        return recorded

    def _with_cookies(self, request: Request, cookies: str) -> Request:
        """The request with the user's cookies for it, then those that the visit's responses set."""
        values = [value for _, value in self._cookies.header(request.url)] + ([cookies] if cookies else [])
        if not values or any(name.lower() == "cookie" for name, _ in request.headers):
            return request  # a guest's has the user's cookies already
        return replace(request, headers=(*request.headers, ("Cookie", "; ".join(values))))


class Sending(Struct, frozen=True):
    """What all requests of a run share."""

    recorder: Recorder
    derived: DerivedRecords
    sender: Sender
    robots: Robots
    robots_txt: Callable[[Url, str], Coroutine[Any, Any, Recorded]]
    """Fetches a robots.txt for a source, once for all of them."""
    limits: RunLimits
    retries: RetryPolicy
    settings: FetchSettings
    progress: Progress


class RequestTask:
    """Runs in its host's queue until its response is final; raises `RetryLater` for another turn."""

    __slots__ = (
        *("_attempts", "_before", "_cookies", "_is_page", "_note", "_partial", "_policy"),
        *("_repeatable", "_request", "_sending", "_series"),
    )

    def __init__(
        self,
        sending: Sending,
        request: Request,
        series: str,
        kind: int,
        *,
        note: dict[str, str] | None = None,
        repeatable: bool = True,
        cookies: str = "",
        partial: Recorded | None = None,
    ) -> None:
        """`partial` is what an earlier attempt received of a large body."""
        self._sending, self._request, self._series = sending, request, series
        self._is_page = kind == PAGE
        self._note, self._repeatable, self._cookies = note, repeatable, cookies
        self._partial = partial
        self._policy: HostPolicy = policy_for(request.url, sending.settings)
        self._attempts: list[Recorded] = []
        self._before: tuple[Recorded, ...] = ()
        """The exchanges for robots.txt."""

    @property
    def gap(self) -> float:
        """Seconds after the last response of the host, at the least."""
        delay = self._sending.settings.delay
        return max(delay if self._is_page else delay / 10, self._policy.gap)

    async def __call__(self) -> Recorded:
        refusal = await self._refusal()
        if refusal is not None:
            refused = await self._sending.recorder.refuse(self._request, refusal, series=self._series)
            return dataclasses.replace(refused, earlier=record_ids([*self._before, *self._attempts]))
        if self._partial is not None and not self._attempts:
            self._partial = await self._resumed(self._partial)
            self._attempts.append(self._partial)
            if self._partial.truncated is None:
                return self._with_earlier(self._partial)
        repeatable, cookies, sender = self._repeatable, self._cookies, self._sending.sender
        recorded = await sender.send(self._request, self._series, self._note, repeatable=repeatable, cookies=cookies)
        self._attempts.append(recorded)
        retry = self._sending.retries.retry(recorded, len(self._attempts), self._policy, is_page=self._is_page)
        if retry is not None:
            host, last = self._request.url.host, self._attempts[-1]
            word = "truncated" if last.failure is None and last.truncated else outcome_word(last)
            self._sending.progress.waiting(host, retry.seconds, word)
            raise retry
        best = self._with_earlier(best_attempt(self._attempts))
        return best if best.answer == (self._partial and self._partial.answer) else await self._resumed(best)

    async def _refusal(self) -> Failure | None:
        """Our own reasons not to send the request; robots.txt is fetched before the first attempt."""
        sending, url = self._sending, self._request.url
        refusal = sending.limits.refusal(url, self._series)
        if refusal is not None:
            return refusal
        if url.target == ROBOTS_TXT:
            return None  # the file is implicitly allowed (RFC 9309, section 2.2.2)
        if not self._attempts and (self._is_page or sending.settings.obey_robots):
            self._before = await sending.robots.consult(url, lambda robots: sending.robots_txt(robots, self._series))
        if sending.robots.forbids(url):
            return Failure("policy", "robots", "the host's robots.txt forbids programs to fetch it (--obey-robots)")
        return None

    def _with_earlier(self, best: Recorded) -> Recorded:
        if not self._before and len(self._attempts) == 1:
            return best
        others = [attempt for attempt in self._attempts if attempt is not best]
        return dataclasses.replace(best, earlier=(*record_ids(self._before), *record_ids(others), *best.earlier))

    async def _resumed(self, recorded: Recorded) -> Recorded:
        """Fetch the rest of a large body that was cut, and join the parts in a `resource`."""
        if not may_resume(recorded):
            return recorded
        settings = self._sending.settings
        resumed = await resume(
            recorded,
            lambda part: self._sending.sender.send(part, self._series, _REST, cookies=self._cookies),
            request=self._request,
            tries=settings.tries,
            pause=2 * settings.delay,
        )
        if resumed.is_complete:
            joined = await asyncio.to_thread(self._sending.derived.write_joined, resumed.parts, series=self._series)
            stray = [part for part in resumed.responses if part not in resumed.parts]
            return dataclasses.replace(joined, earlier=(*joined.earlier, *record_ids(stray)))
        if resumed.whole is not None:
            others = [recorded, *(part for part in resumed.responses if part is not resumed.whole)]
            return dataclasses.replace(resumed.whole, earlier=(*record_ids(others), *resumed.whole.earlier))
        return dataclasses.replace(recorded, earlier=(*recorded.earlier, *record_ids(resumed.responses)))


def record_ids(recorded: Sequence[Recorded]) -> tuple[str, ...]:
    """Ids of the records of these exchanges, those of their earlier attempts first."""
    return tuple(record for each in recorded for record in (*each.earlier, each.answer))


def outcome_word(recorded: Recorded) -> str:
    """An outcome in one word: the status, or the reason of the failure."""
    return str(recorded.status or (recorded.failure.reason if recorded.failure else "?"))
