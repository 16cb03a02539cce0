"""The catalogue: its tables, its chain, its place, its errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, text, update

from archive.audit.catalogue.chain import CopyProblem, FixityEvent, append, check_chain, with_problems
from archive.audit.catalogue.database import CatalogueDatabase, open_catalogue
from archive.audit.catalogue.location import catalogue_url, shared_file_system
from archive.audit.catalogue.schema import VERSION, event, metadata, problem
from archive.audit.errors import CatalogueProblem, CatalogueRefused

AT = "2026-11-22T10:00:00Z"


def three_events(catalogue: CatalogueDatabase) -> None:
    found = [CopyProblem("payload-altered", "error", "data/a.txt", "sha256:aa", "sha256:bb", is_new=True)]
    with catalogue.writing() as connection:
        append(connection, [FixityEvent(AT, "one"), with_problems(FixityEvent(AT, "two"), found)])
        append(connection, [FixityEvent(AT, "three", facts={"b": 1, "a": "ü"}, seconds=0.25)])


def test_migrations_make_the_tables_that_the_code_uses(catalogue: CatalogueDatabase) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with catalogue.writing() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == VERSION
        assert compare_metadata(context, metadata) == []


def test_the_chain_holds_after_it_was_written(catalogue: CatalogueDatabase) -> None:
    three_events(catalogue)
    with catalogue.reading() as connection:
        assert check_chain(connection) == (3, [])


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_events_cannot_be_changed(catalogue: CatalogueDatabase, verb: str) -> None:
    three_events(catalogue)
    for table in (event, problem):
        statement = update(table).values(seq=9) if verb == "update" else delete(table)
        with pytest.raises(CatalogueProblem, match="never changed or deleted"), catalogue.writing() as connection:
            connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "seq", "what"),
    [
        ("UPDATE fixity_event SET outcome = 'sound' WHERE seq = 2", 2, "is not what was written"),
        ("UPDATE fixity_problem SET code = 'harmless' WHERE seq = 2", 2, "its findings are not what was written"),
        ("DELETE FROM fixity_problem WHERE seq = 2", 2, "its findings are not what was written"),
        ("DELETE FROM fixity_event WHERE seq = 1", 2, "events 1 to 1 are not there"),
        ("UPDATE fixity_event SET seq = 4 WHERE seq = 3", 4, "events 3 to 3 are not there"),
    ],
)
def test_whoever_takes_the_triggers_away_is_found_out(catalogue: CatalogueDatabase, statement: str, seq: int, what: str) -> None:
    three_events(catalogue)
    with catalogue.writing() as connection:
        for table in ("fixity_event", "fixity_problem"):
            for name in ("UPDATE", "DELETE"):
                on = f" ON {table}" if not catalogue.is_file else ""
                connection.execute(text(f"DROP TRIGGER {table}_no_{name}{on}"))
        connection.execute(text(statement))
    with catalogue.reading() as connection:
        faults = check_chain(connection)[1]
    assert (faults[0].seq, faults[0].what) == (seq, what)


def test_names_that_are_no_text_are_stored_escaped(catalogue: CatalogueDatabase) -> None:
    found = [CopyProblem("special-file", "error", "data/\udcff\0x", note="\ud800")]
    with catalogue.writing() as connection:
        append(connection, [with_problems(FixityEvent(AT, "odd"), found)])
        assert connection.execute(problem.select()).mappings().one()["path"] == "data/\\udcff\\0x"
    with catalogue.reading() as connection:
        assert check_chain(connection) == (1, [])


def test_a_transaction_that_fails_leaves_nothing(catalogue: CatalogueDatabase) -> None:
    with pytest.raises(CatalogueProblem), catalogue.writing() as connection:
        append(connection, [FixityEvent(AT, "one"), FixityEvent(AT, "two", run_id="no such run", copy_id="no such copy")])
    with catalogue.reading() as connection:
        assert check_chain(connection) == (0, [])


def test_a_catalogue_of_a_later_version_is_refused(tmp_path: Path) -> None:
    with open_catalogue(str(tmp_path / "c")) as catalogue, catalogue.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CatalogueRefused, match="later version"):
        open_catalogue(str(tmp_path / "c"))


def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c").write_bytes(b"no database at all" * 100)
    with pytest.raises(CatalogueProblem, match="not a database"):
        open_catalogue(str(tmp_path / "c"))


def test_reading_makes_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CatalogueRefused, match="no catalogue there"):
        open_catalogue(str(tmp_path / "c"), make=False)
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize("given", ["mysql://a/b", "postgresql://", "://"])
def test_other_databases_are_refused_in_plain_words(given: str) -> None:
    with pytest.raises((CatalogueRefused, CatalogueProblem)):
        open_catalogue(given)


def test_a_password_is_never_shown() -> None:
    url = catalogue_url("postgresql://user:secret@127.0.0.1:1/db")
    with pytest.raises(CatalogueProblem) as caught:
        open_catalogue("postgresql://user:secret@127.0.0.1:1/db")
    assert "secret" not in str(caught.value)
    assert "secret" not in CatalogueDatabase(url).name


@pytest.mark.parametrize(
    ("kind", "is_refused"),
    [("nfs4", True), ("cifs", True), ("fuse.sshfs", True), ("ext4", False), ("overlay", False)],
)
def test_network_file_systems_are_refused(
    kind: str, is_refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    place = tmp_path / "on disk"
    mounts.write_text(
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        f"30 22 0:40 / {str(place).replace(' ', chr(92) + '040')} rw shared:1 - {kind} server:/x rw\n"
    )
    assert shared_file_system(place / "c.sqlite3", mounts) == (kind if is_refused else None)
    assert shared_file_system(tmp_path / "on disk too/c.sqlite3", mounts) is None
    monkeypatch.setattr("archive.audit.catalogue.location.shared_file_system", lambda path: kind if is_refused else None)
    if is_refused:
        with pytest.raises(CatalogueRefused, match=kind):
            catalogue_url(str(place / "c.sqlite3"))
    else:
        assert catalogue_url(str(place / "c.sqlite3")).database == str(place / "c.sqlite3")
