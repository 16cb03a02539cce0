"""Writes and hashes the payload files of a bag: digests are computed as the bytes are written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from archive import posix
from archive.workfolder.events import FileAdded
from archive_manifests.fixity import BAG_ALGORITHMS
from archive_manifests.paths import BagPath


def write_file(
    base: Path, path: str, source: bytes | str | Path | Iterable[bytes], *, is_synced: bool = True
) -> FileAdded:
    """Write one file of a bag, hash it on the way, and sync it to the disk unless that is left to the caller."""
    BagPath.ours(path)
    place = base / path
    place.parent.mkdir(parents=True, exist_ok=True)
    with posix.naming(place), place.open("wb") as file:
        added = _digested(path, _pieces(source), file)
        file.flush()
        if is_synced:
            os.fsync(file.fileno())
    return added


def hash_file(base: Path, path: str) -> FileAdded:
    """Hash a file that is there, and sync it to the disk: the run that wrote it may have died before."""
    added = _digested(path, _pieces(base / path), None)
    with (base / path).open("r+b") as file:
        os.fsync(file.fileno())
    return added


def _digested(path: str, pieces: Iterable[bytes], file: BinaryIO | None) -> FileAdded:
    digests, size = {name: hashlib.new(name) for name in BAG_ALGORITHMS}, 0
    for piece in pieces:
        if file is not None:
            file.write(piece)
        size += len(piece)
        for digest in digests.values():
            digest.update(piece)
    return FileAdded(path, size, digests["sha256"].hexdigest(), digests["sha512"].hexdigest())


def _pieces(source: bytes | str | Path | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(source, str):
        source = source.encode()
    if isinstance(source, bytes):
        yield source
        return
    if not isinstance(source, Path):
        yield from source
        return
    with source.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece
