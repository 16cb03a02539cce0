"""Where the files lie that were given to a run: beside the journal, for the command that resumes it.

The journal has only their digests, and the bag has neither: a path may name a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

NAME = "given-files.json"


class GivenFiles(msgspec.Struct, frozen=True):
    """Paths of the user's own files."""

    cacerts: tuple[str, ...] = ()
    cookies: str | None = None


def write_given_files(work: Path, cacerts: Sequence[Path], cookies: Path | None) -> None:
    """Note the files of this run in its work folder, for its user alone; nothing where none was given."""
    place = work / NAME
    if not cacerts and cookies is None:
        place.unlink(missing_ok=True)
        return
    given = GivenFiles(tuple(str(path.absolute()) for path in cacerts), str(cookies.absolute()) if cookies else None)
    place.touch(mode=0o600)
    place.write_bytes(msgspec.json.encode(given))


def read_given_files(work: Path) -> GivenFiles:
    """The files of the last run; none where it noted none."""
    try:
        return msgspec.json.decode((work / NAME).read_bytes(), type=GivenFiles)
    except (OSError, msgspec.MsgspecError):
        return GivenFiles()
