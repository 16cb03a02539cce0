"""What the videos of a source make of its verdict: they are here, or the ledger says which one is missing, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from archive.capture.page import judge_requisites, on_requisites
from archive.capture.visit import VisitOutcome
from archive.systems.video.players import player_at
from archive.systems.video.source_videos import shows_videos
from archive.systems.video.streams import PICTURES, VIDEO
from archive.verify.sources.scripts import had_browser
from archive_manifests.ledger import SourceEntry, Status, Verdict
from archive_manifests.sources import Source

_NOTES = {
    "media": frozenset(
        {
            *("video-missing", "videos-missing", "video-streams", "video-not-yet", "video-protected"),
            *("video-did-not-come", "video-bound", "video-room", "video-fault", "video-none", "video-incomplete"),
        }
    ),
    "policy": frozenset({"video-left-out", "videos-more", "video-of-others", "video-bound"}),
}
"""By the reason of a partial source, the notes that say which video is missing, or why."""
_BESIDE = frozenset({"videos-missing", "video-streams", "video-bound", "video-room", "video-fault", "video-incomplete"})
"""Those that may say that only something beside the picture and sound is missing."""


_WITHOUT_VIDEO = frozenset({"video-missing", "video-none"})
"""Those that say that no video of the player came."""


_REFUSED = (Status.BLOCKED, Status.GONE, Status.UNREACHABLE)
_STANDING = (Status.CAPTURED, Status.PARTIAL)


class VideosHere(Struct, frozen=True):
    """The videos of a source that records of its own tie to it."""

    has_any: bool
    has_players: bool
    """One of them is a player's."""
    has_players_file: bool
    """One of a player's is among the files of a copy."""


def videos_here(entry: SourceEntry, ties: Iterable[Mapping[str, Any]]) -> VideosHere:
    """`ties` are those of the source's media files to their records."""
    videos = [tie for tie in ties if tie.get("role") in (VIDEO, PICTURES)]
    files = {file for copy in entry.copies for file in copy.files}
    of_players = [tie for tie in videos if tie.get("player")]
    return VideosHere(bool(videos), bool(of_players), any(tie.get("path") in files for tie in of_players))


def agrees(
    entry: SourceEntry, outcome: VisitOutcome, source: Source, here: VideosHere, expected: Verdict, stated: Verdict
) -> bool:
    """True where the stated verdict is the one made again, or follows from it and the source's video.

    `expected` is that of `outcome` with what the ledger says of the requests of a browser.
    """
    if not shows_videos(outcome, source):
        return _is_same(expected, stated)
    found = outcome.verdict
    if found.status is Status.BLOCKED and here.has_any and stated.reason == "hollow":
        return True  # a person had the video requested all the same
    if found.status not in _STANDING:
        return _is_same(expected, stated)
    # A page that is the frame of a video is whole with it. What was cut off, or lacks something else, is not.
    is_frame = found.reason in ("hollow", "media")
    if (is_frame or found.status is Status.CAPTURED) and _states_missing_video(entry, here):
        return True
    if is_frame and here.has_any:
        whole = judge_requisites(outcome.requisites)
        is_whole = _is_same(on_requisites(whole, entry.requisites) if had_browser(entry) else whole, stated)
        if is_whole or here.has_players_file:
            return is_whole
    # What a player refuses becomes the verdict of a source that is a video; of any other, that its video is missing.
    is_player = any(player_at(hop.url) is not None for hop in (outcome.trail.hops[0], outcome.trail.hops[-1]))
    return _is_same(expected, stated) or (is_player and not here.has_any and stated.status in _REFUSED)


def _is_same(one: Verdict, other: Verdict) -> bool:
    return (one.status, one.reason) == (other.status, other.reason)


def _states_missing_video(entry: SourceEntry, here: VideosHere) -> bool:
    """True where the live verdict of a source, partial for its media or by policy, states what is missing.

    That is a note on a video, and media that are absent, or of which something is missing although a video is here.
    By policy, it may also be something that the page needs. (Berkeley Protocol, paragraph 155)
    """
    live = entry.live
    if live.status is not Status.PARTIAL or live.reason not in _NOTES:
        return False
    if live.reason == "policy" and judge_requisites(entry.requisites).reason == "policy":
        return True
    if live.detail is None or live.detail.code not in _NOTES[live.reason]:
        return False
    if here.has_players_file and live.detail.code in _WITHOUT_VIDEO:
        return False
    return not entry.facets.media.present or (here.has_any and live.detail.code in _BESIDE)
