"""The player: ReplayWeb.page's two files, where the user has them. They are AGPL and never part of this program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.errors import ArchiveError

FILES = ("ui.js", "sw.js")
_LARGEST = 32 << 20
_PLACES = ("node_modules/replaywebpage", "replaywebpage", "package", ".")
"""Where an unpacked `npm pack`, and `npm install`, put it, below the folder one is in."""


class NoPlayer(ArchiveError):
    """There is nothing to replay with."""


@dataclass(frozen=True, slots=True)
class Player:
    """The two files, read."""

    ui: bytes
    sw: bytes


def find_player(folder: Path | None, bag: Path, here: Path) -> Player:
    """The player in `folder`, or where npm puts it: here, or beside the bag.

    Raises `NoPlayer`, which says how to get one, and how pywb replays the bag without.
    """
    roots = [folder] if folder is not None else [here, bag.resolve().parent]
    for root in roots:
        for place in _PLACES:
            files = [root / place / name for name in FILES]
            if all(file.is_file() and file.stat().st_size <= _LARGEST for file in files):
                return Player(*(file.read_bytes() for file in files))
    where = f"{folder}: no ui.js and sw.js there" if folder is not None else "no player is here"
    raise NoPlayer(f"{where}; {_ADVICE.format(bag=bag)}")


_ADVICE = (
    "`npm pack replaywebpage && tar xzf replaywebpage-*.tgz` in this folder brings ReplayWeb.page's,"
    " or name its folder with --player."
    " Without one, pywb replays the bag: pip install pywb; wb-manager init r;"
    " wb-manager add r {bag}/data/archive/*.warc.gz; wayback -b 127.0.0.1"
)
