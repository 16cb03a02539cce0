"""The checks a package passes before it is handed over: our own verify on the very file, and bagit.py."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from archive.bag.contents import Contents, PackRefused, exactly
from archive.progress import Progress
from archive.verify.result.error_list import as_text, errors_in
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive_manifests import layout

PIECE = 8 << 20
"""Bytes of payload manifests that lead to one more piece: bagit.py needs up to six times as much."""
MOST_PIECES = 32

_LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d [\d:,]+ - [A-Z]+ - (?:.* is invalid: )?")
"""What bagit.py's log puts before what it says: a time, a level, the path of the bag."""


def pieces_of(folder: Path) -> int:
    """How many pieces bagit.py is to look at a bag in; 1: as a whole, also where its text is in another encoding."""
    if b"utf-8" not in (folder / layout.DECLARATION).read_bytes().lower():
        return 1
    octets = sum(place.stat().st_size for place in folder.glob("manifest-*.txt"))
    return min(1 + octets // PIECE, MOST_PIECES)


def require_sound(package: Path, seal: Path, *, progress: Progress | None = None) -> Verification:
    """Verify a package as its receiver will. Raises `PackRefused` with the first errors."""
    found = verify(package, seal=seal, progress=progress)
    if errors := errors_in(found.findings):
        raise PackRefused(f"{package.name}: nothing was packed: {as_text(errors)}")
    return found


def require_second_opinion(folder: Path, aside: Path) -> None:
    """Have bagit.py validate a bag in a folder, one of many files in pieces. Raises `PackRefused` with its message.

    It runs in a process of its own: it holds every path and digest several times over. `aside` is for working files.
    """
    place, pieces = os.fspath(folder.absolute()), pieces_of(folder)
    whole = ["bagit", "--validate", "--quiet", place]
    in_pieces = ["archive.handover.bagit_pieces", place, os.fspath(aside), str(pieces)]
    said = subprocess.run(  # noqa: S603 -- our own interpreter and a library of ours
        [sys.executable, "-P", "-m", *(whole if pieces == 1 else in_pieces)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if said.returncode != 0:
        lines = said.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = _LOG_LINE.sub("", lines[-1]) if lines else f"it ended with {said.returncode}"
        if "No manifest files found" in reason:
            reason += "; it knows algorithms by hashlib's names, as manifest-sha3_256.txt: add manifest-sha256.txt"
        raise PackRefused(f"{folder.name}: bagit.py, the partners' check, refuses it: {reason}; nothing was packed")


def require_warcio(folder: Path) -> None:
    """Have warcio, an independent reader, read every capture of a bag of ours. Raises `PackRefused`."""
    from archive.verify.records.other_reader import warcio_opinion

    for place in sorted((folder / layout.ARCHIVE).glob("*.warc*")):
        opinion = warcio_opinion(place)
        if opinion is not None:
            raise PackRefused(f"{place.name}: warcio cannot read it: {opinion}; nothing was packed")


def lay_out(packed: Contents, folder: Path, source: Path | None) -> Path:
    """Have the contents as a folder that bagit.py can look at: payload of `source` as hard links where that works."""
    base = folder / packed.name
    for member in packed.members:
        place = base / member.path
        place.parent.mkdir(parents=True, exist_ok=True)
        if source is None or not member.path.startswith(layout.PAYLOAD) or not _linked(source / member.path, place):
            with place.open("wb") as file:
                for chunk in exactly(member):
                    file.write(chunk)
    (base / "data").mkdir(parents=True, exist_ok=True)
    return base


def _linked(origin: Path, place: Path) -> bool:
    """True where a second name could be made; what else there is at `origin` is for `verify` to find."""
    try:
        os.link(origin, place, follow_symlinks=False)
    except (OSError, NotImplementedError):
        return False
    return True


def remove(folder: Path) -> None:
    """Remove a working folder with all files that are left in it."""
    shutil.rmtree(folder, ignore_errors=True)
