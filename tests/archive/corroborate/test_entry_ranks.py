"""Ranks and clocks before the entries of lists of other pages: they are of the list, in digits of any script."""

from __future__ import annotations

import pytest

from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import news_page
from tests.archive.corroborate.page_pairs import compare

TITLES = ("Ferry timetable for the holidays", "Heat pumps explained to owners", "Census shows villages are emptying", "Radio station marks fifty years")
BURMESE = "၁၂၃၄"


def ranked(*titles: int, digits: str = "1234", tag: str = "aside") -> str:
    items = "".join(
        f"<div><span>{digits[rank]}</span><a href=/n/{at}>{TITLES[at]}</a></div>" for rank, at in enumerate(titles)
    )
    latest = "<h3>Latest</h3><div><a href=/n/x>Snow closes schools in the north</a></div>"
    end = tag.partition(" ")[0]
    return news_page(f"<{tag}>{latest}<h3>Most read</h3>{items}</{end}>")


@pytest.mark.parametrize("digits", ["1234", BURMESE])
def test_the_rank_of_an_entry_is_that_of_its_place_in_a_list(digits: str) -> None:
    one, other = (ranked(*order, digits=digits, tag="section class=most-read") for order in ((0, 1, 2), (3, 0, 1)))
    assert compare(one, other).status is PairStatus.DIFFERS


@pytest.mark.parametrize("digits", ["1534", "1334"])
def test_a_number_that_does_not_count_up_is_no_rank(digits: str) -> None:
    assert compare(ranked(0, 1, 2), ranked(0, 1, 2, digits=digits)).status is PairStatus.CONTRADICTS


def test_ranks_in_the_main_text_are_what_it_says() -> None:
    def page(order: tuple[int, ...]) -> str:
        items = "".join(f"<div><b>{rank}</b><a href=/n/{at}>{TITLES[at]}</a></div>" for rank, at in enumerate(order, 1))
        return news_page().replace("</article>", f"<h3>The worst prisons</h3>{items}<p>More of the text follows here.</p></article>")

    assert compare(page((0, 1, 2)), page((2, 1, 0))).status is PairStatus.CONTRADICTS


def listed(most_read: int, latest: int, clock: str) -> str:
    read = f"<h3>Most read</h3><div><a href=/n/{most_read}>{TITLES[most_read]}</a></div>"
    return news_page(f"<aside>{read}<h3>Latest</h3><div><span>{clock}</span><a href=/n/{latest}>{TITLES[latest]}</a></div></aside>")


def test_a_clock_is_of_the_list_that_an_entry_stands_in() -> None:
    assert compare(listed(0, 1, "09:00"), listed(1, 2, "08:00")).status is PairStatus.DIFFERS
    assert compare(listed(0, 1, "09:00"), listed(0, 1, "06:00")).status is PairStatus.CONTRADICTS
