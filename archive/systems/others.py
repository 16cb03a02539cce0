"""Which others learn what a report cites, beyond the hosts that it cites: told before anything is asked."""

from __future__ import annotations

from collections.abc import Iterable

from archive.systems.successors import successor_of
from archive.systems.unwebtv import PLAYER_HOST, UnWebTv
from archive.urls import Url

ARCHIVE = "web.archive.org (only for sources that the live web does not give)"


SUBMITTED = "web.archive.org/save (every source that answers is submitted, and published there: --submit-wayback)"


def others_asked(
    urls: Iterable[Url], *, archive: bool, others: bool, submits: bool = False, timemaps: Iterable[str] = ()
) -> tuple[str, ...]:
    """Hosts that are asked beside the cited ones, each with the reason; what a page itself needs is not among them.

    `archive` is whether the Wayback Machine may be asked, `others` whether anybody may.
    """
    told: dict[str, None] = {ARCHIVE: None} if archive else {}
    for host in timemaps if archive else ():
        told[f"{host} (only for sources that neither the live web nor the Wayback Machine gives: --timemap)"] = None
    if submits and others:
        told[SUBMITTED] = None
    for url in urls if others else ():
        moved = successor_of(url)
        if moved is not None:
            told[f"{moved.url.host} (only where {url.host} fails, which moved there)"] = None
        if UnWebTv().claims(url):
            told[f"{PLAYER_HOST} (whose player {url.host} had)"] = None
    return tuple(told)
