"""Which videos are fetched: those of known players and of the page itself; others on request; none of video sites."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from archive.capture.media_policy import NO_MEDIA
from archive.systems.video import source_videos
from archive.systems.video.players import EmbeddedPlayer, is_other_player, player_at
from archive.urls import parse
from tests.archive.systems.fetch_sources import fetched
from tests.archive.systems.media_files import assert_bag_is_sound, files
from tests.archive.systems.newspaper import HOST, Press, article, framed
from tests.note_texts import text_of, texts_of
from tests.world import World, video_bytes
from tests.world.replies import Reply, Request
from tests.world.site import Page, file, redirect
from tests.world.site import json as json_reply
from tests.world.sites import brightcove, faselhd, kaltura, social, telegram, unwebtv, vimeo, youtube, youtube_player

pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")

WATCH = "https://www.youtube.com/watch?v=ut0DuECJLjs"
PAGE = f"https://{HOST}/article"
OTHER = "https://other.example/clip"


def with_press(world: World, page: Reply, **more: Reply) -> None:
    press = Press({"/article": page, **{f"/{name}": reply for name, reply in more.items()}})
    world.sites |= dict.fromkeys(press.hosts, press)


def requested_video(world: World) -> bool:
    return any(host in (youtube_player.MEDIA_HOST, vimeo.FILES) for host in {seen.host for seen in world.requested()})


@pytest.mark.parametrize(
    "cited",
    [
        "https://youtu.be/ut0DuECJLjs",
        "https://www.youtube.com/embed/ut0DuECJLjs?start=10",
        "https://youtube.com/watch?v=ut0DuECJLjs&t=42s",
    ],
)
def test_every_address_of_a_video_brings_the_video(world: World, tmp_path: Path, cited: str) -> None:
    made = fetched(world, tmp_path, cited)
    assert made.verdict == ("captured", None)
    assert "video.mp4" in files(made)


@pytest.mark.parametrize(
    ("address", "requested"),
    [
        ("https://www.youtube.com/watch?v=ut0DuECJLjs&list=PL1&index=2", WATCH),
        ("https://youtu.be/ut0DuECJLjs?si=abc", WATCH),
        ("https://www.youtube.com/shorts/ut0DuECJLjs", WATCH),
        ("https://www.youtube.com/live/ut0DuECJLjs?feature=share", WATCH),
        ("https://www.youtube-nocookie.com/embed/ut0DuECJLjs", WATCH),
        ("https://m.youtube.com/watch?v=ut0DuECJLjs", WATCH),
        ("https://www.youtube.com/@snhr", None),
        ("https://www.youtube.com/watch?v=short", None),
        ("https://youtube.com.evil.example/watch?v=ut0DuECJLjs", None),
        ("https://webtv.un.org/en/asset/k1x/k1xs9oqdym", "https://webtv.un.org/en/asset/k1x/k1xs9oqdym"),
        ("https://media.un.org/en/asset/k1x/k1xs9oqdym", "kaltura:2503451:1_xs9oqdym"),
        (
            "https://cdnapisec.kaltura.com/p/2503451/embedPlaykitJs/uiconf_id/49754663?iframeembed=true&entry_id=1_xs9oqdym",
            "kaltura:2503451:1_xs9oqdym",
        ),
        ("https://vimeo.com/329087611", "https://player.vimeo.com/video/329087611"),
        ("https://vimeo.com/329087611/0f3a9c77d1", "https://player.vimeo.com/video/329087611?h=0f3a9c77d1"),
        ("https://player.vimeo.com/video/329087611?h=0f3a9c77d1&dnt=1", "https://player.vimeo.com/video/329087611?h=0f3a9c77d1"),
        ("https://vimeo.com/snhr", None),
        (
            "https://players.brightcove.net/1362235914001/default_default/index.html?videoId=6245250053001",
            "https://players.brightcove.net/1362235914001/default_default/index.html?videoId=6245250053001",
        ),
    ],
)  # fmt: skip
def test_what_an_address_names(address: str, requested: str | None) -> None:
    found = player_at(parse(address))
    assert (found.address if found else None) == requested
    assert not is_other_player(parse(address))


def test_vimeo_is_captured_by_its_player(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, f"https://{vimeo.HOST}/{vimeo.VIDEO}")
    assert made.verdict == ("captured", None)
    assert files(made) == ["info.json", "subtitles.en.vtt", "thumbnail.jpg", "video.mp4"]
    assert (made.bag / "data/media/s01/video.mp4").read_bytes() == video_bytes.sounding("vimeo", 30)


@pytest.mark.parametrize(
    ("mode", "verdict"),
    [("password", ("blocked", "login")), ("embed-only", ("blocked", "forbidden")), ("gone", ("gone", "not-found"))],
)
def test_why_vimeo_shows_no_video_is_the_verdict(
    world: World, tmp_path: Path, mode: str, verdict: tuple[str, str]
) -> None:
    world.set_mode(vimeo.HOST, mode)
    made = fetched(world, tmp_path, f"https://{vimeo.HOST}/{vimeo.VIDEO}", memento=False)
    assert made.verdict == verdict
    assert files(made) == []


def test_brightcove_is_captured_where_it_is_open(world: World, tmp_path: Path) -> None:
    world.set_mode(brightcove.EDGE, "ok")
    url = f"https://{brightcove.PLAYERS}/{brightcove.ACCOUNT}/default_default/index.html?videoId={brightcove.VIDEO}"
    made = fetched(world, tmp_path, url)
    assert made.entry.facets.media.present
    assert (made.bag / "data/media/s01/video.mp4").read_bytes() == video_bytes.sounding("brightcove", 30)


def test_a_lost_page_whose_old_player_still_plays_brings_the_video_as_a_copy_of_its_own(
    world: World, tmp_path: Path
) -> None:
    world.set_mode(brightcove.EDGE, "ok")
    made = fetched(world, tmp_path, f"http://{unwebtv.HOST}{unwebtv.OLD}", memento=False)
    assert made.verdict == ("gone", "soft-404")
    assert made.entry.facets.media.present
    (copy,) = [copy for copy in made.entry.copies if copy.files]
    assert (copy.kind, str(copy.status), copy.url) == ("live", "captured", made.urls(brightcove.PLAYERS)[0])
    assert (made.bag / "data/media/s01/video.mp4").read_bytes() == video_bytes.sounding("brightcove", 30)


def test_a_video_in_a_frame_of_an_article_is_fetched_where_its_player_is_known(world: World, tmp_path: Path) -> None:
    with_press(world, framed("https://www.youtube.com/embed/tVsGfh1cDl8", "https://player.vimeo.com/video/329087611"))
    made = fetched(world, tmp_path, PAGE)
    assert made.verdict == ("captured", None)
    assert made.entry.facets.media.present
    assert {"video.mp4", "info.json", "video-2.mp4", "info-2.json"} <= set(files(made))
    assert (made.bag / "data/media/s01/video-2.mp4").read_bytes() == video_bytes.sounding("vimeo", 30)


def test_a_video_that_only_some_pages_may_show_is_requested_in_the_name_of_the_page(
    world: World, tmp_path: Path
) -> None:
    world.set_mode(vimeo.HOST, "embed-only")
    with_press(world, framed("https://player.vimeo.com/video/329087611"))
    made = fetched(world, tmp_path, PAGE)
    assert (made.bag / "data/media/s01/video.mp4").read_bytes() == video_bytes.sounding("vimeo", 30)


def test_an_article_without_the_video_in_its_frame_is_partial_and_not_blocked(world: World, tmp_path: Path) -> None:
    world.set_mode(youtube.HOST, "bot")
    with_press(world, framed("https://www.youtube.com/embed/tVsGfh1cDl8"))
    made = fetched(world, tmp_path, PAGE)
    assert made.verdict == ("partial", "media")
    assert "1 of 1 videos" in text_of(made.entry.detail) and "not a bot" in text_of(made.entry.detail)
    assert made.entry.facets.source_code.present and not made.entry.facets.media.present


@pytest.mark.parametrize("source", ["", "media = false"])
def test_videos_of_other_players_are_left_out_unless_requested(world: World, tmp_path: Path, source: str) -> None:
    player = article("<p>a player</p>")
    with_press(world, framed("https://www.dailymotion.com/embed/video/x8abcde"))
    site = Press({"/embed/video/x8abcde": player})
    world.sites["www.dailymotion.com"] = site
    site.hosts = ("www.dailymotion.com",)
    made = fetched(world, tmp_path, PAGE, source=source)
    assert made.verdict == ("partial", "policy")
    assert made.entry.detail == (source_videos.LEFT_OUT if source else source_videos.BY_OTHERS)
    assert files(made) == []


def test_a_video_of_any_page_is_fetched_where_the_manifest_says_so(world: World, tmp_path: Path) -> None:
    clip = video_bytes.sounding("clip", 30)
    script = '<script>var player = {"file": "https://other.example/clip.mp4"};jwplayer("x").setup(player);</script>'
    og = '<meta property="og:video" content="https://other.example/clip.mp4">'
    page = Reply(200, article(script).body.replace(b"<head>", f"<head>{og}".encode()), "text/html; charset=utf-8")
    with_press(world, page, **{"clip.mp4": file(clip, "video/mp4")})
    assert files(fetched(world, tmp_path, PAGE)) == []
    (tmp_path / "again").mkdir()
    world.log.clear()
    made = fetched(world, tmp_path / "again", PAGE, source="media = true")
    assert made.entry.facets.media.present, made.entry
    assert (made.bag / "data/media/s01/video.mp4").read_bytes() == clip


@pytest.mark.parametrize("switch", [{"settings": {"media": False}}, {"source": "media = false"}])
def test_a_video_that_is_not_wanted_is_not_fetched(world: World, tmp_path: Path, switch: dict[str, Any]) -> None:
    made = fetched(world, tmp_path, WATCH, source=switch.get("source", ""), **switch.get("settings", {}))
    assert made.verdict == ("partial", "policy")
    assert made.entry.detail == source_videos.LEFT_OUT
    assert files(made) == [] and not requested_video(world)


def test_no_video_of_a_video_site_is_fetched_whatever_the_manifest_says(world: World, tmp_path: Path) -> None:
    players = ("https://www.youtube.com/embed/tVsGfh1cDl8", "https://www.dailymotion.com/embed/video/x8abcde")
    site = Press({"/movies/cave": framed(*players)})
    world.sites[faselhd.HOST] = site
    site.hosts = (faselhd.HOST,)
    made = fetched(world, tmp_path, f"https://{faselhd.HOST}/movies/cave", source="media = true")
    assert files(made) == [] and not requested_video(world)
    assert (made.entry.facets.media.present, made.entry.facets.media.reason) == (False, NO_MEDIA)


def test_no_video_of_a_video_site_is_fetched_behind_a_redirect(world: World, tmp_path: Path) -> None:
    site = Press({"/movies/cave": framed("https://www.youtube.com/embed/tVsGfh1cDl8")})
    world.sites[faselhd.HOST] = site
    site.hosts = (faselhd.HOST,)
    with_press(world, redirect(f"https://{faselhd.HOST}/movies/cave"))
    made = fetched(world, tmp_path, PAGE, source="media = true")
    assert made.entry.final_url == f"https://{faselhd.HOST}/movies/cave"
    assert files(made) == [] and not requested_video(world)


@pytest.mark.parametrize(
    ("cited", "wanted"),
    [
        (f"https://{telegram.HOST}/{telegram.CHANNEL}/{telegram.POST}", video_bytes.sounding("telegram", 30)),
        (f"https://x.com/{social.USER}/status/{social.TWEET}", video_bytes.sounding("tweet", 30)),
    ],
)
def test_videos_of_posts_are_beside_their_records(world: World, tmp_path: Path, cited: str, wanted: bytes) -> None:
    made = fetched(world, tmp_path, cited)
    assert made.verdict == ("captured", None)
    (name,) = files(made)
    assert (made.bag / "data/media/s01" / name).read_bytes() == wanted
    assert [copy.files for copy in made.entry.copies if copy.files] == [(f"data/media/s01/{name}",)]


def test_without_the_extractor_the_page_is_here_and_the_verdict_says_how_to_get_the_video(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "yt_dlp" else find(name, *more))
    made = fetched(world, tmp_path, WATCH)
    assert made.verdict == ("partial", "media")
    assert "pip install 'evidence-archive[video]'" in text_of(made.entry.detail)
    assert made.entry.facets.source_code.present
    assert (made.entry.facets.media.present, made.entry.facets.media.reason) == (False, made.entry.detail)
    assert not requested_video(world)


def test_a_question_for_consent_is_answered_with_no_and_both_pages_are_stored(world: World, tmp_path: Path) -> None:
    world.set_mode(youtube.HOST, "consent")
    made = fetched(world, tmp_path, WATCH)
    assert made.verdict == ("captured", None)
    assert made.entry.final_url == WATCH
    assert "video.mp4" in files(made)
    assert any("asked for consent" in note for note in texts_of(made.entry.notes))
    requested = [seen.request for seen in world.requested(youtube.HOST) if seen.target == "/watch?v=ut0DuECJLjs"]
    assert [request.header("Cookie") for request in requested] == ["", "SOCS=CAI"]


def test_a_player_is_a_value() -> None:
    url = parse(WATCH)
    assert player_at(url) == EmbeddedPlayer("youtube", WATCH, url)


def test_a_new_address_that_a_person_names_brings_its_video_too(world: World, tmp_path: Path) -> None:
    asset = f"https://{unwebtv.HOST}{unwebtv.ASSET}"
    made = fetched(world, tmp_path, f"http://{unwebtv.HOST}{unwebtv.OLD}", source=f'successor = "{asset}"', memento=False)
    assert made.verdict == ("gone", "soft-404")
    successor = made.copy("successor")
    assert (str(successor.status), successor.url) == ("captured", asset)
    assert "data/media/s01/video.mp4" in successor.files
    assert (made.bag / "data/media/s01/video.mp4").read_bytes() == video_bytes.sounding(kaltura.MEETING.id, 30)
    assert_bag_is_sound(made)


def test_two_sources_that_cite_one_video_each_have_it(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, WATCH, "https://youtu.be/ut0DuECJLjs")
    assert [entry.facets.media.present for entry in made.entries] == [True, True]
    assert files(made, 0) == files(made, 1)
    assert_bag_is_sound(made)


def test_the_page_in_the_bag_shows_the_video(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, WATCH, source="graphic = false")
    page = (made.bag / "data/index.html").read_text("utf-8")
    assert "media/s01/video.mp4" in page and "media/s01/subtitles.ar.vtt" in page


LOGIN = """<!DOCTYPE html><html><head><title>Log in</title><meta property="og:video" content="https://other.example/clip.mp4">
</head><body><p>You must log in to continue.</p><form action="/login"><input type="password" name="pass"></form></body></html>"""


@pytest.mark.parametrize(("source", "verdict"), [("", ("blocked", "login")), ("media = true", ("partial", "hollow"))])
def test_a_video_before_a_wall_is_requested_where_the_manifest_says_so(
    world: World, tmp_path: Path, source: str, verdict: tuple[str, str]
) -> None:
    with_press(world, Reply(200, LOGIN.encode(), "text/html"), **{"clip.mp4": file(video_bytes.sounding("clip"), "video/mp4")})
    made = fetched(world, tmp_path, PAGE, source=source, memento=False)
    assert made.verdict == verdict
    assert made.entry.facets.media.present == bool(source)
    assert ("video.mp4" in files(made)) == bool(source)
    assert made.entry.live.status == verdict[0]


def test_a_wall_without_a_video_before_it_stays_a_wall(world: World, tmp_path: Path) -> None:
    video = "https://www.facebook.com/snhr/videos/1392569874563211"
    made = fetched(world, tmp_path, video, source="media = true", memento=False)
    assert made.verdict == ("blocked", "login")
    assert any("the program requested its video nevertheless" in note for note in texts_of(made.entry.notes))


def test_more_videos_in_frames_than_are_fetched_are_reported(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_videos, "EMBEDDED_AT_MOST", 1)
    with_press(world, framed("https://www.youtube.com/embed/tVsGfh1cDl8", "https://player.vimeo.com/video/329087611"))
    made = fetched(world, tmp_path, PAGE)
    assert made.verdict == ("partial", "policy")
    assert text_of(made.entry.detail) == "the page shows 2 videos in frames, and the program fetches 1 of them"
    assert "video.mp4" in files(made) and "video-2.mp4" not in files(made)


def test_an_x_video_that_is_only_a_playlist_is_put_together(world: World, tmp_path: Path) -> None:
    class Playlist(social.Twitter):
        def pages(self, host: str) -> Mapping[str, Page]:
            playlist = kaltura.hls_files("/pl", "tweet", 3) if host == "video.twimg.com" else {}
            return {**super().pages(host), **playlist}

        def _syndicated(self, request: Request) -> Reply:
            post: Any = social.tweet()
            address = {"content_type": "application/x-mpegURL", "url": "https://video.twimg.com/pl/master.m3u8"}
            post["mediaDetails"][0]["video_info"]["variants"] = [address]
            return json_reply(json.dumps(post))

    world.sites |= dict.fromkeys(social.Twitter.hosts, Playlist())
    made = fetched(world, tmp_path, f"https://x.com/{social.USER}/status/{social.TWEET}")
    assert made.verdict == ("captured", None)
    assert "video.mp4" in files(made)


def test_robots_that_are_obeyed_keep_the_video_away_and_that_is_policy(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, WATCH, obey_robots=True)
    assert made.verdict == ("partial", "policy")
    assert "robots.txt" in text_of(made.entry.detail)
    assert not requested_video(world)
