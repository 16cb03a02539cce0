"""Times, amounts and temperatures that are what a page is about, and no lines of its frame."""

from __future__ import annotations

import pytest

from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.page_pairs import compare, page

FACTS = {
    "price of an item": ("<ul><li>Price: {}</li></ul>", "4,500 USD", "4,600 USD"),
    "amount": ("<div><p>{}</p></div>", "EUR 4,500", "EUR 4,450"),
    "prayer at which it happened": ("<ul><li>Fajr {}</li></ul>", "04:31", "04:51"),
    "noon in Arabic": ("<ul><li>الظهر {}</li></ul>", "12:31", "12:41"),
    "time of a photograph": ("<table><tr><th>Camera<td>Canon</tr><tr><th>Time<td>{}</tr></table>", "12:41:07", "11:41:07"),
    "time behind a term": ("<dl><dt>Time</dt><dd>{}</dd></dl>", "12:41", "12:51"),
    "place of an event": (
        '<script type="application/ld+json">{{"@type":"Event","location":{{"geo":{{"latitude":{}}}}}}}</script>',
        "35.8638",
        "35.8683",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_of_a_page_without_a_text_contradicts(name: str) -> None:
    shape, one, other = FACTS[name]
    pages = [page(f"<h1>Sheet 14</h1>{shape.format(said)}<p>Filed</p>") for said in (one, other)]
    assert compare(*pages).status is PairStatus.CONTRADICTS


@pytest.mark.parametrize("line", ["USD 1 = SYP {}", "سعر الصرف {}", "Gold USD {}"])
def test_a_rate_is_none_on_any_page(line: str) -> None:
    pages = [page(f"<h1>Sheet 14</h1><div>{line.format(said)}</div><p>Filed</p>") for said in ("3,100", "3,120")]
    assert compare(*pages).status is PairStatus.DIFFERS


WEATHER = (
    "<main><h1>{}</h1><p>The station at the airport measured what is stated here.</p></main>"
    '<div class="weather"><p>Homs {}°C, clear</p></div>'
)


def test_the_weather_is_content_where_a_page_is_about_it() -> None:
    headings = "Weather on 21 May 2021", "Front page"
    found = [compare(page(WEATHER.format(one, 31)), page(WEATHER.format(one, 29))).status for one in headings]
    assert found == [PairStatus.CONTRADICTS, PairStatus.DIFFERS]


LEAD = "<main><h1>Strike</h1><p class=lead>Two aircraft struck the market at noon.</p></main>"
SHEET = "https://news.example/s.css"
NESTED = {
    "with &": ("main { & .lead { display: none } }", True),
    "of a list of selectors": ("div, main { color: #111; & p, & h6 { font-size: 0 } }", True),
    "without &": ("main { .lead { visibility: hidden } }", True),
    "in a media query": (".lead { @media (min-width: 1px) { display: none } }", True),
    "for paper": (".lead { @media print { display: none } }", False),
    "that hides nothing": ("main { & .lead { margin: 0 } }", False),
}


@pytest.mark.parametrize("name", NESTED)
def test_rules_within_rules_hide_text(name: str) -> None:
    rule, is_hidden = NESTED[name]
    known = {SHEET: "p { margin: 0 }"}, {SHEET: f"p {{ margin: 0 }} {rule}"}
    text = page(LEAD, "<title>News</title><link rel=stylesheet href=/s.css>")
    found = compare(text, text, sheets=known)
    assert any(each.what == "hidden-text" for each in found.differences) is is_hidden


STRIKE = "<main><h1>Strike</h1><p>Two aircraft struck the market at noon and eleven people died.</p>{}</main>"
UNSEEN = {
    "what a script hands to a map": (
        "<script>L.geoJSON(sites).addTo(map);</script>", "<script>L.geoJSON(sites.slice(1)).addTo(map);</script>",
    ),
    "quotation marks": ("<p>a <q>terrorist</q> act</p>", "<p>a terrorist act</p>"),
    "an age that became less": ("<p>5 years ago</p>", "<p>4 years ago</p>"),
    "a frame at another address": ("<iframe src=/a.html></iframe>", "<iframe src=/b.html></iframe>"),
    "a statement in an empty place for advertisements": (
        "<ins class=adsbygoogle data-ad-slot=1></ins>",
        "<ins class=adsbygoogle data-ad-slot=1><p>Nobody died on that day, residents admit</p></ins>",
    ),
    "the same in a picture's text": (
        "<ins class=adsbygoogle data-ad-slot=1></ins>",
        "<ins class=adsbygoogle data-ad-slot=1><img src=/a.jpg alt='How this scene was staged'></ins>",
    ),
}  # fmt: skip
SEEN = {
    "names that a build makes up": ("<script>t.e(n);</script>", "<script>t.e(r);</script>"),
    "an age that became more": ("<p>4 years ago</p>", "<p>5 years ago</p>"),
    "an age that a cache stored": ("<p>3 hours ago</p>", "<p>2 hours ago</p>"),
    "an advertisement that leads away": (
        "<ins class=adsbygoogle data-ad-slot=1></ins>",
        "<ins class=adsbygoogle data-ad-slot=1><a href=https://shop.example/x>Ten shoes that everybody wears</a></ins>",
    ),
}


@pytest.mark.parametrize("name", [*UNSEEN, *SEEN])
def test_what_no_server_changes_between_two_visits_contradicts(name: str) -> None:
    one, other = (page(STRIKE.format(said)) for said in (UNSEEN | SEEN)[name])
    same = {f"https://news.example/{each}.html": b"one page" for each in "ab"}
    found = compare(one, other, media=(same, same))
    assert found.status is (PairStatus.CONTRADICTS if name in UNSEEN else PairStatus.DIFFERS)


def test_the_language_and_the_sizes_of_frames_are_compared() -> None:
    text = page(STRIKE.format("")).replace("<html>", "<html lang=en-GB>")
    found = [compare(text, text.replace("en-GB", other)).status for other in ("en-US", "ar")]
    assert found == [PairStatus.SAME_TEXT, PairStatus.CONTRADICTS]
    frames = "<html><frameset rows='80,*'><frame src=/a.html><frame src=/b.html></frameset></html>"
    assert compare(frames, frames.replace("80,*", "*,0")).status is PairStatus.CONTRADICTS


def test_a_script_that_was_made_too_large_to_be_compared_contradicts() -> None:
    url, text = "https://news.example/app.js", page(STRIKE.format("<script src=/app.js></script>"))
    long = f"/*{'x' * 2_100_000}*/document.title='Denied';"
    known = {url: "window.a=1;"}, {url: long}
    assert compare(text, text, scripts=known).status is PairStatus.CONTRADICTS
    known = {url: long}, {url: f"{long} "}
    assert compare(text, text, scripts=known).status is PairStatus.DIFFERS
