"""Lays a file down in a bag: hashed as it is written, and on the disk before anybody is told of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.workfolder.journal import Filed
from archive_manifests.fixity import BAG_ALGORITHMS
from archive_manifests.paths import BagPath


def write_file(base: Path, path: str, source: bytes | str | Path | Iterable[bytes]) -> Filed:
    """Write one file of a bag, hashed as it is written, and have it on the disk."""
    BagPath.ours(path)
    place = base / path
    place.parent.mkdir(parents=True, exist_ok=True)
    digests, size = {name: hashlib.new(name) for name in BAG_ALGORITHMS}, 0
    with place.open("wb") as file:
        for piece in _pieces(source):
            file.write(piece)
            size += len(piece)
            for digest in digests.values():
                digest.update(piece)
        file.flush()
        os.fsync(file.fileno())
    return Filed(path, size, digests["sha256"].hexdigest(), digests["sha512"].hexdigest())


def hashed(base: Path, path: str) -> Filed:
    """Hash a file that is there, and have it on the disk too."""
    digests, size = {name: hashlib.new(name) for name in BAG_ALGORITHMS}, 0
    for piece in _pieces(base / path):
        size += len(piece)
        for digest in digests.values():
            digest.update(piece)
    with (base / path).open("r+b") as file:  # who died had not seen to it that it is on the disk itself
        os.fsync(file.fileno())
    return Filed(path, size, digests["sha256"].hexdigest(), digests["sha512"].hexdigest())


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
