"""Tracking parameters: in the citation, not in the key, and left out of one more request."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.capture.tracking import clean, dedup_key, notes_on
from archive.urls import parse
from tests.archive.systems.fetch_sources import fetched
from tests.note_texts import texts_of
from tests.world import World
from tests.world.sites import coe, snhr

CITED = coe.BASE + coe.CITED


def test_the_cited_url_and_the_clean_one_are_both_stored(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, CITED)
    entry = made.entry
    assert made.verdict == ("captured", None)
    assert entry.cited == CITED
    assert entry.request_url == CITED
    assert entry.dedup_key == f"int,coe)/en/web/portal/-/{coe.SLUG}"
    uris = [made.record(ident).uri for ident in entry.exchanges]
    assert CITED in uris and coe.BASE + coe.ARTICLE in uris
    assert "gives a page of the same text" in " ".join(texts_of(entry.notes))
    assert any("`fbclid`" in note and "Facebook" in note and "person's account" in note for note in texts_of(entry.notes))


def test_a_url_without_tracking_is_requested_once(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, coe.BASE + coe.ARTICLE)
    assert made.urls("www.coe.int").count(coe.BASE + coe.ARTICLE) == 1
    assert made.entry.notes == ()


@pytest.mark.parametrize(
    ("address", "cleaned"),
    [
        ("https://a.example/x?fbclid=1", "https://a.example/x"),
        ("https://a.example/x?term=&fbclid=1&lan=original", "https://a.example/x?term=&lan=original"),
        ("https://a.example/x?b=2&a=1&utm_source=t&utm_medium=m", "https://a.example/x?b=2&a=1"),
        ("https://a.example/x?a=%d9%81&gclid=1", "https://a.example/x?a=%d9%81"),
        ("https://a.example/x?", "https://a.example/x?"),
        ("https://a.example/x?a", "https://a.example/x?a"),
        ("https://a.example/x?&&fbclid=1", "https://a.example/x?&"),
        ("https://a.example/x?si=1", "https://a.example/x?si=1"),
        ("https://youtu.be/ut0DuECJLjs?si=AbC&t=10", "https://youtu.be/ut0DuECJLjs?t=10"),
        ("https://a.example/?xfbclid=1", "https://a.example/?xfbclid=1"),
        ("https://a.example:8443/x?fbclid=1", "https://a.example:8443/x"),
    ],
)
def test_only_what_follows_a_reader_is_dropped(address: str, cleaned: str) -> None:
    assert clean(parse(address)).href == cleaned


@pytest.mark.parametrize(
    "address",
    [
        "http://www.sn4hr.org/blog/2019/04/30/53633/",
        "https://sn4hr.org/blog/2019/04/30/53633?fbclid=x",
        "https://SN4HR.org:443/blog/2019/04/30/53633/#top",
    ],
)
def test_addresses_of_one_thing_have_one_key(address: str) -> None:
    assert dedup_key(parse(address)) == dedup_key(parse(snhr.POSTS[0].url))


def test_each_token_is_reported_once() -> None:
    notes = notes_on(parse("https://a.example/?fbclid=1&gclid=2&fbclid=3&utm_source=x"))
    assert [note.facts["name"] for note in notes] == ["fbclid", "gclid"]
