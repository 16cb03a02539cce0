"""Mail addresses that a delivery network hides, at one visit and not at another."""

from __future__ import annotations

import pytest

from tests.archive.corroborate.page_pairs import compare, page

MAIL = "desk@news.example"


def protected(text: str, key: int = 0x1F) -> str:
    return bytes([key, *(byte ^ key for byte in text.encode())]).hex()


def span(text: str = MAIL, key: int = 0x1F, shown: str = "[email&#160;protected]") -> str:
    return f'<span class="__cf_email__" data-cfemail="{protected(text, key)}">{shown}</span>'


def link(text: str = MAIL, key: int = 0x1F) -> str:
    return f'<a href="/cdn-cgi/l/email-protection#{protected(text, key)}">{span(text, key)}</a>'


def contradicting(one: str, other: str) -> list[str]:
    pages = (page(f"<main><p>Whoever saw the strike may write to {mail} by Monday.</p></main>") for mail in (one, other))
    return [each.what for each in compare(*pages).differences if each.is_substance]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (link(), link(key=0x77)),
        (link(), f"<a href='mailto:{MAIL}'>{MAIL}</a>"),
        (span(), MAIL),
        (f"<b>{span()}</b>", f"<b>{span('desk@news', key=0x42)}.example</b>"),
        (f"{span()} or {span()}", f"{MAIL} or {span(key=0x21)}"),
    ],
)
def test_an_address_is_the_same_whether_or_not_it_is_protected(one: str, other: str) -> None:
    assert contradicting(one, other) == []
    assert contradicting(other, one) == []


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        (span(), span("desk@other.example"), ["text"]),
        (span(), "desk@other.example", ["text"]),
        (link(), link().replace(protected(MAIL), protected("desk@other.example"), 1), ["link"]),
        (span(), f"<b>{span('desk@news')}.other</b>", ["text"]),
        (span(), span(shown="nobody"), ["text", "hidden-text"]),
    ],
)
def test_another_address_and_another_text_in_its_place_contradict(one: str, other: str, what: list[str]) -> None:
    assert contradicting(one, other) == what


@pytest.mark.parametrize("said", ["killed 37 persons", "On 3 May aircraft struck the market @ Dana and killed nine"])
def test_a_text_that_is_no_address_is_not_shown_by_its_code(said: str) -> None:
    assert "text" in contradicting(said, span(said))
    assert "text" in contradicting(span(said), said)
