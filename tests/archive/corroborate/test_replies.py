"""Replies below a page: those that came between two visits are shown; whatever else one page alone has contradicts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive.corroborate.compare.pair import Compared, compare_sources
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import MEDIA, news_page
from tests.archive.corroborate.page_pairs import VISIT, evidence

DAYS = timedelta(days=4)
HEADING = "<h3>Readers</h3>"


def reply(author: str, when: str, text: str, votes: str = "") -> str:
    return f"<div class=r7><b>{author}</b> <i>{when}</i><div>{text}</div><span>{votes}</span></div>"


OMAR = reply("Omar", "12.11.2026, 00:11", "We knew this street well and miss everybody there", "+9")
LAYLA = reply("ليلى", "منذ 6 أيام", "شكراً على متابعة هذا الخبر منذ سنوات", "+0")
PAVEL = reply("Павел", "26.11.2026, 12:22", "Поделилась с друзьями, спасибо за работу", "+1")
NEW = reply("Carlos", "1 December 2026 at 20:48", "Gracias por informar de todo esto cada semana", "+3")
FRESH = reply("深山", "2026年12月2日 09:10", "我父亲在那所学校教了二十年书，谢谢你们的报道 好的")
TOLL = reply("Carlos", "1 December 2026 at 20:48", "The army says that 12 patients died and not 37")
DENIED = reply("Ministry", "1 December 2026 at 20:48", "This report is false and has been withdrawn")


def compared(one: str, other: str) -> Compared:
    pages = [news_page(f"<div class=k>{each}</div>") for each in (one, other)]
    found = compare_sources(evidence(pages[0], VISIT, media=MEDIA), evidence(pages[1], VISIT + DAYS, media=MEDIA))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (OMAR + LAYLA, OMAR + LAYLA.replace("6", "10") + NEW),
        (OMAR + LAYLA, FRESH + NEW + OMAR + LAYLA.replace("6", "10")),
        (OMAR + PAVEL, OMAR.replace("+9", "+14") + PAVEL.replace("+1", "+37-4")),
        (PAVEL + LAYLA + OMAR, NEW + PAVEL + LAYLA.replace("6", "10")),
    ],
    ids=["new at the end", "new before all", "votes", "pushed off the end"],
)
def test_replies_that_came_between_the_visits_are_shown(one: str, other: str) -> None:
    found = compared(one, other)
    assert found.status is PairStatus.DIFFERS
    assert not any(each.is_substance for each in found.differences)
    shown = " ".join(f"{each.first} {each.second}" for each in found.differences)
    assert all(author in shown for author in ("Carlos", "深山") if author in other)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (OMAR + LAYLA, OMAR + LAYLA.replace("6", "10") + NEW.replace("1 December", "11 November"), "Gracias por informar"),
        (OMAR + LAYLA, OMAR + LAYLA.replace("6", "10") + NEW.replace("1 December 2026 at 20:48", "9 days ago"), "Gracias por informar"),
        (OMAR + LAYLA, OMAR.replace("miss everybody", "paid everybody") + LAYLA.replace("6", "10"), "paid everybody"),
        (OMAR + LAYLA, OMAR.replace("Omar", "The Ministry") + LAYLA.replace("6", "10"), "The Ministry"),
        (OMAR + PAVEL + LAYLA, OMAR + LAYLA.replace("6", "10"), "Поделилась"),
        (OMAR + PAVEL + LAYLA, OMAR + NEW + LAYLA.replace("6", "10"), "Поделилась"),
        (OMAR + LAYLA, OMAR + LAYLA.replace("6", "10") + TOLL, "12 patients"),
        (OMAR + LAYLA, OMAR + LAYLA.replace("6", "10") + DENIED, "withdrawn"),
        (OMAR + LAYLA, OMAR + LAYLA.replace("6", "10") + NEW.replace("1 December 2026 at 20:48", "now and then"), "Gracias por informar"),
    ],
    ids=[
        "older than the first visit", "of an age before it", "edited", "of another author", "taken out", "taken out of the middle",
        "another toll", "denied", "without a time",
    ],
)  # fmt: skip
def test_any_other_reply_that_differs_contradicts(one: str, other: str, said: str) -> None:
    found = compared(one, other)
    assert found.status is PairStatus.CONTRADICTS
    assert any(said in f"{each.first} {each.second}" for each in found.differences if each.is_substance)


def test_what_stands_before_or_within_the_main_text_is_no_reply() -> None:
    news = NEW + reply("Ines", "2 December 2026", "Villagers there say that rebels fired first")
    for place in ("<article>", "<p>The operation"):
        page = news_page().replace(place, f"<div>{news}</div>{place}")
        found = compare_sources(evidence(news_page(), VISIT, media=MEDIA), evidence(page, VISIT + DAYS, media=MEDIA))
        assert found is not None and found.status is PairStatus.CONTRADICTS


@pytest.mark.parametrize("place", ["<article>", "<p>The operation", "<header>"])
@pytest.mark.parametrize("tag", ["<p class=reply data-post=1>{}</p>", "<div class=thing><h1>{}</h1></div>"])
def test_what_markup_names_a_reply_before_or_within_the_main_text_is_none(place: str, tag: str) -> None:
    said = '<time datetime="2026-12-01T10:05:00Z"></time>Villagers there say that rebels fired first'
    page = news_page().replace(place, f"{tag.format(said)}{place}")
    found = compare_sources(evidence(news_page(), VISIT, media=MEDIA), evidence(page, VISIT + DAYS, media=MEDIA))
    assert found is not None and found.status is PairStatus.CONTRADICTS


def test_a_reply_that_answers_another_is_one_of_its_own() -> None:
    inner = OMAR.replace("</div><span>", f"</div><div class=below>{PAVEL}</div><span>")
    live = evidence(news_page(f"<div class=k>{inner}{LAYLA}</div>")).live
    assert live is not None and live.content is not None
    owners = {block.text: block.reply for block in live.content.blocks if block.reply is not None}
    assert len({reply.key for reply in owners.values()}) == 3
    assert owners["Павел 26.11.2026, 12:22"] == owners["Поделилась с друзьями, спасибо за работу"]
    assert owners["Omar 12.11.2026, 00:11"].stated == "12.11.2026, 00:11"
