"""`archive finish`: what to do next with the bag that it makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.fetch.fetch import fetch
from archive_cli.main import main
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World


@pytest.mark.parametrize(("words", "following"), [(["--no-check"], "archive verify B"), ([], "archive view B")])
def test_a_bag_that_was_not_checked_is_to_be_verified_first(
    words: list[str], following: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("report.txt").write_text("See https://sn4hr.org/?p=24105 for it.\n")
    with World() as world:
        fetch(Path("report.txt").absolute(), Path("B").absolute(), settings_for(world, media=False), hold=True)
    done = CliRunner().invoke(main, ["finish", "B", *words])
    assert done.exit_code == 0, done.output
    assert f"Next: {following}" in done.output
    assert ("archive sign" in done.output) is not bool(words)
