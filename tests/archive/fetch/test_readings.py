"""A cited string that may be read in more than one way."""

from __future__ import annotations

from pathlib import Path

from archive.fetch.fetch import fetch
from archive_manifests.ledger import Status
from tests.archive.fetch.test_pilot import settings_for
from tests.note_texts import texts_of
from tests.world import World


def test_an_address_without_a_scheme_is_requested_with_one(world: World, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("The prize is described at www.coe.int/en/web/portal and nowhere else.\n")
    result = fetch(report, tmp_path / "B", settings_for(world))
    (source,) = result.ledger.sources
    assert source.cited == "www.coe.int/en/web/portal"
    assert "https://www.coe.int/en/web/portal" in world.urls()


def test_the_unjoined_half_of_a_broken_url_is_tried_where_the_joined_one_is_gone(world: World, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("As reported by SNHR, see https://sn4hr.org/blog/2019/04/30/53633/\nandmore/words in the text.\n")
    result = fetch(report, tmp_path / "B", settings_for(world))
    (source,) = result.ledger.sources
    assert source.cited == "https://sn4hr.org/blog/2019/04/30/53633/andmore/words"
    assert source.status is Status.CAPTURED
    assert source.final_url == "https://sn4hr.org/blog/2019/04/30/53633/"
    observed = "the program read the cited text as https://sn4hr.org/blog/2019/04/30/53633/; "
    assert any(note.startswith(observed) for note in texts_of(source.notes))
    assert len(source.exchanges) >= 2
