"""Lists of what readers wrote below a page: each visit sees others of them; an edit of one, and the page's own, contradicts."""

from __future__ import annotations

import pytest

from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, MEDIA, news_page
from tests.archive.corroborate.page_pairs import compare

DAY = "{} days ago"


def reply(number: int, author: str, when: str, text: str, votes: str = "3") -> str:
    return f"<div class=comment id=c{number}><b>{author}</b> <time>{when}</time><div>{text}</div><span>{votes}</span></div>"


OMAR = reply(11, "Omar", "12.11.2026, 00:11", "We knew this street well and miss everybody there")
LAYLA = reply(12, "ليلى", "13.11.2026, 04:40", "شكراً على متابعة هذا الخبر منذ سنوات")
PAVEL = reply(13, "Павел", "14.11.2026, 12:22", "Поделилась с друзьями, спасибо за работу")
MINJUN = reply(14, "深山", "2026年11月15日 09:10", "我父亲在那所学校教了二十年书")
OLDER = reply(9, "Carlos", "3.11.2026, 20:48", "Gracias por informar de todo esto cada semana")
CORRECTS = reply(15, "old_teacher", "16.11.2026, 20:48", "Could you correct the spelling of the ward? It is false")


def below(replies: str) -> str:
    return news_page(f"<section class=comments><h2>Comments</h2>{replies}</section>")


def nested(replies: str) -> str:
    """The list lies in the article, whose text is shorter than what readers wrote."""
    return news_page(article=ARTICLE.replace("</article>", f"<section class=comments>{replies * 1}</section></article>"))


def beside_form(replies: str) -> str:
    """No name calls it comments: a reader writes one beside it."""
    bare = replies.replace("class=comment", "").replace("id=c", "id=")
    return news_page(f"<div><div>478</div>{bare}<form><textarea></textarea><button>OK</button></form></div>")


def labelled(replies: str) -> str:
    """Among elements of the same kind, and only a label for readers who do not see the page calls them comments."""
    named = replies.replace("class=comment id=c", "role=article aria-label='Comment by a reader' id=c")
    return news_page(f"<div><div>478 shares</div><div>The Observer</div>{named}</div>")


PLACES = {"labelled": labelled, "below": below, "within the article": nested, "beside a form": beside_form}
HONEST = {
    "an older one": (OMAR + LAYLA, OMAR + LAYLA + OLDER),
    "one less": (OMAR + LAYLA + PAVEL, OMAR + PAVEL),
    "others": (OMAR + LAYLA + PAVEL, MINJUN + OLDER + LAYLA),
    "others of one author at days without a year": (
        (OMAR + LAYLA).replace("12.11.2026, 00:11", "Nov 12"),
        (LAYLA + reply(16, "Omar", "Nov 14", "I wrote to the mayor about the lamps there")),
    ),
    "another order": (OMAR + LAYLA + PAVEL, PAVEL + OMAR + LAYLA),
    "one that corrects the page": (OMAR + LAYLA, OMAR + LAYLA + CORRECTS),
    "votes": (OMAR + LAYLA, OMAR + LAYLA.replace(">3<", ">25<")),
}
FORGED = {
    "edited": (OMAR + LAYLA, OMAR.replace("miss everybody", "paid everybody") + LAYLA),
    "replaced at its time by somebody": (OMAR + LAYLA, OMAR.replace("Omar", "The Ministry").replace("We knew this street", "It is a lie") + LAYLA),
    "edited, at a day without a year": (
        (OMAR + LAYLA).replace("12.11.2026, 00:11", "Nov 12").replace(" id=c11", ""),
        (OMAR + LAYLA).replace("12.11.2026, 00:11", "Nov 12").replace(" id=c11", "").replace("We knew this street well and miss everybody there", "It is a lie"),
    ),
    "another author": (OMAR + LAYLA, OMAR.replace("Omar", "The Ministry") + LAYLA),
    "another day": (OMAR + LAYLA, OMAR.replace("12.11", "21.11") + LAYLA),
    "by who wrote the page": (OMAR + LAYLA, OMAR + LAYLA + OLDER.replace("Carlos", "M. Haddad")),
    "by the site itself": (OMAR + LAYLA, OMAR + LAYLA + OLDER.replace("Carlos", "The Observer, news.example")),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", HONEST)
def test_replies_that_one_visit_alone_saw_are_shown(name: str, place: str) -> None:
    one, other = map(PLACES[place], HONEST[name])
    for pair in ((one, other), (other, one)):
        found = compare(*pair, media=(MEDIA, MEDIA))
        assert [each for each in found.differences if each.is_substance] == []
    shown = " ".join(f"{each.first} {each.second}" for each in found.differences)
    assert all(text in shown for text in ("Gracias por", "教了二十年书") if (text in one) != (text in other))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", FORGED)
def test_a_reply_that_was_edited_contradicts(name: str, place: str) -> None:
    one, other = map(PLACES[place], FORGED[name])
    for pair in ((one, other), (other, one)):
        assert compare(*pair, media=(MEDIA, MEDIA)).status is PairStatus.CONTRADICTS


LINKED = "<div class=comment><a href='/u/1?comment_id={}&amp;__cft__[0]=AZWp3kQ9{}'>Omar</a><div>{}</div><i>8y</i></div>"


@pytest.mark.parametrize(
    ("number", "said", "status"),
    [("Y29t7", "We knew it well", "differs"), ("Y29t7", "It was nothing", "contradicts"), ("Y29t9", "It was nothing", "differs")],
)
def test_a_reply_is_known_by_its_permanent_link(number: str, said: str, status: str) -> None:
    one, other = below(LINKED.format("Y29t7", "x8Lm2", "We knew it well") + LAYLA), below(LINKED.format(number, "vT4s7", said) + LAYLA)
    assert str(compare(one, other, media=(MEDIA, MEDIA)).status) == status


SAID = reply(77, "Ines", "15.11.2026, 10:00", "Villagers there say that rebels fired first")
IN_TEXT = {
    "two before the article": ("<article>", f"<div class=comments>{SAID + OLDER}</div><article>"),
    "two between its paragraphs": ("<p>The operation", f"<div class=comments>{SAID + OLDER}</div><p>The operation"),
    "a paragraph that is called one": ("<p>The operation", "<p class=comment id=c77><b>Ines</b> 15.11.2026 Rebels fired first</p><p>The operation"),
    "one before its last table": ("<table>", f"<div class=comments>{SAID + OLDER}</div><table>"),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_TEXT)
def test_what_stands_within_the_text_is_no_reply_though_readers_replied_too(name: str) -> None:
    one = below(OMAR + LAYLA)
    assert compare(one, one.replace(*IN_TEXT[name]), media=(MEDIA, MEDIA)).status is PairStatus.CONTRADICTS


def test_a_second_list_of_the_same_name_is_none_of_the_readers() -> None:
    one = below(OMAR + LAYLA)
    other = one.replace("<footer>", f"<section class=comments>{SAID + OLDER}</section><footer>")
    assert compare(one, other, media=(MEDIA, MEDIA)).status is PairStatus.CONTRADICTS


def test_a_list_that_one_page_alone_has_contradicts_where_its_replies_came_before_both_visits() -> None:
    assert compare(news_page(), below(OMAR + LAYLA), media=(MEDIA, MEDIA)).status is PairStatus.CONTRADICTS


def test_the_posts_of_a_thread_are_the_page_and_none_may_be_missing() -> None:
    posts = [each.replace("<div>", "<div><p>").replace("</div><span>", " in our town, since the day when it all began.</p></div><span>") for each in (OMAR, PAVEL, OLDER)]
    one, other = (f"<html><title>Street</title><body><h1>Street</h1><div class=comments>{''.join(each)}</div>" for each in (posts, posts[:2]))
    for pair in ((one, other), (other, one)):
        assert compare(*pair).status is PairStatus.CONTRADICTS


def test_the_list_is_known_by_what_no_build_makes_up() -> None:
    one, other = below(OMAR + LAYLA), below(OMAR + PAVEL)
    built = [each.replace("class=comments", f"class=svelte-{digits}") for each, digits in ((one, "8a47fcd4"), (other, "aad39cef"))]
    assert compare(*built, media=(MEDIA, MEDIA)).status is PairStatus.DIFFERS
    edited = built[1].replace("this street", "this army")
    assert compare(built[0], edited, media=(MEDIA, MEDIA)).status is PairStatus.CONTRADICTS


def test_what_a_page_has_for_readers_without_scripts_has_its_list_too() -> None:
    said = "<p>A conversation with the former detainee about the 94 days that she spent in Branch 9.</p>"
    lists = [f"<section class=comments>{each}</section>" for each in (OMAR + LAYLA, OMAR + PAVEL)]
    pages = [f"<html><title>Cell</title><body><noscript><article><h1>Cell</h1>{said}</article>{each}</noscript></body></html>" for each in lists]
    assert compare(*pages).status is PairStatus.DIFFERS
    assert compare(pages[0], pages[0].replace("94", "49")).status is PairStatus.CONTRADICTS
    assert compare(pages[0], pages[0].replace("everybody", "nobody")).status is PairStatus.CONTRADICTS


def test_an_answer_within_a_reply_is_a_reply_of_its_own() -> None:
    inner = OMAR.replace("<span>", f"<div class=children>{PAVEL}</div><span>")
    assert compare(below(OMAR + LAYLA), below(inner + LAYLA), media=(MEDIA, MEDIA)).status is PairStatus.DIFFERS
    edited = below(inner.replace("спасибо", "не верю") + LAYLA)
    assert compare(below(inner + LAYLA), edited, media=(MEDIA, MEDIA)).status is PairStatus.CONTRADICTS
