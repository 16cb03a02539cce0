"""Brightcove, where UN Web TV had its videos in 2021: the account is closed now, unless a test opens it."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping

from tests.world import media_bytes, video_bytes
from tests.world.replies import Reply, Request, partial
from tests.world.site import Page, Site, file, html, json

PLAYERS, EDGE, FILES = "players.brightcove.net", "edge.api.brightcove.com", "house-fastly.brightcovecdn.com"
ACCOUNT, VIDEO = "1362235914001", "6245250053001"
_POLICY = "BCpkADawqM1hX3"


class Brightcove(Site):
    """Modes: `closed` (the account is no more), `ok`."""

    hosts = (PLAYERS, EDGE, FILES)
    modes = ("closed", "ok")
    server = (("Server", "nginx"), ("Access-Control-Allow-Origin", "*"))

    def pages(self, host: str) -> Mapping[str, Page]:
        player = f"/{ACCOUNT}/default_default"
        config = jsonlib.dumps({"video_cloud": {"policy_key": _POLICY}, "account_id": ACCOUNT})
        page = f'<!DOCTYPE html><title>Player</title><video-js data-account="{ACCOUNT}"></video-js><script src="index.min.js"></script>'
        if host == PLAYERS:
            return {
                f"{player}/index.html?videoId={VIDEO}": html(page),
                f"{player}/config.json": json(config),
                f"{player}/index.min.js": file(f'policyKey:"{_POLICY}"'.encode(), "application/javascript"),
            }
        if host == FILES:
            return {f"/{VIDEO}.mp4": self._video, f"/{VIDEO}.jpg": file(media_bytes.jpeg("brightcove"), "image/jpeg")}
        return {f"/playback/v1/accounts/{ACCOUNT}/videos/{VIDEO}": self._described}

    def reply(self, request: Request) -> Reply:
        if self.mode == "closed" and request.target != "/robots.txt":
            error = [{"error_code": "ACCOUNT_NOT_FOUND", "message": "Account not found"}]
            return json(jsonlib.dumps(error), 404) if request.host == EDGE else self.not_found(request)
        return super().reply(request)  # type: ignore[return-value]

    def _video(self, request: Request) -> Reply:
        return partial(request, video_bytes.sounding("brightcove", 30), "video/mp4")

    def _described(self, request: Request) -> Reply:
        if f"pk={_POLICY}" not in request.header("Accept"):
            return json(jsonlib.dumps([{"error_code": "INVALID_POLICY_KEY", "message": "Invalid policy key"}]), 401)
        source = {
            "src": f"https://{FILES}/{VIDEO}.mp4",
            "container": "MP4",
            "codec": "H264",
            "width": 128,
            "height": 96,
            "avg_bitrate": 1480000,
        }
        said = {
            "id": VIDEO, "account_id": ACCOUNT, "name": "Middle East: Syria, humanitarian situation", "duration": 3000,
            "published_at": "2021-03-29T19:00:00.000Z", "poster": f"https://{FILES}/{VIDEO}.jpg", "sources": [source], "text_tracks": [],
        }  # fmt: skip
        return json(jsonlib.dumps(said))
