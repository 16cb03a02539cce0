"""Quotes as reports make them, against pages as they are written."""

from __future__ import annotations

import pytest

from archive.capture.classify import any_quote_found, quote_found, quotes_of, retry_class
from archive.capture.classify.quotes import fold
from archive_manifests.sources import Citation, Source

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


def test_what_may_pass_is_requested_again_and_what_is_an_answer_is_not() -> None:
    requested = {what: retry_class(what) for what in (200, 403, 404, 410, 429, 451, 500, 503, 504, "dns", "tls", "timeout")}
    assert requested == {
        200: "never", 403: "later", 404: "never", 410: "never", 429: "later", 451: "never", 500: "soon", 503: "later",
        504: "soon", "dns": "later", "tls": "never", "timeout": "soon",
    }  # fmt: skip


def cites(anchor: str | None, context: str | None = None, quote: str | None = None) -> Source:
    return Source("https://a.example/", (Citation(anchor=anchor, context=context),), quote=quote)


@pytest.mark.parametrize(
    ("source", "quotes"),
    [
        (cites("the report of the commission"), ()),
        (cites("the report", "SNHR says in the report that “fifteen civilians were killed”."), ()),
        (cites("civilians", "SNHR says that “fifteen civilians were killed” there."), ("fifteen civilians were killed",)),
        (cites("“We couldn't leave”", "she said: “We couldn't leave”"), ("We couldn't leave",)),
        (cites("قتلوا في دوما", "وقالت الشبكة «إن مدنيين قتلوا في دوما» أمس"), ("إن مدنيين قتلوا في دوما",)),
        (cites(None, "see “a symbol of hope” at https://a.example/"), ()),
        (cites("here", quote="a symbol of hope"), ("a symbol of hope",)),
    ],
)
def test_only_what_a_report_marks_as_a_quotation_is_one(source: Source, quotes: tuple[str, ...]) -> None:
    assert quotes_of(source) == quotes


def test_a_report_that_quotes_nothing_is_accused_of_nothing() -> None:
    assert any_quote_found(PAGE, quotes_of(cites("words that the page does not have"))) == "unknown"
    assert any_quote_found(PAGE, quotes_of(cites("here", quote="words that the page does not have"))) == "no"


@pytest.mark.parametrize("text", ["", "  A `Quote`, it's --\t\n\x1f\x7fHERE! _x_ 42", "".join(map(chr, range(128)))])
def test_ascii_is_folded_as_any_other_text(text: str) -> None:
    assert fold(text) == fold(f"{text} \u00e9").removesuffix("e").strip()
    assert fold(text * 1000) == fold(f"{text * 1000} \u00e9").removesuffix("e").strip()
