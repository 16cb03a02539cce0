"""The extractor reaches the network through the recorder and no other way, and hostile answers get nowhere with it."""

from __future__ import annotations

import json as jsonlib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from archive.systems.video import ffmpeg
from tests.archive.systems.fetch_sources import fetched
from tests.archive.systems.media_files import files
from tests.archive.systems.newspaper import HOST, IV, KEY, Press, framed, playlist, shown
from tests.note_texts import text_of
from tests.world import World, video_bytes
from tests.world.replies import Reply, Request
from tests.world.site import file, html
from tests.world.sites import unwebtv, vimeo, youtube
from tests.world.sites.youtube_player import MEDIA_HOST

yt_dlp = pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")
pytestmark = pytest.mark.usefixtures("real_starts")

WATCH = "https://www.youtube.com/watch?v=ut0DuECJLjs"
PAGE = f"https://{HOST}/article"
MAP = '#EXT-X-MAP:URI="/init.mp4"'


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A server that everything on this machine names as its proxy, and that nobody is to come to."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, address)

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                came.append(repr(connection.recv(100)))
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield came


_CODE = 3
"""The place of the code on the command line of a process of ours."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Every program that is started, by a confined process too."""
    programs: list[list[str]] = []
    real = subprocess.Popen.__init__

    def begin(self: Any, args: Any, *more: Any, **named: Any) -> None:
        words = [str(word) for word in args] if isinstance(args, list | tuple) else [str(args)]
        programs.append(_confined(words) if len(words) > _CODE and words[_CODE].endswith(ffmpeg._START) else words)
        real(self, args, *more, **named)

    monkeypatch.setattr(subprocess.Popen, "__init__", begin)
    return programs


def _confined(words: list[str]) -> list[str]:
    """What a process that confines itself becomes, of its command line."""
    roots, files = int(words[_CODE + 1]), int(words[_CODE + 2])
    return words[_CODE + 4 + files : -roots]


def _callers(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


@pytest.mark.usefixtures("in_this_process")
def test_nothing_but_the_recorder_goes_out(
    world: World, tmp_path: Path, sink: list[str], started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    went: set[bool] = set()
    names: list[object] = []
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def resolved(host: Any, *arguments: Any, **named: Any) -> Any:
        if host != "127.0.0.1":
            names.append(host)
        return resolve(host, *arguments, **named)

    def watched(self: socket.socket, *arguments: Any) -> Any:
        went.add(any("/archive/net/" in Path(name).as_posix() for name in _callers(sys._getframe(1))))
        return connect(self, *arguments)

    monkeypatch.setattr(socket.socket, "connect", watched)
    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    made = fetched(world, tmp_path, WATCH, f"https://{unwebtv.HOST}{unwebtv.ASSET}", f"https://vimeo.com/{vimeo.VIDEO}")
    assert [entry.facets.media.present for entry in made.entries] == [True, True, True]
    assert went == {True}
    assert (names, sink, world.strays) == ([], [], [])
    assert {Path(words[0]).name for words in started} <= {"ffmpeg", "deno"}
    assert not any("http" in word or word.startswith(("--allow", "-A")) for words in started for word in words)


@pytest.mark.usefixtures("in_this_process")
def test_the_request_handlers_of_others_are_never_built(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yt_dlp.networking.common import _REQUEST_HANDLERS

    built = []
    for handler in _REQUEST_HANDLERS.values():
        original = handler.__init__
        noted = lambda self, *a, _o=original, **k: (built.append(type(self).__name__), _o(self, *a, **k))[1]  # noqa: E731
        monkeypatch.setattr(handler, "__init__", noted)
    assert fetched(world, tmp_path, WATCH).entry.facets.media.present
    assert built == []


@pytest.mark.usefixtures("in_this_process")
def test_no_plug_in_of_this_machine_is_loaded(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "path/yt_dlp_plugins/extractor"
    place.mkdir(parents=True)
    (place / "evil.py").write_text("import builtins\nbuiltins.evil_was_here = True\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "path"))
    monkeypatch.setattr("yt_dlp.globals.all_plugins_loaded.value", False)
    monkeypatch.setattr("yt_dlp.globals.plugin_dirs.value", ["default"])
    assert fetched(world, tmp_path, WATCH).entry.facets.media.present
    import builtins

    assert not hasattr(builtins, "evil_was_here")


@pytest.mark.usefixtures("in_this_process")
def test_nothing_is_written_outside_the_work_folder(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, temporary, here = tmp_path / "home", tmp_path / "temporary", tmp_path / "here"
    for folder in (home, temporary, here):
        folder.mkdir()
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.chdir(here)
    assert fetched(world, tmp_path, WATCH, f"https://{HOST}/x").entries[0].facets.media.present
    assert [path for folder in (home, temporary, here) for path in folder.rglob("*")] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["T1", "here", "home", "sources.toml", "temporary"]


def test_the_user_s_cookies_go_out_once_and_into_no_file(world: World, tmp_path: Path) -> None:
    jar = tmp_path / "cookies.txt"
    line = "\t".join([".youtube.com", "TRUE", "/", "TRUE", "1999999999", "SAPISID", "a-secret-of-the-user"])
    jar.write_text(f"# Netscape HTTP Cookie File\n{line}\n", "utf-8")
    made = fetched(world, tmp_path, WATCH, cookies=jar)
    assert made.entry.facets.media.present
    requested = [[value for name, value in seen.request.headers if name.lower() == "cookie"] for seen in world.requested(youtube.HOST)]
    assert all(len(fields) == 1 and "SAPISID=a-secret-of-the-user" in fields[0] for fields in requested)
    assert all(not [n for n, _ in seen.request.headers if n.lower() == "cookie"] for seen in world.requested(MEDIA_HOST))
    retained = [path for path in made.bag.rglob("*") if path.is_file() and b"a-secret-of-the-user" in path.read_bytes()]
    assert retained == []
    assert jar.read_text("utf-8").endswith(f"{line}\n")


def encrypted(data: bytes) -> bytes:
    padder, cipher = PKCS7(128).padder(), Cipher(algorithms.AES(KEY), modes.CBC(IV)).encryptor()
    return cipher.update(padder.update(data) + padder.finalize()) + cipher.finalize()


@pytest.mark.usefixtures("in_this_process")
def test_an_encrypted_stream_is_opened_by_its_key_and_the_key_is_stored(
    world: World, tmp_path: Path, started: list[list[str]]
) -> None:
    small = [bytes([number]) * 5000 for number in range(3)]
    line = f'#EXT-X-KEY:METHOD=AES-128,URI="/key",IV=0x{IV.hex()}'
    pieces = {f"/piece-{n}.m4s": file(encrypted(data), "video/mp2t") for n, data in enumerate(small)}
    world.sites[HOST] = Press(
        {"/article": shown("/video.m3u8"), "/video.m3u8": playlist(line), "/key": file(KEY, "application/octet-stream"), **pieces}
    )
    made = fetched(world, tmp_path, PAGE)
    assert made.verdict == ("captured", None)
    assert (made.bag / "data/media/s01/video.mp4").read_bytes() == b"".join(small)
    (observed,) = [observed for _, observed in made.notes("archive.media/1") if observed["role"] == "video"]
    assert made.record(observed["record"]).block == b"".join(small)
    (part,) = observed["made_of"]
    assert f"https://{HOST}/key" in [made.record(ident).uri for ident in part["exchanges"]]
    assert {Path(words[0]).name for words in started} <= {"ffmpeg", "deno"}


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://key",KEYFORMAT="com.apple.streamingkeydelivery"', "DRM"),
        ('#EXT-X-KEY:METHOD=SAMPLE-AES,URI="/key"', "did not arrive"),
    ],
)
def test_a_stream_that_only_another_program_could_read_is_not_given_to_one(
    world: World, tmp_path: Path, started: list[list[str]], line: str, said: str
) -> None:
    world.sites[HOST] = Press({"/article": shown("/video.m3u8"), "/video.m3u8": playlist(line, MAP)})
    made = fetched(world, tmp_path, PAGE)
    assert made.verdict == ("partial", "media")
    assert said in text_of(made.entry.detail)
    assert files(made) == []
    assert [words[1:] for words in started if words[1:] not in (["-version"], ["--version"])] == []


def test_a_playlist_that_leads_to_files_and_private_hosts_gets_none_of_them(world: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret of this machine", "utf-8")
    lines = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1.0,\n{}\n#EXT-X-ENDLIST\n"
    kind = "application/vnd.apple.mpegurl"
    for place in (f"file://{secret}", "http://127.0.0.1:1/admin", "rtmp://127.0.0.1/live", f"concat:{secret}|{secret}"):
        (folder := tmp_path / f"run-{len(list(tmp_path.iterdir()))}").mkdir()
        world.log.clear()
        world.sites[HOST] = Press({"/article": shown("/video.m3u8"), "/video.m3u8": file(lines.format(place).encode(), kind)})
        made = fetched(world, folder, PAGE, tries=1)
        assert made.verdict == ("partial", "media"), place
        assert files(made) == []
        assert not any(b"a secret of this machine" in record.block for record in made.records)


def test_names_that_a_site_gives_do_not_choose_the_place_of_a_file(world: World, tmp_path: Path) -> None:
    class Hostile(vimeo.Vimeo):
        def _player(self, request: Request) -> Reply:
            config: Any = vimeo._config()
            config["request"]["text_tracks"][0]["lang"] = "../../../../etc/cron.d/ar"
            config["video"] |= {"id": "../../evil", "title": "\u202e../../x\x00\x1b[31m"}
            return html(f"<script>window.playerConfig = {jsonlib.dumps(config)};</script>")

    world.sites |= dict.fromkeys(vimeo.Vimeo.hosts, Hostile())
    made = fetched(world, tmp_path, f"https://vimeo.com/{vimeo.VIDEO}")
    assert files(made) == ["info.json", "subtitles.------------etc-cron-d-ar.vtt", "thumbnail.jpg", "video.mp4"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["T1", "sources.toml"]


@pytest.mark.skipif(ffmpeg.find_tool() is None, reason="no ffmpeg here")
def test_a_playlist_in_the_place_of_a_video_is_not_given_to_ffmpeg(tmp_path: Path) -> None:
    secret, trap, sound = tmp_path / "secret.ts", tmp_path / "video.mp4", tmp_path / "sound.m4a"
    secret.write_bytes(b"G" * 188)
    trap.write_text(f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n", "utf-8")
    sound.write_bytes(video_bytes.m4a("sound"))
    tool = ffmpeg.find_tool()
    assert tool is not None
    assert ffmpeg.merge(tool, trap, sound, tmp_path) is None
    assert ffmpeg.container_of(trap) is None and ffmpeg.container_of(sound) == "mov"


def test_an_extractor_that_fails_in_any_way_costs_the_page_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive.systems.video import fetching

    def broken(*_: object) -> None:
        raise ZeroDivisionError("by chance")

    monkeypatch.setattr(fetching, "fetch_streams", broken)
    made = fetched(world, tmp_path, WATCH)
    assert made.verdict == ("partial", "media")
    assert text_of(made.entry.detail) == "the program failed at the video: ZeroDivisionError: by chance"
    assert made.entry.facets.source_code.present and made.entry.final_url == WATCH


def test_the_wall_of_a_player_in_a_frame_reaches_no_further_than_the_frame(world: World, tmp_path: Path) -> None:
    world.set_mode(youtube.HOST, "removed")
    world.sites[HOST] = Press({"/article": framed("https://www.youtube.com/embed/tVsGfh1cDl8")})
    made = fetched(world, tmp_path, PAGE)
    assert made.verdict == ("partial", "media")
