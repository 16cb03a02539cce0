"""Politeness: pauses for particular hosts, and robots.txt, which is obeyed only where the user says so. (RFC 9309)

A person's order to capture what a report cites is no crawling: by default the file is evidence, not law.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from msgspec import Struct
from protego import Protego

from archive.capture.redirects import location
from archive.capture.settings import FetchSettings
from archive.urls import Url, parse
from archive.workfolder.recorded import Recorded

ROBOTS_TXT = "/robots.txt"
WAYBACK = "web.archive.org"
SAVE = "/save"


class HostPolicy(Struct, frozen=True):
    """How often one host takes requests."""

    gap: float = 0.0
    """Seconds after the last response of the host, at the least."""
    pause: float = 0.0
    """Seconds without a request after a 429 that states no time."""
    final: frozenset[int] = frozenset()
    """Status codes that are not retried, since something else can be requested in their place."""


PLAIN = HostPolicy()
# The hard limits are 30 questions of the index and 600 captures a minute, and a 429 says nothing of how long to wait.
# (edgi-govdata-archiving/wayback, wayback/_client.py: four fifths of the limits, and a minute's rest)
_INDEX = HostPolicy(gap=60 / 24, pause=60.0)
_CAPTURES = HostPolicy(gap=60 / 480, pause=60.0, final=frozenset({500, 502, 503, 504}))
_NEVER_TWICE = frozenset({429, 500, 502, 503, 504})
_UNHURRIED_CAPTURES = HostPolicy(final=_CAPTURES.final)


def policy_for(url: Url, settings: FetchSettings) -> HostPolicy:
    """The policy for the host of `url`. A host that is played on this machine gets no pauses."""
    if url.host != WAYBACK:
        return PLAIN
    if url.path == SAVE or url.path.startswith(f"{SAVE}/"):
        return _submitting(url, settings)
    is_index = url.path.startswith("/cdx/")
    if settings.delay == 0 and _is_led_elsewhere(url, settings):
        return PLAIN if is_index else _UNHURRIED_CAPTURES
    return _INDEX if is_index else _CAPTURES


def _submitting(url: Url, settings: FetchSettings) -> HostPolicy:
    """Save Page Now takes three submissions a minute from whoever has no account; how they fare can wait."""
    if settings.delay == 0 and _is_led_elsewhere(url, settings):
        return HostPolicy(final=_NEVER_TWICE)
    return HostPolicy(gap=20.0 if url.path == SAVE else 5.0, final=_NEVER_TWICE)


def _is_led_elsewhere(url: Url, settings: FetchSettings) -> bool:
    return any(route.matches(url.hostname, url.port) for route in settings.routes())


READ_AT_MOST = 512 << 10
"""Bytes of a robots.txt that are looked at. (RFC 9309, section 2.5: at least 500 KiB)"""
REDIRECTS = 5
"""Hops that are followed. (RFC 9309, section 2.3.1.2)"""


class Robots:
    """The robots.txt of each host, fetched once. Used on the event loop alone."""

    def __init__(self, *, obey: bool, user_agent: str) -> None:
        self._obey, self._user_agent = obey, user_agent
        self._rules: dict[str, Protego | None] = {}
        self._fetching: dict[str, asyncio.Lock] = {}

    async def consult(self, url: Url, fetch: Callable[[Url], Coroutine[Any, Any, Recorded]]) -> tuple[Recorded, ...]:
        """Fetch the host's robots.txt before its first request; the exchanges for it."""
        async with self._fetching.setdefault(url.origin, asyncio.Lock()):
            if url.origin in self._rules:
                return ()
            # Only a run that obeys needs to know what a redirect leads to.
            hops = await _hops(parse(ROBOTS_TXT, url), fetch, limit=REDIRECTS if self._obey else 0)
            self._rules[url.origin] = _rules_of(hops[-1])
            return hops

    def forbids(self, url: Url) -> bool:
        """True where the user wants to obey and the host's robots.txt says no."""
        rules = self._rules.get(url.origin)
        return self._obey and rules is not None and not rules.can_fetch(url.href, self._user_agent)


async def _hops(url: Url, fetch: Callable[[Url], Coroutine[Any, Any, Recorded]], *, limit: int) -> tuple[Recorded, ...]:
    """Request a robots.txt and follow at most `limit` redirects."""
    hops, seen = [await fetch(url)], {url.href}
    while (target := location(hops[-1])) is not None and target.href not in seen and len(hops) <= limit:
        seen.add(target.href)
        hops.append(await fetch(target))
    return tuple(hops)


def _rules_of(recorded: Recorded) -> Protego | None:
    """What a robots.txt means: missing, it forbids nothing; where the server fails, everything. (RFC 9309, 2.3.1)"""
    if recorded.status is not None and recorded.status >= 500:
        return Protego.parse("User-agent: *\nDisallow: /")
    if recorded.status != 200:
        return None
    return Protego.parse(recorded.content(READ_AT_MOST).decode("utf-8-sig", "replace"))
