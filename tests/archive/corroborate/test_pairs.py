"""Honest and forged pairs of pages, each in both orders: no honest one contradicts, every forged one does."""

from __future__ import annotations

import pytest

from archive.corroborate.pair import compare_sources
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.forged_pairs import FORGED
from tests.archive.corroborate.honest_pairs import HONEST
from tests.archive.corroborate.news_page import MEDIA, news_page
from tests.archive.corroborate.page_pairs import LATER, VISIT, evidence


def contradicts(one: str, other: str) -> tuple[bool, list[tuple[str, str, str]]]:
    found = compare_sources(evidence(news_page(one), VISIT, media=MEDIA), evidence(news_page(other), VISIT + LATER, media=MEDIA))
    assert found is not None
    said = [(each.what, each.first, each.second) for each in found.differences if each.is_substance]
    return found.status is PairStatus.CONTRADICTS, said


@pytest.mark.parametrize("kind", HONEST)
def test_no_honest_pair_contradicts(kind: str) -> None:
    wrong = {name: said for name, pair in HONEST[kind].items() if (said := contradicts(*pair)[1])}
    assert wrong == {}


@pytest.mark.parametrize("kind", FORGED)
def test_every_forged_pair_contradicts(kind: str) -> None:
    unseen = [name for name, (one, other) in FORGED[kind].items() if not contradicts(one, other)[0] or not contradicts(other, one)[0]]
    assert unseen == []
