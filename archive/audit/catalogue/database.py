"""Opens the catalogue: connections, migrations, the single writer's lock, errors in our words."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from archive.audit.catalogue.location import catalogue_url
from archive.audit.catalogue.schema import VERSION
from archive.audit.errors import CatalogueInUse, CatalogueProblem, CatalogueRefused
from archive.errors import NotEnoughSpace
from archive.posix import lock

if TYPE_CHECKING:
    from alembic.config import Config

_LOCK_NUMBER = 0x61726368
"""The advisory lock of a PostgreSQL database: one number for all catalogues, one catalogue a database."""

_BUSY_MILLISECONDS = 60_000


class CatalogueDatabase:
    """An open catalogue. A writer of results has the lock `coordinator()`, so that no run is done twice at once."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._engine = _engine(url)

    @property
    def name(self) -> str:
        """What to call it in a message; never with a password."""
        return str(self.url.database) if self.is_file else self.url.render_as_string(hide_password=True)

    @property
    def is_file(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the catalogue. Raises `CatalogueProblem`."""
        with self._in_our_words(), self._engine.connect() as connection:
            yield connection.execution_options(archive_reads=True)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: all of it is there afterwards, or nothing. Raises `CatalogueProblem`, `NotEnoughSpace`."""
        with self._in_our_words(), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def coordinator(self) -> Iterator[None]:
        """Be the only process that distributes work. Raises `CatalogueInUse`. A process that dies releases it."""
        with contextlib.ExitStack() as stack:
            if self.is_file:
                self._lock_file(stack)
            else:
                self._lock_server(stack)
            yield

    def migrate(self) -> None:
        """Bring the tables to this version. Raises `CatalogueRefused` for a catalogue of a later one."""
        with self._in_our_words():
            if self._version() == VERSION:
                return
            with self._engine.begin() as connection:
                _upgrade(connection, self.name)

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> CatalogueDatabase:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _is_full(self) -> bool:
        """True where the disk of the catalogue has no room for one page of SQLite's shared memory."""
        return self.is_file and shutil.disk_usage(Path(str(self.url.database)).parent).free < (64 << 10)

    def _version(self) -> str | None:
        with self._engine.connect() as connection:
            connection = connection.execution_options(archive_reads=True)
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def _lock_file(self, stack: contextlib.ExitStack) -> None:
        place = Path(f"{self.url.database}.lock")
        try:
            file = stack.enter_context(place.open("ab"))
        except OSError as error:
            raise CatalogueProblem(f"{place}: {error.strerror or error}") from error
        if not lock(file):
            raise CatalogueInUse(f"{self.name}: another command works with this catalogue; wait for its end")

    def _lock_server(self, stack: contextlib.ExitStack) -> None:
        with self._in_our_words():
            connection = stack.enter_context(self._engine.connect())
            taken = connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": _LOCK_NUMBER}).scalar()
            connection.commit()  # the lock belongs to the session, and no transaction stays open
        if not taken:
            raise CatalogueInUse(f"{self.name}: another command works with this catalogue; wait for its end")
        stack.callback(_unlock, connection)

    @contextlib.contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            said = " ".join(str(error.orig).split())
            if "disk is full" in said or "No space left" in said or ("disk I/O error" in said and self._is_full()):
                raise NotEnoughSpace(f"{self.name}: {said}; make room and run the same command again") from error
            advice = next((advice for words, advice in _ADVICE.items() if words in said), "")
            raise CatalogueProblem(f"{self.name}: {said}{advice}") from error
        except SQLAlchemyError as error:
            raise CatalogueProblem(f"{self.name}: {type(error).__name__}: {error}") from error


_ADVICE = {
    "readonly database": "; the file or its folder is read-only: `status`, `history` and `report` work, nothing else",
    "unable to open database file": "; check the name and the rights of its folder",
    "disk I/O error": "; check the disk",
    "malformed": "; restore it from a backup, or add the same roots to a new catalogue",
    "not a database": "; name a catalogue, or a new file",
}
"""What to do about what SQLite reports."""


def open_catalogue(given: str | None, *, make: bool = True) -> CatalogueDatabase:
    """The catalogue that `given` names, at this version's tables. Made where it is not there, unless `make` is False.

    Raises `CatalogueRefused`, `CatalogueProblem`.
    """
    url = catalogue_url(given)
    if url.get_backend_name() == "sqlite":
        place = Path(str(url.database))
        if not make and not place.exists():
            raise CatalogueRefused(f"{place}: no catalogue there; `archive audit add` makes one")
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise CatalogueProblem(f"{place}: {error.strerror or error}") from error
    catalogue = CatalogueDatabase(url)
    try:
        catalogue.migrate()
    except BaseException:
        catalogue.close()
        raise
    return catalogue


def _unlock(connection: Connection) -> None:
    with contextlib.suppress(SQLAlchemyError):
        connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": _LOCK_NUMBER})
        connection.commit()


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(_for_reading(url) if _is_read_only(Path(str(url.database))) else url)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_on_sqlite)
    return engine


def _is_read_only(place: Path) -> bool:
    """True for a catalogue on a medium that cannot be written, where SQLite could not even begin to read its log."""
    return place.is_file() and not os.access(place.parent, os.W_OK)


def _for_reading(url: URL) -> URL:
    """The file as it is. Raises `CatalogueProblem` where a part of it is in a log that cannot be read here."""
    log = Path(f"{url.database}-wal")
    if log.is_file() and log.stat().st_size:
        raise CatalogueProblem(f"{log}: has entries that are not in the catalogue yet; copy both to a writable folder")
    return URL.create("sqlite", database=f"file:{quote(str(url.database))}", query={"immutable": "1", "uri": "true"})


def _set_up_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # sqlite3 begins no transaction of its own; `_begin_on_sqlite` does
    for statement in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_MILLISECONDS}"):
        connection.execute(f"PRAGMA {statement}")


def _begin_on_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later could not be continued after another writer's commit.
    reads = connection.get_execution_options().get("archive_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _upgrade(connection: Connection, name: str) -> None:
    from alembic import command
    from alembic.script.revision import ResolutionError
    from alembic.util import CommandError

    config = _alembic_config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except (CommandError, ResolutionError) as error:
        raise CatalogueRefused(f"{name}: made by a later version of this program; update it") from error


def _alembic_config() -> Config:
    from alembic.config import Config

    config = Config()
    folder = os.fspath(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
