"""Honest and forged pairs of pages, each in both orders: no honest one contradicts, every forged one does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.pages.evidence import SourceEvidence
from archive_manifests.corroboration import PairStatus
from tests.archive.corroborate import (
    beside_pairs,
    forged_pairs,
    frame_pairs,
    honest_pairs,
    language_pairs,
    later_pairs,
    script_pairs,
    visit_pairs,
)
from tests.archive.corroborate.forged_pairs import IN_ARTICLE, NAMED
from tests.archive.corroborate.news_page import ARTICLE, MEDIA, news_page
from tests.archive.corroborate.page_pairs import LATER, VISIT, evidence
from tests.world.media_bytes import png

HONEST = honest_pairs.HONEST | language_pairs.HONEST | later_pairs.HONEST | visit_pairs.HONEST | frame_pairs.HONEST
HONEST |= {"beside the main content": beside_pairs.HONEST}
FORGED = forged_pairs.FORGED | {
    "by language": language_pairs.FORGED, "later": later_pairs.FORGED, "at a visit": visit_pairs.FORGED,
    "in the frame": frame_pairs.FORGED, "beside the main content": beside_pairs.FORGED,
}  # fmt: skip


def seen(page: str) -> SourceEvidence:
    return evidence(news_page(page), VISIT, media=MEDIA)


def contradicting(one: SourceEvidence, other: SourceEvidence) -> list[tuple[str, str, str]]:
    """What contradicts where the first page is visited seven minutes before the second."""
    assert other.live is not None
    later = replace(other, live=replace(other.live, visit=VISIT + LATER))
    found = compare_sources(one, later)
    assert found is not None
    said = [(each.what, each.first, each.second) for each in found.differences if each.is_substance]
    assert bool(said) is (found.status is PairStatus.CONTRADICTS)
    return said


@pytest.mark.parametrize("kind", HONEST)
def test_no_honest_pair_contradicts(kind: str) -> None:
    wrong = {
        name: said for name, (one, other) in HONEST[kind].items() if (said := contradicting(seen(one), seen(other)))
    }
    assert wrong == {}


@pytest.mark.parametrize("kind", FORGED)
def test_every_forged_pair_contradicts(kind: str) -> None:
    pages = {name: (seen(one), seen(other)) for name, (one, other) in FORGED[kind].items()}
    unseen = [name for name, pair in pages.items() if not contradicting(*pair) or not contradicting(*pair[::-1])]
    assert unseen == []


def with_script(script: str) -> SourceEvidence:
    article = ARTICLE.replace("<article>", "<article id=story>")
    return evidence(news_page(article=article, head=script and f"<script>{script}</script>"), VISIT, media=MEDIA)


def test_a_script_that_takes_hold_of_the_page_contradicts_however_it_is_written() -> None:
    pages = {name: (with_script(""), with_script(script)) for name, script in script_pairs.FORGED.items()}
    assert [name for name, pair in pages.items() if not contradicting(*pair) or not contradicting(*pair[::-1])] == []


def test_a_script_that_takes_hold_of_something_else_is_the_page_s_own_business() -> None:
    said = {name: contradicting(with_script(""), with_script(script)) for name, script in script_pairs.HONEST.items()}
    assert {name: found for name, found in said.items() if found} == {}


MAP = '<script type=importmap>{{"imports":{{"app":"{}"}}}}</script>'
SLOT = '<div class="{}"><script src="https://other.example/a.js"></script></div>'


@pytest.mark.parametrize(
    ("one", "other", "is_seen"),
    [
        ("", MAP.format("https://other.example/a.js"), True),
        (MAP.format("/app-3f2a1c9b.js"), MAP.format("/app-77ab00c1.js"), False),
        ("", SLOT.format("adsbygoogle"), True),
        ("<div class=adsbygoogle></div>", SLOT.format("adsbygoogle"), False),
        ("<script>b.hidden=true</script>", "<script type=text/plain>b.hidden=true</script>", True),
        ("<script>b.hidden=true</script>", "<script nomodule>b.hidden=true</script>", True),
    ],
)  # fmt: skip
def test_which_scripts_a_page_runs_is_compared(one: str, other: str, is_seen: bool) -> None:
    assert bool(contradicting(seen(one), seen(other))) is is_seen


OFFERS = "<aside><ul><li><a href=/n/3>Villagers speak of rebels there</a></li><li><a href=/n/4>Photographers used paid extras</a></li></ul></aside>"


@pytest.mark.parametrize(
    ("offers", "before"),
    [(OFFERS, "<p>The operation")] + [
        (OFFERS.replace("aside", "div"), before) for before in ("<p>The operation", "<article>", "</main>")
    ],
)  # fmt: skip
def test_a_list_of_other_pages_around_the_text_that_one_page_alone_has_contradicts(offers: str, before: str) -> None:
    pages = news_page(), news_page().replace(before, f"{offers}{before}")
    assert contradicting(*(evidence(page, VISIT, media=MEDIA) for page in pages)) != []


@pytest.mark.parametrize(("size", "is_seen"), [(16, False), (400, True)])
def test_a_picture_in_a_dialog_of_one_page_alone_is_no_more_than_a_sign(size: int, is_seen: bool) -> None:
    shown = {**MEDIA, "https://news.example/x.png": png("x", size, size)}
    pages = [evidence(news_page(part), VISIT, media=shown) for part in ("", "<div class=cookie><img src=/x.png></div>")]
    assert bool(contradicting(*pages)) is is_seen


def in_article(part: str) -> SourceEvidence:
    return evidence(news_page(article=ARTICLE.replace("</article>", f"{part}</article>")), VISIT, media=MEDIA)


def test_every_change_of_the_article_contradicts() -> None:
    changes = IN_ARTICLE | visit_pairs.IN_ARTICLE
    pages = {name: (in_article(one), in_article(other)) for name, (one, other) in changes.items()}
    assert [name for name, pair in pages.items() if not contradicting(*pair) or not contradicting(*pair[::-1])] == []


@pytest.mark.parametrize("name", ["sp-main-body", "large-push-4", "modal", "login", "ad-content", "cookie", "gate"])
def test_the_main_text_is_no_changing_place_whatever_it_is_called(name: str) -> None:
    shown = "<time datetime=2021-05-21>21 May 2021</time><p>Killed: 37</p><p>112</p><p>We were there</p>"
    pages = [
        evidence(news_page(article=f"<div class={name}>{ARTICLE}{said}</div>"), VISIT, media=MEDIA)
        for said in (
            shown,
            shown.replace("2021-05-21", "2021-05-22"),
            shown.replace("37", "31"),
            shown.replace("<p>112</p>", ""),
            shown.replace("were there", "were never there"),
        )
    ]
    assert [bool(contradicting(pages[0], other)) for other in pages] == [False, True, True, True, True]


@pytest.mark.parametrize("name", NAMED)
def test_what_a_server_may_do_too_is_named(name: str) -> None:
    one, other = map(seen, NAMED[name])
    assert one.live is not None and other.live is not None
    found = compare_sources(one, replace(other, live=replace(other.live, visit=VISIT + LATER)))
    assert found is not None
    assert found.status is PairStatus.DIFFERS
    assert any(each.first or each.second for each in found.differences)
