"""Times and words of entries for other pages and of replies, beside the main text: their own, in any language."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive.corroborate.compare.pair import Compared, compare_sources
from archive.corroborate.texts.visit_times import are_age_and_day, are_ages
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import MEDIA, news_page
from tests.archive.corroborate.page_pairs import VISIT, evidence

DAYS = timedelta(days=4)
TEXTS = ("စာရင်းအပြည့်အစုံ ထုတ်ပြန်ပေးပါ", "ဒုက္ခရောက်သူတွေ အန္တရာယ်ကင်းပါစေ")


def compared(one: str, other: str) -> Compared:
    pages = [evidence(page, VISIT + at * DAYS, media=MEDIA) for at, page in enumerate((one, other))]
    found = compare_sources(*pages)
    assert found is not None
    return found


def replies(ages: tuple[str, str], instants: tuple[str, str] = ("2026-11-26T07:00:00+00:00", "2026-11-28T23:00:00+00:00")) -> str:
    said = zip(("နီနီ 9", "သီတာ"), instants, ages, TEXTS, strict=True)
    items = (
        f'<div class=comment><b>{who}</b> <time datetime="{at}">{age}</time><div>{text}</div></div>' for who, at, age, text in said
    )  # fmt: skip
    return news_page(f"<section>{''.join(items)}</section>")


def test_the_age_of_a_reply_is_that_of_one_moment_in_any_language() -> None:
    one = replies(("3 ရက်က", "11 နာရီက"))
    assert compared(one, replies(("7 ရက်က", "4 ရက်က"))).status is PairStatus.DIFFERS
    assert compared(one, replies(("7 ရက်က", "9 ရက်က"))).status is PairStatus.CONTRADICTS
    other = replies(("7 ရက်က", "4 ရက်က"), ("2026-11-26T07:00:00+00:00", "2026-11-27T23:00:00+00:00"))
    assert compared(one, other).status is PairStatus.CONTRADICTS


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("11小时前", "4天前", True), ("3 дн тому", "7 дн тому", True), ("il y a 2 jours", "il y a 6 jours", True), ("20 год тому", "5 дн тому", True),
        ("3 дн тому", "9 дн тому", False), ("3 jours", "2 jours", False), ("31 patients died here", "35 patients died here", False),
        ("12.11", "16.11", False),
    ],
)  # fmt: skip
def test_two_ages_of_one_moment_are_known_without_their_words(one: str, other: str, is_one: bool) -> None:
    assert are_ages(one, other, (VISIT, VISIT + DAYS)) is is_one


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("11 hrs", "28 November at 23:07", True), ("11 hrs", "November 28 at 11:07 PM", True), ("2 jours", "27 novembre à 09:00", True),
        ("11 hrs", "26 November at 23:07", False), ("11 hrs", "28 October at 23:07", False), ("11 patients", "2 November at 10:00", False),
        ("11 hrs", "28 dead at 23:07", False),
    ],
)  # fmt: skip
def test_an_age_and_a_day_without_a_year_are_one_moment(one: str, other: str, is_one: bool) -> None:
    assert are_age_and_day(one, other, (VISIT, VISIT + DAYS)) is is_one
    assert are_age_and_day(other, one, (VISIT + DAYS, VISIT)) is is_one


def test_the_text_of_a_reply_may_be_shorter_than_its_age() -> None:
    rows = "<div class=comment id={0}><b>{0}</b> <i>{1}</i><div>{2}</div></div>"
    pages = [
        news_page(f"<section>{rows.format('路人甲', first, said)}{rows.format('晓雨', second, '怎样可以捐款')}</section>")
        for first, second, said in (("21小时前", "2天前", "愿安息"), ("5天前", "6天前", "愿安息"), ("5天前", "6天前", "要调查"))
    ]
    assert compared(*pages[:2]).status is PairStatus.DIFFERS
    assert compared(pages[0], pages[2]).status is PairStatus.CONTRADICTS


LINE = "<div class=comment id=c{}><b>{}</b><div>{}</div><div><a href=/like>1</a><span aria-hidden=true> · </span>Like · <abbr>{}</abbr></div></div>"
FIRST, SECOND, THIRD = "We knew this street well", "Thanks for the report on this", "Where are those responsible"


def lines(when: str, said: str = FIRST, more: str = "") -> str:
    rows = LINE.format(1, "Omar", said, when) + LINE.format(2, "Lina", SECOND, "12 November at 10:00") + more
    return news_page(f"<section class=comments>{rows}</section>")


def test_a_reply_states_its_age_first_and_its_day_later() -> None:
    one, new = lines("11 hrs"), LINE.format(3, "Samar", THIRD, "22 hrs")
    assert compared(one, lines("28 November at 23:07", more=new)).status is PairStatus.DIFFERS
    for other in (lines("26 November at 23:07"), lines("28 November at 23:07", FIRST.replace("well", "once"))):
        assert compared(one, other).status is PairStatus.CONTRADICTS


def test_what_markup_takes_from_the_reader_of_one_reply_is_compared_within_it() -> None:
    one, new = lines("11 hrs"), LINE.format(3, "Samar", THIRD, "22 hrs")
    other = lines("28 November at 23:07", more=new.replace("<div>", "<div dir=rtl>"))
    assert compared(one, other).status is PairStatus.DIFFERS
    for name in ("aria-hidden=true", "dir=rtl"):
        hidden = lines("28 November at 23:07").replace(f"<div>{FIRST}", f"<div {name}>{FIRST}")
        assert compared(one, hidden).status is PairStatus.CONTRADICTS


def ticker(*entries: tuple[str, str, str]) -> str:
    items = "".join(f'<a href=/n/{at}><time datetime="{when}">{when[11:16]}</time> {text}</a>' for at, when, text in entries)
    return news_page().replace("<header>", f"<header><div role=marquee class=breaking-ticker>{items}</div>")


OLD = (("1", "2026-11-29T07:36:00+00:00", "Ferry timetable for the holidays"), ("2", "2026-11-29T04:48:00+00:00", "Heat pumps explained to owners"))
NEW = (("8", "2026-12-03T07:36:00+00:00", "Census shows villages are emptying"), ("9", "2026-12-03T04:48:00+00:00", "Radio station marks fifty years"))


def test_the_time_in_the_markup_of_an_entry_shares_its_fate() -> None:
    assert compared(ticker(*OLD), ticker(*NEW)).status is PairStatus.DIFFERS
    moved = (OLD[0], ("2", "2026-11-28T04:48:00+00:00", OLD[1][2]))
    assert compared(ticker(*OLD), ticker(*moved)).status is PairStatus.CONTRADICTS
    page = news_page()
    assert compared(page, page.replace('datetime="2021-05-21T10:30', 'datetime="2021-05-20T10:30')).status is PairStatus.CONTRADICTS


def latest(text: str) -> str:
    place = "".join(f"{ord(sign):x}" for sign in text[:8])
    return news_page(f"<aside><ul><li><a href=/n/1>Ferry timetable for the holidays</a></li><li><a href=/n/{place}>{text}</a></li></ul></aside>")


@pytest.mark.parametrize("text", ["تراجع محصول الزيتون بمقدار الخمس", "تنفيذ مشروع الطريق الجديد شمالاً"])
def test_a_harvest_that_falls_takes_nothing_back(text: str) -> None:
    assert compared(latest("مهرجان السينما ينطلق بتكريم مخرج"), latest(text)).status is PairStatus.DIFFERS


@pytest.mark.parametrize("text", ["الصحيفة تراجعت أمس عن تقريرها كله", "الوزارة تنشر نفي الخبر بالكامل"])
def test_a_headline_that_takes_a_report_back_contradicts(text: str) -> None:
    assert compared(latest("مهرجان السينما ينطلق بتكريم مخرج"), latest(text)).status is PairStatus.CONTRADICTS


def blogs(*posts: tuple[str, str]) -> str:
    items = "".join(f"<li><time datetime={when}>1 hours ago</time> <a href=/n/{when}>{text}</a></li>" for when, text in posts)
    return news_page(f"<div><h3>Live</h3><ul>{items}</ul></div>")


def test_the_time_of_an_entry_for_another_page_is_none_of_a_short_text() -> None:
    one, other = blogs(*((when, text) for _, when, text in OLD)), blogs(*((when, text) for _, when, text in NEW))
    assert compared(one, other).status is PairStatus.DIFFERS
    assert compared(one, one.replace("T07:36", "T06:36", 1)).status is PairStatus.CONTRADICTS


def test_a_time_alone_is_no_reply() -> None:
    page = news_page("<div><p>Other places</p><div class=t>1 hours ago</div><div class=t>13 hours ago</div></div>")
    live = evidence(page).live
    assert live is not None and live.content is not None
    assert [block for block in live.content.blocks if block.reply is not None] == []


def test_how_a_forum_worked_is_none_of_its_text() -> None:
    line = "Forum Software | Time : 0.{}s | Queries : {} | Peak Memory Usage: 2.4 MiB"
    pages = [news_page(f"<div>{line.format(*each)}</div>") for each in (("060", 18), ("026", 16))]
    assert compared(*pages).status is PairStatus.DIFFERS
    assert compared(pages[0], pages[1].replace("Time", "Delay of the army")).status is PairStatus.CONTRADICTS
    assert compared(pages[0], pages[1].replace("Queries", "Dead")).status is PairStatus.CONTRADICTS


def test_who_is_online_is_counted_in_french() -> None:
    line = "Il y a actuellement {} utilisateurs connectés et {} invités."
    pages = [news_page(f"<div>{line.format(*each)}</div>") for each in ((1, 87), (3, 44))]
    assert compared(*pages).status is PairStatus.DIFFERS
    said = pages[1].replace("invités.", "invités mentent.")
    assert compared(pages[0], said).status is PairStatus.CONTRADICTS


@pytest.mark.parametrize("name", ["mod_survey", "m.okafor"])
def test_who_edited_something_is_no_entry_of_a_list_of_other_pages(name: str) -> None:
    def page(editor: str, age: str) -> str:
        item = f"<li>Edited <time>{age}</time> by <a href=/user/{editor}>{editor}</a></li>"
        return news_page(f"<ul class=details>{item}<li>Changeset <a href=/changeset/88120417>88120417</a></li></ul>")

    one = page("kelo_mapper", "3 months ago")
    assert compared(one, page("kelo_mapper", "3 months ago")).status is not PairStatus.CONTRADICTS
    assert compared(one, page(name, "3 months ago")).status is PairStatus.CONTRADICTS


RELEASES = ("on the elections in Nauru", "on floods in Assam", "on the visit of the Queen", "on whaling", "on the explosion in Banjul")


def released(*numbers: int, added: str = "") -> str:
    """A press release of a series, with a list of others."""
    items = "".join(f"<li><a href=/no_{at}>No: {at}, Press release {RELEASES[at]}</a></li>" for at in numbers) + added
    head = "<title>No: 9, Press release on the explosion in Idlib market</title>"
    return news_page(f"<aside><h4>Recent releases</h4><ul>{items}</ul></aside>", heads=head)


def test_a_headline_in_the_words_of_a_series_repeats_no_title() -> None:
    assert compared(released(0, 1, 2, 3), released(4, 0, 1, 2)).status is PairStatus.DIFFERS
    repeated = released(0, 1, 2, added="<li><a href=/no_8>Explosion in Idlib market: a gas bottle</a></li>")
    assert compared(released(0, 1, 2, 3), repeated).status is PairStatus.CONTRADICTS


def test_a_headline_that_shares_some_words_with_a_long_title_is_of_another_page() -> None:
    def page(teaser: str) -> str:
        items = f"<li><a href=/n/1>Ferry timetable for the holidays</a></li><li>{teaser}</li>"
        head = "<title>Prison hunger strike near Tripoli enters third week</title>"
        return news_page(f"<aside><h4>Most read</h4><ul>{items}</ul></aside>", heads=head)

    one = page("<a href=/n/2>Heat pumps explained to owners</a>")
    assert compared(one, page("<a href=/n/3>Teachers strike enters second week</a>")).status is PairStatus.DIFFERS
    repeated = page("<a href=/n/3>Prison near Tripoli enters strike over water</a>")
    assert compared(one, repeated).status is PairStatus.CONTRADICTS


HEADLINES = ("Teachers strike enters second week", "Border crossing closed until Friday", "Bread prices rise again", "Snow closes mountain roads")


def blind(*numbers: int, added: str = "") -> str:
    """A list of other pages to which a script leads."""
    items = "".join(f"<div class=trend><h3><a href='#'>{HEADLINES[at]}</a></h3></div>" for at in numbers)
    return news_page(f"<section class=trending>{items}{added}</section>")


def test_links_to_which_a_script_leads_differ_by_their_words() -> None:
    assert compared(blind(0, 1, 2), blind(1, 3, 2)).status is PairStatus.DIFFERS
    edited = "<div class=trend><h3><a href='#'>Bread prices fall again</a></h3></div>"
    assert compared(blind(0, 1, 2), blind(0, 1, added=edited)).status is PairStatus.CONTRADICTS
    taking_back = "<div class=trend><h3><a href='#'>Hospital footage was staged</a></h3></div>"
    assert compared(blind(0, 1, 2), blind(0, 1, added=taking_back)).status is PairStatus.CONTRADICTS


def test_an_address_that_markup_states_once_more_is_of_its_entry() -> None:
    def page(*numbers: int, about: str | None = None) -> str:
        rows = ""
        for at in numbers:
            slug = HEADLINES[at].lower().replace(" ", "-")
            rows += f"<div class=row><article about='/n/{about or slug}'><h3><a href=/n/{slug}>{HEADLINES[at]}</a></h3></article></div>"
        return news_page().replace("</main>", f"<section><h2>Most viewed</h2><div class='view view-latest'>{rows}</div></section></main>")

    assert compared(page(0, 1, 2), page(1, 2, 3)).status is PairStatus.DIFFERS
    assert compared(page(0, 1), page(0, 1, about="hospital-footage-staged")).status is PairStatus.CONTRADICTS
