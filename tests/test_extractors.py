"""The replicas of video sites are good enough for the real extractors of yt-dlp, which know nothing of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.world import World, video_bytes
from tests.world.sites import brightcove, drive, kaltura, streaming, telegram, unwebtv, youtube, youtube_player

yt_dlp = pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")

WATCH = "https://www.youtube.com/watch?v=ut0DuECJLjs"


class Listener:
    """yt-dlp's logger: the reason for a failure is sometimes only in a warning."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def debug(self, message: str) -> None:
        pass

    info = debug

    def warning(self, message: str) -> None:
        self.messages.append(message)

    error = warning


@pytest.fixture
def inside(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The world, for a client in this process that knows it by names and roots alone."""
    monkeypatch.setenv("SSL_CERT_FILE", world.ca_file)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with world.resolving():
        yield world


def extract(url: str, folder: Path, format: str = "b", **more: Any) -> tuple[dict[str, Any], list[str]]:
    listener = Listener()
    options = {
        "format": format, "paths": {"home": str(folder)}, "outtmpl": "%(id)s.%(ext)s", "cachedir": False, "logger": listener,
        "compat_opts": {"no-certifi"}, "retries": 0, "extractor_retries": 0, "fragment_retries": 0, "noprogress": True,
        "socket_timeout": 5, "hls_prefer_native": True, "fixup": "never", "check_formats": False, **more,
    }  # fmt: skip
    with yt_dlp.YoutubeDL(options) as client:
        try:
            return client.extract_info(url), listener.messages
        except yt_dlp.utils.DownloadError as error:
            return {}, [*listener.messages, str(error)]


def downloaded(info: dict[str, Any]) -> list[bytes]:
    return [Path(one["filepath"]).read_bytes() for one in info["requested_downloads"]]


def test_youtube_gives_the_best_real_streams(inside: World, tmp_path: Path) -> None:
    video = youtube.VIDEOS["ut0DuECJLjs"]
    got = {}
    for wanted in ("bv*[format_id!*=-sr]", "ba", "b[format_id!*=-sr]"):
        info, messages = extract(WATCH, tmp_path / wanted[:2], wanted, writesubtitles=True, subtitleslangs=["all"])
        assert info, messages
        got[info["requested_downloads"][0]["format_id"]] = downloaded(info)[0]
    assert info["title"] == video.title and sorted(info["subtitles"]) == ["ar", "en"]
    assert "إلى النور" in (tmp_path / "b[" / "ut0DuECJLjs.ar.vtt").read_text("utf-8")
    assert got == {str(s.itag): s.body for s in youtube_player.streams(video) if s.itag in (135, 140, 18)}
    assert any("-sr" in one["format_id"] for one in info["formats"])
    assert "ip=203.0.113.77" in info["url"] and inside.strays == []


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("removed", "removed by the uploader"),
        ("terminated", "account was terminated"),
        ("bot", "not a bot"),
        ("age", "confirm your age"),
        ("private", "Private video"),
        ("geo", "not made this video available in your country"),
        ("rate", "try again later"),
    ],
)
def test_youtube_says_why_not(inside: World, tmp_path: Path, mode: str, said: str) -> None:
    inside.set_mode(youtube.HOST, mode)
    info, messages = extract(WATCH, tmp_path)
    assert info == {} and said in " ".join(messages)


def test_un_web_tv_leads_to_kaltura_and_its_video(inside: World, tmp_path: Path) -> None:
    info, messages = extract(f"https://webtv.un.org{unwebtv.ASSET}", tmp_path, "mp4-1480")
    assert info, messages
    assert (info["id"], info["title"], info["timestamp"]) == (kaltura.MEETING.id, kaltura.MEETING.name, 1617030000)
    assert downloaded(info) == [video_bytes.sounding(kaltura.MEETING.id, 30)] and list(info["subtitles"]) == ["en"]
    assert inside.count(kaltura.API, "/api_v3/service/multirequest") == 1 and inside.strays == []


def test_kaltura_streams_in_pieces_too(inside: World, tmp_path: Path) -> None:
    info, messages = extract(f"https://webtv.un.org{unwebtv.ASSET}", tmp_path, "bv[protocol=m3u8_native]")
    assert info, messages
    pieces = [video_bytes.opening("video"), *(video_bytes.segment("video", kaltura.MEETING.id, n) for n in range(3))]
    assert downloaded(info) == [b"".join(pieces)]


def test_a_blocked_partner_of_kaltura_says_so(inside: World, tmp_path: Path) -> None:
    inside.set_mode(kaltura.API, "blocked")
    assert "access is forbidden" in " ".join(extract(f"https://webtv.un.org{unwebtv.ASSET}", tmp_path)[1])


def test_brightcove_is_closed_unless_opened(inside: World, tmp_path: Path) -> None:
    url = f"https://{brightcove.PLAYERS}/{brightcove.ACCOUNT}/default_default/index.html?videoId={brightcove.VIDEO}"
    assert extract(url, tmp_path)[0] == {}
    inside.set_mode(brightcove.EDGE, "ok")
    info, messages = extract(url, tmp_path)
    assert info, messages
    assert downloaded(info) == [video_bytes.sounding("brightcove", 30)]


def test_the_drive_gives_its_file_to_an_extractor_only_if_it_is_a_video(inside: World, tmp_path: Path) -> None:
    info, messages = extract(f"https://{drive.HOST}{drive.VIEW}", tmp_path)
    assert info == {} and "404" in " ".join(messages)
    inside.set_mode(drive.HOST, "video")
    info, messages = extract(f"https://{drive.HOST}{drive.VIEW}", tmp_path)
    assert info, messages
    assert downloaded(info) == [drive.VIDEO]
    inside.set_mode(drive.HOST, "video-quota")
    _, messages = extract(f"https://{drive.HOST}{drive.VIEW}", tmp_path / "quota", "source")
    assert "Too many users" in " ".join(messages)


def test_telegram_shows_its_video_in_the_widget(inside: World, tmp_path: Path) -> None:
    info, messages = extract(f"https://t.me/{telegram.CHANNEL}/{telegram.POST}", tmp_path)
    assert info, messages
    assert downloaded(info) == [video_bytes.sounding("telegram", 30)] and info["description"] == telegram.TEXT


def test_x_turns_guests_to_syndication(inside: World, tmp_path: Path) -> None:
    from tests.world.sites import social

    info, messages = extract(f"https://x.com/{social.USER}/status/{social.TWEET}", tmp_path)
    assert info, messages
    assert downloaded(info) == [video_bytes.sounding("tweet", 30)] and info["description"] == social.TEXT
    assert inside.strays == []


@pytest.mark.parametrize(
    ("page", "format", "pieces"),
    [
        ("plain", "b", [video_bytes.sounding("testimony", 30)]),
        (
            "hls",
            "bv",
            [video_bytes.opening("video"), *(video_bytes.segment("video", "station hls", n) for n in range(3))],
        ),
        (
            "hls",
            "ba",
            [video_bytes.opening("audio"), *(video_bytes.segment("audio", "station hls", n) for n in range(3))],
        ),
        (
            "dash",
            "bv",
            [video_bytes.opening("video"), *(video_bytes.segment("video", "station dash", n) for n in range(3))],
        ),
        (
            "dash",
            "ba",
            [video_bytes.opening("audio"), *(video_bytes.segment("audio", "station dash", n) for n in range(3))],
        ),
    ],
)
def test_videos_on_pages_of_any_kind_are_found(
    inside: World, tmp_path: Path, page: str, format: str, pieces: list[bytes]
) -> None:
    info, messages = extract(f"https://{streaming.HOST}/watch/{page}", tmp_path, format)
    assert info, messages
    assert downloaded(info) == [b"".join(pieces)]


def test_what_is_handed_out_plays(tmp_path: Path) -> None:
    import shutil

    player = shutil.which("ffmpeg")
    if player is None:
        pytest.skip("no ffmpeg here")
    files = {
        "pictures.mp4": video_bytes.mp4("plays"),
        "sound.m4a": video_bytes.m4a("plays"),
        "both.mp4": video_bytes.sounding("plays"),
        "pieces.mp4": video_bytes.opening("video")
        + video_bytes.segment("video", "plays", 0)
        + video_bytes.segment("video", "plays", 1),
        "sounding-pieces.mp4": video_bytes.opening("audio") + video_bytes.segment("audio", "plays", 0),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        command = [player, "-v", "warning", "-i", str(tmp_path / name), "-f", "null", "-"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), name
