"""Writes packages and unpacked bags: hashed while written, on the disk before they get their names."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from archive import posix
from archive.bag.interface import CHUNK, Bag, Broken
from archive.errors import NotEnoughSpace
from archive.handover.package_check import PackageRefused
from archive.posix import sync_folder
from archive_manifests.finding_codes import make_finding
from archive_manifests.paths import BagPath

if TYPE_CHECKING:
    from archive.handover.spool import MemberSpool


def unpack(bag: Bag, base: Path, spool: MemberSpool) -> None:
    """Write every file of the bag below `base`. Raises `Refused` where the package breaks on the way, `OSError`.

    What waits in `spool` since the package was listed gets its place; all of it does, or nothing.
    Files are plain ones, made new and never opened again; neither modes nor times nor owners are taken over. They are
    on the disk when this returns, all at once: asking for each of 100,000 takes minutes.
    """
    (base / "data").mkdir(parents=True)
    reader, folders = bag.reader(), set[str]()
    try:
        for entry in bag.tag_entries():
            write_entry(base, entry.path, entry.size, reader.chunks(entry), folders)
        entries = list(bag.payload_entries()) if bag.reads_in_order else []
        if entries and all(map(spool.holds, entries)):
            for entry in entries:
                spool.move(entry, base, folders)
        else:
            for entry, chunks in bag.stream():
                write_entry(base, entry.path, entry.size, chunks, folders)
    except Broken as broken:
        raise PackageRefused([make_finding(broken.code, note=broken.note)]) from broken
    finally:
        reader.close()
    sync_tree(base)


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
for _flag in ("O_CLOEXEC", "O_NOFOLLOW", "O_BINARY"):
    _NEW |= getattr(os, _flag, 0)
"""Opens a file that is not there yet, and follows no link."""


def write_entry(base: Path, path: str, size: int, chunks: Iterator[bytes], folders: set[str] | None = None) -> None:
    """Write one new file below `base`. `folders` are those that are there already, and gains the file's own.

    It opens, writes and closes, and nothing more: a package may have a hundred thousand files.
    """
    make_folder(base, path, folders)
    count = 0
    handle = os.open(f"{base}/{path}", _NEW, 0o666)
    try:
        for chunk in chunks:
            count += len(chunk)
            if count > size:
                raise Broken("package-limit", f"{path[:200]}: more than the {size:,} bytes that were announced")
            _write_all(handle, chunk)
    finally:
        os.close(handle)


def make_folder(base: Path, path: str, folders: set[str] | None) -> None:
    """Make the folder of a file below `base`, where it is not among `folders`."""
    assert BagPath(path).is_inside
    folder = path.rpartition("/")[0]
    if folders is None or folder not in folders:
        (base / folder).mkdir(parents=True, exist_ok=True)
        if folders is not None:
            folders.add(folder)


def _write_all(handle: int, chunk: bytes) -> None:
    """Write every byte: the system may take less at once, when the disk gets full or a signal comes."""
    written = os.write(handle, chunk)
    while written < len(chunk):
        written += os.write(handle, memoryview(chunk)[written:])


def sync_tree(base: Path) -> None:
    """Have every file below a folder, and every folder's entries, on the disk. Raises `OSError`.

    Nothing is renamed before this returns.
    """
    top = os.fspath(base)
    posix.sync_files(base, (f"{folder[len(top) :]}/{name}" for folder, _, names in os.walk(top) for name in names))


LEAST_FREE = 64 << 20
"""Bytes that stay free on the disk: for receipts, logs and other programs."""


class Written(Struct, frozen=True):
    """A file, whole and synced."""

    path: Path
    octets: int
    sha256: str

    def renamed(self, place: Path) -> Written:
        return Written(place, self.octets, self.sha256)


def write_stream(place: Path, chunks: Iterable[bytes]) -> Written:
    """Write a new file. Raises `OSError`, `FileExistsError` among them."""
    digest, octets = hashlib.sha256(), 0
    with posix.naming(place), place.open("xb") as file:
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
_LOCK, _WORK = "lock", "work"


@contextmanager
def stage(beside: Path) -> Iterator[Path]:
    """A folder of our own, for nobody else to read, gone when this ends; one whose process was killed goes here."""
    _sweep(beside)
    outer = Path(tempfile.mkdtemp(prefix=STAGE, dir=beside))
    try:
        with (outer / _LOCK).open("wb") as lock_file:
            posix.lock(lock_file)
            sync_folder(outer)  # without its lock, what a loss of power leaves is nobody's
            folder = outer / _WORK
            folder.mkdir(mode=0o700)
            yield folder
    finally:
        _remove(outer)


def _remove(outer: Path) -> None:
    """Remove such a folder, its lock after everything else: what is left half-way is still known as ours."""
    shutil.rmtree(outer / _WORK, ignore_errors=True)
    with contextlib.suppress(OSError):
        sync_folder(outer)
    shutil.rmtree(outer, ignore_errors=True)


def _sweep(beside: Path) -> None:
    """Remove what a process left that was killed: in it may be what was decrypted."""
    for outer in beside.glob(f"{STAGE}*"):
        try:
            with (outer / _LOCK).open("rb+") as lock_file:
                is_free = posix.lock(lock_file)
        except OSError:
            continue  # not ours, or just being made
        if is_free:
            _remove(outer)


@contextmanager
def made_for(into: Path) -> Iterator[None]:
    """Make the folder into which something is written; one that was made for nothing is removed again."""
    new = [folder for folder in (into, *into.parents) if not folder.exists()]
    into.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # it is not empty
            for folder in new:
                folder.rmdir()


def require_space(folder: Path, need: int) -> None:
    """Raise `NotEnoughSpace` where this many more bytes would fill the disk."""
    free = shutil.disk_usage(folder).free
    if free < need + LEAST_FREE:
        named = next((place.parent for place in (folder, *folder.parents) if place.name.startswith(STAGE)), folder)
        raise NotEnoughSpace.before(named, need, LEAST_FREE, free, "choose a folder on another disk")


def put_in_place(made: Path, place: Path) -> None:
    """Give a synced file its name."""
    made.replace(place)
    sync_folder(place.parent)
