"""Addresses in the Wayback Machine, and its moments of 14 digits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from archive.urls import Url, UrlError, parse

HOST = "web.archive.org"
HOLDER = "Internet Archive, Wayback Machine"
BASE = f"https://{HOST}/web"
"""Before the moment and the address of each capture; other archives with the same software have one of their own."""
_REPLAY = re.compile(r"/([0-9]{14})(?:[a-z]{2}_)?/(.+)\Z", re.DOTALL)
_STAMP = re.compile(r"[0-9]{14}\Z")


@dataclass(frozen=True, slots=True)
class Held:
    """One capture in the archive: what was captured, and when."""

    original: Url
    moment: datetime
    base: str = BASE
    shown_at: Url | None = None
    """Where an archive of another kind shows it; it may have rewritten what it shows."""

    @property
    def url(self) -> Url:
        """Where its bytes are, as they were captured: `id_` keeps the archive from rewriting them."""
        return self.shown_at or parse(f"{self.base}/{stamp(self.moment)}id_/{self.original.href}")


def held_at(url: Url, base: str = BASE) -> Held | None:
    """The capture that an address in the archive stands for; None for any other address."""
    home = parse(base)
    is_there = url.host == home.host and url.target.startswith(f"{home.path.rstrip('/')}/")
    found = _REPLAY.match(url.target[len(home.path.rstrip("/")) :]) if is_there else None
    moment = moment_of(found[1]) if found else None
    if found is None or moment is None:
        return None
    try:
        original = parse(found[2])
    except UrlError:
        return None
    return Held(original, moment, base) if original.is_web else None


def index_url(
    url: Url, *, closest: datetime, limit: int, since: datetime | None = None, until: datetime | None = None
) -> Url:
    """The question to the index: which captures there are of `url`, the nearest to `closest` first.

    `closest` does nothing without `sort=closest`. (internetarchive/wayback #237)
    """
    query = f"url={quote(url.href, safe='')}&output=json&fl=timestamp,original,mimetype,statuscode,digest,length"
    query += f"&from={stamp(since)}" if since else ""
    query += f"&to={stamp(until)}" if until else ""
    return parse(f"https://{HOST}/cdx/search/cdx?{query}&closest={stamp(closest)}&sort=closest&limit={limit}")


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%d%H%M%S")


def moment_of(text: str) -> datetime | None:
    """The moment that 14 digits stand for, or None where they stand for none."""
    if not _STAMP.match(text):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def instant(moment: datetime) -> str:
    """A moment as the ledger writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def end_of_day(date: str | None) -> datetime | None:
    """The last second of a day that is written `2021-05-21`; None where it is not."""
    try:
        return datetime.strptime(date or "", "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(
            hours=23, minutes=59, seconds=59
        )
    except ValueError:
        return None
