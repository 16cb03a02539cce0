"""Asks for URLs: each once, through its host's lane, again where a failure may pass."""

from __future__ import annotations

import email.utils
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace

from archive.capture.address_leaks import echoes
from archive.capture.clock_offset import ClockCheck
from archive.capture.cookies import WITH_COOKIES, UserCookies
from archive.capture.host_queues import Lanes, TryAgain
from archive.capture.politeness import Manners, Robots, manners_for
from archive.capture.range_resume import LEAST, go_on, may_go_on
from archive.capture.recorded import Recorded
from archive.capture.recorder import Recorder, request_key
from archive.capture.settings import FetchSettings
from archive.net import Failure, Limits, Request
from archive.progress import Progress
from archive.urls import Url
from archive.workfolder.events import AddressEchoed

PAGE, REQUISITE = 0, 1
"""Kinds of request: a page waits the whole delay, and goes before requisites."""

PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
PASSING_FAILURES = frozenset({"timeout", "reset", "empty", "connect", "dns"})
_HOSTS_WITHOUT_NETWORK = 3
"""Hosts of which none was reached: from then on it is likelier that there is no network than that all are down."""
UNREACHED = frozenset({"dns", "connect", "proxy"})
"""Stages of a failure before anything of the host was reached."""
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
        """What is on its way."""
        self._answered: dict[str, Recorded] = {}
        self._robots = Robots(obey=settings.obey_robots, user_agent=settings.user_agent)
        self._cookies = UserCookies(settings.cookies)
        self.clock = ClockCheck()
        self._started = time.monotonic()
        self._began: dict[str, float] = {}
        self._brought: dict[str, int] = {}
        self._partial: dict[str, Recorded] = {}
        """What an earlier attempt received of a large body: it is resumed where the server lets it."""
        self._answered.update(recorder.earlier())
        self._unreached: set[str] = set()
        """Hosts that were not reached, while none has been."""
        self._has_reached = any(not is_unreached(each) for each in self._answered.values())

    def fetch(
        self,
        url: Url,
        *,
        series: str,
        kind: int = REQUISITE,
        headers: tuple[tuple[str, str], ...] = (),
        limits: Limits | None = None,
        cookies: str = "",
    ) -> Future[Recorded]:
        """Have a URL asked for by GET, or wait for the answer that another source's asking brings.

        `headers` and `limits` are the asker's: who comes second gets what the first was given. With `cookies`, which
        responses of the same visit set, the request is another one than without.
        """
        key = request_key(url.href, cookies)
        with self._lock:
            answered = self._answered.get(key)
            known = _settled(answered) if answered is not None else self._asked.get(key)
            if known is not None:
                return known
            accept = () if any(name == "Accept" for name, _ in headers) else (("Accept", _ACCEPT[kind]),)
            request = Request(url, headers=(*accept, *headers), limits=limits)
            known = self._asked[key] = self._submit(request, series, kind, cookies=cookies)
        known.add_done_callback(lambda ended: self._settle(key, ended))
        return known

    def _settle(self, url: str, ended: Future[Recorded]) -> None:
        """Keep the answer, and let go of the far larger thing that one waits for it with."""
        with self._lock:
            if self._asked.get(url) is ended and not ended.cancelled() and ended.exception() is None:
                self._answered[url] = ended.result()
                del self._asked[url]

    def send(
        self, request: Request, *, series: str, note: dict[str, str] | None = None, kind: int = REQUISITE
    ) -> Future[Recorded]:
        """Have a request carried out that no other may answer: a POST, a probe, a repeat."""
        return self._submit(request, series, kind, note, repeatable=False)

    def forget(self, url: Url) -> None:
        """Let a URL be asked for again: the asking was called off before it began."""
        with self._lock:
            self._asked.pop(url.href, None)
            self._answered.pop(url.href, None)

    def recover(self) -> None:
        """Record what a run that was killed had received of large bodies, and resume from there."""
        recovered = self.recorder.recover()
        with self._lock:
            self._partial |= recovered

    def forget_failures(self) -> None:
        """Let what failed, and may not fail again, be asked for once more: the second pass."""
        with self._lock:
            self._asked = {url: known for url, known in self._asked.items() if not known.done()}
            failed = {key: recorded for key, recorded in self._answered.items() if _may_pass(recorded)}
            self._partial |= {key: recorded for key, recorded in failed.items() if may_go_on(recorded)}
            self._answered = {key: recorded for key, recorded in self._answered.items() if key not in failed}

    def _submit(
        self,
        request: Request,
        series: str,
        kind: int,
        note: dict[str, str] | None = None,
        *,
        repeatable: bool = True,
        cookies: str = "",
    ) -> Future[Recorded]:
        before: list[Recorded] = []
        attempts: list[Recorded] = []
        delay, manners = self.settings.delay, manners_for(request.url, self.settings)

        def work() -> Recorded:
            refused = self._refusal(request.url, series)
            if refused is not None:
                return self.recorder.refuse(request, refused, series=series)
            if not attempts:
                before.extend(self._consult_robots(request.url, series, kind))
            if self._robots.forbids(request.url):
                told = Failure("policy", "robots", "the host's robots.txt asks that it be left alone (--obey-robots)")
                return replace(self.recorder.refuse(request, told, series=series), earlier=_ids(before))
            partial = self._take_partial(request, cookies) if repeatable else None
            if partial is not None:
                attempts.append(self._gone_on_with(partial, request, series, cookies))
                if attempts[-1].truncated is None:
                    return replace(attempts[-1], earlier=(*_ids(before), *attempts[-1].earlier))
                partial = attempts[-1]
            recorded = self._carry(request, series, note, repeatable=repeatable, cookies=cookies)
            attempts.append(recorded)
            rest = self._rest(recorded, len(attempts), kind, manners)
            if rest is not None:
                self._progress.waiting(request.url.host, rest.seconds, _told(recorded))
                raise rest
            best = _best(attempts)
            others = [attempt for attempt in attempts if attempt is not best]
            best.earlier = (*_ids(before), *_ids(others), *best.earlier)
            return best if best is partial else self._gone_on_with(best, request, series, cookies)

        gap = max(delay if kind == PAGE else delay / 10, manners.gap)
        return self._lanes.submit(request.url.host, work, gap=gap, priority=kind)

    def _carry(
        self,
        request: Request,
        series: str,
        note: dict[str, str] | None = None,
        *,
        repeatable: bool = False,
        cookies: str = "",
    ) -> Recorded:
        note = {**WITH_COOKIES, "cookies": cookies} if cookies else note
        dressed = self._with_cookies(request, cookies)
        recorded = self.recorder.carry(dressed, series=series, note=note, repeatable=repeatable)
        with self._lock:
            self._brought[series] = self._brought.get(series, 0) + recorded.size
            self._has_reached |= not is_unreached(recorded)
            if not self._has_reached:
                self._unreached.add(request.url.host)
        self.clock.listen(recorded)
        self._listen(recorded, series)
        self._progress.exchanged(series, request.method, request.url.href, _told(recorded), recorded.size)
        return recorded

    def _take_partial(self, request: Request, cookies: str) -> Recorded | None:
        with self._lock:
            return self._partial.pop(request_key(request.url.href, cookies), None)

    def _with_cookies(self, request: Request, cookies: str) -> Request:
        """The request with the user's cookies for it, then those that the visit's responses set."""
        if any(name.lower() == "cookie" for name, _ in request.headers):
            return request  # a guest's, who was given the user's
        values = [value for _, value in self._cookies.header(request.url)] + ([cookies] if cookies else [])
        return replace(request, headers=(*request.headers, ("Cookie", "; ".join(values)))) if values else request

    def _listen(self, recorded: Recorded, series: str) -> None:
        for address in echoes(recorded):
            self.recorder.echoed(AddressEchoed(series, recorded.url.href, address))

    def _refusal(self, url: Url, series: str) -> Failure | None:
        """Our own bounds on a source and on the run; reaching one is recorded, and the run goes on."""
        now, settings = time.monotonic(), self.settings
        began = self._began.setdefault(series, now)
        if settings.source_size is not None and self._brought.get(series, 0) >= settings.source_size:
            return Failure("policy", "limit", f"the source has brought {settings.source_size:,} bytes, the most it may")
        if now - began > settings.source_seconds:
            return Failure("policy", "limit", f"the source has taken {settings.source_seconds:g} s, the most it may")
        if settings.run_seconds is not None and now - self._started > settings.run_seconds:
            return Failure("policy", "limit", f"the run has taken {settings.run_seconds:g} s, the most it may")
        if not url.is_web:
            return Failure("policy", "scheme", f"only http and https are asked for, not {url.scheme}:")
        return None

    def _consult_robots(self, url: Url, series: str, kind: int) -> tuple[Recorded, ...]:
        if kind != PAGE and not self.settings.obey_robots:
            return ()
        return self._robots.consult(url, lambda robots: self._robots_txt(robots, series))

    def _robots_txt(self, url: Url, series: str) -> Recorded:
        with self._lock:
            known = self._answered.get(url.href)
        if known is not None:
            return known
        recorded = self._carry(Request(url), series, repeatable=True)
        with self._lock:
            self._answered.setdefault(url.href, recorded)
        return recorded

    def _gone_on_with(self, recorded: Recorded, request: Request, series: str, cookies: str) -> Recorded:
        """Bring in the rest of a big body that was cut off, and put the parts together in a `resource`."""
        if not may_go_on(recorded):
            return recorded
        note = {"purpose": "the rest of an answer that was cut off"}
        came = go_on(
            recorded,
            lambda part: self._carry(part, series, note, cookies=cookies),
            request=request,
            tries=self.settings.tries,
            rest=lambda: time.sleep(2 * self.settings.delay),
        )
        if came.is_complete:
            joined = self.recorder.joined(came.parts, series=series)
            stray = _ids([part for part in came.asked if part not in came.parts])
            joined.earlier = (*joined.earlier, *stray)
            return joined
        if came.whole is not None:
            before = _ids([recorded, *(part for part in came.asked if part is not came.whole)])
            return replace(came.whole, earlier=(*before, *came.whole.earlier))
        return replace(recorded, earlier=(*recorded.earlier, *_ids(came.asked)))

    def _rest(self, recorded: Recorded, tried: int, kind: int, manners: Manners) -> TryAgain | None:
        """How long to wait before another try; None where this answer is final."""
        is_heavy = recorded.truncated is not None and recorded.size >= LEAST
        most = self.settings.tries if kind == PAGE and not is_heavy else min(2, self.settings.tries)
        if not self._has_reached and is_unreached(recorded):
            # There may be no network at all, which a person is to learn within seconds; there is a second pass.
            most = min(most, 2 if len(self._unreached) < _HOSTS_WITHOUT_NETWORK else 1)
        passing = _may_pass(recorded) and not may_go_on(recorded)
        if recorded.truncated == "time" and recorded.head is not None and kind != PAGE:
            passing = False  # a stream that never ends is not worth another minute
        if not passing or tried >= most or recorded.status in manners.final:
            return None
        asked = self._asked_to_wait(recorded)
        if asked is not None and asked > self.settings.retry_after:
            return None
        backoff = max(self.settings.delay * 2.0 * 4 ** (tried - 1), manners.rest if recorded.status == 429 else 0.0)
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


def _best(attempts: Sequence[Recorded]) -> Recorded:
    """The attempt that counts: the last one, or what an earlier one brought of a body that never came whole."""
    last = attempts[-1]
    if not _may_pass(last):
        return last
    cut = [each for each in attempts if each.truncated is not None and each.status == 200]
    return max(cut, key=lambda each: each.size, default=last)


def _ids(recorded: Sequence[Recorded]) -> tuple[str, ...]:
    return tuple(record for each in recorded for record in (*each.earlier, each.answer))


def _told(recorded: Recorded) -> str:
    """An outcome in one word: the status, or the reason of the failure."""
    return str(recorded.status or (recorded.failure.reason if recorded.failure else "?"))


def _settled(recorded: Recorded) -> Future[Recorded]:
    future: Future[Recorded] = Future()
    future.set_result(recorded)
    return future


def is_unreached(recorded: Recorded) -> bool:
    """True where not even a connection came about."""
    return recorded.failure is not None and recorded.failure.stage in UNREACHED


def _may_pass(recorded: Recorded) -> bool:
    """True where asking again may bring more: an overload, a line that broke, an answer cut short on the way."""
    if recorded.failure is not None:
        return recorded.failure.reason in PASSING_FAILURES
    return recorded.status in PASSING_STATUS or recorded.truncated in ("disconnect", "time")
