"""What breaks the extractor's process costs one video: no page, no other source, nothing of this machine."""

from __future__ import annotations

import gzip
import json
import os
import socket
import threading
from pathlib import Path

import pytest

from archive.systems.video import extraction, extractor_process
from archive.systems.video.extractor_process import ProcessPool, Watchdog
from archive.systems.video.messages import MessagePipe, NextVideo, PayloadPiece, PipeEnded
from archive.systems.video.plain_values import plain
from tests.archive.systems.fetch_sources import fetched
from tests.archive.systems.media_files import assert_bag_is_sound, files
from tests.archive.systems.newspaper import HOST, Press, framed
from tests.note_texts import text_of
from tests.world import World, video_bytes
from tests.world.site import file, html

pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")
pytestmark = pytest.mark.usefixtures("real_starts")

BROKE = "the video did not arrive: the extractor took too much time or memory, or ended by a fault of its own"
FAULTS = {
    "os._exit(0)": BROKE,
    "[None for _ in iter(int, 1)]": BROKE,
    "os.write(1, b'not a message') and None": "the video did not arrive: the extractor describes no video",
    "b'x' * (2 << 30)": "takes more than 512 MiB of memory",
    "{'id': 'x' * (1 << 25)}": "the description has 33,5",
    "socket.create_connection(('127.0.0.1', PORT))": "the extractor tried socket.",
    "socket.getaddrinfo('a.example', 80)": "the extractor tried socket.",
    "open(PLACE, 'w')": "the extractor tried to write outside its folder",
    "os.remove(PLACE)": "the extractor tried os.remove outside its folder",
    "os.rename(PLACE, PLACE + '2')": "the extractor tried os.rename outside its folder",
    "subprocess.run(['true'])": "the extractor tried to start 'true'",
    "os.system('true')": "the extractor tried os.system",
}
"""What happens in the process while it describes a video, and what is reported."""
START = """
import json, os, socket, subprocess, sys, time
from archive.systems.video import client, worker
faults = json.loads({faults!r})
worker.CPU_SECONDS = 2
client.Client.extract_info = lambda _, address, **__: eval(faults[int(address[-11:])], {{**globals(), **{known!r}}})
worker.main()
"""


def test_a_fault_of_the_extractor_costs_one_video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "of-the-user.txt"
    place.write_text("mine", "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server, World() as world:
        server.setblocking(False)
        known = {"PORT": server.getsockname()[1], "PLACE": str(place)}
        start = START.format(faults=json.dumps(list(FAULTS)), known=known)
        monkeypatch.setattr(extractor_process, "_START", start)
        monkeypatch.setattr(extraction, "POOL", ProcessPool())
        pages = {f"/{number}": framed(f"https://www.youtube.com/embed/{number:011d}") for number in range(len(FAULTS))}
        world.sites[HOST] = Press({**pages, "/plain": framed("/nothing")})
        made = fetched(world, tmp_path, *(f"https://{HOST}{path}" for path in [*pages, "/plain"]), tries=1)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert_bag_is_sound(made)
    *faulty, other = made.entries
    assert [(str(entry.status), entry.reason) for entry in faulty] == [("partial", "media")] * len(FAULTS)
    assert all(entry.facets.source_code.present for entry in faulty)
    reported = dict(zip(FAULTS, (text_of(entry.detail) for entry in faulty), strict=True))
    assert [(fault, reported[fault]) for fault, said in FAULTS.items() if said not in reported[fault]] == []
    assert str(other.status) in ("captured", "partial") and (other.reason, other.http_status) != ("media", None)
    assert place.read_text("utf-8") == "mine"


def test_a_coded_stream_is_not_unfolded_beyond_the_limit_of_a_body(world: World, tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(30_000_000))
    coded = file(bomb, "video/mp2t", headers=(("Content-Encoding", "gzip"),))
    lines = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1.0,\n/piece.ts\n#EXT-X-ENDLIST\n"
    listed = file(lines, "application/vnd.apple.mpegurl")
    page = f'<html><video src="/video.m3u8"></video><p>{"They came at dawn. " * 40}</p></html>'
    world.sites[HOST] = Press({"/article": html(page), "/video.m3u8": listed, "/piece.ts": coded})
    made = fetched(world, tmp_path, f"https://{HOST}/article", tries=1, max_size=5_000_000)
    assert made.verdict == ("partial", "media")
    assert files(made) == []
    assert_bag_is_sound(made)


def test_a_process_that_is_silent_is_ended_and_one_that_nobody_waits_for_is_not() -> None:
    ended = threading.Event()
    watchdog = Watchdog(ended.set, seconds=0.2)
    assert not ended.wait(0.5)
    with watchdog:
        assert ended.wait(60)
    watchdog.close()


def test_a_process_serves_several_players_and_ends_with_the_pool(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pool, started = ProcessPool(), []
    real = extractor_process.start_process
    monkeypatch.setattr(extraction, "POOL", pool)
    monkeypatch.setattr(extractor_process, "start_process", lambda folder: started.append(real(folder)) or started[-1])
    world.sites[HOST] = Press({"/a": framed("https://vimeo.com/329087611", "https://www.youtube.com/embed/ut0DuECJLjs")})
    made = fetched(world, tmp_path, f"https://{HOST}/a")
    assert [name for name in files(made) if name.startswith("info")] == ["info-2.json", "info.json"]
    assert len(started) == 1
    pool.close()
    with pytest.raises(extractor_process.ExtractorBroke):
        started[0].greet()


@pytest.mark.parametrize("sent", [b"", b"\0" * 7, b"\xff" * 8, b"\0" * 8, (4).to_bytes(8, "big") + b"none"])
def test_what_is_no_message_ends_the_pipe(sent: bytes) -> None:
    tasks, replies = os.pipe(), os.pipe()
    os.write(replies[1], sent)
    os.close(replies[1])
    with os.fdopen(replies[0], "rb") as reader, os.fdopen(tasks[1], "wb") as writer, pytest.raises(PipeEnded):
        MessagePipe(reader, writer).ask(NextVideo())
    os.close(tasks[0])


def test_a_message_arrives_as_it_was_sent() -> None:
    ends = os.pipe()
    with os.fdopen(ends[0], "rb") as reader, os.fdopen(ends[1], "wb") as writer:
        pipe = MessagePipe(reader, writer)
        pipe.send(PayloadPiece(b"\0\xff"))
        assert pipe.receive() == PayloadPiece(b"\0\xff")


def test_values_that_json_cannot_hold_are_made_plain() -> None:
    odd = {1: "a\ud83d", None: (float("nan"), -float("inf"), 10**30, 1 << 62), "x": {"y": {3}}, "b": True}
    assert plain(odd) == {"1": "a\ufffd", "None": [None, None, str(10**30), 1 << 62], "x": {"y": "{3}"}, "b": True}
    deep: list[object] = []
    for _ in range(300):
        deep = [deep]
    with pytest.raises(ValueError, match="nested too deeply"):
        plain(deep)


def test_the_process_ends_with_the_program(tmp_path: Path) -> None:
    process = extractor_process.start_process(tmp_path / "extractor")
    process._pipe.writer.close()
    with pytest.raises(extractor_process.ExtractorBroke):
        process.greet()
    process.close()


def test_a_video_is_the_same_by_a_process_and_in_this_one(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, "https://vimeo.com/329087611")
    assert made.verdict == ("captured", None)
    assert (made.bag / "data/media/s01/video.mp4").read_bytes() == video_bytes.sounding("vimeo", 30)
