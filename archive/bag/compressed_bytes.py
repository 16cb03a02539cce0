"""Bytes that are held compressed: manifests of a bag of many files are tens of megabytes, and most of it is paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from isal import isal_zlib
from msgspec import Struct

from archive.bag.interface import CHUNK


class CompressedBytes(Struct, frozen=True):
    """A byte stream that was compressed while it was taken in."""

    parts: tuple[bytes, ...]
    size: int
    """Octets of the stream."""

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes, in chunks of up to `CHUNK`."""
        inflater = isal_zlib.decompressobj()
        for part in self.parts:
            waiting = part
            while waiting:
                yield inflater.decompress(waiting, CHUNK)
                waiting = inflater.unconsumed_tail
        while not inflater.eof and (last := inflater.decompress(b"", CHUNK)):
            yield last


class Compressing:
    """Takes a byte stream in."""

    def __init__(self) -> None:
        self._deflater = isal_zlib.compressobj(level=isal_zlib.ISAL_DEFAULT_COMPRESSION)
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, data: bytes) -> None:
        self._size += len(data)
        if part := self._deflater.compress(data):
            self._parts.append(part)

    def finish(self) -> CompressedBytes:
        """All that was added; nothing can be added after."""
        return CompressedBytes((*self._parts, self._deflater.flush()), self._size)


def compress(chunks: Iterable[bytes]) -> CompressedBytes:
    """Take a whole stream in."""
    compressing = Compressing()
    for chunk in chunks:
        compressing.add(chunk)
    return compressing.finish()
