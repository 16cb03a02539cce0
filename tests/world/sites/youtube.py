"""www.youtube.com: watch and embed pages as a reader without scripts gets them, with thumbnails and icons elsewhere."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping

from tests.world import media_bytes
from tests.world.replies import Reply, Request
from tests.world.site import Page, Site, css, file, html, json, redirect, script
from tests.world.sites.youtube_player import SEEN_FROM, STATES, State, Video, api, player_response, requests_video

HOST = "www.youtube.com"
BASE = f"https://{HOST}"
SERVER = (("Server", "ESF"), ("X-XSS-Protection", "0"), ("X-Content-Type-Options", "nosniff"))
PLAYER = "/s/player/1f8742dc/player_ias.vflset/en_US/base.js"
SHEET = "/s/player/1f8742dc/www-player.css"
FONTS = "https://fonts.googleapis.com/css2?family=Roboto:wght@300;400;500;700&family=YouTube+Sans:wght@300..900&display=swap"


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


def _context(client: str) -> str:
    """What the page gives its player: among it the address that the visitor comes from."""
    said = {"remoteHost": SEEN_FROM, "clientName": client, "clientVersion": "2.20261120.01.00", "hl": "en"}
    return jsonlib.dumps({"INNERTUBE_CONTEXT": {"client": said}, "INNERTUBE_CONTEXT_CLIENT_NAME": 1})


def _watch(video: Video | None, state: State | None) -> Reply:
    data = jsonlib.dumps(player_response(video, state, plays=False), ensure_ascii=False)
    context = _context("WEB")
    if video is None or state is not None:
        return _page(context, data, "<title> - YouTube</title>", "")
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
    said = f"""<div itemscope itemtype="http://schema.org/VideoObject"><meta itemprop="name" content="{video.title}">
<meta itemprop="datePublished" content="{video.published}"><link itemprop="embedUrl" href="{BASE}/embed/{video.id}"></div>"""
    return _page(context, data, known, said)


def _page(context: str, data: str, named: str, said: str) -> Reply:
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
{said}
</body></html>"""
    cookies = (
        ("Set-Cookie", "YSC=4tFq1cW7vYc; Domain=.youtube.com; Path=/; Secure; HttpOnly; SameSite=none"),
        (
            "Set-Cookie",
            "VISITOR_INFO1_LIVE=q9M0b2; Domain=.youtube.com; Expires=Fri, 21-May-2027 10:00:00 GMT; Path=/; Secure",
        ),
    )
    return html(page, headers=(("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"), *cookies))


def _embed(video: Video) -> Reply:
    data = jsonlib.dumps({"videoFlags": {"playableInEmbed": True}, "title": video.title}, ensure_ascii=False)
    return html(f"""<!DOCTYPE html><html lang="en"><head><title>{video.title} - YouTube</title>
<link rel="stylesheet" href="{SHEET}" name="www-player"><link rel="canonical" href="{BASE}/watch?v={video.id}">
<script src="{PLAYER}"></script></head><body class="date-20190502"><div id="player"></div>
<script>var ytEmbedConfig = {data};ytcfg.set({_context("WEB_EMBEDDED_PLAYER")});</script></body></html>""")


class YouTube(Site):
    """Modes: `ok`; `consent` (a visitor from the EU is sent to consent.youtube.com first); the states of the player."""

    hosts = (HOST, "youtube.com", "youtu.be", "i.ytimg.com", "consent.youtube.com")
    evasive = frozenset({"youtube.com", "youtu.be"})
    modes = ("ok", "consent", *STATES)
    server = SERVER
    robots = b"User-agent: *\nDisallow: /api/\nDisallow: /youtubei/\nDisallow: /get_video\n"

    def pages(self, host: str) -> Mapping[str, Page]:
        if host == "i.ytimg.com":
            pictures = {
                f"/vi/{video}/{name}.jpg": media_bytes.jpeg(f"{video} {name}")
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
            "/s/player/icon.png": file(media_bytes.png("player icon"), "image/png"),
            f"{desktop}/favicon.ico": file(media_bytes.ico("youtube"), "image/x-icon"),
            f"{desktop}/favicon_144x144.png": file(media_bytes.png("youtube 144"), "image/png"),
            "/favicon.ico": file(media_bytes.ico("youtube"), "image/x-icon"),
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
        state = STATES.get(self.mode)
        if request.path == "/watch" and "v" in request.params:
            if self.mode == "consent" and "SOCS=" not in request.header("Cookie"):
                return redirect(f"https://consent.youtube.com/m?continue={BASE}{request.target}&gl=DE&m=0&pc=yt", 302)
            return _watch(VIDEOS.get(request.params["v"]), state)
        if request.path.startswith("/embed/"):
            video = VIDEOS.get(request.path.removeprefix("/embed/"))
            return _embed(video) if video else None
        if request.path == "/oembed":
            video = VIDEOS.get(request.params.get("url", "").rpartition("=")[2])
            if video is None or state is not None:
                return Reply(404, b"Not Found", "text/plain")
            return json(
                jsonlib.dumps({"title": video.title, "author_name": video.channel, "type": "video", "version": "1.0"})
            )
        name = request.params.get("v") or requests_video(request)
        return api(request, VIDEOS.get(name), state)

    def _consent(self, request: Request) -> Reply:
        if request.path != "/m":
            return super().reply(request)  # type: ignore[return-value]
        return html("""<!DOCTYPE html><html lang="en"><head><title>Before you continue to YouTube</title></head><body>
<h1>Before you continue to YouTube</h1><form action="https://consent.youtube.com/save" method="POST"><input type="hidden"
name="set_eom" value="true"><button>Reject all</button></form></body></html>""")
