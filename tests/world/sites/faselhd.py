"""www.faselhd.pro: a video site behind a challenge. What it shows to those who pass is played too."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

from collections.abc import Mapping

from tests.world import media_bytes
from tests.world.replies import Reply, Request
from tests.world.site import Page, Site, css, file, html, redirect
from tests.world.walls import WALLS

HOST = "www.faselhd.pro"
VIDEO = "/movies/%D9%81%D9%8A%D9%84%D9%85-cave-2019"
SHEET, POSTER = "/wp-content/themes/fasel/style.css?ver=3", "/wp-content/uploads/2019/12/The-Cave-2019.jpg"
PAGE = f"""<!DOCTYPE html><html dir="rtl" lang="ar"><head><meta charset="UTF-8"><title>فيلم The Cave 2019 مترجم - فاصل إعلاني</title>
<link rel="stylesheet" href="{SHEET}"><meta property="og:image" content="https://{HOST}{POSTER}"></head><body>
<h1>فيلم The Cave 2019</h1><div class="posterImg"><img data-src="{POSTER}" src="/wp-content/themes/fasel/blank.gif" alt="The Cave"></div>
<p>وثائقي عن الطبيبة أماني بلور التي تدير مشفى تحت الأرض في الغوطة الشرقية خلال الحرب السورية.</p>
<div id="player"><iframe name="player_iframe" data-src="https://player.faselhd.invalid/embed?id=1"></iframe></div></body></html>"""


def video_files() -> dict[str, Page]:
    return {
        SHEET: css("body{background:#111 url(/wp-content/themes/fasel/bg.png)}"),
        POSTER: file(media_bytes.jpeg("The Cave"), "image/jpeg"),
        "/wp-content/themes/fasel/bg.png": file(media_bytes.png("fasel bg"), "image/png"),
        "/wp-content/themes/fasel/blank.gif": file(media_bytes.GIF, "image/gif"),
    }


class FaselHd(Site):
    """Modes: `challenge` (403, as documented), `challenge-503`, `challenge-200`, `blocked`, `parked`, `catch-all`, `moved`, `ok`."""

    hosts = (HOST, "www.faselhd.club")
    modes = ("challenge", "challenge-503", "challenge-200", "blocked", "parked", "catch-all", "moved", "ok")
    server = (("Server", "cloudflare"), ("CF-RAY", "65a1b2c3d4e5f678-FRA"))

    def pages(self, host: str) -> Mapping[str, Page]:
        return {VIDEO: html(PAGE), **video_files()} if host == HOST else {}

    def reply(self, request: Request) -> Reply:
        match self.mode:
            case "challenge" | "challenge-503" | "challenge-200":
                return WALLS[self.mode.replace("challenge", "challenge-cloudflare", 1)].reply(request)
            case "blocked":
                return WALLS["blocked-cloudflare"].reply(request)
            case "parked":
                return redirect(f"http://ww1.sedoparking.com/?domain={HOST}", 302)
            case "catch-all":
                return html(_ANYTHING)
            case "moved" if request.host == HOST:
                return redirect(f"https://www.faselhd.club{request.target}")
        return super().reply(request)  # type: ignore[return-value]


_ANYTHING = """<!DOCTYPE html><html dir="rtl" lang="ar"><head><meta charset="UTF-8"><title>أفلام ومسلسلات</title></head><body>
<h1>أحدث الأفلام</h1><ul><li>مسلسلات رمضان</li><li>أفلام أجنبية</li><li>برامج تلفزيونية</li><li>مصارعة</li></ul>
<p>مشاهدة وتحميل مباشر أونلاين بجودة عالية على سيرفرات متعددة، تابعونا على قناتنا ليصلكم كل جديد من الأفلام والمسلسلات.</p></body></html>"""
