"""The forms of requests: a closed list for our own, by purpose; a guest's are its own where the guest was there."""

from __future__ import annotations

import pytest

from archive.net.client import Request
from archive.systems.video.source_videos import REJECTED
from archive.urls import parse
from archive.verify.sources.sent_forms import is_form
from archive.warc.sent_fields import sent_fields
from archive_manifests.exchanges import Purpose

URL = "https://a.example/a"
BROWSER, EXTRACTOR = {"playwright": "1"}, {"yt-dlp": "1"}
PAGE, ANY = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), ("Accept", "*/*")
COOKIE, SHOWN = ("Cookie", "a=b"), ("Accept", "image/avif,*/*;q=0.8")
RANGE = (("Range", "bytes=9-"), ("If-Range", '"x"'))


def form_of(*headers: tuple[str, str], method: str = "GET", body: bytes = b"", url: str = URL) -> str:
    """The form of a request as the client writes it."""
    head = Request(parse(url), method, headers, body).head("Mozilla/5.0")
    return sent_fields(head[:-2], url, has_body=bool(body))[-1]


@pytest.mark.parametrize("more", [(), (COOKIE,)])
def test_each_request_of_ours_has_a_form_of_its_purpose(more: tuple[tuple[str, str], ...]) -> None:
    for accept in (PAGE, ANY):
        assert is_form(form_of(accept, *more), "", URL, {})
        assert is_form(form_of(accept, *RANGE, *more), Purpose.REST_OF_RESPONSE, URL, {})
        assert not is_form(form_of(accept, *RANGE, *more), "", URL, {})
        assert not is_form(form_of(accept, *more), Purpose.SOFT_404_PROBE, URL, {})
    assert is_form(form_of(*more), "", "https://a.example/robots.txt", {})
    assert not is_form(form_of(*more), "", URL, {})
    for purpose in (Purpose.SOFT_404_PROBE, Purpose.READING_PROBE, Purpose.WAYBACK_SUBMISSION):
        assert is_form(form_of(*more), purpose, URL, {})
    json, form = ("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")
    submitted = form_of(json, form, *more, method="POST", body=b"url=x")
    assert is_form(submitted, Purpose.WAYBACK_SUBMISSION, URL, {})
    assert not is_form(submitted, "", URL, {})


def test_a_certificate_is_fetched_without_cookies_and_consent_rejected_with_its_own() -> None:
    assert is_form(form_of(), Purpose.MISSING_ISSUER, URL, {})
    assert not is_form(form_of(COOKIE), Purpose.MISSING_ISSUER, URL, {})
    assert is_form(form_of(PAGE, REJECTED), Purpose.CONSENT_REJECTED, URL, {})


def test_what_a_browser_displays_says_which_types_it_takes_where_a_browser_may_have_been() -> None:
    for libraries, may_be in ((BROWSER, True), (None, True), (EXTRACTOR, False), ({}, False)):
        assert is_form(form_of(SHOWN), "", URL, libraries) is may_be
        assert is_form(form_of(SHOWN, *RANGE), Purpose.REST_OF_RESPONSE, URL, libraries) is may_be
        assert is_form(form_of(("X-Script", "1")), Purpose.PAGE_SCRIPT, URL, libraries) is may_be
    assert not is_form(form_of(SHOWN, ("X-Script", "1")), "", URL, BROWSER)
    assert not is_form(form_of(SHOWN), Purpose.READING_PROBE, URL, BROWSER)


def test_a_guest_sends_its_own_fields_where_it_was_there() -> None:
    own = form_of(("User-Agent", "x"), ("Referer", "https://b.example/"))
    for libraries, may_be in ((EXTRACTOR, True), (None, True), (BROWSER, False), ({}, False)):
        assert is_form(own, Purpose.VIDEO_EXTRACTOR, URL, libraries) is may_be
    rest = form_of(("User-Agent", "x"), *RANGE)
    assert is_form(rest, Purpose.REST_OF_RESPONSE, URL, EXTRACTOR, is_guests=True)
    assert not is_form(rest, Purpose.REST_OF_RESPONSE, URL, EXTRACTOR)
    assert not is_form(own.removesuffix("k"), Purpose.VIDEO_EXTRACTOR, URL, EXTRACTOR)


def test_a_purpose_of_nobody_has_no_form() -> None:
    assert not is_form(form_of(PAGE), "as-ordered", URL, {})
