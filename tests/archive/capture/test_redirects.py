"""Redirects: where they lead, and what a redirect into a private network means."""

from __future__ import annotations

import pytest

from archive.capture.redirects import follow
from archive.http import Head
from archive.net import Failure
from archive.urls import Url, parse
from archive.workfolder.recorded import Recorded


def hop(url: Url, target: str) -> Recorded:
    head = Head("1.1", 302, "Found", (("Location", target),), True)
    return Recorded(url, "GET", "a", head, None, None, "", "", 0)


@pytest.mark.parametrize(
    ("first", "verdict"),
    [
        ("http://snhr.org/", ("blocked", "captive")),
        ("https://snhr.org/", ("not-attempted", "private-address")),
        ("http://10.0.0.1/login", ("not-attempted", "private-address")),
    ],
)
def test_plain_http_that_is_sent_into_a_private_network_met_a_captive_portal(
    first: str, verdict: tuple[str, str]
) -> None:
    def fetch(url: Url) -> Recorded:
        if url.host != "10.0.0.1":
            return hop(url, "http://10.0.0.1/login")
        failure = Failure("policy", "private-address", "10.0.0.1 is private")
        return Recorded(url, "GET", "b", None, failure, None, "", "", 0)

    broke = follow(parse(first), fetch, limit=5).broke
    assert broke is not None
    assert (broke.status, broke.reason) == verdict
