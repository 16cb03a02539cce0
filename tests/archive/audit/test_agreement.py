"""The tables against the chain: whoever writes to the database cannot change what copies are compared with."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from archive.audit.accept import accept
from archive.audit.add import add_bags
from archive.audit.catalogue.agreement import check_catalogue
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.run import run_audit
from archive.audit.seal_chain import seal_chain
from archive.audit.selection import ALL, SAMPLE, CopySelection
from tests.archive.audit.conftest import Inline
from tests.archive.verify.sample_bags import make_bag, put


@pytest.fixture
def worn(catalogue: CatalogueDatabase, engine: Inline, tmp_path: Path) -> CatalogueDatabase:
    """A catalogue in which something of every kind has happened; every statement of its tables is in its chain."""
    bags = [make_bag(tmp_path / f"root/b{number}", {"data/a.txt": b"%d\n" % number}) for number in range(3)]
    add_bags(catalogue, [str(tmp_path / "root")], Custody("us", "disk"), engine)
    seal_chain(catalogue, None, (), None, datetime.now(UTC))
    run_audit(catalogue, CopySelection(ALL), engine)
    put(bags[1], "data/a.txt", b"damaged\n")
    run_audit(catalogue, CopySelection(SAMPLE, 3), engine, seed="c0ffee")
    accept(catalogue, str(bags[1]), "archivist-2", "known")
    run_audit(catalogue, CopySelection(ALL), engine)
    return catalogue


def change(catalogue: CatalogueDatabase, *statements: str) -> None:
    """What somebody does who administers the database."""
    with catalogue.writing() as connection:
        for table in ("fixity_event", "fixity_problem"):
            for name in ("UPDATE", "DELETE"):
                on = f" ON {table}" if not catalogue.is_file else ""
                connection.execute(text(f"DROP TRIGGER {table}_no_{name}{on}"))
        for statement in statements:
            connection.execute(text(statement))


def faults(catalogue: CatalogueDatabase) -> list[str]:
    with catalogue.reading() as connection:
        return [fault.what for fault in check_catalogue(connection)[1]]


def test_a_catalogue_that_nobody_changed_agrees_with_its_chain(worn: CatalogueDatabase) -> None:
    assert faults(worn) == []


ONE = "WHERE url LIKE '%b0'"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (f"UPDATE bag_copy SET expected_tagmanifest = 'sha256:00' {ONE}", "contradicts the fingerprint that"),
        (f"UPDATE bag_copy SET baseline_findings = '{{}}' {ONE}", "contradicts the findings that are known of"),
        (f"UPDATE bag_copy SET content_digest = 'sha256:00' {ONE}", "no event has the digest of all bytes that"),
        ("UPDATE bag_copy SET last_outcome = 'sound' WHERE url LIKE '%b1'", "contradicts the state of"),
        ("UPDATE audit_run SET seed = 'ff' WHERE seed = 'c0ffee'", "contradicts run"),
        ("UPDATE audit_run SET population = 2 WHERE seed = 'c0ffee'", "contradicts run"),
        (f"UPDATE bag_copy SET next_due_at = '2099-01-01T00:00:00Z' {ONE}", "does not put off"),
        ("UPDATE chain_head SET row_hash = 'ff'", "is not what was signed as the head of the chain"),
    ],
)
def test_a_table_that_contradicts_the_chain_is_found_out(worn: CatalogueDatabase, statement: str, what: str) -> None:
    change(worn, statement)
    (fault,) = faults(worn)
    assert what in fault


def test_events_that_were_cut_off_at_the_end_are_found_out(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    make_bag(tmp_path / "b")
    add_bags(sqlite, [str(tmp_path / "b")], Custody(), engine)
    run_audit(sqlite, CopySelection(ALL), engine)
    with sqlite.reading() as connection:
        last = check_catalogue(connection)[0]
    change(sqlite)
    with sqlite3.connect(str(sqlite.url.database)) as raw:  # without foreign keys, as other programs open it
        raw.execute(f"DELETE FROM fixity_event WHERE seq > {last - 2}")
    assert any(what == f"is not there any more: the chain ends with event {last - 2}" for what in faults(sqlite))


def test_a_copy_that_was_taken_out_is_found_out(sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path) -> None:
    make_bag(tmp_path / "b")
    add_bags(sqlite, [str(tmp_path / "b")], Custody(), engine)
    with sqlite3.connect(str(sqlite.url.database)) as raw:
        (copy_id,) = raw.execute("SELECT copy_id FROM bag_copy").fetchone()
        raw.execute("DELETE FROM bag_copy")
    assert faults(sqlite) == [f"speaks of copy {copy_id}, which is not in the catalogue any more"]
