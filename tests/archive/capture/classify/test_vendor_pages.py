"""Pages of products, hosters and publishers that a table of many vendors' pages found judged wrong, and honest ones."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import pytest

from archive.capture.classify import judge
from archive.urls import parse
from tests.archive.capture.classify.responses import HOST, article, page

CITED = parse(f"{HOST}/2021/05/report.html")
NOT_FOUND = page("<title>404 Not Found</title><h1>Not Found</h1>", url=f"{HOST}/nothing", status=404)


def _page(title: str, body: str) -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


UMBRELLA = _page("Cisco Umbrella", "<h1>This site is blocked.</h1><p>snhr.org</p><p>Sorry, snhr.org has been blocked by your network administrator.</p><a href='#'>Report an incorrect block</a>")
SITEGROUND = _page("Robot Challenge Screen", "<h1>Checking the site connection security</h1><p>snhr.org needs to review the security of your connection before proceeding.</p>")
IMUNIFY = _page("One moment, please...", "<h1>Please wait while your request is being verified...</h1><script>var i=1</script>")
PHP = "<br />\n<b>Fatal error</b>:  Uncaught Error: Call to undefined function mysql_connect() in /var/www/index.php:12\nStack trace:\n#0 {main}\n  thrown in <b>/var/www/index.php</b> on line <b>12</b><br />"
PAYWALL = _page("The dead of Douma", "<article><h1>The dead of Douma</h1><p>On the morning of 7 April the families gathered.</p></article><div class='paywall'><h2>Subscribe to continue reading</h2><p>Already a subscriber? Log in.</p></div>")
DELETED = _page("Error | VK", "<h1>Error</h1><p>The page has been deleted or has not yet been created.</p>")
GEO = _page("Not available", "<h1>451: Unavailable due to legal reasons</h1><p>We recognize you are attempting to access this website from a country belonging to the European Economic Area (EEA) and therefore access cannot be granted at this time.</p>")
VIDEO = _page("Video", "<p>This content is not available in your country.</p>")


@pytest.mark.parametrize(
    ("markup", "is_everywhere", "expected"),
    [
        (UMBRELLA, True, ("blocked", "forbidden")),
        (UMBRELLA, False, ("blocked", "forbidden")),
        (SITEGROUND, False, ("blocked", "challenge")),
        (IMUNIFY, True, ("blocked", "challenge")),
        (PHP, True, ("unreachable", "server-error")),
        (PHP, False, ("unreachable", "server-error")),
        (PAYWALL, False, ("partial", "hollow")),
        (DELETED, False, ("gone", "soft-404")),
        (GEO, True, ("blocked", "geo")),
        (VIDEO, False, ("blocked", "geo")),
    ],
)
def test_a_page_in_the_place_of_the_source_is_no_capture(markup: str, is_everywhere: bool, expected: tuple[str, str]) -> None:
    probe = page(markup, url=f"{HOST}/nothing") if is_everywhere else NOT_FOUND
    verdict = judge(page(markup, url=CITED), cited=CITED, probe=probe)
    assert (str(verdict.status), verdict.reason) == expected


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("One moment, please... and the bomb fell", ""),
        ("Error", "<p>The page has been deleted, says the censor of every report.</p>"),
        ("Fatal error: how a hospital was shelled", "<p>Fatal error: on line 12 of the coordinates a digit was wrong.</p>"),
        ("Subscribers", "<div class='newsletter'>Subscribe to continue reading more stories like this. Already a subscriber?</div>"),
        ("Blocked by your network administrator", "<p>So read the screens in the ministry.</p>"),
        ("Not available in your country", "<p>The content is not available in your country, said the screen.</p>"),
    ],
)
def test_an_article_with_such_words_is_captured(title: str, body: str) -> None:
    response = page(article(body, title=title), url=CITED)
    assert judge(response, cited=CITED, probe=NOT_FOUND).status == "captured"
