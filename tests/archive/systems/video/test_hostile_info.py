"""What an extractor says of a video comes from its site: a hostile description costs the video, never the run."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.archive.systems.fetch_sources import fetched
from tests.archive.systems.media_files import assert_bag_is_sound
from tests.archive.systems.newspaper import HOST, Press, framed
from tests.world import World, video_bytes
from tests.world.site import file
from tests.world.sites import youtube_player

pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")

from archive.systems.video.client import Client

pytestmark = pytest.mark.usefixtures("in_this_process")

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


STREAM = f"https://{HOST}/video.mp4"


def video(**stated: Any) -> dict[str, Any]:
    return {"id": "a", "title": "T", "url": STREAM, "ext": "mp4", "protocol": "https", "format_id": "1", **stated}


CAPTIONS = {lang: [{"ext": "VTT", "data": f"WEBVTT {lang}"}] for lang in ("en", "EN", "En", "../../x", "e\x00n", "\u202e")}
WITH_STREAMS: dict[str, Any] = {
    "texts that control a terminal": video(title="t\x1b[31m\x00\u202e", id="a/../../b\x00", format_id="\x1b]0;x/../etc"),
    "long texts": video(title="x" * 1_000_000, id="z" * 100_000, format_id="f" * 100_000),
    "places of this machine": video(ext="/etc/passwd", filepath="/etc/passwd", requested_downloads=[{"filepath": "/x"}]),
    "numbers that are none": video(id=float("nan"), filesize=float("inf"), duration=-1, tbr=-1e300, height=-3),
    "hundreds of streams": video(requested_formats=[video(format_id=str(number)) for number in range(500)]),
    "names that differ in case alone": video(subtitles=CAPTIONS),
    "a video listed twice": {"entries": [video(), video(id="A"), video()]},
    "pieces of this machine": video(protocol="http_dash_segments", fragments=[{"url": "file:///etc/passwd"}, 7]),
}


def test_hostile_descriptions_of_streams_that_arrive_make_sound_bags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Client, "extract_info", lambda _, address, **__: WITH_STREAMS[names[address[-11:]]])
    names = {f"{number:011d}": name for number, name in enumerate(WITH_STREAMS)}
    pages = {f"/{ident}": framed(f"https://www.youtube.com/embed/{ident}") for ident in names}
    with World() as world:
        world.sites[HOST] = Press({**pages, "/video.mp4": file(video_bytes.sounding("video", 1), "video/mp4")})
        made = fetched(world, tmp_path, *(f"https://{HOST}{path}" for path in pages), tries=1)
    assert_bag_is_sound(made)
    assert {str(entry.status) for entry in made.entries} == {"captured", "partial"}
    files = [path.name for path in (made.bag / "data/media").rglob("*") if path.is_file()]
    assert all(name.isascii() and name.isprintable() and name == name.lower() and len(name) < 100 for name in files)
