"""Citations without a scheme, which may be read in more than one way: whatever their servers say, the bag verifies."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.fetch import passes
from archive.fetch.fetch import fetch
from archive.verify.run import verify
from archive_manifests.findings import Severity
from archive_manifests.ledger import Status
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World

BARE = (
    "sn4hr.org/blog/2019/04/30/53633/",
    "sn4hr.org/not/there/page",
    "www.sn4hr.org/not/there",
    "www.youtube.com/watch?v=ut0DuECJLjs",
    "www.youtube.com/watch?v=AAAAAAAAAAA",
    "www.coe.int/nothing",
    "drive.google.com/file/d/none/view",
    "x.com/someone/status/12345",
    "facebook.com/some/posts/1",
    "t.me/dumamedia/4",
    "vimeo.com/76979871",
    "faselhd.pro/movies/x",
)


def report(folder: Path, *cited: str) -> Path:
    text = folder / "report.txt"
    text.write_text("".join(f"It is shown at {each} and elsewhere.\n" for each in cited), encoding="utf-8")
    return text


def errors(bag: Path) -> list[tuple[str, str | None]]:
    return [(each.code, each.source) for each in verify(bag).findings if each.severity is Severity.ERROR]


def test_a_report_of_bare_addresses_verifies_and_so_does_the_bag_after_it(world: World, tmp_path: Path) -> None:
    text = report(tmp_path, *BARE)
    first = fetch(text, tmp_path / "bag", settings_for(world, memento=True))
    assert [entry.cited for entry in first.ledger.sources] == list(BARE)
    assert {entry.status for entry in first.ledger.sources} >= {Status.CAPTURED, Status.GONE, Status.UNREACHABLE}
    assert all(len(entry.readings) > 1 for entry in first.ledger.sources)
    second = fetch(text, tmp_path / "bag", settings_for(world, memento=True), again=True)
    assert (errors(first.bag), errors(second.bag)) == ([], [])


@pytest.mark.parametrize("cited", ["t.me/dumamedia/4", "www.sn4hr.org/not/there"])
def test_a_look_up_begins_with_the_likeliest_reading(world: World, tmp_path: Path, cited: str) -> None:
    result = fetch(report(tmp_path, cited), tmp_path / "bag", settings_for(world, memento=True))
    (entry,) = result.ledger.sources
    assert entry.memento_lookup == "none"
    assert entry.request_url == f"http://{cited}"
    assert errors(result.bag) == []


def test_what_a_reading_that_gave_nothing_needed_is_listed_where_another_source_had_requested_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "SOURCES_AT_ONCE", 1)
    cited = ("https://www.youtube.com/watch?v=ut0DuECJLjs", "www.youtube.com/watch?v=AAAAAAAAAAA")
    text = report(tmp_path, *cited)
    first = fetch(text, tmp_path / "bag", settings_for(world))
    shown, gone = first.ledger.sources
    assert (shown.status, gone.status) == (Status.CAPTURED, Status.GONE)
    style = next(each.record for each in shown.requisites if each.url.endswith("www-player.css"))
    assert style in gone.exchanges
    second = fetch(text, tmp_path / "bag", settings_for(world), again=True)
    assert (errors(first.bag), errors(second.bag)) == ([], [])
