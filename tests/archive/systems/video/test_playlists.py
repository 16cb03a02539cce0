"""Playlists that name more pieces than a memory holds are known by what they say, before anything is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.http.xml_body import XmlRefused
from archive.systems.video.handler import (
    ADDRESSES_AT_MOST,
    EFFORT_AT_MOST,
    PIECES_AT_MOST,
    addresses_in,
    effort_of,
    effort_of_page,
    pieces_in,
)
from tests.archive.systems.fetch_sources import fetched
from tests.archive.systems.newspaper import HOST, Press, article, playlist
from tests.note_texts import text_of
from tests.world import World
from tests.world.site import file
from tests.world.sites.streaming import _MPD, SECONDS

_DASH = """<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="{length}">
<Period><AdaptationSet mimeType="video/mp4">{cut}<Representation id="1" bandwidth="1"/><Representation id="2" bandwidth="2"/>
</AdaptationSet></Period></MPD>"""
_TEMPLATE = '<SegmentTemplate media="$Number$.m4s" duration="{ticks}" timescale="{scale}"/>'
_TIMELINE = '<SegmentTemplate media="$Time$.m4s"><SegmentTimeline><S t="0" d="1" r="{again}"/><S d="2"/></SegmentTimeline></SegmentTemplate>'


@pytest.mark.parametrize(
    ("data", "pieces"),
    [
        (_MPD.encode(), 2 * (SECONDS + 1)),
        (playlist().body, playlist().body.count(b"\n")),
        (b"\xef\xbb\xbf#EXTM3U\n" + b"#\n" * 300_000, 300_001),
        (_DASH.format(length="PT1H", cut=_TEMPLATE.format(ticks=2, scale=1)).encode(), 2 * 1801),
        (
            _DASH.format(length="P40DT1H0M0.5S", cut=_TEMPLATE.format(ticks=1, scale=90_000)).encode(),
            2 * 311_364_045_001,
        ),
        (_DASH.format(length="PT1H", cut=_TIMELINE.format(again=9)).encode(), 2 * 11),
        (_DASH.format(length="PT1H", cut=_TIMELINE.format(again=-1)).encode(), 2 * 2),
        (_DASH.format(length="PT1H", cut=_TIMELINE.format(again=9_999_999_999)).encode(), 2 * 10_000_000_000),
        (_DASH.format(length="forever", cut=_TEMPLATE.format(ticks=1, scale=1)).encode(), 2 * 86_401),
        (_MPD.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"), 2 * (SECONDS + 1)),
        (b"<!--" + b" " * 9000 + b"-->" + _MPD.partition("?>")[2].encode(), 2 * (SECONDS + 1)),
        (_MPD.replace("<Period", "<!-- by a packager --><?by it?><Period", 1).encode(), 2 * (SECONDS + 1)),
        (b"#EXTM3U\r" + b"#EXTINF:3,\rseg\r" * 200_000, 400_001),
        (_DASH.format(length=f"PT{'9' * 400}S", cut=_TEMPLATE.format(ticks=1, scale=1)).encode(), 2 * 200_001),
        (_DASH.format(length="PT1H", cut=_TIMELINE.format(again="--5")).encode(), 2 * 2),
        (b"<html>no playlist</html>", 0),
        (b"", 0),
        (b"<MPD><Period><Repr", 0),
    ],
)
def test_the_pieces_of_a_playlist_are_counted(data: bytes, pieces: int) -> None:
    assert pieces_in(data) == pieces


@pytest.mark.parametrize("subset", ['[<!ENTITY e "x">]', 'SYSTEM "http://a.example/x.dtd"'])
def test_a_manifest_with_a_dtd_is_not_read(world: World, tmp_path: Path, subset: str) -> None:
    pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")
    hostile = _MPD.replace("<MPD", f"<!DOCTYPE MPD {subset}><MPD", 1)
    with pytest.raises(XmlRefused):
        pieces_in(hostile.encode())
    page = article('<video><source src="/video.mpd" type="application/dash+xml"></video>')
    world.sites[HOST] = Press({"/article": page, "/video.mpd": file(hostile.encode(), "application/dash+xml")})
    made = fetched(world, tmp_path, f"https://{HOST}/article", tries=1)
    assert made.verdict == ("partial", "media")
    assert "document type definition" in str(made.entry.detail)


_LONG = _DASH.format(length="PT1H", cut='<SegmentTemplate media="%s-$Number$" duration="1"/>' % ("b" * 100_000))


@pytest.mark.parametrize(
    ("data", "url", "least"),
    [
        (_LONG, "https://a.example/x.mpd", 2 * 3601 * 100_000),
        (_LONG.replace("b" * 100_000, "$Number%0100000d$"), "https://a.example/x.mpd", 2 * 3601 * 100_000),
        (_LONG.replace("b" * 100_000, "b").replace("<Ada", f"<BaseURL>{'c' * 100_000}</BaseURL><Ada"), "", 7202 * 100_000),
        ("#EXTM3U\n" + "s.ts\n" * 100_000, "https://a.example/" + "d" * 8000, 100_000 * 8000),
    ],
    ids=["a long name", "a wide number", "a long base", "a long address of the playlist"],
)
def test_a_playlist_whose_addresses_fill_the_memory_is_over_the_limit(data: str, url: str, least: int) -> None:
    assert addresses_in(data.encode(), url) >= least > ADDRESSES_AT_MOST


def test_the_addresses_of_a_usual_playlist_are_far_below_the_limit(world: World, tmp_path: Path) -> None:
    pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")
    usual = _DASH.format(length="PT20H", cut=_TEMPLATE.format(ticks=2, scale=1))
    assert 0 < addresses_in(usual.encode(), "https://a.example/" + "token" * 100) < ADDRESSES_AT_MOST / 2
    page = article('<video><source src="/video.mpd" type="application/dash+xml"></video>')
    world.sites[HOST] = Press({"/article": page, "/video.mpd": file(_LONG.encode(), "application/dash+xml")})
    made = fetched(world, tmp_path, f"https://{HOST}/article", tries=1)
    assert made.verdict == ("partial", "media")
    assert "a playlist whose addresses take" in text_of(made.entry.detail)


def test_a_playlist_without_end_is_not_listed(world: World, tmp_path: Path) -> None:
    pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")
    endless = _DASH.format(length="P999D", cut=_TEMPLATE.format(ticks=1, scale=1_000_000))
    page = article('<video><source src="/video.mpd" type="application/dash+xml"></video>')
    world.sites[HOST] = Press({"/article": page, "/video.mpd": file(endless.encode(), "application/dash+xml")})
    made = fetched(world, tmp_path, f"https://{HOST}/article", tries=1)
    assert made.verdict == ("partial", "media")
    assert f"{PIECES_AT_MOST:,} are the most" in text_of(made.entry.detail)


@pytest.mark.parametrize(
    "line",
    [
        b"#EXT-X-STREAM-INF:" + b"A" * 300_000,
        b"#EXT-X-KEY:" + b"A=" * 100_000 + b'"',
        b"video.ts?" + b"#EXT-X-KEY:" * 30_000,
    ],
    ids=["a long name", "a long list of names", "many tags in an address"],
)
def test_a_playlist_that_would_hold_the_run_up_is_refused(world: World, tmp_path: Path, line: bytes) -> None:
    pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")
    hostile = b"#EXTM3U\n" + line + b"\nlow.m3u8\n"
    page = article('<video><source src="/film.m3u8" type="application/x-mpegURL"></video>')
    world.sites[HOST] = Press({"/article": page, "/film.m3u8": file(hostile, "application/x-mpegURL")})
    made = fetched(world, tmp_path, f"https://{HOST}/article", tries=1)
    assert made.verdict == ("partial", "media")
    assert "too long to read" in text_of(made.entry.detail)


@pytest.mark.parametrize("piece", [b"<meta ", b"<meta property='og:video' ", b"videojs("])
def test_the_effort_of_a_page_that_closes_nothing_is_over_the_limit(piece: bytes) -> None:
    assert effort_of_page(b"<html>" + piece * (400_000 // len(piece))) > EFFORT_AT_MOST


def test_the_effort_of_a_usual_page_is_far_below_the_limit() -> None:
    page = b"<html>" + b'<p class="x">if (a < b) videojs</p>' * 5 + b"<script>for (i=0;i<9;i++) { f(i>2) }</script>" * 30_000
    assert effort_of_page(page) < EFFORT_AT_MOST / 4


def test_the_effort_of_a_usual_playlist_is_far_below_the_limit() -> None:
    key = b'#EXT-X-KEY:METHOD=AES-128,URI="https://keys.example/k?id=%d&token=' + b"aB3-" * 60 + b'",IV=0x' + b"F" * 32
    usual = b"#EXTM3U\n" + b"".join(key % number + b"\n#EXTINF:2,\ns%d.ts\n" % number for number in range(5000))
    assert effort_of(usual) < EFFORT_AT_MOST / 4


def test_a_server_writes_nothing_to_the_terminal(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("yt_dlp", reason="the extra [video] is not installed")
    hostile = b'#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="\x1b]0;owned\x07"\nlow.m3u8\n'
    page = article('<video><source src="/film.m3u8" type="application/x-mpegURL"></video>')
    world.sites[HOST] = Press({"/article": page, "/film.m3u8": file(hostile, "application/x-mpegURL")})
    fetched(world, tmp_path, f"https://{HOST}/article", tries=1)
    assert tuple(capsys.readouterr()) == ("", "")
