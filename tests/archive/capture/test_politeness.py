"""Pauses that a host wants of all clients are kept whatever the switches say, unless it is played on this machine."""

from __future__ import annotations

import pytest

from archive.capture.politeness import policy_for
from archive.capture.settings import FetchSettings
from archive.urls import parse

INDEX = parse("https://web.archive.org/cdx/search/cdx?url=x")
CAPTURE = parse("https://web.archive.org/web/20210401000000id_/https://a.example/")
HERE = ("web.archive.org:443:127.0.0.1:8443",)


ELSEWHERE = ("a.example:443:127.0.0.1:8443",)


@pytest.mark.parametrize(
    "settings", [{}, {"delay": 0.0}, {"connect_to": HERE}, {"delay": 0.0, "connect_to": ELSEWHERE}]
)
def test_the_index_is_requested_24_times_a_minute_at_most_and_not_for_a_minute_after_429(settings: dict[str, object]) -> None:
    policy = policy_for(INDEX, FetchSettings(**settings))  # type: ignore[arg-type]
    assert (60 / policy.gap, policy.pause) == (24, 60)


def test_captures_are_requested_480_times_a_minute_at_most() -> None:
    policy = policy_for(CAPTURE, FetchSettings(delay=0.0))
    assert (60 / policy.gap, policy.pause) == (480, 60)


def test_a_capture_that_does_not_open_is_not_requested_again_for_there_is_another() -> None:
    for settings in (FetchSettings(), FetchSettings(delay=0.0, connect_to=HERE)):
        assert {500, 502, 503, 504} <= policy_for(CAPTURE, settings).final
    assert not policy_for(INDEX, FetchSettings()).final


def test_an_archive_that_is_played_here_without_pauses_is_owed_none() -> None:
    settings = FetchSettings(delay=0.0, connect_to=HERE)
    for url in (INDEX, CAPTURE):
        assert (policy_for(url, settings).gap, policy_for(url, settings).pause) == (0, 0)


def test_other_hosts_have_no_manners_of_their_own() -> None:
    for address in ("https://archive.org/cdx/", "https://www.coe.int/", "http://web.archive.org.evil.example/cdx/"):
        policy = policy_for(parse(address), FetchSettings())
        assert (policy.gap, policy.pause, policy.final) == (0, 0, frozenset())
