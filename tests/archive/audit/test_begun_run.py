"""Which copies a run reads: a stale run, an empty one, a wrong clock, a disk that is not mounted."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.audit.add import add_bags
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.errors import NothingSelected
from archive.audit.instants import text_of
from archive.audit.look import CopyOutcome
from archive.audit.run import AuditLimits, run_audit
from archive.audit.selection import ALL, CopySelection
from archive.audit.status import read_status
from tests.archive.audit.conftest import Inline
from tests.archive.audit.test_run import add, run
from tests.archive.verify.sample_bags import make_bag


def test_a_run_that_nobody_continued_for_long_is_not_continued(
    catalogue: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    for number in range(3):
        make_bag(tmp_path / f"root/b{number}")
    add(catalogue, engine, tmp_path / "root")
    first = run_audit(catalogue, CopySelection(ALL), engine, limits=AuditLimits(seconds=1e-9))
    assert (first.state, first.left) == ("stopped", 3)
    later = datetime.now(UTC) + timedelta(days=13)
    second = run_audit(catalogue, CopySelection(ALL), engine, limits=AuditLimits(seconds=1e-9), now=lambda: later)
    assert (second.run_id, second.is_resumed) == (first.run_id, True)
    later += timedelta(days=15)
    third = run_audit(catalogue, CopySelection(ALL), engine, now=lambda: later)
    assert (third.run_id != first.run_id, third.is_resumed, third.looked_at) == (True, False, 3)
    with catalogue.reading() as connection:
        assert read_status(connection, later).open_runs == ()


def test_a_run_of_nothing_is_an_error_and_not_continued(
    catalogue: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    with pytest.raises(NothingSelected, match="has no copies"):
        run(catalogue, engine)
    add(catalogue, engine, make_bag(tmp_path / "b"), custody=Custody("us", "disk"))
    with pytest.raises(NothingSelected, match="no copy has custodian nobody; the catalogue has custodian us, class disk"):
        run(catalogue, engine, custodian="nobody")
    assert run(catalogue, engine, custodian="us", storage_class="disk").looked_at == 1
    assert run(catalogue, engine, "due").looked_at == 0


def test_a_clock_that_went_back_leaves_no_copy_out(
    catalogue: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    ahead = datetime.now(UTC) + timedelta(days=4000)
    add_bags(catalogue, [str(make_bag(tmp_path / "b"))], Custody(), engine, now=lambda: ahead)
    result = run(catalogue, engine, "due")  # its next day is years away, and its last one has not come yet
    assert (result.looked_at, result.last_event_at) == (1, text_of(ahead))
    assert (run(catalogue, engine).looked_at, run(catalogue, engine, "due").looked_at) == (1, 0)


def test_a_disk_that_is_not_mounted_leaves_the_other_disks_alone(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        make_bag(tmp_path / f"one/b{number}")
        make_bag(tmp_path / f"two/b{number}")
    monkeypatch.setattr("archive.audit.place.os.path.ismount", lambda place: str(place).endswith(("one", "two")))
    add(sqlite, engine, tmp_path)
    shutil.rmtree(tmp_path / "one")
    (tmp_path / "one").mkdir()
    result = run_audit(sqlite, CopySelection(ALL), engine, limits=AuditLimits(stop_after=1))
    assert result.outcomes[CopyOutcome.SOUND] == 4
    assert (list(result.offline), result.new, result.exit_code) == ([(tmp_path / "one").as_uri()], (), 3)
    assert {one.problems[0].note for one in result.unread} == {f"{tmp_path / 'one'}: is empty; is the disk mounted?"}
