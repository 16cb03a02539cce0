"""How large the picture of a page is."""

from __future__ import annotations

TALLEST = 16_000
"""CSS pixels of a screenshot's height: Chromium renders no texture beyond 16,384."""
WIDEST = 4_000


def picture_size(width: int, height: int, view_width: int) -> tuple[int, int]:
    """The pixels of the screenshot of a page: at least as wide as the viewport, at most what can be rendered."""
    return max(1, min(max(width, view_width), WIDEST)), max(1, min(height, TALLEST))
