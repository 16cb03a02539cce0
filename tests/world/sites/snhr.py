"""sn4hr.org: a WordPress of 2021 with Jetpack, a shortlink for every post, press releases whose substance is a PDF."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from tests.world import media_bytes, video_bytes
from tests.world.replies import Reply, Request, partial
from tests.world.site import Page, Site, css, file, html, json, redirect, script

HOST = "sn4hr.org"
BASE = f"https://{HOST}"
UPLOADS = "/wp-content/uploads"
THEME = "/wp-content/themes/snhr"
PHOTON = "https://i0.wp.com/sn4hr.org/wp-content/uploads"
BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
WORDPRESS = (
    ("Server", "nginx"),
    ("X-Powered-By", "PHP/7.4.19"),
    ("Link", f'<{BASE}/wp-json/>; rel="https://api.w.org/"'),
    ("X-XSS-Protection", "1; mode=block"),
)


@dataclass(frozen=True, slots=True)
class Post:
    """One press release."""

    id: int
    day: str
    """`2019/04/30`, as in its path."""
    title: str
    body: str
    """HTML of the article."""
    image: str
    """Of `og:image`, below the uploads folder."""
    head: str = ""
    """HTML that plugins add to the head for this post alone."""
    modified: str = "2020-02-01T09:30:00"
    language: str = "en-US"
    direction: str = "ltr"

    @property
    def path(self) -> str:
        return f"/blog/{self.day}/{self.id}/"

    @property
    def url(self) -> str:
        return BASE + self.path


_CONFESSIONS = f"""
<p><img class="aligncenter jetpack-lazy-image" width="600" height="400" alt="Ali Othman"
 src="{PHOTON}/2019/04/ali-othman.jpg?resize=600%2C400&#038;ssl=1"
 data-lazy-srcset="{PHOTON}/2019/04/ali-othman.jpg?w=1200&amp;ssl=1 1200w, {PHOTON}/2019/04/ali-othman.jpg?resize=300%2C200&amp;ssl=1 300w"
 data-lazy-sizes="(max-width: 600px) 100vw, 600px"
 data-lazy-src="{PHOTON}/2019/04/ali-othman.jpg?resize=600%2C400&amp;is-pending-load=1#038;ssl=1"
 srcset="{BLANK}"><noscript><img data-lazy-fallback="1" alt="Ali Othman" width="600" height="400"
 src="{PHOTON}/2019/04/ali-othman.jpg?resize=600%2C400&#038;ssl=1"
 srcset="{PHOTON}/2019/04/ali-othman.jpg?w=1200&#038;ssl=1 1200w, {PHOTON}/2019/04/ali-othman.jpg?w=300,200&#038;ssl=1 300w"></noscript></p>
<p>Paris - The Syrian Network for Human Rights recalls the case of the prominent political activist Ali Othman, of Baba Amr in
Homs, arrested in Aleppo on March 28, 2012, shown on state television the same year, and registered as dead by the civil registry
only years later. Nothing has been said to his family about where he is buried.</p>
<p>The Syrian regime has forced hundreds of detainees to confess before cameras to crimes that they had not committed.</p>
<p><a href="{UPLOADS}/2019/04/%d8%aa%d9%82%d8%b1%d9%8a%d8%b1-%d8%b9%d9%84%d9%8a-%d8%b9%d8%ab%d9%85%d8%a7%d9%86.pdf">تحميل البيان كاملا
(Link below to download full report)</a></p>
<p><a href="{UPLOADS}/2019/04/Ali-Othman_en.pdf#page=2">Download the full paper, page 2</a>,
<a href="{BASE}{UPLOADS}/2019/04/Ali-Othman_en.pdf">and as a whole</a>.</p>
<figure class="wp-block-image"><a href="{UPLOADS}/2019/04/map-of-arrests-full.png"><img loading="lazy"
 src="{UPLOADS}/2019/04/map-of-arrests-300x200.png" srcset="{UPLOADS}/2019/04/map-of-arrests-300x200.png 300w,
 {UPLOADS}/2019/04/map-of-arrests-768x512.png 768w" sizes="(max-width: 300px) 100vw, 300px"></a></figure>
<div class="wp-block-embed__wrapper"><iframe title="Interview" width="500" height="281" allowfullscreen
 src="https://www.youtube.com/embed/tVsGfh1cDl8?feature=oembed"></iframe></div>
<!-- <img src="{UPLOADS}/2019/04/commented-out.png"> -->
<p><a href="https://www.coe.int/documents/14533018/brochure.pdf">A brochure of others</a>,
<a href="/blog/2019/04/29/53620/">the previous statement</a>, <a href="mailto:info@sn4hr.org">write to us</a>,
<a href="javascript:void(0)">print</a>.</p>"""

_SARA = f"""
<p class="has-background" style="background-image:url(&quot;{UPLOADS}/2016/06/sara-banner.jpg&quot;);min-height:200px">Sara Khaled Al-Alaou</p>
<p><img class="lazyload" src="{BLANK}" data-src="{UPLOADS}/2016/06/sara-640.jpg"
 data-srcset="{UPLOADS}/2016/06/sara-640.jpg 640w, {UPLOADS}/2016/06/sara-1280.jpg 1280w"></p>
<p>The student Sara Khaled Al-Alaou, of Abu Kamal in Deir Ez-Zour, was arrested in the university city in Damascus; a video shown by
the regime's television in 2014 made her say what she had been told to say. Her death was learnt of in June 2016.</p>
<div class="gallery" data-bg="{UPLOADS}/2016/06/gallery-bg.png"><picture>
<source type="image/webp" srcset="{UPLOADS}/2016/06/vigil.webp 1x, {UPLOADS}/2016/06/vigil@2x.webp 2x">
<img src="{UPLOADS}/2016/06/vigil.jpg" alt="وقفة"></picture></div>
<p><a href="{UPLOADS}/2016/06/بيان-سارة-خالد-العلاو.pdf">البيان بالعربية</a></p>
<table background="{UPLOADS}/2016/06/table-paper.png"><tr><td>2016</td></tr></table>"""

_DOUMA = f"""
<p>The Syrian Network for Human Rights documents the chemical attack on Douma city on April 7, 2018, in Eastern Ghouta.</p>
<video controls preload="none" width="640" poster="{UPLOADS}/2018/04/douma-poster.jpg">
<source src="{UPLOADS}/2018/04/douma-2018-04-07.mp4" type="video/mp4">
<track kind="subtitles" srclang="ar" label="العربية" src="{UPLOADS}/2018/04/douma-ar.vtt"></video>
<p>The figures, from our old site:</p>
<iframe src="/arabic/stats/51899.html" width="100%" height="300"></iframe>
<svg class="icon" width="24" height="24"><use xlink:href="{THEME}/img/sprite.svg#mark"></use></svg>
<svg viewBox="0 0 10 10"><image href="{UPLOADS}/2018/04/overlay.png" width="10" height="10"/></svg>
<p><a href="{UPLOADS}/2018/04/Douma_victims.xlsx">The list of victims</a>,
<a href="{UPLOADS}/2018/04/Douma_statement.docx">the statement as a file</a>,
<a href="{UPLOADS}/2018/04/%d8%af%d9%88%d9%85%d8%a7.pdf">تقرير دوما</a></p>
<object data="{UPLOADS}/2018/04/timeline.svg" type="image/svg+xml"></object>
<embed src="{UPLOADS}/2018/04/siren.mp3" type="audio/mpeg">
<form action="/donate" method="post"><input type="image" src="{UPLOADS}/2018/04/donate-button.png" alt="Donate"></form>"""

_KINSHIP = f"""
<p>Thousands of relatives of people wanted by the Syrian regime have been detained because of nothing but their kinship.</p>
<style>.pull{{background:#fff url("{UPLOADS}/2021/02/quote-mark.png") no-repeat;
 -webkit-mask-image:url('{UPLOADS}/2021/02/mask.svg')}} .never{{content:"url({UPLOADS}/2021/02/not-a-link.png)"}}</style>
<blockquote class="pull">As an eye for an eye.</blockquote>
<p><img src="https://i0.wp.com/sn4hr.org/wp-content/uploads/2021/02/chart.png?fit=1024,683&amp;ssl=1" width="512" loading="lazy"
 srcset="https://i0.wp.com/sn4hr.org/wp-content/uploads/2021/02/chart.png?fit=1024,683&amp;ssl=1 1024w,https://i0.wp.com/sn4hr.org/wp-content/uploads/2021/02/chart.png?fit=512,342&amp;ssl=1 512w, https://i2.wp.com/sn4hr.org/wp-content/uploads/2021/02/chart.png?resize=150%2C100&amp;ssl=1 150w"></p>
<p><a href="{UPLOADS}/2021/02/Detained_as_hostages_en.pdf">Link below to download full report</a>:
<a href="{UPLOADS}/2021/02/Detained_as_hostages_en.pdf">PDF</a> ·
<a href="{UPLOADS}/2021/02/%d9%85%d8%b9%d8%aa%d9%82%d9%84%d9%88%d9%86-%d8%b1%d9%87%d8%a7%d8%a6%d9%86.pdf">عربي</a> ·
<a href="{UPLOADS}/2021/02/annex-gone.pdf">annex</a></p>
<template><img src="{UPLOADS}/2021/02/only-in-a-template.png"></template>
<img src="" alt=""><img alt="none">"""

_PRELOADS = f"""<link rel="preload" as="font" type="font/woff2" crossorigin href="{THEME}/fonts/snhr-icons.woff2?v=4.7.0">
<link rel="preload" as="image" href="{UPLOADS}/2021/02/hero-800.jpg"
 imagesrcset="{UPLOADS}/2021/02/hero-400.jpg 400w, {UPLOADS}/2021/02/hero-800.jpg 800w" imagesizes="50vw">
<link rel="manifest" href="/site.webmanifest"><link rel="mask-icon" href="{THEME}/img/pinned.svg" color="#b00">
<meta name="twitter:image" content="{BASE}{UPLOADS}/2021/02/card.jpg"><meta property="og:video" content="">"""

POSTS = (
    Post(53633, "2019/04/30", "Statement on the activist Ali Othman", _CONFESSIONS, "2019/04/ali-othman.jpg"),
    Post(24105, "2016/06/08", "The death of the student Sara Khaled Al-Alaou under torture", _SARA, "2016/06/vigil.jpg"),
    Post(51899, "2018/04/08", "Chemical attack on Douma city, Eastern Ghouta", _DOUMA, "2018/04/douma-poster.jpg"),
    Post(
        55768, "2021/02/11", "Detained as hostages: relatives of opponents", _KINSHIP, "2021/02/chart.png", _PRELOADS,
        modified="2022-03-04T05:06:07",
    ),
)  # fmt: skip


def _page(post: Post) -> str:
    oembed = f"{BASE}/wp-json/oembed/1.0/embed?url=https%3A%2F%2Fsn4hr.org{post.path.replace('/', '%2F')}"
    icon = f"{BASE}{UPLOADS}/2018/01/cropped-logo"
    return f"""<!DOCTYPE html>
<html lang="{post.language}" dir="{post.direction}"><head><meta charset="UTF-8"><title>{escape(post.title)} - SNHR</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="profile" href="https://gmpg.org/xfn/11">
<link rel="pingback" href="{BASE}/xmlrpc.php"><link rel='dns-prefetch' href='//fonts.googleapis.com'>
<link rel='dns-prefetch' href='//s.w.org'><link rel="preconnect" href="https://fonts.gstatic.com" crossorigin>
<link rel="alternate" type="application/rss+xml" title="SNHR &raquo; Feed" href="{BASE}/feed/">
<meta property="og:title" content="{escape(post.title)}"><meta property="og:url" content="{post.url}">
<meta property="og:image" content="{BASE}{UPLOADS}/{post.image}">
<link rel='stylesheet' id='wp-block-library-css' href='{BASE}/wp-includes/css/dist/block-library/style.min.css?ver=5.7.2' media='all'>
<link rel='stylesheet' id='snhr-style-css' href='{BASE}{THEME}/style.css?ver=1.4' type='text/css' media='all'>
<link rel='stylesheet' href='https://fonts.googleapis.com/css2?family=Cairo:wght@400;700&#038;display=swap' media='all'>
<link rel='alternate stylesheet' href='{THEME}/contrast.css' title='High contrast'>
<script src='{BASE}/wp-includes/js/jquery/jquery.min.js?ver=3.5.1' id='jquery-core-js'></script>
<link rel="https://api.w.org/" href="{BASE}/wp-json/">
<link rel="alternate" type="application/json" href="{BASE}/wp-json/wp/v2/posts/{post.id}">
<link rel="EditURI" type="application/rsd+xml" title="RSD" href="{BASE}/xmlrpc.php?rsd">
<link rel="canonical" href="{post.url}"><link rel='shortlink' href='{BASE}/?p={post.id}'>
<link rel="alternate" type="application/json+oembed" href="{oembed}">
<link rel="next" href="{BASE}/blog/2019/05/01/53640/">
<link rel="icon" href="{icon}-32x32.png" sizes="32x32"><link rel="icon" href="{icon}-192x192.png" sizes="192x192">
<link rel="apple-touch-icon" href="{icon}-180x180.png"><meta name="msapplication-TileImage" content="{icon}-270x270.png">
{post.head}</head><body class="post-template-default single postid-{post.id}">
<header><a href="{BASE}/"><img src="{THEME}/img/logo.svg" alt="SNHR"></a></header>
<article id="post-{post.id}"><h1 class="entry-title">{escape(post.title)}</h1>{post.body}</article>
<script src='{BASE}{THEME}/js/main.js?ver=1.4' defer></script></body></html>"""


_STYLE = """@charset "UTF-8";
@import url("css/layout.css?v=1");
@import "css/type.css" screen;
@namespace svg url(http://www.w3.org/2000/svg);
/* url(img/in-a-comment.png) @import "css/in-a-comment.css"; */
body { background: #fff url(img/paper.png) repeat }
.hero { background-image: image-set("img/hero.png" 1x, url(img/hero@2x.png) 2x); background-image: -webkit-image-set(url(img/hero.png) 1x) }
.entry a { cursor: url('img/pen.ico'), pointer; background: url( "img/link%20mark.png" ) }
.entry b { background: url(img/a\\(b\\).png) } .entry i { filter: url(#blur); mask: url(data:image/gif;base64,R0lGODlhAQABAAAAACw=) }
@media print { .entry { list-style: url(img/print.png) } }
@font-face { font-family: "snhr-icons"; src: url("fonts/snhr-icons.woff2?v=4.7.0") format("woff2"), local("none") }
"""
_LAYOUT = """@import 'grid.css'; .grid { background: url(../img/grid.png) } .missing { background: url(../img/not-there.png) }"""
_GRID = """@import url(layout.css?v=1); .cell { border-image: url("../img/border.png") 30 }"""  # a circle, as themes have them
_TYPE = """@font-face { font-family: Naskh; font-style: normal; src: url(../fonts/naskh.eot?#iefix) format("embedded-opentype"),
 url(../fonts/naskh.woff2) format("woff2") } h1 { font-family: Naskh }"""

_STATS = """<html dir="rtl"><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1256">
<title>إحصائيات الضحايا</title><base href="/arabic/files/"><link rel="stylesheet" href="old.css"></head>
<body background="خلفية.gif"><h1>حصيلة الضحايا في دوما</h1>
<p>الشبكة السورية لحقوق الإنسان توثق أسماء الضحايا في الهجوم الكيميائي على مدينة دوما.</p>
<img src="chart.php?city=دوما&amp;y=2018"><img src='ضحايا/map.png'>
<iframe src="counter.html"></iframe></body></html>"""
STATS_FILES = "/arabic/files"
STATS_QUERY = f"{STATS_FILES}/chart.php?city=%CF%E6%E3%C7&y=2018"
"""The query of a URL in a windows-1256 page is encoded in windows-1256, its path in UTF-8. (WHATWG URL, section 4.4)"""


def _wp_json(post: Post) -> Reply:
    said = {
        "id": post.id,
        "date": post.day.replace("/", "-") + "T10:00:00",
        "modified": post.modified,
        "modified_gmt": post.modified,
        "slug": str(post.id),
        "link": post.url,
        "title": {"rendered": post.title},
        "content": {"rendered": post.body, "protected": False},
        "featured_media": post.id + 1,
    }
    return json(jsonlib.dumps(said, ensure_ascii=True), headers=(("Access-Control-Expose-Headers", "X-WP-Total"),))


def _posts() -> dict[str, Page]:
    out: dict[str, Page] = {}
    for post in POSTS:
        short = (("Link", f"<{BASE}/?p={post.id}>; rel=shortlink"),)
        out[post.path] = html(_page(post), headers=short)
        out[f"/?p={post.id}"] = redirect(post.url, headers=(("X-Redirect-By", "WordPress"),))
        out[f"/wp-json/wp/v2/posts/{post.id}"] = _wp_json(post)
        oembed = f"/wp-json/oembed/1.0/embed?url=https%3A%2F%2Fsn4hr.org{post.path.replace('/', '%2F')}"
        out[oembed] = json(jsonlib.dumps({"version": "1.0", "type": "rich", "title": post.title}))
    return out


def _documents() -> dict[str, Page]:
    names = {
        "2019/04/%d8%aa%d9%82%d8%b1%d9%8a%d8%b1-%d8%b9%d9%84%d9%8a-%d8%b9%d8%ab%d9%85%d8%a7%d9%86.pdf": "Ali Othman (Arabic)",
        "2019/04/Ali-Othman_en.pdf": "Statement on the activist Ali Othman",
        "2016/06/%D8%A8%D9%8A%D8%A7%D9%86-%D8%B3%D8%A7%D8%B1%D8%A9-%D8%AE%D8%A7%D9%84%D8%AF-"
        "%D8%A7%D9%84%D8%B9%D9%84%D8%A7%D9%88.pdf": "Sara Khaled Al-Alaou (Arabic)",
        "2018/04/%d8%af%d9%88%d9%85%d8%a7.pdf": "Douma (Arabic)",
        "2021/02/Detained_as_hostages_en.pdf": "Detained as hostages",
        "2021/02/%d9%85%d8%b9%d8%aa%d9%82%d9%84%d9%88%d9%86-%d8%b1%d9%87%d8%a7%d8%a6%d9%86.pdf": "Detained (Arabic)",
    }
    word = "application/vnd.openxmlformats-officedocument"
    out: dict[str, Page] = {
        f"{UPLOADS}/{name}": file(media_bytes.pdf(title), "application/pdf") for name, title in names.items()
    }
    out[f"{UPLOADS}/2018/04/Douma_statement.docx"] = file(media_bytes.docx("Douma"), f"{word}.wordprocessingml.document")
    out[f"{UPLOADS}/2018/04/Douma_victims.xlsx"] = file(media_bytes.xlsx("Douma"), f"{word}.spreadsheetml.sheet")
    return out


def _uploads() -> dict[str, Page]:
    out: dict[str, Page] = {}
    for name in (
        "2019/04/ali-othman.jpg", "2016/06/sara-banner.jpg", "2016/06/sara-640.jpg", "2016/06/sara-1280.jpg",
        "2016/06/vigil.jpg", "2018/04/douma-poster.jpg", "2021/02/hero-400.jpg", "2021/02/hero-800.jpg", "2021/02/card.jpg",
    ):  # fmt: skip
        out[f"{UPLOADS}/{name}"] = file(
            media_bytes.jpeg(name), "image/jpeg", (("Last-Modified", "Thu, 11 Feb 2021 08:00:00 GMT"),)
        )
    for name in (
        "2019/04/map-of-arrests-full.png", "2019/04/map-of-arrests-300x200.png", "2019/04/map-of-arrests-768x512.png",
        "2019/04/commented-out.png", "2016/06/gallery-bg.png", "2016/06/table-paper.png", "2018/04/overlay.png",
        "2018/04/donate-button.png", "2021/02/quote-mark.png", "2021/02/not-a-link.png", "2021/02/only-in-a-template.png",
        "2021/02/chart.png", "2018/01/cropped-logo-32x32.png", "2018/01/cropped-logo-192x192.png",
        "2018/01/cropped-logo-180x180.png", "2018/01/cropped-logo-270x270.png",
    ):  # fmt: skip
        out[f"{UPLOADS}/{name}"] = file(media_bytes.png(name), "image/png")
    for name in ("2016/06/vigil.webp", "2016/06/vigil@2x.webp"):
        out[f"{UPLOADS}/{name}"] = file(media_bytes.webp(name), "image/webp")
    for name in ("2018/04/timeline.svg", "2021/02/mask.svg"):
        out[f"{UPLOADS}/{name}"] = Reply(200, media_bytes.svg(name), "image/svg+xml", squeeze=True)
    out[f"{UPLOADS}/2018/04/douma-2018-04-07.mp4"] = lambda request: partial(request, video_bytes.mp4("douma"), "video/mp4")
    out[f"{UPLOADS}/2018/04/douma-ar.vtt"] = file(media_bytes.vtt("أصوات صفارات", "نقل المصابين"), "text/vtt; charset=utf-8")
    out[f"{UPLOADS}/2018/04/siren.mp3"] = file(media_bytes.mp3("siren"), "audio/mpeg")
    return out


def _theme() -> dict[str, Page]:
    out: dict[str, Page] = {
        "/wp-includes/css/dist/block-library/style.min.css?ver=5.7.2": css(".wp-block-image{margin:0 0 1em}"),
        f"{THEME}/style.css?ver=1.4": css(_STYLE),
        f"{THEME}/contrast.css": css("body{color:#000;background:#fff}"),
        f"{THEME}/css/layout.css?v=1": css(_LAYOUT),
        f"{THEME}/css/grid.css": css(_GRID),
        f"{THEME}/css/type.css": css(_TYPE),
        f"{THEME}/404.css": css("h1{color:#900}"),
        "/wp-includes/js/jquery/jquery.min.js?ver=3.5.1": script("window.jQuery=window.$=function(){return this};"),
        f"{THEME}/js/main.js?ver=1.4": script(
            "document.documentElement.className+=' js';// url(img/in-a-script.png)\n"
        ),
        f"{THEME}/fonts/snhr-icons.woff2?v=4.7.0": file(media_bytes.woff2("icons"), "font/woff2"),
        f"{THEME}/fonts/naskh.woff2": file(media_bytes.woff2("naskh"), "font/woff2"),
        f"{THEME}/fonts/naskh.eot?": file(media_bytes.woff2("naskh.eot"), "application/vnd.ms-fontobject"),
        f"{THEME}/img/logo.svg": Reply(200, media_bytes.svg("SNHR"), "image/svg+xml", squeeze=True),
        f"{THEME}/img/sprite.svg": Reply(200, media_bytes.svg("sprite"), "image/svg+xml", squeeze=True),
        f"{THEME}/img/pinned.svg": Reply(200, media_bytes.svg("pinned"), "image/svg+xml", squeeze=True),
        f"{THEME}/img/pen.ico": file(media_bytes.ico("pen"), "image/x-icon"),
        "/favicon.ico": redirect(f"{BASE}/wp-includes/images/w-logo-blue-white-bg.png", 302),
        "/wp-includes/images/w-logo-blue-white-bg.png": file(media_bytes.png("w-logo"), "image/png"),
        "/site.webmanifest": file(b'{"name":"SNHR","icons":[]}', "application/manifest+json"),
    }
    for name in (
        "paper.png", "hero.png", "hero@2x.png", "link%20mark.png", "a(b).png", "print.png", "grid.png", "border.png",
        "in-a-comment.png", "in-a-script.png",
    ):  # fmt: skip
        out[f"{THEME}/img/{name}"] = file(media_bytes.png(name), "image/png")
    return out


def _old_site() -> dict[str, Page]:
    """What is left of the site before WordPress: windows-1256, `<base>`, file names in Arabic."""
    gif, arabic = file(media_bytes.GIF, "image/gif"), "text/html; charset=windows-1256"
    return {
        "/arabic/stats/51899.html": Reply(200, _STATS.encode("windows-1256"), arabic, framing="close"),
        f"{STATS_FILES}/old.css": file(b'td{background:url("td.gif")}', "text/css"),
        f"{STATS_FILES}/td.gif": gif,
        f"{STATS_FILES}/%D8%AE%D9%84%D9%81%D9%8A%D8%A9.gif": gif,
        STATS_QUERY: file(media_bytes.png("chart.php"), "image/png"),
        f"{STATS_FILES}/%D8%B6%D8%AD%D8%A7%D9%8A%D8%A7/map.png": file(media_bytes.png("old-map"), "image/png"),
        f"{STATS_FILES}/counter.html": Reply(200, b"<html><body>1,234,567</body></html>", "text/html"),
    }


class SyrianNetwork(Site):
    """Modes: `ok`; `moved` (everything goes to snhr.org); `guess` (a shortlink ends at another post)."""

    hosts = (HOST, f"www.{HOST}")
    evasive = frozenset({f"www.{HOST}"})
    modes = ("ok", "moved", "guess")
    server = WORDPRESS
    robots = f"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\nCrawl-delay: 1\n\nSitemap: {BASE}/wp-sitemap.xml\n".encode()

    def pages(self, host: str) -> Mapping[str, Page]:
        return {**_posts(), **_documents(), **_uploads(), **_theme(), **_old_site()}

    def reply(self, request: Request) -> Reply:
        if request.host != HOST:
            return redirect(BASE + request.target)
        if self.mode == "moved":
            return redirect(f"https://snhr.org{request.target}")
        if self.mode == "guess" and request.target.startswith("/?p="):
            # redirect_guess_404_permalink(): a post that happens to be named alike
            return redirect(POSTS[0].url, headers=(("X-Redirect-By", "WordPress"),))
        return super().reply(request)  # type: ignore[return-value]

    def not_found(self, request: Request) -> Reply:
        page = f"""<!DOCTYPE html><html lang="en-US"><head><meta charset="UTF-8"><title>Page not found - SNHR</title>
<link rel='stylesheet' href='{BASE}{THEME}/404.css'></head><body class="error404"><h1>That page can&rsquo;t be found.</h1>
<p>It looks like nothing was found at this location. Maybe try a search?</p></body></html>"""
        return html(page, 404, (("Cache-Control", "no-cache, must-revalidate, max-age=0"),))


class Photon(Site):
    """i0.wp.com and its twins: pictures of other sites, resized by the query."""

    hosts = ("i0.wp.com", "i1.wp.com", "i2.wp.com")
    server = (("Server", "nginx"), ("X-nc", "HIT fra 2"))

    def pages(self, host: str) -> Mapping[str, Page]:
        kinds = {
            "i0.wp.com": (
                "2019/04/ali-othman.jpg?resize=600%2C400&ssl=1", "2019/04/ali-othman.jpg?w=1200&ssl=1",
                "2019/04/ali-othman.jpg?resize=300%2C200&ssl=1", "2019/04/ali-othman.jpg?w=300,200&ssl=1",
                "2019/04/ali-othman.jpg?resize=600%2C400&is-pending-load=1",
                "2021/02/chart.png?fit=1024,683&ssl=1", "2021/02/chart.png?fit=512,342&ssl=1",
            ),
            "i2.wp.com": ("2021/02/chart.png?resize=150%2C100&ssl=1",),
        }  # fmt: skip
        extra = (("Cache-Control", "public, max-age=63115200"), ("Link", f"<{BASE}/>; rel=canonical"))
        return {
            f"/sn4hr.org/wp-content/uploads/{name}": file(media_bytes.webp(name), "image/webp", extra)
            for name in kinds.get(host, ())
        }
