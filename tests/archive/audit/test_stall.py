"""A disk or a store that hangs: its copy is given up, the others are read."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.audit import check
from archive.audit.add import add_bags
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.content import Pace
from archive.audit.look import CopyOutcome, Look, Pin, Rules
from archive.audit.run import AuditLimits, run_audit
from archive.audit.selection import ALL, CopySelection
from archive.audit.stall import Stalled, within
from tests.archive.audit.conftest import Inline
from tests.archive.verify.sample_bags import make_bag


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """What a hung read waits for; set at the end, so that its thread ends."""
    event = threading.Event()
    yield event
    event.set()


def test_work_that_stands_still_is_given_up(never: threading.Event) -> None:
    with pytest.raises(Stalled, match="hangs"):
        within(0.2, never.wait, lambda: 0)


def test_reading_that_waits_for_its_pace_is_no_stall() -> None:
    pace = Pace(10_000.0).of_copy()

    def slowly() -> str:
        for _ in range(2):
            pace.took(7_500)  # waits longer than the limit
        return "read"

    assert within(0.5, slowly, lambda: pace.progress) == "read"


def test_what_the_work_raises_is_raised() -> None:
    def fails() -> None:
        raise OSError(5, "input/output error")

    with pytest.raises(OSError, match="input/output"):
        within(5, fails, lambda: 0)


def test_a_root_that_hangs_while_it_is_listed_is_given_up(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, never: threading.Event
) -> None:
    found, well = make_bag(tmp_path / "hung/b"), make_bag(tmp_path / "well/b")

    def hanging(root: str) -> Iterator[str]:
        yield (found if "hung" in root else well).as_uri()
        if "hung" in root:
            never.wait()

    monkeypatch.setattr("archive.audit.add._bags_at", hanging)
    added = add_bags(sqlite, [str(tmp_path / "hung"), str(tmp_path / "well")], Custody(), engine, stall=0.5)
    assert (added.added, added.exit_code) == (2, 3)
    assert [(one.place, "the disk, the mount or the store hangs" in one.why) for one in added.unreadable] == [
        (str(tmp_path / "hung"), True)
    ]


def test_hung_copies_are_unreadable_and_the_rest_of_their_disk_is_left_for_later(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, never: threading.Event
) -> None:
    for number in range(6):
        make_bag(tmp_path / f"hung/b{number}")
        make_bag(tmp_path / f"well/b{number}")
    monkeypatch.setattr("archive.audit.place.os.path.ismount", lambda place: str(place).endswith(("hung", "well")))
    add_bags(sqlite, [str(tmp_path)], Custody(), engine)
    looked = check._check

    def hanging(pin: Pin, rules: Rules, pace: Pace) -> Look:
        if "/hung/" in pin.url:
            never.wait()
        return looked(pin, rules, pace)

    monkeypatch.setattr(check, "_check", hanging)
    limits = AuditLimits(stop_after=25, stall=1.0)
    result = run_audit(sqlite, CopySelection(ALL), engine, limits=limits)
    assert result.outcomes[CopyOutcome.SOUND] == 6
    assert result.outcomes[CopyOutcome.UNREADABLE] + result.left == 6
    assert result.outcomes[CopyOutcome.UNREADABLE] == 4  # two of each batch that was handed out
    assert {one.problems[0].code for one in result.unread} == {"reading-stalled"}
    assert list(result.offline) == [(tmp_path / "hung").as_uri()]
    assert (result.new, result.exit_code) == ((), 3)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_a_pipe_in_the_place_of_a_package_is_not_waited_for(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    import tarfile

    bag, package = make_bag(tmp_path / "made/b"), tmp_path / "b.tar"
    with tarfile.open(package, "w") as members:
        members.add(bag, "b")
    add_bags(sqlite, [str(package)], Custody(), engine)
    package.unlink()
    os.mkfifo(package)
    result = run_audit(sqlite, CopySelection(ALL), engine, limits=AuditLimits(stall=None))
    assert (result.outcomes[CopyOutcome.UNREADABLE], result.exit_code) == (1, 3)
