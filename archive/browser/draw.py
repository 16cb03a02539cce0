"""Draws a page that is open: picture, small picture, print, words; and what it was drawn with."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.browser.page import Opened

TALLEST = 16_000
"""CSS pixels of a picture's height: Chromium draws no texture beyond 16,384."""
WIDEST = 4_000
THUMBNAIL = (320, 240)
PRINT_AT_MOST = 64 << 20
WORDS_AT_MOST = 8 << 20
MARKUP_AT_MOST = 16 << 20
_FONT_SAMPLES = 250
_TO_DRAW = 40.0


@dataclass(slots=True)
class Drawn:
    """What a page looked like."""

    screenshot: bytes | None = None
    """PNG of the whole page."""
    thumbnail: bytes | None = None
    """JPEG of its top."""
    print: Path | None = None
    """PDF; a file, since it may be large."""
    words: str = ""
    """The text that a reader sees, frames included."""
    markup: str = ""
    """The document as scripts left it."""
    title: str = ""
    url: str = ""
    """Where the page was in the end."""
    width: int = 0
    height: int = 0
    """CSS pixels of the page; the picture's may be less."""
    drawn_height: int = 0
    fonts: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """What could not be drawn, and why."""


async def draw(page: Opened, folder: Path) -> Drawn:
    """Draw a page; `folder` takes the print. What cannot be drawn is left out and said so."""
    drawn = Drawn(url=page.tab.url)
    drawn.words = await _words(page)
    drawn.markup = (await page.within(page.tab.content(), _TO_DRAW) or "")[:MARKUP_AT_MOST]
    drawn.title = (await page.within(page.tab.title(), 5.0) or "")[:1000]
    await _measure(page, drawn)
    drawn.screenshot = await _picture(page, drawn)
    drawn.thumbnail = await _small_picture(page, drawn)
    drawn.fonts = await page.within(_fonts(page), 15.0) or []
    drawn.print = await page.within(_print(page, folder), 2 * _TO_DRAW)
    if drawn.print is None:
        drawn.left_out.append("the print could not be made, or was too large")
    return drawn


async def look(page: Opened) -> Drawn:
    """Only the picture of a page, and its words: what two drawings are compared by."""
    drawn = Drawn(url=page.tab.url)
    drawn.words = await _words(page)
    await _measure(page, drawn)
    drawn.screenshot = await _picture(page, drawn)
    return drawn


async def _words(page: Opened) -> str:
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


async def _measure(page: Opened, drawn: Drawn) -> None:
    metrics = await page.within(page.session.send("Page.getLayoutMetrics"), 10.0) or {}
    size = metrics.get("cssContentSize") or {"width": page.view.width, "height": page.view.height}
    drawn.width, drawn.height = int(size["width"]), int(size["height"])
    drawn.drawn_height = max(1, min(drawn.height, TALLEST))
    if drawn.height > TALLEST:
        drawn.left_out.append(f"the picture ends after {TALLEST:,} of {drawn.height:,} pixels")


async def _picture(page: Opened, drawn: Drawn) -> bytes | None:
    width = max(1, min(max(drawn.width, page.view.width), WIDEST))
    shot = await _shot(page, {"format": "png"}, width, drawn.drawn_height, 1.0)
    if shot is None:
        drawn.left_out.append("no picture could be taken")
    return shot


async def _small_picture(page: Opened, drawn: Drawn) -> bytes | None:
    width, height = THUMBNAIL
    scale = width / page.view.width
    tall = max(1, min(drawn.drawn_height, round(height / scale)))
    return await _shot(page, {"format": "jpeg", "quality": 75}, page.view.width, tall, scale)


async def _shot(page: Opened, kind: dict[str, Any], width: int, height: int, scale: float) -> bytes | None:
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
    stated = {**kind, "clip": clip, "captureBeyondViewport": True}
    taken = await page.within(page.session.send("Page.captureScreenshot", stated), _TO_DRAW)
    return base64.b64decode(taken["data"]) if taken else None


async def _print(page: Opened, folder: Path) -> Path | None:
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


async def _fonts(page: Opened) -> list[dict[str, Any]]:
    """The fonts that text was drawn with, the page's own and the machine's, by a sample of its elements."""
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
