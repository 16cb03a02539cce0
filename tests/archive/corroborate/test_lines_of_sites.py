"""Lines and lists that a site puts around each page: weather, work of a server, who reads, links behind one label."""

from __future__ import annotations

import pytest

from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, MEDIA, news_page
from tests.archive.corroborate.page_pairs import compare

_WEATHER = "<div><span id=weather>{}</span></div>"
_FOOT = "<div id=page-footer><p>Powered by phpBB® | Time : {}s | Queries : {} | Peak Memory Usage: 2.4 MiB</p></div>"
_ONLINE = "<div id=block-user-online><p>Il y a actuellement {} utilisateurs connectés et {} {}.</p></div>"
_CLOUD = "<div>Популярні: {}</div>"
_CODE = "<a href='/go/{0}'>{0}</a> "
_VIDEO = '<meta property="og:video" content="https://v.example/{}_480p.mp4?wmsAuthSign={}yWtQMs46xgm0M5quF1h9Ug2SE9z4jy3I">'
_ASIDE = "<aside><ul><li><a href=/n/1>افتتاح جسر جديد فوق النهر</a></li><li><a href=/n/{}>{}</a></li></ul></aside>"


def _above(one: str, other: str) -> tuple[str, str]:
    return news_page().replace("<header>", f"{one}<header>"), news_page().replace("<header>", f"{other}<header>")


def _below(shape: str, one: tuple[object, ...], other: tuple[object, ...]) -> tuple[str, str]:
    return news_page(shape.format(*one)), news_page(shape.format(*other))


def _cloud(*codes: str) -> str:
    return news_page(_CLOUD.format("".join(map(_CODE.format, codes))))


def _in_arabic(one: str, other: str) -> tuple[str, str]:
    article = ARTICLE.replace("قُتل", "بعد اعتقال الطبيب قُتل")
    pages = (news_page(_ASIDE.format(*said), article=article) for said in ((2, one), (3, other)))
    first, second = pages
    return first, second


def _stored(title: str) -> tuple[str, str]:
    """A page whose title has a word without a meaning, and the same with two other pages in its data."""
    article = ARTICLE.replace("Strike on hospital", "Strike from the north on hospital")
    pages = f'[{{"url":"/n/9","title":"{title}"}},{{"url":"/n/8","title":"Why bees move"}}]'
    first, second = (
        news_page(article=article, head=f"<script>window.__STATE__={{{said}}}</script>") for said in ("", f'"p":{pages}')
    )
    return first, second


HONEST = {
    "weather of the place of the page": _above(
        _WEATHER.format("Town 6~17℃ sunny"), _WEATHER.format("Town 5~16℃ cloudy")
    ),
    "work of a server": _below(_FOOT, ("0.060", 18), ("0.026", 16)),
    "who is online": _below(_ONLINE, (2, 87, "invités"), (3, 44, "invités")),
    "members who read, and none": _below(
        "<div><h3>Who is online</h3><p>Users browsing this forum: {} and {} guests</p></div>",
        ("No registered users", 6), ("Amal", 16),
    ),
    "links behind one label": (
        _cloud("Snow closes schools", "Bees move into cities", "Bus fares rise again"),
        _cloud("Bees move into cities", "Town opens its fair", "Bus fares rise again"),
    ),
    "words that programs read": _below("<p data-kind={}>One</p><p data-kind={}>Two</p>", ("a", "b"), ("b", "a")),
    "arrest of somebody else": _in_arabic("ارتفاع أسعار الوقود اليوم", "اعتقال شخصين بعد سرقة محل ذهب"),
    "fall of a harvest": _in_arabic("ارتفاع أسعار الوقود اليوم", "تراجع محصول الزيتون بمقدار الخمس"),
    "switch of a program in markup": (news_page(), news_page(of_html=" data-run-jobs=1")),
    "arm of a trial in a script": _below("<script>track({{abt:'{}'}})</script>", ("new",), ("old",)),
    "film that is signed for a visit": (news_page(head=_VIDEO.format("4b1c", "Wsz")), news_page(head=_VIDEO.format("4b1c", "Cw3"))),
    "word that says nothing": _stored("Bus fares to change from January"),
}  # fmt: skip
FORGED = {
    "place of the page beside its weather": _above(
        _WEATHER.format("Town 6~17℃ sunny"), _WEATHER.format("Hospital 5~16℃ cloudy")
    ),
    "time that a server says": _below("<p>Time : {}</p><p>{}</p>", ("10.30", 1), ("11.45", 1)),
    "who else is connected": _below(_ONLINE, (2, 87, "invités"), (3, 44, "témoins")),
    "links behind the label of sources": (
        _cloud("Snow closes schools", "Bees move into cities", "Bus fares rise again").replace("Популярні", "Sources"),
        _cloud("Bees move into cities", "Town opens its fair", "Bus fares rise again").replace("Популярні", "Sources"),
    ),
    "codes of the text behind one label": (
        news_page(article=ARTICLE.replace("<p>The army", "<div>Sources: <a href=/s/1>254к</a> <a href=/s/2>96вр</a></div><p>The army")),
        news_page(article=ARTICLE.replace("<p>The army", "<div>Sources: <a href=/s/1>254к</a> <a href=/s/3>97вр</a></div><p>The army")),
    ),
    "statement behind one label": (
        _cloud("Snow closes schools", "Bees move into cities", "Bus fares rise again"),
        _cloud("Snow closes schools", "Bees move into cities", "Hospital strike was staged"),
    ),
    "links behind more than a label": (
        news_page("<div>The army used files <a href=/f/1>A</a> <a href=/f/2>B</a> <a href=/f/3>C</a></div>"),
        news_page("<div>The army used files <a href=/f/1>A</a> <a href=/f/2>B</a> <a href=/f/4>D</a></div>"),
    ),
    "words of two paragraphs": _below("<p>{}</p><p>{}</p>", ("One says it burned", "Two say no"), ("Two say no", "One says it burned")),
    "numbers that programs read": _below("<p data-kind={}>One</p><p data-kind={}>Two</p>", (37, 12), (12, 37)),
    "arrest of somebody of the page": _in_arabic("ارتفاع أسعار الوقود اليوم", "اعتقال الطبيب في قسم الولادة"),
    "witness who takes it back": _in_arabic("ارتفاع أسعار الوقود اليوم", "تراجع الشاهد عن أقواله"),
    "switch that takes back in markup": (news_page(), news_page(of_html=" data-withdrawn=1")),
    "word in a script": _below("<script>track({{cause:'{}'}})</script>", ("fire",), ("shell",)),
    "other film that is signed": (news_page(head=_VIDEO.format("4b1c", "Wsz")), news_page(head=_VIDEO.format("77ab", "Cw3"))),
    "word of the title": _stored("Bus to the hospital from January"),
}  # fmt: skip


def _statuses(pair: tuple[str, str]) -> set[PairStatus]:
    return {compare(*pages, media=(MEDIA, MEDIA)).status for pages in (pair, pair[::-1])}


@pytest.mark.parametrize("name", HONEST)
def test_what_a_site_says_beside_each_page_contradicts_nothing(name: str) -> None:
    assert PairStatus.CONTRADICTS not in _statuses(HONEST[name])


@pytest.mark.parametrize("name", FORGED)
def test_what_is_said_of_the_page_there_contradicts(name: str) -> None:
    assert _statuses(FORGED[name]) == {PairStatus.CONTRADICTS}
