"""What an advertisement, its frame or the head of a page says of the page itself is reported."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.corroborate.compare.pair import Compared, compare_sources
from archive.corroborate.pages.slots import NAMED, slot_of
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, MEDIA, news_page
from tests.archive.corroborate.page_pairs import LATER, VISIT, compare, evidence

CONTRADICTS, DIFFERS = PairStatus.CONTRADICTS, PairStatus.DIFFERS
SLOT = '<div id=div-gpt-ad-1><span>Advertisement</span><a href=https://ad.doubleclick.net/{0}>{1}<img src=https://tpc.googlesyndication.com/{0}.jpg alt="{2}"></a></div>'
EDITS = ("The Observer has retracted this article.", "Nobody died in the hospital, the army said: the missile struck patients of no ward.")


def _framed(*said: str) -> Compared:
    sides = []
    for at, text in enumerate(said):
        one = evidence(news_page(), VISIT + at * LATER, media=MEDIA)
        assert one.live is not None and one.live.content is not None
        sides.append(replace(one, live=replace(one.live, content=replace(one.live.content, beside=[text]))))
    found = compare_sources(*sides)
    assert found is not None
    return found


@pytest.mark.parametrize("edit", EDITS)
def test_what_an_advertising_frame_says_of_the_page_contradicts(edit: str) -> None:
    found = _framed("Winter tyres, fitted while you wait", edit)
    assert found.status is CONTRADICTS
    assert [(each.what, each.second) for each in found.differences if each.is_substance] == [("frame", edit)]


def test_another_advertisement_in_a_frame_is_shown() -> None:
    found = _framed("Winter tyres, fitted while you wait", "Compare car insurance in two minutes")
    assert found.status is DIFFERS
    assert [each.first or each.second for each in found.differences] == [
        "Winter tyres, fitted while you wait", "Compare car insurance in two minutes",
    ]  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("place", ["text", "alt"])
def test_what_an_advertisement_says_of_the_page_contradicts(edit: str, place: str) -> None:
    tyres = SLOT.format("a1", "Winter tyres, fitted while you wait", "Winter tyres")
    other = SLOT.format("b2", edit if place == "text" else "Car insurance in two minutes", edit if place == "alt" else "Car")
    assert compare(news_page(tyres), news_page(other), media=(MEDIA, MEDIA)).status is CONTRADICTS
    honest = SLOT.format("b2", "Car insurance in two minutes", "Car")
    assert compare(news_page(tyres), news_page(honest), media=(MEDIA, MEDIA)).status is DIFFERS


@pytest.mark.parametrize(
    "head",
    [
        "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\">",
        '<meta name=robots content="noindex,noarchive">',
    ],
)
def test_what_forbids_pictures_or_copies_is_reported(head: str) -> None:
    found = compare(news_page(), news_page(head=head), media=(MEDIA, MEDIA))
    assert found.status is CONTRADICTS
    assert all(each.second for each in found.differences)


def test_another_picture_that_a_script_loads_is_reported() -> None:
    page = news_page()
    assert 'src="/img/a.jpg"' in page
    other = page.replace('src="/img/a.jpg"', 'src="/img/a.jpg" data-src="/img/b.jpg"')
    assert compare(page, other, media=(MEDIA, MEDIA)).status is CONTRADICTS
    same = page.replace('src="/img/a.jpg"', 'src="/img/a.jpg" data-src="/img/a.jpg"')
    assert compare(page, same, media=(MEDIA, MEDIA)).status is not CONTRADICTS


def test_a_name_of_many_parts_is_read_in_time_that_grows_with_it() -> None:
    assert slot_of("div", {"class": "a_" * 2_000 + "b"}, frozenset()) is None
    assert slot_of("div", {"class": "tag_manager-publicidade_box"}, frozenset()) == NAMED


OFFER = "<div class=news_ad><a href={}>{}</a></div>"
FIRST, SECOND = "https://offers.example/7e4063", "https://offers.example/2563b5"


@pytest.mark.parametrize(
    ("other", "status"),
    [
        (OFFER.format(SECOND, "Winter tyres, fitted while you wait"), DIFFERS),
        ("", DIFFERS),
        (OFFER.format("/statement", "Follow the market on your telephone"), CONTRADICTS),
        (OFFER.format(SECOND, "Nobody died in the hospital, the army said: the missile struck patients of no ward."), CONTRADICTS),
        (OFFER.replace("news_ad", "ad-dana").format(SECOND, "Follow the market on your telephone"), CONTRADICTS),
    ],
    ids=["other offer", "no offer", "page of the site", "statement", "no name of advertising"],
)
def test_advertising_that_a_theme_names_leads_to_another_site(other: str, status: PairStatus) -> None:
    pages = [
        news_page(article=ARTICLE.replace("<p>The operation", f"{part}<p>The operation"))
        for part in (OFFER.format(FIRST, "Follow the market on your telephone"), other)
    ]
    assert compare(pages[0], pages[1], media=(MEDIA, MEDIA)).status is status
