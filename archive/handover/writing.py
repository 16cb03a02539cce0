"""Writes packages and unpacked bags: hashed while written, on the disk before they get their names."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive import posix
from archive.bag.interface import CHUNK, Bag, Broken
from archive.errors import NotEnoughSpace
from archive.handover.package_check import PackageRefused
from archive.posix import sync_folder
from archive_manifests.finding_codes import make_finding
from archive_manifests.paths import BagPath


def unpack(bag: Bag, base: Path) -> None:
    """Write every file of the bag below `base`. Raises `Refused` where the package breaks on the way, `OSError`.

    Files are plain ones, made new and never opened again; neither modes nor times nor owners are taken over. They are
    on the disk when this returns, all at once: asking for each of 100,000 takes minutes.
    """
    (base / "data").mkdir(parents=True)
    reader = bag.reader()
    try:
        for entry in bag.tag_entries():
            write_entry(base, entry.path, entry.size, reader.chunks(entry))
        for entry, chunks in bag.stream():
            write_entry(base, entry.path, entry.size, chunks)
    except Broken as broken:
        raise PackageRefused([make_finding(broken.code, note=broken.note)]) from broken
    finally:
        reader.close()
    sync_tree(base)


def write_entry(base: Path, path: str, size: int, chunks: Iterator[bytes]) -> None:
    assert BagPath(path).is_inside
    place = base / path
    place.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with place.open("xb") as file:
        for chunk in chunks:
            count += len(chunk)
            if count > size:
                raise Broken("package-limit", f"{path[:200]}: more than the {size:,} bytes that were announced")
            file.write(chunk)


def sync_tree(base: Path) -> None:
    """Have every file below a folder, and every folder's entries, on the disk."""
    files = [os.path.join(folder, name) for folder, _, names in os.walk(base) for name in names]  # noqa: PTH118 -- many
    if len(files) > _SYNCED_ONE_BY_ONE and sys.platform == "linux":
        os.sync()  # waits, on Linux: one flush of the disk instead of 100,000
        return
    for name in files:
        with open(name, "rb+") as file:  # noqa: PTH123 -- many
            os.fsync(file.fileno())
    for folder, _, _ in os.walk(base):
        sync_folder(Path(folder))


_SYNCED_ONE_BY_ONE = 500
"""Files that are synced by themselves; more of them, with the whole disk."""

LEAST_FREE = 64 << 20
"""Bytes that stay free on the disk: for receipts, logs and whoever else writes there."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file, whole and synced."""

    path: Path
    octets: int
    sha256: str

    def renamed(self, place: Path) -> Written:
        return Written(place, self.octets, self.sha256)


def write_stream(place: Path, chunks: Iterable[bytes]) -> Written:
    """Write a new file. Raises `OSError`, `FileExistsError` among them."""
    digest, octets = hashlib.sha256(), 0
    with place.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            octets += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Written(place, octets, digest.hexdigest())


def measured(place: Path) -> Written:
    """A file that is there already, read once."""
    digest, octets = hashlib.sha256(), 0
    for chunk in pieces(place):
        digest.update(chunk)
        octets += len(chunk)
    return Written(place, octets, digest.hexdigest())


def pieces(place: Path) -> Iterator[bytes]:
    with posix.open_file(place) as file:
        while chunk := file.read(CHUNK):
            yield chunk


STAGE = ".handover-"
_LOCK = "lock"


@contextmanager
def stage(beside: Path) -> Iterator[Path]:
    """A folder of our own, for nobody else to read, gone when this ends; one whose process was killed goes here."""
    _sweep(beside)
    outer = Path(tempfile.mkdtemp(prefix=STAGE, dir=beside))
    try:
        with (outer / _LOCK).open("wb") as lock_file:
            posix.lock(lock_file)
            folder = outer / "work"
            folder.mkdir(mode=0o700)
            yield folder
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def _sweep(beside: Path) -> None:
    """Remove what a process left that was killed: in it may lie what was decrypted."""
    for outer in beside.glob(f"{STAGE}*"):
        try:
            with (outer / _LOCK).open("rb+") as lock_file:
                is_free = posix.lock(lock_file)
        except OSError:
            continue  # not ours, or just being made
        if is_free:
            shutil.rmtree(outer, ignore_errors=True)


def require_space(folder: Path, need: int) -> None:
    """Raise `NotEnoughSpace` where this many more bytes would fill the disk."""
    free = shutil.disk_usage(folder).free
    if free < need + LEAST_FREE:
        raise NotEnoughSpace(
            f"{folder}: needs {need + LEAST_FREE:,} bytes, {free:,} free; choose a folder on another disk"
        )


def put_in_place(made: Path, place: Path) -> None:
    """Give a synced file its name."""
    made.replace(place)
    sync_folder(place.parent)
