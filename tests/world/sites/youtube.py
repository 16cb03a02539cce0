"""www.youtube.com: watch and embed pages as a reader without scripts gets them, with thumbnails and icons elsewhere."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass

from tests.world import matter
from tests.world.answers import Reply, Request
from tests.world.site import Page, Site, css, file, html, json, redirect, script

HOST = "www.youtube.com"
BASE = f"https://{HOST}"
SERVER = (("Server", "ESF"), ("X-XSS-Protection", "0"), ("X-Content-Type-Options", "nosniff"))
PLAYER = "/s/player/1f8742dc/player_ias.vflset/en_US/base.js"
SHEET = "/s/player/1f8742dc/www-player.css"
FONTS = "https://fonts.googleapis.com/css2?family=Roboto:wght@300;400;500;700&family=YouTube+Sans:wght@300..900&display=swap"


@dataclass(frozen=True, slots=True)
class Video:
    """One video and what its page says of it."""

    id: str
    title: str
    channel: str
    published: str
    description: str
    seconds: int = 10
    status: str = "OK"
    """`OK`, `ERROR`, `LOGIN_REQUIRED` or `UNPLAYABLE`, as in playabilityStatus."""
    reason: str | None = None


VIDEOS = {
    video.id: video
    for video in (
        Video(
            "ut0DuECJLjs",
            "من النفق إلى النور - الفيلم الوثائقي | From the Tunnel to the Light",
            "Alikhbaria Syria",
            "2021-04-20",
            "فيلم وثائقي من إنتاج قناة الإخبارية السورية",
        ),
        Video("tVsGfh1cDl8", "Interview: families of the disappeared", "SNHR", "2019-05-02", "An interview of 2019"),
    )
}
REMOVED = Video("", "", "", "", "", 0, "ERROR", "This video is unavailable")


def player_response(video: Video) -> dict[str, object]:
    """`ytInitialPlayerResponse`, as far as a page shows it."""
    said: dict[str, object] = {"playabilityStatus": {"status": video.status, "playableInEmbed": True}}
    if video.reason is not None:
        return {"playabilityStatus": {"status": video.status, "reason": video.reason}}
    said["videoDetails"] = {
        "videoId": video.id,
        "title": video.title,
        "lengthSeconds": str(video.seconds),
        "author": video.channel,
        "shortDescription": video.description,
        "thumbnail": {
            "thumbnails": [{"url": f"https://i.ytimg.com/vi/{video.id}/hqdefault.jpg", "width": 480, "height": 360}]
        },
    }
    return said


def _watch(video: Video, request: Request) -> Reply:
    data = jsonlib.dumps(player_response(video), ensure_ascii=False)
    context = jsonlib.dumps({"INNERTUBE_CONTEXT": {"client": {"remoteHost": request.peer, "clientName": "WEB"}}})
    known = f"""<title>{video.title} - YouTube</title><meta name="title" content="{video.title}">
<link rel="canonical" href="{BASE}/watch?v={video.id}"><link rel="shortlinkUrl" href="https://youtu.be/{video.id}">
<link rel="alternate" type="application/json+oembed" title="{video.title}"
 href="{BASE}/oembed?format=json&amp;url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D{video.id}">
<link rel="image_src" href="https://i.ytimg.com/vi/{video.id}/maxresdefault.jpg">
<meta property="og:site_name" content="YouTube"><meta property="og:title" content="{video.title}">
<meta property="og:image" content="https://i.ytimg.com/vi/{video.id}/maxresdefault.jpg">
<meta property="og:video:url" content="{BASE}/embed/{video.id}"><meta name="twitter:player" content="{BASE}/embed/{video.id}">
<meta name="twitter:image" content="https://i.ytimg.com/vi/{video.id}/maxresdefault.jpg">
<link itemprop="thumbnailUrl" href="https://i.ytimg.com/vi/{video.id}/hqdefault.jpg">"""
    named = known if video.reason is None else "<title> - YouTube</title>"
    page = f"""<!DOCTYPE html><html lang="en" dir="ltr"><head><meta http-equiv="X-UA-Compatible" content="IE=edge"/>
<script nonce="N">var ytcfg={{d:function(){{}},set:function(){{}}}};ytcfg.set({context});</script>
<link rel="shortcut icon" href="{BASE}/s/desktop/d743f786/img/favicon.ico" type="image/x-icon">
<link rel="icon" href="{BASE}/s/desktop/d743f786/img/favicon_144x144.png" sizes="144x144">
<link rel="preload" href="https://i.ytimg.com/generate_204" as="fetch"><link rel="preconnect" href="https://i.ytimg.com">
<link rel="stylesheet" href="{FONTS.replace("&", "&amp;")}" nonce="N"><link rel="stylesheet" href="{SHEET}" name="www-player">
<script src="{PLAYER}" nonce="N"></script><link rel="manifest" href="/manifest.webmanifest" crossorigin="use-credentials">
{named}</head><body dir="ltr"><ytd-app></ytd-app><div id="player" class="skeleton"></div>
<script nonce="N">var ytInitialPlayerResponse = {data};</script>
<script nonce="N">var ytInitialData = {{"contents":{{"twoColumnWatchNextResults":{{}}}}}};</script>
<div itemscope itemtype="http://schema.org/VideoObject"><meta itemprop="name" content="{video.title}">
<meta itemprop="datePublished" content="{video.published}"><link itemprop="embedUrl" href="{BASE}/embed/{video.id}"></div>
</body></html>"""
    cookies = (
        ("Set-Cookie", "YSC=4tFq1cW7vYc; Domain=.youtube.com; Path=/; Secure; HttpOnly; SameSite=none"),
        (
            "Set-Cookie",
            "VISITOR_INFO1_LIVE=q9M0b2; Domain=.youtube.com; Expires=Fri, 21-May-2027 10:00:00 GMT; Path=/; Secure",
        ),
    )
    return html(page, headers=(("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"), *cookies))


def _embed(video: Video, request: Request) -> Reply:
    data = jsonlib.dumps({"videoFlags": {"playableInEmbed": True}, "title": video.title}, ensure_ascii=False)
    return html(f"""<!DOCTYPE html><html lang="en"><head><title>{video.title} - YouTube</title>
<link rel="stylesheet" href="{SHEET}" name="www-player"><link rel="canonical" href="{BASE}/watch?v={video.id}">
<script src="{PLAYER}"></script></head><body class="date-20190502"><div id="player"></div>
<script>var ytEmbedConfig = {data};</script></body></html>""")


class YouTube(Site):
    """Modes: `ok`; `removed`; `consent` (a visitor from the EU is sent to consent.youtube.com first)."""

    hosts = (HOST, "youtube.com", "youtu.be", "i.ytimg.com", "consent.youtube.com")
    modes = ("ok", "removed", "consent")
    server = SERVER
    robots = b"User-agent: *\nDisallow: /api/\nDisallow: /youtubei/\nDisallow: /get_video\n"

    def pages(self, host: str) -> Mapping[str, Page]:
        if host == "i.ytimg.com":
            pictures = {
                f"/vi/{video}/{name}.jpg": matter.jpeg(f"{video} {name}")
                for video in VIDEOS
                for name in ("maxresdefault", "hqdefault")
            }
            return {
                path: file(picture, "image/jpeg", (("ETag", '"1619000000"'),)) for path, picture in pictures.items()
            } | {"/generate_204": Reply(204, framing="none")}
        if host != HOST:
            return {}
        desktop = "/s/desktop/d743f786/img"
        return {
            PLAYER: script("/* the player */ var _yt_player={};"),
            SHEET: css(
                ".html5-video-player{position:relative} .ytp-icon{background:url(//www.youtube.com/s/player/icon.png)}"
            ),
            "/s/player/icon.png": file(matter.png("player icon"), "image/png"),
            f"{desktop}/favicon.ico": file(matter.ico("youtube"), "image/x-icon"),
            f"{desktop}/favicon_144x144.png": file(matter.png("youtube 144"), "image/png"),
            "/favicon.ico": file(matter.ico("youtube"), "image/x-icon"),
            "/manifest.webmanifest": file(b'{"name":"YouTube","icons":[]}', "application/manifest+json"),
        }

    def reply(self, request: Request) -> Reply:
        if request.host == "youtube.com":
            return redirect(BASE + request.target)
        if request.host == "youtu.be":
            return redirect(f"{BASE}/watch?v={request.path[1:]}&feature=youtu.be", 303)
        if request.host == "consent.youtube.com":
            return self._consent(request)
        if request.host == HOST and (page := self._video(request)) is not None:
            return page
        return super().reply(request)  # type: ignore[return-value]

    def _video(self, request: Request) -> Reply | None:
        if request.path == "/watch" and "v" in request.params:
            if self.mode == "consent" and "SOCS=" not in request.header("Cookie"):
                return redirect(f"https://consent.youtube.com/m?continue={BASE}{request.target}&gl=DE&m=0&pc=yt", 302)
            return _watch(self._find(request.params["v"]), request)
        if request.path.startswith("/embed/"):
            return _embed(self._find(request.path.removeprefix("/embed/")), request)
        if request.path == "/oembed":
            video = self._find(request.params.get("url", "").rpartition("=")[2])
            return json(
                jsonlib.dumps({"title": video.title, "author_name": video.channel, "type": "video", "version": "1.0"})
            )
        return None

    def _find(self, id: str) -> Video:
        return REMOVED if self.mode == "removed" else VIDEOS.get(id, REMOVED)

    def _consent(self, request: Request) -> Reply:
        if request.path != "/m":
            return super().reply(request)  # type: ignore[return-value]
        return html("""<!DOCTYPE html><html lang="en"><head><title>Before you continue to YouTube</title></head><body>
<h1>Before you continue to YouTube</h1><form action="https://consent.youtube.com/save" method="POST"><input type="hidden"
name="set_eom" value="true"><button>Reject all</button></form></body></html>""")
