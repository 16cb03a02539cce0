"""The seal of a bag that was renamed: it lies beside it, under the name that the bag had."""

from __future__ import annotations

import os
from pathlib import Path

from archive.trust.seal_folder import SEAL, FileRefused, read_file, seal_folder
from archive_manifests.errors import ArchiveError
from archive_manifests.fixity import Fixity

_MOST = 1000
"""Entries beside a bag that are looked at."""


def seal_under_another_name(bag: Path, tagmanifest: Fixity) -> Path | None:
    """The first folder `*.seal` beside a bag, but its own, whose `seal.json` states the bag's tag manifest, sha256.

    Its signatures are not looked at: whoever wants them checked gives it with `--seal`.
    """
    own = seal_folder(bag).name
    try:
        with os.scandir(bag.absolute().parent) as entries:
            names = sorted(each.name for each, _ in zip(entries, range(_MOST), strict=False))
    except OSError:
        return None
    folders = (bag.with_name(name) for name in names if name.endswith(".seal") and name != own)
    return next((folder for folder in folders if _is_of(folder, tagmanifest)), None)


def _is_of(folder: Path, tagmanifest: Fixity) -> bool:
    from archive_manifests.seal import parse  # late: most bags have no seal beside them

    try:
        stated = parse(read_file(folder, SEAL)).tag_manifests
    except (ArchiveError, FileRefused, OSError, ValueError):
        return False  # no seal, or one that cannot be read
    return tagmanifest.algorithm == "sha256" and tagmanifest.value in {
        one.sha256 for one in stated if one.file == "tagmanifest-sha256.txt"
    }
