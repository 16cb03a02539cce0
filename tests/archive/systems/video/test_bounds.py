"""Videos within our bounds: sizes, disk, time; runs that are cut off and resumed; bags made again."""

from __future__ import annotations

import errno
import hashlib
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.capture.settings import FetchSettings
from archive.errors import Interrupted, NotEnoughSpace
from archive.fetch.fetch import fetch
from archive.systems.video import ffmpeg, recorded_network, source_videos
from archive.verify.run import verify
from archive.workfolder.folder import WorkFolder
from archive_manifests.ledger import from_json
from tests.archive.systems.fetch_sources import (
    Fetched,
    assert_every_byte_is_stored,
    assert_every_id_is_there,
    fetched,
    stored,
)
from tests.archive.systems.media_files import assert_bag_is_sound, files, payload
from tests.archive.systems.newspaper import HOST, Press, playlist, shown, stream
from tests.note_texts import text_of, texts_of
from tests.world import World, video_bytes
from tests.world.replies import Answer, Close, Request, partial
from tests.world.sites import vimeo, youtube, youtube_player

pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")

WATCH = "https://www.youtube.com/watch?v=ut0DuECJLjs"
VIDEO = youtube.VIDEOS["ut0DuECJLjs"]
MEDIA = youtube_player.MEDIA_HOST
SIZES = {stream.itag: len(stream.body) for stream in youtube_player.streams(VIDEO)}


def test_what_is_larger_than_a_body_may_be_is_not_begun(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, WATCH, max_size=300_000)
    assert made.verdict == ("partial", "media")
    assert f"{SIZES[18]:,} bytes" in text_of(made.entry.detail) or f"{SIZES[135]:,} bytes" in text_of(made.entry.detail)
    assert world.count(MEDIA) == 0 and files(made) == []


def test_a_smaller_form_is_taken_where_the_best_is_too_large_and_that_is_reported(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = [stream for stream in youtube_player.streams(VIDEO) if stream.itag != 135]
    large = youtube_player.Stream(136, small[0].type, bytes(900_000), {**small[1].extra, "width": 1280, "height": 720})
    streams = (*small, large)
    monkeypatch.setattr(youtube_player, "streams", lambda video: streams)
    made = fetched(world, tmp_path, WATCH, max_size=700_000)
    assert made.verdict == ("captured", None)
    assert "video.mp4" in files(made)
    assert "the video is here in a format below its best: the best is larger than --max-size" in texts_of(made.entry.notes)


def test_a_bound_on_a_source_ends_the_video_and_not_the_page(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, WATCH, source_size=80_000)
    assert made.verdict == ("partial", "media")
    assert "the program did not fetch the whole video" in text_of(made.entry.detail)
    assert made.entry.facets.source_code.present and not made.entry.facets.media.present


def test_a_bound_on_the_run_ends_the_video_and_not_the_page(world: World, tmp_path: Path) -> None:
    # The answer that passes the bound is cut off, so it is not all in the WARC: not for `fetched` to compare.
    bag = fetch(manifest(tmp_path), tmp_path / "T1", settings(world, memento=False, max_total=400_000)).bag
    made = Fetched(world, bag, list(from_json((bag / "data/sources.json").read_bytes()).sources), stored(bag))
    assert made.verdict == ("partial", "media")
    assert "(--max-total)" in text_of(made.entry.detail)
    assert files(made) == []
    assert_every_id_is_there(made)


def test_a_stream_of_unknown_length_ends_at_the_bound_of_one_body(world: World, tmp_path: Path) -> None:
    press = Press({"/article": shown("/video.m3u8"), "/video.m3u8": playlist('#EXT-X-MAP:URI="/init.mp4"')})
    world.sites[HOST] = press
    made = fetched(world, tmp_path, f"https://{HOST}/article", max_size=300_000)
    assert made.verdict == ("partial", "media")
    assert "one body may bring 300,000" in text_of(made.entry.detail)
    assert world.count(HOST, "/piece-2.m4s") == 0 and files(made) == []


def test_a_piece_that_would_fill_the_memory_is_not_taken_in(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded_network, "FRAGMENT_AT_MOST", 100_000)
    press = Press({"/article": shown("/video.m3u8"), "/video.m3u8": playlist('#EXT-X-MAP:URI="/init.mp4"')})
    world.sites[HOST] = press
    made = fetched(world, tmp_path, f"https://{HOST}/article")
    assert made.verdict == ("partial", "media")
    assert "pieces of over 100,000 are not put together" in text_of(made.entry.detail)


@pytest.mark.usefixtures("in_this_process")
def test_an_answer_that_would_fill_the_memory_is_not_read(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.systems.video.handler.READ_AT_MOST", 2000)
    made = fetched(world, tmp_path, WATCH)
    assert made.verdict == ("partial", "media")
    assert "over 2,000 bytes" in text_of(made.entry.detail)


def test_a_video_for_which_there_is_no_room_is_not_begun(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: WorkFolder, wanted: int = 0) -> None:
        if wanted > SIZES[18]:
            raise NotEnoughSpace(f"{self.path}: needs {wanted:,} bytes")

    monkeypatch.setattr(WorkFolder, "require_space", full)
    made = fetched(world, tmp_path, WATCH)
    assert made.verdict == ("partial", "media")
    assert text_of(made.entry.detail) == "the program did not fetch the video: the disk does not have enough room"
    assert world.count(MEDIA) == 0


def test_a_disk_that_is_full_stops_the_run_and_not_only_the_video(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.systems.video.extraction import Extraction, StreamFailed

    def lost(self: Extraction, *_: Any, **__: Any) -> None:
        monkeypatch.setattr(WorkFolder, "require_space", full)
        raise StreamFailed

    def full(self: WorkFolder, wanted: int = 0) -> None:
        raise NotEnoughSpace("full")

    monkeypatch.setattr(Extraction, "fetch", lost)
    with pytest.raises(NotEnoughSpace, match="the disk is full"):
        fetched(world, tmp_path, WATCH)
    assert (tmp_path / "T1.part").is_dir()


def test_a_fault_of_our_own_disk_is_none_of_the_site(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.capture.recorder import Recorder

    real = Recorder.carry

    def carry(self: Recorder, request: Any, **named: Any) -> Any:
        if (named.get("note") or {}) == recorded_network.NOTE and request.method == "POST":
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, request, **named)

    monkeypatch.setattr(Recorder, "carry", carry)
    with pytest.raises(NotEnoughSpace, match="the disk is full"):
        fetched(world, tmp_path, WATCH)


def test_pieces_that_do_not_come_leave_no_video_and_no_leavings(world: World, tmp_path: Path) -> None:
    lines = playlist('#EXT-X-MAP:URI="/init.mp4"', count=5)  # of which the last two are not there
    press = Press({"/article": shown("/video.m3u8"), "/video.m3u8": lines})
    world.sites[HOST] = press
    made = fetched(world, tmp_path, f"https://{HOST}/article", tries=1)
    assert made.verdict == ("partial", "media")
    assert files(made) == [] and made.entry.copies[0].files == ()


class Cuts:
    """Serves what it is given, cut off the first time that it is requested, whole or by Range afterwards."""

    def __init__(self, body: bytes, *fields: tuple[str, str]) -> None:
        self.body, self.fields, self.times = body, fields, 0

    def __call__(self, request: Request) -> Any:
        self.times += 1
        if self.times > 1:
            return partial(request, self.body, "video/mp4", self.fields)
        fields = (("Content-Type", "video/mp4"), ("Content-Length", str(len(self.body))), *self.fields)
        head = "HTTP/1.1 200 OK\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields)
        return Answer((f"{head}\r\n".encode(), self.body[:-1_000_000], Close()), False)


@pytest.mark.parametrize(
    ("fields", "kind", "requested"),
    [((), "response", ""), ((("ETag", '"strong"'),), "resource", "bytes=9000000-")],
)
def test_a_video_that_is_cut_off_continues_where_it_ended_if_it_is_the_same_still(
    world: World, tmp_path: Path, fields: tuple[tuple[str, str], ...], kind: str, requested: str
) -> None:
    body, site = random.Random(1).randbytes(10_000_000), vimeo.Vimeo()
    site._pages[vimeo.FILES] = {vimeo.STREAM: Cuts(body, *fields)}
    world.sites |= dict.fromkeys(vimeo.Vimeo.hosts, site)
    made = fetched(world, tmp_path, f"https://vimeo.com/{vimeo.VIDEO}")
    assert made.verdict == ("captured", None)
    assert (made.bag / "data/media/s01/video.mp4").read_bytes() == body
    (observed,) = [observed for _, observed in made.notes("archive.media/1") if observed["role"] == "video"]
    assert (made.record(observed["record"]).type, payload(made, observed["record"])) == (kind, body)
    assert [record.type for record in made.records].count("resource") == (kind == "resource")
    assert [seen.request.header("Range") for seen in world.requested(vimeo.FILES)][-1] == requested


def test_a_piece_that_is_cut_off_is_requested_again(world: World, tmp_path: Path) -> None:
    cut = Cuts(video_bytes.segment("video", "press", 1) * 10)
    pages = {"/article": shown("/video.m3u8"), "/video.m3u8": playlist('#EXT-X-MAP:URI="/init.mp4"'), "/piece-1.m4s": cut}
    world.sites[HOST] = Press(pages)
    made = fetched(world, tmp_path, f"https://{HOST}/article")
    assert made.verdict == ("captured", None)
    assert (made.bag / "data/media/s01/video.mp4").read_bytes() == stream().replace(cut.body[: len(cut.body) // 10], cut.body)


# Runs that are cut off


def settings(world: World, **more: Any) -> FetchSettings:
    return FetchSettings(connect_to=tuple(world.connect_to), cacerts=(Path(world.ca_file),), delay=0.0, **more)


def manifest(folder: Path) -> Path:
    path = folder / "sources.toml"
    path.write_text(f'[report]\nid = "T1"\ndate = "2021-05-21"\n\n[[source]]\ncited = "{WATCH}"\n', "utf-8")
    return path


def interrupted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, run: Callable[[], object]) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, stop)
        with pytest.raises(Interrupted):
            run()


def test_a_run_that_is_resumed_does_not_fetch_a_finished_video_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.systems.video import fetching

    source, bag = manifest(tmp_path), tmp_path / "T1"

    def run() -> Any:
        return fetch(source, bag, settings(world, memento=False))

    interrupted(monkeypatch, fetching, "fetch_subtitles", run)
    assert [path for path in (tmp_path / "T1.part/spool").rglob("*") if not path.is_dir()] == []
    requested = world.count(MEDIA)
    interrupted(monkeypatch, source_videos, "_mark_complete", run)
    assert world.count(MEDIA) == requested
    players = world.count(youtube.HOST, "/youtubei/v1/player?prettyPrint=false")
    result = run()
    assert world.count(MEDIA) == requested
    assert world.count(youtube.HOST, "/youtubei/v1/player?prettyPrint=false") == players == 2
    made = Fetched(world, bag, list(result.ledger.sources), stored(bag))
    assert made.verdict == ("captured", None)
    assert files(made) == ["info.json", "subtitles.ar.vtt", "subtitles.en.vtt", "thumbnail.jpg", "video.mp4"]
    assert sorted(made.entry.copies[0].files) == [f"data/media/s01/{name}" for name in files(made)]
    assert_every_byte_is_stored(made)
    assert_every_id_is_there(made)
    assert_bag_is_sound(made)


def test_a_video_that_did_not_come_is_requested_again_in_the_next_bag(world: World, tmp_path: Path) -> None:
    world.set_mode(youtube.HOST, "bot")
    made = fetched(world, tmp_path, WATCH, memento=False)
    assert made.verdict == ("blocked", "challenge")
    world.set_mode(youtube.HOST, "ok")
    result = fetch(tmp_path / "sources.toml", tmp_path / "T1", settings(world, memento=False), again=True)
    assert result.bag.name == "T1-2"
    (entry,) = result.ledger.sources
    assert (str(entry.status), entry.reason) == ("captured", None)
    assert "data/media/s01/video.mp4" in entry.copies[0].files
    assert [each for each in verify(result.bag).findings if each.severity == "error"] == []


@pytest.mark.skipif(ffmpeg.find_tool() is None, reason="no ffmpeg here")
def test_the_same_streams_give_the_same_video_to_the_bit(world: World, tmp_path: Path) -> None:
    digests = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        world.log.clear()
        made = fetched(world, tmp_path / name, WATCH)
        digests.add(hashlib.sha256((made.bag / "data/media/s01/video.mp4").read_bytes()).hexdigest())
    assert len(digests) == 1
