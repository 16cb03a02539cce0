"""robots.txt: fetched and stored for every host that is asked, obeyed only where the user says so. (RFC 9309)

A person's order to keep what a report cites is no crawling: by default the file is evidence, not law.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from protego import Protego

from archive.capture.recorded import Recorded
from archive.capture.trail import follow
from archive.urls import Url, parse

READ_AT_MOST = 512 << 10
"""Bytes of a robots.txt that are looked at. (RFC 9309, section 2.5: at least 500 KiB)"""
REDIRECTS = 5
"""Hops that are followed. (RFC 9309, section 2.3.1.2)"""


class Robots:
    """What each host says, asked once."""

    def __init__(self, *, obey: bool, user_agent: str) -> None:
        self._obey, self._user_agent = obey, user_agent
        self._rules: dict[str, Protego | None] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def consult(self, url: Url, ask: Callable[[Url], Recorded]) -> tuple[Recorded, ...]:
        """Have the host's robots.txt asked for, the first time that the host is asked; the records of it."""
        with self._lock:
            lock = self._locks.setdefault(url.origin, threading.Lock())
        with lock:
            if url.origin in self._rules:
                return ()
            # Only who means to obey needs to know what a redirect leads to.
            hops = follow(parse("/robots.txt", url), ask, limit=REDIRECTS if self._obey else 0).hops
            self._rules[url.origin] = _rules_of(hops[-1])
            return hops

    def forbids(self, url: Url) -> bool:
        """True where the user wants to obey and the host's robots.txt says no."""
        rules = self._rules.get(url.origin)
        return self._obey and rules is not None and not rules.can_fetch(url.href, self._user_agent)


def _rules_of(recorded: Recorded) -> Protego | None:
    """What a robots.txt means: missing, it forbids nothing; where the server fails, everything. (RFC 9309, 2.3.1)"""
    if recorded.status is not None and recorded.status >= 500:
        return Protego.parse("User-agent: *\nDisallow: /")
    if recorded.status != 200:
        return None
    return Protego.parse(recorded.content(READ_AT_MOST).decode("utf-8-sig", "replace"))
