"""Sources that share requests of any kind: an exchange is stored once, and no finished bag calls it foreign.

A bag is verified before it gets its name, so that a fault of this kind would stop `fetch` (`NotSound`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import NoNetwork
from archive.fetch.fetch import fetch
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World
from tests.world.pilot import PILOT
from tests.world.sites import drive, faselhd, social, streaming, telegram, unwebtv, vimeo

CLICK = "fbclid=IwAR1VYOPwLXwBQwYpPUJf4AP"
POST = "https://sn4hr.org/blog/2019/04/30/53633/"
ASSET = f"https://{unwebtv.HOST}{unwebtv.ASSET}"
VIDEO_PAGE = f"https://vimeo.com/{vimeo.VIDEO}"
GUARDED = f"https://{faselhd.HOST}{faselhd.VIDEO}"
TUBE = "https://www.youtube.com/embed/ut0DuECJLjs"
CHANNEL = f"{telegram.HOST}/{telegram.CHANNEL}/{telegram.POST}"

SHARED: dict[str, tuple[tuple[str, ...], dict[str, object]]] = {
    "the parts of one video": ((ASSET, f"{ASSET}#a", ASSET.replace("https", "http"), f"{ASSET}?{CLICK}"), {}),
    "captions of a player": ((VIDEO_PAGE, VIDEO_PAGE.replace("https", "http"), f"{VIDEO_PAGE}#a"), {}),
    "a thumbnail": ((TUBE, TUBE.replace("www.", ""), f"{TUBE}?{CLICK}", POST, f"{POST}#a", POST.rstrip("/")), {}),
    "a look-up in another archive": ((GUARDED, f"{GUARDED}#a", f"{GUARDED}/", f"{GUARDED}?{CLICK}"), {"memento": True}),
    "what a successor lacks": (
        ("https://sn4hr.org/nothing/here/", f"https://sn4hr.org/nothing/here/?{CLICK}", "https://sn4hr.org/robots.txt",
         f"https://sn4hr.org/robots.txt?{CLICK}", f"https://sn4hr.org/?{CLICK}", "https://www.sn4hr.org/"), {},
    ),
    "an archive that gives up": (
        ("https://www.sn4hr.org/wp-json/", "https://sn4hr.org/wp-json/#a", f"{GUARDED}#b", GUARDED, f"{TUBE}?x=1"),
        {"memento": True, "tries": 1, "timemaps": ("https://vault.example/timemap/link/{+url}",)},
    ),
    "a robots.txt behind redirects": (
        (PILOT[0].cited, "https://coe.int/en/web/portal/none", "https://www.coe.int/robots.txt",
         "https://x.com/a/status/1", "https://www.x.com/a/status/1"), {"obey_robots": True},
    ),
    "a robots.txt that is cited": (
        ("http://www.coe.int/robots.txt", "https://coe.int/robots.txt", "https://www.coe.int/robots.txt#a"),
        {"obey_robots": True, "tries": 1},
    ),
    "a robots.txt that leads to a page": (
        ("https://youtu.be/ut0DuECJLjs", "http://youtu.be/ut0DuECJLjs", "https://youtu.be/ut0DuECJLjs/"),
        {"obey_robots": True},
    ),
    "the robots.txt of a video's host": ((VIDEO_PAGE, f"{VIDEO_PAGE}#a", f"{VIDEO_PAGE}?{CLICK}"), {"obey_robots": True}),
    "a widget without its page": ((f"https://{CHANNEL}/", f"https://www.{CHANNEL}", f"https://{CHANNEL}#a"), {"tries": 1}),
}  # fmt: skip


def test_a_video_without_its_thumbnails_agrees_with_its_verdict(tmp_path: Path) -> None:
    with World() as world:
        world.set_mode("i.ytimg.com", "closed")
        made(world, tmp_path, ("https://youtu.be/ut0DuECJLjs#a", "https://youtu.be/ut0DuECJLjs/"), {"tries": 1})


def test_a_request_for_consent_that_two_sources_were_led_to_is_of_both(tmp_path: Path) -> None:
    watch = "https://www.youtube.com/watch?v=ut0DuECJLjs"
    with World() as world:
        world.set_mode("consent.youtube.com", "consent")
        made(world, tmp_path, (watch.replace("www.", ""), f"{watch}#a", f"{watch}&{CLICK}"), {"media": False})


def test_new_addresses_that_are_sources_files_or_videos_themselves_are_theirs_too(tmp_path: Path) -> None:
    post = f"twitter.com/{social.USER}/status/{social.TWEET}"
    successor_of = {
        f"http://{post}": f"https://{post}",
        "https://www.coe.int/nothing-here": f"https://{drive.HOST}{drive.VIEW}",
        f"https://{drive.HOST}/open?id={drive.ID}#a": POST,
        GUARDED: POST,
        POST: "https://sn4hr.org/?p=24105",
        "https://sn4hr.org/?p=24105": POST,
    }
    tables = (f'[[source]]\ncited = "{url}"\nsuccessor = "{new}"\n' for url, new in successor_of.items())
    manifest = tmp_path / "sources.toml"
    manifest.write_text('[report]\nid = "T1"\n' + "".join(tables))
    with World() as world:
        fetch(manifest, tmp_path / "T1", settings_for(world))


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as world:
        yield world


def made(world: World, folder: Path, cited: tuple[str, ...], settings: dict[str, object]) -> None:
    report = folder / "report.txt"
    report.write_text("".join(f"Source {number}: {url} here.\n" for number, url in enumerate(cited)))
    fetch(report, folder / "R1", settings_for(world, **settings))


TOGETHER = (
    ("the parts of one video", "captions of a player", "a thumbnail"),
    ("a robots.txt behind redirects", "a robots.txt that leads to a page", "the robots.txt of a video's host"),
    ("a look-up in another archive",), ("what a successor lacks",), ("an archive that gives up",),
    ("a robots.txt that is cited",), ("a widget without its page",),
)  # fmt: skip
"""Cases of the same settings and of different hosts are captured in one run: what each shares, it shares there too."""


def test_every_case_is_captured_under_its_own_settings() -> None:
    assert sorted(name for names in TOGETHER for name in names) == sorted(SHARED)
    assert all(SHARED[name][1] == SHARED[names[0]][1] for names in TOGETHER for name in names)


@pytest.mark.parametrize("names", TOGETHER, ids=", ".join)
def test_what_sources_share_is_foreign_to_none_of_them(world: World, tmp_path: Path, names: tuple[str, ...]) -> None:
    cited = tuple(url for name in names for url in SHARED[name][0])
    made(world, tmp_path, cited, SHARED[names[0]][1])


CITABLE = [
    *(each.cited for each in PILOT), POST, ASSET, VIDEO_PAGE, GUARDED, TUBE, f"https://{CHANNEL}", f"https://{streaming.HOST}/",
    f"https://twitter.com/{social.USER}/status/{social.TWEET}", f"https://x.com/{social.USER}/status/{social.TWEET}",
    f"https://{drive.HOST}{drive.VIEW}", f"https://{drive.HOST}{drive.UC}", "https://www.instagram.com/p/CPabcdefg/",
    "https://www.facebook.com/snhr/posts/123", "https://www.tiktok.com/@snhr/video/6961", "https://youtu.be/ut0DuECJLjs",
    "https://sn4hr.org/favicon.ico", "https://sn4hr.org/wp-json/", f"http://{unwebtv.HOST}{unwebtv.OLD}",
]  # fmt: skip


def variants(url: str) -> tuple[str, ...]:
    """Addresses that lead to the same requests."""
    other = url.replace("https://", "http://") if url.startswith("https") else url.replace("http://", "https://")
    return url, f"{url}#a", f"{url}#b", other, f"{url}{'&' if '?' in url else '?'}{CLICK}", url.replace("://www.", "://")


def combination(seed: int) -> tuple[tuple[str, ...], dict[str, object]]:
    """Some addresses with some of their variants, and settings, as the seed draws them."""
    drawn = random.Random(seed)
    cited = [each for url in drawn.sample(CITABLE, 4) for each in drawn.sample(variants(url), 3)]
    settings = {name: drawn.random() < 0.5 for name in ("memento", "media", "obey_robots")}
    drawn.shuffle(cited)
    return tuple(dict.fromkeys(cited)), settings


@pytest.mark.parametrize("seed", range(2))
def test_reports_that_cite_combinations_of_these_become_sound_bags(world: World, tmp_path: Path, seed: int) -> None:
    try:
        made(world, tmp_path, *combination(seed))
    except NoNetwork:
        pytest.skip("nothing of this combination is in the loopback internet")
