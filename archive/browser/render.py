"""Renders a page that is open: screenshot, thumbnail, PDF, visible text, and the fonts that were used."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from archive.browser.page import OpenPage
from archive.browser.picture_size import TALLEST, picture_size

THUMBNAIL = (320, 240)
PRINT_AT_MOST = 64 << 20
WORDS_AT_MOST = 8 << 20
MARKUP_AT_MOST = 16 << 20
_FONT_SAMPLES = 250
_RENDER_SECONDS = 40.0


class RenderedPage(Struct):
    """How a page was rendered."""

    screenshot: bytes | None = None
    """PNG of the whole page."""
    thumbnail: bytes | None = None
    """JPEG of its top."""
    print: Path | None = None
    """PDF; a file, since it may be large."""
    words: str = ""
    """The text that a reader sees, frames included."""
    markup: str = ""
    """The document after its scripts have run."""
    title: str = ""
    url: str = ""
    """The address of the page in the end."""
    width: int = 0
    height: int = 0
    """CSS pixels of the page; the screenshot's may be less."""
    rendered_height: int = 0
    fonts: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """What could not be rendered, and why."""


async def render(page: OpenPage, folder: Path) -> RenderedPage:
    """Render a page; the PDF goes into `folder`. What cannot be rendered is left out, and listed."""
    rendered = RenderedPage(url=page.tab.url)
    rendered.words = await _words(page)
    rendered.markup = (await page.within(page.tab.content(), _RENDER_SECONDS) or "")[:MARKUP_AT_MOST]
    rendered.title = (await page.within(page.tab.title(), 5.0) or "")[:1000]
    await _measure(page, rendered)
    rendered.screenshot = await _screenshot(page, rendered)
    rendered.thumbnail = await _thumbnail(page, rendered)
    rendered.fonts = await page.within(_fonts(page), 15.0) or []
    rendered.print = await page.within(_print(page, folder), 2 * _RENDER_SECONDS)
    if rendered.print is None:
        rendered.left_out.append("the PDF could not be made, or was too large")
    return rendered


async def render_picture(page: OpenPage) -> RenderedPage:
    """Only the screenshot and the visible text: two renderings are compared by them."""
    rendered = RenderedPage(url=page.tab.url)
    rendered.words = await _words(page)
    await _measure(page, rendered)
    rendered.screenshot = await _screenshot(page, rendered)
    return rendered


async def _words(page: OpenPage) -> str:
    """The visible text of the page and then of its frames, each frame under its address."""
    said, size = [], 0
    for frame in page.tab.frames:
        text = await page.within(frame.locator("body").first.inner_text(timeout=5000), 6.0) or ""
        if frame is not page.tab.main_frame:
            if not text.strip() or frame.is_detached():
                continue
            text = f"--- {frame.url}\n{text}"
        said.append(text[: WORDS_AT_MOST - size])
        size += len(said[-1])
        if size >= WORDS_AT_MOST:
            break
    return "\n\n".join(part.strip() for part in said).strip()


async def _measure(page: OpenPage, rendered: RenderedPage) -> None:
    metrics = await page.within(page.session.send("Page.getLayoutMetrics"), 10.0) or {}
    size = metrics.get("cssContentSize") or {"width": page.view.width, "height": page.view.height}
    rendered.width, rendered.height = int(size["width"]), int(size["height"])
    rendered.rendered_height = picture_size(rendered.width, rendered.height, page.view.width)[1]
    if rendered.height > TALLEST:
        rendered.left_out.append(f"the screenshot ends after {TALLEST:,} of {rendered.height:,} pixels")


async def _screenshot(page: OpenPage, rendered: RenderedPage) -> bytes | None:
    width, height = picture_size(rendered.width, rendered.height, page.view.width)
    shot = await _shot(page, {"format": "png"}, width, height, 1.0)
    if shot is None:
        rendered.left_out.append("no screenshot could be taken")
    return shot


async def _thumbnail(page: OpenPage, rendered: RenderedPage) -> bytes | None:
    width, height = THUMBNAIL
    scale = width / page.view.width
    tall = max(1, min(rendered.rendered_height, round(height / scale)))
    return await _shot(page, {"format": "jpeg", "quality": 75}, page.view.width, tall, scale)


async def _shot(page: OpenPage, kind: dict[str, Any], width: int, height: int, scale: float) -> bytes | None:
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
    stated = {**kind, "clip": clip, "captureBeyondViewport": True}
    taken = await page.within(page.session.send("Page.captureScreenshot", stated), _RENDER_SECONDS)
    return base64.b64decode(taken["data"]) if taken else None


async def _print(page: OpenPage, folder: Path) -> Path | None:
    """The page as a PDF, as on the screen: print rules of sites hide what a reader saw."""
    await page.tab.emulate_media(media="screen")
    stated = {"printBackground": True, "transferMode": "ReturnAsStream", "paperWidth": 8.27, "paperHeight": 11.69}
    handle = (await page.session.send("Page.printToPDF", stated))["stream"]
    with tempfile.NamedTemporaryFile(dir=folder, prefix="print-", delete=False) as file:
        while True:
            piece = await page.session.send("IO.read", {"handle": handle, "size": 1 << 20})
            data = piece["data"]
            file.write(base64.b64decode(data) if piece.get("base64Encoded") else data.encode("latin-1"))
            if piece["eof"] or file.tell() > PRINT_AT_MOST:
                break
        size = file.tell()
    await page.session.send("IO.close", {"handle": handle})
    place = Path(file.name)
    if size > PRINT_AT_MOST:
        place.unlink()
        return None
    return place


async def _fonts(page: OpenPage) -> list[dict[str, Any]]:
    """The fonts that were used, the page's own and the machine's, by a sample of its elements."""
    session = page.session
    await session.send("DOM.enable")
    await session.send("CSS.enable")
    root = (await session.send("DOM.getDocument", {"depth": 0}))["root"]["nodeId"]
    found = await session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "body, body *"})
    glyphs: dict[tuple[str, bool], int] = {}
    for node in _sample(found["nodeIds"]):
        used = await session.send("CSS.getPlatformFontsForNode", {"nodeId": node})
        for font in used["fonts"]:
            key = (font["familyName"], bool(font["isCustomFont"]))
            glyphs[key] = glyphs.get(key, 0) + int(font["glyphCount"])
    await session.send("CSS.disable")
    await session.send("DOM.disable")
    return [{"family": name, "from_page": own, "glyphs": count} for (name, own), count in sorted(glyphs.items())]


def _sample(nodes: Sequence[int]) -> Sequence[int]:
    step = max(1, -(-len(nodes) // _FONT_SAMPLES))
    return nodes[::step]
