"""Days of past events that a server writes by its own time zone move all alike; one that moved alone was altered."""

from __future__ import annotations

import pytest

from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import ARTICLE, MEDIA, news_page
from tests.archive.corroborate.page_pairs import compare

DAYS = ["24 December 2021", "14 October 2021", "1 October 2021", "5 May 2021", "31 July 2020", "1 March 2020"]
BEFORE = ["23 December 2021", "13 October 2021", "30 September 2021", "4 May 2021", "30 July 2020", "29 February 2020"]
TWO_BEFORE = ["22 December 2021", "12 October 2021", "29 September 2021", "3 May 2021", "29 July 2020", "28 February 2020"]


def status(one: list[str], other: list[str]) -> PairStatus:
    listed = ("".join(f"<h6>{day}</h6>" for day in days) for days in (one, other))
    first, second = (ARTICLE.replace("21 May 2021</time>", f"</time>{each}") for each in listed)
    return compare(news_page(article=first), news_page(article=second), media=(MEDIA, MEDIA)).status


def test_days_that_all_moved_by_one_are_those_of_another_time_zone() -> None:
    assert status(DAYS, BEFORE) is PairStatus.DIFFERS
    assert status(BEFORE, DAYS) is PairStatus.DIFFERS


@pytest.mark.parametrize(
    "other",
    [TWO_BEFORE, [BEFORE[0], *DAYS[1:]], [*BEFORE[:5], DAYS[5]], BEFORE[:5], [*BEFORE[:5], "2 March 2020"]],
)  # fmt: skip
def test_days_that_moved_otherwise_contradict(other: list[str]) -> None:
    assert status(DAYS, other) is PairStatus.CONTRADICTS


def test_a_few_days_that_moved_contradict() -> None:
    assert status(DAYS[:3], BEFORE[:3]) is PairStatus.CONTRADICTS
