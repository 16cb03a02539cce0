"""Reads the payload of a compressed tar while it is listed, so that it is decompressed once."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from archive.bag.interface import Entry
from archive.verify.files.control_files import CONTROL_FILES_LIMIT, is_warc
from archive.verify.files.reading import BatchRead, read_stream
from archive_manifests import layout
from archive_manifests.payload import ALGORITHMS

_MANIFEST = re.compile(r"(?:[^/]+/)?manifest-([a-z0-9]+)\.txt\Z")
_USUAL = ("sha256", "sha512")
"""What is computed where no manifest comes before the payload, as it does in packages of ours."""


class ReadAhead(Struct):
    """What the files gave, before anybody knows what is stated of them."""

    _names: list[str] = field(default_factory=list)
    """Of the manifests that came before the payload."""
    _algorithms: tuple[str, ...] = ()
    _offsets: array[int] = field(default_factory=lambda: array("Q"))
    """In the tar, of the files in their order; what follows has as many entries, since there may be a million."""
    _paths: array[int] = field(default_factory=lambda: array("q"))
    """Hash of the path that each was taken for: which folder is the bag shows at the end."""
    _sizes: array[int] = field(default_factory=lambda: array("Q"))
    _digests: bytearray = field(default_factory=bytearray)
    _special: dict[int, BatchRead] = field(default_factory=dict)
    _left: int = CONTROL_FILES_LIMIT

    def see(self, name: str) -> None:
        """Note a file outside the payload."""
        if (manifest := _MANIFEST.match(name)) is not None:
            self._names.append(manifest[1])

    def wants_again(self, path: str) -> bool:
        """True for what is read a second time, in part: it is cached where there is room."""
        return is_warc(path) or path.startswith(layout.REPORT)

    def read(self, entry: Entry, chunks: Iterator[bytes]) -> None:
        """Read a file of the payload."""
        self._algorithms = self._algorithms or tuple(name for name in ALGORITHMS if name in self._names) or _USUAL
        read = read_stream(entry, chunks, self._algorithms)
        self._offsets.append(entry.at)
        self._paths.append(hash(entry.path))
        self._sizes.append(read.sizes[0])
        self._digests += read.digests[0] or bytes(self._width)
        if read.problems or read.control or read.reports or read.too_large:
            self._special[entry.at] = self._bounded(read)

    @property
    def _width(self) -> int:
        """Bytes of the digests of one file."""
        return sum(ALGORITHMS[name][1] // 2 for name in self._algorithms)

    def _number(self, entry: Entry) -> int:
        """Of the file in the order of the tar; that of a later one, or of none, where it was not read."""
        return bisect_left(self._offsets, entry.at)

    def _bounded(self, read: BatchRead) -> BatchRead:
        if (data := read.control.get(0)) is not None:
            self._left -= len(data)
            if self._left < 0:
                del read.control[0]
                read.too_large.append(0)
        return read

    def has_all(self, entries: Iterable[Entry], algorithms: tuple[str, ...]) -> bool:
        """True where every file was read as it has to be."""
        if not self._algorithms or algorithms != self._algorithms:
            return False
        return all(map(self._has, entries))

    def _has(self, entry: Entry) -> bool:
        number = self._number(entry)
        is_there = number < len(self._offsets) and self._offsets[number] == entry.at
        return is_there and self._paths[number] == hash(entry.path)

    def take(self, entry: Entry) -> BatchRead:
        """What reading a file gave; what is large of it is forgotten here."""
        if (special := self._special.pop(entry.at, None)) is not None:
            return special
        number, width = self._number(entry), self._width
        return BatchRead([bytes(self._digests[number * width : (number + 1) * width])], [self._sizes[number]])
