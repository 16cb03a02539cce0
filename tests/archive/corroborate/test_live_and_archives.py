"""Live captures and the copies of two archives, from the capture to the corroboration: `--every-archive`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.capture.settings import FetchSettings
from archive.corroborate.corroborate import corroborate
from archive.corroborate.page import render_corroboration
from archive.errors import UsageProblem
from archive.fetch.fetch import fetch, plan
from archive.verify.run import verify
from archive_manifests.corroboration import CorroboratedSource
from tests.archive.corroborate.observed_site import HOST, ObservedSite, make_report, sign
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World
from tests.world.replies import Reply
from tests.world.site import html
from tests.world.sites.vault import LINK, Copy, Vault
from tests.world.sites.wayback import StoredCapture, Wayback

NOW = datetime(2030, 1, 1, tzinfo=UTC)
PLAIN = "<title>Plain</title><p>This page has never changed since it was put here.</p>"
EDITED = PLAIN.replace("never changed", "changed once")
Observe = Callable[..., Path]


@pytest.fixture
def observe(tmp_path: Path) -> Observe:
    report = make_report(tmp_path / "report", ("plain", "story"))

    def made(name: str, key: int, wayback: str | None = PLAIN, vault: str | None = PLAIN, mode: str = "ok") -> Path:
        site = ObservedSite()
        site.mode = mode
        first, second = Wayback(), Vault()
        first.retained = [StoredCapture("20210522000000", f"http://{HOST}/plain", _reply(wayback))] if wayback else []
        second.copies = [Copy("20210601000000", f"http://{HOST}/plain", _reply(vault))] if vault else []
        with World([site, first, second]) as world:
            settings = settings_for(world, timemaps=(LINK,), every_archive=True, memento=True)
            bag = fetch(report, tmp_path / name, settings).bag
        sign(bag, key)
        return bag

    return made


def _reply(text: str) -> Reply:
    return html(text)


def plain(bags: list[Path]) -> CorroboratedSource:
    found = corroborate(bags, now=NOW)
    assert found.refused == ()
    source = next(one for one in found.sources if one.address.endswith("/plain"))
    assert render_corroboration(found)
    return source


def pairs(source: CorroboratedSource) -> dict[tuple[str, str], str]:
    return {(one.first, one.second): str(one.status) for one in source.archives.pairs}


def test_a_live_page_is_compared_with_the_copies_of_two_archives(observe: Observe) -> None:
    bags = [observe("one", 1), observe("two", 2)]
    for bag in bags:
        assert [one for one in verify(bag, now=NOW).findings if one.kind != "condition"] == []
        entry = next(
            one
            for one in json.loads((bag / "data/sources.json").read_text())["sources"]
            if one["cited"].endswith("/plain")
        )
        assert (entry["status"], entry["memento_lookup"]) == ("captured", "found")
        assert [copy["kind"] for copy in entry["copies"]] == ["live", "memento", "memento"]
    source = plain(bags)
    assert (str(source.state), source.archives.state) == ("corroborated", "several-archives")
    assert {one.archive for one in source.archives.copies} == {"web.archive.org", "vault.example"}
    assert set(pairs(source).values()) <= {"same-bytes", "same-text"}
    assert ("web.archive.org", "vault.example") in pairs(source)


def test_an_archive_that_has_another_text_contradicts_the_live_page_and_the_other_archive(observe: Observe) -> None:
    source = plain([observe("one", 1, vault=EDITED), observe("two", 2, vault=EDITED)])
    found = pairs(source)
    assert found["web.archive.org", "vault.example"] == "contradicts"
    assert {status for (archive, _), status in found.items() if archive == "vault.example"} == {"contradicts"}
    assert str(source.state) == "corroborated"  # the page may have changed since: the live captures agree


def test_an_archive_s_copy_that_one_bag_has_otherwise_is_a_forgery(observe: Observe) -> None:
    source = plain([observe("one", 1), observe("two", 2), observe("forged", 3, wayback=EDITED)])
    assert str(source.state) == "contradicted"
    statuses = sorted(
        (str(pair.status), tuple({each.what for each in pair.differences if each.is_substance}))
        for pair in source.pairs
    )
    assert statuses == [("contradicts", ("memento",)), ("contradicts", ("memento",)), ("same-bytes", ())]


def test_of_a_source_that_is_gone_each_archive_s_copy_is_here(observe: Observe) -> None:
    bag = observe("gone", 1, mode="removed")
    assert [one for one in verify(bag, now=NOW).findings if one.kind != "condition"] == []
    entry = next(
        one for one in json.loads((bag / "data/sources.json").read_text())["sources"] if one["cited"].endswith("/plain")
    )
    assert entry["status"] == "memento"
    assert [copy.get("holder") for copy in entry["copies"] if copy["kind"] == "memento"] == [
        "Internet Archive, Wayback Machine",
        "vault.example, by its TimeMap",
    ]


def test_every_archive_needs_leave_to_look_there_and_is_named_in_the_plan(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="--every-archive"):
        FetchSettings(every_archive=True, memento=False).check()
    named = plan(make_report(tmp_path), FetchSettings(every_archive=True, timemaps=(LINK,))).third_parties
    assert [one for one in named if "--every-archive" in one] == [
        "web.archive.org (every source is looked up there: --every-archive)",
        "vault.example (every source is looked up there: --every-archive)",
    ]
