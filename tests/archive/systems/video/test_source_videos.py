"""Videos: what players show, page by page, by the real extractors; every byte that came is in the WARC."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from archive.systems.video import ffmpeg
from archive_manifests.ledger import Facet
from tests.archive.systems.fetch_sources import Fetched, fetched
from tests.archive.systems.media_files import assert_bag_is_sound, payload
from tests.archive.systems.newspaper import HOST, Press, article
from tests.archive.verify.forged_bag import ForgedBag
from tests.note_texts import text_of, texts_of
from tests.world import World, video_bytes
from tests.world.replies import Reply
from tests.world.site import file
from tests.world.sites import kaltura, streaming, unwebtv, youtube, youtube_player

pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")

WATCH = "https://www.youtube.com/watch?v=ut0DuECJLjs"
VIDEO = youtube.VIDEOS["ut0DuECJLjs"]
ASSET = f"https://{unwebtv.HOST}{unwebtv.ASSET}"
needs_ffmpeg = pytest.mark.skipif(ffmpeg.find_tool() is None, reason="no ffmpeg here")


def stream(itag: int) -> bytes:
    return next(each.body for each in youtube_player.streams(VIDEO) if each.itag == itag)


def media(made: Fetched, number: int = 0) -> dict[str, bytes]:
    """The files of a source, by name; all of them under its own folder, and all of them in its live copy."""
    entry = made.entries[number]
    (live,) = [copy for copy in entry.copies if copy.kind == "live" and copy.files]
    folder = made.bag / "data/media" / entry.id
    there = {f"data/media/{entry.id}/{path.name}": path.read_bytes() for path in folder.iterdir()}
    assert sorted(there) == sorted(live.files)
    return {path.rpartition("/")[2]: data for path, data in there.items()}


def ties(made: Fetched) -> dict[str, dict[str, object]]:
    """What the metadata records tie together: file name -> its tie; the bytes of file and record compared."""
    found = {}
    for record, observed in made.notes("archive.media/1"):
        data = (made.bag / str(observed["path"])).read_bytes()
        assert observed["sha256"] == hashlib.sha256(data).hexdigest()
        assert record.headers["WARC-Refers-To"] == f"<{observed['record']}>"
        assert payload(made, str(observed["record"])) == data
        found[str(observed["path"]).rpartition("/")[2]] = observed
    return found


@needs_ffmpeg
def test_a_youtube_page_is_captured_with_its_best_video_subtitles_picture_and_description(
    world: World, tmp_path: Path
) -> None:
    made = fetched(world, tmp_path, WATCH)
    assert made.verdict == ("captured", None)
    assert made.entry.facets.media.present
    files, tied = media(made), ties(made)
    assert sorted(files) == ["info.json", "subtitles.ar.vtt", "subtitles.en.vtt", "thumbnail.jpg", "video.mp4"]
    assert sorted(tied) == sorted(files)
    assert {observed["page"] for observed in tied.values()} == {WATCH}
    assert "إلى النور" in files["subtitles.ar.vtt"].decode()
    parts = tied["video.mp4"]["made_of"]
    assert [payload(made, part["record"]) for part in parts] == [stream(135), stream(140)]  # type: ignore[index, union-attr, attr-defined]
    conversion = made.record(str(tied["video.mp4"]["record"]))
    assert (conversion.type, conversion.headers["WARC-Refers-To"]) == ("conversion", f"<{parts[0]['record']}>")  # type: ignore[index]
    assert "ffmpeg" in json.dumps(tied["video.mp4"]["made_by"])
    assert_bag_is_sound(made)


@needs_ffmpeg
def test_the_description_has_facts_of_the_video_and_none_of_the_client(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, WATCH)
    text = media(made)["info.json"].decode()
    observed = json.loads(text)
    assert (observed["title"], observed["id"]) == (VIDEO.title, VIDEO.id)
    assert youtube_player.SEEN_FROM not in text
    assert str(tmp_path) not in text
    assert not {"cookies", "http_headers", "filepath"} & set(_keys(observed))


def _keys(value: object) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(key for each in value.values() for key in _keys(each))]
    return [key for each in value for key in _keys(each)] if isinstance(value, list) else []


def test_without_ffmpeg_the_best_video_in_one_file_is_taken(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.systems.video.fetching.find_tool", lambda: None)
    made = fetched(world, tmp_path, WATCH)
    assert made.verdict == ("captured", None)
    assert media(made)["video.mp4"] == stream(18)
    assert ties(made)["video.mp4"]["role"] == "video"
    assert_bag_is_sound(made)


def test_un_web_tv_is_captured_with_its_video(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, ASSET)
    assert made.verdict == ("captured", None)
    files, tied = media(made), ties(made)
    assert files["video.mp4"] == video_bytes.sounding(kaltura.MEETING.id, 30)
    assert json.loads(files["info.json"])["id"] == kaltura.MEETING.id
    assert sorted(tied) == sorted(files)
    assert_bag_is_sound(made)


def test_a_video_that_a_page_serves_is_a_file_too(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, f"https://{streaming.HOST}/watch/plain")
    assert made.verdict == ("captured", None)
    assert media(made) == {"file-1.mp4": video_bytes.sounding("testimony", 30)}
    assert sorted(ties(made)) == ["file-1.mp4"]
    assert made.urls(streaming.CDN) == [f"https://{streaming.CDN}/direct/testimony.mp4"]


@needs_ffmpeg
@pytest.mark.parametrize("page", ["hls", "dash"])
def test_a_video_in_pieces_is_put_together(world: World, tmp_path: Path, page: str) -> None:
    made = fetched(world, tmp_path, f"https://{streaming.HOST}/watch/{page}")
    assert made.verdict == ("captured", None)
    assert sorted(media(made)) == ["info.json", "video.mp4"]
    parts = ties(made)["video.mp4"]["made_of"]
    whole = [
        video_bytes.opening(kind) + b"".join(video_bytes.segment(kind, f"station {page}", n) for n in range(streaming.SECONDS))
        for kind in ("video", "audio")
    ]
    assert [payload(made, part["record"]) for part in parts] == whole  # type: ignore[index, union-attr, attr-defined]
    assert {made.record(part["record"]).type for part in parts} == {"resource"}  # type: ignore[index, union-attr, attr-defined]
    assert_bag_is_sound(made)


@pytest.mark.parametrize(
    ("mode", "verdict", "said"),
    [
        ("removed", ("gone", "not-found"), "removed by the uploader"),
        ("terminated", ("gone", "not-found"), "account was terminated"),
        ("bot", ("blocked", "challenge"), "not a bot"),
        ("age", ("blocked", "login"), "confirm your age"),
        ("private", ("blocked", "login"), "Private video"),
        ("geo", ("blocked", "geo"), "not made this video available in your country"),
        ("rate", ("blocked", "rate"), "try again later"),
    ],
)
def test_why_youtube_shows_no_video_is_the_verdict(
    world: World, tmp_path: Path, mode: str, verdict: tuple[str, str], said: str
) -> None:
    world.set_mode(youtube.HOST, mode)
    made = fetched(world, tmp_path, WATCH, memento=False)
    assert made.verdict == verdict
    assert said in text_of(made.entry.detail)
    assert (made.entry.facets.media.present, made.entry.facets.media.reason) == (False, made.entry.detail)
    assert not (made.bag / "data/media").exists()
    assert_bag_is_sound(made)


def test_without_ffmpeg_pictures_and_sound_that_come_apart_are_two_files(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.systems.video.fetching.find_tool", lambda: None)
    made = fetched(world, tmp_path, f"https://{streaming.HOST}/watch/dash")
    assert made.verdict == ("captured", None)
    assert sorted(media(made)) == ["info.json", "sound.m4a", "video.mp4"]
    tied = ties(made)
    assert [tied[name]["role"] for name in ("video.mp4", "sound.m4a")] == ["video without sound", "sound"]
    assert any("ffmpeg is not installed" in note for note in texts_of(made.entry.notes))
    assert_bag_is_sound(made)


def test_automatic_captions_are_taken_in_the_spoken_language(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = youtube_player.player_response

    def with_captions(*about: Any, **more: Any) -> dict[str, Any]:
        observed = said(*about, **more)
        tracks = observed["captions"]["playerCaptionsTracklistRenderer"]
        url = f"https://www.youtube.com/api/timedtext?v={VIDEO.id}&lang=ar&kind=asr"
        name = {"simpleText": "Arabic (auto-generated)"}
        messages = {"baseUrl": url, "languageCode": "ar", "vssId": "a.ar", "kind": "asr", "name": name, "isTranslatable": True}
        tracks["captionTracks"] = [messages]
        codes = ("ar", "en", "fr", "de")
        tracks["translationLanguages"] = [{"languageCode": code, "languageName": {"simpleText": code}} for code in codes]
        return observed

    monkeypatch.setattr(youtube_player, "player_response", with_captions)
    made = fetched(world, tmp_path, WATCH)
    assert made.verdict == ("captured", None)
    assert [name for name in media(made) if name.startswith("subtitles")] == ["subtitles.ar-auto.vtt"]


def test_a_video_without_its_subtitles_is_here_and_its_source_is_partial(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(youtube_player, "_caption", lambda request: Reply(503, b"", "text/plain"))
    made = fetched(world, tmp_path, WATCH, tries=1)
    assert made.verdict == ("partial", "media")
    assert text_of(made.entry.detail) == "the video is here, but not subtitles (en), subtitles (ar)"
    assert made.entry.facets.media.present
    assert "video.mp4" in media(made)


def test_subtitles_that_the_server_itself_has_not_are_its_word(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(youtube_player, "_caption", lambda request: Reply(404, b"", "text/plain"))
    made = fetched(world, tmp_path, WATCH)
    assert made.verdict == ("captured", None)
    assert "the server refused the video's subtitles (ar) with status 404" in texts_of(made.entry.notes)


def test_a_page_that_serves_one_video_and_lacks_another_makes_a_sound_bag(world: World, tmp_path: Path) -> None:
    page = article('<video src="/video.mp4"></video><video src="/gone.mp4"></video>')
    world.sites[HOST] = Press({"/article": page, "/video.mp4": file(video_bytes.sounding("video", 1), "video/mp4")})
    made = fetched(world, tmp_path, f"https://{HOST}/article")
    assert (made.verdict, made.entry.facets.media.present) == (("captured", None), False)
    assert sorted(media(made)) == ["file-1.mp4"]
    assert_bag_is_sound(made)
    bag = ForgedBag.copy_of(made.bag, tmp_path / "forged" / "T1")
    bag.set_source("s01", facets=replace(bag.entry("s01").facets, media=Facet(True)))
    bag.seal_over()
    assert [code for code, _ in bag.errors()] == ["facet-contradicted"]
