"""What particular hosts ask of all their visitors, beyond the pauses that are kept with any host."""

from __future__ import annotations

from dataclasses import dataclass

from archive.capture.settings import FetchSettings
from archive.urls import Url

WAYBACK = "web.archive.org"


@dataclass(frozen=True, slots=True)
class Manners:
    """How one host wants to be asked."""

    gap: float = 0.0
    """Seconds after the last answer of the host, at the least."""
    rest: float = 0.0
    """Seconds that the host is left alone after a 429 that names no time."""
    final: frozenset[int] = frozenset()
    """Status codes that are not asked for again, since something else can be asked for in their stead."""


PLAIN = Manners()
# The hard limits are 30 questions of the index and 600 captures a minute, and a 429 says nothing of how long to wait.
# (edgi-govdata-archiving/wayback, wayback/_client.py: four fifths of the limits, and a minute's rest)
_INDEX = Manners(gap=60 / 24, rest=60.0)
_CAPTURES = Manners(gap=60 / 480, rest=60.0, final=frozenset({500, 502, 503, 504}))
_UNHURRIED_CAPTURES = Manners(final=_CAPTURES.final)


def manners_for(url: Url, settings: FetchSettings) -> Manners:
    """What the host of `url` asks. Pauses are not owed to a host that is played on this machine without any."""
    if url.host != WAYBACK:
        return PLAIN
    is_index = url.path.startswith("/cdx/")
    if settings.delay == 0 and _is_led_elsewhere(url, settings):
        return PLAIN if is_index else _UNHURRIED_CAPTURES
    return _INDEX if is_index else _CAPTURES


def _is_led_elsewhere(url: Url, settings: FetchSettings) -> bool:
    return any(route.matches(url.hostname, url.port) for route in settings.routes())
