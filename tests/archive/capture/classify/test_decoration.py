"""What is a part of a page, and what a third party adds to it."""

from __future__ import annotations

import pytest

from archive.capture.classify.decoration import is_decoration, site_of
from archive.urls import parse

PAGE = parse("https://www.bbc.co.uk/news/1")

DECORATION = [
    ("https://www.google-analytics.com/collect?v=1", "image"),
    ("https://stats.example.net/piwik.php?idsite=1", "script"),
    ("https://cdn.example.net/tracking/x", "image"),
    ("https://cdn.example.net/i/1x1.gif", "image"),
    ("https://fonts.gstatic.com/s/a.woff2", "font"),
    ("https://fonts.googleapis.com/css?family=A", "style"),
    ("https://cdn.jsdelivr.net/npm/a.js", "script"),
    ("https://disqus.com/embed/comments/", "frame"),
    ("https://api.example.net/x.json", "data"),
    ("https://www.bbc.co.uk/favicon.ico", "icon"),
]
PART = [
    ("https://www.bbc.co.uk/a.js", "script"),
    ("https://static.bbc.co.uk/a.css", "style"),
    ("https://ichef.bbci.co.uk/news/a.jpg", "image"),
    ("https://static.files.bbci.co.uk/a.css", "style"),
    ("https://www.bbc.co.uk/tracking/route-map.png", "image"),
    ("https://cdn.example.net/photos/douma.jpg", "image"),
    ("https://www.youtube.com/embed/abc", "frame"),
    ("https://video.example.net/video.mp4", "media"),
    ("https://www.bbc.co.uk/api.json", "data"),
    ("http://[", "script"),
]


@pytest.mark.parametrize(("address", "kind"), DECORATION)
def test_what_others_add_to_a_page_is_decoration(address: str, kind: str) -> None:
    assert is_decoration(address, kind, PAGE)


@pytest.mark.parametrize(("address", "kind"), PART)
def test_what_shows_something_of_the_page_is_a_part_of_it(address: str, kind: str) -> None:
    assert not is_decoration(address, kind, PAGE)


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("bbc.co.uk", "bbc.co.uk"),
        ("a.b.example.org", "example.org"),
        ("example.org", "example.org"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("www.sana.gov.sy", "sana.gov.sy"),
        ("news.t.de", "t.de"),
    ],
)
def test_the_site_of_a_host_is_what_one_owner_registers(host: str, site: str) -> None:
    assert site_of(host) == site
