"""A number that is all that a button says counts who pressed it; one that says more, or stands elsewhere, is content."""

from __future__ import annotations

import pytest

from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, MEDIA, news_page
from tests.archive.corroborate.page_pairs import compare

BUTTON = "<button>{}</button>"


def _status(one: str, other: str, markup: str) -> PairStatus:
    pages = [
        news_page(article=ARTICLE.replace("<figure>", f"<div>{markup.format(number)}</div><figure>")) for number in (one, other)
    ]
    return compare(*pages, media=(MEDIA, MEDIA)).status


@pytest.mark.parametrize(("one", "other"), [("628", "673"), ("2K", "2.1K"), ("13", "17"), ("1,204", "1,318")])
def test_a_button_counts_who_pressed_it(one: str, other: str) -> None:
    assert _status(one, other, BUTTON) is PairStatus.DIFFERS


@pytest.mark.parametrize(
    ("one", "other", "markup"),
    [
        ("37", "31", BUTTON), ("2019", "2021", BUTTON), ("628", "62800", BUTTON), ("628", "none", BUTTON),
        ("628", "673", "<button>Killed {}</button>"), ("628", "673", "<a href=/n/1>{}</a>"), ("628", "673", "<b>{}</b>"),
        ("628", "673", "<table><tr><th>Year<th>Dead<tr><td>2021<td><button>{}</button><tr><td>2022<td>12</table>"),
    ],
)  # fmt: skip
def test_a_number_that_says_more_contradicts(one: str, other: str, markup: str) -> None:
    assert _status(one, other, markup) is PairStatus.CONTRADICTS
