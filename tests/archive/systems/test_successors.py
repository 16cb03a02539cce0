"""A new address of a cited thing is another copy: beside the failed one, named as what it is, never in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.systems.fetch_sources import fetched
from tests.note_texts import texts_of
from tests.world import World
from tests.world.sites import faselhd, snhr, unwebtv

POST = snhr.POSTS[0]
NEW = POST.url.replace("sn4hr.org", "snhr.org")
VIDEO = f"https://{faselhd.HOST}{faselhd.VIDEO}"


@pytest.mark.parametrize(
    ("mode", "verdict"),
    [
        ("dns", ("unreachable", "dns")),
        ("refused", ("unreachable", "connect")),
        ("410", ("gone", "not-found")),
        ("blocked-sucuri", ("blocked", "geo")),
        ("parked", ("gone", "parked")),
    ],
)
def test_the_moved_host_is_requested_where_the_cited_one_fails(
    world: World, tmp_path: Path, mode: str, verdict: tuple[str, str]
) -> None:
    world.set_mode(snhr.HOST, mode)
    made = fetched(world, tmp_path, POST.url, tries=1)
    assert made.verdict == verdict
    assert (str(made.entry.live.status), made.entry.live.reason) == verdict
    copy = made.copy("successor")
    assert (copy.url, str(copy.status)) == (NEW, "captured")
    assert [made.record(ident).uri for ident in copy.records if "robots" not in made.record(ident).uri] == [NEW]
    assert "sn4hr.org moved to snhr.org" in " ".join(texts_of(copy.notes))
    assert made.entry.memento_lookup == "none"
    assert any(each.url.startswith("https://snhr.org/wp-content/uploads/") for each in made.entry.requisites)


def test_a_cited_host_that_answers_needs_no_successor(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, POST.url)
    assert [copy.kind for copy in made.entry.copies] == ["live"]
    assert world.urls("snhr.org") == []


def test_a_host_that_sends_on_itself_is_captured_live_and_requested_once(world: World, tmp_path: Path) -> None:
    world.set_mode(snhr.HOST, "moved")
    made = fetched(world, tmp_path, POST.url)
    assert made.verdict == ("captured", None)
    assert (made.entry.final_url, [copy.kind for copy in made.entry.copies]) == (NEW, ["live"])


@pytest.mark.parametrize(("settings", "report"), [({"third_parties": False}, ""), ({}, "published = false")])
def test_no_table_sends_us_to_a_host_where_others_may_not_learn_of_it(
    world: World, tmp_path: Path, settings: dict[str, bool], report: str
) -> None:
    world.set_mode(snhr.HOST, "410")
    made = fetched(world, tmp_path, POST.url, report=report, **settings)
    assert made.verdict == ("gone", "not-found")
    assert world.urls("snhr.org") == []


def test_a_successor_that_a_person_names_is_captured_as_asserted_by_them(world: World, tmp_path: Path) -> None:
    meeting = f"http://{unwebtv.HOST}{unwebtv.OLD}"
    made = fetched(world, tmp_path, meeting, source=f'successor = "{NEW}"', memento=False)
    assert made.verdict == ("gone", "soft-404")
    copy = made.copy("successor")
    assert (copy.url, str(copy.status)) == (NEW, "captured")
    assert " ".join(texts_of(copy.notes)).startswith("the new address is asserted by the editor of the source manifest, not by this program")


def test_a_named_successor_that_fails_is_reported_and_changes_nothing(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, VIDEO, source='successor = "https://sn4hr.org/nothing/here/"')
    assert made.verdict == ("memento", None)
    copy = made.copy("successor")
    assert str(copy.status) == "gone"
    assert "gone (not-found)" in " ".join(texts_of(copy.notes))


def test_a_named_successor_is_captured_also_where_the_cited_address_answers(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, POST.url, source=f'successor = "{snhr.POSTS[3].url}"')
    assert made.verdict == ("captured", None)
    assert made.copy("successor").url == snhr.POSTS[3].url
    assert made.entry.final_url == POST.url


def test_a_memento_and_a_successor_stand_beside_each_other(world: World, tmp_path: Path) -> None:
    from tests.world.sites import wayback

    world.set_mode(snhr.HOST, "410")
    page = snhr.SyrianNetwork().pages(snhr.HOST)[POST.path]
    world.sites[wayback.HOST].retained = [wayback.StoredCapture("20210401000000", POST.url, page)]  # type: ignore[attr-defined,arg-type]
    made = fetched(world, tmp_path, POST.url)
    assert made.verdict == ("memento", None)
    assert [copy.kind for copy in made.entry.copies] == ["live", "successor", "memento"]
    assert made.entry.title == f"{POST.title} - SNHR"


def test_an_address_that_the_cited_one_led_to_in_vain_is_not_captured_twice(world: World, tmp_path: Path) -> None:
    world.set_mode(snhr.HOST, "moved")
    world.set_mode("snhr.org", "410")
    made = fetched(world, tmp_path, POST.url)
    assert made.verdict == ("gone", "not-found")
    assert [copy.kind for copy in made.entry.copies] == ["live"]
