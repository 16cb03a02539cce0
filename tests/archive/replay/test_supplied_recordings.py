"""Recordings that a person supplied are replayed in the same player, each at its own address."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from archive.fetch.imported import ImportOrder, import_recordings
from archive.replay.viewer import replaying
from tests.archive.fetch.test_imported import response
from tests.archive.warc.warc_bytes import zipped
from tests.world.wacz_bytes import signed, wacz_files, write_wacz


def get(url: str, **headers: str) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return bytes(answer.read())


@pytest.fixture
def player(tmp_path: Path) -> Path:
    folder = tmp_path / "player"
    folder.mkdir()
    (folder / "ui.js").write_text("// the player")
    (folder / "sw.js").write_text("// its worker")
    return folder


def test_each_recording_has_an_address_in_the_player(tmp_path: Path, player: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("See https://one.example/a\n")
    warc = zipped([response(1, "https://one.example/a")])
    recording = write_wacz(tmp_path / "visit.wacz", signed(wacz_files({"data.warc.gz": warc})))
    bag = import_recordings(ImportOrder((recording,), report, tmp_path / "R1")).result.bag
    with replaying(bag, player=player, installed=tmp_path / "none") as served:
        ((source, url),) = served.recordings
        assert source == "s01"
        assert b'source="../../../media/s01/supplied-01.wacz" replayBase="../../../"' in get(url)
        assert get(url.rstrip("/")) == recording.read_bytes()
        assert get(url.rstrip("/"), Range="bytes=0-3") == b"PK\x03\x04"
