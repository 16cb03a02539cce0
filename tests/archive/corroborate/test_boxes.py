"""Boxes, polls and offers of other pages between the paragraphs of a text: which of their changes contradict."""

from __future__ import annotations

import pytest

from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, MEDIA, news_page
from tests.archive.corroborate.page_pairs import compare

_BEFORE, _BEHIND = "<p>The operation", "<ol start=5>"
_LETTER = "<aside><p>{}</p><form method=post><input type=email placeholder=E-mail><button>OK</button></form></aside>"
_CARD = "<div class=card><p>{}</p></div>"
_LINK = '<div class=c2><a href="https://chat.example/x">{}</a></div>'
_POLL = "<div id=q1><p>Should the inquiry be public?</p><ul><li>Yes <b>{}%</b></li><li>No <b>{}%</b></li></ul><span>{} votes</span></div>"
_ALSO = "<section><h3>Read also</h3><a href=/n/{}>{}</a><a href=/n/{}>{}</a></section>"
_LABELLED = "<div class=also><span>{}</span><a href=/n/{}>{}</a></div>"
_BEES, _SNOW, _BUS = "Why bees move into cities", "Snow closes schools in the north", "Bus fares rise next month"
_SHORT = "<article><h1>Town fair</h1>{}</article>".format(
    "<p>Nine stalls sold bread, honey and old books there.</p>" * 3 + "<p>It rained all of the afternoon, one seller says.</p>{}"
)


def _within(part: str, before: str = _BEFORE) -> str:
    return news_page(article=ARTICLE.replace(before, part + before))


def _arms(box: str, one: str, other: str) -> tuple[str, str]:
    return _within(box.format(one)), _within(box.format(other))


def _polls(*answers: tuple[object, ...]) -> tuple[str, str]:
    one, other = (_within(_POLL.format(*each)) for each in answers)
    return one, other


def _appeals(one: str, other: str) -> tuple[str, ...]:
    """A box beside the text with one link, by whose label it asks for a gift."""
    box = "</main><aside><div class=widget><p>{}</p><a href=/donate>Donate</a></div></aside>"
    return tuple(news_page().replace("</main>", box.format(said)) for said in (one, other))


HONEST: dict[str, tuple[str, ...]] = {
    "letter": _arms(_LETTER, "Get our morning briefing in your inbox", "Join 40,000 readers of our newsletter"),
    "letter in Turkish": _arms(_LETTER, "Sabah bülteni için kaydolun", "Reklamsız okuyun"),
    "letter of one page": (_within(""), _within(_LETTER.format("Get our morning briefing in your inbox"))),
    "app": _arms(_CARD, "Get breaking news first: download our app", "Read ad-free in our app"),
    "app in Spanish": _arms(_CARD, "Descargue la aplicación", "Lea sin anuncios"),
    "channel": _arms(_LINK, "Читайте нас у Telegram", "Завантажте застосунок і дізнавайтеся першими"),
    "letter in another place": (
        _within(_LETTER.format("Sign up for our newsletter")),
        _within(_LETTER.format("Get our morning briefing in your inbox"), _BEHIND),
    ),
    "gift above the text": (
        news_page().replace("<header>", "<div><h2>Become a monthly supporter</h2><a href=/d>Donate</a></div><header>"),
        news_page().replace("<header>", "<div><h2>Your gift can help today</h2><a href=/d>Donate</a></div><header>"),
    ),
    "gift beside the text": _appeals("Support our documentation. Every gift counts.", "Justice needs you. Give today and your gift goes three times as far."),
    "gift beside the text in Arabic": _appeals("تبرع اليوم من أجل الذاكرة", "ساعدوا الشهود على الكلام"),
    "letter in a short text": (
        news_page(article=_SHORT.format(_LETTER.format("Get our morning briefing in your inbox"))),
        news_page(article=_SHORT.format(_LETTER.format("Join 40,000 readers of our newsletter"))),
    ),
    "poll": _polls((61, 39, 1204), (60, 40, 1219)),
    "poll in another place": (_within(_POLL.format(61, 39, 1204)), _within(_POLL.format(61, 39, 1204), _BEHIND)),
    "offer behind a label without a colon": (
        _within(_LABELLED.format("READ ALSO", 1, _BEES)), _within(_LABELLED.format("READ ALSO", 3, _BUS)),
    ),
    "offer that stands in another list too": tuple(
        page.replace("</main>", f"</main><aside><ul><li><a href=/n/3>{_BUS}</a></li><li><a href=/n/2>{_SNOW}</a></li></ul></aside>")
        for page in (_within(_LABELLED.format("READ ALSO", 1, _BEES)), _within(_LABELLED.format("READ ALSO", 3, _BUS)))
    ),
    "offers in one block": (
        _within(_ALSO.format(1, _BEES, 2, _SNOW)), _within(_ALSO.format(3, _BUS, 2, _SNOW)),
    ),
}  # fmt: skip
FORGED = {
    "statement in a box that asks for a gift": _appeals("Every gift counts.", "The hospital was a store for rockets."),
    "statement of the site in a box that asks for a gift": _appeals("Every gift counts.", "Support us. Our pictures were bought from players."),
    "edit in a box that asks for a gift": _appeals("Each of 40 lawyers works for nothing.", "Each of 4 lawyers works for nothing."),
    "what takes back in a box that asks for a gift": _appeals("Every gift counts.", "The last appeal was a hoax of ours."),
    "a person of the text in a box that asks for a gift": _appeals("Every gift counts.", "Haddad gave all he had."),
    "box that asks for a gift and leads to two pages": tuple(
        page.replace("</aside>", "<a href=/map>Map</a></aside>") for page in _appeals("Every gift counts.", "Nobody lives on that hill.")
    ),
    "statement in a letter": _arms(_LETTER, "Sign up for our newsletter", "Rebels used that cellar as a store"),
    "request before a statement": _arms(_CARD, "Read ad-free in our app", "Subscribe: rebels used that cellar"),
    "word of a request": _arms(_CARD, "Get the app for news from our editors", "Get the app for lies from our editors"),
    "request of one page with another word": (
        _within(""), _within(_LETTER.format("Get our morning briefing of lies in your inbox")),
    ),
    "word of the title": _arms(_LETTER, "Sign up for our newsletter", "Sign up for our hospital newsletter"),
    "word of the text": _arms(_LETTER, "Get our morning briefing in your inbox", "Get our ministry briefing in your inbox"),
    "name": _arms(_CARD, "Get our morning briefing in your inbox", "Get our Haddad briefing in your inbox"),
    "number of the text": _arms(_LETTER, "Join 40,000 readers of our newsletter", "Join 37 readers of our newsletter"),
    "what takes back": _arms(_CARD, "Read ad-free in our app", "Read our correction in our app"),
    "accusation": _arms(_LETTER, "Sign up for our newsletter", "Sign up: they lied to our readers"),
    "denial": _arms(_CARD, "Read ad-free in our app", "Read news that you will not see in our app"),
    "words of requests that ask for nothing": _arms(_LETTER, "Sign up for our newsletter", "We know better now"),
    "doubt": _arms(_CARD, "Read ad-free in our app", "Read the true story in our app"),
    "heading of a letter": (
        _within(_LETTER.format("Sign up for our newsletter")),
        _within(_LETTER.format("Sign up for our newsletter").replace("<p>", "<h3>Nobody was hurt there</h3><p>")),
    ),
    "paragraph": _arms("<p>{}</p>", "Read ad-free in our app", "Get breaking news first: download our app"),
    "card of one page without anything to press": (_within(""), _within(_CARD.format("Read ad-free in our app"))),
    "paragraphs in another order beside a box": (
        _within(_CARD.format("Read ad-free in our app")),
        _within(_CARD.format("Read ad-free in our app")).replace("<p>The operation lasted 10-20 minutes.</p>", "")
        .replace("<p>The army", "<p>The operation lasted 10-20 minutes.</p><p>The army"),
    ),
    "sentence in a short text": (
        news_page(article=_SHORT.format(_LETTER.format("Sign up for our newsletter"))),
        news_page(article=_SHORT.format(_LETTER.format("Sign up for our newsletter"))).replace("It rained", "It burned"),
    ),
    "share of a poll": _polls((61, 39, 1204), (31, 69, 1219)),
    "answer of a poll": (
        _within(_POLL.format(61, 39, 1204)), _within(_POLL.format(61, 39, 1204).replace("Yes", "For the army")),
    ),
    "list of shares that is no poll": (
        _within("<div><ul><li>Shelled <b>61%</b></li><li>Burned <b>39%</b></li></ul></div>"),
        _within("<div><ul><li>Shelled <b>60%</b></li><li>Burned <b>40%</b></li></ul></div>"),
    ),
    "offer with a word of the title": (
        _within(_ALSO.format(1, _BEES, 2, _SNOW)), _within(_ALSO.format(3, "Hospital strike was staged", 2, _SNOW)),
    ),
    "document behind a label without a colon": (
        _within(_LABELLED.format("EVIDENCE", 1, _BEES)), _within(_LABELLED.format("EVIDENCE", 3, _BUS)),
    ),
    "document behind the label of a button": (
        _within(_LABELLED.format("Download", 1, _BEES)), _within(_LABELLED.format("Download", 3, _BUS)),
    ),
    "statement in another place beside a request": (
        _within("<div><b>Read more</b> <i>The general says he gave the order</i></div>"),
        _within("<div><b>Read more</b> <i>The general says he gave the order</i></div>", _BEHIND),
    ),
    "link to a document": _arms(
        "<section><h3>Documents</h3><a href=/d/1>Register of the ward</a><a href=/d/{}</a></section>",
        "2>Bill of the builders", "3>Plan of the cellar rooms",
    ),
    "other words at one address": (
        _within(_ALSO.format(1, _BEES, 2, _SNOW)), _within(_ALSO.format(1, _BUS, 2, _SNOW)),
    ),
}  # fmt: skip


def _statuses(pair: tuple[str, ...]) -> set[PairStatus]:
    return {compare(*pages, media=(MEDIA, MEDIA)).status for pages in (pair, pair[::-1])}


@pytest.mark.parametrize("name", HONEST)
def test_another_box_between_paragraphs_contradicts_nothing(name: str) -> None:
    assert PairStatus.CONTRADICTS not in _statuses(HONEST[name])


@pytest.mark.parametrize("name", FORGED)
def test_a_statement_that_is_dressed_as_a_box_contradicts(name: str) -> None:
    assert _statuses(FORGED[name]) == {PairStatus.CONTRADICTS}


_POST = (
    "<title>Ward council</title><div><form action=/login><input type=email><input type=password><button>Log in</button></form>"
    "<div role=main><h2>Ward council</h2><div><span>{}</span></div><a href=#>9 October 2024</a><div><b>12 shares</b></div>{}</div></div>"
)
_SAID = "<div role=article aria-label='Comment by {0}'><a href=#>{0}</a><div>{1}</div><i>1y</i></div>"
_COMMENTS = (_SAID.format("Ines", "My sister lives there"), _SAID.format("Omar", "We miss that mill and all who worked there"), _SAID.format("Lea", "Where are you"))


def test_a_page_with_a_form_for_readers_is_no_box_that_asks_for_something() -> None:
    text = "This morning all of us came back to the mill, and nobody of the ward was hurt at night"
    one = _POST.format(text, _COMMENTS[0] + _COMMENTS[1])
    assert compare(one, _POST.format(text, _COMMENTS[0] + _COMMENTS[2])).status is PairStatus.DIFFERS
    for forged in (one.replace("nobody", "half"), one.replace("miss", "sold"), one.replace("by Omar", "by Ana").replace("Omar", "Ana")):
        assert compare(one, forged).status is PairStatus.CONTRADICTS
