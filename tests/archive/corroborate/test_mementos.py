"""Copies that other archives have: earlier observers, compared with the live captures and with each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html
from msgspec import structs

from archive.corroborate.compare.pair import compare_sources
from archive.corroborate.mementos import altered_archives, archive_evidence, warning_of
from archive.corroborate.page import render_corroboration
from archive.corroborate.pages.evidence import SourceEvidence
from archive.fetch.fetch import fetch
from archive_manifests.corroboration import (
    ArchiveEvidence,
    CorroboratedSource,
    Corroboration,
    PairStatus,
    ReportFacts,
    SourceState,
)
from archive_manifests.ledger import Copy, Status
from archive_manifests.notes import note
from tests.archive.corroborate.page_pairs import URL, entry, evidence, page
from tests.archive.fetch.test_pilot import REPORT, settings_for
from tests.cli.invoke import run as invoke
from tests.world import World

EARLIER = datetime(2021, 5, 22, tzinfo=UTC)
STORY, OTHER = page("<p>Shells killed 37 people.</p>"), page("<p>A gas leak killed 37 people.</p>")


def copy_at(host: str, content: str) -> tuple[Copy, object]:
    url = f"https://{host}/web/20210522000000/{URL}"
    live = evidence(content, EARLIER).live
    assert live is not None
    return Copy("memento", url, "2026-11-29T10:00:00Z", host), replace(live, url=url)


def observer(content: str | None, *copies: tuple[Copy, object]) -> SourceEvidence:
    made = (
        evidence(content or "") if content else replace(evidence(""), live=None, entry=entry(Status.GONE, "not-found"))
    )
    return replace(made, mementos=copies)  # type: ignore[arg-type]


def pairs(found: ArchiveEvidence) -> dict[tuple[str, str], str]:
    return {(one.first, one.second): str(one.status) for one in found.pairs}


def test_two_archives_are_compared_with_the_live_capture_and_with_each_other() -> None:
    one = observer(STORY, copy_at("web.archive.org", STORY))
    other = observer(None, copy_at("webarchive.example", OTHER))
    found = archive_evidence({"o1": one, "o2": other})
    assert found.state == "several-archives"
    assert pairs(found) == {
        ("web.archive.org", "o1"): "same-bytes",
        ("webarchive.example", "o1"): "contradicts",
        ("web.archive.org", "webarchive.example"): "contradicts",
    }


def test_one_archive_alone_is_what_one_archive_says() -> None:
    one = observer(STORY, copy_at("web.archive.org", STORY))
    other = observer(None, copy_at("web.archive.org", STORY))
    assert archive_evidence({"o1": one, "o2": other}).state == "one-archive"
    assert archive_evidence({"o1": observer(STORY)}) == ArchiveEvidence("none")


def test_the_page_counts_independent_archives_and_shows_what_they_contradict() -> None:
    copies = [copy_at(host, STORY if host != "webarchive.example" else OTHER) for host in (
        "web.archive.org", "webarchive.example", "archive.ph",
    )]  # fmt: skip
    found = archive_evidence(
        {"o1": observer(page("<p>Shells killed 37 people.</p><p>Nobody has claimed it.</p>"), *copies)}
    )
    source = CorroboratedSource(URL, SourceState.ONE_OBSERVER, 1, 1, (), (), found)
    text = render_corroboration(Corroboration("", "x", ReportFacts("R1", None), (), (), (), (source,)))
    assert "2 copies of independent archives are compared here." in text
    (details,) = html.fromstring(text).xpath("//div[@lang='en']//article/details")
    assert details.get("open") is not None
    assert "(not there)" in details.xpath(".//dd/text()")
    assert "" not in [str(one.text_content()).strip() for one in details.xpath(".//dd")]


def test_the_terminal_names_the_archives_that_have_a_copy(tmp_path: Path) -> None:
    with World() as world:
        bag = fetch(REPORT, tmp_path / "R210517", settings_for(world, memento=True)).bag
    done = invoke("corroborate", bag, bag)
    assert "    One archive says: web.archive.org. One archive alone is no corroboration." in done.stdout.splitlines()


@pytest.mark.parametrize("host", ["archive.today", "archive.ph", "www.archive.is"])
def test_an_archive_that_altered_captures_is_named_with_the_source_and_is_no_second_archive(host: str) -> None:
    one = observer(STORY, copy_at("web.archive.org", STORY), copy_at(host, STORY))
    found = archive_evidence({"o1": one})
    assert found.state == "one-archive"
    assert [each.warning for each in found.copies] == [None, "archive-today"]
    source = CorroboratedSource(URL, SourceState.ONE_OBSERVER, 1, 1, (), (), found)
    text = render_corroboration(Corroboration("", "x", ReportFacts("R1", None), (), (), (), (source,)))
    assert "documented to have altered captures" in text
    assert "Requests_for_comment/Archive.is_RFC_5" in text


def test_each_archive_of_the_list_has_hosts_a_statement_and_its_sources() -> None:
    for one in altered_archives():
        assert one.hosts and one.statement and all(source.startswith("https://") for source in one.sources)
        assert all(warning_of(host) == one.code for host in one.hosts)
    assert warning_of("web.archive.org") is None


def test_one_copy_of_one_archive_that_two_bags_have_otherwise_contradicts() -> None:
    """The live web has nothing, both have the archive's copy of one moment: one of the two altered it."""
    gone = observer(None, copy_at("web.archive.org", STORY)), observer(None, copy_at("web.archive.org", OTHER))
    found = compare_sources(*gone)
    assert found is not None and found.status is PairStatus.CONTRADICTS
    assert [(each.what, each.is_substance) for each in found.differences] == [("memento", True)]
    [(copy, shown)] = gone[0].mementos
    later = (note("memento-captured", when="2021-05-22T08:00:00Z", age=note("undated")),)
    found = compare_sources(gone[0], replace(gone[0], mementos=((structs.replace(copy, notes=later), shown),)))
    assert found is not None and [each.second for each in found.differences] == ["2021-05-22T08:00:00Z"]
    same = compare_sources(gone[0], gone[0])
    assert same is None  # nobody saw it on the live web, and the copies agree
    seen = observer(STORY, copy_at("web.archive.org", STORY)), observer(STORY, copy_at("web.archive.org", OTHER))
    found = compare_sources(*seen)
    assert found is not None and found.status is PairStatus.CONTRADICTS


def test_copies_of_two_moments_are_two_copies() -> None:
    one = observer(STORY, copy_at("web.archive.org", STORY))
    copy, content = copy_at("web.archive.org", OTHER)
    other = observer(
        STORY, (structs.replace(copy, url=copy.url.replace("20210522", "20240522") if copy.url else None), content)
    )
    found = compare_sources(one, other)
    assert found is not None and found.status is PairStatus.SAME_BYTES


def test_a_new_address_of_the_source_is_compared_as_well() -> None:
    moved = Copy("successor", f"{URL}-moved", "2026-11-29T10:00:00Z", "news.example")
    one, other = (replace(observer(STORY), others=((moved, evidence(html).live),)) for html in (STORY, OTHER))  # type: ignore[arg-type]
    found = compare_sources(one, other)
    assert found is not None and (found.status, [each.what for each in found.differences]) == (
        PairStatus.CONTRADICTS,
        ["text"],
    )
