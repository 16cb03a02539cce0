"""Schemes as they are printed: misspelt ones, other ones, and addresses with a blank or backslashes."""

from __future__ import annotations

import io

import pytest

from archive.cite import CitedReport, read_report_stream
from archive.cite.links import find_urls


def report_of(text: str) -> CitedReport:
    return read_report_stream(io.BytesIO(text.encode()), "report.txt")


MISSPELT = [
    ("htps://x.org/a", "https://x.org/a"),
    ("htp://x.org/a", "http://x.org/a"),
    ("htttps://x.org/a", "https://x.org/a"),
    ("hhttps://x.org/a", "https://x.org/a"),
    ("xttps://x.org/a", "https://x.org/a"),
    ("httpz://x.org/a", "https://x.org/a"),
    ("hpts://x.org/a", "https://x.org/a"),
    ("shttp://x.org/a", "http://x.org/a"),
    ("htps:/x.org/a", "https://x.org/a"),
    ("htps//x.org/a", "https://x.org/a"),
    ("htps ://x.org/a", "https://x.org/a"),
    ("https:x.org/a", "https://x.org/a"),
    ("HTPS://x.org/a", "https://x.org/a"),
]


@pytest.mark.parametrize(("printed", "url"), MISSPELT)
def test_a_misspelt_scheme_is_mended_and_doubted_and_nothing_is_listed_twice(printed: str, url: str) -> None:
    report = report_of(f"See {printed}, and.")
    assert [(source.cited, source.doubts) for source in report.sources] == [(url, ("broken-scheme",))]
    assert report.sources[0].citations[0].anchor == printed
    assert report.passed_over == ()


def test_a_scheme_in_letters_of_another_script_is_read_as_it_looks_and_doubted() -> None:
    [found] = find_urls("See htt\u0440s://x.org/a, and")
    assert (found.url, found.doubts) == ("https://x.org/a", ("look-alike",))


@pytest.mark.parametrize("scheme", ["tg", "gopher", "foo", "sftp", "help"])
def test_an_address_of_another_scheme_is_passed_over_by_its_name(scheme: str) -> None:
    report = report_of(f"See {scheme}://x.org/a, and.")
    assert report.sources == ()
    assert [(one.kind, one.target) for one in report.passed_over] == [(scheme, f"{scheme}://x.org/a")]


def test_a_word_of_another_script_before_an_address_is_passed_over() -> None:
    report = report_of("الرابط://x.org/a")
    assert [(one.kind, one.target) for one in report.passed_over] == [("broken-address", "الرابط://x.org/a")]


@pytest.mark.parametrize(
    ("line", "url", "others", "doubts"),
    [
        ("https://x.org /blog/51899/", "https://x.org/blog/51899/", ("https://x.org",), ("blank-inside",)),
        ("https://x.org /about. We", "https://x.org", ("https://x.org/about",), ("blank-inside",)),
        ("https://x.org / Facebook", "https://x.org", (), ()),
        ("https://x.org/a /b/c", "https://x.org/a", (), ()),
        ("https://x.org\\a\\b. We", "https://x.org/a/b", ("https://x.org",), ("look-alike",)),
        ("https:\\\\x.org\\a", "https://x.org/a", ("https://x.org",), ("look-alike", "broken-scheme")),
        ("https:\\\\x.org", "https://x.org", (), ("broken-scheme",)),
    ],
)
def test_a_path_behind_a_blank_or_a_backslash_is_a_doubtful_reading(
    line: str, url: str, others: tuple[str, ...], doubts: tuple[str, ...]
) -> None:
    [found] = find_urls(line)
    assert (found.url, found.alternatives, found.doubts) == (url, others, doubts)
