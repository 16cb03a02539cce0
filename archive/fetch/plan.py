"""Which hosts a fetch would contact beside the cited ones, before any request is sent.

Only the cited addresses are known here: a page may embed further players.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable

from msgspec import Struct

from archive.capture.media_policy import never_media
from archive.capture.settings import FetchSettings
from archive.capture.visit import verdict_of_policy, web_readings
from archive.net.address_guard import why_forbidden
from archive.net.resolver import is_literal
from archive.systems import google_drive, telegram, twitter
from archive.systems.successors import successor_of
from archive.systems.unwebtv import PLAYER_HOST, UnWebTv
from archive.systems.video.players import is_other_player, player_at
from archive.urls import Url
from archive_manifests.sources import Source

WAYBACK = "web.archive.org"
EVERY = "{host} (every source is looked up there: --every-archive)"
SECOND = "{host} (only for sources that neither the live web nor the Wayback Machine gives: --timemap)"
ARCHIVE = "web.archive.org (only for sources that the live web does not give)"
SUBMITTED = "web.archive.org/save (every source that answers is submitted, and published there: --submit-wayback)"


class NotContacted(Struct, frozen=True):
    """A source that gets no request, whatever the network says."""

    cited: str
    reason: str
    """As in the ledger, of `not-attempted`."""


def requested_readings(source: Source, settings: FetchSettings) -> list[Url] | NotContacted:
    """The addresses of a source that may be requested; else why none is."""
    verdict = verdict_of_policy(source)
    if verdict is not None:
        return NotContacted(source.cited, verdict.reason or "")
    urls = [url for url in web_readings(source) if not _is_refused(url, settings)]
    return urls or NotContacted(source.cited, "private-address")


def _is_refused(url: Url, settings: FetchSettings) -> bool:
    """True for an address of this machine or of a private network, which only the user's own switches open."""
    host = url.hostname
    if settings.allow_private or any(rule.matches(host, url.port) for rule in settings.routes()):
        return False
    if is_literal(host):
        return why_forbidden(host) is not None
    return host == "localhost" or host.endswith(".localhost")


def third_parties_contacted(
    urls: Iterable[Url],
    *,
    archive: bool,
    others: bool,
    submits: bool = False,
    timemaps: Iterable[str] = (),
    every_archive: bool = False,
) -> tuple[str, ...]:
    """Hosts that get requests beside the cited ones, each with the reason; without the requisites of pages.

    `archive` is whether the Wayback Machine may get requests, `others` whether any third party may.
    """
    reasons: dict[str, None] = {EVERY.format(host=WAYBACK) if every_archive else ARCHIVE: None} if archive else {}
    for host in timemaps if archive else ():
        reasons[(EVERY if every_archive else SECOND).format(host=host)] = None
    if submits and others:
        reasons[SUBMITTED] = None
    for url in urls if others else ():
        moved = successor_of(url)
        if moved is not None:
            reasons[f"{moved.url.host} (only where {url.host} fails, which moved there)"] = None
        if UnWebTv().claims(url):
            reasons[f"{PLAYER_HOST} (whose player {url.host} had)"] = None
    return tuple(reasons)


_HOSTS = {
    "youtube": ("YouTube", "www.youtube.com, i.ytimg.com, *.googlevideo.com"),
    "un": ("UN Web TV by Kaltura", "cdnapi.kaltura.com, cdnapisec.kaltura.com, cfvod.kaltura.com"),
    "kaltura": ("Kaltura", "cdnapi.kaltura.com, cdnapisec.kaltura.com, cfvod.kaltura.com"),
    "brightcove": ("Brightcove", "players.brightcove.net, edge.api.brightcove.com, and where its streams lie"),
    "vimeo": ("Vimeo", "player.vimeo.com, *.vimeocdn.com"),
}
_SYSTEMS = (
    (google_drive.GoogleDrive(), "Google Drive", "drive.google.com, drive.usercontent.google.com, docs.google.com"),
    (telegram.Telegram(), "Telegram", "t.me, *.telesco.pe, *.cdn-telegram.org"),
    (twitter.Twitter(), "X", "cdn.syndication.twimg.com, publish.twitter.com, video.twimg.com, pbs.twimg.com"),
)
NO_EXTRACTOR = "yt-dlp is not installed: no video is fetched"


def media_hosts_contacted(cited: Iterable[tuple[Url, bool | None]], *, media: bool) -> tuple[str, ...]:
    """One line for each system with videos or files of these sources: its name, hosts, reason, number of sources.

    Each source comes with its `media` of the source manifest. The list is empty where `media` is False.
    """
    reasons: dict[str, int] = {}
    for url, wish in cited:
        line = _line(url, wish) if media and wish is not False and not never_media(url) else None
        if line is not None:
            reasons[line] = reasons.get(line, 0) + 1
    lines = [f"{line}: {number}" for line, number in reasons.items()]
    needs_extractor = any(not line.startswith(tuple(name for _, name, _ in _SYSTEMS)) for line in reasons)
    if needs_extractor and importlib.util.find_spec("yt_dlp") is None:
        lines.append(NO_EXTRACTOR)
    return tuple(lines)


def _line(url: Url, wish: bool | None) -> str | None:
    player = player_at(url)
    if player is not None:
        name, hosts = _HOSTS[player.name]
        return f"{name} ({hosts})"
    for system, name, hosts in _SYSTEMS:
        if system.claims(url):
            return f"{name} ({hosts})"
    if wish and is_other_player(url):
        return f"the player of {url.host} (and where it leads), as media = true asks"
    if wish:
        return f"whatever player {url.host} shows, as media = true asks"
    return None
