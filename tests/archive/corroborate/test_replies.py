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


def post(number: int, author: str, when: str, text: str) -> str:
    profile = f"<dl><dt>{author}</dt><dd>Posts: 36</dd><dd>Joined: 04 Mar 2019, 11:02</dd></dl>"
    return f"<div id=p{number} class=post>{profile}<p class=author>by {author} » <time>{when}</time></p><div class=content>{text}</div></div>"


POSTS = (
    post(51, "valkas", "12 Nov 2026, 19:04", "My brother was on the 7.15 bus that day. The men at the bridge took eleven people off."),
    post(52, "mirela", "12 Nov 2026, 20:41", "I can confirm the armbands. My father was let go because he had the hospital card."),
    post(53, "ionel", "14 Nov 2026, 22:30", "He worked at the mill until the year before last, everybody in the town knows him."),
)
MEETING = post(60, "mirela", "1 Dec 2026, 20:22", "We are meeting the ombudsman's people on Friday. Write to me if you want to come.")


def thread(*posts: str) -> Compared:
    pages = (f"<html><title>The bus</title><body><h1>The bus</h1><div class=page>{''.join(each)}</div></body></html>" for each in (POSTS, posts))
    one, other = pages
    found = compare_sources(evidence(one, VISIT), evidence(other, VISIT + DAYS))
    assert found is not None
    return found


def test_a_post_of_a_thread_that_came_between_the_visits_is_new() -> None:
    found = thread(*POSTS, MEETING)
    assert found.status is PairStatus.DIFFERS
    assert "ombudsman" in " ".join(each.second for each in found.differences)


@pytest.mark.parametrize(
    "posts",
    [
        (*POSTS, MEETING.replace("1 Dec", "11 Nov")),
        (*POSTS[1:], MEETING),
        (*POSTS[:2], MEETING),
        (POSTS[0].replace("eleven", "seven"), *POSTS[1:], MEETING),
        (*POSTS[:2], POSTS[2].replace("ionel", "valkas"), MEETING),
        (*POSTS, MEETING.replace("1 Dec", "9 Dec")),
        (*POSTS, MEETING.replace("We are", "My post has been withdrawn, it was false. We are")),
    ],
    ids=["an older one", "the first is missing", "the last is missing", "edited", "of another author", "after both visits", "taken back"],
)
def test_another_post_of_a_thread_contradicts(posts: tuple[str, ...]) -> None:
    assert thread(*posts).status is PairStatus.CONTRADICTS
