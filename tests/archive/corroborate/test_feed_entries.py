"""A feed between two visits: new entries at its beginning and what they pushed off its end are no contradiction."""

from __future__ import annotations

import json

import pytest

from archive.corroborate.compare.data import DataJudge, compare_data
from archive.corroborate.explain.feed_entries import without_new_entries
from archive.corroborate.pages.feeds import feed_as_data
from archive.corroborate.texts.telemetry import DOCUMENT
from tests.archive.corroborate.page_pairs import LATER, VISIT

VISITS = (VISIT, VISIT + LATER)
NEW = ("9", "Bridge opens after repairs", "Sun, 29 Nov 2026 10:04:00 +0000")
OLD = (
    ("8", "Report on the market strike names 23 dead", "Sat, 28 Nov 2026 09:20:00 +0000"),
    ("7", "Road closed for works", "Fri, 27 Nov 2026 09:20:00 +0000"),
    ("6", "Harbour has a new crane", "Thu, 26 Nov 2026 09:20:00 +0000"),
)


def rss(*entries: tuple[str, str, str], made: str = "") -> str:
    items = "".join(
        f"<item><title>{title}</title><guid isPermaLink='false'>{name}</guid><pubDate>{when}</pubDate></item>"
        for name, title, when in entries
    )
    text = feed_as_data(f"<rss><channel><title>W</title>{made}{items}</channel></rss>".encode())
    assert text is not None
    return text


def json_feed(*entries: tuple[str, str, str]) -> str:
    items = [{"id": name, "title": title, "date_published": when} for name, title, when in entries]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})


def contradicts(one: str, other: str) -> bool:
    first, second, found = without_new_entries(one, other, VISITS)
    found += compare_data([f"{DOCUMENT}\0{first}"], [f"{DOCUMENT}\0{second}"], DataJudge(VISITS))
    return any(each.is_substance for each in found)


@pytest.mark.parametrize("feed", [rss, json_feed])
@pytest.mark.parametrize("later", [(NEW, *OLD), (NEW, *OLD[:2])])
def test_a_new_entry_contradicts_nothing(feed: object, later: tuple[tuple[str, str, str], ...]) -> None:
    assert callable(feed)
    assert not contradicts(feed(*OLD), feed(*later))


def test_a_feed_that_was_written_before_the_visit_may_lack_what_came_since() -> None:
    made = "<lastBuildDate>Sun, 29 Nov 2026 08:00:00 +0000</lastBuildDate>"
    came = (NEW[0], NEW[1], "Sun, 29 Nov 2026 08:30:00 +0000")
    assert not contradicts(rss(*OLD, made=made), rss(came, *OLD, made=made))
    assert contradicts(rss(*OLD), rss(came, *OLD))


def test_a_day_without_an_hour_is_all_of_it() -> None:
    came = (NEW[0], NEW[1], "Sun, 29 Nov 2026 00:00:00 +0000")
    assert not contradicts(rss(*OLD), rss(came, *OLD))
    assert contradicts(rss(*OLD), rss((*came[:2], "Sat, 28 Nov 2026 00:00:00 +0000"), *OLD))


def test_the_next_of_a_series_is_no_edit_if_it_says_something_else() -> None:
    def feed(*entries: tuple[str, str, str]) -> str:
        items = [
            {"id": name, "title": f"Weekly log {name}", "content_text": text, "date_published": when}
            for name, text, when in entries
        ]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})

    old = ("47", "Volunteers recorded eight cases along the Drina.", OLD[0][2])
    assert not contradicts(feed(old), feed(("48", "Four boats were turned back near the coast.", NEW[2]), old))
    assert contradicts(feed(old), feed(("48", "Volunteers recorded three cases along the Drina.", NEW[2]), old))


@pytest.mark.parametrize("later", [
    ((NEW[0], NEW[1], "Fri, 27 Nov 2026 10:00:00 +0000"), *OLD), (OLD[0], NEW, *OLD[1:]), (NEW, OLD[0], OLD[2]), (NEW, OLD[0]), OLD[:2],
    ((NEW[0], "Correction: the market strike never happened", NEW[2]), *OLD), ((NEW[0], "Report on the market strike names 3 dead", NEW[2]), *OLD[1:]),
    (NEW, (OLD[0][0], "Report on the market strike names 3 dead", OLD[0][2]), *OLD[1:]),
])  # fmt: skip
def test_any_other_change_of_a_feed_contradicts(later: tuple[tuple[str, str, str], ...]) -> None:
    assert contradicts(rss(*OLD), rss(*later))
