"""How two texts that differ are shown, so that a reader sees in what: also where both have the same words."""

from __future__ import annotations

from collections.abc import Iterator

from archive.corroborate.pages.content import TextBlock
from archive.corroborate.texts.tokens import masked

SHOWN = 400
"""Characters of a text that are shown."""
_BEFORE = 60
"""Characters before the first one that differs, of two long texts that begin alike."""


def said_apart(one: TextBlock, other: TextBlock) -> tuple[str, str]:
    """What each page has; where the words are the same, also what differs beside them, or stands before them."""
    texts = masked(one.text), masked(other.text)
    at = next((at for at, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    start = at - _BEFORE if texts[0] != texts[1] and at >= SHOWN else 0
    shown = [f"{'…' if start else ''}{text[start:]}"[:SHOWN] for text in texts]
    if shown[0] != shown[1]:
        return shown[0], shown[1]
    beside = [dict(_beside(block)) for block in (one, other)]
    names = [name for name in beside[0] if beside[0][name] != beside[1][name]]
    said = ["; ".join(f"{name}: {found[name] or '-'}" for name in names)[:SHOWN] for found in beside]
    if not names:
        said = ["1", "2"]  # an address that is not shown, the place in a list
    return f"{shown[0]} ({said[0]})", f"{shown[1]} ({said[1]})"


def _beside(block: TextBlock) -> Iterator[tuple[str, str]]:
    yield "behind", block.before
    yield "before", block.after
    yield "in", block.section
    yield "as", block.how or ("visible" if block.kind == "visible" else block.kind)
    yield "of", block.owner
    yield "class", " ".join(sorted(block.labels))
    yield "link", masked(" ".join(block.links))
    yield "entry", masked(block.entry or block.near_link)
    yield "heading", block.heading
