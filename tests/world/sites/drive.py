"""drive.google.com: a viewer that holds nothing, and the way to the file behind it."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping

from tests.world import media_bytes, video_bytes
from tests.world.replies import Reply, Request, partial
from tests.world.site import Page, Site, file, html, json, redirect

HOST, CONTENT, ACCOUNTS = "drive.google.com", "drive.usercontent.google.com", "accounts.google.com"
PHOTOS = "lh3.googleusercontent.com"
ID = "1o-KAWNsfrHq6hAEDozEArdP3wEp2Tje6"
NAME = "عائلة السنبكي بعد الإفراج.jpg"
VIEW, UC = f"/file/d/{ID}/view", f"/uc?export=download&id={ID}"
DOWNLOAD = f"/download?id={ID}&export=download"
CONFIRMED = f"{DOWNLOAD}&confirm=t&uuid=2f7c9d0e-6f55-4c2e-9a3b-1d2c3b4a5f60&at=AN8xHooPq1:1621598400000"
PLAYBACK = "content-workspacevideo-pa.googleapis.com"
VIDEO_NAME = "شهادة نسرين.mp4"
VIDEO = video_bytes.sounding("drive video", 30)
PICTURE = media_bytes.jpeg("the family after their release", 1280, 853)

_VIEWER = f"""<!DOCTYPE html><html><head><meta name="google" content="notranslate"><title>{NAME} - Google Drive</title>
<meta property="og:title" content="{NAME}"><meta property="og:type" content="article"><meta property="og:site_name" content="Google Docs">
<meta property="og:image" content="https://{PHOTOS}/drive-viewer/AEYmBYT0=w1200-h630-p"><meta itemprop="url"
 content="https://{HOST}{VIEW}?usp=embed_facebook"><link rel="icon" href="https://{HOST}/images/branding/drive_2020q4_32dp.png">
<script>window.viewerData={{config:{{id:"{ID}",title:"{NAME}",isDownloadable:true}}}};</script></head>
<body><div id="drive-viewer-main"></div><noscript>JavaScript must be enabled.</noscript></body></html>"""
_SCAN = f"""<!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title><meta charset="utf-8"></head><body>
<div class="uc-main"><div id="uc-text"><p class="uc-warning-caption">Google Drive can't scan this file for viruses.</p>
<p class="uc-warning-subcaption"><span class="uc-name-size"><a href="/open?id={ID}">{NAME}</a> (148M)</span> is too large.</p>
<form id="download-form" action="https://{CONTENT}/download" method="get"><input type="submit" id="uc-download-link" value="Download anyway"/>
<input type="hidden" name="id" value="{ID}"><input type="hidden" name="export" value="download"><input type="hidden" name="confirm" value="t">
<input type="hidden" name="uuid" value="2f7c9d0e-6f55-4c2e-9a3b-1d2c3b4a5f60"><input type="hidden" name="at" value="AN8xHooPq1:1621598400000">
</form></div></div></body></html>"""
_QUOTA = """<!DOCTYPE html><html><head><title>Google Drive - Quota exceeded</title><meta charset="utf-8"></head><body>
<div class="uc-main"><div id="uc-text"><p class="uc-error-caption">Sorry, you can't view or download this file at this time.</p>
<p class="uc-error-subcaption">Too many users have viewed or downloaded this file recently. Please try accessing the file again later.
It may take up to 24 hours until you are able to view or download the file.</p></div></div></body></html>"""
_DELETED = """<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Error 404 (Not Found)!!1</title><p><b>404.</b>
<ins>That’s an error.</ins><p>The requested URL was not found on this server."""


class Drive(Site):
    """Modes: `small`, `virus` (a form stands between), `quota`, `login` (not public), `deleted`; `video`, `video-quota`."""

    hosts = (HOST, CONTENT, ACCOUNTS, PHOTOS, PLAYBACK)
    modes = ("small", "virus", "quota", "login", "deleted", "video", "video-quota")
    server = (("Server", "ESF"), ("X-Content-Type-Options", "nosniff"))

    def pages(self, host: str) -> Mapping[str, Page]:
        if host == HOST:
            return {
                VIEW: self._view,
                f"/uc?id={ID}&export=download": self._uc,
                UC: self._uc,
                "/images/branding/drive_2020q4_32dp.png": file(media_bytes.png("drive"), "image/png"),
                "/favicon.ico": file(media_bytes.ico("drive"), "image/x-icon"),
            }
        if host == CONTENT:
            # Forms are sent with their colons escaped. (URL Standard, 5.2)
            escaped = CONFIRMED.replace("1:1", "1%3A1")
            return {DOWNLOAD: self._download, **dict.fromkeys((f"{DOWNLOAD}&confirm=t", CONFIRMED, escaped), self._file)}
        return (
            {"/drive-viewer/AEYmBYT0=w1200-h630-p": file(media_bytes.jpeg("drive og"), "image/jpeg")}
            if host == PHOTOS
            else {}
        )

    def _view(self, request: Request) -> Reply:
        if self.mode == "deleted":
            return html(_DELETED, 404)
        return (
            self._sign_in()
            if self.mode == "login"
            else html(_VIEWER, headers=(("Set-Cookie", "NID=511=abc; path=/; HttpOnly"),))
        )

    def _uc(self, request: Request) -> Reply:
        if self.mode == "deleted":
            return html(_DELETED, 404)
        return self._sign_in() if self.mode == "login" else redirect(f"https://{CONTENT}{DOWNLOAD}", 303)

    def _download(self, request: Request) -> Reply:
        pages = {"virus": _SCAN, "quota": _QUOTA, "video-quota": _QUOTA}
        return html(pages[self.mode]) if self.mode in pages else self._file(request)

    def _file(self, request: Request) -> Reply:
        if self.mode == "video-quota":
            return html(_QUOTA)
        name, body, kind = (VIDEO_NAME, VIDEO, "video/mp4") if self.mode == "video" else (NAME, PICTURE, "image/jpeg")
        escaped = "".join(f"%{byte:02X}" for byte in name.encode())
        said = (
            ("Content-Disposition", f"attachment; filename=\"download{name[-4:]}\"; filename*=UTF-8''{escaped}"),
            ("Last-Modified", "Wed, 12 May 2021 19:04:11 GMT"),
            ("x-goog-hash", "crc32c=AAAAAA=="),
        )
        return partial(request, body, kind, said)

    def _playback(self, request: Request) -> Reply:
        """What the viewer's player requests; not there for what is no video."""
        if not self.mode.startswith("video"):
            return json('{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}', 404)
        said = {
            "mediaMetadata": {"title": VIDEO_NAME, "duration": "3s"},
            "mediaStreamingData": {"formatStreamingData": {}},
        }
        return json(jsonlib.dumps(said))

    def _sign_in(self) -> Reply:
        return redirect(
            f"https://{ACCOUNTS}/ServiceLogin?service=wise&passive=1209600&continue=https://{HOST}{VIEW}", 302
        )

    def reply(self, request: Request) -> Reply:
        if request.host == ACCOUNTS and request.path == "/ServiceLogin":
            return html("""<!DOCTYPE html><html><head><title>Google Drive: Sign-in</title></head><body><h1>Sign in</h1>
<form action="/signin/v1/lookup" method="post"><input type="email" name="identifier"></form></body></html>""")
        if request.host == PLAYBACK and request.path == f"/v1/drive/media/{ID}/playback":
            return self._playback(request)
        return super().reply(request)  # type: ignore[return-value]
