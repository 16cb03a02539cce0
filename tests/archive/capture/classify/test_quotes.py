"""Quotes as reports make them, against pages as they are written."""

from __future__ import annotations

import pytest

from archive.capture.classify import quote_found, retry_class

PAGE = """The Raoul Wallenberg Prize went to Dr. Amani Ballour, who ran an under­ground children’s hospital in
Eastern Ghouta — “a symbol of hope”. On 24 March 2021 she said: “We couldn’t leave”.
وقالت الشبكة السُّوريَّة لحقـــوق الإنسان إنَّ ١٥ مدنيّاً قُتلوا في مدينة دوما"""


@pytest.mark.parametrize(
    "quote",
    [
        "Raoul Wallenberg Prize",
        "ran an underground children's hospital in Eastern\nGhouta",
        "“a symbol of hope”",
        '"We couldn\'t leave"',
        "Dr. Amani Ballour … a symbol of hope",
        "amani ballour, who ran [...] Eastern Ghouta",
        "الشبكة السورية لحقوق الانسان",
        "ان 15 مدنيا قتلوا في مدينه دوما",
        "\u202bالشبكة السورية\u202c لحقوق الإنسان",
    ],
)
def test_a_quote_is_found_however_it_is_set(quote: str) -> None:
    assert quote_found(PAGE, quote) == "yes"


@pytest.mark.parametrize(
    "quote",
    [
        "Raoul Wallenberg Award",
        "symbol of hope … symbol of hope",
        "a symbol of hope … Dr. Amani Ballour",
        "الشبكة السورية للإعلام",
    ],
)
def test_what_the_page_does_not_say_is_not_found(quote: str) -> None:
    assert quote_found(PAGE, quote) == "no"


@pytest.mark.parametrize(("text", "quote"), [("", "Raoul Wallenberg Prize"), (PAGE, ""), (PAGE, "here"), (PAGE, "…")])
def test_what_proves_nothing_is_unknown(text: str, quote: str) -> None:
    assert quote_found(text, quote) == "unknown"


def test_what_may_pass_is_asked_again_and_what_is_an_answer_is_not() -> None:
    asked = {what: retry_class(what) for what in (200, 403, 404, 410, 429, 451, 500, 503, 504, "dns", "tls", "timeout")}
    assert asked == {
        200: "never", 403: "later", 404: "never", 410: "never", 429: "later", 451: "never", 500: "soon", 503: "later",
        504: "soon", "dns": "later", "tls": "never", "timeout": "soon",
    }  # fmt: skip
