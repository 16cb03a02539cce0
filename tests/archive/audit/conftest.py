"""A catalogue in SQLite and in PostgreSQL, and an engine without processes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive.audit.engine.interface import Engine, Loss

if TYPE_CHECKING:
    from archive.audit.catalogue.database import CatalogueDatabase
    from tests.archive.audit.postgres import Postgres


def _is_missing(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:
        return True
    return False


MISSING = [name for name in ("sqlalchemy", "alembic", "platformdirs") if _is_missing(name)]


class _SkippedModule(pytest.Module):
    """A module of tests that cannot even be imported."""

    def collect(self) -> list[pytest.Item]:
        pytest.skip(f"the extra [audit] is not installed: {', '.join(MISSING)}", allow_module_level=True)


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    return _SkippedModule.from_parent(parent, path=module_path) if MISSING else None


class Inline(Engine):
    """Looks at copies in threads of this process."""

    name = "inline"

    def __init__(self, threads: int = 1) -> None:
        self._pool = ThreadPoolExecutor(threads)
        self._threads = threads

    @property
    def workers(self) -> int:
        return self._threads

    @property
    def executor(self) -> Executor:
        return self._pool

    def meaning(self, error: BaseException) -> Loss:
        return Loss.NONE

    def rebuild(self) -> None:
        raise AssertionError("nothing is lost in threads")

    def close(self, *, wait: bool = True) -> None:
        self._pool.shutdown(wait=wait)


@pytest.fixture
def engine() -> Iterator[Inline]:
    with Inline() as made:
        yield made


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the session, in a folder of its own."""
    from tests.archive.audit.postgres import Postgres

    with Postgres.start() as server:
        yield server


@pytest.fixture(scope="session")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pilot's bag, captured from the loopback internet: not to be changed."""
    from archive.capture.settings import FetchSettings
    from archive.fetch.fetch import fetch
    from tests.world import World

    bag = tmp_path_factory.mktemp("pilot") / "R210517"
    with World() as world:
        given = {"connect_to": tuple(world.connect_to), "cacerts": (Path(world.ca_file),), "delay": 0.0}
        fetch(Path("manifests/examples/R210517/report.txt"), bag, FetchSettings(**given, media=False, memento=False))
    return bag


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue in SQLite with tables and no rows, to be copied: its migrations run once."""
    from archive.audit.catalogue.database import open_catalogue

    place = tmp_path_factory.mktemp("empty") / "audit.sqlite3"
    open_catalogue(str(place)).close()
    return place


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest) -> Iterator[CatalogueDatabase]:
    """An empty catalogue, on both databases."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    from archive.audit.catalogue.database import open_catalogue

    with open_catalogue(request.getfixturevalue("postgres").empty_database()) as opened:
        yield opened


@pytest.fixture
def sqlite(empty_file: Path, tmp_path: Path) -> Iterator[CatalogueDatabase]:
    """An empty catalogue in SQLite, for what does not depend on the database."""
    from archive.audit.catalogue.database import open_catalogue

    shutil.copy(empty_file, tmp_path / "audit.sqlite3")
    with open_catalogue(str(tmp_path / "audit.sqlite3")) as opened:
        yield opened
