"""Values of two states that a site's programs keep: what a build, a country, a switch is says nothing of the page."""

from __future__ import annotations

import pytest

from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate.news_page import MEDIA, news_page
from tests.archive.corroborate.page_pairs import compare

HONEST = (
    ('"build":"3f2a1c9"', '"build":"b8d7e60"'),
    ('"CLIENT_VERSION":"2.20261129.01.00"', '"CLIENT_VERSION":"2.20261130.01.00"'),
    ('"version":"1.4.2"', '"version":"1.4.3"'),
    ('"release":"web@1.2"', '"release":"web@1.3"'),
    ('"deployment":"811"', '"deployment":"812"'),
    ('"isEU":true', '"isEU":false'),
    ('"geo":"US"', '"geo":"DE"'),
    ('"config":{"country":"US"}', '"config":{"country":"DE"}'),
    ('"ads":{"enabled":true}', '"ads":{"enabled":false}'),
    ('"flags":{"newHeader":true}', '"flags":{"newHeader":false}'),
)
FORGED = (
    ('"article":{"version":"1.2"}', '"article":{"version":"1.3"}'),
    ('"aircraft":{"build":"1994"}', '"aircraft":{"build":"1995"}'),
    ('"attacker":{"country":"SY"}', '"attacker":{"country":"IL"}'),
    ('"release":"Tuesday"', '"release":"Friday"'),
    ('"user":{"country":"US"}', '"user":{"country":"DE"}'),
    ('"deaths":37', '"deaths":31'),
)


def _status(values: tuple[str, str]) -> PairStatus:
    one, other = (news_page(head=f"<script>window.__SITE__={{{value}}}</script>") for value in values)
    return compare(one, other, media=(MEDIA, MEDIA)).status


@pytest.mark.parametrize("values", HONEST)
def test_two_states_of_a_program_contradict_nothing(values: tuple[str, str]) -> None:
    assert _status(values) is PairStatus.DIFFERS


@pytest.mark.parametrize("values", FORGED)
def test_a_value_about_the_subject_contradicts(values: tuple[str, str]) -> None:
    assert _status(values) is PairStatus.CONTRADICTS
