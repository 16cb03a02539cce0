"""Two pages of one site, captured, and a bag that is made of their recordings alone."""

from __future__ import annotations

from pathlib import Path

from archive.fetch.fetch import fetch
from archive.fetch.imported import ImportOrder, import_recordings
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World

FIRST, SECOND = "s01", "s02"
"""The pages need the same style sheets."""


def captured_and_imported(folder: Path) -> tuple[Path, Path]:
    """A captured bag, and a bag of its recordings, which requested nothing."""
    report = folder / "report.txt"
    report.write_text("Two: https://sn4hr.org/blog/2019/04/30/53633/ and https://sn4hr.org/blog/2018/04/08/51899/ here.\n")
    with World() as world:
        captured = fetch(report, folder / "C", settings_for(world, media=False)).bag
    recordings = tuple(captured / f"data/archive/{source}.warc.gz" for source in (FIRST, SECOND))
    return captured, import_recordings(ImportOrder(recordings, report, folder / "B")).result.bag
