"""Recognises players by address, and gives the address for the extractor."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qs

from msgspec import Struct

from archive.urls import Url

_YOUTUBE = (
    "youtube.com",
    "www.youtube.com",
    "m.youtube.com",
    "music.youtube.com",
    "www.youtube-nocookie.com",
    "youtu.be",
)
_YOUTUBE_PATH = re.compile(r"/(?:embed|shorts|live|v|e)/([\w-]{11})(?:[/&]|\Z)")
_YOUTUBE_SHORT = re.compile(r"/([\w-]{11})(?:[/&]|\Z)")
_YOUTUBE_ID = re.compile(r"[\w-]{11}\Z")
_UN_ASSET = re.compile(r"/(?:ar|zh|en|fr|ru|es)/asset/\w+/k(\d)(\w+)/?\Z")
_UN_PARTNER = "2503451"
"""The Network's account at Kaltura. (Its pages state it; so does iptv-org/iptv, #6568.)"""
_BRIGHTCOVE = re.compile(r"/\d+/[^/]+_[^/]+/index\.html\Z")
_VIMEO = re.compile(
    r"/(?:video/|channels/[^/]+/|groups/[^/]+/videos/|(?:album|showcase)/\d+/video/)?(\d{5,12})(?:/([0-9a-f]{6,12}))?/?\Z"
)
_KALTURA = re.compile(r"(?:\A|\.)kaltura\.com\Z")
_OTHERS = (
    (r"(?:www\.|geo\.)?dailymotion\.com", r"/(?:embed/)?video/|/player"),
    (r"(?:www\.|web\.|m\.)?facebook\.com", r"/plugins/video\.php|/watch|/[^/]+/videos/|/reel/"),
    (r"(?:m\.)?ok\.ru", r"/video"),
    (r"rutube\.ru", r"/(?:play/embed|video)/"),
    (r"(?:m\.)?vk(?:video)?\.(?:com|ru)", r"/video"),
    (r"rumble\.com", r"/embed/|/v[\w]+-"),
    (r"odysee\.com", r"/\$/embed/|/@[^/]+/"),
    (r"(?:www\.)?bitchute\.com", r"/(?:embed|video)/"),
    (r"player\.twitch\.tv|(?:www\.)?twitch\.tv", r"/\?|/videos/"),
    (r"w\.soundcloud\.com", r"/player"),
    (r"(?:fast\.)?wistia\.(?:net|com)", r"/embed/|/medias/"),
    (r"content\.jwplatform\.com|cdn\.jwplayer\.com", r"/players/"),
    (r"(?:www\.)?tiktok\.com", r"/(?:embed|@[^/]+/video)/"),
)
_OTHER_PLAYERS = tuple((re.compile(rf"(?:{host})\Z"), re.compile(path)) for host, path in _OTHERS)


class EmbeddedPlayer(Struct, frozen=True):
    """A video in a known player."""

    name: str
    """The site's name: `youtube`, `un`, `kaltura`, `brightcove`, `vimeo`; `manifest` or `page` without a player."""
    address: str
    """The address for the extractor: the same for every address of one video."""
    page: Url
    """The page that shows it."""


def player_at(url: Url) -> EmbeddedPlayer | None:
    """The player at an address of a site that has a module; None for any other address."""
    for name, find in (
        ("youtube", _youtube),
        ("un", _un),
        ("brightcove", _brightcove),
        ("vimeo", _vimeo),
        ("kaltura", _kaltura),
    ):
        address = find(url)
        if address is not None:
            return EmbeddedPlayer(name, address, url)
    return None


def is_other_player(url: Url) -> bool:
    """True for players whose videos are fetched only where a person requests them."""
    return any(path.match(url.target) for path in _paths_of_players(url.host))


@lru_cache(maxsize=1024)
def _paths_of_players(host: str) -> tuple[re.Pattern[str], ...]:
    """Where a host has such players: the frames of a page are on few hosts, and looked at for each question anew."""
    return tuple(path for name, path in _OTHER_PLAYERS if name.match(host))


def _youtube(url: Url) -> str | None:
    """`watch?v=`, `youtu.be/`, `/embed/`, `/shorts/` and `/live/` show one video, which has one address."""
    if url.host not in _YOUTUBE:
        return None
    by_path = (_YOUTUBE_SHORT if url.host == "youtu.be" else _YOUTUBE_PATH).match(url.path)
    name = by_path[1] if by_path else next(iter(_query(url).get("v", [])), "") if url.path == "/watch" else ""
    return f"https://www.youtube.com/watch?v={name}" if _YOUTUBE_ID.match(name) else None


def _un(url: Url) -> str | None:
    asset = _UN_ASSET.match(url.path)
    if asset is None or url.host not in ("webtv.un.org", "media.un.org"):
        return None
    # The extractor knows the portal but not its older host; the videos of both have the same id at Kaltura.
    return url.href if url.host == "webtv.un.org" else f"kaltura:{_UN_PARTNER}:{asset[1]}_{asset[2]}"


def _brightcove(url: Url) -> str | None:
    is_video = url.host == "players.brightcove.net" and _BRIGHTCOVE.match(url.path) and "videoId" in _query(url)
    return url.href if is_video else None


def _vimeo(url: Url) -> str | None:
    """The player's page: the video's page shows guests nothing. (yt_dlp/extractor/vimeo.py, REQUIRES_AUTH)"""
    named = _VIMEO.match(url.path)
    if named is None or url.host not in ("vimeo.com", "www.vimeo.com", "player.vimeo.com"):
        return None
    key = named[2] or next(iter(_query(url).get("h", [])), "")
    unlisted = f"?h={key}" if re.fullmatch(r"[0-9a-f]{6,12}", key) else ""
    return f"https://player.vimeo.com/video/{named[1]}{unlisted}"


def _kaltura(url: Url) -> str | None:
    if not _KALTURA.search(url.host):
        return None
    query = _query(url)
    entry = next(
        iter([*query.get("entry_id", []), *query.get("entryId", []), *query.get("flashvars[entryId]", [])]), ""
    )
    partner = re.search(r"/(?:p|wid|partner_id)/_?(\d+)", url.path)
    if partner is None or not re.fullmatch(r"\d_\w{4,12}", entry):
        return None
    return f"kaltura:{partner[1]}:{entry}"


def _query(url: Url) -> dict[str, list[str]]:
    return parse_qs(url.target.partition("?")[2])
