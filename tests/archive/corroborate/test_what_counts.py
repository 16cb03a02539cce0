"""What of a page counts: frames of its own site, wherever they stand; no response that broke off."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.corroborate import _state
from archive.corroborate.pages.content import TextBlock
from archive.corroborate.pages.evidence import RequisiteEvidence, _CopyReader
from archive.corroborate.pages.tree import read_tree
from archive.corroborate.texts.counters import says_online
from archive_manifests.corroboration import PairStatus, SourceState
from tests.archive.corroborate.page_pairs import VISIT, compare, evidence, page

PAGE = "https://news.example/article"
TRUE, FALSE = "<p>Thirty-seven patients died.</p>", "<p>Nobody died there.</p>"


def blocks(markup: str, frames: dict[str, str]) -> list[TextBlock]:
    """What a page with these frames says, and where."""
    answers: dict[str, Any] = {
        url: SimpleNamespace(url=SimpleNamespace(href=url), media_type="text/html", charset=None, answer=url)
        for url in (PAGE, *frames)
    }
    records: Any = SimpleNamespace(exchange=answers.get, content=lambda url: frames[url].encode())
    requisites = {url: RequisiteEvidence("frame", "captured", "0" * 64, record=url) for url in frames}
    tree = read_tree(f"<article>{markup}</article>".encode(), "utf-8")
    return _CopyReader(records, requisites)._page(tree, answers[PAGE]).blocks


def texts(markup: str, frames: dict[str, str]) -> set[str]:
    """What a page with these frames says."""
    return {block.text for block in blocks(markup, frames)}


@pytest.mark.parametrize("place", ["<div class=ad>{}</div>", "<ins class=adsbygoogle>{}</ins>", "<div class=related>{}</div>", "{}"])
def test_a_frame_of_the_own_site_is_read_in_any_place(place: str) -> None:
    url = "https://news.example/box"
    markup = place.format(f"<iframe src={url}></iframe>")
    for said in (TRUE, FALSE):
        assert said[3:-4] in texts(markup, {url: said})


def test_a_frame_between_paragraphs_is_part_of_the_text_whatever_its_parts_are_called() -> None:
    url = "https://news.example/box"
    inner = f"<header>Died of typhus</header><main><h1>List</h1>{TRUE}</main>"
    (found,) = (each for each in blocks(f"{TRUE}<iframe src={url}></iframe>", {url: inner}) if "typhus" in each.text)
    assert (found.section, found.is_framed) == ("article", False)


def test_a_frame_of_another_site_in_a_changing_place_is_that_sites_own() -> None:
    url = "https://ads.example/box"
    assert TRUE[3:-4] not in texts(f"<div class=ad><iframe src={url}></iframe></div>", {url: TRUE})


def test_the_hundredth_frame_is_read() -> None:
    frames = {f"https://news.example/{number}": f"<p>Number {number}</p>" for number in range(100)}
    markup = "".join(f"<iframe src={url}></iframe>" for url in frames)
    assert {f"Number {number}" for number in range(100)} <= texts(markup, frames)


def test_a_response_that_broke_off_is_no_second_sighting() -> None:
    whole = evidence("<article><p>Thirty-seven patients died.</p></article>", VISIT)
    assert whole.live is not None
    cut = replace(whole, live=replace(whole.live, is_cut=True))
    expected = (
        ([whole, whole], SourceState.CORROBORATED),
        ([whole, whole, cut], SourceState.CORROBORATED),
        ([whole, cut], SourceState.ONE_OBSERVER),
        ([cut, cut], SourceState.ONE_OBSERVER),
    )
    for seen, state in expected:
        assert _state((), seen, len(seen), may_be_more=False) is state


def test_a_line_without_an_end_says_of_nobody_that_they_are_online() -> None:
    """It is read in time that grows with its length: a page of one such word may not hold up a comparison."""
    assert not says_online("1" * 1_000_000)
    assert says_online("Omar, Layla [Bot] and 12 guests online")


EDITION = "<link rel=alternate hreflang={0} href=/{0}/article>"


def test_what_a_head_states_has_no_order_but_among_statements_of_one_name() -> None:
    tags = "<meta property=og:image content=/a.jpg><meta property=og:image content=/b.jpg>"
    head = f"<title>News</title>{EDITION.format('en-in')}{EDITION.format('da')}{tags}"
    other = f"<title>News</title>{EDITION.format('da')}{tags}{EDITION.format('en-in')}"
    assert compare(page("<p>Text", head), page("<p>Text", other)).status is PairStatus.SAME_TEXT
    assert compare(page("<p>Text", head), page("<p>Text", head.replace("/da/", "/de/"))).status is PairStatus.CONTRADICTS
    turned = other.replace("/a.jpg", "/c.jpg").replace("/b.jpg", "/a.jpg").replace("/c.jpg", "/b.jpg")
    assert compare(page("<p>Text", head), page("<p>Text", turned)).status is PairStatus.CONTRADICTS


@pytest.mark.parametrize(
    ("end", "status"),
    [("<p>The ward was", "differs"), ("", "differs"), ("<p>No ward was", "contradicts")],
    ids=["within a line", "between two lines", "another word"],
)
def test_of_a_response_that_broke_off_only_what_came_is_compared(end: str, status: str) -> None:
    whole = evidence("<article><p>Thirty-seven patients died.</p><p>The ward was full.</p><p>It burned.</p></article>", VISIT)
    cut = evidence(f"<article><p>Thirty-seven patients died.</p>{end}", VISIT)
    assert cut.live is not None
    found = compare_sources(whole, replace(cut, live=replace(cut.live, is_cut=True)))
    assert found is not None and str(found.status) == status
