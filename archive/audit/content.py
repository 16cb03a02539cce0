"""The digest of all bytes of a copy: where it is what it was, so is every answer that depends on the bytes."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from archive_manifests.plain_text import plain_reason

READ = 1 << 18
"""Bytes read at once: most files of a bag are smaller."""

DIGESTS = ("sha256", "sha512")
"""Algorithms that a content digest may be made of: those that nobody can forge."""

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class ContentChanged(Exception):
    """The bytes cannot be summed up: something is no plain file, or cannot be read. Verifying says what."""


@dataclass(frozen=True, slots=True)
class Content:
    """All bytes of a copy, summed up."""

    digest: str
    """`sha256:HEX` over `HEX  PATH` of every file, in the order of the paths' bytes."""
    octets: int
    files: int
    digests: dict[bytes, str] = field(default_factory=dict, repr=False)
    """Hex digest of each file by its path; empty for a package."""


class Pace:
    """Keeps reading below a rate; at full speed where there is none."""

    def __init__(self, bytes_per_second: float | None) -> None:
        self._rate = bytes_per_second
        self._began = time.monotonic()
        self._taken = 0

    def took(self, octets: int) -> None:
        """Note what was read; waits where that was too fast."""
        if self._rate:
            self._taken += octets
            ahead = self._taken / self._rate - (time.monotonic() - self._began)
            if ahead > 0.005:
                time.sleep(ahead)

    def of_copy(self) -> CopyPace:
        """The same pace for one copy, and how far its reading is."""
        return CopyPace(self)


class CopyPace(Pace):
    """The pace of the reading of one copy, which may be given up."""

    def __init__(self, whole: Pace) -> None:
        super().__init__(None)
        self._whole = whole
        self._is_waiting = False
        self._is_abandoned = False
        self._moves = 0

    @property
    def progress(self) -> int:
        """Changes while the copy is read, and while it waits because it was read too fast."""
        self._moves += self._is_waiting
        return self._moves

    def took(self, octets: int) -> None:
        if self._is_abandoned:  # the read came back after all; its result is nobody's any more
            raise ContentChanged("given up before")
        self._moves += 1
        self._is_waiting = True
        self._whole.took(octets)
        self._is_waiting = False

    def abandon(self) -> None:
        self._is_abandoned = True


def of_folder(root: str, algorithm: str, pace: Pace) -> Content:
    """Read every file below `root`. Raises `ContentChanged` for anything but a readable plain file."""
    digests: dict[bytes, str] = {}
    octets = 0
    make = getattr(hashlib, algorithm)
    base = os.fsencode(root)
    try:
        for path, place in _files(base):
            digest = make()
            size = _read_into(digest, place)
            pace.took(size)
            octets += size
            digests[path] = digest.hexdigest()
    except OSError as error:
        raise ContentChanged(plain_reason(error)) from error
    return Content(summed(algorithm, digests), octets, len(digests), digests)


def of_file(path: str, algorithm: str, pace: Pace) -> Content:
    """Read one file: a package. Raises `ContentChanged`."""
    digest = getattr(hashlib, algorithm)()
    try:
        with open(path, "rb", buffering=0, opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ContentChanged(f"{path}: no plain file")
            octets = 0
            while data := file.read(1 << 20):
                digest.update(data)
                octets += len(data)
                pace.took(len(data))
    except OSError as error:
        raise ContentChanged(plain_reason(error)) from error
    return Content(f"{algorithm}:{digest.hexdigest()}", octets, 1)


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe that nobody writes to would be waited for."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def summed(algorithm: str, digests: dict[bytes, str]) -> str:
    """The digest over the digests of all files by path."""
    whole = getattr(hashlib, algorithm)()
    whole.update(b"".join([b"%s  %s\n" % (digests[path].encode(), path) for path in sorted(digests)]))
    return f"{algorithm}:{whole.hexdigest()}"


def of_digests(algorithm: str, digests_by_path: Iterable[tuple[str, str]]) -> str:
    """The same digest, from paths and hex digests that are known to be those of the files."""
    return summed(algorithm, {path.encode("utf-8", "surrogateescape"): digest for path, digest in digests_by_path})


def _files(base: bytes) -> Iterable[tuple[bytes, bytes]]:
    """Relative and full path of every file. Links and devices are included, so that the caller can refuse them."""
    waiting = [(b"", base)]
    while waiting:
        prefix, folder = waiting.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    yield prefix + entry.name, entry.path
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append((prefix + entry.name + b"/", entry.path))
                else:
                    raise ContentChanged(f"{os.fsdecode(entry.path)}: no plain file")


def _read_into(digest: hashlib._Hash, place: bytes) -> int:
    handle = os.open(place, _FLAGS)
    try:
        size = 0
        while data := os.read(handle, READ):
            digest.update(data)
            size += len(data)
    finally:
        os.close(handle)
    return size
