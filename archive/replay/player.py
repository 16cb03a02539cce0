"""The player: ReplayWeb.page's two files. They are AGPL and never part of this program; the user installs them."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from archive.errors import ArchiveError

FILES = ("ui.js", "sw.js")
_LARGEST = 32 << 20


class NoPlayer(ArchiveError):
    """Replay has no player."""


class PlayerFiles(Struct, frozen=True):
    """The two files, read."""

    ui: bytes
    sw: bytes


def find_player(named: Path | None, installed: Path, bag: Path) -> PlayerFiles:
    """The player in the folder that the user named, else in the one where the user installs it.

    It is never taken from beside the bag or from the current folder: whoever made the bag may have put it there.
    Raises `NoPlayer`, which says how to install one, and how pywb replays the bag without it.
    """
    folder = named if named is not None else installed
    files = [folder / name for name in FILES]
    if all(file.is_file() and file.stat().st_size <= _LARGEST for file in files):
        return PlayerFiles(*(file.read_bytes() for file in files))
    if named is not None:
        raise NoPlayer(f"{named}: no ui.js and sw.js there; name the folder of ReplayWeb.page's two files")
    raise NoPlayer(
        "no player is installed: run `npm pack replaywebpage`, unpack it, and name its folder with --player,"
        f" or copy its ui.js and sw.js to {installed}."
        " Without one, pywb replays the bag: pip install pywb; wb-manager init r;"
        f" wb-manager add r {bag}/data/archive/*.warc.gz; wayback -b 127.0.0.1"
    )
