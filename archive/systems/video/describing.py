"""The extractor's description of a film (`info.json`), without what it holds of the documenter."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

DROPPED = frozenset(
    {
        "cookies", "http_headers", "filepath", "filename", "_filename", "requested_downloads", "infojson_filename",
        "_version", "_type", "_has_drm", "epoch", "downloader_options", "proxy", "impersonate", "automatic_captions",
        "heatmap",
    }
)  # fmt: skip
"""Secrets of the session, paths and the state of this machine; and long lists of what was not fetched."""
HIDDEN = "(address of the visitor)"


def describe(info: dict[str, Any], *, hidden: Iterable[str]) -> bytes:
    """A description as JSON text; `hidden` are addresses that servers told back, and places of this machine."""
    text = json.dumps(_kept(info), ensure_ascii=False, indent=1, sort_keys=True, default=str)
    for secret in sorted({word for word in hidden if word}, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text.encode("utf-8", "replace") + b"\n"


def _kept(value: Any) -> Any:
    """The value without the keys that are dropped, at any depth. What yt-dlp keeps for itself begins with two lines."""
    if isinstance(value, dict):
        return {
            str(key): _kept(each) for key, each in value.items() if key not in DROPPED and not str(key).startswith("__")
        }
    if isinstance(value, list | tuple):
        return [_kept(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
