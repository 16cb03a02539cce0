"""t.me: a post as its widget shows it, its channel round it, and media hosts with signed URLs."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

from collections.abc import Mapping

from tests.world import media_bytes, video_bytes
from tests.world.replies import Reply, Request, partial
from tests.world.site import Page, Site, css, file, html, redirect

HOST, CDN = "t.me", "cdn4.telesco.pe"
CHANNEL, POST = "syrian_families", 613
VIDEO = "/file/9f1c2d.mp4?token=Zm9ydHktdHdv"
THUMB, PHOTO = "/file/thumb_9f1c2d.jpg", "/file/photo_77aa.jpg"
TEXT = "عائلات المعتقلين تطالب بالكشف عن مصير أبنائها بعد إطلاق سراح نسرين الوانلي"
_TIME = "2021-05-12T19:04:11+00:00"

_MESSAGE = f"""<div class="tgme_widget_message js-widget_message" data-post="{CHANNEL}/{POST}">
<div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name" href="https://{HOST}/{CHANNEL}"><span dir="auto">عائلات سوريا</span></a></div>
<a class="tgme_widget_message_photo_wrap" href="https://{HOST}/{CHANNEL}/{POST}?single" style="width:640px;background-image:url('https://{CDN}{PHOTO}')"></a>
<a class="tgme_widget_message_video_player js-message_video_player" href="https://{HOST}/{CHANNEL}/{POST}">
<i class="tgme_widget_message_video_thumb" style="background-image:url('https://{CDN}{THUMB}')"></i>
<div class="tgme_widget_message_video_wrap"><video src="https://{CDN}{VIDEO}" class="tgme_widget_message_video js-message_video" width="100%" height="100%"></video></div>
<time class="message_video_duration js-message_video_duration">0:03</time></a>
<div class="tgme_widget_message_text js-message_text" dir="auto">{TEXT}</div>
<div class="tgme_widget_message_footer"><span class="tgme_widget_message_views">12.4K</span>
<a class="tgme_widget_message_date" href="https://{HOST}/{CHANNEL}/{POST}"><time datetime="{_TIME}" class="datetime">May 12, 2021 at 19:04</time></a></div></div>"""
_HEAD = f"""<meta charset="utf-8"><title>Telegram: Contact @{CHANNEL}</title><meta property="og:title" content="عائلات سوريا">
<meta property="og:image" content="https://{CDN}{PHOTO}"><meta property="og:description" content="{TEXT}">
<link href="//telegram.org/css/widget-frame.css?72" rel="stylesheet"><link rel="icon" type="image/svg+xml" href="//telegram.org/img/website_icon.svg?4">"""


class Telegram(Site):
    """Modes: `ok`; `gone` (the widget says that the post is not there, with status 200); `closed` (the channel shows nothing)."""

    hosts = (HOST, CDN, "telegram.org", "telegram.me")
    evasive = frozenset({"telegram.me"})
    modes = ("ok", "gone", "closed")
    server = (("Server", "nginx/1.18.0"), ("Strict-Transport-Security", "max-age=35768000"))

    def pages(self, host: str) -> Mapping[str, Page]:
        post, channel = f"/{CHANNEL}/{POST}", f"/s/{CHANNEL}"
        if host == HOST:
            landing = f"""<!DOCTYPE html><html><head>{_HEAD}</head><body class="no_transition"><div class="tgme_page">
<iframe id="telegram-post" src="https://{HOST}{post}?embed=1" width="100%"></iframe><a class="tgme_action_button_new"
 href="tg://resolve?domain={CHANNEL}&amp;post={POST}">View in Telegram</a></div></body></html>"""
            widget = f"<!DOCTYPE html><html><head>{_HEAD}</head><body>{_MESSAGE}</body></html>"
            return {
                post: html(landing),
                **{
                    f"{post}?{query}": self._widget(widget)
                    for query in ("embed=1", "embed=1&mode=tme", "embed=1&single=")
                },
                f"{channel}/{POST}": self._widget(widget),
                channel: self._widget(widget),
            }
        if host == CDN:
            return {
                VIDEO: lambda request: partial(request, video_bytes.sounding("telegram", 30), "video/mp4"),
                THUMB: file(media_bytes.jpeg("telegram thumb"), "image/jpeg"),
                PHOTO: file(media_bytes.jpeg("telegram photo"), "image/jpeg"),
            }
        if host == "telegram.org":
            return {
                "/css/widget-frame.css?72": css(".tgme_widget_message{background:#fff url(../img/bubble.png)}"),
                "/img/bubble.png": file(media_bytes.png("bubble"), "image/png"),
                "/img/website_icon.svg?4": Reply(200, media_bytes.svg("Telegram"), "image/svg+xml", squeeze=True),
            }
        return {}

    def _widget(self, page: str):  # type: ignore[no-untyped-def]
        gone = f'<!DOCTYPE html><html><head>{_HEAD}</head><body><div class="tgme_widget_message_error">Post not found</div></body></html>'
        return lambda request: html(gone if self.mode == "gone" else page)

    def reply(self, request: Request) -> Reply:
        if request.host == "telegram.me":
            return redirect(f"https://{HOST}{request.target}")
        if self.mode == "closed" and request.host == HOST and request.target != "/robots.txt":
            return (
                redirect(f"https://{HOST}/{CHANNEL}", 302)
                if request.path != f"/{CHANNEL}"
                else html(
                    f"<!DOCTYPE html><html><head>{_HEAD}</head><body><div class='tgme_page'>If you have Telegram, you can contact @{CHANNEL} right away.</div></body></html>"
                )
            )
        return super().reply(request)  # type: ignore[return-value]
