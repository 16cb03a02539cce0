"""Who else would learn what a report cites is listed before any request."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.capture.settings import FetchSettings
from archive.fetch.fetch import plan

REPORT = Path("manifests/examples/R210517/report.txt")
ARCHIVE = "web.archive.org (only for sources that the live web does not give)"
OTHERS = (
    "snhr.org (only where sn4hr.org fails, which moved there)",
    "players.brightcove.net (whose player webtv.un.org had)",
)


@pytest.mark.parametrize(
    ("settings", "observed"),
    [({}, (ARCHIVE, *OTHERS)), ({"memento": False}, OTHERS), ({"third_parties": False}, ())],
)
def test_the_plan_names_all_others(settings: dict[str, bool], observed: tuple[str, ...]) -> None:
    assert plan(REPORT, FetchSettings(**settings)).third_parties == observed  # type: ignore[arg-type]


YOUTUBE = "YouTube (www.youtube.com, i.ytimg.com, *.googlevideo.com): 1"
DRIVE = "Google Drive (drive.google.com, drive.usercontent.google.com, docs.google.com): 1"


def test_the_plan_names_the_systems_that_are_requested_videos_and_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object())
    assert plan(REPORT, FetchSettings()).media == (YOUTUBE, DRIVE)
    assert plan(REPORT, FetchSettings(media=False)).media == ()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert plan(REPORT, FetchSettings()).media == (YOUTUBE, DRIVE, "yt-dlp is not installed: no video is fetched")


def test_what_the_manifest_says_of_media_is_in_the_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object())
    manifest = tmp_path / "sources.toml"
    said = {
        "https://vimeo.com/76979871": "media = false",
        "https://vimeo.com/76979872": "",
        "https://www.faselhd.pro/movies/x": "media = true",
        "https://rutube.ru/video/1/": "media = true",
        "https://rutube.ru/video/2/": "",
        "https://press.example/a": "media = true",
        "https://t.me/channel/12": "",
        "https://x.com/someone/status/1": "",
    }
    tables = "".join(f'[[source]]\ncited = "{url}"\n{line}\n' for url, line in said.items())
    manifest.write_text(f'[report]\nid = "T1"\n{tables}')
    assert plan(manifest, FetchSettings()).media == (
        "Vimeo (player.vimeo.com, *.vimeocdn.com): 1",
        "the player of rutube.ru (and where it leads), as media = true asks: 1",
        "whatever player press.example shows, as media = true asks: 1",
        "Telegram (t.me, *.telesco.pe, *.cdn-telegram.org): 1",
        "X (cdn.syndication.twimg.com, publish.twitter.com, video.twimg.com, pbs.twimg.com): 1",
    )


def test_the_plan_on_the_command_line_names_them_too() -> None:
    import json

    from click.testing import CliRunner

    from archive_cli.main import main

    words = ["fetch", str(REPORT), "--plan"]
    said = CliRunner().invoke(main, words).stdout.splitlines()
    assert [line for line in said if line.startswith("video and files: ")][:2] == [
        f"video and files: {YOUTUBE}",
        f"video and files: {DRIVE}",
    ]
    assert json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)["media"][:2] == [YOUTUBE, DRIVE]


def test_the_plan_counts_the_hosts_of_every_reading(tmp_path: Path) -> None:
    report = tmp_path / "R1.txt"
    report.write_text("See www.first.example.org/en/ and bit.ly/3xYzAbC and https://full.example.org/x\n")
    assert plan(report, FetchSettings()).hosts == {"bit.ly": 1, "full.example.org": 1, "www.first.example.org": 1}
    assert plan(("https://full.example.org/x",), FetchSettings()).hosts == {"full.example.org": 1}


@pytest.mark.parametrize(
    ("settings", "hosts", "left_out"),
    [
        (
            {},
            ["x.org"],
            [
                ("https://10.0.0.1/a", "private-address"),
                ("http://[::1]/b", "private-address"),
                ("http://localhost/c", "private-address"),
                ("ftp://x.org/d", "scheme"),
                ("http://x.org:99999/e", "invalid-address"),
            ],
        ),
        (
            {"allow_private": True},
            ["10.0.0.1", "[::1]", "localhost", "x.org"],
            [("ftp://x.org/d", "scheme"), ("http://x.org:99999/e", "invalid-address")],
        ),
        (
            {"connect_to": ("10.0.0.1:443:127.0.0.1:8443",)},
            ["10.0.0.1", "x.org"],
            [
                ("http://[::1]/b", "private-address"),
                ("http://localhost/c", "private-address"),
                ("ftp://x.org/d", "scheme"),
                ("http://x.org:99999/e", "invalid-address"),
            ],
        ),
    ],
)
def test_what_gets_no_request_is_no_host_of_the_plan_and_is_named(
    tmp_path: Path, settings: dict[str, object], hosts: list[str], left_out: list[tuple[str, str]]
) -> None:
    report = tmp_path / "net.txt"
    report.write_text(
        "https://x.org/a https://10.0.0.1/a http://[::1]/b http://localhost/c ftp://x.org/d http://x.org:99999/e\n"
    )
    found = plan(report, FetchSettings(**settings))  # type: ignore[arg-type]
    assert list(found.hosts) == hosts
    assert [(each.cited, each.reason) for each in found.not_contacted] == left_out
