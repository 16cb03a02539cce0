"""webtv.un.org: the address of 2021 under the portal of today, which no longer knows it."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from tests.world import media_bytes
from tests.world.replies import Reply, Request
from tests.world.site import Page, Site, css, file, html, redirect
from tests.world.sites.kaltura import FILES, MEETING, PARTNER

HOST = "webtv.un.org"
OLD = "/Microsoft.XMLDOM/watch/middle-east-syria-humanitarian-situation-security-council-open-vtc/6245250053001/?term=&lan=original"
SHEET = "/sites/default/files/css/css_9Hk2.css"

SHELL = f"""<!DOCTYPE html><html lang="en" dir="ltr"><head><meta charset="utf-8"><title>{{title}} | UN Web TV</title>
<link rel="shortcut icon" href="/themes/custom/untv/favicon.ico"><link rel="stylesheet" media="all" href="{SHEET}"></head>
<body class="path-{{kind}}"><header><a href="/en">UN Web TV</a></header><main>{{main}}</main></body></html>"""
_MISSING = """<h1>Page not found</h1><p>The page you are looking for could not be found. It may have been moved with our new site.
Search for the meeting by its date, or go to the schedule of live meetings. Recordings made before the move are being transferred.</p>
<p><small>Request {token}</small></p>"""
OLD_PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>The situation in the Middle East (Syria, humanitarian) -
Security Council, open VTC</title><link rel="stylesheet" href="/css/untv.css"></head><body>
<h1>The situation in the Middle East: Syria, humanitarian situation - Security Council, Open VTC</h1><p>29 Mar 2021</p>
<video-js data-account="1362235914001" data-player="B1J3DDQJf" data-video-id="6245250053001"></video-js>
<img src="/images/still/6245250053001.jpg" alt=""><script src="//players.brightcove.invalid/1362235914001/index.min.js"></script>
<p>Dr. Amani Ballour briefs the Security Council on the humanitarian situation in Syria.</p><a href="http://{HOST}/">Home</a></body></html>"""


ASSET = "/en/asset/k1x/k1xs9oqdym"
_ASSET_PAGE = SHELL.format(
    title=MEETING.name,
    kind="asset",
    main=f"""<h1>{MEETING.name}</h1><time datetime="2021-03-29">29 Mar 2021</time>
<div id="kaltura-player"></div><p>Briefings to the Security Council on the humanitarian situation in Syria, by open videoconference.
Dr. Amani Ballour speaks as a representative of civil society about the hospitals of Eastern Ghouta.</p>
<script>const config = {{ partnerId: {PARTNER}, uiConfId: 49754663 }};
const kentryID = "{MEETING.id}";</script><img src="https://{FILES}/p/{PARTNER}/sp/{PARTNER}00/thumbnail/entry_id/{MEETING.id}/version/100021">""",
)
"""The same meeting at its new address: what a person may assert as the successor."""


class UnWebTv(Site):
    """Modes: `soft-404` (status 200 for whatever it does not know), `404`, `home` (all of that goes to the home page), `ok`."""

    hosts = (HOST,)
    evasive = frozenset(hosts)
    modes = ("soft-404", "404", "home", "ok")
    server = (("Server", "nginx"), ("X-Generator", "Drupal 9 (https://www.drupal.org)"))

    def pages(self, host: str) -> Mapping[str, Page]:
        home = SHELL.format(
            title="Home", kind="frontpage", main="<h1>Live and on demand</h1>" + "<p>General Assembly</p>" * 12
        )
        return {
            "/en": html(home),
            ASSET: html(_ASSET_PAGE),
            "/": redirect(f"https://{HOST}/en", 302),
            SHEET: css("body{background:url(/themes/custom/untv/bg.png)}"),
            "/themes/custom/untv/bg.png": file(media_bytes.png("untv bg"), "image/png"),
            "/themes/custom/untv/favicon.ico": file(media_bytes.ico("untv"), "image/x-icon"),
            "/favicon.ico": file(media_bytes.ico("untv"), "image/x-icon"),
        }

    def reply(self, request: Request) -> Reply:
        if request.scheme == "http":
            return redirect(f"https://{HOST}{request.target}")
        if request.target == OLD and self.mode == "ok":
            return html(OLD_PAGE)
        return super().reply(request)  # type: ignore[return-value]

    def not_found(self, request: Request) -> Reply:
        if self.mode == "home":
            return redirect(f"https://{HOST}/en", 302)
        # Two such pages are never quite alike, as on the real web.
        token = hashlib.sha256(request.target.encode()).hexdigest()[:16]
        page = SHELL.format(title="Page not found", kind="system", main=_MISSING.format(token=token))
        return html(page, 404 if self.mode in ("404", "ok") else 200)
