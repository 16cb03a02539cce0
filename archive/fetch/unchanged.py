"""Files that a person names are read more than once: what is stored must be what was judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from archive import posix
from archive.errors import FileChanged
from archive.posix import FileIdentity

Identities = Mapping[Path, FileIdentity]


def identities_of(files: Iterable[Path]) -> Identities:
    """What the files are now, before any of them is read. Raises `OSError`."""
    return {path: posix.file_identity(path) for path in files}


def require_unchanged(files: Identities) -> None:
    """Raise `FileChanged` where another file, other bytes or nothing is in the place of one of these."""
    for path, before in files.items():
        try:
            is_same = posix.file_identity(path) == before
        except OSError:
            is_same = False
        if not is_same:
            raise changed(path)


def changed(path: Path) -> FileChanged:
    """The error for a file that is no longer what it was."""
    return FileChanged(
        f"{path}: changed while it was read, so nothing was made of it; wait until the program that writes it is "
        "done, and run the command again"
    )
