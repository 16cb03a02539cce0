"""Google's fonts: a style sheet whose URL holds semicolons, and the font files on another host."""

from __future__ import annotations

from collections.abc import Mapping

from tests.world import media_bytes
from tests.world.site import Page, Site, css, file

FACES = {
    "/css2?family=Cairo:wght@400;700&display=swap": ("/s/cairo/v10/arabic.woff2", "/s/cairo/v10/latin.woff2"),
    "/css2?family=Roboto:wght@300;400;500;700&family=YouTube+Sans:wght@300..900&display=swap": (
        "/s/roboto/v30/latin.woff2",
    ),
}
_FACE = """/* subset */
@font-face {{ font-family: 'Face'; font-style: normal; font-weight: 400; font-display: swap;
  src: url(https://fonts.gstatic.com{path}) format('woff2'); unicode-range: U+0600-06FF, U+200C-200E; }}
"""


class Fonts(Site):
    hosts = ("fonts.googleapis.com", "fonts.gstatic.com")
    server = (("Server", "ESF"), ("Timing-Allow-Origin", "*"), ("X-Content-Type-Options", "nosniff"))

    def pages(self, host: str) -> Mapping[str, Page]:
        if host == "fonts.googleapis.com":
            return {target: css("".join(_FACE.format(path=path) for path in paths)) for target, paths in FACES.items()}
        return {path: file(media_bytes.woff2(path), "font/woff2") for paths in FACES.values() for path in paths}
