"""What YouTube's player requests: the player API, captions, and the media hosts with their ranges."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.world import media_bytes, video_bytes
from tests.world.replies import Reply, Request, partial
from tests.world.site import Page, Site, file, json

MEDIA_HOST = "rr3---sn-4g5e6nzz.googlevideo.com"
CAPTIONS = ("en", "ar")
SEEN_FROM = "203.0.113.77"
"""The address of the documenter, as YouTube and its media hosts echo it (of the range for documentation, RFC 5737)."""


@dataclass(frozen=True, slots=True)
class Video:
    """One video and what its page says of it."""

    id: str
    title: str
    channel: str
    published: str
    description: str
    seconds: int = 3


@dataclass(frozen=True, slots=True)
class State:
    """Why a video does not play."""

    status: str
    reason: str
    detail: str = ""


STATES = {
    "removed": State("ERROR", "Video unavailable", "This video has been removed by the uploader"),
    "terminated": State(
        "ERROR", "Video unavailable", "This video is no longer available because the account was terminated"
    ),
    "bot": State(
        "LOGIN_REQUIRED", "Sign in to confirm you’re not a bot", "This helps protect our community. Learn more"
    ),
    "age": State("LOGIN_REQUIRED", "Sign in to confirm your age", "This video may be inappropriate for some users."),
    "private": State(
        "LOGIN_REQUIRED", "Private video", "If the owner of this video has granted you access, please sign in."
    ),
    "geo": State("UNPLAYABLE", "The uploader has not made this video available in your country"),
    "rate": State("UNPLAYABLE", "This content isn’t available, try again later."),
    "unknown": State("ERROR", "This video is unavailable"),
}


@dataclass(frozen=True, slots=True)
class Stream:
    """One format that the player may choose."""

    itag: int
    type: str
    body: bytes
    extra: dict[str, Any]
    query: str = ""


def streams(video: Video) -> tuple[Stream, ...]:
    """Pictures, sound, both in one file (smaller, as the player says), and pictures that a machine has enlarged."""
    pictures = video_bytes.mp4(f"{video.id} 135", 10 * video.seconds)
    small = {"width": 480, "height": 360, "fps": 10, "qualityLabel": "360p", "quality": "medium"}
    usual = {"width": 640, "height": 480, "fps": 10, "qualityLabel": "480p", "quality": "large"}
    large = {"width": 1920, "height": 1440, "fps": 10, "qualityLabel": "1440p", "quality": "hd1440"}
    sound = {"audioQuality": "AUDIO_QUALITY_MEDIUM", "audioSampleRate": "44100", "audioChannels": 1, "quality": "tiny"}
    avc, aac = 'video/mp4; codecs="avc1.42000b"', 'audio/mp4; codecs="mp4a.40.2"'
    return (
        Stream(135, avc, pictures, {**usual, "bitrate": 1_480_000}),
        Stream(400, avc, video_bytes.mp4(f"{video.id} upscaled", 10), {**large, "bitrate": 9_000_000}, "&xtags=sr%3D1"),
        Stream(140, aac, video_bytes.m4a(f"{video.id} 140", 43 * video.seconds), {**sound, "bitrate": 2_400}),
        Stream(18, 'video/mp4; codecs="avc1.42000b, mp4a.40.2"', video_bytes.sounding(f"{video.id} 18", 10 * video.seconds), small),
    )  # fmt: skip


def media_url(video: Video, stream: Stream) -> str:
    return (
        f"https://{MEDIA_HOST}/videoplayback?expire=1795000000&ei=AbCdEf&ip={SEEN_FROM}&id=o-A{video.id}&itag={stream.itag}"
        f"&source=youtube&requiressl=yes&mime={stream.type.partition(';')[0].replace('/', '%2F')}&clen={len(stream.body)}"
        f"&dur={video.seconds}.000&lmt=1618900000000000{stream.query}&sig=AJfQdSswRQIhAKw"
    )


def _format(video: Video, stream: Stream) -> dict[str, Any]:
    size = str(len(stream.body))
    return {
        "itag": stream.itag,
        "url": media_url(video, stream),
        "mimeType": stream.type,
        "contentLength": size,
        **stream.extra,
    }


def playability(state: State) -> dict[str, Any]:
    shown = {"reason": {"simpleText": state.reason}, "subreason": {"simpleText": state.detail}}
    screen = {"playerErrorMessageRenderer": shown if state.detail else {"reason": shown["reason"]}}
    return {"playabilityStatus": {"status": state.status, "reason": state.reason, "errorScreen": screen}}


def player_response(video: Video | None, state: State | None, plays: bool = True) -> dict[str, Any]:
    """`ytInitialPlayerResponse`, and what the player API answers; the media only where it `plays`."""
    if video is None or state is not None:
        return playability(state or STATES["unknown"])
    every = streams(video) if plays else ()
    said: dict[str, Any] = {
        "playabilityStatus": {"status": "OK", "playableInEmbed": True},
        "videoDetails": {
            "videoId": video.id, "title": video.title, "lengthSeconds": str(video.seconds), "author": video.channel,
            "channelId": "UCq0aV7rM1bT0xw3cQxNqGZA", "shortDescription": video.description, "viewCount": "1042",
            "isLiveContent": False,
            "thumbnail": {"thumbnails": [{"url": f"https://i.ytimg.com/vi/{video.id}/hqdefault.jpg", "width": 480, "height": 360}]},
        },
        "microformat": {"playerMicroformatRenderer": {"publishDate": video.published, "uploadDate": video.published}},
    }  # fmt: skip
    if plays:
        said["streamingData"] = {
            "expiresInSeconds": "21540",
            "formats": [_format(video, stream) for stream in every if stream.itag == 18],
            "adaptiveFormats": [_format(video, stream) for stream in every if stream.itag != 18],
        }
        tracks = [
            {"baseUrl": f"https://www.youtube.com/api/timedtext?v={video.id}&lang={code}", "languageCode": code, "vssId": f".{code}",
             "name": {"simpleText": code}, "isTranslatable": True}
            for code in CAPTIONS
        ]  # fmt: skip
        said["captions"] = {"playerCaptionsTracklistRenderer": {"captionTracks": tracks, "translationLanguages": []}}
    return said


NEXT = {
    "responseContext": {"visitorData": "CgtxOU0wYjI"},
    "contents": {
        "twoColumnWatchNextResults": {"results": {"results": {"contents": [{"videoPrimaryInfoRenderer": {}}]}}}
    },
    "engagementPanels": [],
}
"""Not empty, or yt-dlp sends three more requests."""


def api(request: Request, video: Video | None, state: State | None) -> Reply | None:
    """The targets of www.youtube.com that only a player requests."""
    if request.path == "/youtubei/v1/player":
        return json(jsonlib.dumps(player_response(video, state)))
    if request.path == "/youtubei/v1/next":
        return json(jsonlib.dumps(NEXT))
    if request.path == "/api/timedtext" and video is not None and request.params.get("lang") in CAPTIONS:
        return _caption(request)
    return None


def requests_video(request: Request) -> str:
    """The id of the video that a request to the player API names in its body."""
    try:
        return str(jsonlib.loads(request.body or b"{}").get("videoId", ""))
    except ValueError:
        return ""


def _caption(request: Request) -> Reply:
    cues = ("From the tunnel", "to the light") if request.params["lang"] == "en" else ("من النفق", "إلى النور")
    if request.params.get("fmt", "vtt") == "vtt":
        return file(media_bytes.vtt(*cues), "text/vtt; charset=UTF-8")
    lines = "".join(f'<text start="{2 * n}" dur="2">{cue}</text>' for n, cue in enumerate(cues))
    return file(
        f'<?xml version="1.0" encoding="utf-8"?><transcript>{lines}</transcript>'.encode(), "text/xml; charset=UTF-8"
    )


class GoogleVideo(Site):
    """The media hosts: ranges, and 403 for those who do not bring the whole signed query."""

    hosts = (MEDIA_HOST,)
    modes = ("ok", "forbidden")
    server = (("Server", "gvs 1.0"), ("X-Content-Type-Options", "nosniff"))

    def __init__(self, videos: Mapping[str, Video]) -> None:
        super().__init__()
        self._videos = videos

    def pages(self, host: str) -> Mapping[str, Page]:
        out: dict[str, Page] = {}
        for video in self._videos.values():
            for stream in streams(video):
                target = media_url(video, stream).removeprefix(f"https://{host}")
                out[target] = lambda request, stream=stream: partial(
                    request, stream.body, stream.type.partition(";")[0]
                )  # type: ignore[misc]
        return out

    def reply(self, request: Request) -> Reply:
        if request.path == "/videoplayback" and (
            self.mode == "forbidden" or request.target not in self._known(request.host)
        ):
            return Reply(403, b"", "text/plain")
        return super().reply(request)  # type: ignore[return-value]
