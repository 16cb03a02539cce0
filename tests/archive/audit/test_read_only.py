"""A catalogue on a medium that cannot be written: it is read, and nothing else."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.audit.add import add_bags
from archive.audit.catalogue.agreement import check_catalogue
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import open_catalogue
from archive.audit.errors import CatalogueProblem
from archive.audit.policy import Interval, set_interval
from archive.audit.status import read_status
from tests.archive.audit.conftest import Inline
from tests.archive.verify.sample_bags import make_bag


@pytest.fixture
def place(tmp_path: Path, engine: Inline, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue with one copy, whose folder says that it cannot be written, also to root."""
    found = tmp_path / "on a disc?#/audit.sqlite3"
    with open_catalogue(str(found)) as catalogue:
        add_bags(catalogue, [str(make_bag(tmp_path / "b"))], Custody(), engine)
    access = os.access
    monkeypatch.setattr(
        "archive.audit.catalogue.database.os.access", lambda where, how: where != found.parent and access(where, how)
    )
    return found


def test_it_can_be_read_and_nothing_is_left_beside_it(place: Path) -> None:
    before = {each.name for each in place.parent.iterdir()}
    with open_catalogue(str(place), make=False) as catalogue, catalogue.reading() as connection:
        assert read_status(connection, datetime.now(UTC)).copies == 1
        assert check_catalogue(connection)[1] == []
    assert {each.name for each in place.parent.iterdir()} == before


def test_writing_is_refused_with_a_reason(place: Path) -> None:
    with (
        open_catalogue(str(place), make=False) as catalogue,
        pytest.raises(CatalogueProblem, match="`status`, `history` and `report` work, nothing else"),
        catalogue.writing() as connection,
    ):
        set_interval(connection, "*", "disk", Interval(30, 30))


def test_entries_in_a_log_that_cannot_be_read_are_not_left_out_in_silence(place: Path) -> None:
    place.with_name("audit.sqlite3-wal").write_bytes(b"entries")
    with pytest.raises(CatalogueProblem, match="copy both to a writable folder"):
        open_catalogue(str(place), make=False)
