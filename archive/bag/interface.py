"""An opened bag, wherever it is: its files, and the readers of their bytes."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from archive.errors import BagUnreadable
from archive_manifests.findings import Finding
from archive_manifests.paths import BagPath

UNKNOWN = -1
"""The size of a file that was not looked up: a lookup for each of a million takes as long as reading a small one."""

CHUNK = 1 << 20
"""Bytes read at once: large enough that a digest releases the interpreter's lock for long."""


class Entry(NamedTuple):
    """One file of a bag. A tuple, since a bag may hold a million."""

    path: str
    """Relative to the base directory; odd bytes of a name are lone surrogates, as `os.fsdecode` gives them."""
    size: int
    """Octets; `UNKNOWN` until it is read."""
    at: int
    """Its offset in the package; 0 in a folder."""


class FileStretch(NamedTuple):
    """Where a file is as it is, uncompressed: in a file of its own, or within a package."""

    place: Path
    start: int
    size: int


class Broken(Exception):
    """A file could not be read to its end; becomes a finding, never leaves this library."""

    def __init__(self, code: str, note: str) -> None:
        super().__init__(code, note)
        self.code = code
        self.note = note


class Reader(ABC):
    """Reads files of one bag; can be sent to another process, where it opens what it needs for itself."""

    @abstractmethod
    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """Yield the bytes of one file, in chunks of up to `CHUNK`. Raises `Broken`."""

    def chunks_from(self, entry: Entry, start: int) -> Iterator[bytes]:
        """Yield the bytes of one file from `start` on. Raises `Broken`."""
        at = 0
        for chunk in self.chunks(entry):
            if at + len(chunk) > start:
                yield chunk[max(start - at, 0) :]
            at += len(chunk)

    def small(self, entry: Entry, limit: int) -> bytes | None:
        """The bytes of a file at once, None where they are more than `limit`. Raises `Broken`."""
        return b"".join(self.chunks(entry)) if entry.size <= limit else None

    def each_small(
        self, paths: Sequence[str], sizes: Sequence[int], at: Sequence[int], limit: int
    ) -> Iterator[bytes | Broken | None]:
        """Yield the same of many files, one after the other, with what was wrong in the place of what is raised."""
        for entry in map(Entry, paths, sizes, at):
            try:
                yield self.small(entry, limit)
            except Broken as broken:
                yield broken

    def take_linked(self) -> list[str]:
        """Files with another name elsewhere that were read since the last call."""
        return []

    def close(self) -> None:  # noqa: B027 -- most hold nothing
        """Close what is open."""


class Bag(ABC):
    """A bag that was opened. `findings` holds what is odd about the folder or package, once it was listed."""

    def __init__(self, location: Path, name: str) -> None:
        self.location = location
        self.name = name
        """The base directory's name."""
        self.findings: list[Finding] = []

    @abstractmethod
    def tag_entries(self) -> Iterable[Entry]:
        """Every file outside `data/`."""

    @abstractmethod
    def payload_entries(self) -> Iterable[Entry]:
        """Every file under `data/`, in no particular order."""

    def measured(self, entry: Entry) -> Entry:
        """The entry with its size."""
        return entry

    @property
    @abstractmethod
    def has_payload_folder(self) -> bool:
        """True where `data/` is there as a folder. Known once the tag files were listed."""

    @abstractmethod
    def reader(self) -> Reader:
        """Return a reader of its files."""

    def payload_names(self) -> Iterator[list[str]] | None:
        """The paths of every file under `data/`, many at a time; None where sizes cost nothing to know."""
        return None

    def shared_paths(self, paths: Sequence[str]) -> Sequence[str]:
        """The same paths, as the very objects that the bag has in memory itself, where it has them."""
        return paths

    def stretch_of(self, entry: Entry) -> FileStretch | None:
        """Where the bytes of a file lie as they are, None where they are compressed. `entry` has its size."""
        return None

    def empty_folders(self) -> list[str]:
        """Folders that hold nothing, which no manifest lists. Known once all files were listed."""
        return []

    @property
    def is_unlisted(self) -> bool:
        """True where damage, which is in `findings`, hides every file: nothing can be called missing then."""
        return False

    is_recording = False
    """True for a WACZ, which is read like a bag and is none, whatever its name."""

    reads_in_order = False
    """True where files can only be read one after the other: a compressed tar."""

    def is_at_hand(self, entry: Entry) -> bool:
        """True for a file that can be read without reading what is before it."""
        return not self.reads_in_order

    def stream(self) -> Iterator[tuple[Entry, Iterator[bytes]]]:
        """Every payload file in the package's order, each to be read before the next. Raises `Broken`."""
        reader = self.reader()
        for entry in self.payload_entries():
            yield entry, reader.chunks(entry)

    def find(self, path: BagPath) -> Entry | None:
        """A payload or tag file by its path; None where it is not there."""
        entries = self.payload_entries() if path.is_payload else self.tag_entries()
        return next((entry for entry in entries if entry.path == path.text), None)

    def open(self, path: BagPath) -> BinaryIO:
        """A payload or tag file as a stream. Raises `BagUnreadable` where it is not there or breaks."""
        entry = self.find(path)
        if entry is None:
            broken = next((one for one in self.findings if one.code == "package-broken"), None)
            if broken is not None:
                raise BagUnreadable(f"{self.location}: the package cannot be read to its end: {broken.note}")
            raise BagUnreadable(f"{self.location}: holds no {path}")
        return io.BufferedReader(_ChunkStream(self.reader(), entry))

    def close(self) -> None:  # noqa: B027 -- most hold nothing
        """Close what is open."""

    def __enter__(self) -> Bag:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _ChunkStream(io.RawIOBase):
    """A file of a bag as a stream that closes its reader with itself."""

    def __init__(self, reader: Reader, entry: Entry) -> None:
        self._reader = reader
        self._path = entry.path
        self._chunks = reader.chunks(entry)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._rest:
            try:
                self._rest = memoryview(next(self._chunks, b""))
            except Broken as broken:
                raise BagUnreadable(f"{self._path}: {broken.note}") from broken
            if not self._rest:
                return 0
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        if not self.closed:
            self._reader.close()
        super().close()


def stem(name: str) -> str:
    """A package's name without `.tar`, `.tar.gz`, `.tgz`, `.zip`, `.sip.zip`."""
    for ending in (".sip.zip", ".tar.gz", ".tgz", ".tar", ".zip"):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name
