"""How alike two pictures of a page are: what is drawn on them, not how much of them is paper.

Chromium itself decodes and shrinks them, in an empty page: no picture library is needed, and none is trusted with
pictures of strangers' pages.
"""

from __future__ import annotations

import asyncio
import base64

from archive.browser.engine import Running

WIDTH = 160
"""Pixels to which both are shrunk: an eighth of the page, so that a line moved by a pixel is the same line."""
TOLERANCE = 28
"""Of 255, in the channel that differs most."""
_SECONDS = 60.0

_COMPARE = """
async ([first, second, width, tolerance]) => {
  const shrunk = async data => {
    const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
    const height = Math.max(1, Math.round(picture.height * width / picture.width));
    const canvas = new OffscreenCanvas(width, height), context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, width, height);
    return {height, data: context.getImageData(0, 0, width, height).data};
  };
  const a = await shrunk(first), b = await shrunk(second);
  const paper = picture => {
    const counts = new Map();
    for (let i = 0; i < picture.data.length; i += 4) {
      const colour = (picture.data[i] >> 3) << 10 | (picture.data[i + 1] >> 3) << 5 | picture.data[i + 2] >> 3;
      counts.set(colour, (counts.get(colour) || 0) + 1);
    }
    const most = [...counts.entries()].reduce((x, y) => y[1] > x[1] ? y : x)[0];
    return [(most >> 10 & 31) * 8 + 4, (most >> 5 & 31) * 8 + 4, (most & 31) * 8 + 4];
  };
  const papers = [paper(a), paper(b)];
  const apart = (x, i, y, j) => Math.max(...[0, 1, 2].map(channel => Math.abs(x[i + channel] - y[j + channel])));
  let drawn = 0, same = 0;
  const tall = Math.max(a.height, b.height), both = Math.min(a.height, b.height);
  for (let y = 0; y < tall; y++) for (let x = 0; x < width; x++) {
    const i = 4 * (y * width + x);
    const inA = y < a.height && apart(a.data, i, papers[0], 0) > tolerance;
    const inB = y < b.height && apart(b.data, i, papers[1], 0) > tolerance;
    if (!inA && !inB) continue;
    drawn += 1;
    if (y < both && apart(a.data, i, b.data, i) <= tolerance) same += 1;
  }
  const grounds = apart(papers[0], 0, papers[1], 0) <= tolerance ? 1 : 0;
  return drawn ? 100 * (0.95 * same / drawn + 0.05 * grounds) : 100 * grounds;
}
"""


async def likeness(running: Running, first: bytes, second: bytes) -> int:
    """How alike two PNGs are, from 0 to 100."""
    context = await running.browser.new_context(service_workers="block")
    try:
        tab = await context.new_page()
        pictures = [base64.b64encode(each).decode("ascii") for each in (first, second)]
        told = await asyncio.wait_for(tab.evaluate(_COMPARE, [*pictures, WIDTH, TOLERANCE]), _SECONDS)
        return round(float(told))
    finally:
        await asyncio.wait_for(context.close(), 10.0)
