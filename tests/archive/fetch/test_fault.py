"""A fault of the program at one source costs that source its verdict, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.capture import page
from archive.fetch import other_copies
from archive.fetch.fetch import fetch
from archive.verify.run import verify
from tests.archive.fetch.test_pilot import settings_for
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World


def test_a_fault_leaves_the_other_sources_and_no_record_that_nothing_names(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = page.judge

    def judge(answer: object, **more: object) -> object:
        if "53633" in str(answer.url):  # type: ignore[attr-defined]
            raise ZeroDivisionError("by chance")
        return original(answer, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(page, "judge", judge)
    report = tmp_path / "report.txt"
    report.write_text("See https://sn4hr.org/blog/2019/04/30/53633/ and https://www.coe.int/en/web/portal for more.\n")
    result = fetch(report, tmp_path / "B", settings_for(world))
    ended = [(str(entry.live.status), entry.live.reason) for entry in result.ledger.sources]
    assert ended[0] == ("unreachable", "fault")
    assert ended[1] != ("unreachable", "fault")
    assert result.ledger.sources[0].exchanges
    monkeypatch.undo()
    codes = {finding.code for finding in verify(result.bag).findings if finding.severity == "error"}
    assert codes == set()


def test_a_fault_as_copies_are_looked_for_is_noted_and_the_note_is_due(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_memento(*_: object, **__: object) -> object:
        raise ZeroDivisionError("by chance")

    monkeypatch.setattr(other_copies, "with_memento", with_memento)
    report = tmp_path / "report.txt"
    report.write_text("See https://www.faselhd.pro/movies/nothing for more.\n")
    bag = ForgedBag(fetch(report, tmp_path / "B", settings_for(world, memento=True)).bag)
    monkeypatch.undo()
    assert bag.errors() == []
    notes = bag.entry("s01").notes
    assert "fault-elsewhere" in {each.code for each in notes}
    bag.set_source("s01", notes=tuple(each for each in notes if each.code != "fault-elsewhere"))
    bag.seal_over()
    assert bag.errors() == [("memento-contradicted", "s01"), ("note-contradicted", "s01")]  # the look-up was due
