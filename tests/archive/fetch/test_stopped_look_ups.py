"""Runs that are stopped at a verdict, resumed, and followed by another: what each left behind is no contradiction."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from archive.errors import Interrupted
from archive.fetch import passes
from archive.fetch.fetch import fetch
from archive.verify.run import verify
from archive_manifests.findings import Severity
from archive_manifests.ledger import SourceEntry, Status
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World

CITED = (
    "https://www.faselhd.pro/movies/%D9%81%D9%8A%D9%84%D9%85-cave-2019",
    "https://sn4hr.org/this/page/is/not/there",
    "t.me/dumamedia/4",
)
STOPPED_AT = (0, 3, 5)
"""Of six verdicts: each source is captured, then each looked up elsewhere."""


@pytest.mark.parametrize("number", STOPPED_AT)
def test_a_run_that_is_stopped_at_a_verdict_makes_bags_that_verify(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    text = tmp_path / "report.txt"
    text.write_text("".join(f"It is shown at {each} and elsewhere.\n" for each in CITED), encoding="utf-8")
    settings, left = settings_for(world, memento=True), [number]
    record = passes.Passes._record

    def stopping(self: passes.Passes, entry: SourceEntry) -> None:
        if not left[0]:
            raise Interrupted("stopped")
        left[0] -= 1
        record(self, entry)

    monkeypatch.setattr(passes, "SOURCES_AT_ONCE", 1)
    with monkeypatch.context() as patched:
        patched.setattr(passes.Passes, "_record", stopping)
        with pytest.raises(Interrupted):
            fetch(text, tmp_path / "bag", settings)
    if number == len(CITED):
        time.sleep(1.1)  # the archive is asked for the copy nearest to now, in seconds: the look-up is another one
    first = fetch(text, tmp_path / "bag", settings)
    assert [entry.status for entry in first.ledger.sources] == [Status.MEMENTO, Status.GONE, Status.GONE]
    second = fetch(text, tmp_path / "bag", settings, again=True)
    for bag in (first.bag, second.bag):
        assert [each.code for each in verify(bag).findings if each.severity is Severity.ERROR] == []
