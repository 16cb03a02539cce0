"""Vimeo: a page that shows guests nothing of its video, and a player that does."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping

from tests.world import media_bytes, video_bytes
from tests.world.replies import Reply, Request, partial
from tests.world.site import Page, Site, file, html

HOST, PLAYER, FILES, PICTURES = "vimeo.com", "player.vimeo.com", "vod-progressive.akamaized.net", "i.vimeocdn.com"
VIDEO, TITLE = "329087611", "The disappeared: families speak | عائلات المختفين"
STREAM = f"/exp=1795000000~acl=%2A%2F{VIDEO}~hmac=5f2a/vimeo-prod/1382/01/{VIDEO}.mp4?source=1"
_SHELL = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} on Vimeo</title>
<meta property="og:title" content="{title}"><meta property="og:image" content="https://{pictures}/video/77.jpg">
</head><body><div id="__next"><h1>{title}</h1><p>{text}</p></div></body></html>"""
_TEXT = "Mothers and daughters of people who were taken at checkpoints tell what they know, and what it cost. " * 3


class Vimeo(Site):
    """Modes: `ok`; `password`; `embed-only` (the player answers only to the pages that may show it); `gone`."""

    hosts = (HOST, "www.vimeo.com", PLAYER, FILES, PICTURES)
    modes = ("ok", "password", "embed-only", "gone")
    allowed = "https://press.example/"
    """The page that may show what is `embed-only`."""

    def pages(self, host: str) -> Mapping[str, Page]:
        if host == HOST:
            return {f"/{VIDEO}": html(_SHELL.format(title=TITLE, pictures=PICTURES, text=_TEXT))}
        if host == PICTURES:
            return {"/video/77.jpg": file(media_bytes.jpeg("vimeo"), "image/jpeg")}
        return {STREAM: self._video} if host == FILES else {}

    def reply(self, request: Request) -> Reply:
        if self.mode == "gone" and request.host in (HOST, PLAYER) and request.target != "/robots.txt":
            return html("<!DOCTYPE html><title>VimeUhOh</title><h1>Sorry, we couldn’t find that page</h1>", 404)
        if request.host == PLAYER and request.path == f"/video/{VIDEO}":
            return self._player(request)
        if request.host == PLAYER and request.path == "/captions/1.vtt":
            return file(media_bytes.vtt("They came at dawn", "and took my son"), "text/vtt")
        return super().reply(request)  # type: ignore[return-value]

    def _player(self, request: Request) -> Reply:
        if self.mode == "embed-only" and request.header("Referer") != self.allowed:
            observed = "Because of its privacy settings, this video cannot be played here."
            return html(f"<!DOCTYPE html><title>Sorry</title><h1>Sorry</h1><p>{observed}", 403)
        config = {"view": 4} if self.mode == "password" else _config()
        page = f"<script>window.playerConfig = {jsonlib.dumps(config)};</script>"
        return html(f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body>{page}</body></html>")

    def _video(self, request: Request) -> Reply:
        return partial(request, video_bytes.sounding("vimeo", 30), "video/mp4")


def _config() -> dict[str, object]:
    form = {
        "url": f"https://{FILES}{STREAM}",
        "quality": "540p",
        "width": 128,
        "height": 96,
        "fps": 10,
        "bitrate": 1480,
    }
    track = {"lang": "en", "url": "/captions/1.vtt", "kind": "subtitles"}
    return {
        "request": {"files": {"progressive": [form]}, "text_tracks": [track]},
        "video": {
            "id": int(VIDEO),
            "title": TITLE,
            "duration": 3,
            "thumbs": {"640": f"https://{PICTURES}/video/77.jpg"},
            "owner": {"name": "SNHR", "url": "https://vimeo.com/snhr"},
        },
    }
