"""X, Facebook, Instagram and TikTok: walls for those without an account, and the little that they give all the same."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping

from tests.world import media_bytes, video_bytes
from tests.world.replies import Reply, Request, partial
from tests.world.site import Page, Site, file, html, json, redirect

TWEET, USER = "1392569874563211264", "snhr"
X, API, SYNDICATION, PUBLISH = "x.com", "api.x.com", "cdn.syndication.twimg.com", "publish.twitter.com"
VIDEO, PICTURE = (
    "/ext_tw_video/1392569000000000000/pu/vid/128x96/a1B2c3.mp4?tag=12",
    "/ext_tw_video_thumb/1392569000000000000/pu/img/x.jpg",
)
TEXT = "After eight years, Nisreen al Wanli and her sons are free. Thousands are not."
_SHELL = """<!DOCTYPE html><html dir="ltr" lang="en"><head><meta charset="utf-8"><title></title></head><body>
<noscript><h1>JavaScript is not available.</h1><p>We’ve detected that JavaScript is disabled in this browser. Please enable JavaScript
or switch to a supported browser to continue using x.com.</p></noscript><div id="react-root"></div></body></html>"""


def tweet() -> dict[str, object]:
    variants = [{"content_type": "video/mp4", "bitrate": 1480000, "url": f"https://video.twimg.com{VIDEO}"}]
    media = {
        "type": "video", "id_str": "1392569000000000000", "media_url_https": f"https://pbs.twimg.com{PICTURE}",
        "url": "https://t.co/abc", "expanded_url": f"https://x.com/{USER}/status/{TWEET}/video/1",
        "video_info": {"aspect_ratio": [4, 3], "duration_millis": 3000, "variants": variants},
        "original_info": {"width": 128, "height": 96},
    }  # fmt: skip
    return {
        "__typename": "Tweet", "id_str": TWEET, "text": TEXT, "lang": "en", "created_at": "2021-05-12T19:30:00.000Z",
        "user": {"id_str": "261364862", "name": "Syrian Network", "screen_name": USER}, "mediaDetails": [media],
    }  # fmt: skip


class Twitter(Site):
    """Modes: `ok` (guests are turned to the syndication API by 429), `deleted`, `walled` (not even that)."""

    hosts = (
        X,
        "twitter.com",
        "mobile.twitter.com",
        "www.x.com",
        API,
        "api.twitter.com",
        SYNDICATION,
        PUBLISH,
        "pbs.twimg.com",
        "video.twimg.com",
    )
    evasive = frozenset({X, "twitter.com", "mobile.twitter.com", "www.x.com", API, "api.twitter.com"})
    modes = ("ok", "deleted", "walled")
    server = (("server", "cloudflare envoy"), ("x-frame-options", "DENY"))

    def pages(self, host: str) -> Mapping[str, Page]:
        if host == "video.twimg.com":
            return {VIDEO: lambda request: partial(request, video_bytes.sounding("tweet", 30), "video/mp4")}
        return {PICTURE: file(media_bytes.jpeg("tweet"), "image/jpeg")} if host == "pbs.twimg.com" else {}

    def reply(self, request: Request) -> Reply:
        if request.host in ("twitter.com", "mobile.twitter.com", "www.x.com"):
            return redirect(f"https://{X}{request.target}", 302)
        if request.target == "/robots.txt" or (request.host.endswith("twimg.com") and request.host != SYNDICATION):
            return super().reply(request)  # type: ignore[return-value]
        if request.host == X and not request.path.startswith("/i/api/"):
            return html(_SHELL)
        if request.host == SYNDICATION:
            return self._syndicated(request)
        if request.host == PUBLISH:
            return self._oembed(request)
        if request.path.endswith("/guest/activate.json"):
            return json('{"guest_token":"1392569874563211999"}')
        return json('{"errors":[{"message":"Rate limit exceeded","code":88}]}', 429)

    def _syndicated(self, request: Request) -> Reply:
        if self.mode == "walled" or not request.params.get("token"):
            return Reply(404, b"", "text/html")
        if request.params.get("id") != TWEET or self.mode == "deleted":
            return json(
                jsonlib.dumps(
                    {"__typename": "TweetTombstone", "tombstone": {"text": {"text": "This Post was deleted."}}}
                )
            )
        return json(jsonlib.dumps(tweet()))

    def _oembed(self, request: Request) -> Reply:
        if self.mode != "ok" or TWEET not in request.params.get("url", ""):
            return json('{"error":"Sorry, that page does not exist","request":"/oembed"}', 404)
        quote = f'<blockquote class="twitter-tweet"><p lang="en" dir="ltr">{TEXT}</p>&mdash; Syrian Network (@{USER})</blockquote>'
        return json(
            jsonlib.dumps(
                {"url": f"https://twitter.com/{USER}/status/{TWEET}", "author_name": "Syrian Network", "html": quote}
            )
        )


_FACEBOOK = """<!DOCTYPE html><html lang="en" id="facebook"><head><title>Log into Facebook</title></head><body><div id="globalContainer">
<div>You must log in to continue.</div><form data-testid="royal_login_form" action="/login/device-based/regular/login/" method="post">
<input type="text" name="email" id="email"><input type="password" name="pass" id="pass"><button name="login">Log In</button></form></div></body></html>"""
_PLUGIN = """<!DOCTYPE html><html lang="en" id="facebook"><head><title>Facebook</title></head><body class="plugin"><div class="_5pcb">
<span class="timestampContent">12 May 2021</span><div class="_5pbx userContent"><p>نسرين الوانلي وولداها أحرار</p></div></div></body></html>"""
_INSTAGRAM = """<!DOCTYPE html><html lang="en" class="no-js not-logged-in client-root"><head><title>Login • Instagram</title></head><body>
<div id="react-root"></div><script type="application/json">{"viewer":null}</script></body></html>"""
_TIKTOK = """<!DOCTYPE html><html lang="en"><head><title>TikTok - Make Your Day</title></head><body><div id="app"></div>
<script id="__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">{"__DEFAULT_SCOPE__":{"webapp.video-detail":{"statusCode":10204,
"statusMsg":"item doesn't exist"}}}</script></body></html>"""


class Walled(Site):
    """Facebook, Instagram and TikTok as a guest sees them."""

    hosts = ("www.facebook.com", "facebook.com", "m.facebook.com", "www.instagram.com", "www.tiktok.com")
    evasive = frozenset(hosts)
    server = (("x-fb-debug", "0a1b"), ("Strict-Transport-Security", "max-age=15552000; preload"))

    def reply(self, request: Request) -> Reply:
        if request.target == "/robots.txt":
            return Reply(200, b"User-agent: *\nDisallow: /\n", "text/plain")
        if request.host == "www.tiktok.com":
            return html(_TIKTOK)
        if request.host == "www.instagram.com":
            return (
                html(_INSTAGRAM)
                if request.path.startswith("/accounts/login/")
                else redirect(f"https://www.instagram.com/accounts/login/?next={request.path}", 302)
            )
        if request.host != "www.facebook.com":
            return redirect(f"https://www.facebook.com{request.target}")
        if request.path == "/plugins/post.php":
            return html(_PLUGIN)
        if request.path == "/login/":
            return html(_FACEBOOK)
        return redirect(
            f"https://www.facebook.com/login/?next=https%3A%2F%2Fwww.facebook.com{request.path.replace('/', '%2F')}",
            302,
        )
