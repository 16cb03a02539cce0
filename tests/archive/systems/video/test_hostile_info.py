"""What an extractor says of a video comes from its site: a hostile description costs the video, never the run."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.archive.systems.fetch_sources import fetched
from tests.archive.systems.media_files import assert_bag_is_sound
from tests.world import World
from tests.world.sites import youtube_player

pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")

from archive.systems.video.client import Client

WATCH = "https://www.youtube.com/watch?v=ut0DuECJLjs"


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {"url": "https://a.example/"}
    for _ in range(depth):
        value = {"formats": [value]}
    return value


HOSTILE: dict[str, Any] = {
    "half a surrogate pair": {"id": "a\ud83d", "title": "t\ud83d\u202e", "url": "https://a.example/\ud83d", "ext": "mp4"},
    "places of this machine": {"id": "a", "title": "x", "url": "file:///etc/passwd", "ext": "../../x", "protocol": "file"},
    "numbers that are none": {"id": "a", "url": "https://a.example/v", "filesize": float("nan"), "formats": [{"filesize": -1}]},
    "types that are others": {"id": [1], "title": {"a": 1}, "requested_formats": [1, "x"], "thumbnails": {"a": 1}},
    "entries that are none": {"entries": 7},
    "entries without end": {"entries": ({"id": str(n), "url": "ftp://a.example/"} for n in itertools.count())},
    "nested without end": nested(5000),
    "another program's protocol": {"id": "a", "url": "rtmp://a.example/live", "protocol": "rtmp", "ext": "flv"},
    "nothing": {},
    "a list": [],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_description_costs_the_video_and_nothing_else(
    name: str, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Client, "extract_info", lambda *_, **__: HOSTILE[name])
    made = fetched(world, tmp_path, WATCH, tries=1)
    assert made.verdict == ("partial", "media")
    assert "the program failed" not in str(made.entry.detail)
    assert world.count(youtube_player.MEDIA_HOST) == 0
    assert_bag_is_sound(made)
