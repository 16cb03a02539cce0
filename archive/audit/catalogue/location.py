"""Where the catalogue is: a file of this user, a file that is named, a PostgreSQL database by its DSN."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from archive.audit.errors import CatalogueRefused, ExtraMissing
from archive.installation import install_command

NAME = "audit.sqlite3"

SHARED = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "9p", "ceph", "glusterfs", "lustre", "beegfs", "davfs"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.davfs2", "fuse.glusterfs", "fuse.gcsfuse"}
)
"""File systems on which several machines write: SQLite's log in shared memory does not work there."""

MOUNTS = Path("/proc/self/mountinfo")


def catalogue_url(given: str | None) -> URL:
    """The database that `given` names: a DSN, a file, or None for the usual file. Raises `CatalogueRefused`."""
    if given and "://" in given:
        return _server(given)
    path = Path(given).expanduser().absolute() if given else usual_file()
    kind = shared_file_system(path)
    if kind is not None:
        raise CatalogueRefused(
            f"{path}: lies on {kind}, where SQLite cannot keep two writers apart;"
            " name a file on a local disk with --catalogue, or a PostgreSQL database (postgresql://…)"
        )
    return URL.create("sqlite", database=os.fspath(path))


def usual_file() -> Path:
    """The catalogue in the data folder of this user."""
    import platformdirs

    return platformdirs.user_data_path("evidence-archive", appauthor=False) / NAME


def _server(given: str) -> URL:
    try:
        url = make_url(given)
    except ArgumentError:
        raise CatalogueRefused("--catalogue: not a DSN; expected postgresql://USER@HOST/DATABASE") from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise CatalogueRefused(f"--catalogue: {url.drivername} is not supported; name a file, or postgresql://…")
    try:
        import psycopg  # noqa: F401 -- only whether it is there
    except ImportError as error:
        raise ExtraMissing(f"PostgreSQL needs psycopg: {install_command('audit')}") from error
    return url.set(drivername="postgresql+psycopg")


def shared_file_system(path: Path, mounts: Path = MOUNTS) -> str | None:
    """The kind of the shared file system that `path` is on; None on a local one, or where nobody can say."""
    if os.name == "nt" and os.fspath(path).startswith("\\\\"):
        return "a network share"
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    kind = _kind_of_mount(os.path.realpath(path), lines)
    return kind if kind in SHARED else None


def _kind_of_mount(path: str, lines: list[str]) -> str | None:
    """The type of the deepest mount above a path. (proc_pid_mountinfo(5): fields 5 and 9)"""
    best, found = -1, None
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        if (path == point or path.startswith(point.rstrip("/") + "/")) and len(point) >= best:
            best, found = len(point), after.split(" ")[0]
    return found
