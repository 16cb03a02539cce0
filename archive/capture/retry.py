"""Retries: which failures may pass, how often a request is sent again, and after what backoff."""

from __future__ import annotations

import email.utils
from collections.abc import Callable, Sequence

from archive.capture.host_queues import RetryLater
from archive.capture.politeness import HostPolicy
from archive.capture.range_resume import LEAST, may_resume
from archive.capture.settings import FetchSettings
from archive.workfolder.recorded import Recorded

PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
PASSING_FAILURES = frozenset({"timeout", "reset", "empty", "connect", "dns"})
UNREACHED = frozenset({"dns", "connect", "proxy"})
"""Stages of a failure before anything of the host was reached."""
HOSTS_WITHOUT_NETWORK = 3
"""Hosts of which none was reached: from then on it is likelier that there is no network than that all are down."""


class RetryPolicy:
    """Decides whether a request is sent again. Used on the event loop alone."""

    def __init__(self, settings: FetchSettings, *, has_reached: bool, now: Callable[[], float]) -> None:
        """`has_reached` is whether an earlier run of the work has reached any host."""
        self._settings, self._now = settings, now
        self._has_reached = has_reached
        self._unreached: set[str] = set()
        """Hosts that were not reached, while none has been."""

    def observe(self, recorded: Recorded) -> None:
        """Take an exchange into account: whether there is a network at all."""
        self._has_reached |= is_sent(recorded) and not is_unreached(recorded)
        if not self._has_reached:
            self._unreached.add(recorded.url.host)

    def retry(self, recorded: Recorded, attempts: int, policy: HostPolicy, *, is_page: bool) -> RetryLater | None:
        """How long to wait before the next attempt; None where this response is final."""
        if not may_pass(recorded):
            return None
        passing = not may_resume(recorded)
        if recorded.truncated == "time" and recorded.head is not None and not is_page:
            passing = False  # a stream that never ends is not worth another minute
        most = self._max_attempts(recorded, is_page=is_page)
        if not passing or attempts >= most or recorded.status in policy.final:
            return None
        stated = self._retry_after(recorded)
        if stated is not None and stated > self._settings.retry_after:
            return None
        pause = policy.pause if recorded.status == 429 else 0.0
        backoff = max(self._settings.delay * 2.0 * 4 ** (attempts - 1), pause)
        return RetryLater(max(backoff, stated or 0.0), whole_host=recorded.status in (429, 503))

    def _max_attempts(self, recorded: Recorded, *, is_page: bool) -> int:
        is_heavy = recorded.truncated is not None and recorded.size >= LEAST
        most = self._settings.tries if is_page and not is_heavy else min(2, self._settings.tries)
        if not self._has_reached and is_unreached(recorded):
            # There may be no network at all: a person learns that within seconds. There is a second pass.
            most = min(most, 2 if len(self._unreached) < HOSTS_WITHOUT_NETWORK else 1)
        return most

    def _retry_after(self, recorded: Recorded) -> float | None:
        """Seconds of a Retry-After, which is a number of seconds or a date. (RFC 9110, section 10.2.3)"""
        stated = (recorded.header("Retry-After") or "").strip()
        if stated.isdigit():
            return float(stated[:9])
        try:
            return max(0.0, email.utils.parsedate_to_datetime(stated).timestamp() - self._now())
        except (ValueError, TypeError, OverflowError):
            return None


def may_pass(recorded: Recorded) -> bool:
    """True where a retry may bring more: an overload, a broken connection, a response that was cut on the way."""
    if recorded.failure is not None:
        return recorded.failure.reason in PASSING_FAILURES
    return recorded.status in PASSING_STATUS or recorded.truncated in ("disconnect", "time")


def is_unreached(recorded: Recorded) -> bool:
    """True where not even a connection came about."""
    return recorded.failure is not None and recorded.failure.stage in UNREACHED


def is_sent(recorded: Recorded) -> bool:
    """True where the network was used: our own policy did not keep the request back, as one to a private address."""
    return recorded.failure is None or recorded.failure.stage != "policy"


def best_attempt(attempts: Sequence[Recorded]) -> Recorded:
    """The attempt that counts: the last one, or the longest part of a body that never came whole."""
    last = attempts[-1]
    if not may_pass(last):
        return last
    cut = [each for each in attempts if each.truncated is not None and each.status == 200]
    return max(cut, key=lambda each: each.size, default=last)
