"""www.coe.int: a Liferay portal: adaptive pictures, style sheets joined by the server, documents with `?t=`."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from tests.world import media_bytes
from tests.world.replies import Reply, Request
from tests.world.site import Page, Site, css, file, html, redirect, script

HOST = "www.coe.int"
BASE = f"https://{HOST}"
SLUG = "syrian-doctor-who-ran-underground-children-s-hospital-receives-wallenberg-prize"
ARTICLE = f"/en/web/portal/-/{SLUG}"
CLICK = "fbclid=IwAR1VYOPwLXwBQwYpPUJf4AP-Sp5CKy-qPsxI41BNvp4uQI7PxgA0ZriHbxI"
CITED = f"{ARTICLE}?{CLICK}"

_PARTS = [
    f"/o/coe-theme/css/part-{n:02d}/module_{name}.css"
    for n in range(20)
    for name in ("base", "grid", "portlet", "print")
]
COMBO = "/combo?browserId=other&minifierType=css&languageId=en_GB&b=7210&t=1617184000000&" + "&".join(_PARTS)
"""Some 4,000 characters: longer than what careless servers and tools take."""
SCRIPTS = "/combo?browserId=other&minifierType=js&b=7210&t=1617184000000&/o/frontend-js-web/loader.js&/o/frontend-js-web/liferay.js"
_MEDIA = "/o/adaptive-media/image/61435926/{size}/Ballour+Amani.jpg?t=1579100000000"
PICTURES = tuple(_MEDIA.format(size=size) for size in ("Preview-1000x0", "Thumbnail-300x300"))
ORIGINAL = "/documents/14533018/61435926/Ballour+Amani.jpg/9a1b2c3d-0f0e-4d5c-8b7a-6f5e4d3c2b1a?t=1579100000000"
BROCHURE = (
    "/documents/14533018/61435930/Wallenberg-Prize-2020_en.pdf/1f2e3d4c-5b6a-7988-a0b1-c2d3e4f50617?t=1579186400000"
)
THEME = "/o/coe-theme/images"

PAGE = f"""<!DOCTYPE html><html class="ltr" dir="ltr" lang="en-GB"><head>
<title>Syrian doctor who ran underground children’s hospital receives Wallenberg Prize - Portal</title>
<meta content="text/html; charset=UTF-8" http-equiv="content-type"><link rel="icon" href="{THEME}/favicon.ico">
<link data-senna-track="temporary" href="{BASE}{ARTICLE}" rel="canonical">
<link data-senna-track="temporary" href="https://www.coe.int/fr/web/portal/-/{SLUG}" hreflang="fr-FR" rel="alternate">
<link class="lfr-css-file" data-senna-track="temporary" href="{escape(COMBO)}" rel="stylesheet" type="text/css">
<style type="text/css">@import url("/o/coe-theme/css/banner.css?t=1617184000000");
.coe-header{{background-image:url({THEME}/header.jpg)}}</style>
<script data-senna-track="permanent" src="{escape(SCRIPTS)}" type="text/javascript"></script>
<script>Liferay = window.Liferay || {{}}; Liferay.currentURL = '{ARTICLE}?FBCLID';</script>
<meta property="og:image" content="{BASE}{ORIGINAL}"><meta property="og:url" content="{BASE}{ARTICLE}"></head>
<body class="portal-page"><div id="cookie-banner" hidden>We use cookies.</div>
<a href="{BASE}/en/web/portal"><img src="{THEME}/logo-coe.svg" alt="Council of Europe"></a>
<article><h1>Syrian doctor who ran underground children’s hospital receives Wallenberg Prize</h1>
<time datetime="2020-01-15">15/01/2020</time><picture data-fileentryid="61435926">
<source media="(max-width:300px)" srcset="{PICTURES[1]}">
<source media="(max-width:1000px) and (min-width:300px)" srcset="{PICTURES[0]}">
<img src="{ORIGINAL}" alt="Amani Ballour" data-fileentryid="61435926"></picture>
<p>The 2020 Raoul Wallenberg Prize of the Council of Europe goes to Dr Amani Ballour, a young Syrian paediatrician, for her personal
courage, bravery and commitment in saving hundreds of lives in the underground hospital of Eastern Ghouta.</p>
<p><a href="{BROCHURE}">The prize and its rules (PDF)</a> · <a href="/en/web/portal/-/another-item">Another item</a></p></article>
<script src="/o/coe-theme/js/cookies.js"></script></body></html>"""
BROKEN = ("/o/coe-theme/css/deep/gone.css",)


class CouncilOfEurope(Site):
    hosts = (HOST, "coe.int")
    evasive = frozenset({"coe.int"})
    server = (
        ("Server", "Apache"),
        ("X-Content-Type-Options", "nosniff"),
        ("Liferay-Portal", "Liferay Digital Experience Platform"),
    )
    robots = b"User-Agent: *\nDisallow: /combo\nDisallow: /c/\nSitemap: https://www.coe.int/sitemap.xml\n"

    def pages(self, host: str) -> Mapping[str, Page]:
        if host != HOST:
            return {}
        return {
            ARTICLE: self._article,
            CITED: self._article,
            COMBO: css(
                "@import url(/o/coe-theme/css/deep/one.css);"
                + "".join(f".p{n}{{color:#{n:03d}}}" for n in range(400))
                + ".ico{background:url(../../images/icons.png?t=1)}"
            ),
            "/o/coe-theme/css/deep/one.css": css('@import "two.css"; .one{background:url("one.png")}'),
            "/o/coe-theme/css/deep/two.css": css(
                '@import "gone.css"; @font-face{font-family:CoE;src:url(../../fonts/coe.woff2)}'
            ),
            "/o/coe-theme/css/banner.css?t=1617184000000": css("#cookie-banner{display:none}"),
            "/o/coe-theme/css/deep/one.png": file(media_bytes.png("coe one"), "image/png"),
            "/o/coe-theme/fonts/coe.woff2": file(media_bytes.woff2("coe"), "font/woff2"),
            "/images/icons.png?t=1": file(media_bytes.png("coe icons"), "image/png"),
            SCRIPTS: script("window.Liferay={};"),
            "/o/coe-theme/js/cookies.js": script("document.getElementById('cookie-banner').hidden=false;"),
            **{
                target: file(media_bytes.jpeg(target), "image/jpeg", (("ETag", '"8f1c"'),))
                for target in (*PICTURES, ORIGINAL)
            },
            BROCHURE: file(
                media_bytes.pdf("The Raoul Wallenberg Prize"),
                "application/pdf",
                (("Content-Disposition", 'inline; filename="Wallenberg-Prize-2020_en.pdf"'),),
            ),
            "/documents/14533018/brochure.pdf": file(media_bytes.pdf("A brochure"), "application/pdf"),
            f"{THEME}/favicon.ico": file(media_bytes.ico("coe"), "image/x-icon"),
            "/favicon.ico": file(media_bytes.ico("coe"), "image/x-icon"),
            f"{THEME}/header.jpg": file(media_bytes.jpeg("coe header"), "image/jpeg"),
            f"{THEME}/logo-coe.svg": Reply(200, media_bytes.svg("Council of Europe"), "image/svg+xml", squeeze=True),
        }

    def _article(self, request: Request) -> Reply:
        cookies = (
            ("Set-Cookie", "JSESSIONID=5F1C0D7E0A9B8C7D6E5F4A3B2C1D0E9F; Path=/; Secure; HttpOnly"),
            ("Set-Cookie", "GUEST_LANGUAGE_ID=en_GB; Max-Age=31536000; Path=/; Secure; HttpOnly"),
            ("Set-Cookie", "COOKIE_SUPPORT=true; Max-Age=31536000; Path=/; Secure; HttpOnly"),
        )
        # The portal echoes the whole query, the click's token included.
        return html(PAGE.replace("?FBCLID", request.target.removeprefix(ARTICLE)), headers=cookies)

    def reply(self, request: Request) -> Reply:
        if request.host != HOST:
            return redirect(BASE + request.target)
        return super().reply(request)  # type: ignore[return-value]
