"""Reads the WARCs of a folder while a run still appends to them, so that little is left to read once it is a bag."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from msgspec import Struct, field

from archive.bag.interface import CHUNK, Entry
from archive.digests import Hasher, hashers
from archive.verify.files.control_files import MadeEarly, is_warc
from archive.verify.files.reading import BatchRead
from archive.warc.scan import WarcScan
from archive_manifests import layout
from archive_manifests.fixity import BAG_ALGORITHMS
from archive_manifests.paths import BagPath

MOST = 5_000
"""Files that are read as they grow: what is held of each takes some 15 kB. The others are read later."""


class _HalfRead(Struct):
    """A file as far as it was read."""

    inode: int
    modified: int
    """When, in nanoseconds, as the file states it."""
    scan: WarcScan
    running: list[Hasher] = field(default_factory=lambda: [make() for make in hashers(BAG_ALGORITHMS)])
    size: int = 0


class GrowingWarcs:
    """The WARCs of one folder. What it gives is to be compared with stated digests, and is no more than a read."""

    def __init__(self, base: Path, visits: MadeEarly | None = None) -> None:
        """`visits` gets the records as they are read."""
        self._base, self.visits = base, visits
        self._files: dict[str, _HalfRead] = {}

    def read_on(self) -> bool:
        """Read what was appended since the last time; False where there was nothing. Raises nothing."""
        has_grown = False
        for path, size in self._sizes():
            read = self._files.get(path)
            if read.size != size if read is not None else len(self._files) < MOST:
                self._read_file(path)
                has_grown = True
        return has_grown

    def take(self, entry: Entry, algorithms: tuple[str, ...]) -> BatchRead | None:
        """What reading all of a file gave. None where it was not read from its start, or is another file by now."""
        if algorithms != BAG_ALGORITHMS or entry.path not in self._files:
            return None
        self._read_file(entry.path)
        read = self._files.pop(entry.path, None)
        if read is None or read.size != entry.size:
            return None
        digests = b"".join(hasher.digest() for hasher in read.running)
        return BatchRead([digests], [read.size], reports={0: read.scan.close()})

    def _sizes(self) -> Iterator[tuple[str, int]]:
        try:
            with os.scandir(self._base / layout.ARCHIVE) as entries:
                for entry in entries:
                    if is_warc(path := layout.ARCHIVE + entry.name):
                        yield path, entry.stat(follow_symlinks=False).st_size
        except OSError:
            return  # there are none yet, or none any more

    def _scan(self, path: BagPath) -> WarcScan:
        visits = self.visits
        return WarcScan(path, on_record=partial(visits.add_record, path) if visits is not None else None)

    def _read_file(self, path: str) -> None:
        """Read on in one file; forget one that cannot be read, or that is not what it was."""
        try:
            handle = os.open(self._base / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except OSError:
            self._files.pop(path, None)
            return
        try:
            self._read_handle(path, handle)
        except OSError:
            self._files.pop(path, None)
        finally:
            os.close(handle)

    def _read_handle(self, path: str, handle: int) -> None:
        found = os.fstat(handle)
        read = self._files.get(path)
        if read is None:
            read = self._files[path] = _HalfRead(found.st_ino, found.st_mtime_ns, self._scan(BagPath(path)))
        # A hard link is reported by whoever reads the file as any other.
        is_same = stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_ino == read.inode
        is_altered = found.st_size == read.size > 0 and found.st_mtime_ns != read.modified
        if not is_same or is_altered or found.st_size < read.size:
            del self._files[path]
            return
        read.modified = found.st_mtime_ns
        while read.size < found.st_size:
            chunk = os.pread(handle, min(CHUNK, found.st_size - read.size), read.size)
            if not chunk:
                break
            for hasher in read.running:
                hasher.update(chunk)
            read.scan.feed(chunk)
            read.size += len(chunk)
