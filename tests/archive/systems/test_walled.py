"""A site of videos that are not its own: page and wall are stored, no video is fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.capture.media_policy import NO_MEDIA
from archive.systems import system_for
from archive.urls import parse
from tests.archive.systems.fetch_sources import fetched
from tests.archive.systems.newspaper import HOST, Press, article
from tests.note_texts import texts_of
from tests.world import World
from tests.world.replies import Reply, Request
from tests.world.site import html, redirect
from tests.world.sites import faselhd

VIDEO = f"https://{faselhd.HOST}{faselhd.VIDEO}"


@pytest.mark.parametrize(
    ("mode", "verdict"),
    [
        ("challenge", ("blocked", "challenge")),
        ("challenge-503", ("blocked", "challenge")),
        ("challenge-200", ("blocked", "challenge")),
        ("blocked", ("blocked", "challenge")),
        ("parked", ("gone", "parked")),
        ("catch-all", ("gone", "soft-404")),
    ],
)
def test_each_wall_is_said_plainly_and_stored(
    world: World, tmp_path: Path, mode: str, verdict: tuple[str, str]
) -> None:
    world.set_mode(faselhd.HOST, mode)
    made = fetched(world, tmp_path, VIDEO, memento=False, tries=1)
    assert made.verdict == verdict
    assert made.entry.facets.media.reason == NO_MEDIA
    assert NO_MEDIA in made.entry.notes
    advised = any("archive supply" in note for note in texts_of(made.entry.notes))
    assert advised == (verdict[0] == "blocked")


def test_a_video_in_the_page_is_never_fetched_even_where_the_manifest_requests_it(world: World, tmp_path: Path) -> None:
    class Serving(faselhd.FaselHd):
        def reply(self, request: Request) -> Reply:
            if request.target == faselhd.VIDEO:
                return html(faselhd.PAGE.replace("</body>", '<video src="/video.mp4" poster="/p.jpg"></video></body>'))
            return super().reply(request)

    world.sites[faselhd.HOST] = Serving()
    world.set_mode(faselhd.HOST, "ok")
    made = fetched(world, tmp_path, VIDEO, source="media = true", memento=False)
    assert made.requisites()[f"https://{faselhd.HOST}/video.mp4"] == ("not-attempted", "policy")
    assert f"https://{faselhd.HOST}/video.mp4" not in made.urls()
    assert made.requisites()[f"https://{faselhd.HOST}{faselhd.POSTER}"] == ("captured", None)


def test_the_video_in_an_archived_page_is_not_fetched_either(world: World, tmp_path: Path) -> None:
    from tests.world.sites import wayback

    page = html(faselhd.PAGE.replace("</body>", '<video src="/video.mp4"></video></body>'))
    world.sites[wayback.HOST].retained = [wayback.StoredCapture("20210401000000", VIDEO, page)]  # type: ignore[attr-defined]
    made = fetched(world, tmp_path, VIDEO)
    assert made.verdict == ("memento", None)
    assert [url for url in made.urls() if url.endswith("video.mp4")] == []


def paper(world: World, answer: Reply) -> str:
    """A newspaper whose article is `answer`; its address."""
    press = Press({"/the-cave": answer})
    world.sites |= dict.fromkeys(press.hosts, press)
    return f"https://{HOST}/the-cave"


def test_a_short_way_to_a_video_site_brings_no_video_that_its_page_serves(world: World, tmp_path: Path) -> None:
    class Serving(faselhd.FaselHd):
        def reply(self, request: Request) -> Reply:
            return html('<title>The cave</title><h1>The cave</h1><video src="/video.mp4"></video>')

    world.sites[faselhd.HOST] = Serving()
    made = fetched(world, tmp_path, paper(world, redirect(VIDEO)), source="media = true", memento=False)
    assert made.entry.final_url == VIDEO
    assert made.requisites()[f"https://{faselhd.HOST}/video.mp4"] == ("not-attempted", "policy")
    assert f"https://{faselhd.HOST}/video.mp4" not in made.urls()


def test_a_video_site_that_sends_on_brings_no_video_from_there(world: World, tmp_path: Path) -> None:
    class Moving(faselhd.FaselHd):
        def reply(self, request: Request) -> Reply:
            return redirect(address)

    address = paper(world, article('<video src="/video.mp4"></video>'))
    world.sites[faselhd.HOST] = Moving()
    made = fetched(world, tmp_path, VIDEO, source="media = true", memento=False)
    assert made.entry.final_url == address
    assert f"https://{HOST}/video.mp4" not in made.urls()


def test_a_video_that_lies_with_a_video_site_is_not_fetched_for_another_page(world: World, tmp_path: Path) -> None:
    address = paper(world, article(f'<video src="https://{faselhd.HOST}/video.mp4"></video><img src="/init.mp4">'))
    made = fetched(world, tmp_path, address, source="media = true", memento=False)
    assert made.requisites()[f"https://{faselhd.HOST}/video.mp4"] == ("not-attempted", "policy")
    assert made.requisites()[f"https://{HOST}/init.mp4"] == ("captured", None)
    assert made.urls(faselhd.HOST) == []


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.faselhd.pro/x", "unlicensed-video-site"),
        ("https://w1.faselhdxwatch.top/x", "unlicensed-video-site"),
        ("https://faselhd.life/x", "unlicensed-video-site"),
        ("https://www.example.org/faselhd", "page"),
        ("https://notfaselhd.org/", "page"),
    ],
)
def test_the_name_counts_under_whatever_top_level_domain(address: str, name: str) -> None:
    assert system_for(parse(address)).name == name
