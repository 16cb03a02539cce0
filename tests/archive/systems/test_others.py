"""Who else would learn what a report cites is told before anything is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.capture.fetch import plan
from archive.capture.settings import FetchSettings

REPORT = Path("manifests/examples/R210517/report.txt")
ARCHIVE = "web.archive.org (only for sources that the live web does not give)"
OTHERS = (
    "snhr.org (only where sn4hr.org fails, which moved there)",
    "players.brightcove.net (whose player webtv.un.org had)",
)


@pytest.mark.parametrize(
    ("settings", "told"),
    [({}, (ARCHIVE, *OTHERS)), ({"memento": False}, OTHERS), ({"third_parties": False}, ())],
)
def test_the_plan_names_all_others(settings: dict[str, bool], told: tuple[str, ...]) -> None:
    assert plan(REPORT, FetchSettings(**settings)).third_parties == told  # type: ignore[arg-type]
