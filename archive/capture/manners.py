"""What particular hosts ask of all their visitors, beyond the pauses that are kept with any host."""

from __future__ import annotations

from dataclasses import dataclass

from archive.capture.settings import FetchSettings
from archive.urls import Url

WAYBACK = "web.archive.org"
SAVE = "/save"


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
_NEVER_TWICE = frozenset({429, 500, 502, 503, 504})
_UNHURRIED_CAPTURES = Manners(final=_CAPTURES.final)


def manners_for(url: Url, settings: FetchSettings) -> Manners:
    """What the host of `url` asks. Pauses are not owed to a host that is played on this machine without any."""
    if url.host != WAYBACK:
        return PLAIN
    if url.path == SAVE or url.path.startswith(f"{SAVE}/"):
        return _submitting(url, settings)
    is_index = url.path.startswith("/cdx/")
    if settings.delay == 0 and _is_led_elsewhere(url, settings):
        return PLAIN if is_index else _UNHURRIED_CAPTURES
    return _INDEX if is_index else _CAPTURES


def _submitting(url: Url, settings: FetchSettings) -> Manners:
    """Save Page Now takes three submissions a minute from whoever has no account; how they fare can wait."""
    if settings.delay == 0 and _is_led_elsewhere(url, settings):
        return Manners(final=_NEVER_TWICE)
    return Manners(gap=20.0 if url.path == SAVE else 5.0, final=_NEVER_TWICE)


def _is_led_elsewhere(url: Url, settings: FetchSettings) -> bool:
    return any(route.matches(url.hostname, url.port) for route in settings.routes())
