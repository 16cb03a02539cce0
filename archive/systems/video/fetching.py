"""Fetches videos for a source; what an earlier run has fetched is reused."""

from __future__ import annotations

import errno
import re
import shutil
from concurrent.futures import CancelledError

from archive.capture.visit import Visit, VisitOutcome
from archive.errors import NotEnoughSpace
from archive.systems.video.extraction import Extraction, StreamFailed
from archive.systems.video.extractor import MissingVideo
from archive.systems.video.extractor_process import RUNTIME
from archive.systems.video.extras import DESCRIPTION, fetch_subtitles, fetch_thumbnail, write_description
from archive.systems.video.fetched_video import FetchedVideo
from archive.systems.video.ffmpeg import Tool, find_tool
from archive.systems.video.files import SourceFiles
from archive.systems.video.players import EmbeddedPlayer
from archive.systems.video.recorded_network import UNLICENSED_SITE, OutOfBounds
from archive.systems.video.streams import fetch_streams
from archive_manifests.ledger import Status, Verdict
from archive_manifests.notes import note, read_note
from archive_manifests.plain_text import excerpt

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_ADVICE = re.compile(
    r"\s*(?:please report this issue on\b|See\s+https?://\S+ for|Use --|For advice|Confirm you are on the latest).*",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST = 600
# The first match counts: a private video is also "unavailable", and a removed one too.
_MEANINGS: tuple[tuple[str, Status, str], ...] = (
    (r"not a bot|unusual traffic|captcha|cloudflare anti-bot|confirm you.?re human", Status.BLOCKED, "challenge"),
    (
        r"confirm your age|age.?restricted|inappropriate for some users|age.?gate|verify your age",
        Status.BLOCKED,
        "login",
    ),
    (r"private video|video is private|is private\b|this album is private", Status.BLOCKED, "login"),
    (
        r"in your (?:country|region|location)|geo.?restrict|not available from your location",
        Status.BLOCKED,
        "geo",
    ),
    (r"too many (?:users|requests)|rate.?limit|quota|HTTP Error 429|try again later", Status.BLOCKED, "rate"),
    (
        r"removed by the (?:uploader|user)|has been removed|account .{0,60}(?:terminated|closed|suspended)"
        r"|copyright (?:claim|infringement|grounds)|been deleted|does not exist|video is unavailable|video unavailable"
        r"|account not found|no longer available|violat\w+ .{0,60}(?:terms|policy|guidelines)"
        r"|HTTP Error 4(?:04|10)|no such video",
        Status.GONE,
        "not-found",
    ),
    (
        r"members.?only|join this channel|requires? (?:payment|purchase|subscription)|premium|log ?in|sign in|password"
        r"|credentials|registered users|cookies",
        Status.BLOCKED,
        "login",
    ),
    (
        r"embed-only|privacy settings|access is forbidden|forbidden|HTTP Error 40[13]|not authori[sz]ed",
        Status.BLOCKED,
        "forbidden",
    ),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), status, reason) for pattern, status, reason in _MEANINGS)
_NOT_YET = re.compile(
    r"premieres? (?:in|will)|will begin|live event|scheduled|waiting for|not (?:yet )?started|upcoming", re.IGNORECASE
)
_PROTECTED = re.compile(r"\bDRM\b", re.IGNORECASE)


def verdict_on(messages: list[str], *, has_stream: bool) -> Verdict:
    """The verdict on a video that was not fetched, from the extractor's messages, the last one first.

    With `has_stream`, the site shows the video and only its streams failed, so the page itself is not refused.
    """
    sentences = [plain(text) for text in reversed(messages) if text.strip()]
    detail = "; ".join(dict.fromkeys(sentences))[:_LONGEST] or "the extractor gave no reason"
    if has_stream and not any(_NOT_YET.search(text) for text in sentences):
        return Verdict(Status.PARTIAL, "media", note("video-streams", detail=detail))
    for text in sentences:
        if _NOT_YET.search(text):
            return Verdict(Status.PARTIAL, "media", note("video-not-yet", detail=detail))
        if _PROTECTED.search(text):
            return Verdict(Status.PARTIAL, "media", note("video-protected", detail=detail))
        for pattern, status, reason in _COMPILED:
            if pattern.search(text):
                return Verdict(status, reason, note("video-refused", detail=detail))
    return Verdict(Status.PARTIAL, "media", note("video-did-not-come", detail=detail))


def plain(text: str) -> str:
    """A message of yt-dlp without colours and without the advice to its own users."""
    bare = _ADVICE.sub("", _ESCAPES.sub("", text)).strip()
    return " ".join(bare.removeprefix("ERROR:").split()).rstrip(";,. ")


NO_ROOM = note("video-room")
NO_RUNTIME = note("no-deno")
_LIVE = ("is_live", "is_upcoming")


def fetch_videos(visit: Visit, outcome: VisitOutcome, players: list[EmbeddedPlayer]) -> dict[str, MissingVideo]:
    """Fetch the videos of players and add them to the outcome. Returns what is missing by player's address."""
    trail, missing = outcome.trail, {}
    source_files = SourceFiles(visit, trail.final.url, trail.final.answer)
    outcome.extra_records += source_files.unnamed_records(outcome)
    tool = find_tool()
    try:
        for number, player in enumerate(players, start=1):
            if _is_done(source_files, outcome, player):
                continue
            verdict = _fetch_player(visit, outcome, player, source_files, tool, "" if number == 1 else f"-{number}")
            if verdict is not None:
                missing[player.address] = verdict
    finally:
        outcome.extra_records += source_files.records
        outcome.files += source_files.files
    return missing


def _is_done(source_files: SourceFiles, outcome: VisitOutcome, player: EmbeddedPlayer) -> bool:
    """Reuse the files of an earlier run that finished the video: it writes the description last."""
    ties = {path: link for path, link in source_files.written_earlier().items() if link.get("player") == player.address}
    last = [link for link in ties.values() if link.get("role") == DESCRIPTION]
    if not last or any(link.get("missing") for link in last):
        return False
    for path in ties:
        source_files.reuse(path)
    outcome.notes += [
        known for link in last for each in link.get("notes", []) if (known := read_note(each)) is not None
    ]
    return True


def _fetch_player(
    visit: Visit,
    outcome: VisitOutcome,
    player: EmbeddedPlayer,
    source_files: SourceFiles,
    tool: Tool | None,
    suffix: str,
) -> MissingVideo | None:
    """Fetch the videos of one player; None where they are complete."""
    extraction = Extraction(visit, player, merges=tool is not None, any_site=player.name == "page")
    videos: list[FetchedVideo] = []
    try:
        for number, info in enumerate(extraction.videos(), start=1):
            videos.append(FetchedVideo(info, extraction, source_files, suffix if number == 1 else f"{suffix}-{number}"))
            _fetch_video(videos[-1], tool)
        verdict = _incomplete_verdict(videos)
    except StreamFailed:
        _require_disk(visit)
        verdict = verdict_on(extraction.log.messages, has_stream=extraction.has_stream)
    except OutOfBounds as bound:
        reason = "policy" if bound.failure.reason in ("robots", UNLICENSED_SITE) else "media"
        verdict = Verdict(Status.PARTIAL, reason, note("video-bound", detail=bound.failure.message))
    except NotEnoughSpace:
        verdict = Verdict(Status.PARTIAL, "media", NO_ROOM)
    except (OSError, CancelledError):
        raise
    except Exception as error:  # noqa: BLE001 -- a bug at a video must not change the verdict of the page
        fault = excerpt(f"{type(error).__name__}: {error}")
        verdict = Verdict(Status.PARTIAL, "media", note("video-fault", detail=fault))
    finally:
        extraction.close()
        outcome.extra_records += extraction.network.records
        outcome.notes += [each for video in videos for each in video.notes]
    return (
        MissingVideo(verdict, bool(videos) and all(video.has_streams for video in videos))
        if verdict is not None
        else None
    )


def _fetch_video(video: FetchedVideo, tool: Tool | None) -> None:
    """Fetch one video. Raises `StreamFailed` where no stream can be fetched, `OutOfBounds`, `NotEnoughSpace`."""
    if video.info.get("live_status") in _LIVE or video.info.get("is_live"):
        video.extraction.log.error("the live event has not ended: there is no recording yet")
        raise StreamFailed
    if video.extraction.player.name == "youtube" and shutil.which(RUNTIME) is None:
        video.notes.append(NO_RUNTIME)
    fetch_streams(video, tool)
    fetch_subtitles(video)
    fetch_thumbnail(video)
    write_description(video)


def _incomplete_verdict(videos: list[FetchedVideo]) -> Verdict | None:
    missing = [each for video in videos for each in video.missing]
    if not videos:
        return Verdict(Status.PARTIAL, "media", note("video-none"))
    if missing:
        return Verdict(Status.PARTIAL, "media", note("video-incomplete", detail=", ".join(missing[:10])))
    return None


def _require_disk(visit: Visit) -> None:
    """Raise `OSError` for a full disk, which yt-dlp reports as an unavailable video: the run must stop."""
    try:
        visit.work.require_space()
    except NotEnoughSpace as error:
        raise OSError(errno.ENOSPC, "the disk is full") from error
