"""UN Web TV: the old path, its soft 404, our guess marked so, one request to the player, the memento of the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.systems.unwebtv import NO_VIDEO, UnWebTv, video_id, without_artefact
from archive.urls import parse
from tests.archive.systems.fetch_sources import fetched
from tests.note_texts import texts_of
from tests.world import World
from tests.world.replies import Reply, Request
from tests.world.site import html
from tests.world.sites import brightcove, unwebtv, wayback

CITED = f"http://{unwebtv.HOST}{unwebtv.OLD}"
REPAIRED = CITED.replace("/Microsoft.XMLDOM", "")
PLAYER = f"https://{brightcove.PLAYERS}/{brightcove.ACCOUNT}/default_default/index.html?videoId={brightcove.VIDEO}"


@pytest.mark.parametrize(
    ("mode", "live"),
    [
        ("soft-404", ("gone", "soft-404")),
        ("404", ("gone", "not-found")),
        ("home", ("gone", "redirected-home")),
    ],
)
def test_the_lost_page_is_reported_and_its_memento_stands_beside_it(
    world: World, tmp_path: Path, mode: str, live: tuple[str, str]
) -> None:
    world.set_mode(unwebtv.HOST, mode)
    made = fetched(world, tmp_path, CITED)
    entry = made.entry
    assert made.verdict == ("memento", None)
    assert (str(entry.live.status), entry.live.reason) == live
    assert entry.memento is not None and entry.memento.after_report
    assert (entry.facets.media.present, entry.facets.media.reason) == (False, NO_VIDEO)
    assert any(note.startswith("a guess of this program, not cited: ") and "gone" in note for note in texts_of(entry.notes))
    assert any("responded with status 404" in note for note in texts_of(entry.notes))
    assert made.urls().count(PLAYER) == 1
    assert made.urls().count(REPAIRED) == 1


def test_the_page_where_it_still_stands_is_not_its_recording(world: World, tmp_path: Path) -> None:
    world.set_mode(unwebtv.HOST, "ok")
    made = fetched(world, tmp_path, CITED)
    assert made.entry.live.status != "gone"
    assert made.verdict[0] == "partial"
    assert not made.entry.facets.media.present
    assert REPAIRED not in made.urls()


def test_what_our_guess_finds_is_a_copy_and_no_verdict(world: World, tmp_path: Path) -> None:
    class Repaired(unwebtv.UnWebTv):
        def reply(self, request: Request) -> Reply:
            if request.scheme == "https" and request.target == unwebtv.OLD.replace("/Microsoft.XMLDOM", ""):
                return html(unwebtv.OLD_PAGE)
            return super().reply(request)

    world.sites[unwebtv.HOST] = Repaired()
    made = fetched(world, tmp_path, CITED, memento=False)
    assert made.verdict == ("gone", "soft-404")
    copy = made.copy("successor")
    assert copy.url == REPAIRED.replace("http:", "https:")
    assert " ".join(texts_of(copy.notes)).startswith("a guess of this program, not cited: ")


@pytest.mark.parametrize(("settings", "report"), [({"third_parties": False}, ""), ({}, "published = false")])
def test_the_company_of_the_player_is_not_requested_where_others_may_not_be(
    world: World, tmp_path: Path, settings: dict[str, bool], report: str
) -> None:
    made = fetched(world, tmp_path, CITED, report=report, **settings)
    assert {seen.host for seen in world.requested()} == {unwebtv.HOST}
    assert made.verdict == ("gone", "soft-404")


def test_the_archive_is_requested_under_each_form_until_one_has_a_copy(world: World, tmp_path: Path) -> None:
    bare = REPAIRED.partition("?")[0]
    world.sites[wayback.HOST].retained = [wayback.StoredCapture("20210401000000", bare, html(unwebtv.OLD_PAGE))]  # type: ignore[attr-defined]
    made = fetched(world, tmp_path, CITED)
    assert made.verdict == ("memento", None)
    assert made.entry.memento is not None and not made.entry.memento.after_report
    requested = [url for url in made.urls(wayback.HOST) if "/cdx/" in url]
    assert len(requested) == 4
    assert any("without “Microsoft.XMLDOM”" in note and "without its query" in note for note in texts_of(made.entry.notes))


@pytest.mark.parametrize(
    ("address", "number"),
    [
        (CITED, "6245250053001"),
        ("http://webtv.un.org/meetings-events/watch/x/6245250053001", "6245250053001"),
        ("https://webtv.un.org/en/asset/k1o/k1o7stmi6p", None),
        ("http://webtv.un.org/watch/x/123", None),
    ],
)
def test_which_addresses_are_of_the_old_kind(address: str, number: str | None) -> None:
    assert video_id(parse(address)) == number
    assert UnWebTv().claims(parse(address)) == (number is not None)


def test_only_the_artefact_is_taken_out() -> None:
    repaired = without_artefact(parse(CITED))
    assert repaired is not None and repaired.href == REPAIRED
    assert without_artefact(parse(REPAIRED)) is None
